"""Every connector has the same shape, or says what it lacks and why."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from syncline import connectors

HOME = Path(connectors.__path__[0])
SHARED = {"base", "__pycache__"}
FOLDERS = sorted(p.name for p in HOME.iterdir() if p.is_dir() and p.name not in SHARED)
CAPABILITIES = (
    "auth",
    "client",
    "wire",
    "translate",
    "changes",
    "writes",
    "marks",
    "faults",
)
PER_CONNECTOR = pytest.mark.parametrize("connector", FOLDERS)


def missing(connector: str) -> dict[str, str]:
    """What the manifest says is not there, with the reasons."""
    manifest = importlib.import_module(f"syncline.connectors.{connector}.manifest")
    found: dict[str, str] = getattr(manifest, "MISSING", {})
    return found


def test_there_are_connectors_to_look_at() -> None:
    assert {"memory", "microsoft365", "salesforce"} <= set(FOLDERS)


@PER_CONNECTOR
@pytest.mark.parametrize("capability", CAPABILITIES)
def test_a_capability_has_a_file_or_a_reason_why_not(
    connector: str, capability: str
) -> None:
    has_file = (HOME / connector / f"{capability}.py").is_file()
    reason = missing(connector).get(capability, "")
    assert has_file != bool(reason)


@PER_CONNECTOR
def test_what_is_missing_is_part_of_the_shape(connector: str) -> None:
    assert missing(connector).keys() <= set(CAPABILITIES)


@PER_CONNECTOR
def test_the_quirks_relied_upon_are_written_down(connector: str) -> None:
    readme = HOME / connector / "README.md"
    assert len(readme.read_text().split()) > 30
