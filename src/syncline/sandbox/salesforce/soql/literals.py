"""What the values in a WHERE clause mean."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from syncline.sandbox.salesforce.entities import Field, Json
from syncline.sandbox.salesforce.faults import RefusedError, refuse
from syncline.sandbox.salesforce.ids import long_id
from syncline.sandbox.salesforce.moments import days, midnight, read_moment, stamp
from syncline.sandbox.salesforce.soql.tokens import Kind, Token, malformed

MOST_DAYS = 100_000


@dataclass(frozen=True, slots=True)
class Span:
    """A relative date: from its first moment to the first one after it."""

    start: str
    end: str


def literal(soql: str, field: Field, token: Token, now: datetime) -> Json:
    """The stored form of a literal, to compare with a field of that type.

    Raises:
        RefusedError: The literal does not fit the field.
    """
    word = token.text.lower()
    if token.kind is Kind.WORD and word == "null":
        return None
    if field.type in ("date", "datetime"):
        return _time(soql, field, token, now)
    if field.type == "boolean":
        if token.kind is Kind.WORD and word in ("true", "false"):
            return word == "true"
        raise _misfit(field, "boolean")
    if field.type in ("int", "double", "currency"):
        if token.kind is Kind.NUMBER:
            return float(token.text)
        raise _misfit(field, "double")
    if token.kind is not Kind.STRING:
        if token.kind is Kind.WORD:
            raise malformed(soql, token.at, f"unexpected token: '{token.text}'")
        raise _misfit(field, "string", quoted=True)
    if field.type in ("id", "reference"):
        return _id(field, token.text)
    return token.text


def _misfit(field: Field, kind: str, *, quoted: bool = False) -> RefusedError:
    ending = "should be enclosed" if quoted else "should not be enclosed"
    text = (
        f"value of filter criterion for field '{field.name}' must be of type {kind} "
        f"and {ending} in quotes"
    )
    return refuse("INVALID_FIELD", text)


def _id(field: Field, text: str) -> str:
    if not text:
        return text
    full = long_id(text)
    if full is None:
        message = f"invalid ID field: {text}"
        raise refuse("INVALID_QUERY_FILTER_OPERATOR", message, field.name)
    return full


def _time(soql: str, field: Field, token: Token, now: datetime) -> str | Span:
    kind = "dateTime" if field.type == "datetime" else "date"
    if token.kind is Kind.WORD:
        return _relative(soql, field, token, now)
    if field.type == "date" and token.kind is Kind.DAY:
        return token.text
    if field.type == "datetime" and token.kind is Kind.MOMENT:
        moment = read_moment(token.text)
        if moment is not None:
            return stamp(moment)
    raise _misfit(field, kind)


def _relative(soql: str, field: Field, token: Token, now: datetime) -> Span:
    name, _, number = token.text.upper().partition(":")
    count = int(number or 0)
    if count > MOST_DAYS:
        text = f"{token.text}: the number of days is too large"
        raise refuse("INVALID_QUERY_FILTER_OPERATOR", text)
    today = now.date()
    first, end = {
        "TODAY": (today, today + days(1)),
        "YESTERDAY": (today - days(1), today),
        "TOMORROW": (today + days(1), today + days(2)),
        "LAST_N_DAYS": (today - days(count), today + days(1)),
        "NEXT_N_DAYS": (today + days(1), today + days(count + 1)),
        "N_DAYS_AGO": (today - days(count), today - days(count - 1)),
    }.get(name, (None, None))
    if first is None or end is None or ("N_DAYS" in name) != bool(number):
        raise malformed(soql, token.at, f"unexpected token: '{token.text}'")
    return Span(_spell(field, first), _spell(field, end))


def _spell(field: Field, day: date) -> str:
    if field.type == "datetime":
        return stamp(midnight(day))
    return day.isoformat()
