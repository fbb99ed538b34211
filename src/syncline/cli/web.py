"""`syncline web`: serve the pages."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from syncline.cli.children import Children
from syncline.cli.output import AsJson, fail, out, print_json

DEFAULT_PORT = 8700


def web(
    *,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = DEFAULT_PORT,
    workers: Annotated[int, typer.Option(help="Processes that serve pages.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Serve the pages until stopped."""
    from syncline import composition

    composition.prepare()
    with Children() as children:
        server = children.start("web", server_command(host, port, workers))
        address = f"http://{host}:{port}/"
        if as_json:
            print_json({"url": address})
        else:
            out.print(f"Sync Settings: {address}   (Ctrl+C to stop)")
        if children.wait_for_stop() is server:
            fail(f"The page server ended; is port {port} in use?")


def server_command(host: str, port: int, workers: int = 1) -> list[str]:
    """The command that serves the pages, quiet but for errors."""
    return [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        host,
        "--port",
        str(port),
        "--workers",
        str(workers),
        "--blocking-threads",
        "8",
        "--no-access-log",
        "--log-level",
        "error",
        "syncline.web.wsgi:application",
    ]
