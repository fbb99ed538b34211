"""Things that people made, found again on both sides by the tag in their names.

Every thing carries `#n` in its name for life. So whatever happened on the way, what
is lost, doubled or comes back can be told from the two sides alone.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

from tests.scenario.people import Json, Outlook, Salesforce, at, timed
from tests.scenario.post import Post

_TAG = re.compile(r"#(\d+)")
_ROOT = "/services/data/v68.0"
_TITLES = {
    "events": ("subject",),
    "contacts": ("surname", "givenName"),
    "tasks": ("title",),
    "messages": ("subject",),
    "Event": ("Subject",),
    "Contact": ("LastName", "FirstName"),
    "Task": ("Subject",),
    "EmailMessage": ("Subject",),
}
_DETAILS = {
    "Event": "Location",
    "Contact": "Title",
    "Task": "Description",
    "EmailMessage": "MessageIdentifier",
}
#: What belongs to a series, or only shows a saved e-mail, is no thing of its own.
_NO_THINGS = {
    "Event": " WHERE ClientGuid = null",
    "Task": " WHERE TaskSubtype != 'Email'",
}
_FILED = "Salesforce Emails"
_STRANGER = "Sender <sender@nowhere.example>"
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
    #: Where its owner's program finds it.
    path: str = ""
    #: It lies in the folder that saves what is put there.
    is_filed: bool = False


@dataclass
class Tagged:
    """Both sides, by tag."""

    outlook: Outlook
    crm: Salesforce
    post: Post
    #: The last tag given.
    last: int = 0

    # --- looking ---

    def items(self) -> list[Found]:
        """Everything in the mailbox, but series."""
        found = [*self._plain("events"), *self._plain("contacts")]
        found += [*self._tasks(), *self._messages()]
        return sorted(found, key=lambda x: (x.tag, x.id))

    def _rows(self, sort: str) -> list[Json]:
        rows = self.outlook.call("GET", f"/v1.0/me/{sort}?$top=900")["value"]
        return list(rows)

    def _plain(self, sort: str) -> Iterator[Found]:
        for row in self._rows(sort):
            detail = row.get("jobTitle") or ""
            if sort == "events":
                detail = (row.get("location") or {}).get("displayName") or ""
            if not row.get("recurrence"):
                has_guests = bool(row.get("attendees"))
                yield _found(sort, row, detail, has_guests=has_guests)

    def _tasks(self) -> Iterator[Found]:
        for place, row in self.outlook.tasks():
            detail = ((row.get("body") or {}).get("content") or "").strip()
            path = f"{place}/tasks/{quote(row['id'], safe='')}"
            list_id = unquote(place.rpartition("/")[2])
            row["id"] = f"{list_id}|{row['id']}"
            yield _found("tasks", row, detail, path=path)

    def _messages(self) -> Iterator[Found]:
        rows = self._rows("messages")
        folders = self._rows("mailFolders") if rows else []
        names = {folder["id"]: folder["displayName"] for folder in folders}
        for row in rows:
            folder = names[row["parentFolderId"]]
            if folder != "Deleted Items":
                detail = row["internetMessageId"]
                yield _found("messages", row, detail, is_filed=folder == _FILED)

    def records(self) -> list[Found]:
        """Everything in Salesforce, but occurrences of series."""
        found = []
        for sort, detail in _DETAILS.items():
            columns = ", ".join(("Id", detail, *_TITLES[sort]))
            query = quote(f"SELECT {columns} FROM {sort}{_NO_THINGS.get(sort, '')}")
            for row in self.crm.call("GET", f"{_ROOT}/query?q={query}")["records"]:
                named = {**row, "id": row["Id"]}
                found.append(_found(sort, named, row[detail] or ""))
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
        elif sort == "tasks":
            self.outlook.add_task(f"{word or 'TBD'} #{tag}")
        elif sort == "messages":
            self._deliver(f"{word or 'TBD'} #{tag}", is_filed=not word)
        else:
            surname, given = (f"{word} #{tag}", "Kim") if word else ("", f"Kim #{tag}")
            email = f"kim{tag}@acme.example"
            self.outlook.add_contact(surname, email, givenName=given)
        return tag

    def _deliver(self, subject: str, *, is_filed: bool) -> None:
        """A stranger's mail, which its reader files or marks."""
        if is_filed:
            self.post.deliver(subject, _STRANGER, folder=_FILED)
        else:
            self.post.deliver(subject, _STRANGER, categories=["Salesforce"])

    def add_record(self, sort: str, word: str, *, day: int = 3) -> int:
        """Make a record."""
        tag = self.new_tag()
        if sort == "events":
            self.crm.add_event(f"{word} #{tag}", day)
        elif sort == "tasks":
            self.crm.add_task(f"{word} #{tag}")
        else:
            self.crm.add_contact(f"{word} #{tag}", f"kim{tag}@acme.example")
        return tag

    def change_item(self, item: Found, **changes: object) -> None:
        """Change an item."""
        self.outlook.call("PATCH", item.path, dict(changes))

    def rename_item(self, item: Found, word: str) -> None:
        """Give an item another name; its tag stays, and so does what was written."""
        if item.sort != "messages":
            title = _TITLES[item.sort][0]
            self.change_item(item, **{title: f"{word} #{item.tag}"})

    def detail_item(self, item: Found, text: str) -> None:
        """Change where an event takes place, what a person does, what is to be done."""
        if item.sort == "events":
            self.change_item(item, location={"displayName": text})
        elif item.sort == "tasks":
            self.change_item(item, body={"contentType": "text", "content": text})
        elif item.sort == "contacts":
            self.change_item(item, jobTitle=text)

    def move_item(self, item: Found, day: int) -> None:
        """Have an event take place on another day."""
        if item.sort == "events":
            self.change_item(item, **timed(day, 14))

    def delete_item(self, item: Found) -> None:
        """Delete an item."""
        self.outlook.call("DELETE", item.path)

    def change_record(self, record: Found, **changes: object) -> None:
        """Change a record."""
        self.crm.call("PATCH", _record_path(record), dict(changes))

    def rename_record(self, record: Found, word: str) -> None:
        """Give a record another name; its tag stays, and so does what was written."""
        if record.sort != "EmailMessage":
            title = _TITLES[record.sort][0]
            self.change_record(record, **{title: f"{word} #{record.tag}"})

    def detail_record(self, record: Found, text: str) -> None:
        """Change where an event takes place, what a person does, what is to be done."""
        if record.sort != "EmailMessage":
            self.change_record(record, **{_DETAILS[record.sort]: text})

    def move_record(self, record: Found, day: int) -> None:
        """Have an event take place on another day."""
        if record.sort == "Event":
            start, end = at(day, 15).isoformat(), at(day, 16).isoformat()
            self.change_record(record, StartDateTime=start, EndDateTime=end)

    def delete_record(self, record: Found) -> None:
        """Delete a record."""
        self.crm.call("DELETE", _record_path(record))


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


def _found(sort: str, row: Json, detail: str, **more: Any) -> Found:
    path = f"/v1.0/me/{sort}/{quote(row['id'], safe='')}"
    return Found(
        tag=_tag(sort, row),
        sort=sort,
        id=row["id"],
        name=_name(sort, row),
        detail=detail,
        categories=frozenset(row.get("categories") or ()),
        **{"path": path, **more},
    )


def _record_path(record: Found) -> str:
    return f"{_ROOT}/sobjects/{record.sort}/{record.id}"
