"""E-mail messages, the people in them, and files.

Lengths follow the older public field reference; orgs may have longer texts.
"""

from __future__ import annotations

from dataclasses import replace

from syncline.sandbox.salesforce.blueprints import (
    at_birth,
    build_object,
    flag,
    key_field,
    long_text,
    moment,
    name_field,
    needed,
    number,
    of_kind,
    pick,
    read_only,
    ref,
    text,
)
from syncline.sandbox.salesforce.entities import Field, SObject

JUNCTIONS = {"ToIds": "ToAddress", "CcIds": "CcAddress", "BccIds": "BccAddress"}
ADDRESS_FIELDS = ("ToAddress", "CcAddress", "BccAddress", "FromAddress", "OtherAddress")
#: New, Read, Replied, Sent, Forwarded, Draft.
MESSAGE_STATUSES = ("0", "1", "2", "3", "4", "5")


def _junction(name: str) -> Field:
    """Ids of people, kept as rows of EmailMessageRelation."""
    people = ("Contact", "Lead", "User")
    return replace(of_kind(name, "junctionIdList"), reference_to=people)


def email_message() -> SObject:
    """A message as Enhanced Email keeps it."""
    related = ("Account", "Opportunity", "Case")
    fields = [
        name_field(text("Subject", 3000)),
        long_text("TextBody"),
        long_text("HtmlBody"),
        long_text("Headers"),
        text("FromAddress", 1000),
        text("FromName", 1000),
        *[text(name, 4000) for name in JUNCTIONS.values()],
        *map(_junction, JUNCTIONS),
        text("MessageIdentifier", 255),
        text("ThreadIdentifier", 255),
        moment("MessageDate"),
        flag("Incoming", "Is Incoming"),
        pick("Status", *MESSAGE_STATUSES, restricted=True, default="0"),
        read_only(flag("HasAttachment")),
        flag("IsExternallyVisible"),
        at_birth(flag("IsClientManaged")),
        ref("RelatedToId", *related, children="Emails"),
        at_birth(ref("ParentId", "Case")),
        at_birth(ref("ActivityId", "Task")),
        ref("ReplyToEmailMessageId", "EmailMessage"),
        key_field(),
    ]
    return build_object("EmailMessage", "Email Messages", "02s", fields, owner=False)


def email_message_relation() -> SObject:
    """A sender or recipient of a message."""
    message = ref("EmailMessageId", "EmailMessage", children="EmailMessageRelations")
    kinds = pick("RelationType", *ADDRESS_FIELDS, restricted=True)
    fields = [
        needed(at_birth(message)),
        at_birth(ref("RelationId", "Contact", "Lead", "User")),
        needed(at_birth(kinds)),
        at_birth(text("RelationAddress", 4000)),
        read_only(text("RelationObjectType", 40)),
    ]
    return build_object(
        "EmailMessageRelation", "Email Message Relations", "0Ar", fields, owner=False
    )


def content_version() -> SObject:
    """One version of a file, with its bytes."""
    places = ("Account", "Case", "Contact", "EmailMessage", "Event", "Lead",
              "Opportunity", "Task", "User")  # fmt: skip
    fields = [
        name_field(text("Title", 255)),
        long_text("Description", 1000),
        needed(at_birth(text("PathOnClient", 500))),
        needed(at_birth(of_kind("VersionData", "base64"))),
        at_birth(ref("ContentDocumentId", "ContentDocument",
                     children="ContentVersions")),
        at_birth(ref("FirstPublishLocationId", *places)),
        read_only(number("ContentSize", "Size")),
        read_only(text("FileExtension", 40)),
        read_only(text("FileType", 20)),
        read_only(text("Checksum", 50)),
        read_only(text("VersionNumber", 20)),
        read_only(flag("IsLatest")),
    ]  # fmt: skip
    return build_object("ContentVersion", "Content Versions", "068", fields)


def content_document() -> SObject:
    """A file: what its versions have in common."""
    latest = ref("LatestPublishedVersionId", "ContentVersion")
    fields = [
        name_field(text("Title", 255)),
        read_only(number("ContentSize", "Size")),
        read_only(text("FileExtension", 40)),
        read_only(text("FileType", 20)),
        read_only(latest),
    ]
    made = build_object("ContentDocument", "Content Documents", "069", fields)
    made.is_createable = False
    return made


def content_document_link() -> SObject:
    """That a file is shown with a record."""
    places = ("Account", "Case", "Contact", "EmailMessage", "Event", "Lead",
              "Opportunity", "Task", "User")  # fmt: skip
    document = ref("ContentDocumentId", "ContentDocument",
                   children="ContentDocumentLinks")  # fmt: skip
    linked = ref("LinkedEntityId", *places, children="ContentDocumentLinks")
    fields = [
        needed(at_birth(document)),
        needed(at_birth(linked)),
        pick("ShareType", "V", "C", "I", restricted=True, default="V"),
        pick("Visibility", "AllUsers", "InternalUsers", "SharedUsers",
             restricted=True, default="AllUsers"),
    ]  # fmt: skip
    return build_object(
        "ContentDocumentLink", "Content Document Links", "06A", fields, owner=False
    )
