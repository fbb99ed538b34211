"""E-mail messages: people become rows, a task tells of it, and little changes later.

Only a draft can be changed. Files can be added to a message that is no draft only
if it was created with `IsClientManaged`.
"""

from __future__ import annotations

from syncline.sandbox.salesforce.behavior import Behavior
from syncline.sandbox.salesforce.entities import Record, Values
from syncline.sandbox.salesforce.faults import RefusedError, refuse
from syncline.sandbox.salesforce.mail_objects import JUNCTIONS
from syncline.sandbox.salesforce.moments import DAY_LENGTH
from syncline.sandbox.salesforce.platform import Actor
from syncline.sandbox.salesforce.store import Org
from syncline.sandbox.salesforce.tasks import TaskBehavior, closed_status

NEW, READ, DRAFT = "0", "1", "5"
TASK_DESCRIPTION_LENGTH = 32_000
TASK_SUBJECT_LENGTH = 255
#: What can be changed in a message that was sent.
ALWAYS_CHANGEABLE = {"IsExternallyVisible"}


def no_right() -> RefusedError:
    """What a change of a finished message is answered."""
    text = "insufficient access rights on object id"
    return refuse("INSUFFICIENT_ACCESS_OR_READONLY", text)


def check_takes_files(message: Record) -> None:
    """Refuse to add a file to a finished message that clients do not manage.

    Raises:
        RefusedError: It is one.
    """
    values = message.values
    if values["Status"] != DRAFT and not values.get("IsClientManaged"):
        raise no_right()


class MailBehavior(Behavior):
    """A row of EmailMessage."""

    def fill(
        self, actor: Actor, values: Values, given: Values, before: Record | None
    ) -> None:
        """Refuse a task that the platform did not make itself."""
        if given.get("ActivityId") and not values.get("ParentId"):
            raise no_right()

    def check_update(self, actor: Actor, record: Record, given: Values) -> None:
        """Refuse to change a message that is no draft."""
        status = record.values["Status"]
        if status == DRAFT:
            return
        fields = actor.org.sobjects["EmailMessage"].fields
        named = {n for n in given if not fields[n].custom} - ALWAYS_CHANGEABLE
        if named == {"Status"} and (status, given["Status"]) == (NEW, READ):
            return
        if named:
            raise no_right()

    def saved(self, actor: Actor, record: Record, before: Record | None) -> None:
        """Make rows of the people, and the task."""
        for name, kind in JUNCTIONS.items():
            old = (before.values.get(name) or []) if before else []
            new = record.values.get(name) or []
            if old != new:
                _write_people(actor, record, kind, new)
        is_task_due = record.values["Status"] != DRAFT and not record.values["ParentId"]
        if is_task_due and not record.values.get("ActivityId"):
            actor.change(record, {"ActivityId": _make_task(actor, record).id})

    def deleted(self, actor: Actor, record: Record) -> None:
        """Take rows and task along."""
        for row in _rows(actor.org, record):
            actor.discard(row)
        task = actor.org.find_record(record.values.get("ActivityId") or "")
        if task is not None:
            actor.discard(task)


def _rows(org: Org, message: Record) -> list[Record]:
    table = org.tables["EmailMessageRelation"]
    rows = table.under("EmailMessageId", message.id)
    return [row for row in rows if not row.deleted]


def _write_people(actor: Actor, message: Record, kind: str, ids: list[str]) -> None:
    for row in _rows(actor.org, message):
        if row.values["RelationType"] == kind:
            actor.discard(row)
    for person_id in ids:
        person = actor.org.find_record(person_id)
        if person is not None:
            values = {
                "EmailMessageId": message.id,
                "RelationId": person.id,
                "RelationType": kind,
                "RelationAddress": person.values.get("Email"),
                "RelationObjectType": person.sobject,
            }
            actor.add("EmailMessageRelation", values)


def _make_task(actor: Actor, message: Record) -> Record:
    values = message.values
    people = [i for name in JUNCTIONS for i in values.get(name) or []]
    who = next((i for i in people if _is_customer(actor.org, i)), None)
    what = values.get("RelatedToId")
    found = actor.org.find_record(who) if who else None
    if what and found is not None and found.sobject == "Lead":
        who = None
    sent = values.get("MessageDate") or actor.org.stamp()
    task: Values = {
        "Subject": f"Email: {values.get('Subject') or ''}"[:TASK_SUBJECT_LENGTH],
        "Description": (values.get("TextBody") or "")[:TASK_DESCRIPTION_LENGTH],
        "Status": closed_status(actor.org),
        "Priority": "Normal",
        "TaskSubtype": "Email",
        "ActivityDate": sent[:DAY_LENGTH],
        "OwnerId": actor.user_id,
        "WhoId": who,
        "WhatId": what,
    }
    logic = TaskBehavior()
    logic.fill(actor, task, task, None)
    made = actor.add("Task", task)
    logic.saved(actor, made, None)
    return made


def _is_customer(org: Org, person_id: str) -> bool:
    person = org.find_record(person_id)
    return person is not None and person.sobject in ("Contact", "Lead")
