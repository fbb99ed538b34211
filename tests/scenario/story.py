"""A small company's two days, with one of everything that can happen to an item.

`first_day` is there before the mailbox is connected. `second_day` is what people
do after the first sessions: both sides at once, some of it against each other.
"""

from __future__ import annotations

from tests.scenario.people import Outlook, Salesforce, timed, whole_day

GUEST = {"emailAddress": {"address": "guest@acme.example"}, "type": "required"}


def first_day(outlook: Outlook, crm: Salesforce) -> None:
    """Things that both sides come to agree about, and two that cannot travel."""
    for day, subject in enumerate(
        (
            "Moved in Outlook",
            "Moved in Salesforce",
            "Renamed on both sides",
            "Edited apart",
            "Dropped in Outlook",
            "Dropped in Salesforce",
            "Dropped here, edited there",
            "Edited here, dropped there",
        ),
        start=2,
    ):
        outlook.add_event(subject, timed(day), location={"displayName": "Room 1"})
    outlook.add_event("Fair", whole_day(5), showAs="free")
    outlook.add_event("With a guest", timed(6), attendees=[GUEST])
    outlook.add_event("TBD", timed(7, 15))
    outlook.add_contact("Meyer", "meyer@acme.example", givenName="Anna")
    outlook.add_contact("Novak", "novak@acme.example", jobTitle="Buyer")
    outlook.add_contact("Okoro", "okoro@acme.example")
    outlook.add_contact("", "desk@acme.example", givenName="Desk")
    crm.add_event("Made in Salesforce", 3)
    crm.add_event("Soon gone from Salesforce", 4)
    crm.add_event("Soon gone from Outlook", 8)
    crm.add_contact("Quist", "quist@acme.example", Title="Partner")


def second_day(outlook: Outlook, crm: Salesforce) -> None:
    """Everything that a session must bring into step."""
    outlook.change_event("Moved in Outlook", **timed(12), body=_text("New plan"))
    crm.change("Event", "Moved in Salesforce", Location="Room 9", Description="By CRM")
    outlook.change_event("Renamed on both sides", subject="Renamed by Outlook")
    crm.change("Event", "Renamed on both sides", Subject="Renamed by Salesforce")
    outlook.change_event("Edited apart", location={"displayName": "Room 5"})
    crm.change("Event", "Edited apart", Description="Bring the samples")
    outlook.delete_event("Dropped in Outlook")
    crm.delete("Event", "Dropped in Salesforce")
    outlook.delete_event("Dropped here, edited there")
    crm.change("Event", "Dropped here, edited there", Location="Room 3")
    outlook.change_event("Edited here, dropped there", showAs="oof")
    crm.delete("Event", "Edited here, dropped there")
    crm.change("Event", "With a guest", Location="Somewhere else")
    outlook.change_event("TBD", subject="Kick-off, at last")
    outlook.change_contact("Meyer", mobilePhone="+46 70 555 01 02")
    crm.change("Contact", "Novak", Title="Head of purchasing")
    outlook.delete_contact("Okoro")
    crm.change("Event", "Made in Salesforce", Subject="Made in Salesforce, renamed")
    crm.delete("Event", "Soon gone from Salesforce")
    outlook.delete_event("Soon gone from Outlook")
    _new_things(outlook, crm)


def _new_things(outlook: Outlook, crm: Salesforce) -> None:
    outlook.add_event("New in Outlook", timed(9))
    outlook.add_event("New and marked", whole_day(10), categories=["Salesforce"])
    outlook.add_event("New with a guest", timed(11), attendees=[GUEST])
    outlook.add_event("TBD: new", timed(11, 16))
    outlook.add_event("On both sides", timed(13))
    crm.add_event("On both sides", 13, Description="Found by its name and hour")
    crm.add_event("New in Salesforce", 14)
    outlook.add_contact("Ruiz", "ruiz@acme.example")
    outlook.add_contact("", "fax@acme.example", givenName="Fax")
    outlook.add_contact("Sato", "sato@acme.example", jobTitle="Engineer")
    crm.add_contact("Sato", "sato@acme.example", Phone="+81 3 5550 0100")
    crm.add_contact("Tamm", "tamm@acme.example")

    # More than one request of the mailbox takes.
    for number in range(22):
        crm.add_event(f"Visit {number}", 20 + number)


def _text(content: str) -> dict[str, str]:
    return {"contentType": "text", "content": content}
