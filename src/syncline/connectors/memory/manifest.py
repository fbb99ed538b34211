"""What this connector is and what it can do."""

from __future__ import annotations

from syncline.domain.issues.marking import ERROR_MARK, SAVED_MARK
from syncline.domain.values.kinds import Kind

PROVIDER = "memory"
KINDS = (Kind.EVENT, Kind.CONTACT)

BATCH_SIZE = 20

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
