"""What Salesforce cannot keep is never taken from the mailbox."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from syncline.domain.access.policy import Policy, Winner
from syncline.domain.engine.merge import merge
from syncline.domain.mapping import MAPPINGS, KindMapping
from syncline.domain.mapping.cuts import fit
from syncline.domain.mapping.profile import mapping_for
from syncline.domain.values.content import AllDaySpan, Attendee, TimedSpan, Value
from syncline.domain.values.kinds import Kind
from syncline.domain.values.links import Base
from syncline.domain.values.people import Traits
from tests.factories import contact_content, event_content

EVENT = MAPPINGS[Kind.EVENT]
CONTACT = MAPPINGS[Kind.CONTACT]
TASK = MAPPINGS[Kind.TASK]

SMALL_ORG = mapping_for(
    Kind.TASK,
    Policy(),
    Traits(
        task_statuses=("Open", "Done"),
        closed_task_statuses=("Done",),
        default_task_status="Open",
    ),
)

#: Lengths of an org whose fields are all short.
SHORT = {"Subject": 20, "Description": 24, "Location": 20, "Title": 21, "LastName": 20}

texts = st.none() | st.text(
    alphabet=st.characters(categories=("L", "N", "P", "So", "Zs")),
    min_size=1,
    max_size=60,
).map(str.strip).filter(bool)
addresses = st.sampled_from(["a@x.example", "b@x.example", "c@y.example"])
instants = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(  # noqa: DTZ001 - made aware here
    lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
)
days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
timed = st.builds(
    lambda start, minutes, zone: TimedSpan(
        start=start, end=start + timedelta(minutes=minutes), zone=zone
    ),
    instants,
    st.integers(0, 3000),
    st.sampled_from(["", "Europe/Oslo", "Customized Time Zone"]),
)
whole_days = st.builds(
    lambda first, more: AllDaySpan(first=first, last=first + timedelta(days=more)),
    days,
    st.integers(0, 13),
)
events = st.fixed_dictionaries(
    {
        "subject": texts,
        "body": texts,
        "location": texts,
        "when": timed | whole_days,
        "show_as": st.sampled_from(["free", "tentative", "busy", "oof", "elsewhere"]),
        "private": st.booleans(),
        "reminder_minutes": st.none() | st.integers(0, 20_000),
        "attendees": st.lists(addresses, unique=True).map(
            lambda found: tuple(Attendee(email=e) for e in sorted(found))
        ),
    }
)
tasks = st.fixed_dictionaries(
    {
        "subject": texts,
        "body": texts,
        "due": st.none() | days.map(date.isoformat),
        "status": st.sampled_from(
            ["not_started", "in_progress", "completed", "waiting", "deferred"]
        ),
        "importance": st.sampled_from(["low", "normal", "high"]),
        "reminder_at": st.none() | instants.map("{:%Y-%m-%dT%H:%M:%SZ}".format),
    }
)
contacts = st.fixed_dictionaries(
    {
        "family_name": texts,
        "job_title": texts,
        "notes": texts,
        "emails": st.lists(addresses, unique=True).map(tuple),
        "business_phones": st.lists(st.sampled_from("123"), unique=True).map(tuple),
        "birthday": st.none() | days.map(date.isoformat),
    }
).map(lambda changes: contact_content(**changes))


def assert_nothing_comes_back(mapping: KindMapping, item: dict[str, Value]) -> None:
    """Saved, even shortened, and read again: no item field changes."""
    record, _ = fit(mapping.to_record(item), SHORT)
    for rule in mapping.rules:
        assert rule.agrees(item, record)
        assert rule.to_item(record, item) == {rule.name: item[rule.name]}
    base = Base(item=item, record=record)
    merged = merge(
        mapping=mapping,
        item=item,
        record={**record, "Unknown__c": "x"},
        base=base,
        winner=Winner.CRM,
    )
    assert merged.is_empty


@given(item=events)
def test_event_is_not_changed_by_having_been_saved(item: dict[str, Value]) -> None:
    assert_nothing_comes_back(EVENT, item)


@given(item=contacts)
def test_contact_is_not_changed_by_having_been_saved(item: dict[str, Value]) -> None:
    assert_nothing_comes_back(CONTACT, item)


@given(item=tasks)
def test_task_is_not_changed_by_having_been_saved(item: dict[str, Value]) -> None:
    assert_nothing_comes_back(TASK, item)
    assert_nothing_comes_back(SMALL_ORG, item)


@given(before=events, after=events)
def test_field_that_nobody_changed_in_salesforce_is_never_brought_down(
    before: dict[str, Value], after: dict[str, Value]
) -> None:
    """One field is edited in Salesforce; the shortened and lossy ones stay away."""
    record, _ = fit(EVENT.to_record(before), SHORT)
    edited = {**record, "Location": EVENT.to_record(after)["Location"]}
    merged = merge(
        mapping=EVENT,
        item=before,
        record=edited,
        base=Base(item=before, record=record),
        winner=Winner.CRM,
    )
    assert set(merged.to_item) <= {"location"}
    assert merged.to_record == {}


LONG = "The agenda of a long meeting: prices, dates, people and places"


def test_shortened_subject_is_not_brought_down_with_another_edit() -> None:
    item = event_content(subject=LONG)
    record, cuts = fit(EVENT.to_record(item), {"Subject": 30})
    assert [cut.field for cut in cuts] == ["Subject"]
    edited = {**record, "Location": "Bergen", "ShowAs": "Free"}
    merged = merge(
        mapping=EVENT,
        item=item,
        record=edited,
        base=Base(item=item, record=record),
        winner=Winner.CRM,
    )
    assert merged.to_item == {"location": "Bergen", "show_as": "free"}


def test_mailbox_edit_behind_the_cut_writes_nothing_new() -> None:
    item = event_content(subject=LONG)
    record, _ = fit(EVENT.to_record(item), {"Subject": 30})
    later = event_content(subject=f"{LONG}, and coffee")
    merged = merge(
        mapping=EVENT,
        item=later,
        record=record,
        base=Base(item=item, record=record),
        winner=Winner.CRM,
    )
    assert merged.to_item == {}
    fitted, _ = fit(merged.to_record, {"Subject": 30})
    assert all(record[name] == value for name, value in fitted.items())


def test_edit_of_a_shortened_text_keeps_the_rest_of_the_mailbox_s() -> None:
    item = event_content(body=LONG)
    record, _ = fit(EVENT.to_record(item), {"Description": 30})
    assert record["Description"] == "The agenda of a long meeting:…"
    base = Base(item=item, record=record)
    edited = {**record, "Description": "Our agenda of a long meeting:…"}
    body = next(r for r in EVENT.rules if r.name == "body")
    assert body.to_item(edited, item, base) == {
        "body": "Our agenda of a long meeting: prices, dates, people and places"
    }
    rewritten = {**record, "Description": "Cancelled"}
    assert body.to_item(rewritten, item, base) == {"body": "Cancelled"}


def test_lost_base_does_not_make_a_shortened_text_a_conflict_for_the_rule() -> None:
    item = event_content(subject=LONG)
    record, _ = fit(EVENT.to_record(item), {"Subject": 30})
    subject = next(r for r in EVENT.rules if r.name == "subject")
    assert subject.agrees(item, record)
    assert subject.to_item(record, item) == {"subject": LONG}


def test_words_of_an_org_that_mean_the_same_are_no_conflict() -> None:
    before: dict[str, Value] = {
        "subject": "Call",
        "body": None,
        "due": None,
        "status": "in_progress",
        "importance": "normal",
        "reminder_at": None,
    }
    agreed = {**SMALL_ORG.to_record(before), "Status": "Open"}
    merged = merge(
        mapping=SMALL_ORG,
        item={**before, "status": "completed"},
        record={**agreed, "Status": "Won't Do", "IsClosed": True},
        base=Base(item=before, record=agreed),
        winner=Winner.MAILBOX,
    )
    assert (merged.is_empty, merged.conflicts) == (True, ())


def test_shortened_text_that_lost_its_base_is_no_conflict() -> None:
    item = event_content(subject=LONG)
    record, _ = fit(EVENT.to_record(item), {"Subject": 30})
    merged = merge(
        mapping=EVENT, item=item, record=record, base=None, winner=Winner.CRM
    )
    assert (merged.is_empty, merged.conflicts) == (True, ())


def test_edit_of_a_shortened_text_reaches_the_mailbox_with_the_rest() -> None:
    item = event_content(body=LONG)
    record, _ = fit(EVENT.to_record(item), {"Description": 30})
    merged = merge(
        mapping=EVENT,
        item=item,
        record={**record, "Description": "Our agenda of a long meeting:…"},
        base=Base(item=item, record=record),
        winner=Winner.MAILBOX,
    )
    assert merged.to_item == {
        "body": "Our agenda of a long meeting: prices, dates, people and places"
    }


def test_field_that_the_user_may_no_longer_see_is_not_emptied_in_the_mailbox() -> None:
    item = event_content(location="Oslo")
    record = EVENT.to_record(item)
    hidden = {k: v for k, v in record.items() if k != "Location"}
    for base in (Base(item=item, record=record), None):
        merged = merge(
            mapping=EVENT,
            item=item,
            record={**hidden, "ShowAs": "Free"},
            base=base,
            winner=Winner.CRM,
        )
        assert "location" not in merged.to_item


def test_field_that_a_profile_adds_later_fills_what_is_empty_and_asks_who_wins() -> (
    None
):
    """Neither side's value is taken for an edit of the other."""
    entry = {"item": "company", "record": "Company__c"}
    mapping = mapping_for(Kind.CONTACT, Policy(fields={"contact": {"custom": [entry]}}))
    item = contact_content(company="Acme")
    before = CONTACT.to_record(item)
    base = Base(item=item, record=before)

    def merged_with(value: str | None, winner: Winner) -> tuple[object, object]:
        found = merge(
            mapping=mapping,
            item=item,
            record={**before, "Company__c": value},
            base=base,
            winner=winner,
        )
        return found.to_record, found.to_item

    assert merged_with(None, Winner.CRM) == ({"Company__c": "Acme"}, {})
    assert merged_with("Acme", Winner.CRM) == ({}, {})
    assert merged_with("Globex", Winner.MAILBOX) == ({"Company__c": "Acme"}, {})
    assert merged_with("Globex", Winner.CRM) == ({}, {"company": "Globex"})
