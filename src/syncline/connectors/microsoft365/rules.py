"""RFC 5545 rules, said as Graph's recurrence patterns, or refused.

Graph has no hourly rules, no several days of a month, no several places, and
no way to leave a short month out; see `patterns` for how both differ. An end
with a time is turned into a day of the series' zone (RFC 5545 wants it in UTC).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from syncline.connectors.microsoft365.patterns import (
    CODES,
    DAYS,
    LONGEST_MONTH,
    MONTHS,
    PLACES,
    SHORTEST_MONTH,
)

_DAY_OF_CODE = dict(zip(CODES, DAYS, strict=True))
_INDEX_OF_PLACE = {place: name for name, place in PLACES.items()}
_LARGEST_INTERVAL = 999
_BYDAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_NO_DATE = "0001-01-01"
_KNOWN_PARTS = frozenset(
    {"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST"}
    | {"COUNT", "UNTIL"}
)


class InexpressibleError(ValueError):
    """Graph has no pattern for this rule, or the rule makes no sense."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstTime:
    """The first occurrence, in the wall-clock time that the series is told in."""

    day: date
    clock: time
    zone: tzinfo
    #: What the provider is to call the zone.
    zone_name: str


def rule_body(rule: str, first: FirstTime) -> dict[str, Any]:
    """Graph's `recurrence` for a rule.

    Raises:
        InexpressibleError: Graph cannot say it, or the first occurrence is not
            one of the rule's days.
    """
    parts = _split(rule)
    pattern = _pattern_body(parts, first.day)
    if not _fits(pattern, first.day):
        raise InexpressibleError("the first occurrence is not on a day of the rule")
    return {"pattern": pattern, "range": _range_body(parts, first)}


def _split(rule: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for part in rule.strip().removeprefix("RRULE:").upper().split(";"):
        name, found, value = part.partition("=")
        if not found or not value or name in parts:
            raise InexpressibleError(f"senseless rule part {part!r}")
        parts[name] = value
    unknown = sorted(parts.keys() - _KNOWN_PARTS)
    if unknown:
        raise InexpressibleError(f"rule parts {', '.join(unknown)}")
    return parts


def _pattern_body(parts: Mapping[str, str], first: date) -> dict[str, Any]:
    interval = _number(parts.get("INTERVAL", "1"))
    if not 1 <= interval <= _LARGEST_INTERVAL:
        raise InexpressibleError(f"interval {interval}")
    match parts.get("FREQ"):
        case "DAILY":
            found = _daily_body(parts, interval)
        case "WEEKLY":
            found = _weekly_body(parts, first)
        case "MONTHLY":
            found = _monthly_body(parts, first, "Monthly")
        case "YEARLY":
            found = _monthly_body(parts, first, "Yearly")
            found["month"] = _number(parts.get("BYMONTH", str(first.month)))
        case other:
            raise InexpressibleError(f"frequency {other}")
    return found | {"interval": interval}


def _daily_body(parts: Mapping[str, str], interval: int) -> dict[str, Any]:
    _refuse(parts, "BYMONTHDAY", "BYMONTH", "BYSETPOS")
    if "BYDAY" not in parts:
        return {"type": "daily"}
    if interval > 1:
        raise InexpressibleError("some days of every other day")
    return {"type": "weekly", "daysOfWeek": _plain_days(parts["BYDAY"])} | _week(parts)


def _weekly_body(parts: Mapping[str, str], first: date) -> dict[str, Any]:
    _refuse(parts, "BYMONTHDAY", "BYMONTH", "BYSETPOS")
    days = parts.get("BYDAY", CODES[first.weekday()])
    return {"type": "weekly", "daysOfWeek": _plain_days(days)} | _week(parts)


def _week(parts: Mapping[str, str]) -> dict[str, Any]:
    code = parts.get("WKST", "MO")
    if code not in _DAY_OF_CODE:
        raise InexpressibleError(f"week start {code}")
    return {"firstDayOfWeek": _DAY_OF_CODE[code]}


def _monthly_body(parts: Mapping[str, str], first: date, suffix: str) -> dict[str, Any]:
    if suffix == "Monthly":
        _refuse(parts, "BYMONTH")
    elif "BYMONTH" not in parts and "BYDAY" in parts:
        # Without a month, `2TU` of a year is its second Tuesday.
        raise InexpressibleError("a day of the week of a whole year")
    if "BYDAY" in parts:
        _refuse(parts, "BYMONTHDAY")
        return {"type": f"relative{suffix}", **_place(parts)}
    day = _month_day(parts, first)
    return {"type": f"absolute{suffix}", "dayOfMonth": day}


def _place(parts: Mapping[str, str]) -> dict[str, Any]:
    matches = [_BYDAY.fullmatch(text) for text in parts["BYDAY"].split(",")]
    found = [(m[1], m[2]) for m in matches if m is not None]
    if len(found) != len(matches):
        raise InexpressibleError(f"days {parts['BYDAY']}")
    places = {place for place, _ in found}
    if places == {None}:
        place = parts.get("BYSETPOS")
    elif len(found) == 1 and "BYSETPOS" not in parts:
        place = found[0][0]
    else:
        raise InexpressibleError(f"several places: {parts['BYDAY']}")
    index = _INDEX_OF_PLACE.get(_number(place or "0"))
    if index is None:
        raise InexpressibleError(f"place {place} of {parts['BYDAY']}")
    return {"index": index, "daysOfWeek": _in_order({code for _, code in found})}


def _month_day(parts: Mapping[str, str], first: date) -> int:
    days = sorted(
        _number(n) for n in parts.get("BYMONTHDAY", str(first.day)).split(",")
    )
    if "BYSETPOS" in parts:
        is_clipped = days == list(range(SHORTEST_MONTH, days[-1] + 1))
        if parts["BYSETPOS"] != "-1" or not is_clipped:
            raise InexpressibleError("several days of a month")
        return days[-1]
    if days == [-1]:
        return LONGEST_MONTH
    if len(days) > 1 or not 1 <= days[0] <= LONGEST_MONTH:
        raise InexpressibleError("several days of a month")
    month = _number(parts.get("BYMONTH", "0")) if parts["FREQ"] == "YEARLY" else 0
    if days[0] > SHORTEST_MONTH and not _always_has(days[0], month or 0, first, parts):
        raise InexpressibleError(f"leaving out months without a day {days[0]}")
    return days[0]


def _always_has(day: int, month: int, first: date, parts: Mapping[str, str]) -> bool:
    """Whether a yearly rule never meets a month that is too short."""
    if parts["FREQ"] != "YEARLY":
        return False
    month = month or first.month
    if not 1 <= month <= MONTHS:
        raise InexpressibleError(f"month {month}")
    following = date(2001 + month // MONTHS, month % MONTHS + 1, 1)
    return day <= (following - timedelta(days=1)).day


def _plain_days(text: str) -> list[str]:
    codes = text.split(",")
    if not set(codes) <= set(CODES):
        raise InexpressibleError(f"days {text}")
    return _in_order(set(codes))


def _in_order(codes: set[str]) -> list[str]:
    return [_DAY_OF_CODE[code] for code in CODES if code in codes]


def _refuse(parts: Mapping[str, str], *names: str) -> None:
    for name in names:
        if name in parts:
            raise InexpressibleError(f"{name} with {parts.get('FREQ')}")


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise InexpressibleError(f"no number: {text!r}") from error


def _fits(pattern: Mapping[str, Any], day: date) -> bool:
    """Whether a day is one that a pattern that begins there can hit."""
    if pattern.get("month", day.month) != day.month:
        return False
    following = day.replace(day=SHORTEST_MONTH) + timedelta(days=4)
    length = (following - timedelta(days=following.day)).day
    if "dayOfMonth" in pattern:
        return bool(day.day == min(pattern["dayOfMonth"], length))
    if "daysOfWeek" not in pattern:
        return True
    wanted = {DAYS.index(name) for name in pattern["daysOfWeek"]}
    if "index" not in pattern:
        return day.weekday() in wanted
    days = [day.replace(day=n) for n in range(1, length + 1)]
    fitting = [d for d in days if d.weekday() in wanted]
    place = PLACES[pattern["index"]]
    return day == fitting[place - 1 if place > 0 else place]


def _range_body(parts: Mapping[str, str], first: FirstTime) -> dict[str, Any]:
    body: dict[str, Any] = {
        "startDate": first.day.isoformat(),
        "recurrenceTimeZone": first.zone_name,
    }
    if "COUNT" in parts and "UNTIL" in parts:
        raise InexpressibleError("a number and a last day")
    if "COUNT" in parts:
        count = _number(parts["COUNT"])
        if count < 1:
            raise InexpressibleError("a series without occurrences")
        return body | {"type": "numbered", "numberOfOccurrences": count}
    if "UNTIL" not in parts:
        return body | {"type": "noEnd", "endDate": _NO_DATE}
    last = last_day(parts["UNTIL"], first)
    if last < first.day:
        raise InexpressibleError("a series that ends before it begins")
    return body | {"type": "endDate", "endDate": last.isoformat()}


def last_day(until: str, first: FirstTime) -> date:
    """The last day on which an occurrence may begin, in the series' zone.

    Raises:
        InexpressibleError: It is no date.
    """
    try:
        if "T" not in until:
            return date.fromisoformat(until)
        moment = datetime.fromisoformat(until)
        if moment.tzinfo is not None:
            moment = moment.astimezone(first.zone)
    except (ValueError, OverflowError) as error:
        raise InexpressibleError(f"no date: {until!r}") from error
    is_before_the_clock = moment.time() < first.clock
    return moment.date() - timedelta(days=int(is_before_the_clock))
