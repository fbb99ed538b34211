"""What the Salesforce connector can do: data only."""

from __future__ import annotations

from typing import Final

from syncline.domain.values.kinds import Kind

PROVIDER: Final = "salesforce"
API_VERSION: Final = "68.0"
LOGIN_URL: Final = "https://login.salesforce.com"

KINDS: Final = frozenset(Kind)
#: The object of each kind. In an org without Enhanced Email a message is a Task.
OBJECTS: Final[dict[Kind, str]] = {
    Kind.EVENT: "Event",
    Kind.CONTACT: "Contact",
    Kind.TASK: "Task",
    Kind.MESSAGE: "EmailMessage",
}
#: How ids of an object begin.
PREFIXES: Final = {
    "Event": "00U",
    "Contact": "003",
    "Task": "00T",
    "EmailMessage": "02s",
}
#: How ids of people begin.
PERSON_PREFIXES: Final = {"Contact": "003", "Lead": "00Q", "User": "005"}

#: Files of a connector's shape that are not here, with the reason.
MISSING: Final = {"marks": "records carry no marks: Salesforce has no categories"}

SCOPES: Final = ("api", "refresh_token", "openid")

#: Our custom fields. `KEY_FIELD` is a unique external id on every object that we
#: create; without it creates cannot be repeated safely and links lost with the database
#: are not recognized. Without `ATTENDEES_FIELD` guests stay in the mailbox.
KEY_FIELD: Final = "Syncline_Id__c"
ATTENDEES_FIELD: Final = "Syncline_Attendees__c"
OWN_FIELDS: Final = frozenset({KEY_FIELD, ATTENDEES_FIELD})

#: Records per collections call, ids per retrieve.
WRITE_LIMIT: Final = 200
RETRIEVE_LIMIT: Final = 2000
#: Characters of an encoded query; addresses end at 16,384 bytes.
QUERY_LENGTH_LIMIT: Final = 10_000
#: Completed tasks stay in step this many days.
TASK_DAYS: Final = 14
#: Queries in one composite call.
QUERIES_PER_COMPOSITE: Final = 5
#: Deleted records stay visible this many days.
RECYCLE_BIN_DAYS: Final = 15
