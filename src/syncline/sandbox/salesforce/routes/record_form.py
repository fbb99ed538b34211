"""The form of one record: its inputs, and what a person changed in them."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.datastructures import FormData

from syncline.sandbox.salesforce.entities import Field, Json, SObject, Values
from syncline.sandbox.salesforce.store import Org

#: Inputs that make an event a series.
RULE, KIND = "_rule", "_series"
MINUTE_LENGTH = len("2026-11-24T10:00")
_TIMES = ("StartDateTime", "EndDateTime")
_DAYS = ("ActivityDate", "EndDate")
FORMS: dict[str, tuple[str, ...]] = {
    "Contact": (
        "Salutation", "FirstName", "LastName", "AccountId", "Title", "Department",
        "Email", "Phone", "MobilePhone", "MailingStreet", "MailingCity",
        "MailingPostalCode", "MailingCountry", "OwnerId", "Description",
    ),
    "Event": (
        "Subject", *_TIMES, "Location", "ShowAs", "IsPrivate", "OwnerId",
        "Description",
    ),
    "Task": (
        "Subject", "ActivityDate", "Status", "Priority", "WhoId", "WhatId", "OwnerId",
        "Description",
    ),
    "Account": ("Name", "Phone", "Website", "OwnerId", "Description"),
    "Lead": (
        "FirstName", "LastName", "Company", "Email", "Phone", "Title", "OwnerId",
    ),
    "Opportunity": ("Name", "AccountId", "StageName", "CloseDate", "OwnerId"),
    "Site_Visit__c": (
        "Name", "Account__c", "Starts_At__c", "Ends_At__c", "Site__c", "OwnerId",
        "Notes__c",
    ),
    "Contract_Renewal__c": (
        "Name", "Account__c", "Renewal_Date__c", "OwnerId", "Notes__c",
    ),
}  # fmt: skip
_INPUTS = {
    "boolean": "select",
    "picklist": "select",
    "reference": "select",
    "datetime": "datetime-local",
    "date": "date",
    "textarea": "textarea",
}


@dataclass(frozen=True, slots=True)
class Input:
    """One field of the form."""

    name: str
    label: str
    kind: str
    value: str
    required: bool
    options: list[tuple[str, str]]


def form_fields(sobject: SObject, values: Values) -> list[Field]:
    """The fields that a person can fill in."""
    names = FORMS.get(sobject.name, ())
    if values.get("IsAllDayEvent"):
        days = dict(zip(_TIMES, _DAYS, strict=True))
        names = tuple(days.get(name, name) for name in names)
    return [sobject.fields[name] for name in names if name in sobject.fields]


def input_of(org: Org, column: Field, values: Values, given: dict[str, str]) -> Input:
    """One input; `given` is what the person typed before."""
    shown = given.get(column.name, _spelled(column, values.get(column.name)))
    kind = _INPUTS.get(column.type, "text")
    label = column.label.removesuffix(" ID")
    if column.type == "datetime":
        label += " (UTC)"
    options = _options(org, column) if kind == "select" else []
    return Input(column.name, label, kind, shown, column.required, options)


def _spelled(column: Field, value: Json) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    text = "" if value is None else str(value)
    return text[:MINUTE_LENGTH] if column.type == "datetime" else text


def _options(org: Org, column: Field) -> list[tuple[str, str]]:
    if column.type == "boolean":
        return [("false", "No"), ("true", "Yes")]
    if column.type == "picklist":
        values = [(value, value) for value in column.picklist]
    else:
        table = org.tables[column.reference_to[0]]
        values = [(r.id, r.title) for r in table.records.values() if not r.deleted]
    return values if not column.nillable else [("", "--None--"), *values]


def read_changes(fields: list[Field], before: Values, form: FormData) -> Values:
    """What a person changed in the form, as a request would say it."""
    changes: Values = {}
    for column in fields:
        text = form.get(column.name)
        if not isinstance(text, str):
            continue
        text = text.replace("\r\n", "\n")
        if text == _spelled(column, before.get(column.name)):
            continue
        if column.type == "datetime" and text:
            text += ":00Z"
        changes[column.name] = text or None
    return changes


def series_inputs(sobject: SObject, given: dict[str, str]) -> list[Input]:
    """What makes a new event the first of a series."""
    if sobject.name != "Event":
        return []
    kinds = [("lightning", "Lightning"), ("classic", "Classic")]
    kind, rule = given.get(KIND, "lightning"), given.get(RULE, "")
    return [
        Input(RULE, "Repeats (RRULE)", "text", rule, required=False, options=[]),
        Input(KIND, "Kind of series", "select", kind, required=False, options=kinds),
    ]
