"""What a suite needs to know of one side: its ports, and a person's hands.

A thing is called by its name: the subject of an event or a task, the last name
of a contact. People never go through the ports; they do what their own programs do.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from syncline.domain.ports import ChangeSource, ItemMarker, ItemWriter, RecordFinder
from syncline.domain.values.content import TimedSpan, format_instant
from syncline.domain.values.ids import ItemId, LinkKey, RecordId
from syncline.domain.values.items import Item, Window
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.links import Link, LinkState
from syncline.domain.values.operations import Operation, Verb

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
TODAY = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
WINDOW = Window(start=TODAY - 14 * DAY, end=TODAY + 61 * DAY)
SOON = TODAY + 3 * DAY + 10 * HOUR
FAR_AWAY = TODAY + 300 * DAY
GUEST = "guest@acme.example"


class Rig(Protocol):
    """One side: the ports under test, and what people do in it."""

    side: Side
    changes: ChangeSource
    writer: ItemWriter

    def add(self, kind: Kind, name: str, *, start: datetime = SOON) -> str:
        """A person makes a thing; answers its id as the ports call it."""

    def rename(self, kind: Kind, thing_id: str, name: str) -> None:
        """A person gives a thing another name."""

    def delete(self, kind: Kind, thing_id: str) -> None:
        """A person deletes a thing."""

    def names(self, kind: Kind) -> list[str]:
        """Names of everything that the person sees."""

    def lose_watermarks(self) -> None:
        """The provider forgets every resume point."""

    def lose_next_answer(self) -> None:
        """The next write takes effect, and its answer does not arrive."""

    def is_answer_lost(self) -> bool:
        """Whether an answer that was to be lost is lost by now."""

    def must_refuse(self, operation: Operation) -> Operation:
        """The operation, so that the provider refuses it."""


class MailboxRig(Rig, Protocol):
    """A mailbox."""

    marker: ItemMarker

    def add_meeting(self, name: str) -> str:
        """The owner invites `GUEST`; answers the event's id."""

    def categorize(self, kind: Kind, item_id: str, *names: str) -> None:
        """The owner gives an item exactly these categories."""

    def categories(self, kind: Kind, item_id: str) -> list[str]:
        """What an item carries."""

    def colors(self) -> Mapping[str, str]:
        """Known categories: `red`, `blue` or nothing."""

    def guest_mails(self) -> int:
        """Mails that were sent to guests since the meeting was made."""


class CrmRig(Rig, Protocol):
    """A Salesforce org."""

    finder: RecordFinder

    def add_contact(self, name: str, email: str, *, is_colleagues: bool = False) -> str:
        """Somebody makes a contact that all may see."""


def named(side: Side, kind: Kind, name: str) -> dict[str, Any]:
    """The field that holds a thing's name."""
    if side is Side.MAILBOX:
        return {"family_name" if kind is Kind.CONTACT else "subject": name}
    return {"LastName" if kind is Kind.CONTACT else "Subject": name}


def fields_for(side: Side, kind: Kind, name: str) -> dict[str, Any]:
    """Fields that are enough to create a thing."""
    fields = named(side, kind, name)
    if kind is not Kind.EVENT:
        return fields
    if side is Side.MAILBOX:
        return fields | {"when": TimedSpan(start=SOON, end=SOON + HOUR, zone="UTC")}
    return fields | {
        "IsAllDayEvent": False,
        "StartDateTime": format_instant(SOON),
        "EndDateTime": format_instant(SOON + HOUR),
        "ActivityDate": None,
        "EndDate": None,
    }


def operation(  # a test names what it cares about
    side: Side,
    verb: Verb,
    kind: Kind = Kind.EVENT,
    *,
    name: str = "",
    key: str = "key-1",
    target_id: str = "",
    version: str = "",
    item: Item | None = None,
    nonce: str = "",
    **fields: object,
) -> Operation:
    """One write; a create gets all fields it needs, an update the name."""
    link = Link(
        key=LinkKey(key),
        kind=kind,
        state=LinkState.LINKED if target_id else LinkState.PENDING,
        origin=side.other,
        item_id=ItemId(target_id) if target_id and side is Side.MAILBOX else None,
        record_id=RecordId(target_id) if target_id and side is Side.CRM else None,
    )
    written: dict[str, Any] = dict(fields)
    if verb is Verb.CREATE:
        written = fields_for(side, kind, name) | fields
    elif name:
        written = named(side, kind, name) | fields
    return Operation(
        link=link,
        side=side,
        verb=verb,
        kind=kind,
        target_id=target_id or None,
        fields=written,
        version=version,
        item=item,
        nonce=nonce,
    )
