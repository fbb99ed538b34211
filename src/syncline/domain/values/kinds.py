"""What is synchronized, and the two sides of it."""

from enum import StrEnum


class Kind(StrEnum):
    """The kind of an item or record."""

    #: Calendar item; Salesforce Event.
    EVENT = "event"
    #: Person in the address book; Salesforce Contact.
    CONTACT = "contact"
    #: To-do; Salesforce Task.
    TASK = "task"
    #: E-mail; Salesforce Task or EmailMessage.
    MESSAGE = "message"


class Side(StrEnum):
    """One of the two places that are kept in step."""

    #: Exchange, Microsoft 365 or Google.
    MAILBOX = "mailbox"
    #: Salesforce.
    CRM = "crm"

    @property
    def other(self) -> "Side":
        """The side across."""
        return Side.CRM if self is Side.MAILBOX else Side.MAILBOX


class Direction(StrEnum):
    """Which way content travels."""

    #: Mailbox to Salesforce.
    UP = "up"
    #: Salesforce to mailbox.
    DOWN = "down"
    #: Both ways.
    BOTH = "both"
