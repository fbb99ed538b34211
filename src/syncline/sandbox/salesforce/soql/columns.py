"""Finds the fields that a query names, across relationships."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from syncline.sandbox.salesforce.entities import Field, Json, Record, SObject
from syncline.sandbox.salesforce.faults import RefusedError, refuse
from syncline.sandbox.salesforce.soql.parser import Query
from syncline.sandbox.salesforce.soql.tokens import Token, marked
from syncline.sandbox.salesforce.store import Org

MOST_STEPS = 5
_ADVICE = (
    " If you are attempting to use a custom field, be sure to append the '__c' after "
    "the custom field name. Please reference your WSDL or the describe call for the "
    "appropriate names."
)

Reader = Callable[[Record], Json]


@dataclass(frozen=True, slots=True)
class Column:
    """A field, reached over zero or more references."""

    #: Reference fields to follow, from the queried object on.
    steps: tuple[Field, ...]
    field: Field

    def target(self, org: Org, record: Record) -> Record | None:
        """The record that holds the value; None when a reference is empty."""
        here: Record | None = record
        for step in self.steps:
            key = here.values.get(step.name) if here else None
            here = org.find_record(key) if key else None
        return here

    def reader(self, org: Org) -> Reader:
        """How to read the value from a record."""
        name = self.field.name
        if not self.steps:
            return lambda record: record.values.get(name)

        def read(record: Record) -> Json:
            target = self.target(org, record)
            if target is None:
                return None
            return target.sobject if name == "Type" else target.values.get(name)

        return read


def queried_object(org: Org, query: Query) -> SObject:
    """The object after FROM.

    Raises:
        RefusedError: INVALID_TYPE.
    """
    found = org.find_sobject(query.sobject.text)
    if found is None:
        text = (
            f"sObject type '{query.sobject.text}' is not supported. If you are "
            "attempting to use a custom object, be sure to append the '__c' after the "
            "entity name. Please reference your WSDL or the describe call for the "
            "appropriate names."
        )
        raise refuse("INVALID_TYPE", marked(query.text, query.sobject.at, text))
    return found


def find_children(org: Org, sobject: SObject, query: Query) -> tuple[SObject, Field]:
    """The object that a sub-query is over, and its reference to `sobject`.

    Raises:
        RefusedError: INVALID_TYPE.
    """
    name = query.sobject.text.lower()
    for child in org.shown_sobjects():
        for field in child.fields.values():
            if field.children.lower() == name and sobject.name in field.reference_to:
                return child, field
    text = (
        f"Didn't understand relationship '{query.sobject.text}' in FROM part of query "
        "call."
    )
    raise refuse("INVALID_TYPE", marked(query.text, query.sobject.at, text))


def find_column(org: Org, query: Query, sobject: SObject, token: Token) -> Column:
    """The column that a token names.

    Raises:
        RefusedError: INVALID_FIELD.
    """
    *path, last = token.text.split(".")
    if path and path[0].lower() == sobject.name.lower():
        path = path[1:]
    steps: list[Field] = []
    here = [sobject]
    for name in path[:MOST_STEPS]:
        found = [o.by_relationship.get(name.lower()) for o in here]
        step = next((f for f in found if f is not None), None)
        if step is None:
            text = f"Didn't understand relationship '{name}' in field path."
            raise _invalid(query, token, text)
        steps.append(step)
        here = [org.sobjects[target] for target in step.reference_to]
    for place in here:
        field = place.find(last)
        if field is not None:
            return Column(tuple(steps), field)
    if steps and last.lower() == "type":
        return Column(tuple(steps), Field(name="Type", label="Type", type="string"))
    text = f"No such column '{last}' on entity '{here[0].name}'.{_ADVICE}"
    raise _invalid(query, token, text)


def _invalid(query: Query, token: Token, message: str) -> RefusedError:
    return refuse("INVALID_FIELD", marked(query.text, token.at, message))
