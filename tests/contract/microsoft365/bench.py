"""A sandbox mailbox to work on, and short ways to say what is in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2

from syncline.connectors.base.http import Http
from syncline.connectors.microsoft365 import Microsoft365, build
from syncline.domain.access.grant import Connection, Grant
from syncline.domain.values.changes import Change, ChangeSet, Watermark
from syncline.domain.values.content import TimedSpan
from syncline.domain.values.ids import ItemId, LinkKey
from syncline.domain.values.items import Item, Window
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.links import Link, LinkState
from syncline.domain.values.operations import Operation, Verb
from syncline.sandbox.microsoft365.app import Microsoft365Sandbox

DAY = timedelta(days=1)
TODAY = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
Reader = Callable[[Watermark | None], ChangeSet]
WINDOW = Window(start=TODAY - 14 * DAY, end=TODAY + 60 * DAY)


@dataclass
class Keeper:
    """A grant that is renewed from the sandbox's own store."""

    sandbox: Microsoft365Sandbox
    address: str
    connection: Connection
    grant: Grant
    renewals: int = 0

    def current(self) -> Grant:
        return self.grant

    def renew(self, used: Grant) -> Grant:
        del used
        self.renewals += 1
        self.sandbox.tenant.grants.issue(self.address)
        token, refresh = self.sandbox.tenant.grants.newest(self.address)
        self.grant = Grant(access_token=token, refresh_token=refresh)
        return self.grant


@dataclass
class Bench:
    """A sandbox mailbox, a way to act in it as a person, and the connector."""

    sandbox: Microsoft365Sandbox
    url: str
    address: str
    keeper: Keeper
    http: Http
    #: Not the connector's own.
    browser: httpx2.Client
    waits: list[float] = field(default_factory=list)

    def connect(self) -> Microsoft365:
        """The connector as a new session would make it."""
        return build(self.http, self.address)

    def person(self, method: str, path: str, body: Any = None) -> Any:
        """What the mailbox's user does, or another app of theirs."""
        answer = self.browser.request(
            method,
            f"{self.url}/v1.0/me{path}",
            json=body,
            headers={
                "Authorization": f"Bearer {self.keeper.grant.access_token}",
                "Prefer": 'IdType="ImmutableId"',
            },
        )
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """Speak to the sandbox's control."""
        url = f"{self.url}/_control{path}"
        answer = self.browser.request(method, url, json=body)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def fault(self, kind: str, method: str = "", path: str = "", **more: Any) -> None:
        """Plan one misbehaviour."""
        match = {"method": method, "path_contains": path}
        self.control("POST", "/faults", {"kind": kind, "match": match, **more})

    def reset(self) -> None:
        """Count from zero."""
        self.control("POST", "/counters/reset")

    @property
    def counters(self) -> dict[str, Any]:
        """What was called since the last reset."""
        found: dict[str, Any] = self.control("GET", "/counters")
        return found

    def events(self) -> list[dict[str, Any]]:
        """Events as their user sees them."""
        found: list[dict[str, Any]] = self.person("GET", "/events?$top=100")["value"]
        return found

    def contacts(self) -> list[dict[str, Any]]:
        """Contacts as their user sees them."""
        found: list[dict[str, Any]] = self.person("GET", "/contacts?$top=100")["value"]
        return found


def stamp(instant: datetime) -> dict[str, str]:
    return {"dateTime": instant.strftime("%Y-%m-%dT%H:%M:%S"), "timeZone": "UTC"}


def event_json(subject: str = "Review", *, days: float = 1, **more: Any) -> Any:
    """An event of one hour, some days from today."""
    start = TODAY + days * DAY + timedelta(hours=10)
    return {
        "subject": subject,
        "start": stamp(start),
        "end": stamp(start + timedelta(hours=1)),
        **more,
    }


def guest_json(address: str = "guest@elsewhere.example") -> dict[str, Any]:
    return {"type": "required", "emailAddress": {"address": address, "name": "Guest"}}


def series_json(count: int = 10, **more: Any) -> Any:
    """A daily series that begins tomorrow."""
    first = (TODAY + DAY).date().isoformat()
    pattern = {"type": "daily", "interval": 1}
    span = {"type": "numbered", "startDate": first, "numberOfOccurrences": count}
    return event_json(
        "Stand-up", recurrence={"pattern": pattern, "range": span}, **more
    )


def link_of(key: str, kind: Kind, item_id: str | None = None) -> Link:
    return Link(
        key=LinkKey(key),
        kind=kind,
        state=LinkState.PENDING,
        origin=Side.CRM,
        item_id=ItemId(item_id) if item_id else None,
    )


def event_fields(subject: str = "Visit", **more: Any) -> dict[str, Any]:
    """Neutral fields of a whole event."""
    start = TODAY + 2 * DAY + timedelta(hours=9)
    return {
        "subject": subject,
        "body": "Agenda",
        "location": "Room 5",
        "when": TimedSpan(start=start, end=start + timedelta(hours=1)),
        "show_as": "busy",
        "private": False,
        "reminder_minutes": 15,
        "attendees": (),
        **more,
    }


def contact_fields(**more: Any) -> dict[str, Any]:
    """Neutral fields of a contact; absent ones are left out."""
    return {
        "given_name": "Ada",
        "family_name": "Lovelace",
        "emails": ("ada@example.org",),
        "mobile_phone": "+44 20 7946 0000",
        "business_phones": ("+44 20 7946 0001",),
        "birthday": "1985-12-10",
        "business_city": "London",
        **more,
    }


def creation(key: str, kind: Kind, fields: Mapping[str, Any]) -> Operation:
    return Operation(
        link=link_of(key, kind),
        side=Side.MAILBOX,
        verb=Verb.CREATE,
        kind=kind,
        fields=fields,
    )


def update(item: Item, fields: Mapping[str, Any], /, **more: Any) -> Operation:
    return Operation(
        link=link_of("k-update", item.kind, item.id),
        side=Side.MAILBOX,
        verb=Verb.UPDATE,
        kind=item.kind,
        target_id=item.id,
        fields=fields,
        **{"version": item.version, "item": item, **more},
    )


def deletion(item: Item, /, **more: Any) -> Operation:
    return Operation(
        link=link_of("k-delete", item.kind, item.id),
        side=Side.MAILBOX,
        verb=Verb.DELETE,
        kind=item.kind,
        target_id=item.id,
        **{"version": item.version, "item": item, **more},
    )


def items_of(found: ChangeSet | list[Change]) -> list[Item]:
    changes = found.changes if isinstance(found, ChangeSet) else found
    return [c.thing for c in changes if isinstance(c.thing, Item)]


def only(found: ChangeSet | list[Change]) -> Item:
    (item,) = items_of(found)
    return item
