"""Take a round of very many pairs apart, so that each part is done and let go.

Only where nothing is known yet: what is known is decided together, because its
deletions are counted. What must be decided together stays together: a series and
its occurrences, and what would look the same once it is made, because equal
creations are counted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator

from syncline.domain.engine.pair import Pair
from syncline.domain.mapping.event import starts_at
from syncline.domain.values.ids import LinkKey
from syncline.domain.values.items import Item, Record
from syncline.domain.values.kinds import Kind

#: As many pairs are decided together, unless more belong together.
SLICE_SIZE = 10_000


def slices(pairs: list[Pair], stored: Collection[LinkKey]) -> Iterator[list[Pair]]:
    """The pairs of a round in parts: new contacts, and then all others.

    Mail and meetings are saved for people who are in Salesforce, so those who come
    there in the same round come first. The others are one part when links are known
    already.

    Args:
        pairs: All pairs of the round; the list is emptied.
        stored: Keys of the links that were known before.
    """
    newcomers = _newcomers(pairs, stored)
    if newcomers:
        keys = {pair.link.key for pair in newcomers}
        pairs[:] = [pair for pair in pairs if pair.link.key not in keys]
        yield newcomers
    if stored or len(pairs) <= SLICE_SIZE:
        yield list(pairs)
        pairs.clear()
        return
    groups = _groups(pairs)
    pairs.clear()
    part: list[Pair] = []
    while groups:
        _, group = groups.popitem()
        if part and len(part) + len(group) > SLICE_SIZE:
            yield part
            part = []
        part.extend(group)
    yield part


def _newcomers(pairs: list[Pair], stored: Collection[LinkKey]) -> list[Pair]:
    """Contacts that are only in the mailbox yet, if somebody else may wait for them."""
    new = [p for p in pairs if p.item is not None and p.link.key not in stored]
    # What could not be read before has a link that must go in the same part.
    taken = {p.link.item_id for p in pairs if p.link.key in stored}
    people = [
        p
        for p in new
        if p.link.kind is Kind.CONTACT
        and p.record is None
        and p.link.item_id not in taken
    ]
    waits = any(p.link.kind in (Kind.EVENT, Kind.MESSAGE) for p in new)
    return people if waits and len(people) <= SLICE_SIZE else []


def _groups(pairs: list[Pair]) -> dict[object, list[Pair]]:
    together = _Together()
    for pair in pairs:
        link = pair.link
        if link.series_key:
            together.join(link.key, link.series_key)
        for thing in (pair.item, pair.record):
            if thing is not None and link.kind is Kind.EVENT:
                together.join(link.key, _looks(thing))
    groups: dict[object, list[Pair]] = defaultdict(list)
    for pair in pairs:
        groups[together.of(pair.link.key)].append(pair)
    return groups


def _looks(thing: Item | Record) -> int:
    """The same number for events of the same subject and start."""
    if isinstance(thing, Item):
        content = thing.content
        subject = str(content.get("subject")).casefold()
        return hash((Item, subject, starts_at(content.get("when"))))
    fields = thing.fields
    subject = str(fields.get("Subject")).casefold()
    start = fields.get("StartDateTime") or fields.get("ActivityDate")
    return hash((Record, subject, start))


class _Together:
    """Which names belong together, each group under the name of one of them."""

    def __init__(self) -> None:
        self._above: dict[object, object] = {}

    def of(self, name: object) -> object:
        """The name of the group."""
        while (above := self._above.get(name)) is not None:
            # The way is halved, so that the next one is short.
            self._above[name] = name = self._above.get(above, above)
        return name

    def join(self, one: object, other: object) -> None:
        """Make one group of two."""
        mine, yours = self.of(one), self.of(other)
        if mine != yours:
            self._above[mine] = yours
