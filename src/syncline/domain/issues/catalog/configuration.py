"""SC: set-up of Salesforce, the mailbox or Syncline."""

from __future__ import annotations

from syncline.domain.issues.catalog.entry import (
    ACCESS_IS_BACK,
    AGAIN,
    Audience,
    Disposition,
    Entry,
    Severity,
)
from syncline.domain.issues.issue import Scope

ENTRIES = (
    Entry(
        code="SC0001",
        slug="key_field_missing",
        title="A field that Syncline needs is missing in Salesforce",
        cause=(
            "Salesforce does not have the field[ {fields}] in which Syncline keeps "
            "track of each item, or your profile may not use it."
        ),
        steps=(
            "Ask your Salesforce admin to finish the set-up of Syncline.",
            "The admin adds the field[ {fields}] as a unique external ID to events "
            "and contacts, and makes it visible and editable for your profile.",
            AGAIN,
        ),
        mark="Salesforce set-up is not finished",
        audience=Audience.ADMIN,
        scope=Scope.ORGANIZATION,
        closes="Salesforce accepted the field.",
    ),
    Entry(
        code="SC0010",
        slug="object_hidden",
        title="Your Salesforce profile hides a whole kind of records",
        cause=(
            "Syncline cannot see the events or contacts of your Salesforce. Your "
            "profile hides them, or they are not part of your edition."
        ),
        steps=(
            "Ask your Salesforce admin to give your profile read, create, edit and "
            "delete rights on events and contacts.",
            "If only one kind should be synchronized, tell your Syncline admin.",
        ),
        mark="Hidden by your Salesforce profile",
        audience=Audience.ADMIN,
        severity=Severity.SEVERE,
        scope=Scope.MAILBOX,
        disposition=Disposition.STOP,
        closes="A session read this kind of records.",
    ),
    Entry(
        code="SC0100",
        slug="field_not_writable",
        title="A field may not be written in Salesforce",
        cause=(
            "Your Salesforce profile does not let you write {field_labels}"
            "[ ({fields})], so this {thing} was not saved."
        ),
        steps=(
            "Ask your Salesforce admin to make {field_labels} visible and editable "
            "for your profile (field-level security).",
            "If the field should not be synchronized, tell your Syncline admin.",
            AGAIN,
        ),
        mark="Field may not be written[: {field_labels}]",
        audience=Audience.ADMIN,
    ),
    Entry(
        code="SC0101",
        slug="apex_failed",
        title="Salesforce automation stopped this item",
        cause=(
            "Custom automation in your Salesforce failed while it was saving this "
            "{thing}[: “{reason}”]."
        ),
        steps=(
            "Send the text above to your Salesforce admin, together with the {thing}.",
            "The admin corrects the Apex trigger or the process that it names.",
            AGAIN,
        ),
        mark="Stopped by Salesforce automation",
        audience=Audience.ADMIN,
    ),
    Entry(
        code="SC0102",
        slug="flow_failed",
        title="A Salesforce flow stopped this item",
        cause=(
            "An automatic flow in your Salesforce failed while it was saving this "
            "{thing}[: “{reason}”]."
        ),
        steps=(
            "Send the text above to your Salesforce admin, together with the {thing}.",
            "The admin corrects the record-triggered flow, or its entry criteria.",
            AGAIN,
        ),
        mark="Stopped by a Salesforce flow",
        audience=Audience.ADMIN,
    ),
    Entry(
        code="SC0103",
        slug="feature_off",
        title="A Salesforce feature is switched off",
        cause=(
            "Saving this {thing} needs a feature that is switched off in your "
            "Salesforce[: “{reason}”]."
        ),
        steps=(
            "Ask your Salesforce admin to switch the feature on.",
            AGAIN,
        ),
        mark="A Salesforce feature is switched off",
        audience=Audience.ADMIN,
        scope=Scope.ORGANIZATION,
    ),
    Entry(
        code="SC0104",
        slug="record_type_missing",
        title="Your Salesforce profile has no record type for this",
        cause=(
            "Your Salesforce profile has no default record type for this {thing}, so "
            "it could not be saved."
        ),
        steps=(
            "Ask your Salesforce admin to assign a default record type to your "
            "profile.",
            AGAIN,
        ),
        mark="No record type in your Salesforce profile",
        audience=Audience.ADMIN,
        scope=Scope.MAILBOX,
    ),
    Entry(
        code="SC0105",
        slug="org_rule_broken",
        title="A Salesforce rule does not work",
        cause=(
            "An assignment rule or another rule in your Salesforce is missing, "
            "inactive or wrong[: “{reason}”]."
        ),
        steps=(
            "Send the text above to your Salesforce admin.",
            "The admin corrects or removes the rule.",
            AGAIN,
        ),
        mark="A Salesforce rule does not work",
        audience=Audience.ADMIN,
        scope=Scope.ORGANIZATION,
    ),
    Entry(
        code="SC0106",
        slug="storage_full",
        title="Salesforce has no space left",
        cause=(
            "The storage of your Salesforce is full, so nothing new can be saved "
            "there. Changes of what exists are still synchronized."
        ),
        steps=(
            "Ask your Salesforce admin to free or buy storage.",
            "The admin sees what uses it in Setup > Storage Usage.",
            AGAIN,
        ),
        mark="Salesforce storage is full",
        audience=Audience.ADMIN,
        scope=Scope.ORGANIZATION,
        closes="Salesforce saved something new.",
    ),
    Entry(
        code="SC0107",
        slug="org_limit_reached",
        title="A limit of your Salesforce is reached",
        cause=(
            "Your Salesforce has reached one of its limits[: “{reason}”], so this "
            "{thing} was not saved."
        ),
        steps=(
            "Send the text above to your Salesforce admin.",
            "The admin frees what counts towards the limit, or has it raised.",
            AGAIN,
        ),
        mark="A Salesforce limit is reached",
        audience=Audience.ADMIN,
        scope=Scope.ORGANIZATION,
    ),
    Entry(
        code="SC0108",
        slug="wrong_question",
        title="{place} did not understand Syncline",
        cause=(
            "Syncline sent this {thing} in a form that {place} does not accept"
            "[: “{reason}”]. The {thing} itself is most likely fine."
        ),
        steps=(
            "Tell your Syncline admin the code of this issue.",
            "Nothing else is needed from you: other items are synchronized as usual.",
        ),
        mark="Not understood by {place}",
        audience=Audience.SUPPORT,
    ),
    Entry(
        code="SC0109",
        slug="release_too_old",
        title="This release of Syncline is too old",
        cause=(
            "{place} no longer accepts the way in which this release of Syncline "
            "talks to it."
        ),
        steps=(
            "Ask your admin to install the current release of Syncline.",
            "After that, sync continues by itself.",
        ),
        mark="Syncline needs an update",
        audience=Audience.ADMIN,
        severity=Severity.SEVERE,
        scope=Scope.ORGANIZATION,
        disposition=Disposition.STOP,
        closes=ACCESS_IS_BACK,
    ),
)
