"""What this org's administrator set up: validation and duplicate rules.

Rules are data; each can be switched off and on by a person.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from syncline.sandbox.salesforce.entities import Values

EVENT_RULE = "Meeting_Needs_Subject"
CONTACT_RULE = "Executives_Need_Department"
TRIGGER = "Event_Trigger"
#: The mark that the trigger cannot bear.
TRIGGER_POISON = "[crash]"
DUPLICATE_RULE = "Contact_Same_Person"
PHONES = ("Phone", "MobilePhone", "HomePhone", "OtherPhone")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule as the org page lists it."""

    name: str
    sobject: str
    kind: str
    message: str
    field: str = ""
    #: Whether a record's values break it; None for duplicate rules.
    is_broken: Callable[[Values], bool] | None = None
    description: str
    #: Whether a fresh org has it switched on.
    initially_active: bool = True


def _has_no_subject(values: Values) -> bool:
    subject = (values.get("Subject") or "").strip()
    return not subject or subject.startswith("TBD")


def _crashes_trigger(values: Values) -> bool:
    return TRIGGER_POISON in (values.get("Subject") or "")


def _is_homeless_executive(values: Values) -> bool:
    return "Chief" in (values.get("Title") or "") and not values.get("Department")


RULES = (
    Rule(
        name=EVENT_RULE,
        sobject="Event",
        kind="Validation rule",
        field="Subject",
        message="Give the meeting a real subject before it goes to Salesforce.",
        is_broken=_has_no_subject,
        description="An event's subject must not be empty or start with TBD.",
    ),
    Rule(
        name=CONTACT_RULE,
        sobject="Contact",
        kind="Validation rule",
        field="Department",
        message="An executive needs a department.",
        is_broken=_is_homeless_executive,
        description="A contact whose title contains Chief needs a department.",
    ),
    Rule(
        name=TRIGGER,
        sobject="Event",
        kind="Apex trigger",
        message=(
            f"{TRIGGER}: execution of BeforeInsert\n\ncaused by: "
            "System.NullPointerException: Attempt to de-reference a null object\n\n"
            f"Trigger.{TRIGGER}: line 7, column 1"
        ),
        is_broken=_crashes_trigger,
        description=(
            f"An event whose subject contains {TRIGGER_POISON} makes the trigger "
            "crash, and all events of the same request with it."
        ),
        initially_active=False,
    ),
    Rule(
        name=DUPLICATE_RULE,
        sobject="Contact",
        kind="Duplicate rule",
        message="Use one of these records?",
        description=(
            "A new contact with the name and the phone or email of another one is "
            "refused; saving it anyway is allowed."
        ),
    ),
)


def phone_digits(values: Values) -> set[str]:
    """The phone numbers of a contact, digits only."""
    numbers = ("".join(filter(str.isdigit, values.get(p) or "")) for p in PHONES)
    return {number for number in numbers if number}


def is_same_person(one: Values, other: Values) -> bool:
    """Whether two contacts of one name share a phone number or an address."""
    email = (one.get("Email") or "").casefold()
    if email and email == (other.get("Email") or "").casefold():
        return True
    return bool(phone_digits(one) & phone_digits(other))
