"""Writing to a served org: nothing doubled, and each record for itself."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from crm_org import (
    TODAY,
    WINDOW,
    Org,
    meeting,
    operation,
    person,
)

from syncline.connectors.salesforce import Salesforce
from syncline.domain.errors import PassingError
from syncline.domain.values.faults import FaultClass
from syncline.domain.values.kinds import Kind
from syncline.domain.values.operations import Outcome, Verb


def create(
    salesforce: Salesforce, kind: Kind, *fields: dict[str, object]
) -> Sequence[Outcome]:
    return salesforce.writer.write(
        [
            operation(Verb.CREATE, kind, given, key=f"key-{at}")
            for at, given in enumerate(fields)
        ]
    )


def test_a_create_answers_what_was_stored(org: Org, salesforce: Salesforce) -> None:
    (made,) = create(salesforce, Kind.EVENT, meeting(1, Description="a\nb"))
    assert made.created
    assert made.record is not None
    assert made.record.link_key == "key-0"
    assert made.record.owner_id == org.user_id
    assert made.record.fields["Description"] == "a\nb"
    assert made.record.fields["ActivityDate"] is None
    assert (made.id, made.version) == (made.record.id, made.record.version)


def test_two_hundred_creates_take_two_requests(
    org: Org, salesforce: Salesforce
) -> None:
    outcomes = create(salesforce, Kind.EVENT, *[meeting(n) for n in range(200)])
    assert all(o.is_done and o.record for o in outcomes)
    assert org.requests == 2


def test_an_all_day_event_keeps_its_days(salesforce: Salesforce) -> None:
    days = {"ActivityDate": TODAY.date().isoformat()}
    days["EndDate"] = days["ActivityDate"]
    whole = {"Subject": "Fair", "IsAllDayEvent": True, **days}
    timed = {"StartDateTime": None, "EndDateTime": None}
    (made,) = create(salesforce, Kind.EVENT, whole | timed)
    assert made.record is not None
    assert {n: made.record.fields[n] for n in whole} == whole
    assert made.record.fields["StartDateTime"] is None


def test_moving_only_the_start_keeps_the_end(salesforce: Salesforce) -> None:
    fields = meeting(0)
    (made,) = create(salesforce, Kind.EVENT, fields)
    earlier = str(fields["StartDateTime"]).replace("T09", "T08")
    change = operation(
        Verb.UPDATE,
        Kind.EVENT,
        {"StartDateTime": earlier},
        target=made.record,
        agreed=fields | {"StartDateTime": earlier},
    )
    (moved,) = salesforce.writer.write([change])
    assert moved.record is not None
    assert moved.record.fields["StartDateTime"] == earlier
    assert moved.record.fields["EndDateTime"] == fields["EndDateTime"]


def test_an_emptied_field_is_emptied(salesforce: Salesforce) -> None:
    (made,) = create(salesforce, Kind.CONTACT, person(1, Title="Buyer"))
    change = operation(Verb.UPDATE, Kind.CONTACT, {"Title": None}, target=made.record)
    (emptied,) = salesforce.writer.write([change])
    assert emptied.record is not None
    assert emptied.record.fields["Title"] is None
    assert emptied.record.fields["Email"] == "person1@example.com"


def test_a_repeated_create_is_not_a_second_record(
    org: Org, salesforce: Salesforce
) -> None:
    first = create(salesforce, Kind.CONTACT, person(1))
    again = create(salesforce, Kind.CONTACT, person(1))
    assert first[0].id == again[0].id
    assert not again[0].created
    assert org.count("Contact") == 1


@pytest.mark.parametrize("verb", ["PATCH", "POST"])
def test_a_lost_response_doubles_nothing(
    org: Org, salesforce: Salesforce, verb: str
) -> None:
    org.fail("drop_response", verb, "/composite/sobjects", when="after")
    outcomes = create(salesforce, Kind.CONTACT, person(1), person(2))
    assert all(o.is_done and o.version for o in outcomes)
    assert org.count("Contact") == 2


def test_lost_responses_of_update_and_delete_are_harmless(
    org: Org, salesforce: Salesforce
) -> None:
    changed, deleted = create(salesforce, Kind.CONTACT, person(1), person(2))
    for method in ("PATCH", "DELETE"):
        org.fail("drop_response", method, "/composite/sobjects", when="after")
    outcomes = salesforce.writer.write(
        [
            operation(
                Verb.UPDATE, Kind.CONTACT, {"Title": "Buyer"}, target=changed.record
            ),
            operation(Verb.DELETE, Kind.CONTACT, {}, target=deleted.record),
        ]
    )
    assert [o.is_done for o in outcomes] == [True, True]
    assert org.count("Contact") == 1


def test_a_stale_version_writes_nothing(org: Org, salesforce: Salesforce) -> None:
    one, other = create(salesforce, Kind.CONTACT, person(1), person(2))
    stale = "2026-01-01T00:00:00.000Z"
    org.sandbox.counters.reset()
    outcomes = salesforce.writer.write(
        [
            operation(
                Verb.UPDATE,
                Kind.CONTACT,
                {"Title": "Buyer"},
                target=one.record,
                version=stale,
            ),
            operation(
                Verb.DELETE, Kind.CONTACT, {}, target=other.record, version=stale
            ),
        ]
    )
    faults = [o.fault.fault_class for o in outcomes if o.fault]
    assert faults == [FaultClass.VERSION, FaultClass.VERSION]
    assert org.sandbox.counters.writes == 0


def test_what_is_gone_is_not_found_on_update_and_done_on_delete(
    salesforce: Salesforce,
) -> None:
    one, other = create(salesforce, Kind.CONTACT, person(1), person(2))
    for target in (one, other):
        delete = operation(Verb.DELETE, Kind.CONTACT, {}, target=target.record)
        assert salesforce.writer.write([delete])[0].is_done
    update, delete = salesforce.writer.write(
        [
            operation(Verb.UPDATE, Kind.CONTACT, {"Title": "x"}, target=one.record),
            operation(Verb.DELETE, Kind.CONTACT, {}, target=other.record),
        ]
    )
    assert update.fault is not None
    assert update.fault.fault_class is FaultClass.NOT_FOUND
    assert delete.is_done


def test_one_refused_record_fails_no_other(salesforce: Salesforce) -> None:
    outcomes = create(
        salesforce,
        Kind.CONTACT,
        person(1),
        {"FirstName": "Nameless"},
        person(2, Title="Chief Buyer"),
        person(3, Title="x" * 200),
        person(1, LastName="Family1"),
    )
    codes = [o.fault.code if o.fault else "" for o in outcomes]
    assert codes == [
        "",
        "REQUIRED_FIELD_MISSING",
        "FIELD_CUSTOM_VALIDATION_EXCEPTION",
        "STRING_TOO_LONG",
        "DUPLICATES_DETECTED",
    ]
    assert outcomes[1].fault is not None
    assert outcomes[1].fault.fields == ("LastName",)
    assert outcomes[4].fault is not None
    assert outcomes[4].fault.matches == (outcomes[0].id,)


def test_an_unknown_field_fails_only_the_record_that_has_it(
    salesforce: Salesforce,
) -> None:
    outcomes = create(
        salesforce, Kind.CONTACT, person(1), person(2, Shoe__c="42"), person(3)
    )
    assert [o.is_done for o in outcomes] == [True, False, True]
    assert outcomes[1].fault is not None
    assert outcomes[1].fault.fields == ("Shoe__c",)


def test_a_throttled_org_is_asked_again(org: Org, salesforce: Salesforce) -> None:
    org.fail("status", "PATCH", "/composite/sobjects", status=503, times=2)
    (made,) = create(salesforce, Kind.CONTACT, person(1))
    assert made.is_done
    assert len(org.waits) == 2


def test_an_org_that_is_down_raises_before_anything_was_done(
    org: Org, salesforce: Salesforce
) -> None:
    org.fail("status", "PATCH", "/composite/sobjects", status=503, times=9)
    with pytest.raises(PassingError):
        create(salesforce, Kind.CONTACT, person(1))


def test_what_was_done_before_an_outage_is_reported(
    org: Org, salesforce: Salesforce
) -> None:
    org.fail("status", "PATCH", "/composite/sobjects/Contact", status=503, times=9)
    outcomes = salesforce.writer.write(
        [
            operation(Verb.CREATE, Kind.EVENT, meeting(1), key="e"),
            operation(Verb.CREATE, Kind.CONTACT, person(1), key="c"),
        ]
    )
    assert outcomes[0].is_done
    assert outcomes[1].fault is not None
    assert outcomes[1].fault.fault_class is FaultClass.UNAVAILABLE


def test_a_failed_look_back_does_not_undo_success(
    org: Org, salesforce: Salesforce
) -> None:
    org.fail("status", "POST", "/composite/sobjects/Contact", status=503, times=9)
    (made,) = create(salesforce, Kind.CONTACT, person(1))
    assert made.is_done
    assert made.version == ""
    assert made.record is None


def test_own_writes_come_back_once_and_equal(salesforce: Salesforce) -> None:
    first = salesforce.changes.read(None, WINDOW)
    made = create(salesforce, Kind.EVENT, meeting(1), meeting(2))
    second = salesforce.changes.read(first.watermark, WINDOW)
    assert [c.thing for c in second.changes] == [o.record for o in made]
    assert salesforce.changes.read(second.watermark, WINDOW).changes == ()
