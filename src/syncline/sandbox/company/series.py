"""Recurring series, each with what makes series hard: moves, gaps, other zones."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from syncline.sandbox.company import shapes
from syncline.sandbox.company.people import STAFF, Colleague, Person
from syncline.sandbox.company.period import DAY, Period
from syncline.sandbox.company.shapes import Json

NEW_YORK = "America/New_York"
TEAM_WEEKS = 8
STANDUPS = 10
NEW_YORK_CALLS = 10
#: Clocks at which no ordinary item begins.
TEAM_CLOCKS = (time(9, 5), time(9, 10), time(9, 20))
_WORKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")


def series(period: Period, owner: Colleague, guest: Person) -> list[Json]:
    """The series of one colleague; `guest` is somebody at a customer's."""
    return [
        _team_meeting(period, owner),
        _standup(period, owner),
        _whole_day(period, owner),
        _across_the_ocean(period, owner, guest),
        _plain(period, owner),
    ]


def _weekly(first: date, zone: str, count: int, *days: str) -> Json:
    return {
        "pattern": {
            "type": "weekly",
            "interval": 1,
            "daysOfWeek": list(days),
            "firstDayOfWeek": "monday",
        },
        "range": {
            "type": "numbered",
            "startDate": first.isoformat(),
            "numberOfOccurrences": count,
            "recurrenceTimeZone": zone,
        },
    }


def _timed(day: date, clock: time, minutes: int, zone: str) -> Json:
    start = datetime.combine(day, clock)
    return shapes.timed(start, start + timedelta(minutes=minutes), zone)


def _team_meeting(period: Period, owner: Colleague) -> Json:
    """Every week; once moved to the next day, once cancelled, once elsewhere."""
    first, zone = period.monday(0) + DAY, owner.mailbox_zone
    clock = TEAM_CLOCKS[STAFF.index(owner)]
    moved, elsewhere, cancelled = (
        (first + weeks * 7 * DAY).isoformat() for weeks in (1, 2, 3)
    )
    later = _timed(date.fromisoformat(moved) + DAY, time(14, 35), 45, zone)
    return shapes.event(
        f"Team meeting, {owner.name.split()[0]}’s group",
        _timed(first, clock, 45, zone),
        recurrence=_weekly(first, zone, TEAM_WEEKS, "tuesday"),
        location=shapes.place("Meeting room Kelvin"),
        body=shapes.text_body("1. Numbers\n2. Open offers\n3. Who is away?"),
        exceptions={
            moved: {"start": later["start"], "end": later["end"]},
            elsewhere: {"location": shapes.place("Video call")},
        },
        cancelled=[cancelled],
    )


def _standup(period: Period, owner: Colleague) -> Json:
    """Every working day of two weeks."""
    first, zone = period.monday(1), owner.mailbox_zone
    return shapes.event(
        f"Stand-up, tender week {first.isocalendar().week}",
        _timed(first, time(8, 40), 15, zone),
        recurrence=_weekly(first, zone, STANDUPS, *_WORKDAYS),
        isReminderOn=False,
    )


def _whole_day(period: Period, owner: Colleague) -> Json:
    """Every month, without end."""
    first, zone = period.monday(1) + 3 * DAY, owner.mailbox_zone
    day = min(first.day, 28)
    first = first.replace(day=day)
    return shapes.event(
        "Reference standards leave for calibration",
        shapes.whole_days(first, first, zone),
        recurrence={
            "pattern": {"type": "absoluteMonthly", "interval": 1, "dayOfMonth": day},
            "range": {
                "type": "noEnd",
                "startDate": first.isoformat(),
                "recurrenceTimeZone": zone,
            },
        },
        showAs="free",
    )


def _across_the_ocean(period: Period, owner: Colleague, guest: Person) -> Json:
    """Twice a week by the clocks of New York, with a guest."""
    first = period.monday(0) + 3 * DAY
    return shapes.event(
        f"New York agency: {guest.customer.name}",
        _timed(first, time(9, 50), 30, NEW_YORK),
        recurrence=_weekly(first, NEW_YORK, NEW_YORK_CALLS, "tuesday", "thursday"),
        attendees=[shapes.attendee(guest.name, guest.email)],
        location=shapes.place("Video call"),
        showAs="tentative",
    )


def _plain(period: Period, owner: Colleague) -> Json:
    first = period.monday(1)
    return shapes.event(
        "Weekly call with the lab",
        _timed(first, time(7, 30), 20, owner.mailbox_zone),
        recurrence=_weekly(first, owner.mailbox_zone, 5, "monday"),
    )
