"""Rounds of changes: pages, then a link from which to go on.

A link holds everything: which collection, from which sequence number, and for
calendar views the window. It can be used any number of times and gives the
same answer as long as nothing changes.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from syncline.sandbox.microsoft365.calls import Answer, Call
from syncline.sandbox.microsoft365.entities import (
    MOVABLE,
    Item,
    Json,
    collection,
)
from syncline.sandbox.microsoft365.faults import GraphError
from syncline.sandbox.microsoft365.history import Change
from syncline.sandbox.microsoft365.identifiers import default_id, immutable_id
from syncline.sandbox.microsoft365.present import View, show, show_removed
from syncline.sandbox.microsoft365.query import LARGEST_PAGE, link, number, view_of

USUAL_PAGE = 50
_NO_HEAD = -1


@dataclass(slots=True)
class Round:
    """Where a client stands in a collection's history.

    `base` is the sequence number before the round, `at` the last one that was
    fully delivered, `head` the newest one when a first round began (removals
    up to there are nobody's business), `offset` and `upcoming` what was already
    delivered of the next change. `window` and `options` are those of the first
    call.
    """

    epoch: str
    mailbox_id: str
    view: str
    base: int = 0
    at: int = 0
    head: int = _NO_HEAD
    offset: int = 0
    upcoming: int = 0
    window: tuple[str, str] | None = None
    options: dict[str, str] = field(default_factory=dict)

    @property
    def is_first(self) -> bool:
        """Whether everything is told, and not only what changed."""
        return self.head != _NO_HEAD

    def token(self) -> str:
        """The round as text for a link."""
        raw = json.dumps([getattr(self, name) for name in self.__slots__])
        return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")

    @classmethod
    def from_token(cls, text: str) -> Round:
        """Read a link's token.

        Raises:
            ValueError: It is not one.
        """
        padded = text + "=" * (-len(text) % 4)
        raw = base64.b64decode(padded.encode(), altchars=b"-_", validate=True)
        values = json.loads(raw)
        if not isinstance(values, list) or len(values) != len(cls.__slots__):
            raise ValueError("not a token")
        found = cls(*values)
        if found.window is not None:
            start, end = found.window
            found.window = (start, end)
        return found


#: What one change amounts to, for a round.
Teller = Callable[[Call, View, Round, Change], list[Json]]


@dataclass(frozen=True, slots=True)
class Stream:
    """A collection that can be followed.

    `refused` names query options that the first call may not have.
    """

    kind: str
    parent: int
    tell: Teller
    refused: tuple[str, ...] = ()
    usual_page: int = USUAL_PAGE
    window: tuple[str, str] | None = None
    kept: tuple[str, ...] = ("$select", "$expand", "$top", "changetype", "$filter")


def answer_round(call: Call, stream: Stream) -> Answer:
    """The next page of a round, or the first of a new one.

    Raises:
        GraphError: 410 for a lost token, 400 for an option that is refused.
    """
    name = collection(stream.kind, stream.parent)
    place = f"{name}:{'view' if stream.window or _has_window(call) else 'items'}"
    token = call.option("$skiptoken") or call.option("$deltatoken")
    if token:
        current = _resumed(call, token, place)
        if call.option("$skiptoken") and call.tenant.quirks.takes_next_link():
            raise _lost(call, current.options | _window_options(current))
        call.query = dict(current.options)
    else:
        _refuse_options(call, stream)
        current = Round(
            epoch=call.tenant.delta_epoch,
            mailbox_id=call.mailbox.mailbox_id,
            view=place,
            head=call.mailbox.sequence,
            window=stream.window,
            options={k: v for k, v in call.query.items() if k in stream.kept},
        )
        if call.tenant.quirks.empties(call.request.path):
            current.at = call.mailbox.sequence
    return _page(call, stream, current)


def _has_window(call: Call) -> bool:
    return "calendarview" in call.request.path.lower()


def _refuse_options(call: Call, stream: Stream) -> None:
    for option in stream.refused:
        if call.option(option) is not None:
            raise GraphError(
                400,
                "ErrorInvalidUrlQuery",
                f"The following parameters are not supported with change tracking "
                f"over this resource: '{option}'.",
            )


def _resumed(call: Call, token: str, place: str) -> Round:
    path = {key: value for key, value in call.query.items() if "token" not in key}
    try:
        current = Round.from_token(token)
    except (ValueError, binascii.Error, TypeError) as error:
        raise _lost(call, path) from error
    path |= _window_options(current)
    if (current.epoch, current.mailbox_id, current.view) != (
        call.tenant.delta_epoch,
        call.mailbox.mailbox_id,
        place,
    ) or current.at > call.mailbox.sequence:
        raise _lost(call, path | current.options)
    return current


def _window_options(current: Round) -> dict[str, str]:
    if current.window is None:
        return {}
    return dict(zip(("startDateTime", "endDateTime"), current.window, strict=True))


def _lost(call: Call, query: dict[str, str]) -> GraphError:
    where = link(call, {**query, "$deltatoken": ""})
    return GraphError(410, headers={"Location": where})


def _page(call: Call, stream: Stream, current: Round) -> Answer:
    size = call.preferences.page_size or number(call, "$top", stream.usual_page)
    size = max(1, min(size, LARGEST_PAGE))
    view = view_of(call, stream.kind)
    value: list[Json] = []
    history = call.mailbox.history(stream.kind, stream.parent)
    start_offset = current.offset
    for change in history.after(current.at):
        if change.sequence != current.upcoming:
            start_offset = 0
        told = stream.tell(call, view, current, change)
        room = size - len(value)
        value += told[start_offset : start_offset + room]
        if start_offset + room < len(told):
            current.offset, current.upcoming = start_offset + room, change.sequence
            return _answer(call, stream, current, value, more=True)
        current.at, current.offset, start_offset = change.sequence, 0, 0
        if len(value) == size and _has_more(history.after(current.at)):
            return _answer(call, stream, current, value, more=True)
    current.at = max(current.at, call.mailbox.sequence)
    current.base, current.head, current.offset = current.at, _NO_HEAD, 0
    return _answer(call, stream, current, value, more=False)


def _has_more(rest: Iterator[Change]) -> bool:
    return bool(list(islice(rest, 1)))


def _answer(
    call: Call, stream: Stream, current: Round, value: list[Json], *, more: bool
) -> Answer:
    name = "$skiptoken" if more else "$deltatoken"
    key = "@odata.nextLink" if more else "@odata.deltaLink"
    metadata = call.context_url("").partition("#")[0]
    what = {"todoList": "todoTaskList", "task": "todoTask"}.get(
        stream.kind, stream.kind
    )
    return Answer(
        200,
        {
            "@odata.context": f"{metadata}#Collection({what})",
            key: link(call, {name: current.token()}),
            "value": value,
        },
    )


def removed_id(
    call: Call, change: Change, kind: str, day: str | None = None, shape: int = 0
) -> str:
    """The id of an item that is gone, in the form the client prefers."""
    box = call.mailbox
    if call.preferences.immutable and kind in MOVABLE:
        return immutable_id(box.mailbox_id, change.key, day, shape)
    generation = (change.removed or {}).get("generation")
    if generation is None:
        generation = box.items[change.key].generation
    return default_id(box.mailbox_id, change.key, generation, day, shape)


def tell_plainly(
    kind: str, is_wanted: Callable[[Round, Item], bool] = lambda _, __: True
) -> Teller:
    """A teller for items that are simply there or gone."""

    def tell(call: Call, view: View, current: Round, change: Change) -> list[Json]:
        changes = current.options.get("changetype", "")
        if change.removed is not None:
            if change.sequence <= current.head or changes not in ("", "deleted"):
                return []
            return [show_removed(view, removed_id(call, change, kind), kind)]
        item = call.mailbox.items[change.key]
        was_made = "created" if item.born > current.base else "updated"
        if changes not in ("", was_made) or not is_wanted(current, item):
            return []
        return [show(view, item, typed=True)]

    return tell
