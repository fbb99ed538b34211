"""Microsoft 365: calendar, contacts, tasks and mail, over Microsoft Graph.

Reads by delta in one batch, writes and marks 20 items to a request, and never
makes Exchange mail anybody. `README.md` tells what the provider really does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from syncline.connectors.base.http import Http
from syncline.connectors.microsoft365.changes import GraphChangeSource
from syncline.connectors.microsoft365.client import GraphClient
from syncline.connectors.microsoft365.files import GraphAttachmentSource
from syncline.connectors.microsoft365.marks import GraphItemMarker
from syncline.connectors.microsoft365.writes import GraphItemWriter


@dataclass(frozen=True, slots=True, kw_only=True)
class Microsoft365:
    """The roles that a mailbox plays in a session."""

    changes: GraphChangeSource
    writer: GraphItemWriter
    marker: GraphItemMarker
    attachments: GraphAttachmentSource


def _utc_now() -> datetime:
    return datetime.now(UTC)


def build(
    http: Http,
    mailbox: str,
    *,
    contact_link: str = "",
    task_link: str = "",
    record_link: str = "",
    now: Callable[[], datetime] = _utc_now,
) -> Microsoft365:
    """Wire one mailbox for one session; nothing is sent.

    Args:
        http: Made with `manifest.PROVIDER` and `faults.read_fault`; its
            `base_url` is what stands before `/v1.0`.
        mailbox: Its address, which is left out of guest lists.
        contact_link: Template with `{id}` of a page that shows a contact, since
            Graph has none; empty for no link.
        task_link: The same for a task.
        record_link: Template with `{id}` of a page that shows a record of
            Salesforce; tasks that come from there lead to it.
        now: The clock: how old a message or a completed task is.
    """
    client = GraphClient(
        http,
        mailbox,
        contact_link=contact_link,
        task_link=task_link,
        record_link=record_link,
        now=now,
    )
    return Microsoft365(
        changes=GraphChangeSource(client),
        writer=GraphItemWriter(client),
        marker=GraphItemMarker(client),
        attachments=GraphAttachmentSource(client),
    )
