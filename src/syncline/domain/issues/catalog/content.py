"""SD: data of an item or record."""

from __future__ import annotations

from syncline.domain.issues.catalog.entry import (
    AGAIN,
    Audience,
    Disposition,
    Entry,
    Severity,
)
from syncline.domain.issues.issue import Scope

_OPEN_RECORD = "Open the {thing} with the icon under Connectivity."
#: Nobody corrects an e-mail that was sent.
_SHOW_ADMIN = (
    "An e-mail cannot be corrected. Show this issue to your Salesforce admin, who can "
    "change what Salesforce demands[ of {field_labels}].",
    AGAIN,
    "If it need not be in Salesforce, dismiss this issue.",
)

ENTRIES = (
    Entry(
        code="SD0006",
        slug="record_gone",
        title="The {thing} is no longer there",
        cause=(
            "The {thing} that was to be changed in {place} was deleted or moved, or "
            "you may no longer see it."
        ),
        steps=(
            "If you still need it, ask your admin who deleted it or took away your "
            "access.",
            "If you do not need it, leave it: the next session puts things in order.",
        ),
        mark="No longer found in {place}",
        severity=Severity.LOW,
        closes="The next look found it, or found that it was deleted.",
    ),
    Entry(
        code="SD0013",
        slug="duplicate_rule",
        title="This {thing} may be in Salesforce already",
        cause=(
            "A duplicate rule of your Salesforce thinks that this {thing} exists "
            "already[: “{rule_message}”]."
        ),
        steps=(
            "Open the existing {thing}[ ({matches})] in Salesforce and compare.",
            "If it is the same, bring both to the same e-mail address, so that "
            "Syncline joins them.",
            "If it is another one, change the name, phone or e-mail address that "
            "looks the same.",
            AGAIN,
        ),
        mark="May be in Salesforce already",
        closes="The item was saved, or joined with the existing record.",
    ),
    Entry(
        code="SD0019",
        slug="too_many_records",
        title="More records than Salesforce lets Syncline read",
        cause=(
            "There are more records[ ({count})] in the range to synchronize than "
            "{place} lets Syncline read at once."
        ),
        steps=(
            "Ask your Syncline admin to choose a shorter range of days.",
            AGAIN,
        ),
        mark="Too many records in range",
        audience=Audience.ADMIN,
        severity=Severity.LOW,
        scope=Scope.MAILBOX,
        closes="A session read the whole range.",
    ),
    Entry(
        code="SD0025",
        slug="duplicates_would_be_made",
        title="Sync would make duplicates",
        cause=(
            "Several equal items[ ({count})] appeared with the same name and time. "
            "Syncline holds them back, because another program may be copying them "
            "too."
        ),
        steps=(
            "Switch off other software that synchronizes Salesforce with your "
            "mailbox; your Salesforce admin finds it under Setup > Connected Apps "
            "OAuth Usage.",
            "Delete the surplus items, or change those that are meant to be separate.",
            AGAIN,
        ),
        mark="Would make a duplicate",
        closes="Only one of the equal items is left, or they differ.",
    ),
    Entry(
        code="SD0100",
        slug="required_field_missing",
        title="Required fields are missing",
        cause=(
            "{place} cannot save this {thing} without a value in {field_labels}"
            "[ ({fields})]."
        ),
        steps=(
            _OPEN_RECORD,
            "Fill in {field_labels} and save.",
            AGAIN,
        ),
        message_steps=_SHOW_ADMIN,
        mark="Required fields are missing[: {field_labels}]",
    ),
    Entry(
        code="SD0101",
        slug="validation_rule",
        title="A rule of your organization refuses this {thing}",
        cause=(
            "A rule that your Salesforce admin set up refuses this {thing}"
            "[: “{rule_message}”]."
        ),
        steps=(
            _OPEN_RECORD,
            "Change what the rule asks for[ in {field_labels}] and save.",
            "If the rule seems wrong, show it to your Salesforce admin.",
            AGAIN,
        ),
        message_steps=_SHOW_ADMIN,
        mark="Refused by a rule[: {rule_message}]",
    ),
    Entry(
        code="SD0102",
        slug="value_too_long",
        title="A text is too long",
        cause=(
            "The text in {field_labels}[ ({fields})] is longer than {place} can keep"
            "[, which is {limit} characters]."
        ),
        steps=(
            _OPEN_RECORD,
            "Shorten {field_labels}[ to at most {limit} characters] and save.",
            AGAIN,
        ),
        message_steps=_SHOW_ADMIN,
        mark="Text is too long[: {field_labels}]",
    ),
    Entry(
        code="SD0103",
        slug="picklist_value",
        title="A value is not on the list",
        cause=(
            "Salesforce does not offer the value[ “{value}”] in {field_labels}"
            "[ ({fields})]."
        ),
        steps=(
            _OPEN_RECORD,
            "Choose a value for {field_labels} that Salesforce offers and save.",
            "If the value should be possible, ask your Salesforce admin to add it "
            "to the list.",
            AGAIN,
        ),
        message_steps=_SHOW_ADMIN,
        mark="Value is not on the list[: {field_labels}]",
    ),
    Entry(
        code="SD0104",
        slug="invalid_email",
        title="An e-mail address is not valid",
        cause=(
            "{place} does not accept[ “{value}”] as the e-mail address of this {thing}."
        ),
        steps=(_OPEN_RECORD, "Correct the e-mail address and save.", AGAIN),
        message_steps=_SHOW_ADMIN,
        mark="E-mail address is not valid",
    ),
    Entry(
        code="SD0105",
        slug="number_out_of_range",
        title="A number is too large or too small",
        cause=(
            "The number in {field_labels}[ ({fields})] is outside of what {place} "
            "accepts."
        ),
        steps=(_OPEN_RECORD, "Correct {field_labels} and save.", AGAIN),
        message_steps=_SHOW_ADMIN,
        mark="Number is out of range[: {field_labels}]",
    ),
    Entry(
        code="SD0106",
        slug="invalid_date",
        title="A date or time is not valid",
        cause=(
            "{place} does not accept the date or time[ in {field_labels}] of this "
            "{thing}; for example, the end may lie before the start."
        ),
        steps=(_OPEN_RECORD, "Correct the date and time and save.", AGAIN),
        message_steps=_SHOW_ADMIN,
        mark="Date or time is not valid",
    ),
    Entry(
        code="SD0107",
        slug="inactive_owner",
        title="The owner is no longer active in Salesforce",
        cause=(
            "This {thing}, or one that it belongs to, is owned by a Salesforce user "
            "who is no longer active[: {owner}]."
        ),
        steps=(
            "Open the {thing} in Salesforce with the icon under Connectivity.",
            "Choose an active owner, or ask your Salesforce admin to do it.",
            AGAIN,
        ),
        mark="Owner is not active in Salesforce",
        audience=Audience.ADMIN,
    ),
    Entry(
        code="SD0108",
        slug="read_only_record",
        title="This {thing} is read-only in Salesforce",
        cause=(
            "Salesforce does not let you change this {thing}: it belongs to somebody "
            "else, or it is locked."
        ),
        steps=(
            "Ask the owner, or your Salesforce admin, for the right to edit it.",
            "If it should stay as it is, undo your change in the mailbox.",
            AGAIN,
        ),
        mark="Read-only in Salesforce",
        audience=Audience.ADMIN,
    ),
    Entry(
        code="SD0109",
        slug="record_locked",
        title="This {thing} is locked for approval",
        cause="Salesforce locks this {thing} until its approval is decided.",
        steps=(
            "Have the approval decided or recalled in Salesforce.",
            "After that, Syncline saves your change by itself.",
        ),
        mark="Locked for approval in Salesforce",
    ),
    Entry(
        code="SD0110",
        slug="record_archived",
        title="This {thing} is archived in Salesforce",
        cause=(
            "Salesforce has archived this {thing} because it is old, and archived "
            "ones cannot be changed."
        ),
        steps=(
            "Undo your change in the mailbox, or dismiss this issue.",
            "If it must change in Salesforce too, make a new {thing} there.",
        ),
        mark="Archived in Salesforce",
        closes="Both sides agree again, or the item left the range.",
    ),
    Entry(
        code="SD0111",
        slug="converted_lead",
        title="This lead was converted",
        cause=(
            "The lead behind this {thing} was converted to a contact, and converted "
            "leads cannot be changed."
        ),
        steps=(
            "Open the contact that the lead became in Salesforce.",
            "Make your change there.",
        ),
        mark="Lead was converted in Salesforce",
        closes="Both sides agree again.",
    ),
    Entry(
        code="SD0112",
        slug="still_in_use",
        title="This {thing} is still in use",
        cause=(
            "Salesforce does not delete this {thing}, because other records still "
            "need it."
        ),
        steps=(
            "Open the {thing} in Salesforce and look at its related lists, for "
            "example Cases.",
            "Remove or move what belongs to it, or keep the {thing}.",
            AGAIN,
        ),
        mark="Still in use in Salesforce",
        closes="It was deleted on both sides, or came back to the mailbox.",
    ),
    Entry(
        code="SD0113",
        slug="item_too_big",
        title="This {thing} is too big",
        cause=(
            "This {thing} is larger than {place} accepts, most likely because of its "
            "attachments or a very long text."
        ),
        steps=(
            _OPEN_RECORD,
            "Remove large attachments or shorten the text and save.",
            AGAIN,
        ),
        message_steps=_SHOW_ADMIN,
        mark="Too big for {place}",
    ),
    Entry(
        code="SD0114",
        slug="value_not_accepted",
        title="A value is not accepted",
        cause=(
            "{place} does not accept the value in {field_labels}[ ({fields})]"
            "[: “{reason}”]."
        ),
        steps=(_OPEN_RECORD, "Correct {field_labels} and save.", AGAIN),
        message_steps=_SHOW_ADMIN,
        mark="Value is not accepted[: {field_labels}]",
    ),
    Entry(
        code="SD0115",
        slug="unsupported_characters",
        title="Some characters cannot be stored",
        cause=(
            "{field_labels} of this {thing} contains characters that {place} cannot "
            "store."
        ),
        steps=(
            _OPEN_RECORD,
            "Replace unusual signs and symbols with plain text and save.",
            AGAIN,
        ),
        message_steps=_SHOW_ADMIN,
        mark="Characters cannot be stored",
    ),
    Entry(
        code="SD0116",
        slug="recurring_series",
        title="Salesforce is not prepared for recurring series",
        cause=(
            "This {thing} repeats[ ({value})]. Your Salesforce lacks what Syncline "
            "needs to keep a series in step[: the fields {field_labels} of Event]."
        ),
        steps=(
            "Ask your Salesforce admin to add Advanced calendaring (two fields on "
            "Event) and to let you edit them.",
            "Until then, make single events of the dates that are important.",
        ),
        mark="Salesforce is not prepared for series",
        audience=Audience.ADMIN,
        closes="The fields were found and the series was synchronized.",
    ),
    Entry(
        code="SD0140",
        slug="classic_series",
        title="A recurring series made in Salesforce Classic",
        cause=(
            "This {thing} is part of a recurring series that was made in Salesforce "
            "in the classic way. Such a series cannot be copied to a mailbox without "
            "losing its rule."
        ),
        steps=(
            "Make the series in your mailbox instead; Syncline brings it to "
            "Salesforce.",
            "Then delete the one in Salesforce.",
        ),
        mark="Series made in Salesforce",
        closes="The series is gone from Salesforce, or left the range.",
    ),
    Entry(
        code="SD0141",
        slug="lightning_series",
        title="A recurring series made in Salesforce Lightning",
        cause=(
            "This {thing} is part of a recurring series that was made in Salesforce "
            "Lightning. Such a series cannot be copied to a mailbox without losing "
            "its rule."
        ),
        steps=(
            "Make the series in your mailbox instead; Syncline brings it to "
            "Salesforce.",
            "Then delete the one in Salesforce.",
        ),
        mark="Series made in Salesforce",
        closes="The series is gone from Salesforce, or left the range.",
    ),
    Entry(
        code="SD0142",
        slug="series_converted",
        title="A single event and a series cannot be exchanged",
        cause=(
            "This {thing} was in Salesforce already and was changed[ into {value}]. "
            "Syncline does not turn a single event into a series or back, so that "
            "no meeting is lost."
        ),
        steps=(
            "Set the category “Salesforce Unsync” on it, and press Force sync.",
            "Then take that category off and set the category “Salesforce”.",
        ),
        mark="Changed between single event and series",
        closes="It was taken out of Salesforce, or changed back.",
    ),
    Entry(
        code="SD0143",
        slug="attachment_left_out",
        title="A file was not saved",
        cause=("The e-mail is in Salesforce, but not all of its files are[: {value}]."),
        steps=(
            "If you need the file in Salesforce, add it to the record by hand.",
            "Your Syncline admin can change which files are saved.",
        ),
        mark="A file was not saved",
        severity=Severity.LOW,
        disposition=Disposition.NOTE,
        closes="You dismissed it, or the file was saved.",
    ),
    Entry(
        code="SD0117",
        slug="unknown_time_zone",
        title="The time zone is unknown",
        cause=(
            "The time zone[ “{zone}”] of this {thing} is not known, so its time "
            "cannot be given to {place} with certainty."
        ),
        steps=(
            "Open the {thing} in your mail program.",
            "Choose a common time zone for it, such as that of your city, and save.",
            AGAIN,
        ),
        mark="Time zone is unknown[: {zone}]",
    ),
    Entry(
        code="SD0118",
        slug="all_day_too_long",
        title="An all-day event is too long",
        cause=(
            "This all-day event[ of {days} days] is longer than Salesforce can keep"
            "[, which is {limit} days]."
        ),
        steps=(
            "Open the event in your mail program.",
            "Shorten it[ to at most {limit} days], or split it into several events.",
            AGAIN,
        ),
        mark="All-day event is too long",
    ),
    Entry(
        code="SD0119",
        slug="meeting_too_long",
        title="A meeting is too long",
        cause=(
            "This meeting[ of {days} days] is longer than Salesforce can keep"
            "[, which is {limit} days]."
        ),
        steps=(
            "Open the meeting in your mail program.",
            "Shorten it[ to at most {limit} days], or make it an all-day event.",
            AGAIN,
        ),
        mark="Meeting is too long",
    ),
    Entry(
        code="SD0120",
        slug="unreadable_item",
        title="This {thing} could not be read",
        cause=(
            "{place} lists this {thing} but gives no complete answer about it"
            "[: “{detail}”]. It was left alone on both sides."
        ),
        steps=(
            "Open the {thing} with the icon under Connectivity and see whether it "
            "looks right.",
            "Make a small change, save it, and press Force sync.",
            "If it stays, tell your Syncline admin the code of this issue.",
        ),
        mark="Could not be read",
        closes="The item was read.",
    ),
    Entry(
        code="SD0121",
        slug="several_matches",
        title="Several records could be this {thing}",
        cause=(
            "Salesforce has more than one record that this {thing} could belong to, "
            "and Syncline does not guess."
        ),
        steps=(
            "Open these records[ ({matches})] in Salesforce and merge or delete the "
            "surplus ones.",
            "If they are different people, give each its own e-mail address.",
            AGAIN,
        ),
        mark="Several matches in Salesforce",
        closes="Exactly one match is left, or the item was joined with one.",
    ),
    Entry(
        code="SD0122",
        slug="exists_already",
        title="This {thing} exists already",
        cause=(
            "{place} already has one with the same unique value. Syncline looks it "
            "up and joins the two by itself."
        ),
        steps=(
            "Wait for the next session.",
            "If this stays, open the existing record[ ({matches})] and change the "
            "value that is the same.",
        ),
        mark="Exists already in {place}",
        closes="The two were joined, or the value is no longer the same.",
    ),
    Entry(
        code="SD0123",
        slug="bounced_email",
        title="The e-mail address bounced",
        cause=(
            "Salesforce marked the e-mail address of this {thing} as not reachable, "
            "and refuses changes until it is corrected."
        ),
        steps=(
            "Open the {thing} in Salesforce.",
            "Correct the e-mail address, or confirm that it is right.",
            AGAIN,
        ),
        mark="E-mail address bounced",
    ),
    Entry(
        code="SD0124",
        slug="invalid_owner",
        title="The owner is not possible",
        cause=(
            "Salesforce does not accept the owner[ {owner}] of this {thing}: the user "
            "does not exist, or may not own it."
        ),
        steps=(
            "Open the {thing} in Salesforce and choose another owner.",
            "If you cannot, ask your Salesforce admin to do it.",
            AGAIN,
        ),
        mark="Owner is not possible in Salesforce",
        audience=Audience.ADMIN,
    ),
    Entry(
        code="SD0125",
        slug="state_forbids_change",
        title="This {thing} cannot be changed in its present state",
        cause=(
            "Salesforce does not allow this change while the {thing} is in its "
            "present state[: “{reason}”]."
        ),
        steps=(
            "Open the {thing} in Salesforce and see what its status allows.",
            "Finish or undo what is in progress there, for example an approval.",
            AGAIN,
        ),
        mark="Not possible in its present state",
    ),
    Entry(
        code="SD0126",
        slug="mailbox_full",
        title="The mailbox is full",
        cause=(
            "The mailbox has no space left, so Syncline cannot save anything there. "
            "Changes still go to Salesforce."
        ),
        steps=(
            "Empty the Deleted Items folder and delete or archive large messages.",
            "If that is not enough, ask your mail admin for a larger mailbox.",
            AGAIN,
        ),
        mark="Mailbox is full",
        scope=Scope.MAILBOX,
        closes="Something was saved in the mailbox.",
    ),
    Entry(
        code="SD0127",
        slug="attachment_refused",
        title="An attachment is not allowed",
        cause=(
            "{place} does not accept an attachment of this {thing}, because of its "
            "type, its size or your rights."
        ),
        steps=(
            "Open the {thing} in your mail program.",
            "Remove the attachment, or save it as another type of file.",
            AGAIN,
        ),
        message_steps=_SHOW_ADMIN,
        mark="Attachment is not allowed",
    ),
)
