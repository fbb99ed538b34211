"""Commands, labels, markers, links and terms stand where people look for them."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from syncline.domain.issues.marking import SAVED_MARK, UNSYNC_MARK

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
USERS = (ROOT / "docs/users/sync-settings.md").read_text(encoding="utf-8")
GLOSSARY = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
PAGES = sorted({*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")})


def commands() -> list[str]:
    tree = ast.parse((ROOT / "src/syncline/cli/main.py").read_text())
    return [
        str(call.args[0].value)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and ast.unparse(call.func) == "app.command"
        and isinstance(call.args[0], ast.Constant)
    ]


def test_every_command_is_in_the_changelog() -> None:
    named = commands()
    assert "sync" in named
    assert [name for name in named if f"`{name}`" not in CHANGELOG] == []


@pytest.mark.parametrize("folder", ["conf", "cli", "web"])
def test_every_setting_is_in_the_readme(folder: str) -> None:
    ours = {"SYNCLINE_ROOT", "SYNCLINE_NIGHTLY"}  # Set by `run` and the tests.
    found = {
        name
        for path in (ROOT / "src/syncline" / folder).rglob("*.py")
        for name in re.findall(r"\bSYNCLINE_[A-Z_]+\b", path.read_text())
    }
    shortened = README.replace("`…_", "`SYNCLINE_SALESFORCE_")
    shortened += shortened.replace("SALESFORCE_CLIENT", "MAILBOX_CLIENT")
    assert sorted(n for n in found - ours if n not in shortened) == []


@pytest.mark.parametrize(
    "name",
    [
        SAVED_MARK,
        UNSYNC_MARK,
        "Salesforce Emails",
        "Salesforce Tasks",
        "Salesforce Contacts",
        "Sync Error",
    ],
)
def test_every_marker_is_in_the_guide_for_users(name: str) -> None:
    assert f"`{name}`" in USERS


def test_every_label_of_the_guide_is_on_a_page() -> None:
    templates = ROOT / "src/syncline/web/sync_settings"
    sources = [*templates.rglob("*.html"), *templates.rglob("*.py")]
    shown = " ".join(path.read_text() for path in sources)
    found = re.findall(r"(?<!\*)\*{1,2}([A-Z][^*]+?)\*{1,2}(?!\*)", USERS)
    labels = {" ".join(label.split()) for label in found}
    assert {"Force sync", "Blocklist"} <= labels
    assert sorted(label for label in labels if label not in shown) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    inside = [link for link in links if not re.match(r"[a-z]+:", link)]
    assert [link for link in inside if not (page.parent / link).exists()] == []


def test_every_term_has_one_line() -> None:
    lines = re.findall(r"^\| (.+?) \|", GLOSSARY, re.MULTILINE)[1:]
    terms = [term for line in lines for term in re.split(r", ", line)]
    assert sorted({t for t in terms if terms.count(t) > 1}) == []
