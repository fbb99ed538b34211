"""How records look in answers."""

from __future__ import annotations

from collections.abc import Sequence

from syncline.sandbox.salesforce.entities import Json, Record, SObject


def attributes(root: str, record: Record) -> dict[str, str]:
    """The `attributes` of a record: its type and address."""
    url = f"{root}/sobjects/{record.sobject}/{record.id}"
    return {"type": record.sobject, "url": url}


def render(
    root: str, sobject: SObject, record: Record, names: Sequence[str] | None = None
) -> dict[str, Json]:
    """A record with all its fields, or with the named ones."""
    wanted = sobject.fields if names is None else names
    shown = {name: record.values.get(name) for name in wanted}
    return {"attributes": attributes(root, record)} | shown
