"""How commands speak: for people, or as JSON, and failing in one line."""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

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


def show_progress() -> Progress:
    """Say what is being done and for how long; only to somebody at a terminal."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        console=err,
        transient=True,
        disable=not err.is_terminal,
    )


def fail_without_mailbox(number: int) -> NoReturn:
    """Say that there is no such mailbox, and leave."""
    fail(
        f"There is no mailbox {number}; connect one with: syncline connect",
        code=WRONG_USE,
    )


def fail(problem: str, *, code: int = FAILURE) -> NoReturn:
    """Say in one line what is wrong and what to do, and leave."""
    err.print(f"syncline: {problem}", style="red", soft_wrap=True, markup=False)
    raise typer.Exit(code)
