"""The command line's root: names the commands, turns errors into one line."""

from __future__ import annotations

import logging
import os
import sys

import typer
from typer._click.exceptions import UsageError  # the parser's own, not re-exported

from syncline.cli.output import FAILURE, WRONG_USE, err
from syncline.conf.home import UnusableHomeError
from syncline.conf.logging import configure
from syncline.domain.errors import ConfigurationError, SynclineError

app = typer.Typer(
    name="syncline",
    help="Keeps mailboxes and Salesforce in step, and says plainly what could not be.",
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _add_commands() -> None:
    from syncline.cli import (
        bench,
        check,
        connect,
        demo,
        docs,
        issues,
        mapping,
        plan,
        reset,
        sandbox,
        sync,
        test,
        undo,
        web,
        worker,
    )

    app.command("demo")(demo.demo)
    app.command("sandbox")(sandbox.sandbox)
    app.command("connect")(connect.connect)
    app.command("sync")(sync.sync)
    app.command("issues")(issues.issues)
    app.command("plan")(plan.plan)
    app.command("mapping")(mapping.mapping)
    app.command("undo")(undo.undo)
    app.command("reset")(reset.reset)
    app.command("check")(check.check)
    app.command("web")(web.web)
    app.command("worker")(worker.worker)
    if os.environ.get("SYNCLINE_ROOT"):
        passes_on = {"allow_extra_args": True, "ignore_unknown_options": True}
        app.command("test", context_settings=passes_on)(test.test)
        app.command("bench")(bench.bench)
        app.command("docs")(docs.docs)


def _say(problem: str) -> None:
    err.print(f"syncline: {problem}", style="red", markup=False, soft_wrap=True)


def _usage(error: UsageError) -> str:
    """What was wrong with the command, and where to read how it is meant."""
    problem = " ".join(error.format_message().split())
    path = error.ctx.command_path.split(maxsplit=3)[3:] if error.ctx else []
    return f"{problem.rstrip('.')}. See: syncline {' '.join([*path, '--help'])}"


def main() -> None:
    """Run the command that the arguments name.

    Exits with 2 for wrong use and 1 for failure, after one line that says what
    to do.
    """
    # Standard output is for answers; long-running commands log more than this.
    configure(level=logging.WARNING)
    _add_commands()
    if len(sys.argv) == 1:
        sys.argv.append("--help")
    try:
        sys.exit(app(standalone_mode=False) or 0)
    except UsageError as error:
        _say(_usage(error))
        sys.exit(WRONG_USE)
    except typer.Abort:
        sys.exit(FAILURE)
    except ConfigurationError as error:
        _say(f"{error.problem} {error.hint}")
        sys.exit(FAILURE)
    except SynclineError as error:
        _say(f"{type(error).__name__}: {error}")
        sys.exit(FAILURE)
    except UnusableHomeError as error:
        _say(str(error))
        sys.exit(FAILURE)
    except Exception as error:
        if os.environ.get("SYNCLINE_DEBUG"):
            raise
        _say(
            f"an error of ours, {type(error).__name__}; nothing is lost. "
            "Set SYNCLINE_DEBUG=1 to see where, and report it."
        )
        sys.exit(FAILURE)
