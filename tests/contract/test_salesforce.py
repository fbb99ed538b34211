"""The Salesforce connector on its sandbox keeps every promise of the ports."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from syncline.domain.values.changes import ChangeSet, Presence
from syncline.domain.values.kinds import Kind
from tests.contract.rigs.rig import WINDOW
from tests.contract.rigs.salesforce import SalesforceRig, SlowClock, open_org
from tests.contract.rigs.served import Door
from tests.contract.suites.change_source import ChangeSourceContract
from tests.contract.suites.directory import DirectoryContract
from tests.contract.suites.item_writer import ItemWriterContract
from tests.contract.suites.messages import MessageWriterContract
from tests.contract.suites.record_finder import RecordFinderContract

Org = tuple[Door, SlowClock, str]


@pytest.fixture(scope="module")
def org() -> Iterator[Org]:
    clock = SlowClock()
    with open_org(clock) as (door, colleague):
        yield door, clock, colleague


class OnSalesforce:
    """An org, empty again for each test."""

    kinds = (Kind.EVENT, Kind.CONTACT, Kind.TASK)

    @pytest.fixture
    def rig(self, org: Org) -> SalesforceRig:
        return SalesforceRig(*org)


class TestChanges(OnSalesforce, ChangeSourceContract):
    """Reading."""


class TestWrites(OnSalesforce, ItemWriterContract):
    """Writing."""


class TestFinds(OnSalesforce, RecordFinderContract):
    """Looking for records."""


class TestSavedMessages(OnSalesforce, MessageWriterContract):
    """Saving mail."""


class TestDirectory(OnSalesforce, DirectoryContract):
    """Knowing people."""


class TestOneSecond(OnSalesforce):
    """Stamps are whole seconds; what happens within one is not lost."""

    @pytest.fixture
    def rig(self, org: Org) -> SalesforceRig:
        rig = SalesforceRig(*org)
        rig.clock.step = timedelta(0)
        return rig

    def names(self, found: ChangeSet) -> list[str]:
        return sorted(change.thing.name for change in found.changes if change.thing)

    def test_a_record_made_after_a_reading_is_reported(
        self, rig: SalesforceRig
    ) -> None:
        rig.add(Kind.EVENT, "One")
        first = rig.changes.read(None, WINDOW)
        rig.add(Kind.EVENT, "Two")
        second = rig.changes.read(first.watermark, WINDOW)
        assert "Two" in self.names(second)

    def test_a_record_changed_after_a_reading_is_reported(
        self, rig: SalesforceRig
    ) -> None:
        record_id = rig.add(Kind.EVENT, "One")
        first = rig.changes.read(None, WINDOW)
        rig.rename(Kind.EVENT, record_id, "Two")
        second = rig.changes.read(first.watermark, WINDOW)
        assert self.names(second) == ["Two"]

    def test_a_record_deleted_after_a_reading_is_reported(
        self, rig: SalesforceRig
    ) -> None:
        record_id = rig.add(Kind.EVENT, "One")
        first = rig.changes.read(None, WINDOW)
        rig.delete(Kind.EVENT, record_id)
        second = rig.changes.read(first.watermark, WINDOW)
        told = [(change.id, change.presence) for change in second.changes]
        assert told == [(record_id, Presence.DELETED)]
