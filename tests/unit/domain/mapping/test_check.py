"""What the org says about its fields is held against the tables."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from syncline.domain.access.policy import Policy
from syncline.domain.issues.catalog import by_slug
from syncline.domain.issues.remedy import explain, steps
from syncline.domain.mapping import MAPPINGS, KindMapping
from syncline.domain.mapping.check import Sort, check
from syncline.domain.mapping.facts import FieldFacts
from syncline.domain.mapping.profile import mapping_for
from syncline.domain.mapping.tables import CONVERTERS
from syncline.domain.values.kinds import Kind
from syncline.domain.values.people import Traits

EVENT = MAPPINGS[Kind.EVENT]
CONTACT = MAPPINGS[Kind.CONTACT]
TASK = MAPPINGS[Kind.TASK]


def good(mapping: KindMapping) -> dict[str, FieldFacts]:
    facts = {}
    for row in mapping.rows:
        for name, types in zip(
            row.record, CONVERTERS[row.converter].types, strict=True
        ):
            is_text = "textarea" in types
            facts[name] = FieldFacts(
                name=name,
                type="textarea" if is_text else sorted(types)[0],
                length=32_000 if is_text else 0,
            )
    return facts


def found(mapping: KindMapping, **changes: Any) -> list[tuple[str, str]]:
    """Sorts and fields of the problems after changing single fields' facts."""
    facts = good(mapping)
    for name, change in changes.items():
        if change is None:
            del facts[name]
        else:
            facts[name] = replace(facts.get(name, FieldFacts(name=name)), **change)
    return [(str(p.sort), p.field) for p in check(mapping, facts)]


def event_table(**changes: Any) -> KindMapping:
    return mapping_for(Kind.EVENT, Policy(fields={"event": changes}))


@pytest.mark.parametrize("mapping", MAPPINGS.values(), ids=list(MAPPINGS))
def test_fields_that_suit_raise_nothing(mapping: KindMapping) -> None:
    assert found(mapping) == []


def test_hidden_object_is_one_problem_and_not_one_for_each_field() -> None:
    assert [p.sort for p in check(EVENT, {})] == [Sort.HIDDEN]


def test_missing_field() -> None:
    assert found(EVENT, Location=None) == [("mapped_field_missing", "Location")]


def test_field_of_another_type() -> None:
    assert found(EVENT, Subject={"type": "boolean"}) == [
        ("mapped_field_unfit", "Subject")
    ]
    assert found(TASK, ActivityDate={"type": "datetime"}) == [
        ("mapped_field_unfit", "ActivityDate")
    ]


@pytest.mark.parametrize("way", ["is_createable", "is_updateable"])
def test_field_that_may_not_be_written(way: str) -> None:
    assert found(EVENT, Location={way: False}) == [("mapped_field_closed", "Location")]


def test_formula_may_be_read_by_a_field_that_only_comes_down() -> None:
    closed = {"is_createable": False, "is_updateable": False}
    down = event_table(Location={"direction": "down"})
    assert found(down, Location=closed) == []


def test_field_that_is_off_is_not_asked_about() -> None:
    mapping = event_table(Location={"off": True})
    facts = good(EVENT)
    del facts["Location"]
    assert check(mapping, facts) == ()


def test_restricted_list_must_offer_what_is_written() -> None:
    offers = {"type": "picklist", "is_restricted": True, "values": ("Busy", "Free")}
    assert found(EVENT, ShowAs=offers) == [("mapped_words_missing", "ShowAs")]
    (problem,) = check(
        EVENT, good(EVENT) | {"ShowAs": FieldFacts(name="ShowAs", **offers)}
    )
    assert problem.value == "“OutOfOffice”"


def test_open_list_takes_every_word() -> None:
    assert found(EVENT, ShowAs={"type": "picklist", "values": ("Busy",)}) == []


def test_status_must_be_one_that_the_org_knows_even_in_an_open_list() -> None:
    offers = {"type": "picklist", "values": ("Not Started", "In Progress", "Completed")}
    facts = good(TASK) | {"Status": FieldFacts(name="Status", **offers)}
    (problem,) = check(TASK, facts)
    assert problem.sort is Sort.WORDS
    assert problem.value == "“Waiting on someone else” and “Deferred”"


def test_statuses_that_were_fitted_to_the_org_are_all_there() -> None:
    traits = Traits(
        task_statuses=("Open", "Done"),
        closed_task_statuses=("Done",),
        default_task_status="Open",
    )
    mapping = mapping_for(Kind.TASK, Policy(), traits)
    facts = good(mapping) | {
        "Status": FieldFacts(name="Status", type="picklist", values=("Open", "Done"))
    }
    assert check(mapping, facts) == ()


def test_required_field_that_nothing_fills() -> None:
    assert found(CONTACT, Rank__c={"is_required": True}) == [
        ("required_field_unfilled", "Rank__c")
    ]
    assert found(CONTACT, LastName={"is_required": True}) == []
    assert found(CONTACT, OwnerId={"is_required": True}) == []


def test_required_field_with_a_fixed_value_is_filled() -> None:
    mapping = event_table(on_create={"Rank__c": "Gold"})
    assert found(mapping, Rank__c={"is_required": True}) == []


def test_required_field_that_only_comes_down_is_not_filled() -> None:
    mapping = event_table(Subject={"direction": "down"})
    assert found(mapping, Subject={"is_required": True}) == [
        ("required_field_unfilled", "Subject")
    ]


def test_field_that_is_shorter_than_usual_is_told() -> None:
    mapping = event_table(Description={"record": "Notes__c"})
    (problem,) = check(
        mapping,
        good(mapping) | {"Notes__c": FieldFacts(name="Notes__c", length=255)},
    )
    assert (problem.sort, problem.limit) == (Sort.SHORT, 255)


@pytest.mark.parametrize(
    ("value", "facts", "sort"),
    [
        ("Meeting", {"type": "picklist", "values": ("Call",)}, None),
        ("Meeting", {"type": "string"}, None),
        (True, {"type": "boolean"}, None),
        (3, {"type": "double"}, None),
        (
            "Meeting",
            {"type": "picklist", "values": ("Call",), "is_restricted": True},
            "mapped_words_missing",
        ),
        ("yes", {"type": "boolean"}, "mapped_field_unfit"),
        (True, {"type": "string"}, "mapped_field_unfit"),
        (3, {"type": "string"}, "mapped_field_unfit"),
        ("Meeting", {"is_createable": False}, "mapped_field_closed"),
        ("Meeting", None, "mapped_field_missing"),
    ],
)
def test_fixed_values_are_checked_too(
    value: str | bool | int, facts: dict[str, Any] | None, sort: str | None
) -> None:
    mapping = event_table(on_create={"Type": value})
    changes = {} if facts is None else {"Type": facts}
    assert found(mapping, **changes) == ([(sort, "Type")] if sort else [])


def test_problems_read_well_in_their_issues() -> None:
    facts = good(EVENT) | {
        "Location": FieldFacts(name="Location", label="Place", type="date")
    }
    (problem,) = check(EVENT, facts)
    code = by_slug(problem.sort).code
    assert explain(code, problem.params) == (
        "The field Place (Location) is of a type (date) that cannot hold what the "
        "field table wants to put there."
    )
    assert problem.subject == "field:Event.Location"
    assert steps(code, problem.params)
