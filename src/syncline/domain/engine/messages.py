"""Decide about e-mail: it goes up once and never changes there.

The identity of a message is its internet message id, in the whole organization:
whoever saves it first makes the record, everybody else finds it.
"""

from __future__ import annotations

from dataclasses import replace

from syncline.domain.access.policy import Policy
from syncline.domain.engine import departures
from syncline.domain.engine.decisions import Decision, Scene
from syncline.domain.engine.findings import Finding
from syncline.domain.engine.pair import Pair
from syncline.domain.values.changes import Presence
from syncline.domain.values.content import LINK_TYPE, Attachment
from syncline.domain.values.items import Item
from syncline.domain.values.kinds import Side
from syncline.domain.values.links import Base, Link
from syncline.domain.values.operations import Operation, Verb

#: Item field of the base that names the files which are in Salesforce.
SAVED_FILES = "saved_files"


def reconcile_saved_message(pair: Pair, scene: Scene) -> Decision:
    """A message that is in Salesforce: its files follow, and that is all."""
    link, item = pair.link, pair.item
    if pair.record_presence is Presence.DELETED:
        return departures.bury(pair)
    if pair.item_presence is Presence.DELETED:
        return departures.bury(replace(pair, link=replace(link, marks=())))
    if item is None:
        return Decision(pair=pair, link=link)
    wanted, refused = _files(item, scene.mailbox.policy)
    saved = _saved(link)
    missing = [a for a in wanted if a.id not in saved]
    findings = _refusals(link, refused)
    if not missing:
        return Decision(pair=pair, link=link, findings=findings, agrees=True)
    operations = tuple(_attach(link, item, a) for a in missing)
    return Decision(pair=pair, link=link, operations=operations, findings=findings)


def _saved(link: Link) -> tuple[str, ...]:
    names = link.base.item.get(SAVED_FILES) if link.base else None
    return tuple(str(n) for n in names) if isinstance(names, tuple) else ()


def _files(
    item: Item, policy: Policy
) -> tuple[list[Attachment], list[tuple[Attachment, str]]]:
    """Files to save, and files that are left out with the reason."""
    found = item.content.get("attachments")
    files = [
        a
        for a in (found if isinstance(found, tuple) else ())
        if isinstance(a, Attachment) and not a.is_inline
    ]
    if not policy.attachments or item.content.get("encrypted"):
        return [], []
    wanted: list[Attachment] = []
    refused: list[tuple[Attachment, str]] = []
    for file in files:
        ending = file.name.rpartition(".")[2].lower()
        if file.content_type == LINK_TYPE:
            refused.append((file, "it is a link to a file elsewhere"))
        elif file.size_bytes == 0:
            refused.append((file, "it is empty"))
        elif file.size_bytes > policy.attachment_bytes:
            refused.append((file, "it is too big"))
        elif ending not in policy.attachment_types:
            refused.append((file, "files of this type are not saved"))
        else:
            wanted.append(file)
    return wanted, refused


def _refusals(link: Link, refused: list[tuple[Attachment, str]]) -> tuple[Finding, ...]:
    if not refused:
        return ()
    listed = "; ".join(f"{a.name} ({why})" for a, why in refused)
    return (
        Finding(
            slug="attachment_left_out",
            key=link.key,
            side=Side.CRM,
            verb=Verb.ATTACH,
            params={"value": listed[:500], "count": str(len(refused))},
            holds=False,
        ),
    )


def _attach(link: Link, item: Item, file: Attachment) -> Operation:
    return Operation(
        link=link,
        side=Side.CRM,
        verb=Verb.ATTACH,
        kind=link.kind,
        target_id=link.record_id,
        fields={"attachment": file},
        agreed=Base(item={SAVED_FILES: (file.id,)}),
        item=item,
    )
