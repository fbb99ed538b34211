"""`./run bench`: requests, CPU and memory, as counts and ratios. Never a verdict.

Only in a source checkout.

    ./run bench             first and quiet session of 1,000 / 5,000 / 20,000 events
    ./run bench --sizes 500,1000
    ./run bench engine      pairs per second, a full resync, memory; no servers
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.table import Table

from syncline.cli.output import WRONG_USE, AsJson, fail, out, print_json

SIZES = "1000,5000,20000"


class What(StrEnum):
    """What is measured."""

    SESSIONS = "sessions"
    ENGINE = "engine"


def bench(
    what: Annotated[What, typer.Argument(help="What to measure.")] = What.SESSIONS,
    *,
    sizes: Annotated[
        str, typer.Option(help="Numbers of events, for sessions.")
    ] = SIZES,
    as_json: AsJson = False,
) -> None:
    """Report how much work synchronizing is."""
    if what is What.ENGINE:
        from syncline.cli.bench.engine import measure_engine

        found = measure_engine()
    else:
        from syncline.cli.bench.sessions import measure_sessions

        found = {"sessions": measure_sessions(_numbers(sizes))}
    if as_json:
        # One list for the only table, as scripts know it.
        print_json(found if len(found) > 1 else next(iter(found.values())))
        return
    for title, documents in found.items():
        _print(title, documents)


def _numbers(sizes: str) -> list[int]:
    try:
        return [int(size) for size in sizes.split(",")]
    except ValueError:
        fail(
            f"--sizes takes numbers separated by commas, not {sizes!r}.", code=WRONG_USE
        )


def _print(title: str, documents: list[dict[str, Any]]) -> None:
    table = Table(box=None, title=title, title_justify="left")
    for heading in documents[0]:
        table.add_column(heading.replace("_", " "), justify="right")
    for document in documents:
        table.add_row(*(_shown(value) for value in document.values()))
    out.print(table)


def _shown(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int | float) else str(value)
