"""Tables. Each class is one row; values of the core are made in the repositories."""

from syncline.store.models.access import (
    STOPPED,
    ActivityRow,
    ConnectionRow,
    GrantRow,
    MailboxRow,
    OrganizationRow,
    ProfileRow,
)
from syncline.store.models.issues import IssueRow
from syncline.store.models.sync import (
    UNMARKED,
    ErrandRow,
    LeaseRow,
    LinkRow,
    SessionRow,
    SessionWriteRow,
    WatermarkRow,
)

__all__ = [
    "STOPPED",
    "UNMARKED",
    "ActivityRow",
    "ConnectionRow",
    "ErrandRow",
    "GrantRow",
    "IssueRow",
    "LeaseRow",
    "LinkRow",
    "MailboxRow",
    "OrganizationRow",
    "ProfileRow",
    "SessionRow",
    "SessionWriteRow",
    "WatermarkRow",
]
