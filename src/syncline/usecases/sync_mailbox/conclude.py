"""Say how a session ended and what that means for the mailbox."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from syncline.domain.access.mailbox import Standing
from syncline.domain.cadence.retry import ASKED_AGAIN_AFTER
from syncline.domain.cadence.schedule import next_run_at
from syncline.domain.cadence.streak import (
    TELL_AT,
    standing_after_failure,
    standing_after_success,
)
from syncline.domain.errors import (
    ConfigurationError,
    InterruptedSessionError,
    ProviderError,
)
from syncline.domain.issues import catalog
from syncline.domain.issues.catalog.entry import Disposition
from syncline.domain.issues.classify import Cause, classify
from syncline.domain.issues.docket import (
    MAILBOX_SUBJECT,
    connection_subject,
    issue_about,
)
from syncline.domain.issues.notice import ALL_CLEAR, Notice
from syncline.domain.ports import Commit, MailboxUpdate, NoticeSender
from syncline.domain.sessions import Session, SessionResult
from syncline.domain.values.faults import FaultClass
from syncline.domain.values.kinds import Side
from syncline.usecases.sync_mailbox.run import Run, evidence_of


def conclude(run: Run, failure: Exception | None, notices: NoticeSender) -> Session:
    """Store the session's end, and the standing that follows from it.

    A change of standing that needs a person, and its end, are told once, after
    they are durable.
    """
    cause = _cause(run, failure)
    if cause is None:
        for side in Side:
            run.docket.prove(connection_subject(side), run.now)
    elif _is_to_be_told(run, cause):
        _raise(run, cause, failure)
    session = _finished(run, failure, cause)
    update = _mailbox_update(run, failure, cause)
    run.books.ledger.commit(
        Commit(
            lease=run.lease,
            issues=run.docket.take_changed(),
            session=session,
            mailbox=update,
        )
    )
    notice = _notice(run, update.standing, cause)
    if notice is not None:
        notices.send(notice)
    return session


#: Standings in which a person must act, or at least know.
_TROUBLE = frozenset({Standing.NEEDS_RENEWAL, Standing.SUSPENDED})


def _notice(run: Run, standing: Standing, cause: Cause | None) -> Notice | None:
    before = run.mailbox.standing
    if standing is before:
        return None
    code = ""
    if standing in _TROUBLE and cause is not None:
        code = cause.code
    elif before in _TROUBLE and standing is Standing.ACTIVE:
        code = ALL_CLEAR
    if not code:
        return None
    return Notice(
        mailbox_id=run.mailbox.id,
        recipient=run.mailbox.address,
        code=code,
        occasion=f"session {run.session.id}",
        params=cause.params if cause else {},
    )


def _cause(run: Run, failure: Exception | None) -> Cause | None:
    match failure:
        case None:
            return None
        case ProviderError():
            side = run.failing_side or Side.CRM
            return classify(failure.fault, kind=None, side=side, verb="read")
        case ConfigurationError():
            return Cause(code=catalog.by_slug("field_table_senseless").code, params={})
        case InterruptedSessionError():
            return Cause(code=catalog.by_slug("session_timeout").code, params={})
        case _:
            return Cause(code=catalog.by_slug("internal_error").code, params={})


def _is_to_be_told(run: Run, cause: Cause) -> bool:
    """A passing fault is nobody's business before the third failed session."""
    entry = catalog.entry(cause.code)
    if entry.disposition is not Disposition.RETRY:
        return True
    return run.mailbox.streak + 1 >= TELL_AT


def _raise(run: Run, cause: Cause, failure: Exception | None) -> None:
    side = run.failing_side
    subject = connection_subject(side) if side else MAILBOX_SUBJECT
    issue = issue_about(
        mailbox_id=run.mailbox.id,
        code=cause.code,
        subject=subject,
        now=run.now,
        params=cause.params,
        side=side,
        operation="read",
    )
    fault = failure.fault if isinstance(failure, ProviderError) else None
    run.docket.raise_issue(replace(issue, evidence=evidence_of(fault)))


def _finished(run: Run, failure: Exception | None, cause: Cause | None) -> Session:
    open_count = run.docket.open_count()
    return replace(
        run.session,
        finished_at=run.now,
        result=_result(failure, open_count),
        error_code=cause.code if cause else "",
        tallies=run.tally(),
        requests={s: m.requests for s, m in run.sides.meters.items()},
        writes=dict(run.writes),
        issues_open=open_count,
        in_scope=dict(run.books.links.count(run.mailbox.id)),
    )


def _result(failure: Exception | None, open_count: int) -> SessionResult:
    match failure:
        case None:
            has_issues = open_count > 0
            return SessionResult.WITH_ISSUES if has_issues else SessionResult.FINISHED
        case InterruptedSessionError():
            return SessionResult.INTERRUPTED
        case _:
            return SessionResult.FAILED


def _mailbox_update(
    run: Run, failure: Exception | None, cause: Cause | None
) -> MailboxUpdate:
    mailbox = run.mailbox
    is_failed = cause is not None and not isinstance(failure, InterruptedSessionError)
    if is_failed:
        streak = mailbox.streak + 1
        fault_class = _fault_class(failure)
        standing = standing_after_failure(mailbox.standing, streak, fault_class)
        idle_count = 0
    else:
        streak = 0
        standing = standing_after_success(mailbox.standing)
        idle_count = 0 if run.saw_changes else mailbox.idle_count + 1
    due = next_run_at(
        now=run.now,
        interval=mailbox.policy.interval,
        idle_count=idle_count,
        standing=standing,
    )
    if is_failed and due is not None and streak < TELL_AT:
        due = run.now + timedelta(minutes=5)
    due = _no_later_than_held(run, due)
    return MailboxUpdate(
        standing=standing,
        streak=streak,
        idle_count=idle_count,
        next_run_at=due,
        swept_at=run.session.started_at if run.was_swept and not is_failed else None,
        swept_policy=mailbox.policy.digest,
    )


def _no_later_than_held(run: Run, due: datetime | None) -> datetime | None:
    """What passes by itself is tried again when it is due, not when the mailbox is."""
    if due is None:
        return None
    held = run.with_links(run.books.links.held(run.mailbox.id))
    tries = [
        x.hold.retry_at
        for x in held
        if x.hold and x.hold.is_passing and x.hold.retry_at
    ]
    return min([due, *(max(t, run.now + ASKED_AGAIN_AFTER) for t in tries)])


def _fault_class(failure: Exception | None) -> FaultClass | None:
    return failure.fault.fault_class if isinstance(failure, ProviderError) else None
