"""Order of a plan, and the brake."""

from syncline.domain.access.policy import Policy
from syncline.domain.engine.plan import Plan, brake
from syncline.domain.values.ids import LinkKey, RecordId
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.operations import Operation, Verb
from tests import factories as make


def deletions(count: int) -> Plan:
    operations = tuple(
        Operation(
            link=make.link(key=LinkKey(f"k{n}"), record_id=RecordId(f"r{n}")),
            side=Side.CRM,
            verb=Verb.DELETE,
            kind=Kind.EVENT,
            target_id=f"r{n}",
        )
        for n in range(count)
    )
    return Plan(operations=operations)


def test_many_deletions_wait_for_a_person() -> None:
    """D07: more than 20 and more than 10 percent."""
    held = brake(deletions(21), 100, Policy(), emptied="", confirmed="")
    assert held is not None
    assert len(held.lines) == 21
    assert "Demo at Acme" in held.lines[0]


def test_few_deletions_go_through() -> None:
    assert brake(deletions(20), 20, Policy(), emptied="", confirmed="") is None


def test_small_share_goes_through() -> None:
    assert brake(deletions(21), 1000, Policy(), emptied="", confirmed="") is None


def test_emptied_side_stops_even_few_deletions() -> None:
    """D08: a listing that came back empty is not believed."""
    held = brake(deletions(1), 1000, Policy(), emptied="event listing", confirmed="")
    assert held is not None


def test_confirmed_plan_goes_through_and_no_other() -> None:
    first = brake(deletions(30), 30, Policy(), emptied="", confirmed="")
    assert first is not None
    confirmed = first.digest
    assert brake(deletions(30), 30, Policy(), emptied="", confirmed=confirmed) is None
    assert brake(deletions(31), 31, Policy(), emptied="", confirmed=confirmed)
