"""Compare both sides whole, whatever they reported: the streams may have lost a word.

Done after the ordinary rounds of a session, so that what is still found is what
no side had told. Due once in `Policy.sweep_after`, and when the policy changed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from syncline.domain.issues import catalog
from syncline.domain.issues.docket import issue_about
from syncline.usecases.sync_mailbox.run import Run

#: The subject of what a comparison found.
SWEEP_SUBJECT = "comparison"
_LISTED = 200


class Rounds(Protocol):
    """Runs rounds until one writes nothing."""

    def __call__(self, run: Run, *, is_first: bool) -> None:
        """Run them."""


class Round(Protocol):
    """Runs one round."""

    def __call__(self, run: Run, *, is_first: bool) -> bool:
        """Run it; answers whether another may find more to do."""


def is_sweep_due(run: Run) -> bool:
    """Whether this session ends with a whole comparison.

    A first session reads everything anyway, and counts as one.
    """
    mailbox = run.mailbox
    if run.is_braked:
        return False
    if run.began_empty:
        run.was_swept = True
        return False
    if mailbox.swept_at is None or _is_new_policy(run):
        return True
    return run.now - mailbox.swept_at >= mailbox.policy.sweep_after


def _is_new_policy(run: Run) -> bool:
    return run.mailbox.swept_policy != run.mailbox.policy.digest


def sweep(run: Run, one_round: Round, rounds: Rounds) -> None:
    """Compare everything, put right what differs, and report it.

    What a changed policy brings about is its effect, not drift.

    Raises:
        ProviderError: A side could not be read.
    """
    run.is_sweep = True
    goes_on = one_round(run, is_first=False)
    run.is_sweep = False
    run.was_swept = not run.is_braked
    if goes_on:
        rounds(run, is_first=False)
    if not _is_new_policy(run):
        _report(run)


def _report(run: Run) -> None:
    if not run.drift:
        run.docket.prove(SWEEP_SUBJECT, run.now)
        return
    issue = issue_about(
        mailbox_id=run.mailbox.id,
        code=catalog.by_slug("drift_found").code,
        subject=SWEEP_SUBJECT,
        now=run.now,
        params={"count": str(len(run.drift))},
    )
    run.docket.raise_issue(replace(issue, details=tuple(run.drift[:_LISTED])))
