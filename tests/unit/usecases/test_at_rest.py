"""What a whole listing only confirms is let go; everything else is looked at."""

from __future__ import annotations

from dataclasses import replace

import pytest

from syncline.domain.issues.marking import desired_marks
from syncline.domain.values.kinds import Kind, Side
from syncline.usecases.sync_mailbox.at_rest import Confirmed
from tests import factories as make

MARKS = desired_marks(is_linked=True, cause=None)


class Books:
    """One link."""

    def __init__(self, link) -> None:
        self.links = self
        self.link = link

    def of_kind(self, mailbox_id, kind):
        del mailbox_id
        return iter([self.link] if self.link.kind is kind else [])


class Docket:
    """What is open."""

    def __init__(self, *subjects: str) -> None:
        self.open = frozenset(subjects)

    def subjects(self) -> frozenset[str]:
        return self.open


class Run:
    """As much of a session as is asked for."""

    def __init__(self, link, *, subjects: tuple[str, ...] = (), policy="") -> None:
        mailbox = make.mailbox()
        self.mailbox = replace(mailbox, swept_policy=policy or mailbox.policy.digest)
        self.books = Books(link)
        self.docket = Docket(*subjects)
        self.links = {}
        self.recheck = set()


def link(**changes):
    return make.link(marks=MARKS, **changes)


def item(**changes):
    return make.item(**({"categories": MARKS} | changes))


def left_over(run, side, thing) -> tuple[list[str], list[str]]:
    """Keys of the links to look at, and ids of the changes that stay."""
    seen = {thing.id: make.seen(thing)}
    keys = [found.key for found in Confirmed(run, side, seen).links(Kind.EVENT)]
    return keys, list(seen)


@pytest.mark.parametrize(
    ("side", "thing"), [(Side.MAILBOX, item()), (Side.CRM, make.record())]
)
def test_what_is_as_it_was_is_let_go(side, thing) -> None:
    assert left_over(Run(link()), side, thing) == ([], [])


@pytest.mark.parametrize(
    ("side", "thing"),
    [
        (Side.MAILBOX, item(content={"subject": "Renamed"})),
        (Side.MAILBOX, item(version="v2")),
        (Side.MAILBOX, item(categories=())),
        (Side.MAILBOX, item(categories=(*MARKS, "Salesforce Unsync"))),
        (Side.MAILBOX, item(is_filed=True)),
        (Side.MAILBOX, item(is_cancelled=True)),
        (Side.CRM, make.record(fields={"Subject": "Renamed"})),
        (Side.CRM, make.record(version="s2")),
        (Side.CRM, make.record(unsupported="classic_series")),
    ],
)
def test_what_is_otherwise_is_looked_at(side, thing) -> None:
    assert left_over(Run(link()), side, thing) == (["key-1"], [thing.id])


def test_what_has_an_open_issue_is_looked_at() -> None:
    run = Run(link(), subjects=("link:key-1",))
    assert left_over(run, Side.CRM, make.record()) == (["key-1"], ["r1"])


def test_everything_is_looked_at_when_the_policy_is_new() -> None:
    run = Run(link(), policy="another")
    assert left_over(run, Side.CRM, make.record()) == (["key-1"], ["r1"])


def test_what_was_not_listed_is_looked_at() -> None:
    confirmed = Confirmed(Run(link()), Side.CRM, {})
    assert [found.key for found in confirmed.links(Kind.EVENT)] == ["key-1"]
    assert confirmed.count == 0
