"""Refuses bodies that Graph refuses, in its words."""

from __future__ import annotations

import re
from typing import Any

from syncline.sandbox.microsoft365.entities import Json
from syncline.sandbox.microsoft365.faults import GraphError
from syncline.sandbox.microsoft365.fields import RESOURCES, Field
from syncline.sandbox.microsoft365.zones import UnknownZoneError, parse_stamp, zone

_PROPERTY_ID = re.compile(
    r"(?P<type>\w+)\s+(?:(?P<guid>\{[0-9a-fA-F-]{36}\})\s+"
    r"(?P<what>Name\s+.+|Id\s+0x[0-9a-fA-F]+)|(?P<tag>0x[0-9a-fA-F]+))",
    re.IGNORECASE,
)
_PYTHON_TYPES: dict[str, type] = {
    "text": str,
    "boolean": bool,
    "integer": int,
    "object": dict,
    "body": dict,
    "moment": dict,
    "recipient": dict,
    "texts": list,
    "objects": list,
    "recipients": list,
}
_ELEMENT_TYPES = {"texts": str, "objects": dict, "recipients": dict}
EXTENDED = "singleValueExtendedProperties"
_CATEGORY_LIMIT = 255


def unreadable(message: str) -> GraphError:
    """The refusal of a body that does not fit the type."""
    return GraphError(400, "RequestBodyRead", message)


def invalid(message: str) -> GraphError:
    """The refusal of a value that fits the type but not the rules."""
    return GraphError(400, "ErrorPropertyValidationFailure", message)


def accepted(kind: str, body: object) -> tuple[Json, dict[str, str]]:
    """The settable properties of a body, and its extended properties.

    Raises:
        GraphError: 400, something in it is not acceptable.
    """
    if not isinstance(body, dict):
        raise unreadable("A JSON object was expected.")
    type_name, table = RESOURCES[kind]
    fields: Json = {}
    for name, value in body.items():
        if "@" in name or name in (EXTENDED, "extensions"):
            continue
        field = table.get(name)
        if field is None:
            raise unreadable(
                f"The property '{name}' does not exist on type "
                f"'microsoft.graph.{type_name}'. Make sure to only use property "
                "names that are defined by the type or mark the type as open type."
            )
        if field.computed:
            continue
        _check(name, value, field)
        fields[name] = value
    return fields, extended_properties(body.get(EXTENDED) or [])


def _check(name: str, value: Any, field: Field) -> None:  # any JSON
    if value is None:
        return
    if not _is_a(value, _PYTHON_TYPES[field.type]):
        raise unreadable(f"Cannot read the value of property '{name}'.")
    element = _ELEMENT_TYPES.get(field.type)
    if element and not all(isinstance(one, element) for one in value):
        raise unreadable(f"Cannot read an element of property '{name}'.")
    if field.choices and value not in field.choices:
        raise unreadable(
            f"Requested value '{value}' of property '{name}' was not found."
        )
    if field.limit and len(value) > field.limit:
        raise invalid(f"Property '{name}' may have a length of {field.limit} at most.")
    if field.type in ("recipient", "recipients"):
        people = value if isinstance(value, list) else [value]
        _check_addresses(name, [one.get("emailAddress") for one in people])
    elif name == "emailAddresses":
        _check_addresses(name, value)
    if field.type == "moment":
        check_moment(name, value)
    elif field.type == "body":
        _check_body(name, value)
    elif name == "categories" and any(len(one) > _CATEGORY_LIMIT for one in value):
        raise invalid("A category may have at most 255 characters.")


def _check_addresses(name: str, addresses: list[Any]) -> None:
    for one in addresses:
        parts = (one.get("address"), one.get("name")) if _is_a(one, dict) else (0,)
        if not all(isinstance(part, str | None) for part in parts):
            raise unreadable(f"Cannot read an e-mail address of property '{name}'.")


def _is_a(value: object, expected: type) -> bool:
    """JSON knows no integer that is a truth value, other than Python."""
    if isinstance(value, bool):
        return expected is bool
    return isinstance(value, expected)


def _check_body(name: str, value: Json) -> None:
    content_type = value.get("contentType", "text")
    if not isinstance(content_type, str) or content_type.lower() not in (
        "text",
        "html",
    ):
        raise unreadable(f"Requested value of '{name}/contentType' was not found.")
    if not isinstance(value.get("content", ""), str | None):
        raise unreadable(f"Cannot read the value of property '{name}/content'.")


def check_moment(name: str, value: Json) -> None:
    """Refuse a `dateTimeTimeZone` that is not one.

    Raises:
        GraphError: 400.
    """
    try:
        parse_stamp(value["dateTime"])
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise unreadable(
            f"Cannot convert the literal of '{name}/dateTime' to the expected type "
            "'Edm.String' holding a date and time."
        ) from error
    zone_name = value.get("timeZone") or "UTC"
    try:
        zone(str(zone_name))
    except UnknownZoneError as error:
        raise GraphError(
            400,
            "TimeZoneNotSupportedException",
            f"A valid TimeZone value must be specified. The following TimeZone value "
            f"is not supported: '{zone_name}'.",
        ) from error


def extended_properties(raw: object) -> dict[str, str]:
    """Extended properties of a body, by canonical id.

    Raises:
        GraphError: 400, an id or a value is not acceptable.
    """
    if not isinstance(raw, list):
        raise unreadable(f"Cannot read the value of property '{EXTENDED}'.")
    found: dict[str, str] = {}
    for entry in raw:
        if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
            raise unreadable(f"Cannot read an element of property '{EXTENDED}'.")
        value = entry.get("value")
        if value is not None and not isinstance(value, str):
            raise unreadable("The value of an extended property is a string.")
        found[canonical_property_id(entry["id"])] = value or ""
    return found


def canonical_property_id(text: str) -> str:
    """One spelling for equal property ids: the GUID in lower case.

    Raises:
        GraphError: 400, it is not a property id.
    """
    match = _PROPERTY_ID.fullmatch(text.strip())
    if match is None:
        raise GraphError(
            400,
            "ErrorInvalidProperty",
            f"The property id '{text}' is not in a format that is supported.",
        )
    type_name = match["type"][0].upper() + match["type"][1:]
    if match["tag"]:
        return f"{type_name} 0x{int(match['tag'], 16):x}"
    what, _, rest = match["what"].partition(" ")
    return f"{type_name} {match['guid'].lower()} {what.capitalize()} {rest.strip()}"
