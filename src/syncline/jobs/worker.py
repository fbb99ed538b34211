"""The worker: carries out jobs in threads until it is told to stop.

The queue lives in one asyncio loop on a connection of its own; the body of a
job is synchronous and runs in a pool of threads. As many jobs are picked as
there are threads, so that none waits here while another worker is idle.
"""

from __future__ import annotations

import asyncio
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from enum import Enum, StrEnum

import structlog
from django.db import InterfaceError, OperationalError, connections
from pgqueuer.core.qm import QueueManager
from pgqueuer.domain.errors import RetryRequested
from pgqueuer.domain.models import Job

from syncline.domain.errors import MailboxBusyError, MailboxNotActiveError
from syncline.jobs import driver, wishes
from syncline.jobs.queue import SYNC_MAILBOX
from syncline.jobs.ticker import Ticker

log = structlog.get_logger()

#: A job without a heartbeat for this long is another worker's.
HEARTBEAT_TIMEOUT = timedelta(seconds=10)

_DEQUEUE_TIMEOUT = timedelta(seconds=1)
_LONGEST_BUSY_WAIT = 10
_RECONNECT_AFTER_SECONDS = 2.0
_STOP_LOOK_SECONDS = 0.1
#: A statement of the queue that takes longer has lost its server.
_COMMAND_SECONDS = 20.0

#: What Django raises when the database went away under a session. Nobody is at
#: fault, so the job comes back with its wish.
_DATABASE_AWAY = (OperationalError, InterfaceError)


class RunOutcome(StrEnum):
    """What became of one attempt to run a session."""

    #: A session ran, or there is none to run.
    DONE = "done"
    #: Somebody holds the mailbox's lease; the job comes back.
    BUSY = "busy"


#: Runs a session of a mailbox; the flag says that a person asked for it.
Sync = Callable[[int, bool], RunOutcome]


class _Next(Enum):
    """What is to be done with a job after an attempt."""

    FORGET = "forget"
    COME_BACK = "come back"
    REPEAT = "repeat"


def run_worker(sync: Sync, stop: threading.Event, *, concurrency: int = 8) -> None:
    """Carry out jobs and tick until `stop` is set; then end what is running.

    Neither a failing session nor a restarting database ends the worker.

    Args:
        sync: Runs one session, in a thread of the worker. May also raise
            `MailboxBusyError` for busy.
        stop: Set it to stop.
        concurrency: Sessions at a time.

    Raises:
        RuntimeError: PgQueuer's tables are missing or too old.
    """
    with (
        ThreadPoolExecutor(concurrency, thread_name_prefix="session") as threads,
        Ticker(),
    ):
        log.info("worker.started", concurrency=concurrency)
        while not stop.is_set():
            try:
                asyncio.run(_serve(sync, stop, threads, concurrency))
            except driver.DATABASE_TROUBLE as error:
                log.warning("worker.database_lost", error=type(error).__name__)
                stop.wait(_RECONNECT_AFTER_SECONDS)
    log.info("worker.stopped")


async def _serve(
    sync: Sync, stop: threading.Event, threads: ThreadPoolExecutor, concurrency: int
) -> None:
    async with driver.queries(command_seconds=_COMMAND_SECONDS) as queries:
        manager = QueueManager(queries)

        @manager.entrypoint(SYNC_MAILBOX)
        async def sync_mailbox(job: Job) -> None:
            if stop.is_set():
                manager.shutdown.set()
                raise RetryRequested(reason="stopping")
            loop = asyncio.get_running_loop()
            mailbox_id = int(job.payload or b"")
            match await loop.run_in_executor(threads, attempt, sync, mailbox_id):
                case _Next.COME_BACK:
                    seconds = min(1 + job.attempts, _LONGEST_BUSY_WAIT)
                    raise RetryRequested(timedelta(seconds=seconds), "busy")
                case _Next.REPEAT:
                    raise RetryRequested(reason="asked again meanwhile")

        stopping = asyncio.create_task(_shut_down_on(stop, manager))
        # PgQueuer wants room for two batches.
        batch_size = max(1, concurrency // 2)
        try:
            await manager.run(
                batch_size=batch_size,
                max_concurrent_tasks=max(concurrency, 2 * batch_size),
                dequeue_timeout=_DEQUEUE_TIMEOUT,
                heartbeat_timeout=HEARTBEAT_TIMEOUT,
                # Nobody reads PgQueuer's statistics; they would only grow.
                log_aggregation_interval=timedelta(0),
            )
        finally:
            stopping.cancel()


async def _shut_down_on(stop: threading.Event, manager: QueueManager) -> None:
    while not stop.is_set():
        await asyncio.sleep(_STOP_LOOK_SECONDS)
    manager.shutdown.set()


def attempt(sync: Sync, mailbox_id: int) -> _Next:
    """Run one session and say what the job does next; never raises."""
    try:
        wish = wishes.pending(mailbox_id)
        if _outcome(sync, mailbox_id, is_asked=wish is not None) is RunOutcome.BUSY:
            return _Next.COME_BACK
        # After a failure too: a wish that fails would repeat for ever.
        is_wished_again = wishes.settle(mailbox_id, wish)
        return _Next.REPEAT if is_wished_again else _Next.FORGET
    except _DATABASE_AWAY as error:
        _log_failure(mailbox_id, error)
        return _Next.COME_BACK
    except Exception as error:
        _log_failure(mailbox_id, error)
        return _Next.FORGET
    finally:
        connections.close_all()


def _outcome(sync: Sync, mailbox_id: int, *, is_asked: bool) -> RunOutcome:
    try:
        return sync(mailbox_id, is_asked)
    except MailboxBusyError:
        return RunOutcome.BUSY
    except MailboxNotActiveError:
        return RunOutcome.DONE
    except _DATABASE_AWAY:
        raise
    except Exception as error:
        _log_failure(mailbox_id, error)
        return RunOutcome.DONE


def _log_failure(mailbox_id: int, error: Exception) -> None:
    """Log where it happened; the message may hold what nobody should read."""
    frames = traceback.extract_tb(error.__traceback__)
    log.error(
        "job.failed",
        mailbox_id=mailbox_id,
        error=type(error).__name__,
        at=[f"{f.filename}:{f.lineno} {f.name}" for f in frames[-8:]],
    )
