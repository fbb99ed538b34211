"""Let go of what a whole listing only confirms, one side after the other.

A listing of everything holds, for nearly every link, what both sides agreed on
long ago. That is no news: it says as much as an incremental listing that does not
name the thing. What is let go before the other side is read needs no memory; so a
session needs room for one side, not for two, their links and their bases.
"""

from __future__ import annotations

from collections.abc import Iterator

from syncline.domain.engine.saving import is_taken_out
from syncline.domain.issues.docket import link_subject
from syncline.domain.issues.marking import desired_marks
from syncline.domain.values.changes import Change, Presence
from syncline.domain.values.items import Item, Record, Role
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.links import Link, LinkState
from syncline.usecases.sync_mailbox.run import Run


class Confirmed:
    """Goes through the links of a kind and lets go of what a listing confirms.

    Iterating yields the links that this round has to look at: those whose thing
    was not listed, was listed differently, or has something open about it.
    """

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
        """Links of a kind that are not at rest."""
        for stored in self._run.books.links.of_kind(self._run.mailbox.id, kind):
            link = self._run.links.get(stored.key, stored)
            end = link.item_id if self._side is Side.MAILBOX else link.record_id
            change = self._seen.get(end or "")
            if change is not None and end and self._is_confirmed(link, change):
                del self._seen[end]
                self.count += 1
            else:
                yield link

    def _is_confirmed(self, link: Link, change: Change) -> bool:
        if self._is_new_policy or change.presence is not Presence.SEEN:
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
        known = (link.item_version, link.item_uid, link.is_filed, link.is_organizer)
        found = (item.version, item.uid, item.is_filed, item.is_organizer)
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
            and item.content == link.base.item
        )


def _is_record_as_known(link: Link, record: Record) -> bool:
    assert link.base is not None
    return (
        record.version == link.record_version
        and record.unsupported is None
        and record.fields == link.base.record
    )
