"""What Graph sends, as it sends it; only what we use.

Every property but the id may be missing or null: occurrences of a series and
`$select` leave most of them out. Source: resource types event, contact, todoTask
and message of Microsoft Graph v1.0.
"""

from __future__ import annotations

from typing import Any

from msgspec import Raw, Struct, field

ETAG = "@odata.etag"


class BatchPart(Struct):
    """One part of a `$batch` answer."""

    id: str
    status: int
    headers: dict[str, Any] | None = None
    body: Raw = Raw()


class BatchAnswer(Struct):
    """The answer to `$batch`: parts in any order."""

    responses: list[BatchPart]


class Page(Struct):
    """A page of a list or of a delta round.

    Items stay raw, so that a malformed one does not take the others with it.
    """

    value: list[Raw]
    next_link: str | None = field(default=None, name="@odata.nextLink")
    delta_link: str | None = field(default=None, name="@odata.deltaLink")


class Identified(Struct):
    """The least that an item must have."""

    id: str


class Moment(Struct, rename="camel"):
    """`dateTimeTimeZone`: wall-clock text without offset, and its zone."""

    date_time: str
    time_zone: str | None = None


class Body(Struct, rename="camel"):
    """`itemBody`."""

    content: str | None = None
    content_type: str | None = None


class Address(Struct):
    """`emailAddress`."""

    address: str | None = None
    name: str | None = None


class Recipient(Struct, rename="camel"):
    """`recipient`."""

    email_address: Address | None = None


class Response(Struct):
    """`responseStatus`."""

    response: str | None = None


class Guest(Struct, rename="camel"):
    """`attendee`."""

    email_address: Address | None = None
    type: str | None = None
    status: Response | None = None


class Location(Struct, rename="camel"):
    """`location`."""

    display_name: str | None = None


class Property(Struct):
    """`singleValueLegacyExtendedProperty`."""

    id: str
    value: str | None = None


class Pattern(Struct, rename="camel"):
    """`recurrencePattern`: on which days."""

    type: str | None = None
    interval: int | None = None
    month: int | None = None
    day_of_month: int | None = None
    days_of_week: list[str] | None = None
    first_day_of_week: str | None = None
    index: str | None = None


class Range(Struct, rename="camel"):
    """`recurrenceRange`: from when to when, in which zone."""

    type: str | None = None
    start_date: str | None = None
    end_date: str | None = None
    number_of_occurrences: int | None = None
    recurrence_time_zone: str | None = None


class Recurrence(Struct):
    """`patternedRecurrence`."""

    pattern: Pattern
    range: Range


class _Item(Struct, rename="camel", kw_only=True):
    id: str
    etag: str | None = field(default=None, name=ETAG)
    change_key: str | None = None
    categories: list[str] | None = None
    last_modified_date_time: str | None = None
    removed: dict[str, Any] | None = field(default=None, name="@removed")
    single_value_extended_properties: list[Property] | None = None


class Event(_Item, kw_only=True):
    """`event`."""

    type: str | None = None
    series_master_id: str | None = None
    i_cal_uid: str | None = field(default=None, name="iCalUId")
    uid: str | None = None
    subject: str | None = None
    body: Body | None = None
    location: Location | None = None
    start: Moment | None = None
    end: Moment | None = None
    original_start_time_zone: str | None = None
    is_all_day: bool | None = None
    is_cancelled: bool | None = None
    is_organizer: bool | None = None
    organizer: Recipient | None = None
    attendees: list[Guest] | None = None
    sensitivity: str | None = None
    show_as: str | None = None
    is_reminder_on: bool | None = None
    reminder_minutes_before_start: int | None = None
    recurrence: Recurrence | None = None
    occurrence_id: str | None = None
    original_start: str | None = None
    response_status: Response | None = None
    web_link: str | None = None


class PostalAddress(Struct, rename="camel"):
    """`physicalAddress`."""

    street: str | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country_or_region: str | None = None


class Contact(_Item, kw_only=True):
    """`contact`."""

    parent_folder_id: str | None = None
    given_name: str | None = None
    surname: str | None = None
    middle_name: str | None = None
    generation: str | None = None
    title: str | None = None
    job_title: str | None = None
    department: str | None = None
    company_name: str | None = None
    assistant_name: str | None = None
    personal_notes: str | None = None
    email_addresses: list[Address] | None = None
    mobile_phone: str | None = None
    business_phones: list[str | None] | None = None
    home_phones: list[str | None] | None = None
    birthday: str | None = None
    business_address: PostalAddress | None = None
    other_address: PostalAddress | None = None


class LinkedResource(Struct, rename="camel"):
    """`linkedResource`: what another program tied to a task."""

    id: str = ""
    application_name: str | None = None
    external_id: str | None = None


class Task(_Item, kw_only=True):
    """`todoTask`."""

    title: str | None = None
    body: Body | None = None
    status: str | None = None
    importance: str | None = None
    due_date_time: Moment | None = None
    reminder_date_time: Moment | None = None
    completed_date_time: Moment | None = None
    is_reminder_on: bool | None = None
    linked_resources: list[LinkedResource] | None = None


class Header(Struct):
    """`internetMessageHeader`."""

    name: str | None = None
    value: str | None = None


class Message(_Item, kw_only=True):
    """`message`, and the `eventMessage` kinds of it."""

    odata_type: str | None = field(default=None, name="@odata.type")
    parent_folder_id: str | None = None
    subject: str | None = None
    body: Body | None = None
    sender: Recipient | None = None
    from_: Recipient | None = field(default=None, name="from")
    to_recipients: list[Recipient] | None = None
    cc_recipients: list[Recipient] | None = None
    bcc_recipients: list[Recipient] | None = None
    internet_message_id: str | None = None
    internet_message_headers: list[Header] | None = None
    conversation_id: str | None = None
    received_date_time: str | None = None
    sent_date_time: str | None = None
    has_attachments: bool | None = None
    is_draft: bool | None = None
    web_link: str | None = None


class File(Struct, rename="camel"):
    """`attachment`; `content_bytes` is base64, and only asked for singly."""

    id: str
    odata_type: str | None = field(default=None, name="@odata.type")
    name: str | None = None
    size: int | None = None
    content_type: str | None = None
    is_inline: bool | None = None
    content_bytes: str | None = None


class Folder(Struct, rename="camel"):
    """`mailFolder`, `contactFolder` or `todoTaskList`: what items lie in."""

    id: str
    display_name: str | None = None
    wellknown_list_name: str | None = None
    removed: dict[str, Any] | None = field(default=None, name="@removed")


class Marked(Struct, rename="camel"):
    """An item as far as marks are concerned."""

    id: str
    etag: str | None = field(default=None, name=ETAG)
    categories: list[str] | None = None
    single_value_extended_properties: list[Property] | None = None
    linked_resources: list[LinkedResource] | None = None
    parent_folder_id: str | None = None
    from_: Recipient | None = field(default=None, name="from")


class Category(Struct, rename="camel"):
    """`outlookCategory`, an entry of the master list."""

    id: str
    display_name: str
    color: str | None = None


class Me(Struct, rename="camel"):
    """Who the bearer of a grant is."""

    user_principal_name: str = ""
    mail: str | None = None
    proxy_addresses: list[str] = []
