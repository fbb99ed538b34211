"""What must not matter does not matter: the same story, told otherwise, ends alike.

A story is what people do and when sessions run. It is told once plainly and once
with other batches, other ids, shuffled changes or in another host zone; both ends
are compared without ids.
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syncline.connectors.memory import MemoryCrm, MemoryMailbox
from syncline.domain.access.policy import Policy, Winner
from syncline.domain.engine.merge import Merge, merge
from syncline.domain.issues.catalog import known
from syncline.domain.mapping import MAPPINGS
from syncline.domain.ports import ChangeSource
from syncline.domain.values.changes import Change, ChangeSet, Watermark
from syncline.domain.values.content import AllDaySpan, Span, TimedSpan
from syncline.domain.values.ids import MailboxId
from syncline.domain.values.items import Window
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.links import Base
from syncline.usecases.sync_mailbox import SyncMailbox
from syncline.usecases.sync_mailbox.run import Books, Sides
from tests import factories as make
from tests.properties.shelf import Shelf

START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
KINDS = (Kind.EVENT, Kind.CONTACT, Kind.TASK)
SESSIONS_TO_REST = 8
NAME_OF = {Kind.EVENT: "subject", Kind.TASK: "subject", Kind.CONTACT: "family_name"}
FIELD_OF = {Kind.EVENT: "Subject", Kind.TASK: "Subject", Kind.CONTACT: "LastName"}
TEXTS = {Kind.EVENT: "body", Kind.TASK: "body", Kind.CONTACT: "notes"}


# --- stories ---------------------------------------------------------------


@dataclass(frozen=True)
class Deed:
    """One thing that a person does; `pick` chooses among what is there."""

    what: str
    kind: Kind = Kind.EVENT
    pick: int = 0
    day: int = 0


PICKS = st.integers(0, 20)
DEEDS = st.builds(
    Deed,
    what=st.sampled_from(
        [
            *("add_item", "add_item", "rename_item", "write_item", "delete_item"),
            *("add_record", "rename_record", "delete_record", "add_series"),
            *("rename_occurrence", "cancel_occurrence", "sync"),
        ]
    ),
    kind=st.sampled_from(KINDS),
    pick=PICKS,
    day=st.integers(0, 5),
)
STORIES = st.lists(DEEDS, min_size=3, max_size=20)


class StillClock:
    """A clock that goes on by itself a little."""

    def __init__(self) -> None:
        self.time = START

    def now(self) -> datetime:
        self.time += timedelta(milliseconds=1)
        return self.time


class NoPost:
    """Nobody is told anything."""

    def send(self, notice: object) -> None:
        del notice


@dataclass
class Stage:
    """Where a story is told: one mailbox, one org, one installation."""

    mailbox_batch: int = 20
    crm_batch: int = 200
    #: Wraps both readers.
    reading: Callable[[ChangeSource], ChangeSource] = lambda source: source
    #: Gives other ids than the usual ones.
    ids: Callable[[], Iterator[str]] | None = None
    #: Called before each session.
    between: Callable[[Stage], None] = lambda stage: None
    clock: StillClock = field(default_factory=StillClock)
    serial: int = 0

    def __post_init__(self) -> None:
        self.mailbox = MemoryMailbox(self.clock.now, batch_size=self.mailbox_batch)
        self.crm = MemoryCrm(now=self.clock.now, batch_size=self.crm_batch)
        if self.ids is not None:
            for store in (self.mailbox.store, self.crm.store):
                names = self.ids()
                store.new_id = names.__next__  # type: ignore[method-assign]
        policy = Policy(
            auto_save=frozenset(KINDS), save_unrelated_events=True, brake_count=1000
        )
        self.shelf = Shelf(make.mailbox(policy=policy))

    def tell(self, story: list[Deed]) -> Ending:
        for deed in story:
            getattr(self, deed.what)(deed)
        for _ in range(SESSIONS_TO_REST):
            if not any(self.session().writes.values()):
                return ending(self)
        raise AssertionError("never came to rest")

    def session(self):
        self.between(self)
        shelf = self.shelf
        use_case = SyncMailbox(
            books=Books(
                mailboxes=shelf,
                leases=shelf,
                ledger=shelf,
                links=shelf,
                watermarks=shelf,
                issues=shelf,
            ),
            sides=Sides(
                mailbox_source=self.reading(self.mailbox.changes),
                crm_source=self.reading(self.crm.changes),
                mailbox_writer=self.mailbox.writer,
                crm_writer=self.crm.writer,
                marker=self.mailbox.marker,
                finder=self.crm.finder,
                directory=self.crm.directory,
                attachments=self.mailbox.attachments,
                schema=self.crm.schema,
                meters={Side.MAILBOX: self.mailbox, Side.CRM: self.crm},
            ),
            clock=self.clock,
            notices=NoPost(),
        )
        session = use_case.run(MailboxId(1), is_asked=True, insists=True)
        assert not session.error_code, session
        return session

    # --- deeds ---

    def word(self) -> str:
        self.serial += 1
        return f"Word {self.serial}"

    def sync(self, deed: Deed) -> None:
        del deed
        self.session()

    def add_item(self, deed: Deed) -> None:
        content = {NAME_OF[deed.kind]: self.word()}
        if deed.kind is Kind.EVENT:
            content["when"] = span(deed.day)
        self.mailbox.add(deed.kind, **content)

    def add_series(self, deed: Deed) -> None:
        rule = f"FREQ=DAILY;INTERVAL=1;COUNT={1 + deed.pick % 4}"
        self.mailbox.add_series(rule, span(deed.day), subject=self.word())

    def add_record(self, deed: Deed) -> None:
        fields = {FIELD_OF[deed.kind]: self.word()}
        if deed.kind is Kind.EVENT:
            said = make.event_content(subject=self.word(), when=span(deed.day))
            fields = MAPPINGS[Kind.EVENT].to_record(said)
        self.crm.add(deed.kind, **fields)

    def rename_item(self, deed: Deed) -> None:
        for item in self._picked(self.mailbox, deed):
            self.mailbox.edit(item.id, **{NAME_OF[item.kind]: self.word()})

    def write_item(self, deed: Deed) -> None:
        for item in self._picked(self.mailbox, deed):
            self.mailbox.edit(item.id, **{TEXTS[item.kind]: self.word()})

    def delete_item(self, deed: Deed) -> None:
        for item in self._picked(self.mailbox, deed):
            self.mailbox.delete(item.id)

    def rename_record(self, deed: Deed) -> None:
        for record in self._picked(self.crm, deed):
            self.crm.edit(record.id, **{FIELD_OF[record.kind]: self.word()})

    def delete_record(self, deed: Deed) -> None:
        for record in self._picked(self.crm, deed):
            self.crm.delete(record.id)

    def rename_occurrence(self, deed: Deed) -> None:
        for occurrence_id in self._occurrence(deed):
            self.mailbox.edit_occurrence(occurrence_id, subject=self.word())

    def cancel_occurrence(self, deed: Deed) -> None:
        for occurrence_id in self._occurrence(deed):
            self.mailbox.cancel_occurrence(occurrence_id)

    def _picked(self, home, deed: Deed):
        """One thing that is there, chosen by what it says; none if there is none."""
        found = sorted(home.store.things.values(), key=said)
        return [found[deed.pick % len(found)]] if found else []

    def _occurrence(self, deed: Deed) -> list[str]:
        masters = [
            item
            for item in self.mailbox.store.of_kind(Kind.EVENT)
            if item.content["recurrence"]
        ]
        if not masters:
            return []
        masters.sort(key=lambda item: item.name)
        window = Window(start=START - timedelta(days=9), end=START + timedelta(days=40))
        _, *found = self.mailbox.store.parts(
            masters[deed.pick % len(masters)], window
        ) or [None]
        return [found[deed.day % len(found)].id] if found else []


def said(thing) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Sorts things by what people see of them: occurrences share their name."""
    fields = getattr(thing, "content", None) or without_ids(thing.fields)
    return thing.name, facts(fields)


def span(day: int) -> Span:
    """Whole days on even days, an hour in Prague on odd ones."""
    start = START + timedelta(days=day)
    if day % 2:
        return TimedSpan(
            start=start, end=start + timedelta(hours=1), zone="Europe/Prague"
        )
    first = date(2026, 11, 24) + timedelta(days=day)
    return AllDaySpan(first=first, last=first)


# --- endings ---------------------------------------------------------------

Ending = dict[str, Counter[tuple[object, ...]]]


def ending(stage: Stage) -> Ending:
    """How a story ended, as people see it: without ids and times."""
    items, records = stage.mailbox.store.things, stage.crm.store.things
    return {
        "items": Counter(
            (item.kind, facts(item.content), tuple(sorted(item.categories)))
            for item in items.values()
        ),
        "records": Counter(
            (record.kind, facts(without_ids(record.fields)), bool(record.link_key))
            for record in records.values()
        ),
        "links": Counter(
            (link.kind, link.state, link.name, bool(link.item_id), bool(link.record_id))
            for link in stage.shelf.links.values()
            # A series has no partner: only its occurrences count.
            if not link.is_series
        ),
        "issues": Counter(
            (issue.code, issue.state, issue.name)
            for issue in stage.shelf.issues.values()
            # How long a mere note is shown goes by when things were looked at.
            if not known(issue.code).is_quiet
        ),
    }


def facts(fields) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, repr(value)) for name, value in fields.items()))


def without_ids(fields):
    """Fields of a record that name no other thing and no time of ours."""
    return {
        name: value
        for name, value in fields.items()
        if name not in ("ClientGuid", "CompletedDateTime")
    }


def plainly(story: list[Deed]) -> Ending:
    return Stage().tell(story)


MANY = settings(
    max_examples=200 if os.environ.get("SYNCLINE_NIGHTLY") == "1" else 25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


# --- what must not matter --------------------------------------------------


@MANY
@given(STORIES, st.integers(1, 7), st.integers(1, 7))
def test_how_much_goes_into_one_call(
    story: list[Deed], mailbox_batch: int, crm_batch: int
) -> None:
    stage = Stage(mailbox_batch=mailbox_batch, crm_batch=crm_batch)
    assert stage.tell(story) == plainly(story)


class Shuffled:
    """A reader that tells the same in another order."""

    def __init__(self, source: ChangeSource) -> None:
        self.source = source
        self.chance = random.Random(7)

    def read(self, watermark: Watermark | None, window: Window) -> ChangeSet:
        found = self.source.read(watermark, window)
        changes = list(found.changes)
        self.chance.shuffle(changes)
        return replace(found, changes=tuple(changes))

    def fetch(self, kind: Kind, ids: list[str]) -> list[Change]:
        return self.source.fetch(kind, ids)


@MANY
@given(STORIES)
def test_in_which_order_changes_are_told(story: list[Deed]) -> None:
    assert Stage(reading=Shuffled).tell(story) == plainly(story)


def backwards() -> Iterator[str]:
    """Ids that sort the other way round."""
    return (f"zz{10**9 - n}" for n in range(10**9))


@MANY
@given(STORIES)
def test_what_ids_look_like(story: list[Deed]) -> None:
    assert Stage(ids=backwards).tell(story) == plainly(story)


@MANY
@given(STORIES)
def test_that_resume_points_are_lost(story: list[Deed]) -> None:
    def lose(stage: Stage) -> None:
        stage.mailbox.store.lose_watermarks()
        stage.crm.store.lose_watermarks()

    assert Stage(between=lose).tell(story) == plainly(story)


@MANY
@given(STORIES)
def test_that_the_mailbox_is_moved(story: list[Deed]) -> None:
    """Every id is new before each session; keys and uids survive."""

    def move(stage: Stage) -> None:
        stage.mailbox.change_ids()

    assert Stage(between=move).tell(story) == plainly(story)


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "America/Los_Angeles"])
@MANY
@given(STORIES)
def test_in_which_zone_the_host_is(zone: str, story: list[Deed]) -> None:
    with host_in(zone):
        elsewhere = plainly(story)
    assert elsewhere == plainly(story)


@contextmanager
def host_in(zone: str) -> Iterator[None]:
    """Have the process believe that it is somewhere else."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = zone
    time.tzset()
    try:
        yield
    finally:
        if before is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = before
        time.tzset()


# --- sides swapped ---------------------------------------------------------

#: Fields that both sides say in the same words.
SAME_WORDS = {"subject": "Subject", "body": "Description", "location": "Location"}
EDITS = st.dictionaries(
    st.sampled_from(list(SAME_WORDS)), st.sampled_from(["One", "Two", None])
)


def merged(item_edits: dict, record_edits: dict, winner: Winner) -> Merge:
    content = make.event_content(subject="Base", body="Base", location="Base")
    fields = MAPPINGS[Kind.EVENT].to_record(content)
    return merge(
        mapping=MAPPINGS[Kind.EVENT],
        item={**content, **item_edits},
        record={**fields, **{SAME_WORDS[f]: v for f, v in record_edits.items()}},
        base=Base(item=content, record=fields),
        winner=winner,
    )


def as_record(fields) -> dict[str, object]:
    return {SAME_WORDS[name]: value for name, value in fields.items()}


@given(EDITS, EDITS)
def test_which_side_is_which(ours: dict, theirs: dict) -> None:
    """With the sides and the winner swapped, each gets what the other got."""
    plain = merged(ours, theirs, Winner.MAILBOX)
    mirrored = merged(theirs, ours, Winner.CRM)
    assert as_record(mirrored.to_item) == plain.to_record
    assert as_record(plain.to_item) == mirrored.to_record
    assert [c.field for c in plain.conflicts] == [c.field for c in mirrored.conflicts]
    assert {c.chosen for c in plain.conflicts} <= {Side.MAILBOX}
    assert {c.chosen for c in mirrored.conflicts} <= {Side.CRM}


# --- what the stories taught -----------------------------------------------


def test_an_occurrence_that_was_deleted_in_salesforce_stays_deleted() -> None:
    """The mark on the series is not a wish to have each occurrence back."""
    stage = Stage()
    master = stage.mailbox.add_series("FREQ=DAILY;COUNT=3", span(1), subject="Standup")
    stage.session()
    first, *_ = stage.crm.store.of_kind(Kind.EVENT)
    stage.crm.delete(first.id)
    stage.session()
    stage.mailbox.edit_series(master.id, location="Oslo")
    stage.session()
    assert len(stage.crm.store.of_kind(Kind.EVENT)) == 2


@pytest.mark.parametrize("kind", KINDS)
def test_a_deletion_that_no_stream_told_of_is_noticed_in_the_listing(
    kind: Kind,
) -> None:
    stage = Stage()
    item = stage.mailbox.add(kind, **{NAME_OF[kind]: "Doomed"} | at_once(kind))
    stage.session()
    stage.mailbox.delete(item.id)
    stage.mailbox.store.lose_watermarks()
    stage.session()
    assert stage.crm.store.of_kind(kind) == []


def at_once(kind: Kind) -> dict[str, object]:
    """What an item of a kind cannot do without."""
    return {"when": span(1)} if kind is Kind.EVENT else {}
