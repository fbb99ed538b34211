"""Records of other objects are read as events (3.12-1)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from crm_org import TODAY, WINDOW, Org, control, meeting

from syncline.connectors.salesforce import Salesforce
from syncline.connectors.salesforce.mirrors import read_mirrored
from syncline.connectors.salesforce.translate import UnreadableRowError
from syncline.connectors.salesforce.watermarks import read_bookmark
from syncline.domain.access.policy import Mirrored
from syncline.domain.errors import PassingError
from syncline.domain.values.changes import Change, ChangeSet, LeftOut, Presence
from syncline.domain.values.content import format_instant
from syncline.domain.values.items import Record
from syncline.domain.values.kinds import Kind
from syncline.sandbox.salesforce.platform import Actor

VISIT = Mirrored(
    object_name="Site_Visit__c",
    subject_field="Name",
    start_field="Starts_At__c",
    end_field="Ends_At__c",
    location_field="Site__c",
    description_field="Notes__c",
    name="Site visit",
)
RENEWAL = Mirrored(
    object_name="Contract_Renewal__c",
    subject_field="Name",
    start_field="Renewal_Date__c",
)
START = TODAY + timedelta(days=2, hours=9)
SHOWN = {
    "Subject": "Visit Acme",
    "Description": None,
    "Location": "Oslo",
    "IsPrivate": False,
    "IsReminderSet": False,
    "ReminderDateTime": None,
    "IsAllDayEvent": False,
    "StartDateTime": format_instant(START),
    "EndDateTime": format_instant(START + timedelta(hours=2)),
    "ActivityDate": None,
    "EndDate": None,
    "ShowAs": "Busy",
}


def visit(name: str = "Visit Acme", days: int = 0, **fields: Any) -> dict[str, Any]:
    start = START + timedelta(days=days)
    return {
        "Name": name,
        "Starts_At__c": format_instant(start),
        "Ends_At__c": format_instant(start + timedelta(hours=2)),
        "Site__c": "Oslo",
        **fields,
    }


def renewal(days: int, **fields: Any) -> dict[str, Any]:
    day = (TODAY + timedelta(days=days)).date().isoformat()
    return {"Name": f"In {days} days", "Renewal_Date__c": day, **fields}


@pytest.fixture
def both(org: Org) -> Salesforce:
    return org.connect(mirrored=(VISIT, RENEWAL), overlap=timedelta(0))


def names(found: ChangeSet) -> list[str]:
    return sorted(c.thing.name for c in found.changes if c.thing)


def told(found: ChangeSet) -> list[tuple[str, Presence]]:
    return [(c.id, c.presence) for c in found.changes]


def ids(org: Org, object_name: str = "Site_Visit__c") -> list[str]:
    return list(org.sandbox.org.tables[object_name].records)


def put(org: Org, record_id: str, **values: Any) -> None:
    """A person changes a record in the browser."""
    record = org.sandbox.org.find_record(record_id)
    assert record is not None
    actor = Actor(org=org.sandbox.org, user_id=org.user_id, by_person=True)
    actor.change(record, values)


def test_a_record_has_the_shape_of_an_event(org: Org, both: Salesforce) -> None:
    org.seed("Site_Visit__c", [visit()])
    found = both.changes.read(None, WINDOW)
    (change,) = found.changes
    assert isinstance(change.thing, Record)
    assert (change.kind, change.presence) == (Kind.EVENT, Presence.SEEN)
    assert change.thing.is_mirrored
    assert change.thing.link_key is None
    assert change.thing.owner_id == org.user_id
    assert change.thing.fields == SHOWN
    assert found.left_out == ()


def test_a_day_is_a_whole_day(org: Org, both: Salesforce) -> None:
    org.seed("Contract_Renewal__c", [renewal(3)])
    (change,) = both.changes.read(None, WINDOW).changes
    assert change.thing is not None
    day = (TODAY + timedelta(days=3)).date().isoformat()
    fields = change.thing.fields if isinstance(change.thing, Record) else {}
    assert (fields["IsAllDayEvent"], fields["ActivityDate"]) == (True, day)
    assert (fields["EndDate"], fields["ShowAs"]) == (day, "Free")


def test_only_the_window_and_the_users_own_are_listed(
    org: Org, both: Salesforce
) -> None:
    other = org.sandbox.accounts()[1]["username"]
    org.seed(
        "Site_Visit__c",
        [visit("In"), visit("Out", 90), visit("Theirs", _owner=other)],
    )
    edges = [-15, -14, 60, 61]
    org.seed("Contract_Renewal__c", [renewal(days) for days in edges])
    found = both.changes.read(None, WINDOW)
    assert names(found) == ["In", "In -14 days", "In 60 days"]


def test_without_an_end_it_lasts_an_hour(org: Org, both: Salesforce) -> None:
    edge = format_instant(WINDOW.start - timedelta(minutes=30))
    org.seed(
        "Site_Visit__c",
        [visit(Ends_At__c=None), visit("Edge", Starts_At__c=edge, Ends_At__c=None)],
    )
    found = both.changes.read(None, WINDOW)
    ends = {c.thing.name: c.thing.fields["EndDateTime"]
            for c in found.changes if isinstance(c.thing, Record)}  # fmt: skip
    assert ends == {
        "Visit Acme": format_instant(START + timedelta(hours=1)),
        "Edge": format_instant(WINDOW.start + timedelta(minutes=30)),
    }


def test_a_quiet_read_is_one_request_and_one_more_with_other_objects(
    org: Org, both: Salesforce
) -> None:
    org.seed("Site_Visit__c", [visit()])
    org.seed("Contract_Renewal__c", [renewal(3)])
    org.seed("Event", [meeting(1)])
    first = both.changes.read(None, WINDOW)
    assert len(first.changes) == 3
    for mirrored, count in (((), 1), ((VISIT, RENEWAL), 2)):
        org.sandbox.counters.reset()
        again = org.connect(mirrored=mirrored).changes.read(first.watermark, WINDOW)
        assert (again.changes, org.requests) == ((), count)


def test_changes_and_deletions_are_told_once(org: Org, both: Salesforce) -> None:
    org.seed("Site_Visit__c", [visit("One"), visit("Two")])
    first = both.changes.read(None, WINDOW)
    one, two = ids(org)
    put(org, one, Name="One more")
    put(org, two, IsDeleted=True)
    second = both.changes.read(first.watermark, WINDOW)
    assert sorted(told(second)) == [(one, Presence.SEEN), (two, Presence.DELETED)]
    assert names(second) == ["One more"]
    third = both.changes.read(second.watermark, WINDOW)
    assert third.changes == ()


def test_one_that_leaves_the_window_is_out_of_scope_with_its_content(
    org: Org, both: Salesforce
) -> None:
    org.seed("Site_Visit__c", [visit()])
    first = both.changes.read(None, WINDOW)
    (one,) = ids(org)
    late = START + timedelta(days=100)
    put(org, one, Starts_At__c=f"{late:%Y-%m-%dT%H:%M:%S}.000+0000",
        Ends_At__c=f"{late:%Y-%m-%dT%H:%M:%S}.000+0000")  # fmt: skip
    second = both.changes.read(first.watermark, WINDOW)
    assert told(second) == [(one, Presence.OUT_OF_SCOPE)]
    assert names(second) == ["Visit Acme"]
    put(org, one, Starts_At__c=None)
    third = both.changes.read(second.watermark, WINDOW)
    assert (told(third), names(third)) == ([(one, Presence.OUT_OF_SCOPE)], [])


def test_a_moved_window_lists_anew_and_tells_deletions(
    org: Org, both: Salesforce
) -> None:
    org.seed("Site_Visit__c", [visit("One"), visit("Two")])
    first = both.changes.read(None, WINDOW)
    one, two = ids(org)
    put(org, two, IsDeleted=True)
    moved = type(WINDOW)(start=WINDOW.start, end=WINDOW.end + timedelta(days=1))
    second = both.changes.read(first.watermark, moved)
    assert sorted(told(second)) == [(one, Presence.SEEN), (two, Presence.DELETED)]
    assert Kind.EVENT in second.full_kinds


def test_single_ones_are_looked_at_among_events(org: Org, both: Salesforce) -> None:
    org.seed("Site_Visit__c", [visit("One"), visit("Two"), visit("Three")])
    org.seed("Event", [meeting(1)])
    one, two, three = ids(org)
    (event,) = ids(org, "Event")
    put(org, two, IsDeleted=True)
    bruno = org.sandbox.accounts()[1]["user_id"]
    put(org, three, OwnerId=bruno)
    unknown = "a02000000000001AAA"
    both.changes.read(None, WINDOW)
    asked = [event, one, two, three, unknown]
    found = both.changes.fetch(Kind.EVENT, asked)
    assert [c.id for c in found] == asked
    assert [c.presence for c in found] == [
        Presence.SEEN,
        Presence.SEEN,
        Presence.DELETED,
        Presence.OUT_OF_SCOPE,
        Presence.OUT_OF_SCOPE,
    ]
    mirrored = [isinstance(c.thing, Record) and c.thing.is_mirrored for c in found]
    assert mirrored == [False, True, False, False, False]


def test_after_the_profile_changed_its_mind_they_are_out_of_scope(
    org: Org, salesforce: Salesforce
) -> None:
    org.seed("Site_Visit__c", [visit()])
    (change,) = salesforce.changes.fetch(Kind.EVENT, ids(org))
    assert change == Change(
        side=change.side,
        kind=Kind.EVENT,
        id=ids(org)[0],
        presence=Presence.OUT_OF_SCOPE,
    )


def test_a_hidden_field_leaves_out_its_object_alone(org: Org, both: Salesforce) -> None:
    org.seed("Site_Visit__c", [visit()])
    org.seed("Contract_Renewal__c", [renewal(3)])
    org.seed("Event", [meeting(1)])
    first = both.changes.read(None, WINDOW)
    hidden = {"hidden": True}
    control(org, "fields", {"field": "Site_Visit__c.Site__c", **hidden})
    put(org, ids(org, "Contract_Renewal__c")[0], Name="Renewed")
    second = both.changes.read(first.watermark, WINDOW)
    assert second.left_out == (
        LeftOut(object_name="Site_Visit__c", name="Site visit", fields=("Site__c",)),
    )
    assert names(second) == ["Renewed"]
    org.sandbox.counters.reset()
    third = both.changes.read(second.watermark, WINDOW)
    assert (third.left_out, org.requests) == (second.left_out, 2)
    control(org, "fields", {"field": "Site_Visit__c.Site__c", "hidden": False})
    fourth = both.changes.read(third.watermark, WINDOW)
    assert fourth.left_out == ()
    assert names(fourth) == ["Visit Acme"]


def test_an_object_that_is_not_there_is_left_out(org: Org) -> None:
    org.seed("Event", [meeting(1)])
    lost = Mirrored(object_name="Gone__c", subject_field="Name", start_field="At__c")
    found = org.connect(mirrored=(lost,)).changes.read(None, WINDOW)
    assert found.left_out == (LeftOut(object_name="Gone__c", name="Gone__c"),)
    assert names(found) == ["Meeting 1"]


@pytest.mark.parametrize(
    ("start", "end", "unfit"),
    [
        ("Name", "", "Name"),
        ("Starts_At__c", "CreatedById", "CreatedById"),
        ("Starts_At__c", "Nowhere__c", "Nowhere__c"),
    ],
)
def test_fields_that_say_no_time_leave_it_out(
    org: Org, start: str, end: str, unfit: str
) -> None:
    wrong = Mirrored(
        object_name="Site_Visit__c",
        subject_field="Name",
        start_field=start,
        end_field=end,
    )
    found = org.connect(mirrored=(wrong,)).changes.read(None, WINDOW)
    assert [out.fields for out in found.left_out] == [(unfit,)]


def test_an_outage_fails_the_read_instead_of_leaving_out(
    org: Org, both: Salesforce
) -> None:
    first = both.changes.read(None, WINDOW)
    before = read_bookmark(first.watermark)
    assert before is not None
    assert before.mirrors == {
        "Site_Visit__c": "datetime",
        "Contract_Renewal__c": "date",
    }
    org.fail("status", "GET", "FROM%20Site_Visit__c", status=503, times=20)
    with pytest.raises(PassingError):
        both.changes.read(first.watermark, WINDOW)


ROW = {
    "Id": "a00000000000001AAA",
    "OwnerId": "005000000000001AAA",
    "SystemModstamp": "2026-11-24T10:00:00.000+0000",
    "Name": " Visit\r\nAcme ",
    "Starts_At__c": "2026-11-24T10:00:00.000+0000",
    "Ends_At__c": "2026-11-24T09:00:00.000+0000",
}


def test_an_end_before_the_start_is_the_start() -> None:
    record = read_mirrored(VISIT, ROW)
    assert record is not None
    assert record.fields["Subject"] == "Visit\nAcme"
    assert record.fields["EndDateTime"] == record.fields["StartDateTime"]


def test_without_a_subject_it_is_called_what_people_call_it() -> None:
    record = read_mirrored(VISIT, {**ROW, "Name": None})
    assert record is not None
    assert record.name == "Site visit"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Id", "nonsense"),
        ("SystemModstamp", None),
        ("Starts_At__c", "tomorrow"),
        ("Starts_At__c", "2026-11-24T10:00"),
        ("Ends_At__c", 7),
    ],
)
def test_a_value_that_makes_no_sense_spoils_its_record_alone(
    name: str, value: object
) -> None:
    with pytest.raises(UnreadableRowError) as caught:
        read_mirrored(VISIT, {**ROW, name: value})
    assert caught.value.field == name
