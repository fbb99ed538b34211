"""What the marker does to categories of a sandbox mailbox."""

from __future__ import annotations

from typing import Any

from syncline.domain.values.faults import FaultClass
from syncline.domain.values.ids import ItemId, LinkKey
from syncline.domain.values.items import Item
from syncline.domain.values.kinds import Kind
from syncline.domain.values.operations import MarkOrder
from tests.contract.microsoft365.bench import (
    Bench,
    event_json,
    guest_json,
    items_of,
)

ERROR, DETAIL = "Sync Error", "Status: Last name is missing"


def new_item(bench: Bench, **more: Any) -> Item:
    made = bench.person("POST", "/contacts", {"givenName": "Ada", **more})
    return items_of(bench.connect().changes.fetch(Kind.CONTACT, [made["id"]]))[0]


def order(item: Item, **more: Any) -> MarkOrder:
    known = {"categories": item.categories, "version": item.version}
    return MarkOrder(key=LinkKey("k1"), kind=item.kind, item_id=item.id, **known | more)


def master_list(bench: Bench) -> dict[str, str]:
    found = bench.person("GET", "/outlook/masterCategories")["value"]
    return {entry["displayName"]: entry["color"] for entry in found}


def test_marks_come_with_their_colors_beside_what_was_there(bench: Bench) -> None:
    item = new_item(bench, categories=["Family"])
    marker = bench.connect().marker
    (outcome,) = marker.mark([order(item, add=(ERROR, DETAIL, "Salesforce"))])
    assert outcome.fault is None
    (contact,) = bench.contacts()
    assert contact["categories"] == ["Family", ERROR, DETAIL, "Salesforce"]
    assert outcome.version == contact["@odata.etag"]
    colors = master_list(bench)
    assert (colors[ERROR], colors[DETAIL], colors["Salesforce"]) == (
        "preset0",
        "none",
        "preset7",
    )


def test_marks_go_and_the_rest_stays(bench: Bench) -> None:
    item = new_item(bench, categories=["sync error", "Family", DETAIL])
    bench.connect().marker.mark([order(item, remove=(ERROR, DETAIL))])
    assert bench.contacts()[0]["categories"] == ["Family"]


def test_order_that_changes_nothing_sends_nothing(bench: Bench) -> None:
    item = new_item(bench, categories=[ERROR])
    marker = bench.connect().marker
    bench.reset()
    (outcome,) = marker.mark([order(item, remove=("Other",))])
    assert outcome.fault is None
    assert outcome.version == item.version
    assert bench.counters["requests"] == 0


def test_link_key_is_written_with_the_mark(bench: Bench) -> None:
    item = new_item(bench)
    bench.connect().marker.mark([order(item, add=("Salesforce",), set_link_key=True)])
    (looked,) = bench.connect().changes.fetch(Kind.CONTACT, [item.id])
    assert items_of([looked])[0].link_key == "k1"


def test_unknown_categories_are_read_first(bench: Bench) -> None:
    item = new_item(bench, categories=["Family"])
    asked = order(item, add=(ERROR,), categories=None, version="")
    bench.connect().marker.mark([asked])
    assert bench.contacts()[0]["categories"] == ["Family", ERROR]


def test_categories_without_a_version_are_not_trusted(bench: Bench) -> None:
    item = new_item(bench, categories=["Family"])
    asked = order(item, add=(ERROR,), categories=(), version="")
    bench.connect().marker.mark([asked])
    assert bench.contacts()[0]["categories"] == ["Family", ERROR]


def test_edit_meanwhile_is_kept(bench: Bench) -> None:
    item = new_item(bench)
    bench.person("PATCH", f"/contacts/{item.id}", {"categories": ["Mine"]})
    (outcome,) = bench.connect().marker.mark([order(item, add=(ERROR,))])
    assert outcome.fault is None
    assert bench.contacts()[0]["categories"] == ["Mine", ERROR]


def test_lost_answer_leaves_one_mark(bench: Bench) -> None:
    item = new_item(bench, categories=["Family"])
    bench.fault("drop_response", "PATCH", "/contacts/")
    (outcome,) = bench.connect().marker.mark([order(item, add=(ERROR,))])
    (contact,) = bench.contacts()
    assert contact["categories"] == ["Family", ERROR]
    assert outcome.version == contact["@odata.etag"]


def test_item_that_is_gone_is_one_fault(bench: Bench) -> None:
    item, other = new_item(bench), new_item(bench)
    bench.person("DELETE", f"/contacts/{item.id}")
    gone, marked = bench.connect().marker.mark(
        [order(item, add=(ERROR,)), order(other, add=(ERROR,))]
    )
    assert gone.fault is not None
    assert gone.fault.fault_class is FaultClass.NOT_FOUND
    assert marked.fault is None


def test_mark_on_a_meeting_mails_nobody(bench: Bench) -> None:
    made = bench.person("POST", "/events", event_json(attendees=[guest_json()]))
    bench.reset()
    asked = MarkOrder(
        key=LinkKey("k1"),
        kind=Kind.EVENT,
        item_id=ItemId(made["id"]),
        add=(ERROR,),
        set_link_key=True,
    )
    bench.connect().marker.mark([asked])
    assert bench.events()[0]["categories"] == [ERROR]
    assert bench.counters["guest_mails"] == 0


def test_master_list_is_read_once_a_session(bench: Bench) -> None:
    marker = bench.connect().marker
    for item in (new_item(bench), new_item(bench)):
        marker.mark([order(item, add=(ERROR, "Salesforce"))])
    calls = bench.counters["by_call"]
    listings = [n for c, n in calls.items() if "masterCategories" in c and "GET" in c]
    assert listings == [1]


def test_category_made_meanwhile_is_no_failure(bench: Bench) -> None:
    item = new_item(bench)
    bench.fault("status", "POST", "/outlook/masterCategories", status=409)
    (outcome,) = bench.connect().marker.mark([order(item, add=(ERROR,))])
    assert outcome.fault is None
    assert bench.contacts()[0]["categories"] == [ERROR]


def test_marks_need_no_master_list(bench: Bench) -> None:
    item = new_item(bench)
    bench.fault("status", "GET", "masterCategories", status=403, times=9)
    (outcome,) = bench.connect().marker.mark([order(item, add=(ERROR,))])
    assert outcome.fault is None
    assert bench.contacts()[0]["categories"] == [ERROR]


def test_tidy_removes_idle_details_of_ours_alone(bench: Bench) -> None:
    for name, color in (
        ("Status: Mine", "preset3"),
        ("Status: In use", "none"),
        ("Status: Idle", "none"),
        ("Family", "none"),
    ):
        bench.person(
            "POST", "/outlook/masterCategories", {"displayName": name, "color": color}
        )
    before = master_list(bench)
    bench.connect().marker.tidy(frozenset({"Status: In use"}))
    assert before.keys() - master_list(bench).keys() == {"Status: Idle"}
