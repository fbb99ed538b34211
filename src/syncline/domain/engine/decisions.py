"""What a decision may look at, and what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from syncline.domain.access.mailbox import Mailbox
from syncline.domain.engine.findings import Finding
from syncline.domain.engine.pair import Pair
from syncline.domain.mapping import MAPPINGS, KindMapping
from syncline.domain.values.changes import Presence
from syncline.domain.values.faults import Fault, FaultClass
from syncline.domain.values.ids import LinkKey
from syncline.domain.values.items import Window
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.links import Link
from syncline.domain.values.operations import Operation, Verb
from syncline.domain.values.people import (
    Company,
    Deal,
    NewPerson,
    Person,
    Traits,
)

#: How connectors call an answer that cannot be understood.
_SENSELESS = "BadResponse"
#: Faults of a look that the next one need not meet: somebody else was at it.
_PASSING = frozenset(
    {
        FaultClass.THROTTLED,
        FaultClass.UNAVAILABLE,
        FaultClass.VERSION,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What Salesforce says about the addresses of this round's new items.

    People by lower-case address, companies by domain, deals by account.
    """

    people: Mapping[str, tuple[Person, ...]] = field(default_factory=dict)
    companies: Mapping[str, tuple[Company, ...]] = field(default_factory=dict)
    #: Accounts by lower-case company name as it stands on a contact.
    named: Mapping[str, tuple[Company, ...]] = field(default_factory=dict)
    deals: Mapping[str, tuple[Deal, ...]] = field(default_factory=dict)
    #: Addresses for which Salesforce refused to make a person.
    refused: frozenset[str] = frozenset()
    #: People who were invited in Salesforce, by record id.
    by_id: Mapping[str, Person] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What a decision may look at besides the pair."""

    mailbox: Mailbox
    window: Window
    now: datetime
    #: Meeting uids whose organizer's own mailbox has synchronized them.
    synced_uids: frozenset[str] = frozenset()
    #: Series that are in step as such, so that their occurrences may be saved.
    good_series: frozenset[LinkKey] = frozenset()
    traits: Traits = field(default_factory=Traits)
    known: Known = field(default_factory=Known)
    mappings: Mapping[Kind, KindMapping] = field(default_factory=lambda: MAPPINGS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to do about one link.

    `link` is how the link stands when nothing needs writing; operations carry
    the link they start from. `agrees` says that both sides were compared and
    nothing is left to do.
    """

    pair: Pair
    link: Link
    operations: tuple[Operation, ...] = ()
    findings: tuple[Finding, ...] = ()
    skipped: str = ""
    forget: bool = False
    agrees: bool = False
    #: Persons who must be in Salesforce before this can be saved.
    people: tuple[NewPerson, ...] = ()


def nothing(pair: Pair, *, skipped: str = "", agrees: bool = False) -> Decision:
    """Leave the link as it is."""
    return Decision(pair=pair, link=pair.link, skipped=skipped, agrees=agrees)


def found(pair: Pair, finding: Finding | None) -> Decision:
    """Leave the link as it is and tell why."""
    told = (finding,) if finding else ()
    return Decision(pair=pair, link=pair.link, findings=told)


def unreadable(pair: Pair) -> Decision:
    """One end exists and cannot be read: it is not gone."""
    side = Side.MAILBOX if pair.item_presence is Presence.UNREADABLE else Side.CRM
    params = {"detail": pair.fault.message[:200]} if pair.fault else {}
    finding = Finding(
        slug="unreadable_item",
        key=pair.link.key,
        side=side,
        verb=Verb.UPDATE,
        params=params,
        is_passing=pair.fault is not None and _may_pass(pair.fault),
    )
    return found(pair, finding)


def _may_pass(fault: Fault) -> bool:
    """Whether a look that failed may succeed next time by itself.

    A provider that answers something else than the item, or nothing, was busy; an
    item that makes no sense stays as it is.
    """
    passes = fault.is_passing and fault.code != _SENSELESS
    return passes or fault.fault_class in _PASSING


def unsupported(
    key: LinkKey, slug: str | None, params: tuple[tuple[str, str], ...], side: Side
) -> Finding | None:
    """The finding about something that a side cannot express."""
    if slug is None:
        return None
    return Finding(slug=slug, key=key, side=side, verb=Verb.CREATE, params=dict(params))
