"""What this connector is and what it can do."""

from __future__ import annotations

from datetime import timedelta

from syncline.domain.issues.marking import ERROR_MARK, SAVED_MARK
from syncline.domain.values.kinds import Kind, Side

PROVIDER = "memory"

#: What each side tells of; Salesforce tells nothing of messages: they are
#: written once and never looked at again.
KINDS = {
    Side.MAILBOX: (Kind.EVENT, Kind.CONTACT, Kind.TASK, Kind.MESSAGE),
    Side.CRM: (Kind.EVENT, Kind.CONTACT, Kind.TASK),
}

#: Kinds that a reading without a resume point lists whole.
LISTED_WHOLE = frozenset({Kind.EVENT, Kind.CONTACT, Kind.TASK})

BATCH_SIZE = 20

#: How long a completed task is still told of.
TASK_REACH = timedelta(days=14)
#: How old a message may be that a reading without a resume point tells of.
MESSAGE_REACH = timedelta(days=6)

#: Files of a connector's shape that are not here, with the reason.
MISSING = {
    "auth": "nobody signs in",
    "client": "there is no remote end",
    "wire": "values are kept as the domain knows them",
    "translate": "values are kept as the domain knows them",
}

#: Colors of categories that are made, by name; details are colorless.
COLORS = {ERROR_MARK: "red", SAVED_MARK: "blue"}
PLAIN_COLOR = ""

#: Fields of a user's own copy of a meeting: changing them mails nobody.
OWN_STATE = frozenset({"show_as", "reminder_minutes"})

#: What the provider computes and nobody writes.
READ_ONLY = frozenset({"completed_on", "IsClosed", "CompletedDateTime"})
