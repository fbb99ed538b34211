"""A profile changes the tables as it says, or is told plainly what is wrong."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncline.domain.access.policy import Policy, Winner
from syncline.domain.engine.merge import merge
from syncline.domain.errors import ConfigurationError
from syncline.domain.mapping import MAPPINGS, KindMapping
from syncline.domain.mapping.deviations import problems_of
from syncline.domain.mapping.profile import mapping_for
from syncline.domain.values.kinds import Direction, Kind
from syncline.domain.values.links import Base
from syncline.domain.values.people import Traits
from tests.factories import contact_content, event_content


def tables_of(fields: dict[str, Any], kind: Kind = Kind.EVENT) -> KindMapping:
    assert problems_of(fields) == ()
    return mapping_for(kind, Policy(fields=fields))


@pytest.mark.parametrize("kind", list(MAPPINGS))
def test_profile_that_changes_nothing_has_the_usual_tables(kind: Kind) -> None:
    mapping = mapping_for(kind, Policy())
    assert mapping.rows == MAPPINGS[kind].rows
    assert mapping.object_name == MAPPINGS[kind].object_name


def test_same_changes_give_the_same_table_object() -> None:
    one = Policy(fields={"event": {"Location": {"off": True}}})
    two = Policy(fields={"event": {"Location": {"off": True}}}, days_back=3)
    assert mapping_for(Kind.EVENT, one) is mapping_for(Kind.EVENT, two)


def test_field_that_is_off_travels_no_way() -> None:
    mapping = tables_of({"event": {"Subject": {"off": True}}})
    assert "Subject" not in mapping.to_record(event_content())
    assert "Subject" not in mapping.record_fields
    record = MAPPINGS[Kind.EVENT].to_record(event_content(subject="Changed"))
    assert "subject" not in mapping.to_item(record)


def test_field_that_goes_up_only_is_not_brought_down() -> None:
    mapping = tables_of({"event": {"Location": {"direction": "up"}}})
    item = event_content()
    fields = mapping.to_record(item)
    assert fields["Location"] == "Oslo"
    merged = merge(
        mapping=mapping,
        item=item,
        record={**fields, "Location": "Bergen"},
        base=Base(item=item, record=fields),
        winner=Winner.CRM,
    )
    assert merged.is_empty


def test_field_that_goes_down_only_is_not_sent_up() -> None:
    mapping = tables_of({"event": {"Location": {"direction": "down"}}})
    assert "Location" not in mapping.to_record(event_content())
    record = {"Location": "Bergen", "IsAllDayEvent": True, "ActivityDate": "2026-11-24"}
    assert mapping.to_item(record)["location"] == "Bergen"


def test_field_may_be_kept_elsewhere() -> None:
    mapping = tables_of({"event": {"Description": {"record": "Notes__c"}}})
    fields = mapping.to_record(event_content(body="Prices"))
    assert fields["Notes__c"] == "Prices"
    assert "Description" not in fields


def test_custom_field_gets_its_item_field() -> None:
    entry = {"item": "company", "record": "Syncline_Company__c"}
    mapping = tables_of({"contact": {"custom": [entry]}}, Kind.CONTACT)
    fields = mapping.to_record(contact_content())
    assert fields["Syncline_Company__c"] == "Acme"
    assert mapping.to_item({"Syncline_Company__c": "Globex"})["company"] == "Globex"


def test_several_values_may_be_joined_in_one_custom_field() -> None:
    entry = {
        "item": "emails",
        "record": "All_Addresses__c",
        "converter": "joined",
        "direction": "up",
    }
    mapping = tables_of({"contact": {"custom": [entry]}}, Kind.CONTACT)
    both = contact_content(emails=("grace@acme.example", "g@home.example"))
    fields = mapping.to_record(both)
    assert fields["All_Addresses__c"] == "grace@acme.example; g@home.example"
    assert fields["Email"] == "grace@acme.example"


def test_what_the_mailbox_only_tells_goes_up_only() -> None:
    entry = {"item": "recurrence", "record": "Rule__c"}
    mapping = tables_of({"event": {"custom": [entry]}})
    rule = next(r for r in mapping.rules if r.name == "recurrence")
    assert rule.direction is Direction.UP


def test_fixed_values_stand_on_new_records_only() -> None:
    mapping = tables_of({"event": {"on_create": {"Type": "Meeting"}}})
    assert mapping.to_record(event_content())["Type"] == "Meeting"
    assert "Type" in mapping.record_fields
    assert all("Type" not in rule.record_fields for rule in mapping.rules)


def test_default_fills_what_the_item_leaves_open_and_stays_in_salesforce() -> None:
    mapping = tables_of({"contact": {"LastName": {"default": "Unknown"}}}, Kind.CONTACT)
    item = contact_content(family_name=None)
    fields = mapping.to_record(item)
    assert fields["LastName"] == "Unknown"
    rule = next(r for r in mapping.rules if r.name == "family_name")
    assert rule.to_item(fields, item) == {"family_name": None}


def test_words_may_be_the_org_s_own() -> None:
    mapping = tables_of(
        {"event": {"ShowAs": {"words": {"tentative": ["Tentative", "Maybe"]}}}}
    )
    assert (
        mapping.to_record(event_content(show_as="tentative"))["ShowAs"] == "Tentative"
    )
    rule = next(r for r in mapping.rules if r.name == "show_as")
    assert rule.to_item({"ShowAs": "Maybe"}, event_content()) == {
        "show_as": "tentative"
    }


def test_statuses_of_the_profile_are_taken_as_far_as_the_org_has_them() -> None:
    policy = Policy(
        fields={"task": {"Status": {"words": {"waiting": ["Parked", "On Hold"]}}}}
    )
    traits = Traits(
        task_statuses=("Open", "On Hold", "Done"),
        closed_task_statuses=("Done",),
        default_task_status="Open",
    )
    mapping = mapping_for(Kind.TASK, policy, traits)
    rule = next(r for r in mapping.rules if r.name == "status")
    assert rule.up({"status": "waiting"}) == {"Status": "On Hold"}


WRONG: list[tuple[str, Any, str]] = [
    ("no object", [], "fields"),
    ("unknown kind", {"meeting": {}}, "fields.meeting"),
    ("kind is no object", {"event": ["Location"]}, "fields.event"),
    ("unknown field", {"event": {"Lokation": {"off": True}}}, "fields.event.Lokation"),
    ("change is no object", {"event": {"Location": "up"}}, "fields.event.Location"),
    (
        "unknown change",
        {"event": {"Location": {"way": "up"}}},
        "fields.event.Location.way",
    ),
    (
        "no direction",
        {"event": {"Location": {"direction": "sideways"}}},
        "fields.event.Location.direction",
    ),
    (
        "off is no flag",
        {"event": {"Location": {"off": "yes"}}},
        "fields.event.Location.off",
    ),
    (
        "the times may not be off",
        {"event": {"StartDateTime": {"off": True}}},
        "fields.event.StartDateTime",
    ),
    (
        "the times may not move",
        {"event": {"StartDateTime": {"record": "Start__c"}}},
        "fields.event.StartDateTime.record",
    ),
    (
        "guests do not come down",
        {"event": {"Syncline_Attendees__c": {"direction": "both"}}},
        "fields.event.Syncline_Attendees__c.direction",
    ),
    (
        "no API name",
        {"event": {"Subject": {"record": "My notes"}}},
        "fields.event.Subject.record",
    ),
    (
        "a field of ours",
        {"event": {"Subject": {"record": "Syncline_Id__c"}}},
        "fields.event.Subject.record",
    ),
    (
        "words for free text",
        {"event": {"Subject": {"words": {"a": ["b"]}}}},
        "fields.event.Subject.words",
    ),
    (
        "unknown word",
        {"event": {"ShowAs": {"words": {"sleeping": ["Busy"]}}}},
        "fields.event.ShowAs.words.sleeping",
    ),
    (
        "words are no list",
        {"event": {"ShowAs": {"words": {"free": "Free"}}}},
        "fields.event.ShowAs.words.free",
    ),
    (
        "default is no text",
        {"contact": {"LastName": {"default": 7}}},
        "fields.contact.LastName.default",
    ),
    (
        "default for a flag",
        {"event": {"IsPrivate": {"default": "yes"}}},
        "fields.event.IsPrivate.default",
    ),
    ("custom is no list", {"event": {"custom": {}}}, "fields.event.custom"),
    ("custom entry is no object", {"event": {"custom": [1]}}, "fields.event.custom.1"),
    (
        "unknown item field",
        {"contact": {"custom": [{"item": "shoe_size", "record": "Shoe__c"}]}},
        "fields.contact.custom.1.item",
    ),
    (
        "no record field",
        {"contact": {"custom": [{"item": "company"}]}},
        "fields.contact.custom.1.record",
    ),
    (
        "converter does not suit",
        {"contact": {"custom": [
            {"item": "company", "record": "C__c", "converter": "date"}]}},
        "fields.contact.custom.1.converter",
    ),
    (
        "read-only item field",
        {"task": {"custom": [
            {"item": "completed_on", "record": "D__c", "direction": "down"}]}},
        "fields.task.custom.1.direction",
    ),
    (
        "two item fields in one record field",
        {"event": {"Location": {"record": "Subject"}}},
        "fields.event.Subject",
    ),
    (
        "one item field from two record fields",
        {"event": {"custom": [{"item": "subject", "record": "Title__c"}]}},
        "fields.event.Title__c",
    ),
    (
        "fixed value of a mapped field",
        {"event": {"on_create": {"Subject": "Hi"}}},
        "fields.event.on_create.Subject",
    ),
    (
        "fixed value is no value",
        {"event": {"on_create": {"Type": None}}},
        "fields.event.on_create.Type",
    ),
    (
        "fixed owner",
        {"event": {"on_create": {"OwnerId": "005000000000001AAA"}}},
        "fields.event.on_create.OwnerId",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "where"), [w[1:] for w in WRONG], ids=[w[0] for w in WRONG]
)
def test_what_is_wrong_is_said_with_what_to_do(fields: Any, where: str) -> None:
    problems = problems_of(fields)
    assert [p.problem_id for p in problems] == [where]
    for text in (problems[0].problem, problems[0].hint):
        assert text.endswith(".")
        assert len(text) < 600


def test_all_problems_are_found_at_once() -> None:
    fields = {
        "event": {"Location": {"direction": "x"}, "Nothing": {}},
        "contact": {"custom": [{"item": "x", "record": "y z"}]},
    }
    assert len(problems_of(fields)) == 4


def test_table_that_makes_no_sense_is_never_used() -> None:
    policy = Policy(fields={"event": {"Location": {"direction": "sideways"}}})
    with pytest.raises(ConfigurationError, match="no direction"):
        mapping_for(Kind.EVENT, policy)


def test_example_of_the_documentation_is_understood() -> None:
    page = Path(__file__).parents[4] / "docs" / "reference" / "field-tables.md"
    (example,) = re.findall(r"```json\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    assert problems_of(json.loads(example)) == ()


NAMES = st.sampled_from(
    ["event", "contact", "task", "Location", "ShowAs", "StartDateTime", "LastName",
     "Status", "custom", "on_create", "off", "direction", "record", "words",
     "default", "item", "converter", "free", "completed", "up", "x"]
)  # fmt: skip
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | NAMES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4)
    ),
    max_leaves=12,
)
CHANGES = st.dictionaries(
    st.sampled_from(["event", "contact", "task"]),
    st.dictionaries(NAMES, DOCUMENTS, max_size=3),
)


@given(document=DOCUMENTS | CHANGES)
def test_whatever_is_written_is_understood_or_refused_in_words(document: Any) -> None:
    problems = problems_of(document)
    for problem in problems:
        assert problem.problem_id.startswith("fields")
        assert problem.problem
        assert problem.hint
    if not problems:
        for kind in MAPPINGS:
            assert mapping_for(kind, Policy(fields=document)).rows
