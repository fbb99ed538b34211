"""Two days of recurring meetings, guests and invitees."""

from __future__ import annotations

from tests.scenario.people import Json, Outlook, Salesforce, timed

TAKEN_OUT = ["Salesforce", "Salesforce Unsync"]


def first_day(outlook: Outlook, crm: Salesforce) -> None:
    """Series that are in step, one with every kind of exception."""
    crm.add_contact("Rossi", "rossi@acme.example")
    outlook.add_series("Standup", 3, 5, location={"displayName": "Room 1"})
    outlook.change_occurrence("Standup", 4, **timed(4, 15))
    outlook.change_occurrence("Standup", 5, subject="Standup with cake")
    outlook.cancel_occurrence("Standup", 6)
    outlook.add_series("Review", 9, 3)
    outlook.add_series("Course", 12, 3)
    outlook.add_series("Lunch", 15, 2)
    outlook.add_event("With Rossi", timed(8), attendees=[_guest("rossi")])
    outlook.add_event("With Rossi and Quist", timed(8, 13), attendees=[_guest("rossi")])
    outlook.add_event("Nobody invited yet", timed(8, 16))
    outlook.add_event("Taken out", timed(10, 8))


def second_day(outlook: Outlook, crm: Salesforce) -> None:
    """Occurrences and whole series change on either side; guests come and go."""
    outlook.change_occurrence("Standup", 3, **timed(3, 17))
    outlook.change_occurrence("Standup", 5, subject="Standup without cake")
    outlook.cancel_occurrence("Standup", 7)
    crm.change_occurrence("Standup", 4, Description="Moved, and noted")
    outlook.change_event("Review", subject="Review of all")
    outlook.delete_event("Course")
    crm.change_occurrence("Lunch", 15, Location="Canteen")
    outlook.add_series("Training", 17, 3)
    outlook.cancel_occurrence("Training", 18)
    guests = [_guest("rossi"), _guest("quist"), _guest("stranger")]
    outlook.change_event("With Rossi and Quist", attendees=guests)
    outlook.change_event("With Rossi", attendees=[])
    crm.invite("Nobody invited yet", "Rossi")
    outlook.change_event("Taken out", categories=TAKEN_OUT)
    outlook.add_event("New with Quist", timed(8, 18), attendees=[_guest("quist")])


def _guest(name: str) -> Json:
    address = {"address": f"{name}@acme.example", "name": name.title()}
    return {"emailAddress": address, "type": "required"}
