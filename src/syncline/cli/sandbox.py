"""`syncline sandbox`: only the servers that play Salesforce and Microsoft 365."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from typing import Annotated

import typer

from syncline.cli.output import WRONG_USE, AsJson, fail, out, print_json


def sandbox(
    *,
    empty: Annotated[
        bool, typer.Option("--empty", help="Two accounts each, org rules, no items.")
    ] = False,
    salesforce_port: Annotated[int, typer.Option(help="0 takes a free one.")] = 0,
    microsoft365_port: Annotated[int, typer.Option(help="0 takes a free one.")] = 0,
    state: Annotated[
        Path | None, typer.Option(help="Keep everything in this file between starts.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Start the sandbox servers on loopback and stay until stopped."""
    from syncline.sandbox.both import BothSandboxes, Ports

    ports = Ports(salesforce=salesforce_port, microsoft365=microsoft365_port)
    try:
        servers = BothSandboxes(is_empty=empty, ports=ports, state_file=state)
    except OSError as error:
        fail(f"The port cannot be used ({error}); choose another one.")
    except ValueError as error:
        fail(f"{error}; name another file or delete it.", code=WRONG_USE)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with servers:
        description = servers.describe()
        if as_json:
            print_json(description)
        else:
            for name, server in description.items():
                people = ", ".join(
                    a.get("address") or a["username"] for a in server["accounts"]
                )
                out.print(f"[bold]{name}[/bold]  {server['base_url']}  ({people})")
            out.print("Press Ctrl+C to stop.")
        stop.wait()
