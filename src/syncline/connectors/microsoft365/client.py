"""The calls that we make to Graph, each in one place.

Calls on single items are parts for a batch; `send` carries them. All calls of
one mailbox go one after the other, which is within the four at once that
Outlook allows. No call leaves without `Prefer: IdType="ImmutableId"`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from syncline.connectors.base.http import Answer, Http
from syncline.connectors.microsoft365.batches import (
    PREFER,
    PREFER_PAGES,
    VERSION_ROOT,
    Part,
    send_batch,
)
from syncline.connectors.microsoft365.manifest import (
    FILED_MESSAGES,
    LINK_KEY_PROPERTY,
    PAGE_SIZE,
)
from syncline.connectors.microsoft365.messages import (
    CLASS_PROPERTY,
    SENSITIVITY_PROPERTY,
)
from syncline.connectors.microsoft365.places import Places
from syncline.connectors.microsoft365.tasks import resource_body, split_task_id
from syncline.connectors.microsoft365.translate import Translator
from syncline.domain.values.content import format_instant
from syncline.domain.values.ids import LinkKey
from syncline.domain.values.items import Window
from syncline.domain.values.kinds import Kind

_ROOT = "/me"
_COLLECTIONS = {
    Kind.EVENT: "events",
    Kind.CONTACT: "contacts",
    Kind.MESSAGE: "messages",
}
_KEY_FILTER = f"id eq '{LINK_KEY_PROPERTY}'"
_EXPAND_KEY = f"singleValueExtendedProperties($filter={_KEY_FILTER})"
_EXPAND_RESOURCES = "linkedResources"
_EXPAND_MESSAGE = (
    f"singleValueExtendedProperties($filter={_KEY_FILTER} or "
    f"id eq '{CLASS_PROPERTY}' or id eq '{SENSITIVITY_PROPERTY}')"
)
#: Headers are told only when they are asked for by name.
_MESSAGE_PROPERTIES = (
    "parentFolderId,subject,body,sender,from,toRecipients,ccRecipients,bccRecipients,"
    "internetMessageId,internetMessageHeaders,conversationId,receivedDateTime,"
    "sentDateTime,lastModifiedDateTime,hasAttachments,isDraft,categories,webLink"
)
_FILE_PROPERTIES = "id,name,size,contentType,isInline"


class GraphClient:
    """One mailbox at Graph."""

    def __init__(
        self,
        http: Http,
        mailbox: str,
        *,
        contact_link: str = "",
        task_link: str = "",
        record_link: str = "",
        now: Callable[[], datetime],
    ) -> None:
        """Prepare; nothing is sent.

        Args:
            http: `base_url` is what stands before `/v1.0`; its grant belongs to
                the person whose mailbox it is.
            mailbox: Address of the mailbox.
            contact_link: Template with `{id}` of a page that shows a contact.
            task_link: Template with `{id}` of a page that shows a task.
            record_link: Template with `{id}` of a page that shows a record.
            now: The clock.
        """
        self.http = http
        self.now = now
        self.places = Places()
        self.translator = Translator(
            mailbox=mailbox,
            contact_link=contact_link,
            task_link=task_link,
            record_link=record_link,
        )

    def send(self, parts: Sequence[Part], operation: str) -> list[Answer]:
        """Answers to parts, in order; see `send_batch`."""
        return send_batch(self.http, parts, operation)

    # --- parts: reading ---

    def calendar_changes(self, window: Window) -> str:
        """Where a full round of the calendar begins, as a relative link."""
        return f"{_ROOT}/calendarView/delta?{_window_query(window)}"

    def contact_changes(self, folder_id: str = "") -> str:
        """Where a full round of contacts begins; without a folder the usual one."""
        return f"{self._contacts(folder_id)}/delta"

    def contact_folder_changes(self) -> str:
        """Where a full round of the folders of contacts begins."""
        return f"{_ROOT}/contactFolders/delta"

    def task_list_changes(self) -> str:
        """Where a full round of task lists begins."""
        return f"{_ROOT}/todo/lists/delta"

    def task_changes(self, list_id: str) -> str:
        """Where a full round of the tasks of a list begins."""
        query = _encode({"$expand": _EXPAND_RESOURCES})
        return f"{self._tasks(list_id)}/delta?{query}"

    def mail_folder_changes(self) -> str:
        """Where a full round of the tree of mail folders begins."""
        return f"{_ROOT}/mailFolders/delta?{_encode({'$select': 'displayName'})}"

    def message_changes(self, folder_id: str, since: datetime | None = None) -> str:
        """Where a full round of the messages of a folder begins.

        Args:
            folder_id: Or a well-known name.
            since: Messages that came earlier are left out, for good: Graph bakes
                it into the round's links. Then it lists 5,000 at most.
        """
        query = {"$select": _MESSAGE_PROPERTIES, "$expand": _EXPAND_MESSAGE}
        if since is not None:
            query["$filter"] = f"receivedDateTime ge {format_instant(since)}"
        folder = quote(folder_id, safe="")
        return f"{_ROOT}/mailFolders/{folder}/messages/delta?{_encode(query)}"

    def event_keys(self, window: Window) -> str:
        """A listing of ids, series and our keys, which a delta round lacks."""
        wanted = "id,seriesMasterId"
        query = {"$select": wanted, "$expand": _EXPAND_KEY, "$top": str(PAGE_SIZE)}
        return f"{_ROOT}/calendarView?{_window_query(window)}&{_encode(query)}"

    def contact_keys(self, folder_id: str = "") -> str:
        """A listing of ids and our keys, which a delta round cannot give."""
        query = {"$select": "id", "$expand": _EXPAND_KEY, "$top": str(PAGE_SIZE)}
        return f"{self._contacts(folder_id)}?{_encode(query)}"

    def instances(self, series_id: str, window: Window) -> str:
        """A listing of the occurrences of a series."""
        query = f"{_window_query(window)}&{_encode({'$top': str(PAGE_SIZE)})}"
        return f"{self._path(Kind.EVENT, series_id)}/instances?{query}"

    def task_lists(self) -> str:
        """A listing of the task lists."""
        return f"{_ROOT}/todo/lists"

    def tasks(self, list_id: str) -> str:
        """A listing of the tasks of a list, with our keys."""
        return f"{self._tasks(list_id)}?{_encode({'$expand': _EXPAND_RESOURCES})}"

    def page(self, link: str) -> Part:
        """A page of a round or listing."""
        return Part(method="GET", url=relative(link), prefer=PREFER_PAGES)

    def item(self, kind: Kind, item_id: str) -> Part:
        """One item with our key."""
        query = {"$expand": _expansion(kind)}
        if kind is Kind.MESSAGE:
            query["$select"] = _MESSAGE_PROPERTIES
        url = f"{self._path(kind, item_id)}?{_encode(query)}"
        return Part(method="GET", url=url)

    def item_marks(self, kind: Kind, item_id: str) -> Part:
        """The categories and our key of one item, and where a message lies."""
        wanted = "id,categories"
        if kind is Kind.MESSAGE:
            wanted += ",parentFolderId,from"
        query = {"$select": wanted, "$expand": _expansion(kind)}
        if kind is Kind.TASK:
            del query["$select"]  # To Do may leave out what is expanded
        url = f"{self._path(kind, item_id)}?{_encode(query)}"
        return Part(method="GET", url=url)

    def files(self, message_id: str) -> Part:
        """What hangs on a message, without its bytes."""
        query = _encode({"$select": _FILE_PROPERTIES})
        url = f"{self._path(Kind.MESSAGE, message_id)}/attachments?{query}"
        return Part(method="GET", url=url)

    def file(self, message_id: str, file_id: str, tail: str = "") -> Answer:
        """One file of a message with its bytes.

        Raises:
            ProviderError: It cannot be had.
        """
        path = self._path(Kind.MESSAGE, message_id)
        return self.http.send(
            "GET",
            f"{VERSION_ROOT}{path}/attachments/{quote(file_id, safe='')}{tail}",
            operation="read attachment",
            headers={"Prefer": PREFER},
        )

    def mail_folder(self, name: str) -> Part:
        """A mail folder by its well-known name."""
        return Part(method="GET", url=f"{_ROOT}/mailFolders/{name}?$select=id")

    def item_with_key(self, kind: Kind, key: LinkKey) -> Part:
        """A page with the items, none or one, that carry our key."""
        value = key.replace("'", "''")
        query = _encode(
            {
                "$filter": "singleValueExtendedProperties/Any(ep: ep/id eq "
                f"'{LINK_KEY_PROPERTY}' and ep/value eq '{value}')",
                "$expand": _EXPAND_KEY,
            }
        )
        return Part(method="GET", url=f"{_ROOT}/{_COLLECTIONS[kind]}?{query}")

    # --- parts: writing ---

    def create(self, kind: Kind, body: Mapping[str, Any], list_id: str = "") -> Part:
        """A new item; a task in a list."""
        url = f"{_ROOT}/{_COLLECTIONS[kind]}" if not list_id else self._tasks(list_id)
        return Part(method="POST", url=url, body=body)

    def update(
        self, kind: Kind, item_id: str, body: Mapping[str, Any], version: str
    ) -> Part:
        """A change of some properties, if the version is still current."""
        url = self._path(kind, item_id)
        return Part(method="PATCH", url=url, body=body, version=version)

    def delete(self, kind: Kind, item_id: str, version: str) -> Part:
        """A deletion, if the version is still current."""
        return Part(method="DELETE", url=self._path(kind, item_id), version=version)

    def tie(self, task_id: str, key: LinkKey, resource_id: str = "") -> Part:
        """Our key on a task; in place of the one that is there already."""
        url = f"{self._path(Kind.TASK, task_id)}/linkedResources"
        body = resource_body(key, "")
        if not resource_id:
            return Part(method="POST", url=url, body=body)
        url = f"{url}/{quote(resource_id, safe='')}"
        return Part(method="PATCH", url=url, body=body)

    def move(self, message_id: str, folder: str) -> Part:
        """A message into another folder."""
        url = f"{self._path(Kind.MESSAGE, message_id)}/move"
        return Part(method="POST", url=url, body={"destinationId": folder})

    def new_filing_folder(self) -> Part:
        """The folder from which messages are saved."""
        body = {"displayName": FILED_MESSAGES}
        return Part(method="POST", url=f"{_ROOT}/mailFolders", body=body)

    # --- the master list of categories ---

    def categories(self, link: str = "") -> Answer:
        """A page of the master list."""
        path = relative(link) if link else f"{_ROOT}/outlook/masterCategories"
        return self.http.send(
            "GET",
            f"{VERSION_ROOT}{path}",
            operation="list categories",
            headers={"Prefer": PREFER},
        )

    def new_category(self, name: str, color: str) -> Part:
        """A new entry of the master list."""
        body = {"displayName": name, "color": color}
        return Part(method="POST", url=f"{_ROOT}/outlook/masterCategories", body=body)

    def drop_category(self, category_id: str) -> Part:
        """The end of an entry of the master list."""
        url = f"{_ROOT}/outlook/masterCategories/{quote(category_id, safe='')}"
        return Part(method="DELETE", url=url)

    @staticmethod
    def _contacts(folder_id: str) -> str:
        if not folder_id:
            return f"{_ROOT}/contacts"
        return f"{_ROOT}/contactFolders/{quote(folder_id, safe='')}/contacts"

    @staticmethod
    def _tasks(list_id: str) -> str:
        return f"{_ROOT}/todo/lists/{quote(list_id, safe='')}/tasks"

    @classmethod
    def _path(cls, kind: Kind, item_id: str) -> str:
        # Immutable ids contain characters that mean something in a path.
        if kind is Kind.TASK:
            list_id, raw_id = split_task_id(item_id)
            return f"{cls._tasks(list_id or '-')}/{quote(raw_id, safe='')}"
        return f"{_ROOT}/{_COLLECTIONS[kind]}/{quote(item_id, safe='')}"


def _expansion(kind: Kind) -> str:
    if kind is Kind.TASK:
        return _EXPAND_RESOURCES
    return _EXPAND_MESSAGE if kind is Kind.MESSAGE else _EXPAND_KEY


def relative(link: str) -> str:
    """A link of an answer without what stands before its version root.

    Query options are part of it and stay as they are.
    """
    _, found, rest = link.partition(f"{VERSION_ROOT}/")
    return f"/{rest}" if found and link.startswith("http") else link


def _window_query(window: Window) -> str:
    return _encode(
        {
            "startDateTime": format_instant(window.start),
            "endDateTime": format_instant(window.end),
        }
    )


def _encode(query: Mapping[str, str]) -> str:
    return urlencode(query, quote_via=quote, safe="$():/',")
