"""First and quiet sessions over the sandboxes, for growing calendars."""

from __future__ import annotations

import os
import resource
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from syncline.cli.output import show_progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One session at one size."""

    events: int
    session: str
    cpu_seconds: float
    mailbox_requests: int
    salesforce_requests: int
    writes: int
    peak_megabytes: float

    def as_document(self) -> dict[str, Any]:
        """With the ratios that are worth comparing."""
        return {
            "events": self.events,
            "session": self.session,
            "mailbox_requests": self.mailbox_requests,
            "salesforce_requests": self.salesforce_requests,
            "requests_per_100_items": round(
                100 * (self.mailbox_requests + self.salesforce_requests) / self.events,
                2,
            ),
            "writes": self.writes,
            "cpu_seconds": round(self.cpu_seconds, 2),
            "cpu_us_per_item": round(1e6 * self.cpu_seconds / self.events),
            "peak_megabytes": round(self.peak_megabytes),
        }


def measure_sessions(sizes: Sequence[int]) -> list[dict[str, Any]]:
    """Requests, CPU and memory of two sessions for each number of events."""
    measures: list[Measure] = []
    with tempfile.TemporaryDirectory(
        prefix="syncline-bench-", ignore_cleanup_errors=True
    ) as folder:
        os.environ["SYNCLINE_HOME"] = folder
        with show_progress() as progress:
            for size in sizes:
                progress.add_task(f"{size} events", total=None)
                measures.extend(_measure(size))
    return [measure.as_document() for measure in measures]


def _measure(size: int) -> list[Measure]:
    """A first and a quiet session; the servers run in a process of their own."""
    import json
    import subprocess
    import sys

    command = [sys.executable, "-m", "syncline", "sandbox", "--empty", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            found = json.loads(server.stdout.readline())
            return _run_sessions(size, found)
        finally:
            server.terminate()


def _run_sessions(size: int, found: dict[str, Any]) -> list[Measure]:
    from syncline import composition
    from syncline.domain.values.kinds import Kind, Side
    from syncline.store.fresh import fresh_database
    from syncline.store.setup import close_connections

    if "DATABASE_URL" not in os.environ:
        os.environ["DATABASE_URL"] = fresh_database("syncline_bench")
    composition.prepare()
    mail, crm = found["microsoft365"], found["salesforce"]
    _fill_calendar(mail, size)
    account, owner = mail["accounts"][0], crm["accounts"][0]
    mailbox_id = composition.connect_mailbox(
        address=account["address"],
        mailbox=composition.Account(
            base_url=mail["base_url"],
            access_token=account["access_token"],
            refresh_token=account["refresh_token"],
        ),
        crm=composition.Account(
            base_url=crm["base_url"],
            access_token=owner["access_token"],
            refresh_token=owner["refresh_token"],
        ),
        auto_save=frozenset({Kind.EVENT}),
    )
    measures = []
    for name in ("first", "quiet"):
        before = time.process_time()
        session = composition.sync_mailbox(mailbox_id, is_asked=True)
        measures.append(
            Measure(
                events=size,
                session=name,
                cpu_seconds=time.process_time() - before,
                mailbox_requests=session.requests.get(Side.MAILBOX, 0),
                salesforce_requests=session.requests.get(Side.CRM, 0),
                writes=sum(session.writes.values()),
                peak_megabytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
                / 1024,
            )
        )
    composition.forget_mailbox(mailbox_id)
    close_connections()
    return measures


def _fill_calendar(mail: dict[str, Any], size: int) -> None:
    """Have the mailbox's owner make events, 20 to a request."""
    import httpx2

    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    headers = {"Authorization": f"Bearer {mail['accounts'][0]['access_token']}"}
    with httpx2.Client(
        base_url=mail["base_url"], headers=headers, timeout=60
    ) as client:
        for first in range(0, size, 20):
            parts = []
            for number in range(first, min(first + 20, size)):
                start = now + timedelta(minutes=4 * (number % 20_000))
                parts.append(
                    {
                        "id": str(number),
                        "method": "POST",
                        "url": "/me/events",
                        "headers": {"Content-Type": "application/json"},
                        "body": {
                            "subject": f"Visit {number}",
                            "start": _moment(start),
                            "end": _moment(start + timedelta(minutes=30)),
                            "body": {"contentType": "text", "content": "Agenda " * 20},
                        },
                    }
                )
            client.post("/v1.0/$batch", json={"requests": parts}).raise_for_status()


def _moment(instant: datetime) -> dict[str, str]:
    return {"dateTime": instant.strftime("%Y-%m-%dT%H:%M:%S"), "timeZone": "UTC"}
