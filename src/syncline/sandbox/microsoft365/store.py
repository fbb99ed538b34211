"""The tenant's state: mailboxes, their items and histories, and its tokens.

Nothing here knows HTTP. Whoever writes gets the item back; counting calls and
guest mails is done by the routes.
"""

from __future__ import annotations

import copy
import secrets
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from syncline.sandbox.microsoft365.entities import (
    MOVABLE,
    ROOT,
    Item,
    Json,
    Mailbox,
)
from syncline.sandbox.microsoft365.grants import Grants
from syncline.sandbox.microsoft365.quirks import Quirks
from syncline.sandbox.microsoft365.shapes import former_shape
from syncline.sandbox.microsoft365.zones import utc_stamp

WELL_KNOWN_FOLDERS = {
    "inbox": "Inbox",
    "drafts": "Drafts",
    "sentitems": "Sent Items",
    "deleteditems": "Deleted Items",
    "archive": "Archive",
    "junkemail": "Junk Email",
    "outbox": "Outbox",
}
DEFAULT_MAILBOXES = (
    ("ada.lindqvist@northwind.example", "Ada Lindqvist"),
    ("bruno.okafor@northwind.example", "Bruno Okafor"),
)
#: Of saved states; another one cannot be read.
STATE_FORMAT = 2
_NAMESPACE = uuid.UUID("5c5f2f0e-6d0b-4ad0-9d52-5a0b8a5f7f36")


class Tenant:
    """Everything that the sandbox stores."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        """Start without mailboxes.

        Args:
            now: The clock that stamps items and ends access tokens.
        """
        self.now = now
        self.tenant_id = str(uuid.uuid5(_NAMESPACE, "northwind.example"))
        self.mailboxes: dict[str, Mailbox] = {}
        self.grants = Grants(now)
        self.delta_epoch = secrets.token_hex(4)
        self.mailbox_concurrency: int | None = None
        self.concurrency_latency = 0.02
        self.quirks = Quirks()

    def add_mailbox(self, address: str, name: str, time_zone: str = "UTC") -> Mailbox:
        """A new mailbox with its usual folders; an existing one is returned."""
        if (known := self.mailboxes.get(address.lower())) is not None:
            return known
        mailbox_id = str(uuid.uuid5(_NAMESPACE, address.lower()))
        mailbox = Mailbox(address, name, mailbox_id, time_zone, user_id=mailbox_id)
        self.mailboxes[address.lower()] = mailbox
        top = self._well_known(mailbox, "msgfolderroot", "mailFolder", ROOT, {})
        for known_name, shown in WELL_KNOWN_FOLDERS.items():
            shown_as = {"displayName": shown}
            self._well_known(mailbox, known_name, "mailFolder", top.key, shown_as)
        mailbox.items[top.key].fields["displayName"] = "Top of Information Store"
        for known_name, kind, named in (
            ("calendar", "calendar", {"name": "Calendar"}),
            ("contacts", "contactFolder", {"displayName": "Contacts"}),
            ("tasks", "todoList", {"displayName": "Tasks"}),
            ("flaggedemails", "todoList", {"displayName": "Flagged Emails"}),
            ("mycalendars", "calendarGroup", {"name": "My Calendars"}),
        ):
            self._well_known(mailbox, known_name, kind, ROOT, named)
        self.grants.issue(address.lower())
        return mailbox

    def _well_known(
        self, mailbox: Mailbox, name: str, kind: str, parent: int, fields: Json
    ) -> Item:
        item = self.create(mailbox, Item(0, kind, parent, dict(fields)))
        mailbox.well_known[name] = item.key
        return item

    def find_mailbox(self, name: str) -> Mailbox | None:
        """The mailbox of an address or user id."""
        by_address = self.mailboxes.get(name.lower())
        if by_address is not None:
            return by_address
        boxes = self.mailboxes.values()
        wanted = name.lower()
        return next((m for m in boxes if wanted in (m.user_id, m.mailbox_id)), None)

    # --- items ---

    def create(self, mailbox: Mailbox, draft: Item) -> Item:
        """Store a new item; its key, stamps and version are set here."""
        mailbox.keys += 1
        draft.key = mailbox.keys
        draft.created = draft.created or utc_stamp(self.now())
        mailbox.items[draft.key] = draft
        self.touch(mailbox, draft)
        draft.born = draft.version
        return draft

    def touch(self, mailbox: Mailbox, item: Item, *, is_told: bool = True) -> None:
        """Record that an item changed: new version, new place in the history.

        Args:
            mailbox: Where it lies.
            item: What changed.
            is_told: Whether deltas tell it.
        """
        mailbox.sequence += 1
        item.version = mailbox.sequence
        item.modified = utc_stamp(self.now())
        if is_told:
            mailbox.history(item.kind, item.parent).note(item.key, item.version)

    def remove(self, mailbox: Mailbox, item: Item) -> None:
        """Delete an item for good."""
        del mailbox.items[item.key]
        if self.quirks.silent_deletions:
            mailbox.sequence += 1
            mailbox.history(item.kind, item.parent).forget(item.key)
        else:
            self._leave(mailbox, item)
        uid = item.fields.get("uid")
        if uid and mailbox.meetings.get(uid) == item.key:
            del mailbox.meetings[uid]

    def _leave(self, mailbox: Mailbox, item: Item) -> None:
        mailbox.sequence += 1
        removed: Json = {"generation": item.generation, "former": list(item.former)}
        if item.series is not None:
            removed["former"].append(former_shape(item, mailbox.sequence))
        history = mailbox.history(item.kind, item.parent)
        history.note(item.key, mailbox.sequence, removed)

    def move(self, mailbox: Mailbox, item: Item, parent: int) -> None:
        """Put an item into another container; its default id changes."""
        self._leave(mailbox, item)
        item.parent = parent
        if item.kind in MOVABLE:
            item.generation += 1
        self.touch(mailbox, item)

    # --- resume points ---

    def lose_delta_tokens(self) -> None:
        """Make every resume point invalid."""
        self.delta_epoch = secrets.token_hex(4)

    # --- whole state ---

    def dump(self) -> dict[str, Any]:
        """Everything, as JSON."""
        return copy.deepcopy(
            {
                "format": STATE_FORMAT,
                "tenant_id": self.tenant_id,
                "delta_epoch": self.delta_epoch,
                "mailbox_concurrency": self.mailbox_concurrency,
                "concurrency_latency": self.concurrency_latency,
                "quirks": self.quirks.as_json(),
                "grants": self.grants.as_json(),
                "mailboxes": [box.as_json() for box in self.mailboxes.values()],
            }
        )

    def load(self, state: dict[str, Any]) -> None:
        """Replace everything by what `dump` gave.

        Raises:
            ValueError: Another version of the sandbox saved it.
        """
        if state.get("format") != STATE_FORMAT:
            raise ValueError("the state was saved by another version of the sandbox")
        state = copy.deepcopy(state)
        boxes = [Mailbox.from_json(raw) for raw in state["mailboxes"]]
        self.grants.load(state["grants"])
        self.tenant_id = state["tenant_id"]
        self.delta_epoch = state["delta_epoch"]
        self.mailbox_concurrency = state["mailbox_concurrency"]
        self.concurrency_latency = state["concurrency_latency"]
        self.quirks = Quirks(**state["quirks"])
        self.mailboxes = {box.address.lower(): box for box in boxes}
