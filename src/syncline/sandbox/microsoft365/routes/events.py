"""Events: create, read, update, delete, list, instances, changes."""

from __future__ import annotations

import copy
import uuid
from datetime import UTC

from syncline.sandbox.microsoft365.calendar_delta import tell_in_window
from syncline.sandbox.microsoft365.calls import Answer, Call, Route
from syncline.sandbox.microsoft365.delta import Stream, answer_round, tell_plainly
from syncline.sandbox.microsoft365.entities import Item, Json, Mailbox
from syncline.sandbox.microsoft365.faults import GraphError
from syncline.sandbox.microsoft365.meetings import (
    NEVER,
    OWN_STATE,
    guests,
    is_organizer,
    recipient,
    share,
    withdraw,
)
from syncline.sandbox.microsoft365.query import DEFAULT_PAGE, entity, listing
from syncline.sandbox.microsoft365.series import (
    Window,
    exception_of,
    occurrences,
    overlaps,
    settle_times,
)
from syncline.sandbox.microsoft365.shapes import carry_series
from syncline.sandbox.microsoft365.store import Tenant
from syncline.sandbox.microsoft365.validation import accepted
from syncline.sandbox.microsoft365.zones import parse_stamp, stamp, to_utc

_REFUSED_IN_VIEW = ("$select", "$expand", "$filter", "$orderby", "$search", "$top")
#: Every global object id of Exchange starts so; the eight zeros at its end are the
#: place where the id of an occurrence has its date. Source: [MS-OXOCAL] 2.2.1.27.
UID_PREFIX = "040000008200E00074C5B7101A82E00800000000"


def window_of(call: Call) -> Window:
    """The window that a call names.

    Raises:
        GraphError: 400, it names none.
    """
    found: list[str] = []
    for name in ("startDateTime", "endDateTime"):
        text = call.option(name)
        if not text:
            raise GraphError(
                400,
                "ErrorInvalidParameter",
                "This request requires a time window specified by the query string "
                "parameters StartDateTime and EndDateTime.",
            )
        try:
            moment = parse_stamp(text.replace(" ", "+"))
        except ValueError as error:
            raise GraphError(400, "ErrorInvalidParameter", str(error)) from error
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        found.append(stamp(to_utc(aware)))
    if found[1] < found[0]:
        message = "The window ends before it starts."
        raise GraphError(400, "ErrorInvalidParameter", message)
    return found[0], found[1]


def calendar_of(call: Call, *, named: bool) -> Item:
    """The calendar that a path names, or the default one."""
    if named:
        return call.container("calendar", call.args[0])
    return call.default("calendar")


# --- reading ---


def _list(call: Call, *, named: bool = False) -> Answer:
    parent = calendar_of(call, named=named).key
    return listing(call, "event", call.mailbox.members("event", parent), "events")


def _get(call: Call) -> Answer:
    return entity(call, "event", call.item("event", call.args[-1]), "events")


def _view(call: Call, *, named: bool = False) -> Answer:
    window = window_of(call)
    found: list[Item] = []
    for item in call.mailbox.members("event", calendar_of(call, named=named).key):
        if item.series is not None:
            found += occurrences(item, window)
        elif overlaps(item.span, window):
            found.append(item)
    found.sort(key=lambda item: item.span)
    return listing(call, "event", found, "calendarView")


def _instances(call: Call) -> Answer:
    master = call.item("event", call.args[-1])
    if master.series is None:
        raise GraphError(400, "ErrorInvalidRequest", "The event is not a series.")
    found = occurrences(master, window_of(call))
    return listing(call, "event", found, "events/instances")


def _view_delta(call: Call, *, named: bool = False) -> Answer:
    is_new = not (call.option("$skiptoken") or call.option("$deltatoken"))
    stream = Stream(
        kind="event",
        parent=calendar_of(call, named=named).key,
        tell=tell_in_window,
        refused=_REFUSED_IN_VIEW,
        usual_page=DEFAULT_PAGE,
        window=window_of(call) if is_new else None,
    )
    return answer_round(call, stream)


def _delta(call: Call, *, named: bool = False) -> Answer:
    stream = Stream(
        kind="event",
        parent=calendar_of(call, named=named).key,
        tell=tell_plainly("event"),
        refused=("$filter", "$orderby", "$search"),
    )
    return answer_round(call, stream)


# --- writing ---


def _post(call: Call, *, named: bool = False) -> Answer:
    parent = calendar_of(call, named=named).key
    body = call.json()
    fields, properties = accepted("event", body)
    transaction = fields.get("transactionId")
    known = call.mailbox.transactions.get(transaction) if transaction else None
    if known is not None and known in call.mailbox.items:
        return entity(call, "event", call.mailbox.items[known], "events", 201)
    item = new_event(call.tenant, call.mailbox, parent, fields, properties)
    if transaction:
        call.mailbox.transactions[transaction] = item.key
    invite(call, item, guests(call.mailbox, item))
    answer = entity(call, "event", item, "events", 201)
    answer.wrote = True
    return answer


def new_event(
    tenant: Tenant,
    mailbox: Mailbox,
    parent: int,
    fields: Json,
    properties: dict[str, str],
) -> Item:
    """Store an event; nobody is told.

    Raises:
        GraphError: 400, its times cannot stand.
    """
    uid = fields.get("uid") or UID_PREFIX + uuid.uuid4().hex.upper()
    draft = Item(0, "event", parent, {**fields, "uid": uid}, properties=properties)
    draft.fields.setdefault("organizer", recipient(mailbox.name, mailbox.address))
    _normalize_people(draft.fields)
    settle_times(draft)
    for side, name in (
        ("start", "originalStartTimeZone"),
        ("end", "originalEndTimeZone"),
    ):
        draft.fields[name] = fields.get(name) or draft.fields[side]["timeZone"]
    item = tenant.create(mailbox, draft)
    mailbox.meetings[uid] = item.key
    return item


def _normalize_people(fields: Json) -> None:
    for person in fields.get("attendees") or []:
        address = person.setdefault("emailAddress", {})
        address.setdefault("name", address.get("address", ""))
        person.setdefault("type", "required")
        person.setdefault("status", {"response": "none", "time": NEVER})


def invite(call: Call, item: Item, people: set[str]) -> None:
    """Send what the organizer's write sends, and count it."""
    if not is_organizer(item) or not people:
        return
    call.service.counters.guest_mails += len(people)
    share(call.tenant, call.mailbox, call.mailbox.items[item.key])


def _patch(call: Call) -> Answer:
    found = call.item("event", call.args[-1])
    call.check_match(found)
    body = call.json()
    fields, properties = accepted("event", body)
    fields.pop("transactionId", None)
    fields.pop("organizer", None)
    _normalize_people(fields)
    former = guests(call.mailbox, found)
    if found.day is not None:
        change_occurrence(call.tenant, call.mailbox, found, fields, properties)
    else:
        change_event(call.tenant, call.mailbox, found, fields, properties)
    # A new shape gives the occurrences new ids; the master's stays.
    changed = call.item("event", call.args[-1])
    _tell_guests(call, changed, former, fields)
    answer = entity(call, "event", changed, "events")
    answer.wrote = True
    return answer


def _tell_guests(call: Call, item: Item, former: set[str], fields: Json) -> None:
    if not fields.keys() - OWN_STATE:
        return
    people = guests(call.mailbox, item)
    if is_organizer(item) and former - people:
        withdraw(call.tenant, call.mailbox, item, former - people)
    invite(call, item, people | former)


def change_event(
    tenant: Tenant,
    mailbox: Mailbox,
    item: Item,
    fields: Json,
    properties: dict[str, str],
) -> None:
    """Apply new properties to a single event or a master; nobody is told.

    Raises:
        GraphError: 400, the times cannot stand; then nothing has changed.
    """
    draft = copy.copy(item)
    draft.fields = {**item.fields, **copy.deepcopy(fields)}
    if "recurrence" in fields:
        draft.fields.pop("shownRecurrenceZone", None)
    if "location" in fields and "locations" not in fields:
        draft.fields["locations"] = []
    if "recurrence" not in fields and draft.fields.get("recurrence"):
        # A series that is dragged to another day starts there.
        draft.fields["recurrence"] = _starting_anew(draft.fields["recurrence"])
    settle_times(draft)
    for side, name in (
        ("start", "originalStartTimeZone"),
        ("end", "originalEndTimeZone"),
    ):
        if side in fields:
            draft.fields[name] = draft.fields[side]["timeZone"]
    carry_series(item, draft, mailbox.sequence + 1)
    item.former = draft.former
    item.fields, item.series, item.span = draft.fields, draft.series, draft.span
    item.properties = {**item.properties, **properties}
    tenant.touch(mailbox, item)


def _starting_anew(recurrence: Json) -> Json:
    span = {k: v for k, v in recurrence["range"].items() if k != "startDate"}
    return {**recurrence, "range": span}


def change_occurrence(
    tenant: Tenant,
    mailbox: Mailbox,
    found: Item,
    fields: Json,
    properties: dict[str, str],
) -> None:
    """Make one occurrence of a series an exception; nobody is told.

    Raises:
        GraphError: 400, the times cannot stand; then nothing has changed.
    """
    if fields.get("recurrence"):
        raise GraphError(400, "ErrorInvalidRequest", "An occurrence has no recurrence.")
    fields = {k: v for k, v in fields.items() if k != "recurrence"}
    draft = copy.copy(found)
    draft.fields = {**found.fields, **copy.deepcopy(fields)}
    settle_times(draft)
    for side in ("start", "end"):
        if side in fields:
            fields[side] = draft.fields[side]
    master = mailbox.items[found.key]
    exception = exception_of(master, found.day or "")
    exception["fields"] |= fields
    exception["properties"] |= properties
    tenant.touch(mailbox, master)
    exception["version"] = master.version
    exception["modified"] = master.modified


def _delete(call: Call) -> Answer:
    found = call.item("event", call.args[-1])
    call.check_match(found)
    if found.day is not None and call.tenant.quirks.ignored_occurrence_deletions:
        return Answer(204)
    master = call.mailbox.items[found.key]
    people = guests(call.mailbox, found)
    if is_organizer(master) and not found.fields.get("isCancelled"):
        call.service.counters.guest_mails += len(people)
    delete_event(call.tenant, call.mailbox, found)
    return Answer(204, wrote=True)


def delete_event(tenant: Tenant, mailbox: Mailbox, found: Item) -> None:
    """Remove an event, or one occurrence of it, and cancel guests' copies."""
    master = mailbox.items[found.key]
    if found.day is not None and master.series is not None:
        is_told = not tenant.quirks.silent_occurrence_deletions
        if is_organizer(master):
            withdraw(tenant, mailbox, found)
        master.series["exceptions"].pop(found.day, None)
        tenant.touch(mailbox, master, is_told=is_told)
        master.series["cancelled"][found.day] = master.version if is_told else 0
        return
    if is_organizer(master):
        withdraw(tenant, mailbox, master)
    tenant.remove(mailbox, master)


ROUTES: list[Route] = [
    ("GET", "events", _list),
    ("POST", "events", _post),
    ("GET", "calendar/events", _list),
    ("POST", "calendar/events", _post),
    ("GET", "calendars/{id}/events", lambda call: _list(call, named=True)),
    ("POST", "calendars/{id}/events", lambda call: _post(call, named=True)),
    ("GET", "calendarView", _view),
    ("GET", "calendar/calendarView", _view),
    ("GET", "calendars/{id}/calendarView", lambda call: _view(call, named=True)),
    ("GET", "calendarView/delta", _view_delta),
    ("GET", "calendar/calendarView/delta", _view_delta),
    (
        "GET",
        "calendars/{id}/calendarView/delta",
        lambda call: _view_delta(call, named=True),
    ),
    ("GET", "events/delta", _delta),
    ("GET", "calendar/events/delta", _delta),
    ("GET", "calendars/{id}/events/delta", lambda call: _delta(call, named=True)),
]
for _root in ("events/{id}", "calendar/events/{id}", "calendars/{id}/events/{id}"):
    ROUTES += [
        ("GET", _root, _get),
        ("PATCH", _root, _patch),
        ("DELETE", _root, _delete),
        ("GET", f"{_root}/instances", _instances),
    ]
