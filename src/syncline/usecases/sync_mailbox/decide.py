"""Turn what was observed into a plan, after asking Salesforce what it has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from syncline.domain.cadence.streak import TELL_AT
from syncline.domain.engine.decisions import Decision, Scene
from syncline.domain.engine.digest import digest
from syncline.domain.engine.duplicates import hold_duplicates
from syncline.domain.engine.findings import Finding
from syncline.domain.engine.pair import Pair, pair
from syncline.domain.engine.plan import Plan, plan
from syncline.domain.engine.reconcile import reconcile, refreshed
from syncline.domain.engine.series import good_series, is_about_series
from syncline.domain.mapping.message import SENDER
from syncline.domain.values.changes import Presence
from syncline.domain.values.ids import LinkKey
from syncline.domain.values.items import Record
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.operations import Operation, Verb
from syncline.usecases.sync_mailbox.acquaint import acquainted
from syncline.usecases.sync_mailbox.observe import Observed
from syncline.usecases.sync_mailbox.run import Run

#: Creates that are looked up in one question.
FIND_SIZE = 100


def pair_up(run: Run, observed: Observed) -> list[Pair]:
    """Bring together all that was observed in a round; only the pairs have it then."""
    pairs = pair(
        run.mailbox, observed.item_changes, observed.record_changes, observed.links
    )
    observed.item_changes.clear()
    observed.record_changes.clear()
    run.owners = {p.record.id: p.link.key for p in pairs if p.record is not None}
    return pairs


def decide(run: Run, observed: Observed, pairs: Sequence[Pair]) -> Plan:
    """Plan a round, or a part of one.

    Raises:
        ProviderError: Salesforce could not be asked for existing records.
    """
    run.pairs = {found.link.key: found for found in pairs}
    for found in pairs:
        if found.item is not None:
            run.items[found.link.key] = found.item
    scene = Scene(
        mailbox=run.mailbox,
        window=run.window,
        now=run.now,
        synced_uids=_synced_uids(run, pairs),
        mappings=run.mappings,
    )
    resting: list[Pair] = []
    awake: list[Pair] = []
    for found in pairs:
        (resting if _rests(run, found, observed) else awake).append(found)
    scene = acquainted(run, scene, awake)
    decisions = [reconcile(p, scene) for p in awake if is_about_series(p)]
    scene = replace(scene, good_series=good_series(decisions, observed.links))
    decisions += [reconcile(p, scene) for p in awake if not is_about_series(p)]
    # What rests may have moved: its id of before is somebody's deletion next time.
    decisions += [Decision(pair=p, link=refreshed(p)) for p in resting]
    joined = hold_duplicates(_joined_to_existing(run, scene, decisions))
    run.joined = {d.link.key: d.pair for d in joined if d.pair.record}
    return plan(joined, run.known)


def _rests(run: Run, found: Pair, observed: Observed) -> bool:
    """Whether a held link shows nothing new: our own mark came back, no more."""
    held = found.link.hold
    if held is None or found.link.key in observed.due:
        return False
    return held.digest == digest(found, run.mappings)


def _synced_uids(run: Run, pairs: Sequence[Pair]) -> frozenset[str]:
    members = run.mailbox.members
    uids = {
        p.item.series_uid or p.item.uid
        for p in pairs
        if p.item and not p.item.is_organizer and p.item.organizer in members
    }
    if not uids:
        return frozenset()
    return run.books.links.synced_uids(run.mailbox.organization_id, sorted(uids))


def _joined_to_existing(
    run: Run, scene: Scene, decisions: list[Decision]
) -> list[Decision]:
    """Replace creates whose record exists already by joins with it."""
    creating = [i for i, d in enumerate(decisions) if _creates_record(d)]
    for start in range(0, len(creating), FIND_SIZE):
        chunk = creating[start : start + FIND_SIZE]
        by_kind: dict[Kind, list[int]] = {}
        for i in chunk:
            by_kind.setdefault(decisions[i].link.kind, []).append(i)
        for kind, indexes in by_kind.items():
            finder = _Existing(run, kind, [decisions[i] for i in indexes])
            for i in indexes:
                decisions[i] = finder.join(scene, decisions[i])
    return decisions


def _creates_record(decision: Decision) -> bool:
    return any(
        o.side is Side.CRM and o.verb is Verb.CREATE for o in decision.operations
    )


def _email(operation: Operation) -> str:
    return str(operation.fields.get("Email") or "").lower()


def _is_half_done(decision: Decision) -> bool:
    """Whether a message was tried before, and its sender may not be tied to it.

    Saving it again makes no second one, and finishes what was begun. One that is
    refused time and again stays without: its files are to follow.
    """
    operation, link = decision.operations[0], decision.link
    if operation.kind is not Kind.MESSAGE or not operation.fields.get(SENDER):
        return False
    is_held = link.hold is not None and link.hold.attempts < TELL_AT
    return link.base is not None or is_held


class _Existing:
    """Records that exist already, for some intended creates of one kind."""

    def __init__(self, run: Run, kind: Kind, decisions: list[Decision]) -> None:
        operations = [d.operations[0] for d in decisions]
        emails = sorted({e for o in operations if (e := _email(o))})
        run.failing_side = Side.CRM
        found = run.sides.finder.find(kind, [o.key for o in operations], emails)
        run.failing_side = None
        linked = run.books.links.find(run.mailbox.id, record_ids=[r.id for r in found])
        owned = {x.record_id for x in run.with_links(linked)}
        self.owned = {r.id for r in found if r.id in owned or r.id in run.owners}
        self.by_key: dict[LinkKey, Record] = {
            r.link_key: r for r in found if r.link_key
        }
        self.by_email: dict[str, list[Record]] = {}
        for record in found:
            email = str(record.fields.get("Email") or "").lower()
            if email:
                self.by_email.setdefault(email, []).append(record)
        self.shared = {e for e in emails if sum(_email(o) == e for o in operations) > 1}

    def join(self, scene: Scene, decision: Decision) -> Decision:
        operation = decision.operations[0]
        own = self.by_key.get(operation.key)
        if own is not None:
            if _is_half_done(decision):
                return decision
            return self._joined(scene, decision, own)
        email = _email(operation)
        matches = [r for r in self.by_email.get(email, []) if r.id not in self.owned]
        if not matches or email in self.shared:
            return decision
        if len(matches) == 1:
            return self._joined(scene, decision, matches[0])
        several = Finding(
            slug="several_matches",
            key=decision.link.key,
            side=Side.CRM,
            verb=Verb.CREATE,
            params={
                "matches": ", ".join(r.id for r in matches),
                "count": str(len(matches)),
                "value": email,
            },
        )
        return replace(decision, operations=(), findings=(several,))

    def _joined(self, scene: Scene, decision: Decision, record: Record) -> Decision:
        found = decision.pair
        linked = replace(decision.link, record_id=record.id)
        return reconcile(
            replace(found, link=linked, record=record, record_presence=Presence.SEEN),
            scene,
        )
