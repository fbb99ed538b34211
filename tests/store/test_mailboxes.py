"""A mailbox comes with its profile's policy and its organization's members."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from syncline.domain.access.mailbox import Standing
from syncline.domain.access.policy import Mirrored, Policy, Winner
from syncline.domain.errors import ConfigurationError
from syncline.domain.values.ids import MailboxId
from syncline.domain.values.kinds import Kind
from syncline.store.mailboxes import SqlMailboxBook, to_policy
from syncline.store.models import ProfileRow
from syncline.store.profiles import SqlProfileBook
from tests.store.rows import NORTHWIND, make_mailbox

BOOK = SqlMailboxBook()


def test_a_mailbox_knows_its_organization_and_members(mailbox_id: MailboxId) -> None:
    make_mailbox("Bruno@Northwind.example", standing="paused")
    make_mailbox("mal@other.example", org="00D000000000002AAA")
    mailbox = BOOK.get(mailbox_id)
    assert mailbox.organization_id == NORTHWIND
    assert mailbox.members == {"ada@northwind.example", "bruno@northwind.example"}
    assert mailbox.standing is Standing.ACTIVE
    assert mailbox.policy == Policy()


def test_an_unknown_mailbox_is_a_key_error(db: None) -> None:
    with pytest.raises(KeyError):
        BOOK.get(MailboxId(404))


def test_a_profiles_choices_stand_over_the_defaults(mailbox_id: MailboxId) -> None:
    choices = {
        "auto_save": ["event"],
        "winner": "crm",
        "interval_minutes": 5,
        "days_back": 7,
        "from_a_later_version": True,
    }
    ProfileRow.objects.update(policy=choices)
    assert BOOK.get(mailbox_id).policy == Policy(
        auto_save=frozenset({Kind.EVENT}),
        winner=Winner.CRM,
        interval=timedelta(minutes=5),
        days_back=7,
    )


def test_no_choices_mean_the_defaults() -> None:
    assert to_policy({}) == Policy()


VISIT = {
    "object_name": "Site_Visit__c",
    "subject_field": "Name",
    "start_field": "Starts_At__c",
}


def test_a_profile_names_its_mirrored_objects() -> None:
    """3.12-1"""
    policy = to_policy({"mirrored": [{**VISIT, "name": "Site visit"}]})
    assert policy.mirrored == (Mirrored(**VISIT, name="Site visit"),)
    assert policy.digest != Policy().digest


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("Site_Visit__c", "no list"),
        (["Site_Visit__c"], "names and texts"),
        ([{**VISIT, "end_field": None}], "names and texts"),
        ([{**VISIT, "colour": "red"}], "“colour”"),
        ([{**VISIT, "start_field": ""}], "no start_field"),
        ([{**VISIT, "subject_field": "Name FROM User"}], "no API name"),
        ([{**VISIT, "object_name": "event"}], "read as what it is"),
        ([VISIT, VISIT], "named twice"),
        ([{**VISIT, "object_name": f"Visit{n}__c"} for n in range(6)], "There are 6"),
    ],
)
def test_mirrored_objects_without_sense_are_told(raw: object, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        to_policy({"mirrored": raw})


@pytest.mark.parametrize(
    "same", [{"address": "ada@northwind.example"}, {"crm_user_id": "005same"}]
)
def test_an_address_and_a_user_belong_to_one_mailbox(
    db: None, same: dict[str, str]
) -> None:
    make_mailbox("ada@northwind.example", crm_user_id="005same")
    facts = {"address": "bruno@northwind.example", "crm_user_id": "005other", **same}
    with pytest.raises(IntegrityError), transaction.atomic():
        make_mailbox(**facts)


def test_changes_to_the_field_tables_are_kept_beside_other_choices(
    mailbox_id: MailboxId,
) -> None:
    ProfileRow.objects.update(policy={"winner": "crm"})
    changes = {"event": {"Location": {"direction": "up"}}}
    SqlProfileBook().save_fields(mailbox_id, changes)
    policy = BOOK.get(mailbox_id).policy
    assert policy.winner is Winner.CRM
    assert policy.fields == changes
