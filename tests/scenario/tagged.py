"""Things that people made, found again on both sides by the tag in their names.

Every thing carries `#n` in its name for life. So whatever happened on the way, what
is lost, doubled or comes back can be told from the two sides alone.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from urllib.parse import quote

from tests.scenario.people import Outlook, Salesforce, at, timed
from tests.scenario.world import World

_TAG = re.compile(r"#(\d+)")
_ROOT = "/services/data/v68.0"
_TITLES = {
    "events": ("subject",),
    "contacts": ("surname", "givenName"),
    "Event": ("Subject",),
    "Contact": ("LastName", "FirstName"),
}
GUEST = {"emailAddress": {"address": "guest@acme.example"}, "type": "required"}


@dataclass(frozen=True)
class Found:
    """One thing as it stands on one side."""

    tag: int
    sort: str
    id: str
    name: str
    #: Where it takes place; the job of a person.
    detail: str
    categories: frozenset[str] = frozenset()
    has_guests: bool = False


@dataclass
class Tagged:
    """Both sides, by tag."""

    outlook: Outlook
    crm: Salesforce
    #: The last tag given.
    last: int = 0

    # --- looking ---

    def items(self) -> list[Found]:
        """Everything in the mailbox."""
        found = []
        for sort in ("events", "contacts"):
            for row in self.outlook.call("GET", f"/v1.0/me/{sort}?$top=900")["value"]:
                detail = row.get("jobTitle") or ""
                if sort == "events":
                    detail = (row.get("location") or {}).get("displayName") or ""
                found.append(
                    Found(
                        tag=_tag(sort, row),
                        sort=sort,
                        id=row["id"],
                        name=_name(sort, row),
                        detail=detail,
                        categories=frozenset(row["categories"]),
                        has_guests=bool(row.get("attendees")),
                    )
                )
        return sorted(found, key=lambda x: (x.tag, x.id))

    def records(self) -> list[Found]:
        """Everything in Salesforce."""
        found = []
        for sort, detail in (("Event", "Location"), ("Contact", "Title")):
            columns = ", ".join(("Id", detail, *_TITLES[sort]))
            query = quote(f"SELECT {columns} FROM {sort}")
            for row in self.crm.call("GET", f"{_ROOT}/query?q={query}")["records"]:
                found.append(
                    Found(
                        tag=_tag(sort, row),
                        sort=sort,
                        id=row["Id"],
                        name=_name(sort, row),
                        detail=row[detail] or "",
                    )
                )
        return sorted(found, key=lambda x: (x.tag, x.id))

    # --- doing ---

    def new_tag(self) -> int:
        """The next tag."""
        self.last += 1
        return self.last

    def add_item(
        self, sort: str, word: str, *, day: int = 3, guests: bool = False
    ) -> int:
        """Make an item; one without a word has no last name, or breaks a rule."""
        tag = self.new_tag()
        if sort == "events":
            more = {"attendees": [GUEST]} if guests else {}
            subject = f"{word or 'TBD'} #{tag}"
            self.outlook.add_event(subject, timed(day), **more)
        else:
            surname, given = (f"{word} #{tag}", "Kim") if word else ("", f"Kim #{tag}")
            email = f"kim{tag}@acme.example"
            self.outlook.add_contact(surname, email, givenName=given)
        return tag

    def add_record(self, sort: str, word: str, *, day: int = 3) -> int:
        """Make a record."""
        tag = self.new_tag()
        if sort == "events":
            self.crm.add_event(f"{word} #{tag}", day)
        else:
            self.crm.add_contact(f"{word} #{tag}", f"kim{tag}@acme.example")
        return tag

    def change_item(self, item: Found, **changes: object) -> None:
        """Change an item."""
        self.outlook.call("PATCH", _item_path(item), dict(changes))

    def rename_item(self, item: Found, word: str) -> None:
        """Give an item another name; its tag stays."""
        title = _TITLES[item.sort][0]
        self.change_item(item, **{title: f"{word} #{item.tag}"})

    def detail_item(self, item: Found, text: str) -> None:
        """Change where an event takes place, or what a person does."""
        if item.sort == "events":
            self.change_item(item, location={"displayName": text})
        else:
            self.change_item(item, jobTitle=text)

    def move_item(self, item: Found, day: int) -> None:
        """Have an event take place on another day."""
        if item.sort == "events":
            self.change_item(item, **timed(day, 14))

    def delete_item(self, item: Found) -> None:
        """Delete an item."""
        self.outlook.call("DELETE", _item_path(item))

    def change_record(self, record: Found, **changes: object) -> None:
        """Change a record."""
        self.crm.call("PATCH", _record_path(record), dict(changes))

    def rename_record(self, record: Found, word: str) -> None:
        """Give a record another name; its tag stays."""
        title = _TITLES[record.sort][0]
        self.change_record(record, **{title: f"{word} #{record.tag}"})

    def detail_record(self, record: Found, text: str) -> None:
        """Change where an event takes place, or what a person does."""
        field = "Location" if record.sort == "Event" else "Title"
        self.change_record(record, **{field: text})

    def move_record(self, record: Found, day: int) -> None:
        """Have an event take place on another day."""
        if record.sort == "Event":
            start, end = at(day, 15).isoformat(), at(day, 16).isoformat()
            self.change_record(record, StartDateTime=start, EndDateTime=end)

    def delete_record(self, record: Found) -> None:
        """Delete a record."""
        self.crm.call("DELETE", _record_path(record))


def tagged(world: World) -> Tagged:
    """The two sides of a world."""
    return Tagged(world.outlook, world.crm)


def by_tag(things: list[Found]) -> dict[int, list[Found]]:
    """Things by their tags."""
    found: dict[int, list[Found]] = defaultdict(list)
    for thing in things:
        found[thing.tag].append(thing)
    return found


def _tag(sort: str, row: dict[str, object]) -> int:
    texts = (str(row.get(title) or "") for title in _TITLES[sort])
    numbers = [int(number) for text in texts for number in _TAG.findall(text)]
    assert numbers, f"a thing without a tag: {row}"
    return numbers[0]


def _name(sort: str, row: dict[str, object]) -> str:
    return next(str(row[t]) for t in _TITLES[sort] if row.get(t))


def _item_path(item: Found) -> str:
    return f"/v1.0/me/{item.sort}/{quote(item.id, safe='')}"


def _record_path(record: Found) -> str:
    return f"{_ROOT}/sobjects/{record.sort}/{record.id}"
