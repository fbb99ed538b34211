"""Contacts, leads, cases and opportunities: what follows from their values."""

from __future__ import annotations

from syncline.sandbox.salesforce.behavior import Behavior
from syncline.sandbox.salesforce.entities import Record, Values
from syncline.sandbox.salesforce.faults import refuse
from syncline.sandbox.salesforce.objects import CLOSED_STAGES
from syncline.sandbox.salesforce.platform import Actor

NAME_PARTS = ("FirstName", "MiddleName", "LastName", "Suffix")
FIRST_CASE = 1001


def person_label(values: Values) -> str:
    """A person's full name."""
    return " ".join(str(values[p]) for p in NAME_PARTS if values.get(p))


class Person(Behavior):
    """A contact has a full name."""

    def fill(
        self, actor: Actor, values: Values, given: Values, before: Record | None
    ) -> None:
        """Put the name together."""
        values["Name"] = person_label(values)


class Prospect(Person):
    """A lead can be converted, and is read-only from then on."""

    def check_update(self, actor: Actor, record: Record, given: Values) -> None:
        """Refuse a converted lead."""
        if record.values.get("IsConverted"):
            text = "cannot reference converted lead"
            raise refuse("CANNOT_UPDATE_CONVERTED_LEAD", text)


class Complaint(Behavior):
    """A case has a number."""

    def fill(
        self, actor: Actor, values: Values, given: Values, before: Record | None
    ) -> None:
        """Give it the next number."""
        if not values.get("CaseNumber"):
            number = actor.org.tables["Case"].last_number + FIRST_CASE
            values["CaseNumber"] = f"{number:08d}"


class Deal(Behavior):
    """An opportunity is closed by its stage."""

    def fill(
        self, actor: Actor, values: Values, given: Values, before: Record | None
    ) -> None:
        """Say whether it is closed, and won."""
        stage = values.get("StageName")
        values["IsClosed"] = stage in CLOSED_STAGES
        values["IsWon"] = CLOSED_STAGES.get(stage or "", False)
