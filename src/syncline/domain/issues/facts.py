"""Facts for the catalog's placeholders, read out of a provider's answer.

Providers answer in the person's language: what is read here completes a text,
it never decides which cause it is. Nothing secret and no body text comes out.
"""

from __future__ import annotations

import re

from syncline.domain.issues.texts import clean, join_names
from syncline.domain.values.faults import Fault
from syncline.domain.values.kinds import Kind, Side

REASON_LENGTH = 200

_THINGS = {
    Kind.EVENT: "event",
    Kind.CONTACT: "contact",
    Kind.TASK: "task",
    Kind.MESSAGE: "e-mail",
}
_PLACES = {Side.MAILBOX: "the mailbox", Side.CRM: "Salesforce"}
_SERVICES = {"microsoft365": "Microsoft 365", "salesforce": "Salesforce"}

#: Labels that the pages of Salesforce show for API names that do not say them.
_LABELS = {
    "AccountId": "Account",
    "ActivityDate": "Date",
    "EndDateTime": "End",
    "IsAllDayEvent": "All-day event",
    "OwnerId": "Owner",
    "StartDateTime": "Start",
    "WhatId": "Related to",
    "WhoId": "Name",
}

_FIELD_LISTS = (
    re.compile(r"\[(\w+(?:\s*,\s*\w+)*)\]"),
    re.compile(r"update fields: (\w+(?:\s*,\s*\w+)*)"),
    re.compile(r"No such column '(\w+)'"),
)
_LIMIT = re.compile(r"max length\s*=\s*(\d+)")
_LABEL = re.compile(r"^([^:\n]{1,80}): ")
_PICKLIST_VALUE = re.compile(r"picklist field: (.{1,255})$", re.S)
_EMAIL_VALUE = re.compile(r"email address: (\S{1,254})")
_USER_ID = re.compile(r"\[(005\w{12}(?:\w{3})?)\]")
_RECORD_ID = re.compile(r"record with id: (\w{15}(?:\w{3})?)\b")
_INNER_ERROR = re.compile(r"first error: ([A-Z_]+),\s*(.*)", re.S)
_APEX_TAIL = re.compile(r":?\s*\[[^\]]*\]\s*(?:\(.*)?(?:Trigger\.|Class\.)?.*$", re.S)

_TOO_LARGE = re.compile(r"(data value too large: ).*?(\s*\(max length|$)", re.S)
_SECRETS = re.compile(
    r"bearer\s+\S+"
    r"|\b(?:access|refresh|id)_?token\b\W*\S+"
    r"|\b(?:client_)?secret\b\W*\S+"
    r"|\beyJ[\w-]+(?:\.[\w-]*)*"
    r"|\b00D\w{9,15}![\w.]+"
    r"|\b5Aep[\w.]+"
    r"|[\w+/=.~-]{40,}",
    re.I,
)


def facts(fault: Fault, slug: str, *, kind: Kind | None, side: Side) -> dict[str, str]:
    """What the texts of cause `slug` can say about this fault."""
    fields = fault.fields or _named_fields(fault.message)
    found = naming(kind, side) | {
        "fields": join_names(fields),
        "field_labels": _labels(fault, fields, slug),
        "service": _SERVICES.get(fault.provider, ""),
        "limit": _first(_LIMIT, fault.message),
        "reason": redact(fault.message),
        "provider_code": clean(fault.code),
    }
    found |= _special(fault, slug)
    return {name: value for name, value in found.items() if value}


def naming(kind: Kind | None, side: Side | None) -> dict[str, str]:
    """The words for what it is about, and for the side that was to be changed."""
    named = {"thing": _THINGS[kind]} if kind else {}
    return named | ({"place": _PLACES[side]} if side else {})


def redact(message: str, length: int = REASON_LENGTH) -> str:
    """A provider's text, short, without secrets and without the person's text."""
    text = _TOO_LARGE.sub(r"\1…\2", message)
    text = clean(_SECRETS.sub("…", text))
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def inner_error(message: str) -> tuple[str, str] | None:
    """The code and text that an Apex trigger passed on, if it names them.

    Salesforce wraps them: `…: System.DmlException: … first error: CODE, text: []`.
    """
    match = _INNER_ERROR.search(message)
    if match is None:
        return None
    return match.group(1), _APEX_TAIL.sub("", match.group(2)).strip()


def readable_label(api_name: str) -> str:
    """A label for a field whose real one is not known: LastName -> Last name."""
    if api_name in _LABELS:
        return _LABELS[api_name]
    bare = re.sub(r"__\w$", "", api_name.rsplit(".", maxsplit=1)[-1])
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|_+", " ", bare).strip()
    words = [word if word.isupper() else word.lower() for word in spaced.split()]
    text = " ".join(words)
    return text[:1].upper() + text[1:]


def _special(fault: Fault, slug: str) -> dict[str, str]:
    message = fault.message
    match slug:
        case "validation_rule":
            return {"rule_message": redact(message)}
        case "duplicate_rule" | "exists_already" | "several_matches":
            matches = fault.matches or tuple(_RECORD_ID.findall(message))
            rule = redact(message) if slug == "duplicate_rule" else ""
            count = str(len(matches)) if matches else ""
            listed = join_names(matches)
            return {"matches": listed, "count": count, "rule_message": rule}
        case "inactive_owner" | "invalid_owner":
            return {"owner": _first(_USER_ID, message)}
        case "picklist_value":
            return {"value": clean(_first(_PICKLIST_VALUE, message))}
        case "invalid_email":
            return {"value": clean(_first(_EMAIL_VALUE, message))}
        case _:
            return {}


def _named_fields(message: str) -> tuple[str, ...]:
    if _USER_ID.search(message):
        return ()
    listed = next((found for p in _FIELD_LISTS if (found := _first(p, message))), "")
    if not listed:
        return ()
    return tuple(name.strip() for name in listed.split(","))


def _labels(fault: Fault, fields: tuple[str, ...], slug: str) -> str:
    """The label in front of the message where it has one, else readable names."""
    is_labeled = slug in {"value_too_long", "picklist_value", "invalid_email"}
    if is_labeled and len(fields) <= 1 and (label := _first(_LABEL, fault.message)):
        return clean(label)
    return join_names([readable_label(name) for name in fields])


def _first(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match.group(1).strip() if match else ""
