"""Invitees of events: rows that answer, and the copies that invited users get."""

from __future__ import annotations

from dataclasses import replace

from syncline.sandbox.salesforce.activity import account_of
from syncline.sandbox.salesforce.behavior import Behavior
from syncline.sandbox.salesforce.blueprints import KEY_FIELD
from syncline.sandbox.salesforce.entities import Record, Values
from syncline.sandbox.salesforce.faults import RefusedError, refuse
from syncline.sandbox.salesforce.platform import Actor
from syncline.sandbox.salesforce.store import Org

INVITABLE = ("Contact", "Lead", "User")
MOST_INVITEES = 1000
MOST_SERIES_INVITEES = 100
#: What the invited user decides, and what belongs to one record alone.
_OWN = {
    "OwnerId", "IsReminderSet", "ReminderDateTime", "ShowAs", "IsRecurrence",
    KEY_FIELD,
}  # fmt: skip
#: All that a guest may change of the own copy.
CHILD_FIELDS = {"IsReminderSet", "ReminderDateTime", "ShowAs"}


def child_values(org: Org, event: Record) -> Values:
    """What a guest's copy shares with the event."""
    fields = org.sobjects["Event"].fields
    shared = {
        name: event.values.get(name)
        for name, column in fields.items()
        if column.createable and not column.custom and name not in _OWN
    }
    group = {"IsGroupEvent": True, "GroupEventType": "1", "IsChild": True}
    return shared | group | {"AccountId": event.values.get("AccountId")}


def rows_of(org: Org, event_id: str) -> list[Record]:
    """The undeleted rows of an event."""
    rows = org.tables["EventRelation"].under("EventId", event_id)
    return [row for row in rows if not row.deleted]


def child_of(org: Org, row: Record) -> Record | None:
    """The copy that the user of a row got."""
    child = org.find_record(row.values.get("_ChildId") or "")
    return None if child is None or child.deleted else child


def follow_event(actor: Actor, event: Record) -> None:
    """Carry a change of an event to its guests' copies."""
    for row in rows_of(actor.org, event.id):
        child = child_of(actor.org, row)
        if child is not None:
            actor.change(child, child_values(actor.org, event))


class InviteeBehavior(Behavior):
    """A row of EventRelation."""

    def fill(
        self, actor: Actor, values: Values, given: Values, before: Record | None
    ) -> None:
        """Find out whether the row invites, and whether it may."""
        org = actor.org
        event = org.find_record(values["EventId"])
        if event is None:
            raise refuse("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")
        if before is None and "IsInvitee" not in given:
            invites = not (values.get("IsParent") or values.get("IsWhat"))
            values["IsInvitee"] = given["IsInvitee"] = invites
        _check_event(event)
        _check_person(org, event, values)
        values["AccountId"] = account_of(org, {"WhoId": values["RelationId"]})
        answered = values.get("Status") not in ("New", "Uninvited")
        changed = before is None or before.values.get("Status") != values.get("Status")
        if changed and "RespondedDate" not in given:
            values["RespondedDate"] = org.stamp() if answered else None

    def find_same(self, actor: Actor, values: Values) -> Record | None:
        """One row a person: who the event is about can be invited as well."""
        rows = rows_of(actor.org, values["EventId"])
        for row in rows:
            if row.values["RelationId"] != values["RelationId"]:
                continue
            if row.values.get("IsInvitee") and values.get("IsInvitee"):
                text = f"duplicate value found: RelationId on record {row.id[:15]}"
                raise refuse("DUPLICATE_VALUE", text, "RelationId")
            return row
        _check_room(actor.org, values, rows)
        return None

    def check_update(self, actor: Actor, record: Record, given: Values) -> None:
        """Refuse a row of a guest's copy."""
        self.check_delete(actor, record)

    def check_delete(self, actor: Actor, record: Record) -> None:
        """Refuse a row of a guest's copy."""
        event = actor.org.find_record(record.values["EventId"])
        if event is not None:
            _check_event(event)

    def saved(self, actor: Actor, record: Record, before: Record | None) -> None:
        """Give an invited user a copy of the event."""
        org = actor.org
        if actor.mails_people and record.values.get("IsInvitee"):
            org.counters.invitee_mails += 1
        event = org.find_record(record.values["EventId"])
        person = org.find_record(record.values["RelationId"])
        if event is None:
            return
        _tell_event(actor, event, record, is_there=True)
        child = child_of(org, record)
        invited = bool(record.values.get("IsInvitee")) and person is not None
        if not invited and child is not None:
            actor.discard(child)
        if invited and person is not None and person.sobject == "User" and not child:
            values = child_values(org, event)
            own = {"OwnerId": person.id, "_ParentId": event.id}
            made = actor.add("Event", values | own)
            # The link is the platform's own and changes nothing for readers.
            linked = record.values | {"_ChildId": made.id}
            org.put(replace(record, values=linked), by_person=True)

    def deleted(self, actor: Actor, record: Record) -> None:
        """Take the copy along."""
        child = child_of(actor.org, record)
        if child is not None:
            actor.discard(child)
        event = actor.org.find_record(record.values["EventId"])
        if event is not None:
            _tell_event(actor, event, record, is_there=False)


def _tell_event(actor: Actor, event: Record, row: Record, *, is_there: bool) -> None:
    """Let the event say who it is about and whether it has guests."""
    if event.deleted or event.values.get("IsChild"):
        return
    org, person = actor.org, row.values["RelationId"]
    changes: Values = {}
    for mark, name in (("IsParent", "WhoId"), ("IsWhat", "WhatId")):
        held = event.values.get(name)
        marked = is_there and bool(row.values.get(mark))
        if held == person and not marked:
            changes[name] = None
        elif not held and marked:
            changes[name] = person
    if changes:
        changes["AccountId"] = account_of(org, event.values | changes)
    guests = any(each.values.get("IsInvitee") for each in rows_of(org, event.id))
    group = {"IsGroupEvent": guests, "GroupEventType": "1" if guests else "0"}
    actor.change(event, changes | group)


def _check_event(event: Record) -> None:
    if event.values.get("IsChild"):
        raise child_refused()


def child_refused() -> RefusedError:
    """What a change of a guest's copy is answered."""
    text = "insufficient access rights on object id: change the parent event"
    return refuse("INSUFFICIENT_ACCESS_OR_READONLY", text)


def _check_person(org: Org, event: Record, values: Values) -> None:
    if not values.get("IsInvitee"):
        return
    person = org.find_record(values["RelationId"])
    if person is None or person.sobject not in INVITABLE:
        text = "Only users, contacts, leads and resources can be invited."
        raise refuse("FIELD_INTEGRITY_EXCEPTION", text, "RelationId")
    if person.id == event.owner_id:
        text = "The owner of an event cannot be invited to it."
        raise refuse("FIELD_INTEGRITY_EXCEPTION", text, "RelationId")


def _check_room(org: Org, values: Values, rows: list[Record]) -> None:
    event = org.find_record(values["EventId"])
    in_series = event is not None and bool(event.values.get("RecurrenceActivityId"))
    most = MOST_SERIES_INVITEES if in_series else MOST_INVITEES
    if sum(bool(row.values.get("IsInvitee")) for row in rows) >= most:
        text = f"An event cannot have more than {most} invitees."
        raise refuse("LIMIT_EXCEEDED", text, "RelationId")
