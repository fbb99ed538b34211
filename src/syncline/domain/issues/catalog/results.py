"""SW: how a session ended."""

from __future__ import annotations

from syncline.domain.issues.catalog.entry import (
    Audience,
    Disposition,
    Entry,
    Severity,
)
from syncline.domain.issues.issue import Scope

_FOUND = "Open the Issues tab and go through the list from the top."
_NEXT_SESSION = "A later session finished without this result."

ENTRIES = (
    Entry(
        code="SW0000",
        slug="session_finished",
        title="Sync finished successfully",
        cause="The last session finished and met nothing that needs attention.",
        steps=(),
        mark="Tracked successfully",
        audience=Audience.US,
        severity=Severity.LOW,
        scope=Scope.MAILBOX,
        disposition=Disposition.NOTE,
        closes="Nothing needs to close: this is the good result.",
    ),
    Entry(
        code="SW0001",
        slug="session_timeout",
        title="The session was interrupted",
        cause=(
            "The session ended early, because somebody paused it or its time"
            "[ of {limit}] was up. Everything done so far is kept, and the next "
            "session continues from there."
        ),
        steps=(
            "If you paused the sync, press Start when you want it to continue.",
            "Otherwise wait for the next session, which does the rest.",
            "If this happens every time, ask your admin for a longer session time.",
        ),
        mark="Waiting for the next session",
        severity=Severity.LOW,
        scope=Scope.MAILBOX,
        disposition=Disposition.RETRY,
        closes="A later session ran to its end.",
    ),
    Entry(
        code="SW0002",
        slug="session_with_issues",
        title="Sync finished with issues",
        cause=(
            "The session finished and found[ {count}] items that need attention. "
            "All other items were synchronized."
        ),
        steps=(
            _FOUND,
            "Follow the advice of each issue; it disappears when the item has synced.",
        ),
        mark="See the Issues tab",
        scope=Scope.MAILBOX,
        disposition=Disposition.NOTE,
        closes=_NEXT_SESSION,
    ),
    Entry(
        code="SW0003",
        slug="internal_error",
        title="Something went wrong inside Syncline",
        cause=(
            "The session stopped because of a mistake in Syncline itself. Nothing was "
            "lost, and Syncline tries again by itself."
        ),
        steps=(
            "Wait for the next session.",
            "If this comes back, tell your Syncline admin the code of this issue.",
        ),
        mark="Waiting for the next session",
        audience=Audience.SUPPORT,
        severity=Severity.SEVERE,
        scope=Scope.MAILBOX,
        disposition=Disposition.STOP,
        closes="A later session ran to its end.",
    ),
    Entry(
        code="SW0004",
        slug="session_with_questions",
        title="Sync finished with questions",
        cause=(
            "The session finished and found[ {count}] conflicts, duplicates or "
            "confirmations. No item failed."
        ),
        steps=(_FOUND, "Decide each question that is waiting for you."),
        mark="See the Issues tab",
        scope=Scope.MAILBOX,
        disposition=Disposition.NOTE,
        closes=_NEXT_SESSION,
    ),
)
