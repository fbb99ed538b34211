"""The admin panel shows which field travels where, with what is in the way."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from tests.web.people import ADA, Home, sign_in
from tests.web.rows import issue_row

PAGE = "/admin-panel/fields/"


@pytest.fixture
def admin(settings: LazySettings) -> Client:
    settings.ADMIN_USERNAMES = frozenset({ADA.username})
    return sign_in(ADA)


def field_issue(home: Home, subject: str, **params: str) -> Any:
    return issue_row(
        home.mailbox,
        "",
        code="SC0120",
        subject=subject,
        params={"thing": "event", "field_labels": "Location", **params},
        operation="read",
        item_id="",
        web_link="",
    )


def test_nobody_else_sees_the_fields(alice: Home, settings: LazySettings) -> None:
    settings.ADMIN_USERNAMES = frozenset({ADA.username})
    assert alice.client.get(PAGE).status_code == 404


def test_every_line_of_the_tables_is_shown(alice: Home, admin: Client) -> None:
    page = admin.get(PAGE)
    assert page.status_code == 200
    for text in ("Calendar events", "Tasks", "Reminder minutes", "MailingStreet"):
        assert text in page.text
    assert "to Salesforce" in page.text
    assert "1 mailbox" in page.text


def test_what_a_profile_changes_is_shown(alice: Home, admin: Client) -> None:
    profile = alice.mailbox.profile
    profile.policy = {
        "fields": {
            "event": {
                "Location": {"off": True},
                "Description": {"record": "Notes__c", "direction": "down"},
                "on_create": {"Type": "Besuch"},
            }
        }
    }
    profile.save()
    text = admin.get(PAGE).text
    assert "Notes__c" in text
    assert "to the mailbox" in text
    assert "“Besuch”" in text
    assert ">Location<" not in text


def test_open_problems_stand_beside_their_field_once(
    alice: Home, bob: Home, admin: Client
) -> None:
    field_issue(alice, "field:Event.Location")
    field_issue(bob, "field:Event.Location")
    field_issue(alice, "field:Event.Rank__c", field_labels="Rank")
    text = admin.get(PAGE).text
    assert text.count("wants to use Location of each event") == 1
    assert text.count("wants to use Rank of each event") == 1


def test_resolved_problems_are_not_shown(alice: Home, admin: Client) -> None:
    issue = field_issue(alice, "field:Event.Location")
    issue.state = "resolved"
    issue.save()
    assert "wants to use Location" not in admin.get(PAGE).text


def test_other_organizations_stay_unseen(mallory: Home, admin: Client) -> None:
    mallory.mailbox.profile.name = "Elsewhere's profile"
    mallory.mailbox.profile.save()
    assert "Elsewhere" not in admin.get(PAGE).text


def test_tables_that_make_no_sense_are_named_with_what_to_do(
    alice: Home, admin: Client
) -> None:
    profile = alice.mailbox.profile
    profile.policy = {"fields": {"event": {"Location": {"direction": "sideways"}}}}
    profile.save()
    page = admin.get(PAGE)
    assert page.status_code == 200
    assert "is no direction" in page.text
    assert "Write “up”" in page.text


def test_a_profile_that_makes_no_sense_is_told(alice: Home, admin: Client) -> None:
    profile = alice.mailbox.profile
    profile.policy = {"winner": "nobody"}
    profile.save()
    page = admin.get(PAGE)
    assert page.status_code == 200
    assert "The settings of this profile make no sense" in page.text
    assert "MailingStreet" not in page.text
