"""The Microsoft 365 connector on its sandbox keeps every promise of the ports."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract.rigs.microsoft365 import Microsoft365Rig, open_graph
from tests.contract.rigs.served import Door
from tests.contract.suites.change_source import ChangeSourceContract
from tests.contract.suites.item_marker import ItemMarkerContract
from tests.contract.suites.item_writer import MailboxWriterContract


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    with open_graph() as graph:
        yield graph


class OnGraph:
    """A mailbox at Graph, empty again for each test."""

    @pytest.fixture
    def rig(self, door: Door) -> Microsoft365Rig:
        return Microsoft365Rig(door)


class TestChanges(OnGraph, ChangeSourceContract):
    """Reading."""


class TestWrites(OnGraph, MailboxWriterContract):
    """Writing."""


class TestMarks(OnGraph, ItemMarkerContract):
    """Marking."""
