"""Pages for people: what the owner of a mailbox sees, and can correct.

An edit here is the person's own: it is not counted as a call, a write or a
mail of any program, but it changes the item's version like any other write.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from syncline.sandbox.microsoft365.entities import Item, Json, Mailbox
from syncline.sandbox.microsoft365.faults import GraphError
from syncline.sandbox.microsoft365.identifiers import MalformedIdError, parse_id
from syncline.sandbox.microsoft365.meetings import guests, is_organizer, share
from syncline.sandbox.microsoft365.palette import chip, chips
from syncline.sandbox.microsoft365.routes.contacts import complete
from syncline.sandbox.microsoft365.routes.events import (
    change_event,
    change_occurrence,
    delete_event,
    new_event,
)
from syncline.sandbox.microsoft365.routes.page_forms import (
    contact_fields,
    contact_form,
    event_fields,
    event_form,
    message_fields,
    message_form,
    task_fields,
    task_form,
)
from syncline.sandbox.microsoft365.routes.todo import settled_task
from syncline.sandbox.microsoft365.series import (
    is_slot,
    occurrence,
    occurrences,
    overlaps,
    shown_moment,
)
from syncline.sandbox.microsoft365.store import Tenant
from syncline.sandbox.microsoft365.templates import render
from syncline.sandbox.microsoft365.zones import parse_stamp, stamp, zone

_DAYS_SHOWN = 14
#: Beyond this the calendar's arithmetic would leave the years that exist.
_FARTHEST = timedelta(days=365 * 100)
#: As in the addresses of the real pages.
_PATHS = {
    "event": "/calendar/item/{id}",
    "contact": "/people/item/{id}",
    "message": "/mail/item/{id}",
    "task": "/tasks/id/{id}/details",
}
_TEMPLATES = {
    "event": "event.html",
    "contact": "contact.html",
    "message": "mail.html",
    "task": "task.html",
}
_UNLISTED_FOLDERS = ("deleteditems", "junkemail")


class Pages:
    """Front page, mailboxes and items; `/people/…` stands for contacts."""

    def __init__(self, tenant: Tenant) -> None:
        """Show what a tenant stores."""
        self.tenant = tenant

    def routes(self) -> list[Route]:
        """Where the pages are."""
        both = ["GET", "POST"]
        found = [
            Route("/", self.front),
            Route("/mailbox/{address}", self.mailbox),
            Route("/calendar/new", self.new_event, methods=both),
            Route("/people/new", self.new_contact, methods=both),
        ]
        for template in (*_PATHS.values(), "/people/0/{id}"):
            path = template.replace("{id}", "{item_id}")
            found.append(Route(path, self.item, methods=both))
            found.append(Route(f"{path}/delete", self.delete, methods=["POST"]))
        return found

    # --- lists ---

    async def front(self, request: Request) -> Response:
        """The mailboxes."""
        rows = [
            {
                "box": box,
                "events": len(box.all_of("event")),
                "contacts": len(box.all_of("contact")),
                "tasks": len(box.all_of("task")),
                "messages": len(box.all_of("message")),
            }
            for box in self.tenant.mailboxes.values()
        ]
        return render(request, "index.html", {"rows": rows})

    async def mailbox(self, request: Request) -> Response:
        """One mailbox: agenda, people, inbox; by category if one is given."""
        box = self.tenant.find_mailbox(request.path_params["address"])
        if box is None:
            return _missing(request)
        wanted = request.query_params.get("category", "")
        start = self._first_day(box, request.query_params.get("from", ""))
        everything = wanted != ""
        days = self._agenda(box, start, wanted)
        return render(
            request,
            "mailbox.html",
            {
                "box": box,
                "wanted": wanted,
                "everything": everything,
                "categories": _category_counts(box),
                "days": days,
                "start": start,
                "earlier": start - timedelta(days=_DAYS_SHOWN),
                "later": start + timedelta(days=_DAYS_SHOWN),
                "people": [
                    self._row(box, item)
                    for item in sorted(box.all_of("contact"), key=_sorting_name)
                    if _has_category(item, wanted)
                ],
                "tasks": [
                    self._row(box, item)
                    for item in sorted(box.all_of("task"), key=_urgency)
                    if _has_category(item, wanted)
                ],
                "mail": [
                    self._row(box, item)
                    for item in _listed_mail(box)
                    if _has_category(item, wanted)
                ],
            },
        )

    def _first_day(self, box: Mailbox, text: str) -> date:
        today = self.tenant.now().astimezone(zone(box.time_zone)).date()
        try:
            asked = date.fromisoformat(text)
        except ValueError:
            return today
        return asked if abs(asked - today) < _FARTHEST else today

    def _agenda(
        self, box: Mailbox, start: date, wanted: str
    ) -> list[tuple[date, list[Json]]]:
        """Days with their events; with a category, of the whole calendar."""
        first = datetime.combine(start, time(), zone(box.time_zone))
        last = first + timedelta(days=_DAYS_SHOWN)
        if wanted:
            first, last = first - timedelta(days=400), last + timedelta(days=400)
        window = (stamp(first.astimezone(UTC)), stamp(last.astimezone(UTC)))
        by_day: dict[date, list[Json]] = {}
        for item in _events_in(box, window):
            if _has_category(item, wanted):
                row = self._row(box, item)
                by_day.setdefault(row["day"], []).append(row)
        for rows in by_day.values():
            rows.sort(key=lambda row: (not row["all_day"], row["begins"]))
        return sorted(by_day.items())

    def _row(self, box: Mailbox, item: Item) -> Json:
        row: Json = {
            "item": item,
            "chips": chips(box, item),
            "link": _page_of(box, item),
            "within": _name_of(box.items.get(item.parent)),
        }
        if item.kind == "event":
            begins = parse_stamp(shown_moment(item, 0, box.time_zone)["dateTime"])
            ends = parse_stamp(shown_moment(item, 1, box.time_zone)["dateTime"])
            row |= {
                "day": begins.date(),
                "begins": begins,
                "ends": ends,
                "all_day": bool(item.fields.get("isAllDay")),
                "is_mine": is_organizer(item),
                "guests": len(guests(box, item)),
                "series": _page_of(box, box.items[item.key]),
            }
        return row

    # --- one item ---

    def _found(self, request: Request) -> tuple[Mailbox, Item] | None:
        try:
            reference = parse_id(request.path_params["item_id"])
        except MalformedIdError:
            return None
        box = self.tenant.find_mailbox(reference.mailbox_id)
        item = box.items.get(reference.key) if box else None
        if box is None or item is None or item.kind not in _PATHS:
            return None
        if reference.day is None:
            return box, item
        if not is_slot(item, reference.day, reference.shape):
            return None
        return box, occurrence(item, reference.day)

    async def item(self, request: Request) -> Response:
        """An item with a form; a posted form changes it."""
        found = self._found(request)
        if found is None:
            return _missing(request)
        box, item = found
        if request.method == "GET":
            return self._show(request, box, item)
        form = {name: str(value) for name, value in (await request.form()).items()}
        try:
            self._change(box, item, form)
        except (GraphError, ValueError) as error:
            return self._show(request, box, item, form=form, refusal=str(error))
        return RedirectResponse(request.url.path + "?saved=1", status_code=303)

    def _show(
        self,
        request: Request,
        box: Mailbox,
        item: Item,
        *,
        form: dict[str, str] | None = None,
        refusal: str = "",
    ) -> Response:
        makers = {
            "event": event_form,
            "contact": contact_form,
            "message": message_form,
            "task": task_form,
        }
        values = {
            "box": box,
            "row": self._row(box, item) if item.key else None,
            "form": makers[item.kind](box, item) | (form or {}),
            "refusal": refusal,
            "is_saved": "saved" in request.query_params,
            "chip": lambda name: chip(box, name),
        }
        status = 400 if refusal else 200
        return render(request, _TEMPLATES[item.kind], values, status)

    def _change(self, box: Mailbox, item: Item, form: dict[str, str]) -> None:
        if item.kind == "event":
            self._change_event(box, item, form)
            return
        readers = {
            "contact": contact_fields,
            "message": message_fields,
            "task": task_fields,
        }
        fields = readers[item.kind](box, item, form)
        if fields:
            if item.kind == "contact":
                fields = complete(fields, item.fields)
            elif item.kind == "task":
                fields = settled_task(self.tenant, fields, item.fields)
            item.fields |= fields
            self.tenant.touch(box, item)

    def _change_event(self, box: Mailbox, item: Item, form: dict[str, str]) -> None:
        fields = event_fields(box, item, form)
        if not fields:
            return
        if item.day is None:
            change_event(self.tenant, box, item, fields, {})
        else:
            change_occurrence(self.tenant, box, item, fields, {})
        master = box.items[item.key]
        if is_organizer(master) and guests(box, master):
            share(self.tenant, box, master)

    async def delete(self, request: Request) -> Response:
        """Delete an item and go back to its mailbox."""
        found = self._found(request)
        if found is None:
            return _missing(request)
        box, item = found
        if item.kind == "event":
            delete_event(self.tenant, box, item)
        else:
            self.tenant.remove(box, item)
        return RedirectResponse(f"/mailbox/{quote(box.address)}", status_code=303)

    # --- new items ---

    async def new_event(self, request: Request) -> Response:
        """A form for a new event; a posted form makes it."""
        return await self._new(request, "event")

    async def new_contact(self, request: Request) -> Response:
        """A form for a new contact; a posted form makes it."""
        return await self._new(request, "contact")

    async def _new(self, request: Request, kind: str) -> Response:
        box = self.tenant.find_mailbox(request.query_params.get("mailbox", ""))
        if box is None:
            return _missing(request)
        blank = Item(0, kind, 0, {})
        if request.method == "GET":
            return self._show(request, box, blank)
        form = {name: str(value) for name, value in (await request.form()).items()}
        try:
            item = self._create(box, blank, form)
        except (GraphError, ValueError) as error:
            return self._show(request, box, blank, form=form, refusal=str(error))
        return RedirectResponse(self._row(box, item)["link"], status_code=303)

    def _create(self, box: Mailbox, blank: Item, form: dict[str, str]) -> Item:
        if blank.kind == "contact":
            fields = complete(contact_fields(box, blank, form), {})
            folder = box.well_known["contacts"]
            return self.tenant.create(box, Item(0, "contact", folder, fields))
        fields = event_fields(box, blank, form)
        item = new_event(self.tenant, box, box.well_known["calendar"], fields, {})
        share(self.tenant, box, item)
        return item


def _missing(request: Request) -> Response:
    return render(request, "missing.html", {}, 404)


def _page_of(box: Mailbox, item: Item) -> str:
    item_id = quote(box.id_of(item, immutable=True), safe="")
    return _PATHS[item.kind].replace("{id}", item_id)


def _name_of(container: Item | None) -> str:
    fields = container.fields if container else {}
    return str(fields.get("displayName") or fields.get("name") or "")


def _listed_mail(box: Mailbox) -> list[Item]:
    """Messages of all folders but the unwanted ones, the newest first."""
    unwanted = {box.well_known[name] for name in _UNLISTED_FOLDERS}
    found = [item for item in box.all_of("message") if item.parent not in unwanted]
    return sorted(
        found,
        key=lambda item: str(item.fields.get("receivedDateTime") or item.created),
        reverse=True,
    )


def _urgency(item: Item) -> tuple[bool, str]:
    """Open tasks first, those that are due soonest before others."""
    due = (item.fields.get("dueDateTime") or {}).get("dateTime") or "9999"
    return item.fields.get("status") == "completed", str(due)


def _has_category(item: Item, wanted: str) -> bool:
    names = item.fields.get("categories") or []
    return not wanted or wanted.casefold() in {name.casefold() for name in names}


def _sorting_name(item: Item) -> str:
    return str(item.fields.get("displayName") or "").casefold()


def _category_counts(box: Mailbox) -> list[dict[str, Any]]:
    """Categories in use and of the master list, with how often they are used."""
    counts: Counter[str] = Counter()
    for item in box.items.values():
        counts.update(item.fields.get("categories") or [])
    listed = [category["displayName"] for category in box.categories]
    names = [*listed, *sorted(counts.keys() - set(listed))]
    return [{"chip": chip(box, name), "count": counts[name]} for name in names]


def _events_in(box: Mailbox, window: tuple[str, str]) -> list[Item]:
    found: list[Item] = []
    for item in box.all_of("event"):
        if item.series is not None:
            found += occurrences(item, window)
        elif overlaps(item.span, window):
            found.append(item)
    return found
