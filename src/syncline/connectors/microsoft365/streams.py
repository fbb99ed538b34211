"""The streams of changes that a mailbox has, and where each begins.

calendar | contacts | task lists | mail folders | inbox | sent   always
tasks of each list | contacts and messages of filing folders     as found
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from syncline.connectors.microsoft365.client import GraphClient
from syncline.connectors.microsoft365.manifest import MESSAGE_DAYS_BACK
from syncline.connectors.microsoft365.places import INBOX, SENT
from syncline.connectors.microsoft365.translate import (
    ANYWHERE,
    SHAPES,
    Place,
    Shape,
)
from syncline.connectors.microsoft365.watermarks import Mark
from syncline.connectors.microsoft365.wire import Folder
from syncline.domain.values.items import Window
from syncline.domain.values.kinds import Kind

CALENDAR, CONTACTS = "event", "contact"
CONTACT_FOLDERS, TASK_LISTS, MAIL_FOLDERS = "contacts", "lists", "folders"
#: Streams without which a kind cannot be read.
NEEDED = {
    Kind.TASK: (TASK_LISTS,),
    Kind.MESSAGE: (MAIL_FOLDERS, f"mail:{INBOX}", f"mail:{SENT}"),
}
#: Days that a stream goes back behind its last reading when it was lost.
_OVERLAP = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """Something whose changes are followed."""

    name: str
    kind: Kind
    first_link: str
    #: A mailbox may lack it, or refuse it.
    is_optional: bool = False
    #: It tells of what items lie in, not of items.
    is_of_folders: bool = False
    #: The folder or list that it is about; empty for those that always exist.
    container: str = ""
    place: Place = ANYWHERE

    @property
    def shape(self) -> type[Shape] | type[Folder]:
        """What it tells of."""
        return Folder if self.is_of_folders else SHAPES[self.kind]


def kind_of(name: str) -> Kind | None:
    """What an optional stream is about; None for those that always exist."""
    if name == TASK_LISTS or name.startswith("task:"):
        return Kind.TASK
    if name == MAIL_FOLDERS or name.startswith("mail:"):
        return Kind.MESSAGE
    return None


def fixed_streams(
    client: GraphClient, window: Window, known: dict[str, Mark]
) -> list[Stream]:
    """Those that every mailbox has."""
    return [
        Stream(
            name=CALENDAR,
            kind=Kind.EVENT,
            first_link=client.calendar_changes(window),
        ),
        Stream(name=CONTACTS, kind=Kind.CONTACT, first_link=client.contact_changes()),
        *(
            folder_stream(client, name)
            for name in (CONTACT_FOLDERS, TASK_LISTS, MAIL_FOLDERS)
        ),
        _mail(client, INBOX, known),
        _mail(client, SENT, known),
    ]


def folder_stream(client: GraphClient, name: str) -> Stream:
    """The stream of the folders or lists that things of one kind lie in."""
    kind, first_link = {
        CONTACT_FOLDERS: (Kind.CONTACT, client.contact_folder_changes()),
        TASK_LISTS: (Kind.TASK, client.task_list_changes()),
        MAIL_FOLDERS: (Kind.MESSAGE, client.mail_folder_changes()),
    }[name]
    return Stream(
        name=name,
        kind=kind,
        first_link=first_link,
        is_optional=True,
        is_of_folders=True,
    )


def _mail(client: GraphClient, folder: str, known: dict[str, Mark]) -> Stream:
    name = f"mail:{folder}"
    return Stream(
        name=name,
        kind=Kind.MESSAGE,
        first_link=client.message_changes(folder, _since(client.now(), known, name)),
        is_optional=True,
        place=Place(is_sent=folder == SENT),
    )


def _since(now: datetime, known: dict[str, Mark], name: str) -> datetime:
    """From when on messages are listed: nothing that came unread is left out."""
    usual = now - timedelta(days=MESSAGE_DAYS_BACK)
    mark = known.get(name)
    if mark is None or mark.read_on is None:
        return usual
    midnight = datetime.combine(mark.read_on, datetime.min.time(), now.tzinfo)
    return min(usual, midnight - _OVERLAP)


def contacts_in(client: GraphClient, folder_id: str) -> Stream:
    """Contacts of a filing folder."""
    return Stream(
        name=f"contact:{folder_id}",
        kind=Kind.CONTACT,
        first_link=client.contact_changes(folder_id),
        container=folder_id,
        place=Place(is_filed=True),
    )


def tasks_in(client: GraphClient, list_id: str) -> Stream:
    """Tasks of a list."""
    return Stream(
        name=f"task:{list_id}",
        kind=Kind.TASK,
        first_link=client.task_changes(list_id),
        is_optional=True,
        container=list_id,
        place=Place(is_filed=client.places.is_filing_list(list_id)),
    )


def messages_in(client: GraphClient, folder_id: str) -> Stream:
    """Messages of a filing folder, however old."""
    return Stream(
        name=f"mail:{folder_id}",
        kind=Kind.MESSAGE,
        first_link=client.message_changes(folder_id),
        is_optional=True,
        container=folder_id,
        place=Place(is_filed=True),
    )
