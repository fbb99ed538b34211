"""Puts the parts of the connector together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from syncline.connectors.base.http import Http
from syncline.connectors.salesforce.changes import (
    OVERLAP,
    SalesforceChangeSource,
    utc_now,
)
from syncline.connectors.salesforce.client import SalesforceClient
from syncline.connectors.salesforce.describe import Describes
from syncline.connectors.salesforce.directory import SalesforceDirectory
from syncline.connectors.salesforce.finder import SalesforceRecordFinder
from syncline.connectors.salesforce.manifest import API_VERSION
from syncline.connectors.salesforce.writes import SalesforceItemWriter
from syncline.domain.access.policy import ContactScope, Mirrored
from syncline.domain.values.kinds import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Salesforce:
    """One user's side of Salesforce."""

    changes: SalesforceChangeSource
    writer: SalesforceItemWriter
    finder: SalesforceRecordFinder
    directory: SalesforceDirectory
    describes: Describes
    client: SalesforceClient


def build(
    http: Http,
    user_id: str,
    *,
    api_version: str = API_VERSION,
    allowance_share: float = 1.0,
    overlap: timedelta = OVERLAP,
    contact_scope: ContactScope = ContactScope.MINE,
    contact_view: str = "",
    extra_fields: Mapping[Kind, Iterable[str]] | None = None,
    mirrored: Sequence[Mirrored] = (),
    now: Callable[[], datetime] = utc_now,
) -> Salesforce:
    """Everything for one user, on one connection.

    Args:
        http: `base_url` is the instance URL, `read_fault` this connector's.
        user_id: Whose records are synchronized.
        api_version: Without the `v`.
        allowance_share: Share of the org's daily calls at which we stop.
        overlap: How much of the past each read looks at again.
        contact_scope: Which contacts are read.
        contact_view: With scope VIEW: id, API name or label of the list view.
        extra_fields: Record fields that the profile needs besides the usual ones.
        mirrored: Objects whose records appear as events.
        now: Tells which day it is.
    """
    client = SalesforceClient(
        http, user_id, api_version, allowance_share=allowance_share
    )
    describes = Describes(client, extra_fields)
    return Salesforce(
        changes=SalesforceChangeSource(
            client,
            describes,
            overlap=overlap,
            contact_scope=contact_scope,
            contact_view=contact_view,
            mirrored=mirrored,
            now=now,
        ),
        writer=SalesforceItemWriter(client, describes),
        finder=SalesforceRecordFinder(client, describes),
        directory=SalesforceDirectory(client, describes),
        describes=describes,
        client=client,
    )
