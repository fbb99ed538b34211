"""How commands speak: for people, or as JSON, and failing in one line."""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console

AsJson = Annotated[
    bool, typer.Option("--json", help="Print one JSON document instead of text.")
]

#: Columns of a table when nobody sees a terminal.
_WIDE = 160

out = Console(highlight=False, width=None if sys.stdout.isatty() else _WIDE)
err = Console(stderr=True, highlight=False)

FAILURE = 1
WRONG_USE = 2


def print_json(document: Any) -> None:
    """One line of JSON on standard output, at once."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def fail(problem: str, *, code: int = FAILURE) -> NoReturn:
    """Say in one line what is wrong and what to do, and leave."""
    err.print(f"syncline: {problem}", style="red", soft_wrap=True, markup=False)
    raise typer.Exit(code)
