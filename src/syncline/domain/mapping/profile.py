"""The field table that holds for a profile."""

from __future__ import annotations

import functools
import json

from syncline.domain.access.policy import Policy
from syncline.domain.mapping.deviations import read_table
from syncline.domain.mapping.rules import KindMapping
from syncline.domain.mapping.tables import TABLES, build
from syncline.domain.values.kinds import Kind
from syncline.domain.values.people import Traits

#: Tables that are kept; profiles share them by what they say.
_KEPT = 256


def mapping_for(
    kind: Kind, policy: Policy, traits: Traits | None = None
) -> KindMapping:
    """The field table of a kind for a profile, in an org.

    Args:
        kind: Anything but messages, which have no table.
        policy: The profile's, with its changes to the tables.
        traits: What the org has; the usual words without them.

    Raises:
        ConfigurationError: The profile's changes make no sense. They are looked
            at when they are saved, too, by `deviations.problems_of`.
    """
    changes = policy.fields.get(kind, {})
    return _build(kind, json.dumps(changes, sort_keys=True), traits or Traits())


def mappings_for(
    policy: Policy, traits: Traits | None = None
) -> dict[Kind, KindMapping]:
    """The field tables of all kinds that have one; see `mapping_for`.

    Raises:
        ConfigurationError: The profile's changes make no sense.
    """
    return {kind: mapping_for(kind, policy, traits) for kind in TABLES}


@functools.lru_cache(maxsize=_KEPT)
def _build(kind: Kind, changes: str, traits: Traits) -> KindMapping:
    reading = read_table(kind, json.loads(changes))
    if reading.problems:
        raise reading.problems[0]
    return build(kind, reading.rows, traits=traits, on_create=reading.on_create)
