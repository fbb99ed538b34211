"""Three-way merge, field by field."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from syncline.domain.access.policy import Winner
from syncline.domain.engine.merge import ConflictReason, Merge, merge
from syncline.domain.mapping import MAPPINGS
from syncline.domain.values.content import AllDaySpan, Content, TimedSpan
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.links import Base
from tests.factories import NOW, contact_content, event_content

EVENT = MAPPINGS[Kind.EVENT]
CONTACT = MAPPINGS[Kind.CONTACT]


def merge_events(item: Content, record: dict, winner: Winner = Winner.MAILBOX) -> Merge:
    before = event_content()
    base = Base(item=before, record=EVENT.to_record(before))
    return merge(mapping=EVENT, item=item, record=record, base=base, winner=winner)


def test_nothing_changed_moves_nothing() -> None:
    content = event_content()
    assert merge_events(content, EVENT.to_record(content)).is_empty


def test_fields_changed_on_different_sides_both_travel() -> None:
    record = EVENT.to_record(event_content()) | {"Location": "Bergen"}
    result = merge_events(event_content(subject="Demo, new room"), record)
    assert result.to_record == {"Subject": "Demo, new room"}
    assert result.to_item == {"location": "Bergen"}
    assert result.conflicts == ()


def test_same_field_changed_on_both_sides_keeps_the_losing_value() -> None:
    record = EVENT.to_record(event_content()) | {"Subject": "From Salesforce"}
    result = merge_events(event_content(subject="From Outlook"), record)
    assert result.to_record == {"Subject": "From Outlook"}
    (conflict,) = result.conflicts
    assert conflict.record_value == "From Salesforce"
    assert conflict.chosen is Side.MAILBOX
    assert conflict.reason is ConflictReason.BOTH_CHANGED


def test_salesforce_wins_when_the_policy_says_so() -> None:
    record = EVENT.to_record(event_content()) | {"Subject": "From Salesforce"}
    result = merge_events(event_content(subject="From Outlook"), record, Winner.CRM)
    assert result.to_item == {"subject": "From Salesforce"}
    assert result.to_record == {}


def test_same_change_on_both_sides_is_no_conflict() -> None:
    changed = event_content(subject="Same words")
    assert merge_events(changed, EVENT.to_record(changed)).is_empty


def test_newest_edit_wins_when_the_policy_says_so() -> None:
    before = event_content()
    record = EVENT.to_record(before) | {"Subject": "Later"}
    result = merge(
        mapping=EVENT,
        item=event_content(subject="Earlier"),
        record=record,
        base=Base(item=before, record=EVENT.to_record(before)),
        winner=Winner.NEWEST,
        item_changed_at=NOW,
        record_changed_at=NOW + timedelta(minutes=1),
    )
    assert result.to_item == {"subject": "Later"}


def test_what_salesforce_cannot_say_is_not_written_back() -> None:
    """K10: tentative is Busy in Salesforce; nothing may turn it into busy."""
    tentative = event_content(show_as="tentative")
    record = EVENT.to_record(tentative)
    base = Base(item=tentative, record=record)
    result = merge(
        mapping=EVENT,
        item=tentative,
        record=record | {"Location": "Bergen"},
        base=base,
        winner=Winner.MAILBOX,
    )
    assert result.to_item == {"location": "Bergen"}


def test_moved_in_salesforce_keeps_the_zone_of_the_mailbox() -> None:
    start = NOW + timedelta(days=1)
    span = TimedSpan(start=start, end=start + timedelta(hours=1), zone="Asia/Kathmandu")
    content = event_content(when=span)
    base = Base(item=content, record=EVENT.to_record(content))
    later = EVENT.to_record(
        event_content(
            when=TimedSpan(
                start=start + timedelta(hours=2), end=start + timedelta(hours=3)
            )
        )
    )
    result = merge(
        mapping=EVENT, item=content, record=later, base=base, winner=Winner.MAILBOX
    )
    moved = result.to_item["when"]
    assert isinstance(moved, TimedSpan)
    assert (moved.start, moved.zone) == (start + timedelta(hours=2), "Asia/Kathmandu")


def test_whole_days_stay_whole_days() -> None:
    """B01: an all-day event never becomes an instant."""
    day = NOW.date()
    content = event_content(when=AllDaySpan(first=day, last=day + timedelta(days=1)))
    fields = EVENT.to_record(content)
    assert fields["StartDateTime"] is None
    assert EVENT.to_item(fields)["when"] == content["when"]


def test_private_never_becomes_less_private() -> None:
    """K09: lifting privacy on one side does not lift it on the other."""
    before = event_content(private=True)
    base = Base(item=before, record=EVENT.to_record(before))
    result = merge(
        mapping=EVENT,
        item=before,
        record=EVENT.to_record(before) | {"IsPrivate": False},
        base=base,
        winner=Winner.CRM,
    )
    assert "private" not in result.to_item


def test_becoming_private_travels() -> None:
    result = merge_events(event_content(private=True), EVENT.to_record(event_content()))
    assert result.to_record == {"IsPrivate": True}


def test_reminder_follows_a_moved_meeting() -> None:
    before = event_content(reminder_minutes=15)
    start = NOW + timedelta(days=2)
    moved = event_content(
        reminder_minutes=15,
        when=TimedSpan(start=start, end=start + timedelta(hours=1), zone="UTC"),
    )
    result = merge(
        mapping=EVENT,
        item=moved,
        record=EVENT.to_record(before),
        base=Base(item=before, record=EVENT.to_record(before)),
        winner=Winner.MAILBOX,
    )
    assert result.to_record["ReminderDateTime"] == "2026-11-26T08:45:00Z"


def test_second_address_of_a_contact_survives_a_change_of_the_first() -> None:
    before = contact_content(emails=("grace@acme.example", "grace@home.example"))
    base = Base(item=before, record=CONTACT.to_record(before))
    result = merge(
        mapping=CONTACT,
        item=before,
        record=CONTACT.to_record(before) | {"Email": "g.hopper@acme.example"},
        base=base,
        winner=Winner.MAILBOX,
    )
    assert result.to_item == {"emails": ("g.hopper@acme.example", "grace@home.example")}


def test_two_new_partners_fill_each_other_s_gaps() -> None:
    item = contact_content(job_title="Rear Admiral", mobile_phone=None)
    record = CONTACT.to_record(contact_content(mobile_phone="+1 555 0100"))
    result = merge(
        mapping=CONTACT, item=item, record=record, base=None, winner=Winner.MAILBOX
    )
    assert result.to_record == {"Title": "Rear Admiral"}
    assert result.to_item == {"mobile_phone": "+1 555 0100"}
    assert result.conflicts == ()


TEXT = st.sampled_from([None, "a", "b", "c"])


@given(TEXT, TEXT, TEXT, TEXT, TEXT, TEXT)
def test_after_a_merge_both_sides_agree(
    base_subject: str | None,
    item_subject: str | None,
    record_subject: str | None,
    base_place: str | None,
    item_place: str | None,
    record_place: str | None,
) -> None:
    before = event_content(subject=base_subject, location=base_place)
    base = Base(item=before, record=EVENT.to_record(before))
    item = event_content(subject=item_subject, location=item_place)
    record = EVENT.to_record(
        event_content(subject=record_subject, location=record_place)
    )
    first = merge(
        mapping=EVENT, item=item, record=record, base=base, winner=Winner.MAILBOX
    )
    item_after, record_after = {**item, **first.to_item}, {**record, **first.to_record}
    assert EVENT.to_record(item_after) == record_after
    again = merge(
        mapping=EVENT,
        item=item_after,
        record=record_after,
        base=Base(item=item_after, record=record_after),
        winner=Winner.MAILBOX,
    )
    assert again.is_empty
