"""SI: inner workings of Syncline."""

from __future__ import annotations

from syncline.domain.issues.catalog.entry import (
    AGAIN,
    Audience,
    Disposition,
    Entry,
    Severity,
)
from syncline.domain.issues.issue import Scope

ENTRIES = (
    Entry(
        code="SI0013",
        slug="not_reached",
        title="This item was not reached",
        cause=(
            "{place} put this {thing} aside because another one sent together with "
            "it failed. Syncline sends it again by itself."
        ),
        steps=(),
        mark="Waiting for the next session",
        audience=Audience.US,
        severity=Severity.LOW,
        disposition=Disposition.RETRY,
    ),
    Entry(
        code="SI0100",
        slug="garbled_answer",
        title="{place} answered in a way that makes no sense",
        cause=(
            "The answer of {place} was incomplete or could not be understood. "
            "Nothing was changed, and Syncline asks again by itself."
        ),
        steps=(),
        mark="Waiting for the next session",
        audience=Audience.US,
        severity=Severity.LOW,
        scope=Scope.MAILBOX,
        disposition=Disposition.RETRY,
        closes="The same question got an answer that makes sense.",
    ),
    Entry(
        code="SI0101",
        slug="unclassified",
        title="{place} refused this {thing}",
        cause=(
            "{place} refused this {thing} for a reason that Syncline does not know "
            "yet[: {reason}]. All other items are synchronized as usual."
        ),
        steps=(
            "Read what {place} says and correct the {thing} if you can.",
            AGAIN,
            "If it stays, tell your Syncline admin the code of this issue.",
        ),
        mark="Refused by {place}",
        audience=Audience.SUPPORT,
    ),
    Entry(
        code="SI0102",
        slug="reading_restarted",
        title="Syncline is reading everything once more",
        cause=(
            "{place} no longer knows how far Syncline had read. Syncline reads "
            "everything once more by itself, and nothing is lost or doubled."
        ),
        steps=(),
        mark="Waiting for the next session",
        audience=Audience.US,
        severity=Severity.LOW,
        scope=Scope.MAILBOX,
        disposition=Disposition.RETRY,
        closes="A session read everything to its end.",
    ),
)
