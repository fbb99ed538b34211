"""What a whole listing only confirms is let go; everything else is looked at."""

from __future__ import annotations

from dataclasses import replace

import pytest

from syncline.domain.issues.marking import desired_marks
from syncline.domain.values.kinds import Kind, Side
from syncline.usecases.sync_mailbox import at_rest
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


# --- echoes of our own writes in an incremental reading ---


class Remembering(Run):
    """A session that also stores."""

    def __init__(self, *links) -> None:
        super().__init__(links[0])
        self.stored = {x.key: x for x in links}
        self.books.find = self.find
        self.asked: list[int] = []
        self.kept = []

    def find(self, mailbox_id, *, item_ids=(), record_ids=()):
        del mailbox_id
        wanted = {*item_ids, *record_ids}
        self.asked.append(len(wanted))
        ends = {(x.item_id, x.record_id): x for x in self.stored.values()}
        return [x for pair, x in ends.items() if wanted & {*pair}]

    def keep(self, links) -> None:
        self.kept += links

    def commit(self) -> None:
        self.stored |= {x.key: x for x in self.kept}

    def let_go(self) -> None:
        self.kept.clear()


@pytest.fixture
def _many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three changes are many, and looked at two at a time."""
    monkeypatch.setattr(at_rest, "FEW", 2)
    monkeypatch.setattr(at_rest, "CHUNK_SIZE", 2)


def three(**changes):
    names = [str(n) for n in range(3)]
    return [
        link(key=f"key-{n}", item_id=f"i{n}", record_id=f"r{n}", **changes)
        for n in names
    ]


def listed(*things):
    return {thing.id: make.seen(thing) for thing in things}


@pytest.mark.usefixtures("_many")
def test_echoes_are_let_go_some_at_a_time() -> None:
    run = Remembering(*three())
    seen = listed(*(make.record(name=f"r{n}") for n in range(3)))
    Confirmed(run, Side.CRM, seen).let_go_of_echoes(frozenset())
    assert seen == {}
    assert run.asked == [2, 1]


@pytest.mark.usefixtures("_many")
def test_an_echo_tells_the_version_that_the_write_did_not() -> None:
    run = Remembering(*three(record_version=""))
    records = [make.record(name=f"r{n}", version="s7") for n in range(3)]
    seen = listed(*records)
    Confirmed(run, Side.CRM, seen).let_go_of_echoes(frozenset())
    assert seen == {}
    assert {x.record_version for x in run.stored.values()} == {"s7"}


@pytest.mark.usefixtures("_many")
def test_what_says_something_else_is_no_echo() -> None:
    run = Remembering(*three())
    records = [make.record(name=f"r{n}") for n in range(3)]
    records[1] = make.record(name="r1", fields={"Location": "Bergen"})
    seen = listed(*records, make.record(name="r9"))
    Confirmed(run, Side.CRM, seen).let_go_of_echoes(frozenset())
    assert sorted(seen) == ["r1", "r9"]


@pytest.mark.usefixtures("_many")
def test_a_field_that_was_never_written_and_is_empty_is_no_news() -> None:
    run = Remembering(*three())
    seen = listed(
        *(make.record(name=f"r{n}", fields={"WhoId": None}) for n in range(3))
    )
    Confirmed(run, Side.CRM, seen).let_go_of_echoes(frozenset())
    assert seen == {}


def test_a_few_changes_are_all_looked_at() -> None:
    run = Remembering(*three())
    seen = listed(*(make.record(name=f"r{n}") for n in range(3)))
    Confirmed(run, Side.CRM, seen).let_go_of_echoes(frozenset())
    assert len(seen) == 3
    assert run.asked == []


@pytest.mark.usefixtures("_many")
def test_what_was_listed_whole_is_no_echo() -> None:
    run = Remembering(*three())
    seen = listed(*(make.record(name=f"r{n}") for n in range(3)))
    Confirmed(run, Side.CRM, seen).let_go_of_echoes(frozenset({Kind.EVENT}))
    assert len(seen) == 3
