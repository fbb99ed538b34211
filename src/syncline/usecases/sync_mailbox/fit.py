"""Cut text that a record field cannot hold, and say so; the item keeps all of it.

Standard lengths are known without asking. Where an org made a field shorter,
Salesforce says so once; then it is asked, and the write is done again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from syncline.domain.issues.classify import cause_of
from syncline.domain.mapping.cuts import Cut, fit
from syncline.domain.mapping.lengths import lengths_of, lengths_of_message, told
from syncline.domain.ports import ItemWriter
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.links import Base, Link
from syncline.domain.values.operations import Operation, Outcome, Verb
from syncline.usecases.sync_mailbox.run import Run

_TOO_LONG = "STRING_TOO_LONG"


def fitted(run: Run, operation: Operation) -> Operation:
    """The operation with text that fits, as far as lengths are known."""
    if operation.side is not Side.CRM or operation.verb is Verb.DELETE:
        return operation
    fields, cuts = fit(operation.fields, _lengths(run, operation))
    if not cuts:
        return operation
    run.cuts[operation.key] = (*run.cuts.get(operation.key, ()), *cuts)
    agreed = operation.agreed
    if operation.kind is not Kind.MESSAGE:
        kept = {name: fields[name] for name in fields if name in agreed.record}
        agreed = Base(item=agreed.item, record={**agreed.record, **kept})
    return replace(operation, fields=fields, agreed=agreed)


def _lengths(run: Run, operation: Operation) -> Mapping[str, int]:
    if operation.kind is Kind.MESSAGE:
        return lengths_of_message(operation.fields)
    facts = run.facts.get(operation.kind, {})
    return lengths_of(run.mappings[operation.kind], facts)


def refit(run: Run, writer: ItemWriter, outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Do again what was too long for a field that this org made shorter.

    Raises:
        ProviderError: Salesforce could not be asked.
    """
    long = [o for o in outcomes if o.fault is not None and o.fault.code == _TOO_LONG]
    again: dict[str, Operation] = {}
    for outcome in long:
        operation = outcome.operation
        _ask(run, operation.kind)
        shorter = fitted(run, operation)
        if shorter is not operation:
            again[operation.key] = shorter
    if not again:
        return list(outcomes)
    redone = {o.operation.key: o for o in writer.write(list(again.values()))}
    return [redone.get(o.operation.key, o) if o in long else o for o in outcomes]


def _ask(run: Run, kind: Kind) -> None:
    if kind not in run.facts and kind is not Kind.MESSAGE:
        object_name = run.mappings[kind].object_name
        run.facts[kind] = run.sides.schema.fields(object_name)


def tell_cuts(run: Run, link: Link, operation: Operation) -> None:
    """Raise a note about what was cut, once the write is done."""
    cuts: tuple[Cut, ...] = run.cuts.pop(operation.key, ())
    if not cuts or operation.side is not Side.CRM:
        return
    params = told(link.kind, cuts, run.facts.get(link.kind, {}))
    cause = cause_of("text_was_cut", params, kind=link.kind, side=Side.CRM)
    run.raise_about_link(link, cause, side=Side.CRM, operation=operation.verb)
