"""The Blocklist tab."""

from __future__ import annotations

import pytest

from syncline.domain.access.blocklist import MOST_ENTRIES
from syncline.store.models import ActivityRow, MailboxRow
from tests.web.people import Home

PAGE = "/sync-settings/blocklist/"
BLOCK = f"{PAGE}block/"
UNBLOCK = f"{PAGE}unblock/"


def own_list(home: Home) -> list[str]:
    home.mailbox.refresh_from_db()
    return list(home.mailbox.blocklist)


def test_an_address_is_blocked_and_let_in_again(alice: Home) -> None:
    answer = alice.client.post(
        BLOCK, {"entry": "Jane <Jane@Acme.example>"}, follow=True
    )
    assert answer.redirect_chain == [(PAGE, 302)]
    assert "jane@acme.example is blocked from the next session on" in answer.text
    assert own_list(alice) == ["jane@acme.example"]
    answer = alice.client.post(UNBLOCK, {"entry": "jane@acme.example"}, follow=True)
    assert "jane@acme.example is not blocked any more" in answer.text
    assert own_list(alice) == []


def test_every_change_is_in_the_activity_log(alice: Home) -> None:
    alice.client.post(BLOCK, {"entry": "acme.example"})
    alice.client.post(BLOCK, {"entry": "acme.example"})
    alice.client.post(UNBLOCK, {"entry": "acme.example"})
    lines = ActivityRow.objects.filter(mailbox=alice.mailbox).order_by("pk")
    assert [(line.who, line.what, line.details) for line in lines] == [
        (alice.person.username, "blocklist entry added", {"entry": "acme.example"}),
        (alice.person.username, "blocklist entry removed", {"entry": "acme.example"}),
    ]


@pytest.mark.parametrize(
    ("entered", "words"),
    [
        ("", "Please enter an e-mail address or a domain"),
        ("*@acme.example", "There are no wildcards"),
        ("jane doe", "neither an e-mail address"),
        ("com", "A domain has a dot in it"),
        ("x" * 501, "neither an e-mail address"),
        ("northwind.example", "only colleagues take part"),
        ("bob@northwind.example", "only colleagues take part"),
        ("joe@spam.example", "Your admin has blocked spam.example already"),
        ("joe@globex.example", "globex.example is on your blocklist already"),
    ],
)
def test_a_mistake_is_said_beside_the_field_with_what_was_entered(
    entered: str, words: str, alice: Home
) -> None:
    alice.mailbox.profile.policy = {"blocklist": ["spam.example"]}
    alice.mailbox.profile.save()
    MailboxRow.objects.update(blocklist=["globex.example"])
    page = alice.client.post(BLOCK, {"entry": entered}).text
    assert words in page
    assert 'aria-invalid="true"' in page
    assert f'value="{entered}"' in page
    assert own_list(alice) == ["globex.example"]
    assert not ActivityRow.objects.exists()


def test_a_full_list_says_so(alice: Home) -> None:
    entries = [f"c{n}.example" for n in range(MOST_ENTRIES)]
    MailboxRow.objects.update(blocklist=entries)
    page = alice.client.post(BLOCK, {"entry": "acme.example"}).text
    assert "Your blocklist is full" in page
    assert own_list(alice) == entries


def test_the_admins_list_is_shown_and_cannot_be_changed(alice: Home) -> None:
    alice.mailbox.profile.policy = {"blocklist": ["spam.example"]}
    alice.mailbox.profile.save()
    page = alice.client.get(PAGE).text
    assert "<bdi>spam.example</bdi>" in page
    assert "unblock" not in page
    answer = alice.client.post(UNBLOCK, {"entry": "spam.example"}, follow=True)
    assert "not on your blocklist any more" in answer.text
    alice.mailbox.profile.refresh_from_db()
    assert alice.mailbox.profile.policy == {"blocklist": ["spam.example"]}


def test_what_was_entered_stays_text(alice: Home) -> None:
    page = alice.client.post(BLOCK, {"entry": '"><script>x</script>'}).text
    assert "<script>x" not in page


def test_the_list_is_nobody_elses(alice: Home, bob: Home, mallory: Home) -> None:
    alice.client.post(BLOCK, {"entry": "acme.example"})
    for other in (bob, mallory):
        assert "acme.example" not in other.client.get(PAGE).text
        other.client.post(UNBLOCK, {"entry": "acme.example"})
    assert own_list(alice) == ["acme.example"]


def test_the_list_is_changed_by_posting_only(alice: Home) -> None:
    assert alice.client.get(BLOCK, {"entry": "acme.example"}).status_code == 405
    assert alice.client.get(UNBLOCK).status_code == 405
    assert own_list(alice) == []
