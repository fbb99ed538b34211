"""Turn the outcome of a write into the link's next state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from syncline.domain.cadence.retry import ASKED_AGAIN_AFTER, next_retry_at
from syncline.domain.engine.swings import with_swing
from syncline.domain.values.faults import Fault, FaultClass
from syncline.domain.values.ids import ItemId, RecordId
from syncline.domain.values.kinds import Side
from syncline.domain.values.links import Base, Hold, Link, LinkState
from syncline.domain.values.operations import Operation, Outcome, Verb


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """The link after an outcome; `fault` is there when it was not done.

    `recheck` asks the next round to look at both ends again, because the side
    turned out to be different from what was read.
    """

    link: Link
    fault: Fault | None = None
    recheck: bool = False


def settle(link: Link, outcome: Outcome, now: datetime) -> Settled:
    """Apply one outcome to the newest form of its link."""
    if outcome.fault is None:
        done = _after_success(link, outcome)
        swings = with_swing(link, outcome.operation, now)
        return Settled(link=replace(done, swings=swings))
    moved_on = outcome.fault.fault_class in (FaultClass.VERSION, FaultClass.NOT_FOUND)
    is_create = outcome.operation.verb is Verb.CREATE
    return Settled(link=link, fault=outcome.fault, recheck=moved_on and not is_create)


def _after_success(link: Link, outcome: Outcome) -> Link:
    operation = outcome.operation
    if operation.verb is Verb.DELETE:
        # Unless the owner took it out of Salesforce, no item is left to mark.
        item_stays = operation.side is Side.CRM and operation.item is not None
        marks = link.marks if item_stays else ()
        return replace(link, state=LinkState.TOMBSTONE, hold=None, marks=marks)
    if operation.verb is Verb.ATTACH:
        return replace(link, base=_with_file(link, operation), hold=None)
    base = _base_after(link, outcome)
    filed = operation.item.is_filed if operation.item else link.is_filed
    settled = replace(
        link, state=LinkState.LINKED, base=base, hold=None, is_filed=filed
    )
    if operation.side is Side.CRM:
        return replace(
            settled,
            record_id=RecordId(outcome.id),
            record_version=outcome.version or link.record_version,
        )
    web_link = outcome.item.web_link if outcome.item else link.web_link
    return replace(
        settled,
        item_id=ItemId(outcome.id),
        item_version=outcome.version or link.item_version,
        item_uid=outcome.item.uid if outcome.item else link.item_uid,
        web_link=web_link or link.web_link,
        name=link.name or (outcome.item.name[:255] if outcome.item else ""),
    )


def _with_file(link: Link, operation: Operation) -> Base:
    """The base with one more file of the message known to be in Salesforce."""
    before = link.base or Base()
    item = dict(before.item)
    for name, saved in operation.agreed.item.items():
        known = item.get(name)
        assert isinstance(saved, tuple)
        item[name] = (*(known if isinstance(known, tuple) else ()), *saved)
    return Base(item=item, record=before.record)


def _base_after(link: Link, outcome: Outcome) -> Base:
    """The base with what this write settled.

    A provider may cut or clean what it is given. Its own words become the base
    of its side, so that they do not look like a person's edit later.
    """
    operation = outcome.operation
    before = link.base or Base()
    if operation.verb is Verb.CREATE:
        before = Base()
    item = dict(operation.agreed.item)
    record = dict(operation.agreed.record)
    if outcome.item is not None:
        item.update(_told(operation, operation.agreed.item, outcome.item.content))
    if outcome.record is not None:
        record.update(_told(operation, operation.agreed.record, outcome.record.fields))
    return Base(item={**before.item, **item}, record={**before.record, **record})


def _told(
    operation: Operation, agreed: Mapping[str, Any], told: Mapping[str, Any]
) -> dict[str, Any]:
    """The side's words for what was written, unless less than that was agreed on."""
    return {
        name: told[name]
        for name, sent in operation.fields.items()
        if name in told and agreed.get(name, sent) == sent
    }


def hold(
    link: Link,
    *,
    code: str,
    is_passing: bool,
    hint: str,
    digest: str,
    now: datetime,
    session_at: datetime,
) -> Link:
    """The link after a failed try: left alone until due, changed or released.

    Several rounds of one session, begun at `session_at`, are one attempt.
    """
    before = link.hold
    attempts = 1
    if before and before.code == code:
        is_same_session = before.last_try_at >= session_at
        attempts = before.attempts if is_same_session else before.attempts + 1
    held = Hold(
        code=code,
        since=before.since if before and before.code == code else now,
        attempts=attempts,
        last_try_at=now,
        retry_at=next_retry_at(attempts, now),
        is_passing=is_passing,
        hint=hint,
        digest=digest,
    )
    return replace(link, hold=held)


def postpone(link: Link, now: datetime) -> Link:
    """A held link after a look that changed nothing: the next one is later."""
    held = link.hold
    if held is None:
        return link
    attempts = held.attempts + 1
    return replace(
        link,
        hold=replace(
            held,
            attempts=attempts,
            last_try_at=now,
            retry_at=next_retry_at(attempts, now),
        ),
    )


def is_due(
    link: Link,
    *,
    now: datetime,
    is_asked: bool,
    hints: frozenset[str],
    insists: bool = False,
) -> bool:
    """Whether a held link deserves another try in this session.

    Args:
        link: A link with a hold.
        now: The session's time.
        is_asked: A person asked for this session.
        hints: What is known to have changed; see `ChangeSet.hints`.
        insists: The person wants everything tried, however recent the last try.
    """
    held = link.hold
    if held is None:
        return False
    if held.retry_at is not None and held.retry_at <= now:
        return True
    if any(h and h in hints for h in held.hint.split()):
        return True
    if insists or not is_asked:
        return insists
    return held.is_passing or now - held.last_try_at >= ASKED_AGAIN_AFTER
