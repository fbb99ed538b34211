"""Very many pairs are decided in parts; what belongs together is in one of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from syncline.domain.engine.pair import Pair
from syncline.domain.values.kinds import Kind
from syncline.domain.values.links import Link
from syncline.usecases.sync_mailbox import slices as slicing
from syncline.usecases.sync_mailbox.slices import slices
from tests import factories as make


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slicing, "SLICE_SIZE", 2)


def link(key: str, **changes: object) -> Link:
    return replace(make.link(), key=key, **changes)


def found(key: str, subject: str = "", series: str | None = None) -> Pair:
    item = make.item(content={"subject": subject or key})
    return Pair(link=link(key, series_key=series), item=item)


def parts(pairs: list[Pair], *stored: str) -> list[set[str]]:
    return [{p.link.key for p in part} for part in slices(pairs, set(stored))]


def test_each_pair_is_in_one_part() -> None:
    pairs = [found(name) for name in "abcde"]
    taken = parts(pairs)
    assert sorted(key for part in taken for key in part) == list("abcde")
    assert max(map(len, taken)) == 2
    assert pairs == []


def test_a_few_pairs_are_one_part_in_their_order() -> None:
    pairs = [found("a"), found("b")]
    assert list(slices([*pairs], ())) == [pairs]


def test_nothing_is_taken_apart_when_something_is_known() -> None:
    """Its deletions are counted."""
    pairs = [found(name) for name in "abcdefg"]
    assert parts(pairs, "b") == [set("abcdefg")]


def test_a_series_stays_together_with_its_occurrences() -> None:
    pairs = [found("a"), found("s"), found("b"), *(found(x, "", "s") for x in "123")]
    assert any(part >= {"s", "1", "2", "3"} for part in parts(pairs))


def test_equal_events_stay_together() -> None:
    """SD0025: equal creations are counted, whatever the case of their letters."""
    pairs = [found("a", "Lunch"), found("b"), found("c"), found("d", "LUNCH")]
    assert any(part >= {"a", "d"} for part in parts(pairs))


def test_equal_records_stay_together() -> None:
    record = make.record(fields={"Subject": "Lunch"})
    equal = [Pair(link=link(key), record=record) for key in "ad"]
    pairs = [equal[0], found("b"), found("c"), equal[1]]
    assert any(part >= {"a", "d"} for part in parts(pairs))


def test_contacts_of_one_name_may_be_apart() -> None:
    item = make.item(Kind.CONTACT)
    people = [Pair(link=link(key, kind=Kind.CONTACT), item=item) for key in "abcd"]
    assert len(parts(people)) == 2
