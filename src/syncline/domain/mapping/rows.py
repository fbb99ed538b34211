"""Field tables as data: plain rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from syncline.domain.values.content import RecordValue
from syncline.domain.values.kinds import Direction

#: What each item value is called in Salesforce: the first is written, each one
#: is understood.
Words = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a field table."""

    #: Neutral name of the item field.
    item: str
    #: API names of the record fields that it fills.
    record: tuple[str, ...]
    #: Name of the converter between them; see `converters.CONVERTERS`.
    converter: str = "text"
    direction: Direction = Direction.BOTH
    #: For converters between lists of words, in the order of preference downward.
    words: Words = field(default_factory=dict)
    #: What an unlisted word in Salesforce means; and an item value without words
    #: is written as this one is.
    otherwise: str = ""
    #: What a record field gets when the item has nothing for it.
    default: RecordValue = None
    #: Items cannot exist without it: it is neither switched off nor turned.
    is_essential: bool = False
