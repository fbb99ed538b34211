"""`syncline worker`: run sessions when they are due or asked for."""

from __future__ import annotations

import signal
import threading
from typing import Annotated

import typer

from syncline.cli.output import AsJson, err, print_json


def worker(
    *,
    concurrency: Annotated[
        int, typer.Option(help="Sessions at a time.", min=1, max=64)
    ] = 8,
    as_json: AsJson = False,
) -> None:
    """Run sessions until stopped; running ones are finished first."""
    from syncline import composition
    from syncline.conf import logging

    logging.configure()
    composition.prepare()
    from syncline.jobs import queue
    from syncline.jobs.worker import RunOutcome, run_worker

    queue.install()

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())

    def run_session(mailbox_id: int, is_asked: bool) -> RunOutcome:
        from syncline.domain.values.ids import MailboxId

        wanted = MailboxId(mailbox_id)
        if composition.run_errands(wanted) and not is_asked:
            # Who has just looked at a preview or an undo can still react; if the
            # mailbox is due as well, the tick comes back to it.
            return RunOutcome.DONE
        composition.sync_mailbox(wanted, is_asked=is_asked, insists=is_asked)
        return RunOutcome.DONE

    if as_json:
        print_json({"worker": "started", "concurrency": concurrency})
    else:
        err.print("The worker is running (Ctrl+C to stop).")
    run_worker(run_session, stop, concurrency=concurrency)
