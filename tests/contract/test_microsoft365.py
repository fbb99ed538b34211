"""The Microsoft 365 connector on its sandbox keeps every promise of the ports."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from syncline.domain.values.kinds import Kind
from tests.contract.rigs.microsoft365 import Microsoft365Rig, open_graph
from tests.contract.rigs.served import Door
from tests.contract.suites.change_source import ChangeSourceContract
from tests.contract.suites.item_marker import ItemMarkerContract
from tests.contract.suites.item_writer import GuestMailContract
from tests.contract.suites.messages import MessageSourceContract
from tests.contract.suites.series import SeriesContract


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    with open_graph() as graph:
        yield graph


class OnGraph:
    """A mailbox at Graph, empty again for each test."""

    kinds = (Kind.EVENT, Kind.CONTACT, Kind.TASK)

    @pytest.fixture
    def rig(self, door: Door) -> Microsoft365Rig:
        return Microsoft365Rig(door)


class TestChanges(OnGraph, ChangeSourceContract):
    """Reading."""


class TestWrites(OnGraph, GuestMailContract):
    """Writing."""


class TestMarks(OnGraph, ItemMarkerContract):
    """Marking."""


class TestSeries(OnGraph, SeriesContract):
    """Reading and writing recurring series."""


class TestMessages(OnGraph, MessageSourceContract):
    """Reading mail."""
