"""`syncline check`: what is misconfigured, with hints.

In a source checkout also format, lint, strict types and import contracts.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from syncline.cli.output import FAILURE, AsJson, out, print_json, show_progress
from syncline.domain.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class Tool:
    """One way of looking at the source."""

    name: str
    arguments: tuple[str, ...]


TOOLS = (
    Tool("format", ("-m", "ruff", "format", "--check", "src", "tests")),
    Tool("lint", ("-m", "ruff", "check", "src", "tests")),
    Tool("types", ("-m", "mypy", "--strict", "src")),
    Tool(
        "import contracts",
        ("-c", "from importlinter.cli import lint_imports_command as c; c()"),
    ),
)


def check(
    *,
    setup_only: Annotated[
        bool, typer.Option("--setup-only", help="Leave the source alone.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Say what is misconfigured here; in a source checkout check the code too."""
    problems = _setup_problems()
    root = os.environ.get("SYNCLINE_ROOT")
    tools = [] if setup_only or not root else _look_at_source(Path(root or "."))
    if as_json:
        print_json({"problems": problems, "code": tools})
    else:
        _print(problems, tools)
    if problems or any(not t["passed"] for t in tools):
        raise typer.Exit(FAILURE)


def _setup_problems() -> list[dict[str, str]]:
    from syncline.cli.configuration import configuration_problems

    try:
        return [
            {"id": p.problem_id, "problem": p.problem, "hint": p.hint}
            for p in configuration_problems()
        ]
    except ConfigurationError as error:
        return [{"id": error.problem_id, "problem": error.problem, "hint": error.hint}]


def _look_at_source(root: Path) -> list[dict[str, Any]]:
    results = []
    with show_progress() as progress:
        for tool in TOOLS:
            task = progress.add_task(tool.name, total=None)
            done = subprocess.run(
                [sys.executable, *tool.arguments],
                cwd=root,
                capture_output=True,
                text=True,
                check=False,
            )
            progress.remove_task(task)
            printed = (done.stdout + done.stderr).strip()
            passed = done.returncode == 0
            results.append(
                {
                    "name": tool.name,
                    "passed": passed,
                    "output": "" if passed else printed,
                }
            )
    return results


def _print(problems: list[dict[str, str]], tools: list[dict[str, Any]]) -> None:
    for problem in problems:
        out.print(f"[red]{problem['id']}[/red] {problem['problem']}")
        out.print(f"  {problem['hint']}")
    if not problems:
        out.print("[green]set-up[/green]  nothing is misconfigured")
    for tool in tools:
        if tool["passed"]:
            out.print(f"[green]{tool['name']}[/green]  passed")
        else:
            out.print(f"[red]{tool['name']}[/red]  failed")
            out.print(tool["output"], markup=False)
