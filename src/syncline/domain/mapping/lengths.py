"""How much text a record field takes, and the words for what was cut.

Only free text may be cut: half an address, number or id is a wrong one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from syncline.domain.issues.facts import naming, readable_label
from syncline.domain.issues.texts import join_names
from syncline.domain.mapping.converters import PLAIN_TYPES
from syncline.domain.mapping.cuts import Cut
from syncline.domain.mapping.facts import FieldFacts
from syncline.domain.mapping.rules import KindMapping
from syncline.domain.values.kinds import Kind

#: Lengths of standard fields, the same in every org (facts: salesforce.md, 8).
_EVENT = {"Subject": 255, "Location": 255, "Description": 32_000}
_TASK = {"Subject": 255, "Description": 32_000}
_ADDRESS = {"Street": 255, "City": 40, "State": 80, "PostalCode": 20, "Country": 80}
_CONTACT = {
    "FirstName": 40,
    "LastName": 80,
    "MiddleName": 40,
    "Suffix": 40,
    "Title": 128,
    "Department": 80,
    "AssistantName": 40,
    "Description": 32_000,
    **{f"{p}{name}": n for p in ("Mailing", "Other") for name, n in _ADDRESS.items()},
}
_STANDARD: Mapping[Kind, Mapping[str, int]] = {
    Kind.EVENT: _EVENT,
    Kind.CONTACT: _CONTACT,
    Kind.TASK: _TASK,
}
_EMAIL_MESSAGE = {"Subject": 3_000, "FromName": 1_000}
_CUTTABLE = PLAIN_TYPES | {"combobox"}

_NOTHING: Mapping[str, FieldFacts] = MappingProxyType({})


def lengths_of(
    mapping: KindMapping, facts: Mapping[str, FieldFacts] = _NOTHING
) -> dict[str, int]:
    """Characters that the text fields of a table take, for `cuts.fit`.

    Args:
        mapping: The table.
        facts: What the org says; without it only standard fields are known.
    """
    names = {name for row in mapping.rows for name in row.record}
    standard = _STANDARD[mapping.kind]
    lengths = {n: length for n, length in standard.items() if n in names}
    for name in names & set(facts):
        fact = facts[name]
        lengths[name] = fact.length if fact.type in _CUTTABLE else 0
    return {name: length for name, length in lengths.items() if length}


def lengths_of_message(fields: Iterable[str]) -> dict[str, int]:
    """The same for a message; its body was made to fit when it was mapped."""
    is_email_message = "MessageIdentifier" in fields
    return dict(_EMAIL_MESSAGE if is_email_message else _TASK)


def told(
    kind: Kind, cuts: Iterable[Cut], facts: Mapping[str, FieldFacts] = _NOTHING
) -> dict[str, str]:
    """Facts of a finding `text_was_cut`."""
    found = tuple(cuts)
    labels = [
        facts[c.field].shown if c.field in facts else readable_label(c.field)
        for c in found
    ]
    limits = {c.limit for c in found}
    params = {
        **naming(kind, None),
        "field_labels": join_names(labels),
        "fields": join_names([c.field for c in found]),
    }
    if len(limits) == 1:
        params["limit"] = str(limits.pop())
    return params
