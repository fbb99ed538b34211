"""Microsoft 365: calendar and contacts of a mailbox, over Microsoft Graph.

Reads by delta in one batch, writes and marks 20 items to a request, and never
makes Exchange mail anybody. `README.md` tells what the provider really does.
"""

from __future__ import annotations

from dataclasses import dataclass

from syncline.connectors.base.http import Http
from syncline.connectors.microsoft365.changes import GraphChangeSource
from syncline.connectors.microsoft365.client import GraphClient
from syncline.connectors.microsoft365.marks import GraphItemMarker
from syncline.connectors.microsoft365.writes import GraphItemWriter


@dataclass(frozen=True, slots=True, kw_only=True)
class Microsoft365:
    """The three roles that a mailbox plays in a session."""

    changes: GraphChangeSource
    writer: GraphItemWriter
    marker: GraphItemMarker


def build(http: Http, mailbox: str, *, contact_link: str = "") -> Microsoft365:
    """Wire one mailbox for one session; nothing is sent.

    Args:
        http: Made with `manifest.PROVIDER` and `faults.read_fault`; its
            `base_url` is what stands before `/v1.0`.
        mailbox: Its address, which is left out of guest lists.
        contact_link: Template with `{id}` of a page that shows a contact, since
            Graph has none; empty for no link.
    """
    client = GraphClient(http, mailbox, contact_link)
    return Microsoft365(
        changes=GraphChangeSource(client),
        writer=GraphItemWriter(client),
        marker=GraphItemMarker(client),
    )
