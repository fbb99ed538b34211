"""A digest of what both ends of a link hold, to tell a change from an echo."""

import hashlib
import json
from collections.abc import Mapping

from syncline.domain.engine.invitees import FIELD as INVITEES
from syncline.domain.engine.pair import Pair
from syncline.domain.mapping import KindMapping
from syncline.domain.values.changes import Presence
from syncline.domain.values.content import encode
from syncline.domain.values.kinds import Kind
from syncline.domain.values.links import Base


def digest(pair: Pair, mappings: Mapping[Kind, KindMapping]) -> str:
    """Names the synchronized content of both ends; unseen ends count as the base.

    Args:
        pair: The link with what was observed.
        mappings: The profile's field tables; other record fields do not count.
    """
    base = pair.link.base or Base()
    item = pair.item.content if pair.item else base.item
    record = pair.record.fields if pair.record else base.record
    mapping = mappings.get(pair.link.kind)
    mapped = mapping.record_fields if mapping else ()
    facts = [
        encode(item),
        {f: record[f] for f in (*mapped, INVITEES) if record.get(f) is not None},
        pair.item.unsupported if pair.item else None,
        [p is Presence.DELETED for p in (pair.item_presence, pair.record_presence)],
    ]
    text = json.dumps(facts, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
