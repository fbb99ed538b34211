"""Links in their table; written in batches, read by whatever names them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, Q

from syncline.domain.values.content import decode, encode
from syncline.domain.values.ids import ItemId, LinkKey, MailboxId, RecordId
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.links import (
    Base,
    Hold,
    Link,
    LinkState,
    Loser,
    Swing,
)
from syncline.store.models import UNMARKED, LinkRow
from syncline.store.storable import storable_json

#: Values that go into one IN list.
_LOOKUP_SIZE = 5_000
#: Links that are fetched at a time while all of a kind are gone through.
_STREAM_SIZE = 500


class SqlLinkBook:
    """`ports.LinkBook` on PostgreSQL."""

    def find(
        self,
        mailbox_id: MailboxId,
        *,
        item_ids: Sequence[str] = (),
        record_ids: Sequence[str] = (),
        keys: Sequence[LinkKey] = (),
    ) -> list[Link]:
        """See the port."""
        found: dict[str, Link] = {}
        for column, values in (
            ("item_id", item_ids),
            ("record_id", record_ids),
            ("key", keys),
        ):
            for start in range(0, len(values), _LOOKUP_SIZE):
                chunk = list(values[start : start + _LOOKUP_SIZE])
                rows = LinkRow.objects.filter(
                    Q(**{f"{column}__in": chunk}), mailbox_id=mailbox_id
                )
                for row in rows.iterator():
                    found[row.key] = _to_link(row)
        return list(found.values())

    def held(self, mailbox_id: MailboxId) -> list[Link]:
        """See the port."""
        rows = LinkRow.objects.filter(mailbox_id=mailbox_id, hold__isnull=False)
        return [_to_link(row) for row in rows.iterator()]

    def unmarked(self, mailbox_id: MailboxId, limit: int) -> list[Link]:
        """See the port."""
        rows = LinkRow.objects.filter(UNMARKED, mailbox_id=mailbox_id)[:limit]
        return [_to_link(row) for row in rows]

    def of_kind(self, mailbox_id: MailboxId, kind: Kind) -> Iterator[Link]:
        """See the port."""
        rows = LinkRow.objects.filter(mailbox_id=mailbox_id, kind=kind)
        return (_to_link(row) for row in rows.iterator(chunk_size=_STREAM_SIZE))

    def of_series(self, mailbox_id: MailboxId, keys: Sequence[LinkKey]) -> list[Link]:
        """See the port."""
        rows = LinkRow.objects.filter(
            Q(series_key__in=list(keys)) | Q(key__in=list(keys)), mailbox_id=mailbox_id
        )
        return [_to_link(row) for row in rows.iterator()]

    def count(self, mailbox_id: MailboxId) -> Mapping[Kind, int]:
        """See the port."""
        rows = (
            LinkRow.objects.filter(
                mailbox_id=mailbox_id, state=LinkState.LINKED, is_series=False
            )
            .values_list("kind")
            .annotate(n=Count("id"))
        )
        return {Kind(kind): n for kind, n in rows}

    def marks_in_use(self, mailbox_id: MailboxId) -> frozenset[str]:
        """See the port."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT DISTINCT jsonb_array_elements_text(marks) FROM link "
                "WHERE mailbox_id = %s",
                [mailbox_id],
            )
            return frozenset(name for (name,) in cursor.fetchall())

    def synced_uids(self, organization_id: str, uids: Sequence[str]) -> frozenset[str]:
        """See the port."""
        rows = LinkRow.objects.filter(
            mailbox__organization__crm_org_id=organization_id,
            item_uid__in=list(uids),
            state=LinkState.LINKED,
            is_organizer=True,
        )
        return frozenset(rows.values_list("item_uid", flat=True))


_COLUMNS: tuple[tuple[str, str], ...] = (
    ("key", "text"),
    ("kind", "text"),
    ("state", "text"),
    ("origin", "text"),
    ("item_id", "text"),
    ("record_id", "text"),
    ("item_uid", "text"),
    ("item_version", "text"),
    ("record_version", "text"),
    ("name", "text"),
    ("web_link", "text"),
    ("is_organizer", "boolean"),
    ("base_item", "jsonb"),
    ("base_record", "jsonb"),
    ("marks", "jsonb"),
    ("pending_marks", "jsonb"),
    ("hold", "jsonb"),
    ("losers", "jsonb"),
    ("is_undone", "boolean"),
    ("is_parted", "boolean"),
    ("series_key", "text"),
    ("is_series", "boolean"),
    ("is_filed", "boolean"),
    ("is_mirrored", "boolean"),
    ("swings", "jsonb"),
)


def _upsert_statement() -> str:
    names = ", ".join(name for name, _ in _COLUMNS)
    definitions = ", ".join(f"{name} {kind}" for name, kind in _COLUMNS)
    updates = ", ".join(
        f"{name} = EXCLUDED.{name}" for name, _ in _COLUMNS if name != "key"
    )
    # One JSON text costs a third of what arrays cost, whose elements the driver
    # escapes one by one.
    return (
        f"INSERT INTO link (mailbox_id, {names}) "
        f"SELECT %s, {names} FROM jsonb_to_recordset(%s::jsonb) AS x({definitions}) "
        f"ON CONFLICT (mailbox_id, key) DO UPDATE SET {updates}"
    )


_UPSERT = _upsert_statement()


def save_links(mailbox_id: MailboxId, links: Iterable[Link]) -> None:
    """Write links in one statement, inside the caller's transaction.

    Links that give up an id go first, so that another may take it over.
    """
    rows = [_to_json(link) for link in links]
    if not rows:
        return
    with connection.cursor() as cursor:
        _release_ids(cursor, mailbox_id, rows)
        cursor.execute(_UPSERT, [mailbox_id, storable_json(rows)])


def _release_ids(
    cursor: Any, mailbox_id: MailboxId, rows: Sequence[Mapping[str, Any]]
) -> None:
    keys = [row["key"] for row in rows]
    for name in ("item_id", "record_id"):
        taken = [
            (row[name], row["key"])
            for row in rows
            if row[name] is not None and row["state"] != LinkState.TOMBSTONE
        ]
        if taken:
            cursor.execute(
                f"UPDATE link SET {name} = NULL "  # our own names
                "FROM unnest(%s::text[], %s::text[]) AS x(id, key) "
                f"WHERE mailbox_id = %s AND link.{name} = x.id AND link.key <> x.key "
                "AND link.key = ANY(%s) AND link.state <> 'tombstone'",
                [[v for v, _ in taken], [k for _, k in taken], mailbox_id, keys],
            )


def forget_links(mailbox_id: MailboxId, keys: Sequence[LinkKey]) -> None:
    """Delete links that stand for nothing any longer."""
    if keys:
        LinkRow.objects.filter(mailbox_id=mailbox_id, key__in=list(keys)).delete()


def _to_json(link: Link) -> dict[str, Any]:
    base = link.base
    return {
        "key": link.key,
        "kind": link.kind,
        "state": link.state,
        "origin": link.origin,
        "item_id": link.item_id,
        "record_id": link.record_id,
        "item_uid": link.item_uid,
        "item_version": link.item_version,
        "record_version": link.record_version,
        "name": link.name,
        "web_link": link.web_link,
        "is_organizer": link.is_organizer,
        "base_item": encode(base.item) if base else None,
        "base_record": dict(base.record) if base else None,
        "marks": link.marks,
        "pending_marks": link.pending_marks,
        "hold": _hold_to_json(link.hold) if link.hold else None,
        "losers": [_loser_to_json(loser) for loser in link.losers],
        "is_undone": link.is_undone,
        "is_parted": link.is_parted,
        "series_key": link.series_key,
        "is_series": link.is_series,
        "is_filed": link.is_filed,
        "is_mirrored": link.is_mirrored,
        "swings": [_swing_to_json(swing) for swing in link.swings],
    }


def _to_link(row: LinkRow) -> Link:
    base = None
    if row.base_item is not None:
        base = Base(item=decode(row.base_item), record=row.base_record or {})
    return Link(
        key=LinkKey(row.key),
        kind=Kind(row.kind),
        state=LinkState(row.state),
        origin=Side(row.origin),
        item_id=ItemId(row.item_id) if row.item_id is not None else None,
        record_id=RecordId(row.record_id) if row.record_id is not None else None,
        item_uid=row.item_uid,
        item_version=row.item_version,
        record_version=row.record_version,
        name=row.name,
        web_link=row.web_link,
        is_organizer=row.is_organizer,
        base=base,
        marks=tuple(row.marks),
        pending_marks=tuple(row.pending_marks),
        hold=_hold_from_json(row.hold) if row.hold else None,
        losers=tuple(_loser_from_json(x) for x in row.losers),
        is_undone=row.is_undone,
        is_parted=row.is_parted,
        series_key=LinkKey(row.series_key) if row.series_key is not None else None,
        is_series=row.is_series,
        is_filed=row.is_filed,
        is_mirrored=row.is_mirrored,
        swings=tuple(_swing_from_json(x) for x in row.swings),
    )


def _hold_to_json(hold: Hold) -> dict[str, Any]:
    return {
        "code": hold.code,
        "since": hold.since.isoformat(),
        "attempts": hold.attempts,
        "last_try_at": hold.last_try_at.isoformat(),
        "retry_at": hold.retry_at.isoformat() if hold.retry_at else None,
        "is_passing": hold.is_passing,
        "hint": hold.hint,
        "digest": hold.digest,
    }


def _hold_from_json(raw: dict[str, Any]) -> Hold:
    retry_at = raw["retry_at"]
    return Hold(
        code=raw["code"],
        since=datetime.fromisoformat(raw["since"]),
        attempts=raw["attempts"],
        last_try_at=datetime.fromisoformat(raw["last_try_at"]),
        retry_at=datetime.fromisoformat(retry_at) if retry_at else None,
        is_passing=raw["is_passing"],
        hint=raw["hint"],
        digest=raw["digest"],
    )


def _loser_to_json(loser: Loser) -> dict[str, str]:
    return {
        "field": loser.field,
        "side": loser.side.value,
        "value": loser.value,
        "at": loser.at.isoformat(),
    }


def _loser_from_json(raw: dict[str, str]) -> Loser:
    return Loser(
        field=raw["field"],
        side=Side(raw["side"]),
        value=raw["value"],
        at=datetime.fromisoformat(raw["at"]),
    )


def _swing_to_json(swing: Swing) -> list[str]:
    return [swing.side.value, swing.digest, swing.at.isoformat()]


def _swing_from_json(raw: list[str]) -> Swing:
    side, digest, at = raw
    return Swing(side=Side(side), digest=digest, at=datetime.fromisoformat(at))
