"""Field tables: how an item's content and a record's fields correspond."""

from syncline.domain.mapping.contact import CONTACT
from syncline.domain.mapping.event import EVENT
from syncline.domain.mapping.rules import FieldRule, KindMapping
from syncline.domain.values.kinds import Kind

MAPPINGS: dict[Kind, KindMapping] = {Kind.EVENT: EVENT, Kind.CONTACT: CONTACT}

__all__ = ["MAPPINGS", "FieldRule", "KindMapping"]
