"""The mailbox's master list of categories, where a category has its color.

A name that is absent there still shows on items, uncolored; so trouble with the
list, short of lost access, keeps nobody from marking.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from syncline.connectors.microsoft365.client import GraphClient
from syncline.connectors.microsoft365.faults import read_fault
from syncline.connectors.microsoft365.manifest import COLORS, PLAIN_COLOR
from syncline.connectors.microsoft365.wire import Category, Page
from syncline.domain.errors import PermissionDeniedError, ProviderError
from syncline.domain.issues.marking import STATUS_PREFIX
from syncline.domain.values.faults import FaultClass

_NOT_FOUND = 404


def color_of(name: str) -> str:
    """The color that a category of ours is made with."""
    return COLORS.get(name.lower(), PLAIN_COLOR)


class MasterList:
    """The master list, read once and kept for a session."""

    def __init__(self, client: GraphClient) -> None:
        """Prepare; nothing is sent."""
        self._client = client
        self._known: dict[str, Category] | None = None
        self._is_closed = False

    def ensure(self, names: Iterable[str]) -> None:
        """Make the categories that are missing; costs nothing when none is.

        Raises:
            ProviderError: The list cannot be read, other than for want of the
                permission: then marks go without color.
        """
        wanted = {name.lower(): name for name in names}
        if self._known is not None:
            wanted = {k: n for k, n in wanted.items() if k not in self._known}
        if not wanted or self._is_closed:
            return
        known = self._read()
        missing = [name for key, name in wanted.items() if key not in known]
        if missing:
            self._make(missing, known)

    def tidy(self, names_in_use: frozenset[str]) -> None:
        """Remove our detail categories that no item carries.

        Ours begin with the detail prefix and have no color; one that a person
        has colored is theirs.
        """
        if self._is_closed:
            return
        known = self._read()
        used = {name.lower() for name in names_in_use}
        idle = [
            category
            for key, category in known.items()
            if key not in used and _is_detail(category)
        ]
        self._drop(idle, known)

    def withdraw(self, names: Iterable[str]) -> None:
        """Remove categories of ours by name, whatever their color.

        Raises:
            ProviderError: The list cannot be read.
        """
        if self._is_closed:
            return
        known = self._read()
        wanted = {name.lower() for name in names}
        self._drop([c for key, c in known.items() if key in wanted and c.id], known)

    def _drop(self, idle: list[Category], known: dict[str, Category]) -> None:
        parts = [self._client.drop_category(category.id) for category in idle]
        answers = self._client.send(parts, "remove categories")
        for category, answer in zip(idle, answers, strict=True):
            if answer.is_success or answer.status == _NOT_FOUND:
                del known[category.display_name.lower()]

    def _make(self, names: list[str], known: dict[str, Category]) -> None:
        parts = [self._client.new_category(name, color_of(name)) for name in names]
        answers = self._client.send(parts, "make categories")
        for name, answer in zip(names, answers, strict=True):
            if answer.is_success:
                made = answer.decode(Category)
                known[made.display_name.lower()] = made
            elif read_fault(answer).fault_class is FaultClass.ACCESS:
                raise ProviderError.of(read_fault(answer))
            else:
                # Made by somebody else meanwhile (409, or 400), or not to be
                # had: asked for once a session, and the mark shows anyway.
                known[name.lower()] = Category(id="", display_name=name)

    def _read(self) -> dict[str, Category]:
        if self._known is None:
            try:
                self._known = self._list()
            except PermissionDeniedError:
                self._is_closed = True
                self._known = {}
        return self._known

    def _list(self) -> dict[str, Category]:
        found: dict[str, Category] = {}
        answer = self._client.categories()
        visited: set[str] = set()
        while True:
            page = answer.decode(Page)
            for raw in page.value:
                found |= _read_category(raw)
            if not page.next_link or page.next_link in visited:
                return found
            visited.add(page.next_link)
            answer = self._client.categories(page.next_link)


def _read_category(raw: msgspec.Raw) -> dict[str, Category]:
    try:
        category = msgspec.json.decode(raw, type=Category)
    except msgspec.MsgspecError:
        return {}
    return {category.display_name.lower(): category}


def _is_detail(category: Category) -> bool:
    is_plain = (category.color or PLAIN_COLOR).lower() == PLAIN_COLOR
    return (
        bool(category.id)
        and is_plain
        and category.display_name.startswith(STATUS_PREFIX)
    )
