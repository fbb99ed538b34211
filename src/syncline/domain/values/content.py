"""Content of items and records in forms that compare exactly.

An item's content is a mapping of neutral field names to values; a record's
fields keep the Salesforce API names. Both are canonical: text has newline
characters as line ends and no outer blanks, an absent value is `None`, never
an empty string. An all-day span is a pair of dates with a type of its own,
never an instant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedSpan:
    """From one instant to another.

    `zone` is the name that the mailbox shows it in, kept as given; Salesforce
    has none, so spans from there carry an empty one.
    """

    start: datetime
    end: datetime
    zone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AllDaySpan:
    """Whole days, both ends included, wherever one reads them."""

    first: date
    last: date

    @property
    def day_count(self) -> int:
        """How many days, at least 1."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendee:
    """A guest of a meeting, or a recipient of a message."""

    email: str
    name: str = ""
    #: required, optional or resource; for a message to, cc or bcc.
    role: str = "required"
    #: none, accepted, declined or tentative.
    response: str = "none"


#: Content type of an attachment that is only a link to a file elsewhere (RFC 2483).
LINK_TYPE = "text/uri-list"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that hangs on a message; its bytes stay with the provider."""

    id: str
    name: str
    size_bytes: int
    content_type: str = ""
    #: Shown inside of the body (a signature's logo), not offered as a file.
    is_inline: bool = False


Span = TimedSpan | AllDaySpan
Value = (
    str
    | bool
    | int
    | None
    | Span
    | tuple[str, ...]
    | tuple[Attendee, ...]
    | tuple[Attachment, ...]
)
Content = Mapping[str, Value]

RecordValue = str | bool | int | float | None
RecordFields = Mapping[str, RecordValue]
"""Salesforce API name to JSON value; datetimes as `2026-11-24T10:00:00Z`, dates
as `2026-11-24`."""


def clean_text(raw: str | None) -> str | None:
    """Canonical text: newline line ends, no outer blanks, `None` for nothing."""
    if raw is None:
        return None
    text = raw.replace("\r\n", "\n").replace("\r", "\n").strip()
    return text or None


def format_instant(instant: datetime) -> str:
    """`2026-11-24T10:00:00Z`, whole seconds, UTC."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_instant(text: str) -> datetime:
    """Read what `format_instant` wrote.

    Raises:
        ValueError: It is not an instant with an offset.
    """
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"no offset in {text!r}")
    return instant.astimezone(UTC)


def encode(content: Content) -> dict[str, Any]:
    """Content as JSON, for keeping; `decode` reads it back equal."""
    return {name: _encode_value(value) for name, value in content.items()}


def decode(raw: Mapping[str, Any]) -> dict[str, Value]:
    """Content from what `encode` made."""
    return {name: _decode_value(value) for name, value in raw.items()}


def _encode_value(value: Value) -> Any:
    match value:
        case TimedSpan():
            return {
                "timed": [format_instant(value.start), format_instant(value.end)],
                "zone": value.zone,
            }
        case AllDaySpan():
            return {"days": [value.first.isoformat(), value.last.isoformat()]}
        case tuple():
            return [v if isinstance(v, str) else asdict(v) for v in value]
        case _:
            return value


def _decode_value(raw: Any) -> Value:
    match raw:
        case {"timed": [start, end], "zone": zone}:
            return TimedSpan(
                start=parse_instant(start), end=parse_instant(end), zone=zone
            )
        case {"days": [first, last]}:
            return AllDaySpan(
                first=date.fromisoformat(first), last=date.fromisoformat(last)
            )
        case [{"size_bytes": _}, *_]:
            return tuple(Attachment(**entry) for entry in raw)
        case [dict(), *_]:
            return tuple(Attendee(**entry) for entry in raw)
        case list():
            return tuple(raw)
        case _:
            value: Value = raw
            return value
