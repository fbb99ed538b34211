"""Calendar item of the mailbox and Event of Salesforce (reference 3.7)."""

from __future__ import annotations

from syncline.domain.mapping.calendar import WHEN_FIELDS, starts_at
from syncline.domain.mapping.rows import Row
from syncline.domain.values.kinds import Direction

__all__ = ["ROWS", "starts_at"]

ROWS = (
    Row(item="subject", record=("Subject",)),
    Row(item="body", record=("Description",)),
    Row(item="location", record=("Location",)),
    Row(item="when", record=WHEN_FIELDS, converter="when", is_essential=True),
    Row(
        item="show_as",
        record=("ShowAs",),
        converter="words",
        words={
            "free": ("Free",),
            "busy": ("Busy",),
            "oof": ("OutOfOffice",),
            "tentative": ("Busy",),
            "elsewhere": ("Busy",),
        },
        otherwise="busy",
    ),
    Row(item="private", record=("IsPrivate",), converter="secret"),
    Row(
        item="reminder_minutes",
        record=("IsReminderSet", "ReminderDateTime"),
        converter="lead_time",
    ),
    Row(
        item="attendees",
        record=("Syncline_Attendees__c",),
        converter="guest_list",
        direction=Direction.UP,
    ),
)
