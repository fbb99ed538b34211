"""Mail that nobody here wrote goes through whole sessions, and none is lost.

Real and hostile messages, and files that are no messages at all, lie in a mailbox
marked for Salesforce. Each is saved exactly once with its files, told as one
issue, or left alone because it is no e-mail; none stops another.
"""

from __future__ import annotations

import base64
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from syncline.domain.access.policy import Policy
from syncline.domain.issues.catalog import known
from syncline.domain.sessions import Counted, Session
from syncline.store.models import IssueRow, LinkRow
from tests.scenario.world import PROVIDERS, Saved, World, is_quiet

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

Json = dict[str, Any]
DATA = Path(__file__).parents[3] / "shared" / "data"
FOLDERS = ("mail-rb", "mimekit")
#: Fewer files prove nothing.
FEWEST = 300
_CLASS = "String 0x001A"
_NO_MAIL = ("report.", "ipm.schedule.")


@dataclass(frozen=True)
class Delivered:
    """A file as it lies in the mailbox."""

    path: str
    id: str
    identity: str
    is_mail: bool
    #: Names and sizes of what must be saved with it.
    files: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Box:
    """All files, delivered and not yet synchronized."""

    saved: Saved
    delivered: tuple[Delivered, ...]

    def by_identity(self) -> dict[str, list[Delivered]]:
        """Copies of one message together."""
        found = defaultdict(list)
        for each in self.delivered:
            found[each.identity].append(each)
        return found


def _files() -> Iterator[Path]:
    for folder in FOLDERS:
        yield from sorted(p for p in (DATA / folder).rglob("*") if p.is_file())


@pytest.fixture(scope="module")
def box(world: World) -> Box:
    """Every file in the inbox, marked by its owner."""
    paths = {_deliver(world, path): str(path.relative_to(DATA)) for path in _files()}
    if not paths:
        pytest.skip("no real messages here")
    assert len(paths) >= FEWEST
    world.connect()
    delivered = tuple(_seen(world, raw, paths[raw["id"]]) for raw in _messages(world))
    assert len(delivered) == len(paths)
    return Box(world.save("real_messages"), delivered)


def _deliver(world: World, path: Path) -> str:
    mail = {
        "address": world.account("microsoft365")["address"],
        "mime": base64.b64encode(path.read_bytes()).decode(),
        "categories": ["Salesforce"],
    }
    answer = world.ask("microsoft365", "POST", "/mail", mail)
    return str(answer["immutable_id"])


def _messages(world: World) -> list[Json]:
    expand = quote(f"singleValueExtendedProperties($filter=id eq '{_CLASS}')")
    path = f"/v1.0/me/messages?$top=900&$expand={expand}"
    found: list[Json] = world.outlook.call("GET", path)["value"]
    return found


def _seen(world: World, raw: Json, path: str) -> Delivered:
    properties = raw.get("singleValueExtendedProperties") or [{"value": ""}]
    kind = str(properties[0]["value"]).lower()
    is_sealed = (
        kind == "ipm.note.smime" or "BEGIN PGP MESSAGE" in raw["body"]["content"]
    )
    files = _attached(world, raw) if raw["hasAttachments"] and not is_sealed else ()
    is_mail = not (
        raw["isDraft"] or kind.startswith(_NO_MAIL) or "eventMessage" in str(raw)[:80]
    )
    identity = "".join((raw.get("internetMessageId") or "").split())
    names = ("from", "subject", "toRecipients", "ccRecipients", "body")
    said = [raw["sentDateTime"][:19], *(raw[name] for name in names)]
    return Delivered(
        path=path,
        id=raw["id"],
        identity=identity or repr(said),
        is_mail=is_mail,
        files=files if is_mail else (),
    )


def _attached(world: World, raw: Json) -> tuple[tuple[str, int], ...]:
    path = f"/v1.0/me/messages/{quote(raw['id'], safe='')}/attachments"
    found = world.outlook.call("GET", path)["value"]
    policy = Policy()
    if any(x["contentType"] == "application/pgp-encrypted" for x in found):
        return ()
    return tuple(
        (x["name"], len(base64.b64decode(x["contentBytes"])))
        for x in found
        if not x["isInline"]
        and x["@odata.type"].endswith("fileAttachment")
        and x["name"].rpartition(".")[2].lower() in policy.attachment_types
    )


@dataclass(frozen=True)
class Org:
    """What Salesforce holds in the end."""

    records: dict[str, Json]
    #: Title and size of the files of a record, by its id.
    files: dict[str, list[tuple[str, int]]]


def _org(world: World, table: str) -> Org:
    tables = world.ask("salesforce", "GET", "/state")["tables"]
    rows = {n: [r["values"] for r in t["records"]] for n, t in tables.items()}
    sizes = {
        v["ContentDocumentId"]: (v["PathOnClient"], v["ContentSize"])
        for v in rows["ContentVersion"]
    }
    files: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for link in rows["ContentDocumentLink"]:
        files[link["LinkedEntityId"]].append(sizes[link["ContentDocumentId"]])
    records = {r["Id"]: r for r in rows[table] if r.get("Syncline_Id__c")}
    return Org(records, files)


def _skipped(session: Session) -> int:
    return sum(
        t.count
        for t in session.tallies
        if t.counted is Counted.SKIPPED and t.reason.startswith("not an e-mail: ")
    )


def _told(each: Delivered) -> list[str]:
    rows = IssueRow.objects.filter(item_id=each.id, state="open")
    return [known(row.code).slug for row in rows]


def _troubles(
    copies: list[Delivered], org: Org, links: dict[str, LinkRow]
) -> list[str]:
    """What is wrong with one message, of which there may be copies."""
    linked = [links[each.id] for each in copies if each.id in links]
    told = [slug for each in copies for slug in _told(each)]
    if not copies[0].is_mail:
        return [f"is no mail: {linked} {told}"] if linked or told else []
    if len(told) > 1:
        return [f"told more than once: {told}"]
    if len(linked) != 1:
        return [] if told and not linked else [f"{len(linked)} links"]
    record = org.records.get(linked[0].record_id or "")
    if record is None:
        return [] if told else ["neither saved nor told"]
    if record["Syncline_Id__c"] != linked[0].key:
        return ["its record is somebody else's"]
    own = next(each for each in copies if each.id == linked[0].item_id)
    found = sorted(org.files[record["Id"]])
    missing = [file for file in own.files if file not in found and file[1]]
    more = [file for file in found if file not in own.files]
    return (
        [f"files {missing} are missing, {more} are too many"] if missing + more else []
    )


@pytest.mark.parametrize(
    ("has_enhanced_email", "table"), [(True, "EmailMessage"), (False, "Task")]
)
def test_every_real_message_is_saved_once_or_told_or_no_mail(
    has_enhanced_email: bool, table: str, world: World, box: Box
) -> None:
    """K01, K03, F16: one session; each later one finds nothing to do."""
    world.restore(box.saved)
    settings = {"enhanced_email": has_enhanced_email}
    world.ask("salesforce", "POST", "/org/settings", settings)

    session = world.sync()
    assert not session.error_code
    assert is_quiet(world.settle())

    org = _org(world, table)
    links = {row.item_id: row for row in LinkRow.objects.all()}
    groups = box.by_identity()
    troubles = [
        f"{copies[0].path}: {line}"
        for copies in groups.values()
        for line in _troubles(copies, org, links)
    ]
    assert not troubles, "\n".join(troubles)
    mails = [copies for copies in groups.values() if copies[0].is_mail]
    assert len(org.records) <= len(mails)
    assert len(org.records) == len({r["Syncline_Id__c"] for r in org.records.values()})
    assert _skipped(session) == len(groups) - len(mails)


def test_reading_all_real_messages_anew_writes_nothing(world: World, box: Box) -> None:
    """E02, F16"""
    world.restore(box.saved)
    world.settle()
    for provider in PROVIDERS:
        world.ask(provider, "POST", "/faults", {"kind": "lose_delta_tokens"})
    world.reset_counters()
    session = world.sync()
    assert not session.error_code
    for provider in PROVIDERS:
        assert world.ask(provider, "GET", "/counters")["writes"] == 0
    assert is_quiet(world.sync())
