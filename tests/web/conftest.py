"""Alice owns the pages; Bob and Mallory must not see them."""

from __future__ import annotations

import pytest

from tests.web.people import ALICE, BOB, MALLORY, Home, at_home


@pytest.fixture
def alice(db: None) -> Home:
    """The owner."""
    del db
    return at_home(ALICE)


@pytest.fixture
def bob(db: None) -> Home:
    """Another mailbox of the same organization."""
    del db
    return at_home(BOB)


@pytest.fixture
def mallory(db: None) -> Home:
    """The same user id in another organization."""
    del db
    return at_home(MALLORY)
