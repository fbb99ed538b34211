"""Every row of the list of failures has a test, or a reason why it has none."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_LIST = _ROOT.parent / "shared" / "spec" / "failure-scenarios.md"
_PAGE = _ROOT / "docs" / "connectors" / "failure-scenarios.md"
_ROW = re.compile(r"^\| ([A-L]\d\d) \|", re.M)
_ID = re.compile(r"\b[A-L]\d\d\b")
_TEST = re.compile(r"`(test_\w+)`")
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def _tests() -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    found = []
    for path in sorted((_ROOT / "tests").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, _FUNCTIONS) and node.name.startswith("test_"):
                found.append(node)
    return found


def _told_rows() -> set[str]:
    page = _PAGE.read_text()
    cells = (line.split("|")[1] for line in page.splitlines() if line.startswith("| "))
    return {row for cell in cells for row in _ID.findall(cell)}


def test_every_row_has_a_test_or_a_reason() -> None:
    if not _LIST.exists():
        pytest.skip("the list of failures is not beside this repository")
    rows = set(_ROW.findall(_LIST.read_text()))
    assert rows
    cited = {row for test in _tests() for row in _ID.findall(_docstring(test))}
    missing = sorted(rows - cited - _told_rows())
    assert not missing, f"neither a test nor a reason: {', '.join(missing)}"
    assert _told_rows() <= rows


def _docstring(test: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    return ast.get_docstring(test) or ""


def test_every_test_that_the_page_names_is_there() -> None:
    names = set(_TEST.findall(_PAGE.read_text()))
    assert names
    assert names <= {test.name for test in _tests()}
