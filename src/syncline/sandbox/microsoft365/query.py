"""Query options of lists: select, expand, filter, order and paging."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, TypeVar
from urllib.parse import quote

from syncline.sandbox.microsoft365.attachments import (
    check_selected,
    show_attachment,
)
from syncline.sandbox.microsoft365.calls import VERSION_ROOT, Answer, Call
from syncline.sandbox.microsoft365.entities import Item, Json
from syncline.sandbox.microsoft365.faults import GraphError
from syncline.sandbox.microsoft365.fields import RESOURCES
from syncline.sandbox.microsoft365.filters import Lookup, read_filter
from syncline.sandbox.microsoft365.present import View, show, value_of
from syncline.sandbox.microsoft365.series import occurrence
from syncline.sandbox.microsoft365.validation import EXTENDED, canonical_property_id

T = TypeVar("T")
DEFAULT_PAGE = 10
LARGEST_PAGE = 1000
_EXPANDED = re.compile(r"(\w+)(?:\(((?:[^()']|'(?:[^']|'')*')*)\))?\s*(?:,|$)")
_SELECTED = re.compile(r"\$select=([\w,./ ]+)", re.IGNORECASE)
_PROPERTY_ID = re.compile(r"id\s+eq\s+'((?:[^']|'')*)'", re.IGNORECASE)
_NAVIGATION = frozenset(
    {
        "exceptionoccurrences",
        "cancelledoccurrences",
        "attachments",
        "extensions",
        "linkedresources",
        "checklistitems",
        "instances",
        "calendar",
        EXTENDED.lower(),
    }
)
_SELECTABLE_BESIDES = {
    "event": frozenset({"cancelledOccurrences", "exceptionOccurrences"}),
    "message": frozenset({"uniqueBody", "attachments"}),
}


def view_of(call: Call, kind: str) -> View:
    """How the caller wants items of a kind shown.

    Raises:
        GraphError: 400, an option names what the type does not have.
    """
    view = call.view()
    selected = call.option("$select")
    if selected:
        view.select = frozenset(name.strip() for name in selected.split(","))
        _check_selected(view.select, kind)
    expanded = call.option("$expand")
    if expanded:
        _read_expand(view, expanded)
    return view


def _check_selected(names: frozenset[str], kind: str) -> None:
    known = RESOURCES[kind][1].keys() | _SELECTABLE_BESIDES.get(kind, frozenset())
    for name in names:
        if name.partition("/")[0] not in known and name != "*":
            raise GraphError(
                400,
                "BadRequest",
                "Parsing OData Select and Expand failed: Could not find a property "
                f"named '{name}' on type 'microsoft.graph.{RESOURCES[kind][0]}'.",
            )


def _read_expand(view: View, text: str) -> None:
    names: set[str] = set()
    properties: set[str] = set()
    for match in _EXPANDED.finditer(text.strip()):
        name = match[1]
        if name.lower() not in _NAVIGATION:
            raise GraphError(
                400,
                "BadRequest",
                "Parsing OData Select and Expand failed: Could not find a property "
                f"named '{name}'.",
            )
        names.add(name)
        if name.lower() == "attachments" and (
            inner := _SELECTED.search(match[2] or "")
        ):
            chosen = frozenset(one.strip() for one in inner[1].split(","))
            check_selected(chosen)
            view.of_attachments = chosen
        if name.lower() == EXTENDED.lower():
            ids = _PROPERTY_ID.findall(match[2] or "")
            if not ids:
                raise GraphError(
                    400,
                    "ErrorInvalidRequest",
                    f"$expand={EXTENDED} needs a $filter that names the ids.",
                )
            properties |= {canonical_property_id(one) for one in ids}
    if not names:
        raise GraphError(400, "BadRequest", "Parsing OData Select and Expand failed.")
    view.expand = frozenset(names)
    view.properties = frozenset(properties)


def lookup_in(view: View, item: Item) -> Lookup:
    """Gives values of an item by path, for filters and ordering."""

    def lookup(path: str) -> Any:  # any JSON value
        name, *rest = path.split("/")
        if name == EXTENDED:
            return [{"id": n, "value": v} for n, v in item.properties.items()]
        if name not in RESOURCES[item.kind][1]:
            raise GraphError(
                400,
                "BadRequest",
                f"Could not find a property named '{name}' on type "
                f"'microsoft.graph.{RESOURCES[item.kind][0]}'.",
            )
        value = value_of(view, item, name)
        for part in rest:
            value = value.get(part) if isinstance(value, dict) else None
        return value

    return lookup


def _filtered(call: Call, view: View, items: Iterable[Item]) -> list[Item]:
    text = call.option("$filter")
    if not text:
        return list(items)
    question = read_filter(text)
    return [item for item in items if question(lookup_in(view, item))]


def _ordered(call: Call, view: View, items: list[Item]) -> list[Item]:
    text = call.option("$orderby")
    for clause in reversed(text.split(",") if text else []):
        path, _, direction = clause.strip().partition(" ")
        items.sort(
            key=lambda item: str(lookup_in(view, item)(path) or "").casefold(),
            reverse=direction.strip().lower() == "desc",
        )
    return items


def number(call: Call, option: str, usual: int, largest: int | None = None) -> int:
    """A query option that is a number.

    Raises:
        GraphError: 400.
    """
    text = call.option(option)
    if text is None:
        return usual
    if not text.isdigit():
        raise GraphError(400, "BadRequest", f"Invalid value '{text}' for '{option}'.")
    return int(text) if largest is None else min(int(text), largest)


def listing(
    call: Call, kind: str, items: Iterable[Item], what: str, view: View | None = None
) -> Answer:
    """A page of items, with a link to the next one."""
    view = view or view_of(call, kind)
    if call.tenant.quirks.empties(call.request.path):
        items = []
    chosen = _ordered(call, view, _filtered(call, view, items))
    usual = min(call.preferences.page_size or DEFAULT_PAGE, LARGEST_PAGE)
    shown = [show_item(view, item) for item in window(call, chosen, usual)]
    return page(call, shown, len(chosen), what, usual)


def window(call: Call, chosen: list[T], usual: int) -> list[T]:
    """What belongs to the page that is asked for."""
    skip = number(call, "$skip", 0)
    return chosen[skip : skip + number(call, "$top", usual, LARGEST_PAGE)]


def page(
    call: Call, shown: list[Json], total: int, what: str, usual: int = DEFAULT_PAGE
) -> Answer:
    """The answer that carries a page."""
    body: Json = {"@odata.context": call.context_url(what)}
    if (call.option("$count") or "").lower() == "true":
        body["@odata.count"] = total
    body["value"] = shown
    top = number(call, "$top", usual, LARGEST_PAGE)
    after = number(call, "$skip", 0) + top
    if top and after < total:
        body["@odata.nextLink"] = link(call, {**call.query, "$skip": str(after)})
    return Answer(200, body)


def link(call: Call, query: dict[str, str]) -> str:
    """An absolute link to the same path with other options."""
    text = "&".join(
        f"{quote(name, safe='$')}={quote(value, safe='')}"
        for name, value in query.items()
    )
    root = f"{call.request.base_url}{VERSION_ROOT}{call.request.path}"
    return f"{root}?{text}" if text else root


def show_item(view: View, item: Item) -> Json:
    """An item, with the navigation properties that are expanded."""
    shown = show(view, item)
    names = {name.lower() for name in view.expand | (view.select or frozenset())}
    if item.kind == "event" and item.series is not None:
        shown |= _series_parts(view, item, names)
    if "attachments" in names and item.kind in ("event", "message"):
        shown["attachments"] = [
            show_attachment(view, item, one, view.of_attachments)
            for one in item.fields.get("attachments") or []
        ]
    return shown


def _series_parts(view: View, master: Item, names: set[str]) -> Json:

    series = master.series or {}
    parts: Json = {}
    if "cancelledoccurrences" in names:
        master_id = view.mailbox.id_of(master, immutable=view.preferences.immutable)
        parts["cancelledOccurrences"] = [
            f"OID.{master_id}.{day}" for day in sorted(series["cancelled"])
        ]
    if "exceptionoccurrences" in names:
        bare = View(view.mailbox, view.preferences, view.base_url, hidden=view.hidden)
        parts["exceptionOccurrences"] = [
            show(bare, occurrence(master, day)) for day in sorted(series["exceptions"])
        ]
    return parts


def entity(call: Call, kind: str, item: Item, what: str, status: int = 200) -> Answer:
    """One item as an answer; after a write, `Prefer: return=minimal` is honored."""
    if status != 200 and call.preferences.minimal:
        return Answer(204, wrote=True)
    view = view_of(call, kind)
    context = {"@odata.context": call.context_url(f"{what}/$entity")}
    return Answer(status, {**context, **show_item(view, item)})
