"""What an object does when its records are written; nothing, unless it says so."""

from __future__ import annotations

from syncline.sandbox.salesforce.entities import Record, Values
from syncline.sandbox.salesforce.platform import Actor


class Behavior:
    """The platform's own logic for one object."""

    def fill(
        self, actor: Actor, values: Values, given: Values, before: Record | None
    ) -> None:
        """Derive values in place, and refuse what contradicts itself.

        Args:
            actor: Who writes.
            values: The whole record as it will be.
            given: What the request sets.
            before: The record until now; None on create.

        Raises:
            RefusedError: The values do not go together.
        """

    def find_same(self, actor: Actor, values: Values) -> Record | None:
        """The record that a new one becomes part of; None for a new one."""
        del actor, values
        return None

    def check_update(self, actor: Actor, record: Record, given: Values) -> None:
        """Refuse a change of that record.

        Raises:
            RefusedError: It cannot be changed so.
        """

    def check_delete(self, actor: Actor, record: Record) -> None:
        """Refuse to delete that record.

        Raises:
            RefusedError: It cannot be deleted so.
        """

    def saved(self, actor: Actor, record: Record, before: Record | None) -> None:
        """Let other records follow."""

    def deleted(self, actor: Actor, record: Record) -> None:
        """Let other records go along."""


PLAIN = Behavior()
