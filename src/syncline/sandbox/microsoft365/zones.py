"""Time zones and time stamps as Graph writes them.

A stored instant is UTC text with seven fraction digits and no offset, so that
comparing texts compares instants.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from tzlocal.windows_tz import tz_win, win_tz

_STAMP = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d(?::\d\d)?)(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?",
    re.ASCII,
)
_UTC_NAMES = {"utc", "etc/utc", "etc/gmt", "tzone://microsoft/utc", "coordinated"}
_MICROSECOND_DIGITS = 6


class UnknownZoneError(ValueError):
    """Neither a Windows nor an IANA name."""


@lru_cache(maxsize=1024)
def zone(name: str) -> tzinfo:
    """The zone of a Windows or IANA name.

    Raises:
        UnknownZoneError: It is neither.
    """
    if name.lower() in _UTC_NAMES:
        return UTC
    try:
        return ZoneInfo(win_tz.get(name, name))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnknownZoneError(name) from error


def parse_stamp(text: str) -> datetime:
    """Read a date and time; naive unless the text has an offset.

    Raises:
        ValueError: It is not one.
    """
    match = _STAMP.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"not a date and time: {text!r}")
    day, clock, fraction, offset = match.groups()
    moment = datetime.fromisoformat(f"{day}T{clock or '00:00'}")
    if fraction:
        digits = fraction[1:].ljust(_MICROSECOND_DIGITS, "0")[:_MICROSECOND_DIGITS]
        moment = moment.replace(microsecond=int(digits))
    if offset:
        tail = datetime.fromisoformat(f"{day}T00:00:00{offset.replace('Z', '+00:00')}")
        moment = moment.replace(tzinfo=tail.tzinfo)
    return moment


def stamp(moment: datetime) -> str:
    """`2026-11-24T10:00:00.0000000`: no offset is written."""
    return moment.replace(tzinfo=None).isoformat(timespec="microseconds") + "0"


def utc_stamp(moment: datetime) -> str:
    """`2026-11-24T10:00:00.1234560Z`, as in `createdDateTime`."""
    return stamp(moment.astimezone(UTC)) + "Z"


def instant(text: str, zone_name: str) -> str:
    """The UTC instant of wall-clock text in a zone, as stored text.

    Raises:
        ValueError: Not a date and time, or no such zone.
    """
    moment = parse_stamp(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone(zone_name))
    return stamp(to_utc(moment))


def to_utc(moment: datetime) -> datetime:
    """An aware moment in UTC; the calendar's edges do not overflow."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return moment.replace(tzinfo=UTC)


def wall_clock(text: str, zone_name: str) -> str:
    """Wall-clock text in a zone; an offset in the text is honored.

    Raises:
        ValueError: Not a date and time, or no such zone.
    """
    moment = parse_stamp(text)
    where = zone(zone_name)
    if moment.tzinfo is not None:
        moment = moment.astimezone(where).replace(tzinfo=None)
    return stamp(moment)


def in_zone(utc_text: str, zone_name: str) -> str:
    """A stored instant as wall-clock text of a zone."""
    if zone_name.lower() in _UTC_NAMES:
        return utc_text
    moment = parse_stamp(utc_text).replace(tzinfo=UTC)
    return stamp(moment.astimezone(zone(zone_name)))


def zone_names(standard: str) -> list[str]:
    """Every name of a standard: `Iana`, or anything else for Windows."""
    if standard.lower() == "iana":
        return sorted(available_timezones() & set(tz_win))
    return sorted(win_tz)
