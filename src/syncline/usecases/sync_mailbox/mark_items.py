"""Bring the categories on items in line with what is known about them.

A failure to mark is counted and stops nothing.
"""

from __future__ import annotations

from dataclasses import replace

from syncline.domain.engine.copies import kept_mark
from syncline.domain.engine.window import is_inside
from syncline.domain.errors import ProviderError
from syncline.domain.issues.classify import Cause
from syncline.domain.issues.marking import (
    ERROR_MARK,
    SAVED_MARK,
    desired_marks,
    inherited_marks,
    mark_changes,
)
from syncline.domain.values.changes import Presence
from syncline.domain.values.ids import LinkKey
from syncline.domain.values.items import Item
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.links import Link, LinkState
from syncline.domain.values.operations import MarkOrder, MarkOutcome
from syncline.usecases.sync_mailbox.run import Run


def mark_items(run: Run) -> int:
    """Mark and unmark every item of this round; answers how many changed.

    Raises:
        FencedError: Another worker owns the mailbox now.
    """
    if not run.mailbox.policy.marks:
        return 0
    orders = [o for key in _to_look_at(run) if (o := _order(run, key))]
    if not run.watermarks and not run.has_offered:
        run.has_offered = True
        _offer(run)
    marked = 0
    marker = run.sides.marker
    for start in range(0, len(orders), marker.batch_size):
        batch = orders[start : start + marker.batch_size]
        _announce(run, batch)
        try:
            outcomes = marker.mark(batch)
        except ProviderError:
            # The rest is made good by the next session, like this batch.
            _announce(run, orders[start:])
            break
        for outcome in outcomes:
            if outcome.fault is None:
                _note(run, outcome)
                run.count_write(Side.MAILBOX)
                marked += 1
        run.commit()
    run.items.clear()
    if run.has_lost_marks:
        run.has_lost_marks = False
        _tidy(run)
    return marked


def _to_look_at(run: Run) -> list[LinkKey]:
    """Links whose marks may be wrong; for an occurrence that of its series.

    Those of a session that broke off before it marked come back with what was
    read again, although nothing about them is new any longer.
    """
    left = {key for key in run.pairs if _is_off(run, key)}
    keys: set[LinkKey] = set()
    for key in run.links.keys() | run.items.keys() | run.leavers | left:
        link = run.link(key)
        if link is not None:
            keys.add(link.subject_key)
    run.leavers.clear()
    keys -= run.dropped
    unknown = sorted(k for k in keys if run.link(k) is None)
    if unknown:
        found = run.books.links.find(run.mailbox.id, keys=unknown)
        run.known.update({link.key: link for link in found})
    return sorted(keys)


def _is_off(run: Run, key: LinkKey) -> bool:
    link = run.link(key)
    if link is None or link.series_key or link.item_id is None:
        return False
    return link.marks != _desired(run, link)


def _announce(run: Run, orders: list[MarkOrder]) -> None:
    """Remember what is about to be set or taken off, in case we never hear of it."""
    for order in orders:
        link = run.link(order.key)
        if link is not None:
            pending = _desired(run, link) or link.pending_marks or order.remove
            run.keep([replace(link, pending_marks=pending)])
    run.commit()


def _offer(run: Run) -> None:
    """In its first session a mailbox gets the category that saves an item."""
    try:
        run.sides.marker.offer([SAVED_MARK])
    except ProviderError:
        return


def _tidy(run: Run) -> None:
    try:
        run.sides.marker.tidy(run.books.links.marks_in_use(run.mailbox.id))
    except ProviderError:
        return


def _order(run: Run, key: LinkKey) -> MarkOrder | None:
    link = run.link(key)
    if link is None or link.item_id is None:
        return None
    if _is_gone(run, link):
        if link.marks or link.pending_marks:
            run.keep([replace(link, marks=(), pending_marks=())])
        return None
    item = run.items.get(key)
    desired = _desired(run, link)
    unfile = _is_done_with(link, item, desired)
    ours = (*link.marks, *link.pending_marks)
    if item is not None and ERROR_MARK not in ours:
        # A database that was restored from an older copy does not know all of ours.
        ours = (*ours, *inherited_marks(item.categories))
    current = item.categories if item else link.marks
    add, remove = mark_changes(current, ours, desired)
    if item is None and link.pending_marks:
        # Nobody has looked: all that is wanted, without what else may be there.
        add, remove = desired, mark_changes(ours, ours, desired)[1]
    if not add and not remove and not unfile:
        if link.marks != desired or link.pending_marks:
            run.keep([replace(link, marks=desired, pending_marks=())])
        return None
    return MarkOrder(
        key=key,
        kind=link.kind,
        item_id=link.item_id,
        add=add,
        remove=remove,
        categories=item.categories if item else None,
        version=item.version if item else "",
        set_link_key=_needs_key(link, item),
        unfile=unfile,
    )


def _desired(run: Run, link: Link) -> tuple[str, ...]:
    if run.withdraws or link.state is LinkState.TOMBSTONE or _is_outside(run, link):
        return ()
    found = run.docket.cause_of(link.key)
    cause = Cause(code=found[0], params=dict(found[1])) if found else None
    return desired_marks(is_linked=link.state is LinkState.LINKED, cause=cause)


def _is_outside(run: Run, link: Link) -> bool:
    """Whether an event that is in step lies outside of the time window."""
    if link.kind is not Kind.EVENT or link.is_series or link.base is None:
        return False
    when = link.base.item.get("when")
    is_partner = link.state is LinkState.LINKED
    return is_partner and when is not None and not is_inside(when, run.window)


def _is_gone(run: Run, link: Link) -> bool:
    """Whether the item was looked for and is not there any longer."""
    found = run.pairs.get(link.key)
    is_same = found is not None and found.link.item_id == link.item_id
    return is_same and found is not None and found.item_presence is Presence.DELETED


def _is_done_with(link: Link, item: Item | None, desired: tuple[str, ...]) -> bool:
    """Whether a message that was filed to be saved may go back where it was.

    What nobody has looked at may still lie where it lay when it was saved.
    """
    if link.kind is not Kind.MESSAGE or SAVED_MARK not in desired:
        return False
    return item.is_filed if item is not None else bool(link.pending_marks)


def _needs_key(link: Link, item: Item | None) -> bool:
    if link.kind is Kind.MESSAGE:
        # Known by its internet message id, everywhere and for ever.
        return False
    if link.state is not LinkState.LINKED or SAVED_MARK in link.marks:
        return False
    return item is None or item.link_key != link.key


def _note(run: Run, outcome: MarkOutcome) -> None:
    """Remember the marks as ours, so that they can be taken off again."""
    order, version = outcome.order, outcome.version
    link = run.link(order.key)
    if link is not None:
        before = link.marks if order.categories is None else order.categories
        run.remember(kept_mark(outcome, before, link.name))
        marked = replace(
            link,
            marks=_desired(run, link),
            pending_marks=(),
            item_version=version or link.item_version,
        )
        run.keep([marked])
