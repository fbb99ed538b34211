"""Turns the whole org into JSON and back, for a file."""

from __future__ import annotations

from dataclasses import asdict

from syncline.sandbox.salesforce.entities import (
    Code,
    Cursor,
    Grant,
    Json,
    LateCommit,
    Record,
    Session,
)
from syncline.sandbox.salesforce.moments import read_moment, stamp
from syncline.sandbox.salesforce.schema import reshape
from syncline.sandbox.salesforce.seed import add_base_lists
from syncline.sandbox.salesforce.store import Org, Settings
from syncline.sandbox.salesforce.table import Table


def dump(org: Org) -> dict[str, Json]:
    """Everything that is stored, tokens included."""
    return {
        "settings": asdict(org.settings),
        "active_rules": sorted(org.active_rules),
        "field_changes": org.field_changes,
        "syncing": list(org.syncing),
        "metadata_changed_at": stamp(org.metadata_changed_at),
        "replication_start": org.replication_start,
        "usage": dict(org.usage),
        "sessions": [asdict(session) for session in org.sessions.values()],
        "grants": [asdict(grant) for grant in org.grants.values()],
        "codes": [asdict(code) for code in org.codes.values()],
        "cursors": {name: asdict(cursor) for name, cursor in org.cursors.items()},
        "late": [
            {"sobject": late.record.sobject, "reads": late.reads}
            | _dump_record(late.record)
            for late in org.late
        ],
        "row_locks": dict(org.row_locks),
        "blocking_rules": sorted(org.blocking_rules),
        "without_api": sorted(org.without_api),
        "tables": {name: _dump_table(table) for name, table in org.tables.items()},
    }


def _dump_table(table: Table) -> dict[str, Json]:
    records = [_dump_record(record) for record in table.records.values()]
    return {"last_number": table.last_number, "records": records}


def _dump_record(record: Record) -> dict[str, Json]:
    return {
        "values": record.values,
        "locked": record.locked,
        "read_only": record.read_only,
        "hidden_from": list(record.hidden_from),
    }


def _load_record(sobject: str, raw: dict[str, Json]) -> Record:
    hidden_from = tuple(raw.get("hidden_from", ()))
    return Record(sobject=sobject, **raw | {"hidden_from": hidden_from})


def _load_late(raw: dict[str, Json]) -> LateCommit:
    rest = {n: v for n, v in raw.items() if n not in ("sobject", "reads")}
    return LateCommit(record=_load_record(raw["sobject"], rest), reads=raw["reads"])


def load(org: Org, state: dict[str, Json]) -> None:
    """Replace everything that is stored.

    Raises:
        KeyError: The state is not one that `dump` made.
    """
    changed_at = read_moment(state["metadata_changed_at"])
    org.settings = Settings(**state["settings"])
    org.active_rules = set(state["active_rules"])
    org.syncing = list(state["syncing"])
    org.replication_start = state["replication_start"]
    org.usage = dict(state["usage"])
    org.sessions = {s["token"]: Session(**s) for s in state["sessions"]}
    org.grants = {g["token"]: Grant(**g) for g in state["grants"]}
    org.codes = {c["code"]: Code(**c) for c in state["codes"]}
    org.cursors = {name: Cursor(**c) for name, c in state["cursors"].items()}
    org.late = [_load_late(raw) for raw in state.get("late", [])]
    org.row_locks = dict(state.get("row_locks", {}))
    org.blocking_rules = set(state.get("blocking_rules", []))
    org.without_api = set(state.get("without_api", []))
    org.field_changes = dict(state["field_changes"])
    org.tables = {name: Table(s) for name, s in org.sobjects.items()}
    reshape(org)
    org.metadata_changed_at = changed_at or org.now()
    for name, stored in state["tables"].items():
        table = org.tables[name]
        table.last_number = stored["last_number"]
        for raw in stored["records"]:
            table.put(_load_record(name, raw))
    # A state from before these objects existed.
    if "TaskStatus" not in state["tables"]:
        add_base_lists(org)
