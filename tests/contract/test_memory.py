"""The shipped fake keeps every promise of the ports."""

from __future__ import annotations

import pytest

from syncline.domain.values.kinds import Kind
from tests.contract.rigs.memory import MemoryCrmRig, MemoryMailboxRig
from tests.contract.suites.change_source import ChangeSourceContract
from tests.contract.suites.item_marker import ItemMarkerContract
from tests.contract.suites.item_writer import ItemWriterContract, MailboxWriterContract
from tests.contract.suites.record_finder import RecordFinderContract

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


class TestMailboxWrites(OnMailbox, MailboxWriterContract):
    """Writing in a mailbox."""


class TestMarks(OnMailbox, ItemMarkerContract):
    """Marking items."""


class TestCrmChanges(OnCrm, ChangeSourceContract):
    """Reading an org."""


class TestCrmWrites(OnCrm, ItemWriterContract):
    """Writing in an org."""


class TestFinds(OnCrm, RecordFinderContract):
    """Looking for records."""
