"""What the engine found that a person should know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from syncline.domain.values.ids import LinkKey
from syncline.domain.values.kinds import Side
from syncline.domain.values.operations import Verb


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A cause met while deciding, about one link.

    `side` is the one that was to be changed. A finding that holds leaves the
    link alone until something changes.
    """

    slug: str
    key: LinkKey
    side: Side
    verb: Verb
    params: Mapping[str, str] = field(default_factory=dict)
    holds: bool = True
    #: It is due to a fault that passes by itself.
    is_passing: bool = False
    #: Lines of a list that belongs to it.
    details: tuple[str, ...] = ()
