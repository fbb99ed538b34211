"""Order the decisions into a plan, and refuse a plan that looks like a disaster."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from syncline.domain.access.policy import Policy
from syncline.domain.engine.decisions import Decision
from syncline.domain.engine.findings import Finding
from syncline.domain.engine.unsync import LEFT_WINDOW
from syncline.domain.values.ids import LinkKey
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.links import Link, LinkState
from syncline.domain.values.operations import Operation, Verb
from syncline.domain.values.people import NewPerson


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything a round intends, in order: Salesforce first, then mailbox."""

    operations: tuple[Operation, ...] = ()
    findings: tuple[Finding, ...] = ()
    #: Stored links that change without any write.
    links: tuple[Link, ...] = ()
    #: Every link that was decided about, as it stands now.
    decided: Mapping[LinkKey, Link] = field(default_factory=dict)
    forgotten: tuple[LinkKey, ...] = ()
    #: Links on which both sides were seen to agree.
    agreed: frozenset[LinkKey] = frozenset()
    skipped: tuple[tuple[Kind, Side, str, int], ...] = ()
    #: Persons who must be in Salesforce before the rest can be planned.
    people: tuple[NewPerson, ...] = ()

    @property
    def deletions(self) -> tuple[Operation, ...]:
        """The writes that take something away, and might do so by mistake.

        What left the time window goes by the calendar, not by what a listing
        lacks.
        """
        return tuple(o for o in self.operations if _is_risky(o))

    def without_deletions(self) -> Plan:
        """The rest of a plan whose deletions wait for a person."""
        kept = tuple(o for o in self.operations if not _is_risky(o))
        return replace(self, operations=kept)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be written on either side."""
        return not self.operations


def _is_risky(operation: Operation) -> bool:
    return operation.verb is Verb.DELETE and operation.reason != LEFT_WINDOW


@dataclass(frozen=True, slots=True, kw_only=True)
class Braked:
    """A plan that is held until a person confirms it."""

    digest: str
    lines: tuple[str, ...]
    reason: str


def plan(decisions: Iterable[Decision], stored: Mapping[LinkKey, Link]) -> Plan:
    """Collect decisions; creates before updates before deletes on each side.

    Args:
        decisions: One per link.
        stored: Links as they are remembered, to tell which of them changed.
    """
    operations: list[Operation] = []
    findings: list[Finding] = []
    links: list[Link] = []
    decided: dict[LinkKey, Link] = {}
    forgotten: list[LinkKey] = []
    agreed: set[LinkKey] = set()
    skipped: Counter[tuple[Kind, Side, str]] = Counter()
    people: dict[str, NewPerson] = {}
    for decision in decisions:
        link = decision.link
        operations.extend(decision.operations)
        findings.extend(decision.findings)
        people.update({p.email: p for p in decision.people})
        if decision.skipped:
            skipped[(link.kind, link.origin.other, decision.skipped)] += 1
        if decision.agrees:
            agreed.add(link.key)
        if decision.forget:
            is_marked = bool(link.marks) and decision.pair.item is not None
            if link.key in stored or is_marked:
                forgotten.append(link.key)
            if link.key not in stored and is_marked:
                # An earlier life of ours marked it: that has to come off first.
                links.append(link)
            continue
        decided[link.key] = link
        if not decision.operations and _is_news(decision, stored):
            links.append(link)
    operations.sort(key=_rank)
    return Plan(
        operations=tuple(operations),
        findings=tuple(findings),
        links=tuple(links),
        decided=decided,
        forgotten=tuple(forgotten),
        agreed=frozenset(agreed),
        skipped=tuple((*key, n) for key, n in skipped.items()),
        people=tuple(people.values()),
    )


def _is_news(decision: Decision, stored: Mapping[LinkKey, Link]) -> bool:
    """Whether a link that needs no write must be remembered as it now stands."""
    link = decision.link
    before = stored.get(link.key)
    if before is not None:
        return before is not link and before != link
    return decision.agrees and link.state is LinkState.LINKED


_VERB_RANK = {Verb.CREATE: 0, Verb.UPDATE: 1, Verb.DELETE: 2, Verb.ATTACH: 3}


def _rank(operation: Operation) -> tuple[bool, int, str]:
    return (
        operation.side is Side.MAILBOX,
        _VERB_RANK[operation.verb],
        operation.kind,
    )


def brake(
    intended: Plan, link_count: int, policy: Policy, *, emptied: str, confirmed: str
) -> Braked | None:
    """Whether the plan must wait for a person.

    Args:
        intended: The plan.
        link_count: Links of the mailbox that are in step.
        policy: How many deletions are too many.
        emptied: Names the side whose listing was suspiciously empty, if any.
        confirmed: Digest of the plan that a person has confirmed.
    """
    deletions = intended.deletions
    # A series that is deleted is one thing to a person, however many dates it has.
    count = len({o.link.subject_key for o in deletions})
    too_many = count > policy.brake_count and count > policy.brake_share * link_count
    if not too_many and not (emptied and deletions):
        return None
    targets = sorted(f"{o.side}:{o.kind}:{o.target_id}" for o in deletions)
    digest = hashlib.sha256("\n".join(targets).encode()).hexdigest()[:32]
    if digest == confirmed:
        return None
    lines = tuple(_deletion_line(o) for o in deletions)
    return Braked(digest=digest, lines=lines, reason=emptied or "many deletions")


def _deletion_line(operation: Operation) -> str:
    place = "Salesforce" if operation.side is Side.CRM else "the mailbox"
    name = operation.link.name or operation.target_id
    return f"Delete {operation.kind} “{name}” in {place}"
