"""Past sessions, and undoing one: a question first, then progress and the result."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from syncline.store.models import ActivityRow, ErrandRow
from tests.web.history_rows import errand_row, write_row
from tests.web.people import Home
from tests.web.rows import session_row

LIST = "/sync-settings/sessions/"
POLLS = 'hx-trigger="every 2s"'


def _address(session: object, rest: str = "") -> str:
    return f"{LIST}{session.pk}/{rest}"  # type: ignore[attr-defined] # a row


def test_sessions_that_wrote_something_are_listed(alice: Home) -> None:
    wrote, quiet = session_row(alice.mailbox), session_row(alice.mailbox)
    write_row(wrote)
    page = alice.client.get(LIST).text
    assert _address(wrote) in page
    assert _address(quiet) not in page
    assert "1 thing written" in page


def test_a_session_lists_what_it_wrote_with_each_field(alice: Home) -> None:
    session = session_row(alice.mailbox)
    write_row(session)
    write_row(session, "Marked", is_mark=True, before={}, after={})
    page = alice.client.get(_address(session)).text
    assert "Changed in Salesforce" in page
    assert "<del>Demo</del>" in page
    assert "Marked" not in page
    assert "categories of 1 item" in page
    assert "Undo this session" in page


def test_the_size_of_a_file_is_said_as_people_say_it(alice: Home) -> None:
    session = session_row(alice.mailbox)
    write_row(
        session,
        verb="attach",
        kind="message",
        before={},
        after={"name": "offer.pdf", "size_bytes": 3145728},
    )
    page = alice.client.get(_address(session)).text.replace("\xa0", " ")
    assert "<dt>Size</dt><dd>3.0 MB</dd>" in page


def test_a_session_that_was_killed_can_be_undone_once_another_has_begun(
    alice: Home,
) -> None:
    killed = session_row(alice.mailbox, finished_at=None, result="")
    write_row(killed)
    assert alice.client.get(_address(killed)).status_code == 404
    session_row(alice.mailbox)
    page = alice.client.get(_address(killed)).text
    assert "Cut off" in page
    assert "Undo this session" in page
    assert _address(killed) in alice.client.get(LIST).text


def test_last_session_details_lead_there(alice: Home) -> None:
    session = session_row(alice.mailbox)
    assert _address(session) in alice.client.get("/sync-settings/").text


def test_undo_asks_first_and_lists_what_will_be_undone(alice: Home) -> None:
    session = session_row(alice.mailbox)
    write_row(session)
    write_row(session, "Made", verb="create", before={}, after={"Subject": "Made"})
    write_row(session, "Done before", is_undone=True)
    page = alice.client.get(_address(session, "undo/")).text
    assert "Undo this session?" in page
    assert "The 2 things listed below" in page
    assert "Is changed back in Salesforce" in page
    assert "<ins>Demo</ins>" in page
    assert "Is deleted in Salesforce" in page
    assert "Done before" not in page
    assert not ErrandRow.objects.exists()


def test_a_word_leaves_an_errand_and_a_line_in_the_activity_log(alice: Home) -> None:
    session = session_row(alice.mailbox)
    write_row(session)
    answer = alice.client.post(_address(session, "undo/"))
    assert (answer.status_code, answer["Location"]) == (302, _address(session))
    [errand] = ErrandRow.objects.all()
    assert (errand.verb, errand.session_id) == ("undo", session.pk)
    [line] = ActivityRow.objects.all()
    assert (line.who, line.what) == (alice.person.username, "session undo asked for")
    assert line.details == {"session": str(session.pk)}


def test_the_page_follows_an_undo_on_its_way(alice: Home) -> None:
    session = session_row(alice.mailbox)
    write_row(session)
    errand_row(alice.mailbox, "undo", session=session)
    page = alice.client.get(_address(session)).text
    assert POLLS in page
    assert "This session is being undone" in page
    assert "Undo this session</a>" not in page


def test_afterward_each_refusal_is_told_with_its_reason(alice: Home) -> None:
    session = session_row(alice.mailbox)
    write_row(session, "Undone one", is_undone=True)
    write_row(session, "Edited one", refusal="changed", detail="StartDateTime")
    own = session_row(alice.mailbox, undoes=session)
    errand_row(
        alice.mailbox,
        "undo",
        session=session,
        finished_at=datetime.now(UTC),
        answer={"session": own.pk, "failed": ""},
    )
    page = alice.client.get(_address(session)).text
    assert POLLS not in page
    assert "It was changed since, so it was left as it is. (Start date time)" in page
    assert page.index("Edited one") < page.index("Undone one")
    assert _address(own) in page
    assert "Undo the rest" in page


def test_an_undo_that_was_cut_off_says_that_it_can_go_on(alice: Home) -> None:
    session = session_row(alice.mailbox)
    write_row(session)
    errand_row(
        alice.mailbox,
        "undo",
        session=session,
        finished_at=datetime.now(UTC),
        answer={"failed": "SA0101"},
    )
    page = alice.client.get(_address(session)).text
    assert "The undo was cut off" in page
    assert "Undo this session" in page


def test_what_is_undone_cannot_be_undone_again(alice: Home) -> None:
    session = session_row(alice.mailbox)
    write_row(session, is_undone=True)
    assert "Undo this session</a>" not in alice.client.get(_address(session)).text
    page = alice.client.get(_address(session, "undo/")).text
    assert "Nothing is left to undo" in page


def test_an_undo_says_which_session_it_took_back(alice: Home) -> None:
    session = session_row(alice.mailbox)
    own = session_row(alice.mailbox, undoes=session)
    write_row(own)
    page = alice.client.get(_address(own)).text
    assert "See the session that was undone" in page
    assert "Undo of" in page


@pytest.mark.parametrize("rest", ["", "undo/"])
def test_for_others_there_is_no_such_session(
    rest: str, alice: Home, bob: Home, mallory: Home
) -> None:
    session = session_row(alice.mailbox)
    write_row(session)
    for other in (bob, mallory):
        assert other.client.get(_address(session, rest)).status_code == 404
        assert other.client.post(_address(session, "undo/")).status_code == 404
    assert not ErrandRow.objects.exists()


def test_a_disabled_mailbox_is_not_undone(alice: Home) -> None:
    session = session_row(alice.mailbox)
    write_row(session)
    alice.mailbox.standing = "disabled"
    alice.mailbox.save()
    alice.client.post(_address(session, "undo/"))
    assert not ErrandRow.objects.exists()


def test_long_lists_come_in_pages(alice: Home) -> None:
    session = session_row(alice.mailbox)
    for number in range(60):
        write_row(session, f"Visit {number:02}")
    assert "Visit 59" in alice.client.get(_address(session)).text
    page = alice.client.get(_address(session, "?page=2")).text
    assert "Visit 00" in page
    assert "Visit 59" not in page
