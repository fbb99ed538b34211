"""Turn a provider's fault into a cause of the catalog, by tables.

The provider's own code is asked first, then what kind of fault it is. What
neither knows is `unclassified`: one issue that shows what the provider said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from syncline.domain.issues.catalog import by_slug
from syncline.domain.issues.catalog import microsoft365_answers as microsoft365
from syncline.domain.issues.catalog import salesforce_answers as salesforce
from syncline.domain.issues.facts import facts, inner_error, naming
from syncline.domain.values.faults import Fault, FaultClass
from syncline.domain.values.kinds import Kind, Side

#: The verb of a mark order, beside create, update, delete and read.
MARK = "mark"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Why something needs attention: a catalog code and the facts for its texts."""

    code: str
    params: dict[str, str] = field(default_factory=dict)


_SLUGS: dict[tuple[str, str], str] = {
    (answers.PROVIDER, code.casefold()): slug
    for answers in (salesforce, microsoft365)
    for code, slug in answers.SLUGS.items()
}

_PHRASES: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {
    (answers.PROVIDER, code.casefold()): phrases
    for answers in (salesforce, microsoft365)
    for code, phrases in answers.PHRASES.items()
}

_SLUG_OF_CLASS: dict[tuple[FaultClass, Side], str] = {
    (FaultClass.ACCESS, Side.MAILBOX): "mailbox_access_lost",
    (FaultClass.ACCESS, Side.CRM): "crm_access_lost",
    (FaultClass.PERMISSION, Side.MAILBOX): "permission_denied_mailbox",
    (FaultClass.PERMISSION, Side.CRM): "permission_denied_crm",
    (FaultClass.THROTTLED, Side.MAILBOX): "concurrency",
    (FaultClass.THROTTLED, Side.CRM): "concurrency",
    (FaultClass.ALLOWANCE, Side.MAILBOX): "concurrency",
    (FaultClass.ALLOWANCE, Side.CRM): "allowance_spent",
    (FaultClass.UNAVAILABLE, Side.MAILBOX): "mailbox_unavailable",
    (FaultClass.UNAVAILABLE, Side.CRM): "crm_unavailable",
    (FaultClass.NOT_FOUND, Side.MAILBOX): "record_gone",
    (FaultClass.NOT_FOUND, Side.CRM): "record_gone",
    (FaultClass.VERSION, Side.MAILBOX): "version_race",
    (FaultClass.VERSION, Side.CRM): "version_race",
    (FaultClass.EXISTS, Side.MAILBOX): "exists_already",
    (FaultClass.EXISTS, Side.CRM): "exists_already",
    (FaultClass.REJECTED, Side.MAILBOX): "unclassified",
    (FaultClass.REJECTED, Side.CRM): "unclassified",
    (FaultClass.WATERMARK, Side.MAILBOX): "reading_restarted",
    (FaultClass.WATERMARK, Side.CRM): "reading_restarted",
    (FaultClass.BAD_RESPONSE, Side.MAILBOX): "garbled_answer",
    (FaultClass.BAD_RESPONSE, Side.CRM): "garbled_answer",
}

#: Refusals that stop a mailbox when they meet a whole call, and one item only
#: when they meet one item.
_SLUG_OF_ITEM = {
    "permission_denied_mailbox": "no_access_to_record",
    "permission_denied_crm": "no_access_to_record",
    "object_hidden": "no_access_to_record",
    "mailbox_moved": "record_gone",
}

#: Answers that make sense about one thing; to a whole call they say no more than
#: that the service is not itself.
_SLUG_OF_CALL = {
    (slug, side): unavailable
    for slug in ("record_gone", "reading_restarted", "version_race", "exists_already")
    for side, unavailable in (
        (Side.MAILBOX, "mailbox_unavailable"),
        (Side.CRM, "crm_unavailable"),
    )
}

#: Codes that only wrap another one.
_WRAPPERS = frozenset(
    {"CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "CANNOT_EXECUTE_FLOW_TRIGGER"}
)


def classify(fault: Fault, *, kind: Kind | None, side: Side, verb: str) -> Cause:
    """Find the cause of a fault.

    Args:
        fault: What the provider answered.
        kind: Of the item it is about; None when a whole call failed.
        side: Which side answered.
        verb: create, update, delete, read or mark.
    """
    inner = _unwrap(fault)
    slug = "mark_failed" if verb == MARK else _find_slug(inner, side)
    if kind is not None:
        slug = _SLUG_OF_ITEM.get(slug, slug)
    else:
        slug = _SLUG_OF_CALL.get((slug, side), slug)
    params = facts(inner, slug, kind=kind, side=side)
    return Cause(code=by_slug(slug).code, params=params)


def cause_of(
    slug: str,
    params: Mapping[str, str] | None = None,
    *,
    kind: Kind | None = None,
    side: Side | None = None,
) -> Cause:
    """A cause that the engine itself found, in words for this kind and side.

    Raises:
        KeyError: The catalog has no such slug.
    """
    named = naming(kind, side)
    return Cause(code=by_slug(slug).code, params=named | dict(params or {}))


def answers_of(slug: str) -> list[tuple[str, str]]:
    """Provider and code of every answer that the tables lead to `slug`."""
    found = {
        (answers.PROVIDER, code)
        for answers in (microsoft365, salesforce)
        for code, target in answers.SLUGS.items()
        if target == slug
    }
    found |= {
        (answers.PROVIDER, code)
        for answers in (microsoft365, salesforce)
        for code, choices in answers.PHRASES.items()
        if slug in {target for _, target in choices}
    }
    return sorted(found)


def _find_slug(fault: Fault, side: Side) -> str:
    key = (fault.provider, fault.code.casefold())
    message = fault.message.casefold()
    named = message + " " + " ".join(fault.fields).casefold()
    for phrase, slug in _PHRASES.get(key, ()):
        if phrase in named:
            return slug
    return _SLUGS.get(key) or _SLUG_OF_CLASS[fault.fault_class, side]


def _unwrap(fault: Fault) -> Fault:
    """The fault inside, where an automation passes on why it failed."""
    if fault.code not in _WRAPPERS:
        return fault
    inside = inner_error(fault.message)
    if inside is None or (fault.provider, inside[0].casefold()) not in _SLUGS:
        return fault
    return replace(fault, code=inside[0], message=inside[1])
