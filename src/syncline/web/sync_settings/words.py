"""The words that people read for our values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from syncline.domain.access.mailbox import Standing
from syncline.domain.issues.catalog.entry import Audience, Severity
from syncline.domain.issues.issue import IssueState
from syncline.domain.sessions import Counted
from syncline.domain.values.kinds import Kind, Side

Words = Mapping[str, Promise]

KINDS: Final[Words] = {
    Kind.EVENT: _("Calendar event"),
    Kind.CONTACT: _("Contact"),
    Kind.TASK: _("Task"),
    Kind.MESSAGE: _("E-mail"),
}
KINDS_IN_SCOPE: Final[Words] = {
    Kind.EVENT: _("Calendar events"),
    Kind.CONTACT: _("Contacts"),
    Kind.TASK: _("Tasks"),
    Kind.MESSAGE: _("E-mails"),
}
#: By the side that was to be changed.
DIRECTIONS: Final[Words] = {
    Side.CRM: _("Mailbox to Salesforce"),
    Side.MAILBOX: _("Salesforce to mailbox"),
}
REQUESTS: Final[Words] = {
    Side.MAILBOX: _("Requests to the mailbox"),
    Side.CRM: _("Requests to Salesforce"),
}
STANDINGS: Final[Words] = {
    Standing.ACTIVE: _("Active"),
    Standing.PAUSED: _("Paused"),
    Standing.NEEDS_RENEWAL: _("Needs renewal"),
    Standing.SUSPENDED: _("Suspended"),
    Standing.DISABLED: _("Disabled"),
}
REASONS: Final[Words] = {
    Standing.ACTIVE: _("Your mailbox and Salesforce are kept in step."),
    Standing.PAUSED: _(
        "Synchronization was paused on this page. Press Start to continue; nothing "
        "is lost meanwhile."
    ),
    Standing.NEEDS_RENEWAL: _(
        "Syncline can no longer access your data. It continues by itself, and catches "
        "up, once access is renewed; your admin can help with that."
    ),
    Standing.SUSPENDED: _(
        "Several sessions in a row could not do their work. Syncline keeps trying "
        "every hour and continues by itself."
    ),
    Standing.DISABLED: _(
        "Your admin switched synchronization off for this mailbox. Only your admin "
        "can switch it on again."
    ),
}
COUNTED: Final[Words] = {
    Counted.CREATED: _("Created"),
    Counted.UPDATED: _("Updated"),
    Counted.DELETED: _("Deleted"),
    Counted.SKIPPED: _("Skipped"),
    Counted.FAILED: _("Failed"),
    Counted.CONFLICT: _("Conflicts"),
    Counted.DUPLICATE: _("Duplicates"),
    Counted.CONFIRMATION: _("Confirmations"),
    Counted.DRIFT: _("Found by comparing"),
    Counted.ATTACHED: _("Files"),
    Counted.MAILED: _("Guests mailed"),
}
#: By the reason that the engine gives for leaving something alone.
SKIPPED: Final[Words] = {
    "kind is switched off": _("your profile does not synchronize this type"),
    "this kind does not go to Salesforce": _(
        "in your profile this type only comes from Salesforce"
    ),
    "this kind does not come from Salesforce": _(
        "in your profile this type does not come from Salesforce"
    ),
    "taken out of Salesforce by its owner": _(
        "you took it out of Salesforce with the category “Salesforce Unsync”"
    ),
    "not marked for Salesforce": _(
        "without the category “Salesforce”, and private or of a type that is not "
        "saved automatically"
    ),
    "this direction is not saved automatically": _(
        "your profile saves only received or only sent e-mail automatically"
    ),
    "only colleagues or blocked addresses are on it": _(
        "only colleagues, or addresses on a blocklist, take part"
    ),
    "nobody in Salesforce has to do with it": _(
        "nobody who takes part is known in Salesforce"
    ),
    "meeting was cancelled": _("the meeting was canceled"),
    "outside of the time window": _("before or after the days that are synchronized"),
    "outside of what is synchronized": _(
        "moved to a place, or to days, that are not synchronized"
    ),
    "synchronized from its organizer's calendar": _(
        "saved from the calendar of the colleague who organizes it"
    ),
    "its series is not synchronized": _("the series that it belongs to is not saved"),
    "a date that its series no longer has": _(
        "on a day on which its series does not take place any more"
    ),
    "the profile keeps such events out of the calendar": _(
        "your profile keeps such events of Salesforce out of the calendar"
    ),
    "completed before it was saved": _("completed before it was ever saved"),
    "completed before it came": _("completed before it ever came to the mailbox"),
    "its Salesforce record is not visible now": _(
        "you cannot see its Salesforce record at present"
    ),
    "saved without some of its files": _(
        "saved, but without a file that is too big or of a type that is not saved"
    ),
    "its people are made first": _(
        "first the people who take part are added to Salesforce"
    ),
    "not an e-mail: a draft": _("drafts, not sent yet"),
    "not an e-mail: a read receipt": _("read receipts"),
    "not an e-mail: a delivery report": _("delivery reports"),
    "not an e-mail: a meeting message": _("invitations and answers to them"),
}
#: What an issue's list is called, by the cause.
DETAILS: Final[Words] = {
    "braked_plan": _("What would be done"),
    "drift_found": _("What was put right"),
    "duplicates_would_be_made": _("The equal items"),
}
#: What a provider answered, for those who help.
EVIDENCE: Final[Words] = {
    "provider": _("Answered by"),
    "operation": _("Asked to"),
    "code": _("Code"),
    "status": _("Status"),
    "message": _("Message"),
    "fields": _("Fields"),
    "request_id": _("Request"),
    "matches": _("Records"),
}
SEVERITIES: Final[Words] = {
    Severity.LOW: _("Low"),
    Severity.MODERATE: _("Moderate"),
    Severity.SEVERE: _("Severe"),
    Severity.CRITICAL: _("Critical"),
}
WHAT_STOPS: Final[Words] = {
    Severity.LOW: _("Nothing is held up for long."),
    Severity.MODERATE: _("One thing waits; everything else is synchronized."),
    Severity.SEVERE: _("The mailbox is not synchronized until this is put right."),
    Severity.CRITICAL: _("The mailbox is not synchronized until support has helped."),
}
WHO_ACTS: Final[Words] = {
    Audience.USER: _("You can fix this"),
    Audience.ADMIN: _("Your admin can fix this"),
    Audience.US: _("Syncline takes care of this"),
    Audience.SUPPORT: _("Support can help"),
}
STATES: Final[Mapping[IssueState, Promise]] = {
    IssueState.OPEN: _("Open"),
    IssueState.RESOLVED: _("Resolved"),
    IssueState.DISMISSED: _("Dismissed"),
}
MAIL_CLIENTS: Final[Mapping[str, str]] = {"microsoft365": "Outlook"}


def mail_client(provider: str) -> str:
    """What the users of a provider open their mail with."""
    return MAIL_CLIENTS.get(provider) or str(_("the mail program"))
