"""The Microsoft 365 connector on its sandbox keeps every promise of the ports."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract.rigs.microsoft365 import Microsoft365Rig, open_mailbox
from tests.contract.suites.change_source import ChangeSourceContract
from tests.contract.suites.item_marker import ItemMarkerContract
from tests.contract.suites.item_writer import MailboxWriterContract


class OnGraph:
    """A mailbox at Graph."""

    @pytest.fixture
    def rig(self) -> Iterator[Microsoft365Rig]:
        with open_mailbox() as mailbox:
            yield mailbox


class TestChanges(OnGraph, ChangeSourceContract):
    """Reading."""


class TestWrites(OnGraph, MailboxWriterContract):
    """Writing."""


class TestMarks(OnGraph, ItemMarkerContract):
    """Marking."""
