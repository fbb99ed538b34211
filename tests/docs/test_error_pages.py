"""The error pages in `docs/` are what the catalog renders."""

from __future__ import annotations

import re
from pathlib import Path

from syncline.domain.issues.catalog import CATALOG
from syncline.domain.issues.reference_page import pages

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "reference" / "errors"


def test_committed_pages_are_what_the_catalog_renders() -> None:
    committed = {
        path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")
    }
    rendered = pages()
    assert committed.keys() == rendered.keys()
    assert [name for name, text in rendered.items() if committed[name] != text] == []


def test_index_links_every_code_to_its_page() -> None:
    links = re.findall(r"\[(\w+)\]\((\w+)\.md\)", pages()["index.md"])
    assert sorted(links) == sorted((code, code) for code in CATALOG)


def test_every_page_has_cause_steps_and_proof() -> None:
    for name, text in pages().items():
        if name == "index.md":
            continue
        for heading in ("## Why this happens", "## What to do", "## When it closes"):
            assert heading in text, name
        assert not re.search(r"\{\w+\}", text), name
