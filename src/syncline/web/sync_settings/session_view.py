"""*Last session details* as a table: a row per kind and direction."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise

from syncline.domain.issues import remedy
from syncline.domain.issues.catalog import known
from syncline.domain.issues.catalog.entry import Entry
from syncline.domain.sessions import Counted, Session, SessionResult, Tally
from syncline.domain.values.kinds import Kind, Side
from syncline.web.sync_settings import words

#: What most sessions have; the other columns appear when there is something in them.
_ALWAYS = (Counted.CREATED, Counted.UPDATED, Counted.DELETED, Counted.FAILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What happened to one kind in one direction; one number for each column."""

    kind: Promise
    direction: Promise
    counts: tuple[tuple[Promise, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """How many of a kind were left alone for one reason."""

    kind: Promise
    count: int
    reason: Promise | str


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionView:
    """A finished session, ready to be shown."""

    session: Session
    result: Entry
    error: Entry | None
    duration: timedelta
    columns: tuple[Promise, ...]
    rows: tuple[Row, ...]
    skipped: tuple[Skipped, ...]
    requests: tuple[tuple[Promise, int], ...]

    @property
    def title(self) -> str:
        """How it ended; a failure is called by its cause, if that is known."""
        return remedy.title((self.error or self.result).code, {})

    @property
    def has_failed(self) -> bool:
        """Whether it could not do its work."""
        return self.error is not None


def session_view(session: Session) -> SessionView:
    """A finished session as a table."""
    shown = [c for c in Counted if c in _ALWAYS or _sum(session.tallies, c)]
    met = {(t.kind, t.side) for t in session.tallies}
    groups = [(k, s) for k in Kind for s in reversed(Side) if (k, s) in met]
    return SessionView(
        session=session,
        result=known(session.result),
        error=_error(session),
        duration=(session.finished_at or session.started_at) - session.started_at,
        columns=tuple(words.COUNTED[c] for c in shown),
        rows=tuple(
            _row([t for t in session.tallies if (t.kind, t.side) == group], shown)
            for group in groups
        ),
        skipped=_skipped(session.tallies),
        requests=tuple((words.REQUESTS[s], session.requests.get(s, 0)) for s in Side),
    )


def _skipped(tallies: tuple[Tally, ...]) -> tuple[Skipped, ...]:
    """The most frequent reasons of each kind first."""
    kinds = list(Kind)
    counts: Counter[tuple[Kind, str]] = Counter()
    for tally in tallies:
        if tally.counted == Counted.SKIPPED:
            counts[(tally.kind, tally.reason)] += tally.count
    ordered = sorted(counts.items(), key=lambda c: (kinds.index(c[0][0]), -c[1]))
    return tuple(
        Skipped(
            kind=words.KINDS_IN_SCOPE[kind],
            count=count,
            reason=words.SKIPPED.get(reason, reason),
        )
        for (kind, reason), count in ordered
    )


def _error(session: Session) -> Entry | None:
    """Why it failed; an interrupted session has not, the next one goes on."""
    has_failed = session.result == SessionResult.FAILED
    return known(session.error_code) if has_failed and session.error_code else None


def _row(tallies: list[Tally], shown: list[Counted]) -> Row:
    first = tallies[0]
    return Row(
        kind=words.KINDS_IN_SCOPE[first.kind],
        direction=words.DIRECTIONS[first.side],
        counts=tuple((words.COUNTED[c], _sum(tallies, c)) for c in shown),
    )


def _sum(tallies: tuple[Tally, ...] | list[Tally], counted: Counted) -> int:
    return sum(t.count for t in tallies if t.counted == counted)
