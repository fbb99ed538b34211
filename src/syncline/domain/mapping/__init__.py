"""Field tables: how an item's content and a record's fields correspond."""

from syncline.domain.mapping.rules import FieldRule, KindMapping
from syncline.domain.mapping.tables import TABLES, build
from syncline.domain.values.kinds import Kind

#: The product's own tables, for orgs and profiles that change nothing.
MAPPINGS: dict[Kind, KindMapping] = {
    kind: build(kind, rows) for kind, rows in TABLES.items()
}

__all__ = ["MAPPINGS", "FieldRule", "KindMapping"]
