"""Do what was planned, batch by batch, and remember each outcome before the next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from syncline.domain.cadence.streak import TELL_AT
from syncline.domain.engine.copies import kept_person, kept_write
from syncline.domain.engine.digest import digest
from syncline.domain.engine.direction import forbidden
from syncline.domain.engine.findings import Finding
from syncline.domain.engine.guests import leaves_open, mailed
from syncline.domain.engine.invitees import without_invitees
from syncline.domain.engine.plan import Plan
from syncline.domain.engine.settle import hold, postpone, settle
from syncline.domain.errors import (
    InterruptedSessionError,
    ItemError,
    ProviderError,
)
from syncline.domain.issues import catalog
from syncline.domain.issues.catalog.entry import Disposition
from syncline.domain.issues.classify import Cause, cause_of, classify
from syncline.domain.ports import ItemWriter
from syncline.domain.sessions import Counted
from syncline.domain.values.content import Attachment
from syncline.domain.values.faults import Fault, FaultClass
from syncline.domain.values.ids import LinkKey
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.links import Base, Link, LinkState
from syncline.domain.values.operations import Operation, Outcome, Verb
from syncline.domain.values.people import NewPerson
from syncline.usecases.sync_mailbox.fit import fitted, refit, tell_cuts
from syncline.usecases.sync_mailbox.run import Run, without_hold

_COUNTED = {
    Verb.CREATE: Counted.CREATED,
    Verb.UPDATE: Counted.UPDATED,
    Verb.DELETE: Counted.DELETED,
    Verb.ATTACH: Counted.ATTACHED,
}


#: Objects whose description tells whether a refusal may be over.
_OBJECT_NAMES = {
    Kind.EVENT: "Event",
    Kind.CONTACT: "Contact",
    Kind.TASK: "Task",
    Kind.MESSAGE: "EmailMessage",
}

#: Faults that are not about one item, wherever they are met.
_CLOSED = frozenset({FaultClass.ACCESS, FaultClass.ALLOWANCE})


def record_decisions(run: Run, intended: Plan, due: frozenset[LinkKey]) -> None:
    """Remember what the plan says without any write.

    Args:
        run: The session.
        intended: The plan.
        due: Held links that this round looked at again.
    """
    _prove_readings(run)
    run.decided(intended.decided)
    run.keep(intended.links)
    run.forget(intended.forgotten)
    for kind, side, reason, n in intended.skipped:
        run.count(kind, side, Counted.SKIPPED, by=n, reason=reason)
    for finding in intended.findings:
        _raise_finding(run, finding)
    for key in intended.agreed:
        _prove_agreement(run, key)
    _postpone(run, due - {o.key for o in intended.operations})


def _prove_readings(run: Run) -> None:
    """What could be read now is not unreadable any longer."""
    unreadable = catalog.by_slug("unreadable_item").code
    for found in run.pairs.values():
        if found.is_readable:
            run.prove(found.link, only=unreadable)


def _postpone(run: Run, keys: Iterable[LinkKey]) -> None:
    """Do not look in every session at what was looked at in vain."""
    for key in keys:
        link = run.link(key)
        held = link.hold if link else None
        if link and held and held.last_try_at < run.session.started_at:
            run.keep([postpone(link, run.now)])


def _raise_finding(run: Run, finding: Finding) -> None:
    link = run.link(finding.key)
    assert link is not None, "a finding is about a link of this round"
    cause = cause_of(finding.slug, finding.params, kind=link.kind, side=finding.side)
    if finding.holds:
        held = _put_on_hold(run, link, cause)
        is_double = finding.slug == "duplicates_would_be_made"
        counted = Counted.DUPLICATE if is_double else Counted.FAILED
        run.count(link.kind, finding.side, counted)
        is_early = finding.is_passing and _attempts(held) < TELL_AT
        if not is_early and not _is_quiet(held, cause):
            run.raise_about_link(
                held,
                cause,
                side=finding.side,
                operation=finding.verb,
                details=finding.details,
            )
    else:
        run.raise_about_link(
            link,
            cause,
            side=finding.side,
            operation=finding.verb,
            details=finding.details,
        )
        run.keep([link])
        _count_told(run, link, finding)


def _count_told(run: Run, link: Link, finding: Finding) -> None:
    if finding.slug == "attachment_left_out":
        reason = "saved without some of its files"
        run.count(link.kind, finding.side, Counted.SKIPPED, reason=reason)
    else:
        run.count(link.kind, finding.side, Counted.CONFLICT)


def _is_quiet(held: Link, cause: Cause) -> bool:
    """Whether it passes by itself and has not lasted: then nobody is told."""
    passes = catalog.entry(cause.code).disposition is Disposition.RETRY
    return passes and _attempts(held) < TELL_AT


def _attempts(held: Link) -> int:
    return held.hold.attempts if held.hold else 1


def _prove_agreement(run: Run, key: LinkKey) -> None:
    """Both sides were compared and agree: what held the link is over."""
    link = run.link(key)
    if link is None:
        return
    if link.hold is not None:
        run.keep([without_hold(link)])
    elif link.state is not LinkState.TOMBSTONE and not link.is_series:
        return
    run.prove(link)


def carry_out(run: Run, operations: Sequence[Operation]) -> int:
    """Write all operations; answers how many took effect.

    Raises:
        ProviderError: A side failed as a whole; what was done is committed, the
            rest comes back with the next session, because the watermark stays.
        InterruptedSessionError: The session's time is up.
    """
    done = 0
    for side in (Side.CRM, Side.MAILBOX):
        todo = [o for o in operations if o.side is side]
        writer = run.sides.writer(side)
        for start in range(0, len(todo), writer.batch_size):
            _check_time(run)
            batch = [_current(run, o) for o in todo[start : start + writer.batch_size]]
            _announce(run, batch)
            run.failing_side = side
            outcomes = _written(run, writer, batch)
            run.failing_side = None
            _learn_names(run, outcomes)
            for outcome in outcomes:
                done += 0 if _is_closed(outcome) else _settle(run, outcome)
            run.commit()
            _stop_if_closed(run, side, outcomes)
    return done


def _is_closed(outcome: Outcome) -> bool:
    return outcome.fault is not None and outcome.fault.fault_class in _CLOSED


def _stop_if_closed(run: Run, side: Side, outcomes: Sequence[Outcome]) -> None:
    """A side that closes in the middle of a batch ends the session, not an item."""
    for outcome in outcomes:
        if outcome.fault is not None and _is_closed(outcome):
            run.failing_side = side
            raise ProviderError.of(outcome.fault)


def _written(run: Run, writer: ItemWriter, batch: Sequence[Operation]) -> list[Outcome]:
    """Write what may be written that way; the rest is refused before it is sent."""
    outcomes: list[Outcome] = []
    allowed: list[Operation] = []
    for operation in batch:
        fault = forbidden(operation, run.mailbox.policy)
        if fault is not None:
            outcomes.append(Outcome(operation=operation, fault=fault))
        elif operation.verb is Verb.ATTACH:
            outcomes.append(_attached(run, writer, operation))
        else:
            allowed.append(fitted(run, operation))
    if allowed:
        outcomes.extend(refit(run, writer, writer.write(allowed)))
    return outcomes


def _attached(run: Run, writer: ItemWriter, operation: Operation) -> Outcome:
    """Carry one file across; never more than one is in memory."""
    file = operation.fields["attachment"]
    assert isinstance(file, Attachment)
    assert operation.item is not None
    try:
        content = run.sides.attachments.attachment(operation.item.id, file.id)
    except ItemError as error:
        return Outcome(operation=operation, fault=error.fault)
    laden = replace(operation, fields={**operation.fields, "bytes": content})
    (outcome,) = writer.write([laden])
    return replace(outcome, operation=operation)


def make_people(run: Run, people: Sequence[NewPerson]) -> None:
    """Make persons whom new records are to be tied to, as the profile wants it.

    Whom Salesforce refuses is left out; the record is made without them.

    Raises:
        ProviderError: Salesforce could not be asked.
    """
    run.failing_side = Side.CRM
    made = run.sides.directory.create_people(people)
    run.failing_side = None
    for person, answer in zip(people, made, strict=True):
        run.count_write(Side.CRM)
        if isinstance(answer, Fault):
            run.refused_people.add(person.email)
            run.count(Kind.CONTACT, Side.CRM, Counted.FAILED)
        else:
            run.count(Kind.CONTACT, Side.CRM, Counted.CREATED)
            run.remember(kept_person(answer))


def _announce(run: Run, operations: Sequence[Operation]) -> None:
    """Remember what is about to be made, in case we never hear of it.

    Should one end be deleted before the next session, the other is known to be
    our copy of it and not something new.
    """
    for operation in operations:
        link = run.link(operation.key) or operation.link
        if operation.verb is Verb.CREATE and link.state is LinkState.PENDING:
            run.keep([replace(link, base=_announced(operation))])
    run.commit()


def _announced(operation: Operation) -> Base:
    """What a create was to agree on; invitees are written after their event."""
    if operation.side is Side.CRM and operation.kind is Kind.EVENT:
        return without_invitees(operation.agreed)
    return operation.agreed


def _learn_names(run: Run, outcomes: Sequence[Outcome]) -> None:
    """Ask once who the users are that refusals name, so that people read names."""
    faults = [o.fault for o in outcomes if o.fault is not None]
    ids = {i for f in faults for i in _user_ids(f.message)} - run.user_names.keys()
    if not ids:
        return
    run.user_names.update({i: i for i in ids})
    try:
        run.user_names.update(run.sides.finder.user_names(sorted(ids)))
    except ProviderError:
        return


def _check_time(run: Run) -> None:
    spent = run.now - run.session.started_at
    if spent > run.mailbox.policy.session_timeout:
        raise InterruptedSessionError(f"after {spent}")


def _current(run: Run, operation: Operation) -> Operation:
    """The operation on the newest form of its link."""
    link = run.links.get(operation.key)
    if link is None or operation.verb is Verb.CREATE:
        return operation
    return replace(operation, link=link)


def _settle(run: Run, outcome: Outcome) -> int:
    operation = outcome.operation
    before = run.link(operation.key) or operation.link
    if operation.verb is Verb.CREATE and outcome.is_done:
        before = _for_create(before, operation)
    settled = settle(before, outcome, run.now)
    run.count_write(operation.side)
    if settled.fault is None:
        tell_cuts(run, settled.link, operation)
        run.remember(kept_write(outcome, run.pair_before(operation.key), before))
        if operation.key in run.failed:
            # The other side of the link refused its part: that still holds.
            run.keep([replace(settled.link, hold=before.hold)])
        else:
            run.keep([settled.link])
            run.prove(settled.link)
        if outcome.item is not None:
            run.items[operation.key] = outcome.item
        if operation.kind is Kind.MESSAGE and operation.verb is Verb.CREATE:
            # Its files follow in the next round.
            run.recheck.add(operation.key)
        if leaves_open(settled.link, outcome, run.pair_before(operation.key)):
            run.recheck.add(operation.key)
        _count_done(run, operation)
        return 1
    run.failed.add(operation.key)
    _fail(run, settled.link, operation, settled.fault)
    if settled.recheck:
        run.recheck.add(operation.key)
    return 0


def _count_done(run: Run, operation: Operation) -> None:
    run.count(operation.kind, operation.side, _COUNTED[operation.verb])
    if run.is_sweep:
        run.count(operation.kind, operation.side, Counted.DRIFT)
        place = "Salesforce" if operation.side is Side.CRM else "the mailbox"
        name = operation.link.name or operation.target_id or ""
        run.drift.append(f"{operation.verb} {operation.kind} “{name}” in {place}")
    if count := mailed(operation):
        run.count(operation.kind, operation.side, Counted.MAILED, by=count)


def _for_create(link: Link, operation: Operation) -> Link:
    """The link as a create starts from it: without the end that is gone."""
    if operation.side is Side.CRM:
        return replace(link, record_id=None, record_version="")
    return replace(link, item_id=None, item_version="", marks=())


def _fail(run: Run, link: Link, operation: Operation, fault: Fault) -> None:
    cause = classify(
        fault, kind=operation.kind, side=operation.side, verb=operation.verb
    )
    owner = cause.params.get("owner", "")
    if owner in run.user_names:
        cause = replace(cause, params={**cause.params, "owner": run.user_names[owner]})
    if link.state is LinkState.PENDING and not fault.is_passing:
        link = replace(link, base=None)
    held = _put_on_hold(run, link, cause, fault)
    run.count(operation.kind, operation.side, Counted.FAILED)
    if _is_quiet(held, cause):
        return
    run.raise_about_link(
        held, cause, side=operation.side, operation=operation.verb, fault=fault
    )


def _put_on_hold(
    run: Run, link: Link, cause: Cause, fault: Fault | None = None
) -> Link:
    before = link.hold
    is_same = before is not None and before.code == cause.code and fault is None
    if is_same and before and before.last_try_at >= run.session.started_at:
        return link
    entry = catalog.entry(cause.code)
    found = run.pairs.get(link.key)
    held = hold(
        link,
        code=cause.code,
        is_passing=entry.disposition is Disposition.RETRY,
        hint=_hint(link, fault),
        digest=digest(found, run.mappings) if found else "",
        now=run.now,
        session_at=run.session.started_at,
    )
    run.keep([held])
    return held


def _hint(link: Link, fault: Fault | None) -> str:
    """What would make another try worthwhile, in the words of `ChangeSet.hints`."""
    hints = [f"describe:{_OBJECT_NAMES[link.kind]}"]
    if link.record_id:
        hints.append(f"record:{link.record_id}")
    if fault is not None:
        hints.extend(f"record:{m}" for m in fault.matches)
        hints.extend(f"user:{m}" for m in _user_ids(fault.message))
    return " ".join(hints)


def _user_ids(message: str) -> list[str]:
    """Salesforce user ids (prefix 005) that a message names."""
    words = message.replace("[", " ").replace("]", " ").split()
    return [w for w in words if w.startswith("005") and len(w) in (15, 18)]
