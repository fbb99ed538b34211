"""Builds SOQL with every value quoted by one function."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from urllib.parse import quote

from syncline.connectors.salesforce.manifest import QUERY_LENGTH_LIMIT
from syncline.domain.values.content import format_instant

#: The values of a task's status; closed ones differ from org to org.
TASK_STATUSES = (
    "SELECT ApiName,MasterLabel,IsClosed,IsDefault FROM TaskStatus ORDER BY SortOrder"
)
#: SOQL reference, "Quoted String Escape Sequences".
_ESCAPES = str.maketrans(
    {
        "\\": "\\\\",
        "'": "\\'",
        '"': '\\"',
        "\n": "\\n",
        "\r": "\\r",
        "\t": "\\t",
        "\b": "\\b",
        "\f": "\\f",
    }
)


def text(value: str) -> str:
    """A string literal; nothing in `value` can end it early."""
    return f"'{value.translate(_ESCAPES)}'"


def instant(value: datetime) -> str:
    """A date-time literal, which stands unquoted."""
    return format_instant(value)


def any_of(field: str, values: Iterable[str]) -> str:
    """A condition that a field has one of the values (at least one)."""
    return f"{field} IN ({','.join(text(v) for v in values)})"


def all_of(conditions: Iterable[str]) -> str:
    """A condition that all of these hold (at least one)."""
    return f"({' AND '.join(conditions)})"


def either(one: str, other: str) -> str:
    """A condition that one of two holds."""
    return any_of_these([one, other])


def any_of_these(conditions: Sequence[str]) -> str:
    """A condition that one of these holds (at least one)."""
    return f"({' OR '.join(conditions)})"


def any_has(fields: Iterable[str], values: Sequence[str]) -> str:
    """A condition that one of the fields has one of the values."""
    return any_of_these([any_of(field, values) for field in fields])


def contains(field: str, value: str) -> str:
    """A condition that a text has `value` in it, whatever the case."""
    plain = value.translate(_ESCAPES).replace("%", "\\%").replace("_", "\\_")
    return f"{field} LIKE '%{plain}%'"


def select(
    fields: Sequence[str],
    object_name: str,
    conditions: Sequence[str],
    order: str = "",
    *,
    using: str = "",
) -> str:
    """One query; all conditions must hold. `using` is a scope such as `mine`."""
    query = f"SELECT {','.join(fields)} FROM {object_name}"
    if using:
        query += f" USING SCOPE {using}"
    if conditions:
        query += f" WHERE {' AND '.join(conditions)}"
    return f"{query} ORDER BY {order}" if order else query


def in_portions(
    values: Sequence[str], limit: int = QUERY_LENGTH_LIMIT
) -> Iterator[list[str]]:
    """Cut values so that a list of each portion fits into one address."""
    portion: list[str] = []
    length = 0
    for value in values:
        size = len(quote(text(value))) + len("%2C")
        if portion and length + size > limit:
            yield portion
            portion, length = [], 0
        portion.append(value)
        length += size
    if portion:
        yield portion
