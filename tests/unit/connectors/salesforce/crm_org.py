"""What tests of the Salesforce connector build and look at."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any

import httpx2

from syncline.connectors.base.http import Http
from syncline.connectors.salesforce import Salesforce, build, read_fault
from syncline.domain.access.grant import Connection, Grant
from syncline.domain.values.content import RecordFields, format_instant
from syncline.domain.values.ids import LinkKey, RecordId
from syncline.domain.values.items import Record, Window
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.links import Base, Link, LinkState
from syncline.domain.values.operations import Operation, Verb
from syncline.sandbox.base.control import Fault as Misbehavior
from syncline.sandbox.salesforce.app import SalesforceSandbox

TODAY = datetime.combine(datetime.now(UTC).date(), time(), UTC)
WINDOW = Window(start=TODAY - timedelta(days=14), end=TODAY + timedelta(days=61))


@dataclass
class Keeper:
    """Keeps a grant that never needs a token endpoint."""

    connection: Connection
    grant: Grant

    def current(self) -> Grant:
        return self.grant

    def renew(self, used: Grant) -> Grant:
        return used


@dataclass
class Org:
    """The sandbox org, as a test handles it."""

    sandbox: SalesforceSandbox
    url: str
    pool: httpx2.Client
    waits: list[float] = field(default_factory=list)

    @property
    def user_id(self) -> str:
        return self.sandbox.accounts()[0]["user_id"]

    @property
    def username(self) -> str:
        return self.sandbox.accounts()[0]["username"]

    @property
    def requests(self) -> int:
        return self.sandbox.counters.requests

    def connect(self, **settings: Any) -> Salesforce:
        """A connector of the first user, as a fresh process would have it."""
        account = self.sandbox.accounts()[0]
        token = Grant(access_token=account["access_token"], refresh_token="")
        connection = Connection(
            id=1, provider="salesforce", base_url=self.url, token_url="", account=""
        )
        http = Http(
            provider="salesforce",
            base_url=self.url,
            read_fault=read_fault,
            keeper=Keeper(connection, token),
            client=self.pool,
            sleep=self.waits.append,
        )
        return build(http, account["user_id"], **settings)

    def seed(self, object_name: str, records: list[dict[str, Any]]) -> None:
        """Records of the first user, whatever the org's rules say."""
        owned = [{"_owner": self.username, **record} for record in records]
        self.sandbox.seed({"records": {object_name: owned}})

    def fail(self, kind: str, method: str, path: str, **more: Any) -> None:
        """Misbehave on a call to come."""
        self.sandbox.faults.waiting.append(
            Misbehavior(kind=kind, method=method, path_contains=path, **more)
        )

    def count(self, object_name: str) -> int:
        """Records that are there and not deleted."""
        rows = self.sandbox.org.tables[object_name].records.values()
        return sum(not row.deleted for row in rows)


def meeting(number: int = 0, **fields: Any) -> dict[str, Any]:
    """Fields of an event that every rule accepts."""
    start = TODAY + timedelta(days=1, hours=9, minutes=number % 300)
    return {
        "Subject": f"Meeting {number}",
        "IsAllDayEvent": False,
        "StartDateTime": format_instant(start),
        "EndDateTime": format_instant(start + timedelta(hours=1)),
    } | fields


def person(number: int = 0, **fields: Any) -> dict[str, Any]:
    """Fields of a contact that every rule accepts."""
    return {
        "FirstName": f"Given{number}",
        "LastName": f"Family{number}",
        "Email": f"person{number}@example.com",
    } | fields


def operation(
    verb: Verb,
    kind: Kind,
    fields: RecordFields,
    *,
    key: str = "key-1",
    target: Record | str | None = None,
    version: str | None = None,
    agreed: RecordFields | None = None,
) -> Operation:
    """An intended write; a target record brings its id and version along."""
    is_record = isinstance(target, Record)
    target_id = target.id if is_record else target
    known = target.version if is_record else ""
    link = Link(
        key=LinkKey(key),
        kind=kind,
        state=LinkState.LINKED,
        origin=Side.MAILBOX,
        record_id=RecordId(target_id) if target_id else None,
    )
    return Operation(
        link=link,
        side=Side.CRM,
        verb=verb,
        kind=kind,
        target_id=target_id,
        fields=fields,
        version=known if version is None else version,
        agreed=Base(record=agreed or {}),
    )


def control(org: Org, where: str, body: dict[str, object]) -> None:
    """Set up the org as its administrator does."""
    answer = httpx2.post(f"{org.url}/_control/org/{where}", json=body)
    assert answer.status_code == 204, answer.text
