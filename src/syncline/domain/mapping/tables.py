"""The default field tables, and how a table becomes rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from syncline.domain.mapping import contact, event, task
from syncline.domain.mapping.calendar import CALENDAR
from syncline.domain.mapping.converters import GENERIC
from syncline.domain.mapping.rows import Row
from syncline.domain.mapping.rules import Converter, KindMapping
from syncline.domain.mapping.task import TASKS
from syncline.domain.values.content import RecordFields
from syncline.domain.values.kinds import Kind
from syncline.domain.values.people import Traits

CONVERTERS: Mapping[str, Converter] = {**GENERIC, **CALENDAR, **TASKS}

#: Messages are not here: they are written once, see `message`.
TABLES: Mapping[Kind, tuple[Row, ...]] = {
    Kind.EVENT: event.ROWS,
    Kind.CONTACT: contact.ROWS,
    Kind.TASK: task.ROWS,
}

OBJECT_NAMES: Mapping[Kind, str] = {
    Kind.EVENT: "Event",
    Kind.CONTACT: "Contact",
    Kind.TASK: "Task",
}

_NOTHING: RecordFields = MappingProxyType({})


def build(
    kind: Kind,
    rows: Iterable[Row],
    *,
    traits: Traits | None = None,
    on_create: RecordFields = _NOTHING,
) -> KindMapping:
    """The rules of a table.

    Args:
        kind: Whose table it is.
        rows: Its lines.
        traits: What the org has; without them the usual words are taken.
        on_create: Record fields that every new record gets.
    """
    known = traits or Traits()
    fitted = tuple(task.fitted(row, known) for row in rows)
    return KindMapping(
        kind=kind,
        object_name=OBJECT_NAMES[kind],
        rules=tuple(CONVERTERS[row.converter].make(row) for row in fitted),
        rows=fitted,
        on_create=on_create,
    )
