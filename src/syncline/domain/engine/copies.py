"""Make the copies that are kept of writes, and compare them with what is there.

Values are compared, never times. A text of which only a fingerprint is kept is
compared by its fingerprint.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from syncline.domain.engine.pair import Pair
from syncline.domain.values.content import Value, encode
from syncline.domain.values.history import KeptWrite
from syncline.domain.values.ids import LinkKey
from syncline.domain.values.items import Item, Record
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.links import Base, Link
from syncline.domain.values.operations import (
    MarkOutcome,
    Operation,
    Outcome,
    Verb,
)
from syncline.domain.values.people import Person

#: Characters of a text that is kept whole although it is only ever compared.
WHOLE_TEXT = 120
#: Characters of a text that can be written back; a longer one is not kept.
LONGEST_COPY = 256_000
_FINGERPRINT = "blake2b:"


def kept_write(outcome: Outcome, pair: Pair | None, link: Link) -> KeptWrite:
    """The copy of a write that took effect.

    Args:
        outcome: What happened.
        pair: What was observed of the link before.
        link: The link before the write.
    """
    operation = outcome.operation
    verb = operation.verb
    return KeptWrite(
        key=operation.key,
        side=operation.side,
        verb=verb,
        kind=operation.kind,
        target_id=outcome.id or operation.target_id or "",
        name=link.name or _told_name(outcome),
        before=_before(operation, pair, link) if verb in _TAKES_AWAY else {},
        after=_after(outcome),
        version_before=operation.version,
        version_after=outcome.version,
        was_there=verb is Verb.CREATE and not outcome.created,
    )


_TAKES_AWAY = frozenset({Verb.UPDATE, Verb.DELETE})


def kept_person(person: Person) -> KeptWrite:
    """The copy of a person who was added to Salesforce; belongs to no link."""
    return KeptWrite(
        key=LinkKey(""),
        side=Side.CRM,
        verb=Verb.CREATE,
        kind=Kind.CONTACT,
        target_id=person.id,
        name=person.name or ", ".join(person.emails),
        after={"object": person.object_name, "emails": list(person.emails)},
    )


def kept_mark(outcome: MarkOutcome, before: tuple[str, ...], name: str) -> KeptWrite:
    """The copy of a change of categories.

    Args:
        outcome: What happened.
        before: Categories that the item was known to have.
        name: What a person calls the item.
    """
    order = outcome.order
    return KeptWrite(
        key=order.key,
        side=Side.MAILBOX,
        verb=Verb.UPDATE,
        kind=order.kind,
        target_id=order.item_id,
        name=name,
        before={"categories": list(before)},
        after={"categories": marked(before, order.add, order.remove)},
        version_after=outcome.version,
        is_mark=True,
    )


def marked(
    before: tuple[str, ...], add: tuple[str, ...], remove: tuple[str, ...]
) -> list[str]:
    """Categories after some came and some went; names compare without case."""
    gone = {name.casefold() for name in remove}
    kept = [name for name in before if name.casefold() not in gone]
    have = {name.casefold() for name in kept}
    return kept + [name for name in add if name.casefold() not in have]


def content_of(thing: Item | Record) -> dict[str, Any]:
    """What a thing says, in the form in which copies are kept."""
    if isinstance(thing, Item):
        return encode(thing.content)
    return dict(thing.fields)


def changed_fields(after: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Names of written fields that no longer say what was written.

    What this side never tells again cannot be compared; that nothing can be is no
    agreement.
    """
    told = [name for name in after if name in now]
    if after and not told:
        return list(after)
    return [name for name in told if not _is_same(after[name], now[name])]


def _is_same(kept: Any, now: Any) -> bool:
    if isinstance(kept, str) and kept.startswith(_FINGERPRINT):
        return isinstance(now, str) and kept in (now, _shortened(now))
    return bool(kept == now)


def is_shortened(text: str) -> bool:
    """Whether only a fingerprint of a text was kept."""
    return text.startswith(_FINGERPRINT)


def _told_name(outcome: Outcome) -> str:
    told = outcome.item or outcome.record or outcome.operation.item
    return told.name[:255] if told else ""


def _before(operation: Operation, pair: Pair | None, link: Link) -> dict[str, Any]:
    """What the write replaces; a field whose value is not known is not in it."""
    whole = _whole_before(operation, pair, link)
    if operation.verb is Verb.UPDATE:
        whole = {name: whole[name] for name in operation.fields if name in whole}
    return {name: value for name, value in whole.items() if not _is_too_long(value)}


def _whole_before(
    operation: Operation, pair: Pair | None, link: Link
) -> dict[str, Any]:
    base = link.base or Base()
    if operation.side is Side.CRM:
        if pair is not None and pair.record is not None:
            # Fields that the reading lacks are empty, as for the merge.
            return {**dict.fromkeys(operation.fields), **pair.record.fields}
        return dict(base.record)
    if operation.item is not None:
        return content_of(operation.item)
    if pair is not None and pair.item is not None:
        return content_of(pair.item)
    return encode(base.item)


def _after(outcome: Outcome) -> dict[str, Any]:
    """The written fields as the provider stored them, as far as it said so."""
    operation = outcome.operation
    if operation.verb is Verb.DELETE:
        return {}
    if operation.verb is Verb.ATTACH:
        return _file(operation)
    after = _encoded(operation)
    told = outcome.item if operation.side is Side.MAILBOX else outcome.record
    if told is not None:
        stored = content_of(told)
        after = {name: stored.get(name, value) for name, value in after.items()}
    if operation.verb is Verb.UPDATE:
        return {n: _shortened(v) if _is_too_long(v) else v for n, v in after.items()}
    return {name: _shortened(value) for name, value in after.items()}


def _encoded(operation: Operation) -> dict[str, Any]:
    if operation.side is Side.MAILBOX:
        fields: Mapping[str, Value] = operation.fields
        return encode(fields)
    return dict(operation.fields)


def _file(operation: Operation) -> dict[str, Any]:
    file = operation.fields["attachment"]
    return {"name": file.name, "size_bytes": file.size_bytes}


def _shortened(value: Any) -> Any:
    if not isinstance(value, str) or len(value) <= WHOLE_TEXT:
        return value
    raw = value.encode("utf-8", errors="replace")
    return f"{_FINGERPRINT}{hashlib.blake2b(raw, digest_size=16).hexdigest()}"


def _is_too_long(value: Any) -> bool:
    return isinstance(value, str) and len(value) > LONGEST_COPY
