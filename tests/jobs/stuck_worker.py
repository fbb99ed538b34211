"""A worker whose session never ends; it says on standard output that it began."""

from __future__ import annotations

import threading


def main() -> None:
    from syncline.conf import logging
    from syncline.store import setup

    logging.configure()
    setup.prepare()
    from syncline.domain.values.ids import MailboxId
    from syncline.jobs.worker import RunOutcome, run_worker
    from syncline.store.leases import SqlLeases

    def hang(mailbox_id: int, is_asked: bool) -> RunOutcome:
        lease = SqlLeases().acquire(MailboxId(mailbox_id))
        print(f"{mailbox_id} {is_asked} {lease and lease.token}", flush=True)
        threading.Event().wait()
        return RunOutcome.DONE

    run_worker(hang, threading.Event())


if __name__ == "__main__":
    main()
