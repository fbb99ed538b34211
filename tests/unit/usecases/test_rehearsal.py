"""A provider is never asked about what was only pretended."""

from __future__ import annotations

from collections.abc import Sequence

from syncline.domain.values.changes import Change, ChangeSet, Presence, Watermark
from syncline.domain.values.items import Window
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.operations import Verb
from syncline.usecases.rehearsal import Stage, WatchedSource
from tests.unit.usecases.remembering import World


class Asked:
    """A source that notes what it is asked about."""

    def __init__(self) -> None:
        self.ids: list[str] = []

    def read(self, watermark: Watermark | None, window: Window) -> ChangeSet:
        raise AssertionError("nobody reads here")

    def fetch(self, kind: Kind, ids: Sequence[str]) -> list[Change]:
        self.ids += ids
        return [
            Change(side=Side.CRM, kind=kind, id=i, presence=Presence.DELETED)
            for i in ids
        ]


def test_only_real_things_are_looked_at() -> None:
    asked = Asked()
    source = WatchedSource(asked, Stage())
    found = source.fetch(Kind.MESSAGE, ["02s000000000001", "new:1"])
    assert [change.id for change in found] == asked.ids == ["02s000000000001"]
    assert source.fetch(Kind.MESSAGE, ["new:2"]) == []
    assert asked.ids == ["02s000000000001"]


def test_pretended_ids_are_told_from_real_ones() -> None:
    world = World()
    world.event()
    [intended] = [w for w in world.plan().writes if w.write.verb is Verb.CREATE]
    assert intended.write.target_id.startswith("new:")
