"""Which object has which logic of its own."""

from __future__ import annotations

from syncline.sandbox.salesforce.behavior import PLAIN, Behavior
from syncline.sandbox.salesforce.emails import MailBehavior
from syncline.sandbox.salesforce.events import EventBehavior
from syncline.sandbox.salesforce.files import (
    DocumentBehavior,
    LinkBehavior,
    VersionBehavior,
)
from syncline.sandbox.salesforce.invitees import InviteeBehavior
from syncline.sandbox.salesforce.people import Complaint, Deal, Person, Prospect
from syncline.sandbox.salesforce.tasks import TaskBehavior

_BY_OBJECT: dict[str, Behavior] = {
    "Case": Complaint(),
    "Contact": Person(),
    "ContentDocument": DocumentBehavior(),
    "ContentDocumentLink": LinkBehavior(),
    "ContentVersion": VersionBehavior(),
    "EmailMessage": MailBehavior(),
    "Event": EventBehavior(),
    "EventRelation": InviteeBehavior(),
    "Lead": Prospect(),
    "Opportunity": Deal(),
    "Task": TaskBehavior(),
}


def behavior_of(sobject: str) -> Behavior:
    """The logic of an object."""
    return _BY_OBJECT.get(sobject, PLAIN)
