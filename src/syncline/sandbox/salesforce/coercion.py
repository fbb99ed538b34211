"""Turns JSON values of a write into stored ones, or says what is wrong."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable

from syncline.sandbox.salesforce.entities import Field, Json
from syncline.sandbox.salesforce.ids import long_id
from syncline.sandbox.salesforce.moments import read_day, read_moment, stamp

WRONG_TYPE = "INVALID_TYPE_ON_FIELD_IN_RECORD"
LARGEST_WHOLE = 2**31 - 1
_EMAIL = re.compile(r"[^@\s,;<>()\[\]\"]+@[^@\s,;<>()\[\]\"]+\.[^@\s.,;<>()\[\]\"]+")


class WrongTypeError(Exception):
    """A value that the field's type cannot hold."""

    def __init__(self, field: Field, value: Json) -> None:
        """Name the type and the value as the vendor's JSON reader does."""
        word = {"datetime": "datetime", "int": "integer", "currency": "double"}
        kind = "VALUE_STRING" if isinstance(value, str) else _json_kind(value)
        super().__init__(
            f"Cannot deserialize instance of {word.get(field.type, field.type)} from "
            f"{kind} value {value} or request may be missing a required field"
        )


def _json_kind(value: Json) -> str:
    if isinstance(value, bool):
        return f"VALUE_{str(value).upper()}"
    if isinstance(value, int):
        return "VALUE_NUMBER_INT"
    if isinstance(value, float):
        return "VALUE_NUMBER_FLOAT"
    return "START_OBJECT" if isinstance(value, dict) else "START_ARRAY"


def _as_boolean(field: Field, value: Json) -> Json:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    raise WrongTypeError(field, value)


def _as_whole(field: Field, value: Json) -> Json:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise WrongTypeError(field, value)
    try:
        whole = int(value)
    except (ValueError, OverflowError) as error:
        raise WrongTypeError(field, value) from error
    if abs(whole) > LARGEST_WHOLE:
        raise WrongTypeError(field, value)
    return whole


def _as_decimal(field: Field, value: Json) -> Json:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise WrongTypeError(field, value)
    return float(value)


def _as_day(field: Field, value: Json) -> Json:
    text = value if isinstance(value, str) else ""
    if day := read_day(text):
        return day.isoformat()
    if moment := read_moment(text):
        return moment.date().isoformat()
    raise WrongTypeError(field, value)


def _as_moment(field: Field, value: Json) -> Json:
    text = value if isinstance(value, str) else ""
    if moment := read_moment(text):
        return stamp(moment)
    if day := read_day(text):
        return f"{day.isoformat()}T00:00:00.000+0000"
    raise WrongTypeError(field, value)


def _as_text(field: Field, value: Json) -> Json:
    if isinstance(value, dict | list):
        raise WrongTypeError(field, value)
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    if field.type != "textarea":
        text = text.strip()
    return text or None


def _as_id(field: Field, value: Json) -> Json:
    text = _as_text(field, value)
    return text and (long_id(text) or text)


def _as_ids(field: Field, value: Json) -> Json:
    if not isinstance(value, list):
        raise WrongTypeError(field, value)
    return list(dict.fromkeys(_as_id(field, each) for each in value)) or None


def _as_base64(field: Field, value: Json) -> Json:
    text = value if isinstance(value, str) else ""
    try:
        base64.b64decode(text, validate=True)
    except ValueError as error:
        raise WrongTypeError(field, "") from error
    return text


_BY_TYPE: dict[str, Callable[[Field, Json], Json]] = {
    "boolean": _as_boolean,
    "int": _as_whole,
    "double": _as_decimal,
    "currency": _as_decimal,
    "date": _as_day,
    "datetime": _as_moment,
    "reference": _as_id,
    "id": _as_id,
    "junctionIdList": _as_ids,
    "base64": _as_base64,
}


def coerce(field: Field, value: Json) -> Json:
    """The stored form of a given value; None stays None.

    Raises:
        WrongTypeError: The field's type cannot hold it.
    """
    if value is None or (value == "" and field.type != "boolean"):
        return None
    return _BY_TYPE.get(field.type, _as_text)(field, value)


def is_email(text: str) -> bool:
    """Whether the org accepts that as an email address."""
    return _EMAIL.fullmatch(text) is not None and ".." not in text
