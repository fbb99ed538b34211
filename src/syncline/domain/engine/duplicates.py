"""Stop before several equal things are made at once (SD0025).

Equal subject and time from the mailbox twice, or from Salesforce ten times, is
more likely another program's doing than a person's (reference 5.6).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from syncline.domain.engine.decisions import Decision
from syncline.domain.engine.findings import Finding
from syncline.domain.mapping.event import starts_at
from syncline.domain.values.content import format_instant
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.operations import Operation, Verb

#: How many equal creations on a side are suspicious.
LIMITS = {Side.CRM: 2, Side.MAILBOX: 10}
_LISTED = 5


def hold_duplicates(decisions: Sequence[Decision]) -> list[Decision]:
    """The decisions, with creations that would make duplicates held back."""
    groups: dict[tuple[Side, str, str], list[int]] = defaultdict(list)
    for index, decision in enumerate(decisions):
        for operation in decision.operations:
            nature = _nature(operation)
            if nature is not None:
                groups[nature].append(index)
    held = list(decisions)
    for (side, _, _), indexes in groups.items():
        if len(indexes) >= LIMITS[side]:
            names = [_line(decisions[i]) for i in indexes]
            for i in indexes:
                held[i] = _held(decisions[i], side, names)
    return held


def _nature(operation: Operation) -> tuple[Side, str, str] | None:
    """Subject and start of an event that is to be made."""
    if operation.verb is not Verb.CREATE or operation.kind is not Kind.EVENT:
        return None
    content = operation.agreed.item
    start = starts_at(content.get("when"))
    subject = content.get("subject")
    if start is None or not subject:
        return None
    return operation.side, str(subject).casefold(), format_instant(start)


def _line(decision: Decision) -> str:
    content = decision.operations[0].agreed.item
    start = starts_at(content.get("when"))
    when = f"{start:%Y-%m-%d %H:%M} UTC" if start else ""
    end = decision.link.item_id or decision.link.record_id or ""
    return f"“{content.get('subject')}”, {when} ({end})"


def _held(decision: Decision, side: Side, names: list[str]) -> Decision:
    finding = Finding(
        slug="duplicates_would_be_made",
        key=decision.link.key,
        side=side,
        verb=Verb.CREATE,
        params={
            "count": str(len(names)),
            "matches": "; ".join(names[:_LISTED]),
        },
        details=tuple(names),
    )
    return replace(decision, operations=(), findings=(finding,))
