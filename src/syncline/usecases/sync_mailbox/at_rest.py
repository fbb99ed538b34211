"""Let go of what a listing only confirms, one side after the other.

A listing of everything holds, for nearly every link, what both sides agreed on
long ago; an incremental one after very many writes holds their echoes. That is no
news. What is let go before the other side is read needs no memory; so a session
needs room for one side, not for two, their links and their bases.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from syncline.domain.engine.saving import is_taken_out
from syncline.domain.issues.docket import link_subject
from syncline.domain.issues.marking import desired_marks
from syncline.domain.values.changes import Change, Presence
from syncline.domain.values.items import Item, Record, Role
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.links import Link, LinkState
from syncline.domain.values.replacing import swapped
from syncline.usecases.sync_mailbox.run import Run

#: Changes of an incremental reading that are looked at without more ado.
FEW = 2_000
#: Links that are loaded at once to find echoes.
CHUNK_SIZE = 2_000


class Confirmed:
    """Goes through what one side listed and lets go of what that confirms."""

    def __init__(self, run: Run, side: Side, seen: dict[str, Change]) -> None:
        """Prepare.

        Args:
            run: The session.
            side: Which side was listed.
            seen: Its changes by id; what is confirmed is taken out.
        """
        self._run = run
        self._side = side
        self._seen = seen
        self._open = run.docket.subjects()
        self._is_new_policy = run.mailbox.swept_policy != run.mailbox.policy.digest
        self._marks = set(desired_marks(is_linked=True, cause=None))
        #: Ends that were listed and let go.
        self.count = 0

    def links(self, kind: Kind) -> Iterator[Link]:
        """Links of a kind, listed whole, that this round has to look at.

        Their thing was not listed, was listed differently, or has something open
        about it.
        """
        stored = self._run.books.links.of_kind(self._run.mailbox.id, kind)
        for link, change in self._with_changes(stored):
            if change is not None and self._is_at_rest(link, change):
                del self._seen[change.id]
                self.count += 1
            else:
                yield link

    def let_go_of_echoes(self, whole: frozenset[Kind]) -> None:
        """Drop what an incremental reading tells of our own writes, when it is much.

        Versions that writes did not answer are stored.

        Args:
            whole: Kinds that were listed whole, which is another matter.

        Raises:
            FencedError: Another worker owns the mailbox now.
        """
        ids = [c.id for c in self._seen.values() if c.kind not in whole]
        if len(ids) <= FEW:
            return
        for start in range(0, len(ids), CHUNK_SIZE):
            stored = self._found(ids[start : start + CHUNK_SIZE])
            for link, change in self._with_changes(stored):
                if change is not None and self._is_confirmed(link, change):
                    self._learn_version(link, _version_of(change))
                    del self._seen[change.id]
            self._run.commit()
            self._run.let_go()

    def _with_changes(
        self, stored: Iterable[Link]
    ) -> Iterator[tuple[Link, Change | None]]:
        for each in stored:
            link = self._run.links.get(each.key, each)
            end = link.item_id if self._side is Side.MAILBOX else link.record_id
            yield link, self._seen.get(end or "")

    def _found(self, ids: list[str]) -> list[Link]:
        find = self._run.books.links.find
        if self._side is Side.MAILBOX:
            return find(self._run.mailbox.id, item_ids=ids)
        return find(self._run.mailbox.id, record_ids=ids)

    def _version(self, link: Link) -> str:
        is_item = self._side is Side.MAILBOX
        return link.item_version if is_item else link.record_version

    def _learn_version(self, link: Link, version: str) -> None:
        if self._version(link) == version:
            return
        name = "item_version" if self._side is Side.MAILBOX else "record_version"
        self._run.keep([swapped(link, **{name: version})])

    def _is_at_rest(self, link: Link, change: Change) -> bool:
        is_read = self._version(link) == _version_of(change)
        return is_read and not self._is_new_policy and self._is_confirmed(link, change)

    def _is_confirmed(self, link: Link, change: Change) -> bool:
        """Whether nothing but the version may be new."""
        if change.presence is not Presence.SEEN:
            return False
        is_plain = (
            link.state is LinkState.LINKED
            and link.hold is None
            and not link.pending_marks
            and not link.is_series
            and not link.series_key
            and link.key not in self._run.recheck
            and link_subject(link.key) not in self._open
        )
        if not is_plain or link.base is None:
            return False
        match change.thing:
            case Item() as item:
                return self._is_item_as_known(link, item)
            case Record() as record:
                return _is_record_as_known(link, record)
            case _:
                return False

    def _is_item_as_known(self, link: Link, item: Item) -> bool:
        assert link.base is not None
        known = (link.item_uid, link.is_filed, link.is_organizer)
        found = (item.uid, item.is_filed, item.is_organizer)
        is_marked = not self._run.mailbox.policy.marks or (
            set(link.marks) == self._marks and self._marks <= set(item.categories)
        )
        return (
            known == found
            and is_marked
            and item.role is Role.SINGLE
            and item.unsupported is None
            and not item.is_cancelled
            and not is_taken_out(item)
            and _says_no_more(item.content, link.base.item)
        )


def _is_record_as_known(link: Link, record: Record) -> bool:
    assert link.base is not None
    is_plain = record.unsupported is None
    return is_plain and _says_no_more(record.fields, link.base.record)


def _says_no_more(found: Mapping[str, Any], base: Mapping[str, Any]) -> bool:
    """Whether a reading holds what is known; what was never written is empty."""
    return found == base or all(base.get(n) == value for n, value in found.items())


def _version_of(change: Change) -> str:
    return change.thing.version if change.thing is not None else ""
