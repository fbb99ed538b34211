"""What people enter becomes an address or a domain, or a reason why not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncline.domain.access.blocklist import EntryProblem, covering, entry_of
from syncline.domain.engine.addresses import Standpoint, standpoint
from tests.factories import mailbox


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("jane@acme.example", "jane@acme.example"),
        ("  Jane@ACME.Example ", "jane@acme.example"),
        ("Jane Doe <jane@acme.example>", "jane@acme.example"),
        ("mailto:jane@acme.example", "jane@acme.example"),
        ("jane@acme.example;", "jane@acme.example"),
        ("acme.example", "acme.example"),
        ("@acme.example", "acme.example"),
        ("Acme.Example.", "acme.example"),
        ("mail.acme.co.uk", "mail.acme.co.uk"),
        ("o'hara+sales@acme.example", "o'hara+sales@acme.example"),
        ("münchen.example", "münchen.example"),
        ("xn--mnchen-3ya.example", "xn--mnchen-3ya.example"),
    ],
)
def test_addresses_and_domains_are_understood(text: str, entry: str) -> None:
    assert entry_of(text) == entry


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", EntryProblem.EMPTY),
        (" , ", EntryProblem.EMPTY),
        ("<>", EntryProblem.EMPTY),
        ("*@acme.example", EntryProblem.WILDCARD),
        ("*.acme.example", EntryProblem.WILDCARD),
        ("jane@ac?e.example", EntryProblem.WILDCARD),
        ("com", EntryProblem.ONE_WORD),
        ("jane@localhost", EntryProblem.ONE_WORD),
        ("jane doe@acme.example", EntryProblem.NOT_AN_ADDRESS),
        ("jane@doe@acme.example", EntryProblem.NOT_AN_ADDRESS),
        ("a@acme.example, b@acme.example", EntryProblem.NOT_AN_ADDRESS),
        ("https://acme.example/", EntryProblem.NOT_AN_ADDRESS),
        ("acme..example", EntryProblem.NOT_AN_ADDRESS),
        ("-acme.example", EntryProblem.NOT_AN_ADDRESS),
        ("10.0.0.1", EntryProblem.NOT_AN_ADDRESS),
        ("jane@", EntryProblem.NOT_AN_ADDRESS),
        (f"{'x' * 65}@acme.example", EntryProblem.NOT_AN_ADDRESS),
        (f"{'x.' * 130}example", EntryProblem.NOT_AN_ADDRESS),
    ],
)
def test_anything_else_is_refused_with_the_reason(
    text: str, problem: EntryProblem
) -> None:
    assert entry_of(text) is problem


@given(st.text(max_size=80))
def test_an_entry_is_understood_as_itself(text: str) -> None:
    entry = entry_of(text)
    assert isinstance(entry, EntryProblem) or entry_of(entry) == entry


@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("Jane <JANE@acme.example>", "jane@acme.example"),
        ("@ACME.example", "jane@acme.example"),
    ],
)
def test_what_was_entered_is_what_sessions_leave_out(text: str, email: str) -> None:
    entry = entry_of(text)
    assert isinstance(entry, str)
    ada = mailbox(blocklist=frozenset({entry}))
    assert standpoint(email, ada) is Standpoint.BLOCKED
    assert standpoint("joe@mail.acme.example", ada) is Standpoint.OUTSIDE


def test_a_domain_covers_its_addresses_only() -> None:
    entries = {"acme.example", "joe@globex.example"}
    assert covering("jane@acme.example", entries) == "acme.example"
    assert covering("joe@globex.example", entries) == "joe@globex.example"
    assert covering("globex.example", entries) == ""
    assert covering("mail.acme.example", entries) == ""
