"""Awkward answers of Graph: repeated, garbled, missing, endless."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from syncline.connectors.base.http import Http
from syncline.connectors.microsoft365 import Microsoft365, build
from syncline.connectors.microsoft365.client import relative
from syncline.connectors.microsoft365.faults import read_fault
from syncline.connectors.microsoft365.watermarks import (
    Mark,
    make_watermark,
    window_mark,
)
from syncline.domain.errors import PassingError, ProviderError
from syncline.domain.values.changes import Presence, Watermark
from syncline.domain.values.faults import FaultClass
from syncline.domain.values.items import Item, Window
from syncline.domain.values.kinds import Kind

ROOT = "https://graph.example/v1.0"
WINDOW = Window(
    start=datetime(2026, 11, 1, tzinfo=UTC), end=datetime(2027, 1, 1, tzinfo=UTC)
)
EVENTS, CONTACTS = "/me/calendarView/delta?$deltatoken=1", "/me/contacts/delta?t=1"
GONE = (410, {"error": {"code": "syncStateNotFound"}})


class Script:
    """Graph with fixed answers by relative URL; each URL's last one stays."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Any]] = {}
        self.asked: list[str] = []
        #: What becomes of an answer's text on its way.
        self.mend: Callable[[str], str] = str

    def set(self, url: str, *answers: Any) -> None:
        self.answers[url] = list(answers)

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        parts = json.loads(request.content)["requests"]
        responses = [r for part in reversed(parts) for r in self._answer(part)]
        body = self.mend(json.dumps({"responses": responses}))
        return httpx2.Response(200, text=body)

    def _answer(self, part: dict[str, Any]) -> Iterator[dict[str, Any]]:
        url = part["url"]
        self.asked.append(url)
        fitting = (u for u in self.answers if url == u or url.startswith(u + "&"))
        known = next(fitting, None)
        if known is None:
            # Streams that a test says nothing of are empty.
            assert "/delta" in url, url
            yield {"id": part["id"], "status": 200, "body": page(delta=url)}
            return
        waiting = self.answers[known]
        answer = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        if answer is None:
            return
        status, body = answer if isinstance(answer, tuple) else (200, answer)
        yield {"id": part["id"], "status": status, "body": body}


def page(*items: Any, next_link: str = "", delta: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {"value": list(items)}
    if next_link:
        found["@odata.nextLink"] = ROOT + next_link
    if delta:
        found["@odata.deltaLink"] = ROOT + delta
    return found


def event(item_id: str, subject: str = "S", **more: Any) -> dict[str, Any]:
    moment = {"dateTime": "2026-11-24T10:00:00.0000000", "timeZone": "UTC"}
    return {
        "id": item_id,
        "@odata.etag": 'W/"1"',
        "subject": subject,
        "start": moment,
        "end": moment,
        **more,
    }


@pytest.fixture
def script() -> Script:
    made = Script()
    made.set(CONTACTS, page(delta=CONTACTS))
    return made


@pytest.fixture
def graph(script: Script) -> Microsoft365:
    transport = httpx2.MockTransport(script)
    http = Http(
        provider="microsoft365",
        base_url="https://graph.example",
        read_fault=read_fault,
        client=httpx2.Client(transport=transport),
        sleep=lambda _: None,
    )
    return build(http, "ada@x.example")


@pytest.fixture
def watermark() -> Watermark:
    return make_watermark(
        {
            "event": Mark(link=EVENTS, window=window_mark(WINDOW)),
            "contact": Mark(link=CONTACTS),
        }
    )


def test_last_word_about_an_item_counts(
    script: Script, graph: Microsoft365, watermark: Watermark
) -> None:
    gone = {"id": "b", "@removed": {"reason": "deleted"}}
    back = {"id": "c", "@removed": {"reason": "changed"}}
    script.set(
        EVENTS, page(event("a", "old"), event("b"), back, next_link="/me/p2?x=1")
    )
    script.set("/me/p2?x=1", page(gone, event("a", "new"), event("c"), delta="/me/d2"))
    found = graph.changes.read(watermark, WINDOW)
    seen = {c.id: (c.presence, c.thing and c.thing.name) for c in found.changes}
    assert seen == {
        "a": (Presence.SEEN, "new"),
        "b": (Presence.SUSPECT, None),
        "c": (Presence.SEEN, "S"),
    }
    assert "/me/d2" in found.watermark.value
    assert ROOT not in found.watermark.value


@pytest.mark.parametrize(
    "bad",
    [
        event("bad", subject=7),
        event("bad", start={"dateTime": "2026-13-45T10:00:00"}),
        event("bad", end=None),
        event("bad", attendees={"not": "a list"}),
    ],
)
def test_garbled_item_stops_no_other(
    script: Script, graph: Microsoft365, watermark: Watermark, bad: Any
) -> None:
    script.set(EVENTS, page(event("a"), bad, event("b"), delta=EVENTS))
    found = {c.id: c for c in graph.changes.read(watermark, WINDOW).changes}
    assert found["bad"].presence is Presence.UNREADABLE
    assert found["bad"].fault is not None
    assert found["bad"].fault.fault_class is FaultClass.BAD_RESPONSE
    assert found["a"].presence is found["b"].presence is Presence.SEEN


@pytest.mark.parametrize(
    "body",
    [
        {"values": []},
        {"value": {}},
        {"value": []},
        {"value": ["text"], "@odata.deltaLink": "x"},
        {"value": [{"subject": "no id"}], "@odata.deltaLink": "x"},
        "PGh0bWw+",
        None,
        page(next_link="/me/p2?x=1"),
    ],
)
def test_page_that_makes_no_sense_consumes_nothing(
    script: Script, graph: Microsoft365, watermark: Watermark, body: Any
) -> None:
    script.set(EVENTS, (200, body))
    script.set("/me/p2?x=1", page(next_link="/me/p2?x=1"))
    with pytest.raises(PassingError) as caught:
        graph.changes.read(watermark, WINDOW)
    assert caught.value.fault.fault_class is FaultClass.BAD_RESPONSE


def test_part_without_an_answer_is_asked_again(
    script: Script, graph: Microsoft365, watermark: Watermark
) -> None:
    script.set(EVENTS, None, page(event("a"), delta=EVENTS))
    assert [c.id for c in graph.changes.read(watermark, WINDOW).changes] == ["a"]
    assert script.asked.count(CONTACTS) == 1


def test_next_link_that_dies_leads_back_to_the_start_of_the_round(
    script: Script, graph: Microsoft365, watermark: Watermark
) -> None:
    script.set(EVENTS, page(event("stale"), next_link="/me/p2?x=1"), page(delta=EVENTS))
    script.set("/me/p2?x=1", GONE)
    found = graph.changes.read(watermark, WINDOW)
    assert found.changes == ()
    assert Kind.EVENT not in found.full_kinds


def test_full_round_that_keeps_dying_is_given_up(
    script: Script, graph: Microsoft365, watermark: Watermark
) -> None:
    script.set(EVENTS, GONE)
    script.set("/me/calendarView/delta?startDateTime=2026-11-01T00:00:00Z", GONE)
    with pytest.raises(ProviderError) as caught:
        graph.changes.read(watermark, WINDOW)
    assert caught.value.fault.fault_class is FaultClass.WATERMARK


def look(item_id: str) -> str:
    return (
        f"/me/events/{item_id}?$expand=singleValueExtendedProperties("
        "$filter%3Did%20eq%20'String%20%7B7C9F1B0E-52A6-4C0B-9E52-5A1C53E0D7A4%7D"
        "%20Name%20SynclineId')"
    )


def test_gateway_404_does_not_delete(script: Script, graph: Microsoft365) -> None:
    script.set(look("a"), (404, "PGh0bWw+"))
    script.set(look("b"), (404, {"error": {"code": "ErrorItemNotFound"}}))
    found = graph.changes.fetch(Kind.EVENT, ["a", "b"])
    assert [c.presence for c in found] == [Presence.UNREADABLE, Presence.DELETED]


def test_contact_in_deleted_items_is_deleted(
    script: Script, graph: Microsoft365
) -> None:
    here, there = (look(n).replace("events", "contacts") for n in ("here", "there"))
    script.set(here, {"id": "here", "parentFolderId": "contacts"})
    script.set(there, {"id": "there", "parentFolderId": "bin"})
    script.set("/me/mailFolders/deleteditems?$select=id", {"id": "bin"})
    found = graph.changes.fetch(Kind.CONTACT, ["here", "there"])
    assert [c.presence for c in found] == [Presence.SEEN, Presence.DELETED]


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        (
            "https://h/v1.0/me/x?$skiptoken=a%20b/v1.0/c",
            "/me/x?$skiptoken=a%20b/v1.0/c",
        ),
        ("http://127.0.0.1:80/v1.0/users('a')/x", "/users('a')/x"),
        ("/me/x", "/me/x"),
    ],
)
def test_links_are_kept_relative(link: str, expected: str) -> None:
    assert relative(link) == expected


@pytest.mark.parametrize("text", ["\\ud83d cut", "bell \x07", "\\u0000 end"])
def test_text_that_is_no_text_takes_no_other_item_with_it(
    script: Script, graph: Microsoft365, watermark: Watermark, text: str
) -> None:
    """K01: halves of surrogate pairs and control characters, as strangers send."""
    script.set(EVENTS, page(event("a", "@@"), event("b"), delta=EVENTS))
    script.mend = lambda body: body.replace("@@", text)
    found = {c.id: c for c in graph.changes.read(watermark, WINDOW).changes}
    assert found["b"].presence is Presence.SEEN
    assert found["a"].presence is Presence.SEEN


def series(script: Script, *occurrences: Any) -> None:
    """A series `m` that the calendar tells of, with these occurrences."""
    day = event("d1", type="occurrence", seriesMasterId="m")
    span = {"type": "numbered", "startDate": "2026-11-24", "numberOfOccurrences": 3}
    rule = {"pattern": {"type": "daily", "interval": 1}, "range": span}
    master = event("m", "Stand-up", type="seriesMaster", uid="u", recurrence=rule)
    script.set(EVENTS, page(day, delta=EVENTS))
    script.set(look("m"), master)
    window = "startDateTime=2026-11-01T00:00:00Z"
    script.set(f"/me/events/m/instances?{window}", page(*occurrences))


def occurrence(day: int, **more: Any) -> dict[str, Any]:
    name = f"OID.m.2026-11-{day}"
    known = {"type": "occurrence", "seriesMasterId": "m", "occurrenceId": name}
    return event(f"d{day}", "Stand-up", **(known | more))


def test_an_occurrence_that_makes_no_sense_is_no_deletion(
    script: Script, graph: Microsoft365, watermark: Watermark
) -> None:
    """A04: the others are read, and none counts as missing."""
    series(script, occurrence(24), occurrence(25, start=None), occurrence(26))
    found = graph.changes.read(watermark, WINDOW)
    told = {c.id: c.presence for c in found.changes}
    assert told == {
        "m": Presence.SEEN,
        "d24": Presence.SEEN,
        "d25": Presence.UNREADABLE,
        "d26": Presence.SEEN,
    }
    assert found.full_series == frozenset()


def test_an_occurrence_without_a_name_tells_its_day_by_its_original_start(
    script: Script, graph: Microsoft365, watermark: Watermark
) -> None:
    moved = occurrence(
        25,
        type="exception",
        occurrenceId=None,
        originalStart="2026-11-25T23:30:00Z",
        originalStartTimeZone="W. Europe Standard Time",
    )
    series(script, moved)
    found = graph.changes.read(watermark, WINDOW)
    uids = [c.thing.uid for c in found.changes if isinstance(c.thing, Item)]
    # The series has no zone of its own here, so the occurrence's zone is taken.
    assert uids == ["u", "u/2026-11-26"]
    assert found.full_series == {"u"}


def test_pages_of_occurrences_are_followed_and_circles_are_not(
    script: Script, graph: Microsoft365, watermark: Watermark
) -> None:
    series(script)
    first = "/me/events/m/instances?startDateTime=2026-11-01T00:00:00Z"
    script.set(first, page(occurrence(24), next_link="/me/next?x=1"))
    script.set("/me/next?x=1", page(occurrence(25)))
    found = graph.changes.read(watermark, WINDOW)
    assert [c.id for c in found.changes] == ["m", "d24", "d25"]
    assert found.full_series == {"u"}
    script.set("/me/next?x=1", page(next_link="/me/next?x=1"))
    circle = graph.changes.read(watermark, WINDOW)
    assert [(c.id, c.presence) for c in circle.changes] == [("m", Presence.UNREADABLE)]
