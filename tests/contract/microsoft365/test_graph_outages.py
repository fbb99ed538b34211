"""Whatever goes wrong in a read, nothing is lost and nothing is taken for gone."""

from __future__ import annotations

import pytest

from syncline.domain.errors import ProviderError
from syncline.domain.values.changes import Change, Presence, Watermark
from tests.contract.microsoft365.bench import (
    WINDOW,
    Bench,
    event_json,
    series_json,
)
from tests.contract.microsoft365.test_graph_messages import deliver, mail, with_files

#: Parts of the paths of everything that a read may call.
SITES = (
    "calendarView/delta",
    "/instances",
    "contacts/delta",
    "/contacts?",
    "todo/lists/delta",
    "/tasks/delta",
    "inbox/messages/delta",
    "/attachments",
)
FAULTS = (
    {"kind": "status", "status": 401},
    {"kind": "status", "status": 403},
    {"kind": "status", "status": 404},
    {"kind": "status", "status": 410},
    {"kind": "status", "status": 429, "retry_after": 2},
    {"kind": "status", "status": 503},
    {"kind": "malformed"},
    {"kind": "reset"},
)
NAMES = {"Review", "Stand-up", "Hopper", "Call", "Offer", "Plain"}


def fill(bench: Bench) -> None:
    bench.person("POST", "/events", event_json())
    bench.person("POST", "/events", series_json(3))
    bench.person("POST", "/contacts", {"surname": "Hopper"})
    lists = bench.person("GET", "/todo/lists")["value"]
    where = f"/todo/lists/{lists[0]['id']}/tasks"
    bench.person("POST", where, {"title": "Call"})
    deliver(bench, with_files(offer=b"%PDF"))
    deliver(bench, mail("Plain").as_bytes())


def attempt(bench: Bench, watermark: Watermark | None) -> tuple[Change, ...]:
    try:
        return bench.connect().changes.read(watermark, WINDOW).changes
    except ProviderError:
        return ()


@pytest.mark.parametrize(("is_first", "times"), [(True, 1), (False, 40)])
@pytest.mark.parametrize(
    "fault", FAULTS, ids=lambda f: f"{f['kind']}-{f.get('status', '')}"
)
def test_a_read_that_fails_anywhere_loses_nothing(
    bench: Bench, fault: dict[str, object], times: int, is_first: bool
) -> None:
    """E02, E08, G09: the same resume point brings the same again afterwards."""
    before = bench.connect().changes.read(None, WINDOW).watermark
    watermark = None if is_first else before
    fill(bench)
    for site in SITES:
        more = {name: value for name, value in fault.items() if name != "kind"}
        bench.fault(str(fault["kind"]), "", site, times=times, **more)
        told = attempt(bench, watermark)
        assert not [c for c in told if c.presence is Presence.DELETED]
        bench.control("DELETE", "/faults")
        found = bench.connect().changes.read(watermark, WINDOW)
        assert {c.thing.name for c in found.changes if c.thing} == NAMES
        assert {c.presence for c in found.changes} == {Presence.SEEN}
