"""SE: what happened during a session."""

from __future__ import annotations

from syncline.domain.issues.catalog.entry import (
    AGAIN,
    Audience,
    Disposition,
    Entry,
    Severity,
)
from syncline.domain.issues.issue import Scope

_SEEN = "A person saw it and dismissed it, or the fields agree on another value."

ENTRIES = (
    Entry(
        code="SE0002",
        slug="cross_reference_invalid",
        title="A related record is missing",
        cause=(
            "This {thing} refers to another Salesforce record[ in {field_labels}] "
            "that was deleted, is of the wrong type, or is hidden from you."
        ),
        steps=(
            "Open the {thing} in Salesforce and look at its related records[ in "
            "{field_labels}].",
            "Choose a record that exists, or ask your Salesforce admin for access.",
            AGAIN,
        ),
        mark="A related record is missing",
        severity=Severity.LOW,
    ),
    Entry(
        code="SE0100",
        slug="waits_for_organizer",
        title="Waiting for the organizer",
        cause=(
            "This meeting is saved to Salesforce by its organizer[, {organizer}], "
            "who also uses Syncline. It appears there once the organizer has "
            "synchronized it."
        ),
        steps=(
            "Ask the organizer to save the meeting to Salesforce.",
            "If you have not answered the invitation, accept it.",
        ),
        mark="Waiting for the organizer",
        severity=Severity.LOW,
        closes="The organizer synchronized the meeting.",
    ),
    Entry(
        code="SE0101",
        slug="guests_would_be_mailed",
        title="Guests would be mailed",
        cause=(
            "Writing this change into your calendar would send mail to the guests of "
            "the meeting. Syncline never does that on its own."
        ),
        steps=(
            "Open the meeting in your mail program.",
            "Make the same change there[: {field_labels}], and decide yourself "
            "whether to send it to the guests.",
            "Or undo the change in Salesforce.",
        ),
        mark="Change would be mailed to guests",
        closes="Both sides agree again.",
    ),
    Entry(
        code="SE0102",
        slug="somebody_else_organizes",
        title="Somebody else organizes this meeting",
        cause=(
            "The change in Salesforce cannot be written to your calendar, because "
            "somebody else[, {organizer},] organizes this meeting."
        ),
        steps=(
            "Ask the organizer[, {organizer},] to change the meeting.",
            "Or undo the change in Salesforce.",
        ),
        mark="Somebody else organizes this meeting",
        closes="Both sides agree again.",
    ),
    Entry(
        code="SE0103",
        slug="conflict_mailbox_won",
        title="Changed on both sides: the mailbox won",
        cause=(
            "{field_labels} of this {thing} was changed in the mailbox and in "
            "Salesforce, and the mailbox won. The value from Salesforce is kept"
            "[: “{value}”]."
        ),
        steps=(
            "If the mailbox value is right, dismiss this issue.",
            "If the Salesforce value is right, enter it again on either side.",
        ),
        mark="Changed on both sides",
        severity=Severity.LOW,
        disposition=Disposition.NOTE,
        closes=_SEEN,
    ),
    Entry(
        code="SE0104",
        slug="conflict_crm_won",
        title="Changed on both sides: Salesforce won",
        cause=(
            "{field_labels} of this {thing} was changed in the mailbox and in "
            "Salesforce, and Salesforce won. The value from the mailbox is kept"
            "[: “{value}”]."
        ),
        steps=(
            "If the Salesforce value is right, dismiss this issue.",
            "If the mailbox value is right, enter it again on either side.",
        ),
        mark="Changed on both sides",
        severity=Severity.LOW,
        disposition=Disposition.NOTE,
        closes=_SEEN,
    ),
    Entry(
        code="SE0105",
        slug="edited_and_deleted",
        title="Deleted on one side and changed on the other",
        cause=(
            "This {thing} was deleted[ in {value}], but changed on the other side. The "
            "change was kept, and the {thing} was put back."
        ),
        steps=(
            "If it should stay, dismiss this issue.",
            "If it should go, delete it again.",
        ),
        mark="Deleted on one side and changed on the other",
        severity=Severity.LOW,
        disposition=Disposition.NOTE,
        closes="A person saw it and dismissed it, or the item was deleted again.",
    ),
    Entry(
        code="SE0106",
        slug="braked_plan",
        title="Please confirm an unusual number of deletions",
        cause=(
            "This session would delete[ {count}] items, which is far more than usual. "
            "Syncline waits for your word before it does that."
        ),
        steps=(
            "Open the issue and read the list of what would be deleted.",
            "If it is right, choose Confirm. If not, undo the deletions first and "
            "then press Force sync.",
            "If you did not delete these items, ask your admin what happened.",
        ),
        mark="Waiting for confirmation",
        scope=Scope.MAILBOX,
        closes="The plan was confirmed or discarded, or is no longer unusual.",
    ),
    Entry(
        code="SE0107",
        slug="ping_pong",
        title="Another program keeps changing this {thing}",
        cause=(
            "This {thing} was changed back and forth[ {count} times], most likely by "
            "another program that synchronizes it too. Syncline left it alone to end "
            "this."
        ),
        steps=(
            "Find and switch off other software that synchronizes Salesforce with "
            "your mailbox; your Salesforce admin finds it under Setup > Connected "
            "Apps OAuth Usage.",
            "Bring the {thing} to the state that you want.",
            AGAIN,
        ),
        mark="Another program keeps changing it",
        audience=Audience.ADMIN,
        closes="The item was synchronized and stayed as it was.",
    ),
    Entry(
        code="SE0108",
        slug="version_race",
        title="Changed at the same moment",
        cause=(
            "This {thing} was changed in {place} at the very moment when Syncline "
            "was about to write. Syncline reads it again and merges both changes."
        ),
        steps=(),
        mark="Waiting for the next session",
        audience=Audience.US,
        severity=Severity.LOW,
        disposition=Disposition.RETRY,
    ),
    Entry(
        code="SE0109",
        slug="row_lock",
        title="In use by somebody else",
        cause=(
            "{place} was busy with this {thing}, or with one that it belongs to. "
            "Syncline tries again by itself."
        ),
        steps=(),
        mark="Waiting for the next session",
        audience=Audience.US,
        severity=Severity.LOW,
        disposition=Disposition.RETRY,
    ),
    Entry(
        code="SE0110",
        slug="mark_failed",
        title="An item could not be marked",
        cause=(
            "Syncline could not put its category on this {thing}[: “{reason}”]. The "
            "{thing} itself is synchronized as usual."
        ),
        steps=(),
        mark="Could not be marked",
        audience=Audience.US,
        severity=Severity.LOW,
        disposition=Disposition.NOTE,
        closes="The item carries the right categories.",
    ),
    Entry(
        code="SE0111",
        slug="concurrency",
        title="{place} asks for a slower pace",
        cause=(
            "{place} gets more calls at this moment than it answers. Syncline waits "
            "and continues by itself."
        ),
        steps=(),
        mark="Waiting for the next session",
        audience=Audience.US,
        severity=Severity.LOW,
        scope=Scope.MAILBOX,
        disposition=Disposition.RETRY,
        closes="{place} answered again.",
    ),
    Entry(
        code="SE0112",
        slug="mailbox_unavailable",
        title="The mailbox cannot be reached",
        cause=(
            "The mail service did not answer, or is being serviced. Syncline tries "
            "again by itself and then catches up."
        ),
        steps=(),
        mark="Waiting for the mailbox",
        audience=Audience.US,
        scope=Scope.MAILBOX,
        disposition=Disposition.RETRY,
        closes="The mail service answered again.",
    ),
    Entry(
        code="SE0113",
        slug="crm_unavailable",
        title="Salesforce cannot be reached",
        cause=(
            "Salesforce did not answer, or is being serviced. Syncline tries again "
            "by itself and then catches up."
        ),
        steps=(),
        mark="Waiting for Salesforce",
        audience=Audience.US,
        scope=Scope.MAILBOX,
        disposition=Disposition.RETRY,
        closes="Salesforce answered again.",
    ),
    Entry(
        code="SE0114",
        slug="allowance_spent",
        title="The daily allowance of Salesforce calls is used up",
        cause=(
            "Your organization has used the calls to Salesforce that it may make in a "
            "day[ ({limit})]. Syncline continues by itself when calls are available "
            "again."
        ),
        steps=(
            "Nothing is lost: wait until sync continues.",
            "If this happens often, your Salesforce admin looks up who uses the "
            "calls in Setup > Company Information, or buys more.",
        ),
        mark="Waiting for the daily allowance",
        audience=Audience.ADMIN,
        scope=Scope.ORGANIZATION,
        disposition=Disposition.RETRY,
        closes="Salesforce accepted calls again.",
    ),
    Entry(
        code="SE0120",
        slug="conflict_to_decide",
        title="Changed on both sides: please decide",
        cause=(
            "{field_labels} of this {thing} was changed in the mailbox and in "
            "Salesforce. Your profile wants a person to decide, so both were left as "
            "they are[: “{value}” is the value from Salesforce]."
        ),
        steps=(
            "Decide which value is right.",
            "Enter it on both sides.",
            AGAIN,
        ),
        mark="Please decide which is right",
        closes="Both sides say the same.",
    ),
    Entry(
        code="SE0121",
        slug="drift_found",
        title="Something had been overlooked",
        cause=(
            "Syncline compared everything and found differences[ ({count})] that "
            "neither side had reported. They were put right."
        ),
        steps=("There is nothing to do. Look at the list if something surprises you.",),
        mark="Found by comparing everything",
        audience=Audience.US,
        severity=Severity.LOW,
        scope=Scope.MAILBOX,
        disposition=Disposition.NOTE,
        closes="The next comparison found no difference.",
    ),
)
