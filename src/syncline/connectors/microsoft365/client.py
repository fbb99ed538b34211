"""The calls that we make to Graph, each in one place.

Calls on single items are parts for a batch; `send` carries them. All calls of
one mailbox go one after the other, which is within the four at once that
Outlook allows. No call leaves without `Prefer: IdType="ImmutableId"`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    LINK_KEY_PROPERTY,
    PAGE_SIZE,
)
from syncline.connectors.microsoft365.translate import Translator
from syncline.domain.values.content import format_instant
from syncline.domain.values.ids import LinkKey
from syncline.domain.values.items import Window
from syncline.domain.values.kinds import Kind

_ROOT = "/me"
_COLLECTIONS = {Kind.EVENT: "events", Kind.CONTACT: "contacts"}
_EXPAND_KEY = f"singleValueExtendedProperties($filter=id eq '{LINK_KEY_PROPERTY}')"


class GraphClient:
    """One mailbox at Graph."""

    def __init__(self, http: Http, mailbox: str, contact_link: str = "") -> None:
        """Prepare; nothing is sent.

        Args:
            http: `base_url` is what stands before `/v1.0`; its grant belongs to
                the person whose mailbox it is.
            mailbox: Address of the mailbox.
            contact_link: Template with `{id}` of a page that shows a contact.
        """
        self.http = http
        self.translator = Translator(mailbox=mailbox, contact_link=contact_link)

    def send(self, parts: Sequence[Part], operation: str) -> list[Answer]:
        """Answers to parts, in order; see `send_batch`."""
        return send_batch(self.http, parts, operation)

    # --- parts: reading ---

    def delta_start(self, kind: Kind, window: Window) -> str:
        """Where a full round begins, relative to the version root."""
        if kind is Kind.CONTACT:
            return f"{_ROOT}/contacts/delta"
        return f"{_ROOT}/calendarView/delta?{_window_query(window)}"

    def key_listing(self, kind: Kind, window: Window) -> str:
        """A listing of ids and our keys, which a delta round cannot give."""
        query = {"$select": "id", "$expand": _EXPAND_KEY, "$top": str(PAGE_SIZE)}
        if kind is Kind.CONTACT:
            return f"{_ROOT}/contacts?{_encode(query)}"
        return f"{_ROOT}/calendarView?{_window_query(window)}&{_encode(query)}"

    def page(self, link: str) -> Part:
        """A page of a round or listing."""
        return Part(method="GET", url=relative(link), prefer=PREFER_PAGES)

    def item(self, kind: Kind, item_id: str) -> Part:
        """One item with our key."""
        query = _encode({"$expand": _EXPAND_KEY})
        return Part(method="GET", url=f"{self._path(kind, item_id)}?{query}")

    def item_marks(self, kind: Kind, item_id: str) -> Part:
        """The categories and our key of one item."""
        query = _encode({"$select": "id,categories", "$expand": _EXPAND_KEY})
        return Part(method="GET", url=f"{self._path(kind, item_id)}?{query}")

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

    def deleted_items_folder(self) -> Part:
        """The folder that deleted items lie in."""
        return Part(method="GET", url=f"{_ROOT}/mailFolders/deleteditems?$select=id")

    # --- parts: writing ---

    def create(self, kind: Kind, body: Mapping[str, Any]) -> Part:
        """A new item."""
        return Part(method="POST", url=f"{_ROOT}/{_COLLECTIONS[kind]}", body=body)

    def update(
        self, kind: Kind, item_id: str, body: Mapping[str, Any], version: str
    ) -> Part:
        """A change of some properties, if the version is still current."""
        url = self._path(kind, item_id)
        return Part(method="PATCH", url=url, body=body, version=version)

    def delete(self, kind: Kind, item_id: str, version: str) -> Part:
        """A deletion, if the version is still current."""
        return Part(method="DELETE", url=self._path(kind, item_id), version=version)

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
    def _path(kind: Kind, item_id: str) -> str:
        # Immutable ids contain characters that mean something in a path.
        return f"{_ROOT}/{_COLLECTIONS[kind]}/{quote(item_id, safe='')}"


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
