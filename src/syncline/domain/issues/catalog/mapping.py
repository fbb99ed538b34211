"""SC and SD: the field tables, and what the org's fields cannot do for them."""

from __future__ import annotations

from syncline.domain.issues.catalog.entry import (
    Audience,
    Disposition,
    Entry,
    Severity,
)
from syncline.domain.issues.issue import Scope

_SWITCH_OFF = (
    "If the field is not needed, ask your Syncline admin to switch it off in the "
    "field table of your profile."
)
_CHECKED = "A check of the field table found nothing wrong with this field."

ENTRIES = (
    Entry(
        code="SC0120",
        slug="mapped_field_missing",
        title="A field is missing in Salesforce",
        cause=(
            "The field table wants to use {field_labels}[ ({fields})] of each "
            "{thing}. Salesforce does not have that field, or your Salesforce profile "
            "hides it."
        ),
        steps=(
            "Ask your Salesforce admin to add the field, or to make it visible for "
            "your profile (field-level security).",
            _SWITCH_OFF,
        ),
        mark="Field missing in Salesforce",
        audience=Audience.ADMIN,
        scope=Scope.ORGANIZATION,
        closes=_CHECKED,
    ),
    Entry(
        code="SC0121",
        slug="mapped_field_unfit",
        title="A field in Salesforce is of the wrong type",
        cause=(
            "The field {field_labels}[ ({fields})] is of a type[ ({value})] that "
            "cannot hold what the field table wants to put there."
        ),
        steps=(
            "Ask your Syncline admin to choose another Salesforce field in the field "
            "table of your profile.",
            "Or ask your Salesforce admin to change the type of the field.",
        ),
        mark="Field of the wrong type",
        audience=Audience.ADMIN,
        scope=Scope.ORGANIZATION,
        closes=_CHECKED,
    ),
    Entry(
        code="SC0122",
        slug="mapped_field_closed",
        title="A field in Salesforce may not be written",
        cause=(
            "The field table wants to write {field_labels}[ ({fields})] of each "
            "{thing}. Your Salesforce profile lets you read it only."
        ),
        steps=(
            "Ask your Salesforce admin to make the field editable for your profile "
            "(field-level security).",
            "If it is filled by a formula, ask your Syncline admin to let it travel "
            "to the mailbox only.",
        ),
        mark="Field may not be written",
        audience=Audience.ADMIN,
        scope=Scope.ORGANIZATION,
        closes=_CHECKED,
    ),
    Entry(
        code="SC0123",
        slug="mapped_words_missing",
        title="A list in Salesforce lacks values that Syncline writes",
        cause=(
            "The field {field_labels}[ ({fields})] does not offer[ {value}] any "
            "longer, and Syncline writes that for items of that state."
        ),
        steps=(
            "Ask your Salesforce admin to offer the value again.",
            "Or ask your Syncline admin to name another value in the field table of "
            "your profile.",
        ),
        mark="Value not offered in Salesforce",
        audience=Audience.ADMIN,
        scope=Scope.ORGANIZATION,
        closes=_CHECKED,
    ),
    Entry(
        code="SC0124",
        slug="required_field_unfilled",
        title="Salesforce demands a field that nothing fills",
        cause=(
            "Your Salesforce demands {field_labels}[ ({fields})] of every new "
            "{thing}. Nothing in the field table fills it, so new ones will be "
            "refused."
        ),
        steps=(
            "Ask your Syncline admin to give the field a fixed value, or a field of "
            "the mailbox, in the field table of your profile.",
            "Or ask your Salesforce admin to give it a default, or not to demand it.",
        ),
        mark="Required field is not filled",
        audience=Audience.ADMIN,
        scope=Scope.ORGANIZATION,
        closes=_CHECKED,
    ),
    Entry(
        code="SC0125",
        slug="mapped_field_short",
        title="A field in Salesforce is short",
        cause=(
            "The field {field_labels}[ ({fields})] takes less text[ ({limit} "
            "characters)] than mailboxes do. Longer text will be shortened in "
            "Salesforce and stays whole in the mailbox."
        ),
        steps=("If that is too short, ask your Salesforce admin for a longer field.",),
        mark="Field is short",
        audience=Audience.ADMIN,
        severity=Severity.LOW,
        scope=Scope.ORGANIZATION,
        disposition=Disposition.NOTE,
        closes=_CHECKED,
    ),
    Entry(
        code="SC0126",
        slug="field_table_senseless",
        title="The field table of your profile contradicts itself",
        cause=(
            "What your profile changes about the field tables makes no sense[: "
            "{detail}]."
        ),
        steps=(
            "Ask your Syncline admin to correct the field table of your profile; "
            "saving it says what is wrong.",
        ),
        mark="Field table needs a correction",
        audience=Audience.ADMIN,
        scope=Scope.MAILBOX,
        closes="A check of the field table understood it.",
    ),
    Entry(
        code="SC0127",
        slug="mirrored_object_hidden",
        title="Records that your calendar is to show are hidden",
        cause=(
            "Your profile shows records of another object[ ({value})] in the "
            "calendar. Salesforce does not have it[ with its {fields}], hides it from "
            "you, or keeps no date there."
        ),
        steps=(
            "Ask your Salesforce admin to make the object and its fields visible for "
            "your profile.",
            "Or ask your Syncline admin to correct what your profile says about it. "
            "What is in the calendar already stays there meanwhile.",
        ),
        mark="Object hidden in Salesforce",
        audience=Audience.ADMIN,
        scope=Scope.ORGANIZATION,
        closes="The records were read again.",
    ),
    Entry(
        code="SD0160",
        slug="text_was_cut",
        title="A text was shortened for Salesforce",
        cause=(
            "Salesforce keeps less text[ ({limit} characters)] in {field_labels} than "
            "this {thing} has, so only the beginning was saved. The whole text is "
            "still in the mailbox."
        ),
        steps=(
            "Nothing is lost, and you need not do anything. To have a text in "
            "Salesforce that ends well, shorten it in the mailbox.",
        ),
        mark="Shortened in Salesforce",
        severity=Severity.LOW,
        disposition=Disposition.NOTE,
        closes="The text was saved whole.",
    ),
)
