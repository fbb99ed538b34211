"""Attachments of messages and events."""

from __future__ import annotations

from functools import partial

from syncline.sandbox.microsoft365.attachments import (
    accepted_attachment,
    check_selected,
    find_attachment,
    raw_content,
    show_attachment,
)
from syncline.sandbox.microsoft365.calls import Answer, Call, Route
from syncline.sandbox.microsoft365.entities import Item, Json
from syncline.sandbox.microsoft365.query import page, window
from syncline.sandbox.microsoft365.zones import utc_stamp

_USUAL_PAGE = 50


def _selected(call: Call) -> frozenset[str] | None:
    text = call.option("$select")
    if not text:
        return None
    names = frozenset(name.strip() for name in text.split(","))
    check_selected(names)
    return names


def _list(call: Call, kind: str) -> Answer:
    item = call.item(kind, call.args[-1])
    select, view = _selected(call), call.view()
    held = item.fields.get("attachments") or []
    shown = [
        show_attachment(view, item, one, select)
        for one in window(call, held, _USUAL_PAGE)
    ]
    return page(call, shown, len(held), f"{kind}s/attachments", _USUAL_PAGE)


def _post(call: Call, kind: str) -> Answer:
    found = call.item(kind, call.args[-1])
    item: Item = call.mailbox.items[found.key]
    stored = accepted_attachment(call.json())
    stored["lastModifiedDateTime"] = utc_stamp(call.tenant.now())
    item.fields["attachments"] = [*(item.fields.get("attachments") or []), stored]
    item.fields.pop("mime", None)
    call.tenant.touch(call.mailbox, item)
    return Answer(201, show_attachment(call.view(), item, stored), wrote=True)


def _found(call: Call, kind: str) -> tuple[Item, Json]:
    item = call.item(kind, call.args[-2])
    return item, find_attachment(call.view(), item, call.args[-1])


def _get(call: Call, kind: str) -> Answer:
    item, stored = _found(call, kind)
    with_item = "itemattachment/item" in (call.option("$expand") or "").lower()
    shown = show_attachment(
        call.view(), item, stored, _selected(call), with_item=with_item
    )
    context = call.context_url(f"{kind}s/attachments/$entity")
    return Answer(200, {"@odata.context": context, **shown})


def _value(call: Call, kind: str) -> Answer:
    content, media_type = raw_content(_found(call, kind)[1])
    safe = media_type if media_type.isascii() and media_type.isprintable() else ""
    headers = {"Content-Type": safe or "application/octet-stream"}
    return Answer(200, content=content, headers=headers)


def _delete(call: Call, kind: str) -> Answer:
    found, stored = _found(call, kind)
    item = call.mailbox.items[found.key]
    item.fields["attachments"] = [
        one for one in item.fields["attachments"] if one["key"] != stored["key"]
    ]
    item.fields.pop("mime", None)
    call.tenant.touch(call.mailbox, item)
    return Answer(204, wrote=True)


ROUTES: list[Route] = []
for _root, _kind in (
    ("messages/{id}", "message"),
    ("mailFolders/{id}/messages/{id}", "message"),
    ("events/{id}", "event"),
    ("calendar/events/{id}", "event"),
    ("calendars/{id}/events/{id}", "event"),
):
    _one = f"{_root}/attachments/{{id}}"
    ROUTES += [
        ("GET", f"{_root}/attachments", partial(_list, kind=_kind)),
        ("POST", f"{_root}/attachments", partial(_post, kind=_kind)),
        ("GET", _one, partial(_get, kind=_kind)),
        ("GET", f"{_one}/$value", partial(_value, kind=_kind)),
        ("DELETE", _one, partial(_delete, kind=_kind)),
    ]
