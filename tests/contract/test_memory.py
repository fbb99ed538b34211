"""The shipped fake keeps every promise of the ports."""

from __future__ import annotations

import pytest

from syncline.domain.values.kinds import Kind
from tests.contract.rigs.memory import MemoryCrmRig, MemoryMailboxRig
from tests.contract.suites.change_source import ChangeSourceContract
from tests.contract.suites.directory import DirectoryContract
from tests.contract.suites.item_marker import ItemMarkerContract
from tests.contract.suites.item_writer import GuestMailContract, ItemWriterContract
from tests.contract.suites.messages import (
    MessageSourceContract,
    MessageWriterContract,
)
from tests.contract.suites.record_finder import RecordFinderContract
from tests.contract.suites.series import SeriesContract

ALL_KINDS = (Kind.EVENT, Kind.CONTACT, Kind.TASK)


class OnMailbox:
    """The mailbox in memory."""

    kinds = ALL_KINDS

    @pytest.fixture
    def rig(self) -> MemoryMailboxRig:
        return MemoryMailboxRig()


class OnCrm:
    """The org in memory."""

    kinds = ALL_KINDS

    @pytest.fixture
    def rig(self) -> MemoryCrmRig:
        return MemoryCrmRig()


class TestMailboxChanges(OnMailbox, ChangeSourceContract):
    """Reading a mailbox."""


class TestMailboxWrites(OnMailbox, GuestMailContract):
    """Writing in a mailbox."""


class TestMarks(OnMailbox, ItemMarkerContract):
    """Marking items."""


class TestCrmChanges(OnCrm, ChangeSourceContract):
    """Reading an org."""


class TestCrmWrites(OnCrm, ItemWriterContract):
    """Writing in an org."""


class TestFinds(OnCrm, RecordFinderContract):
    """Looking for records."""


class TestSeries(OnMailbox, SeriesContract):
    """Reading and writing recurring series."""


class TestMessages(OnMailbox, MessageSourceContract):
    """Reading mail."""


class TestSavedMessages(OnCrm, MessageWriterContract):
    """Saving mail."""


class TestDirectory(OnCrm, DirectoryContract):
    """Knowing people."""
