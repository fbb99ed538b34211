"""Who reads, and how much of it."""

from __future__ import annotations

from dataclasses import dataclass

from syncline.sandbox.salesforce.entities import Record
from syncline.sandbox.salesforce.moments import days, stamp
from syncline.sandbox.salesforce.store import Org, is_visible

RECYCLE_BIN_DAYS = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """The org as one query of one user sees it."""

    org: Org
    user_id: str
    #: The recycle bin and the archive as well.
    include_deleted: bool

    def shows(self, record: Record) -> bool:
        """Whether a query may answer that record."""
        return self._is_kept(record) and is_visible(self.user_id, record)

    def _is_kept(self, record: Record) -> bool:
        if not (record.deleted or record.values.get("IsArchived")):
            return True
        if not self.include_deleted:
            return False
        oldest = stamp(self.org.now() - days(RECYCLE_BIN_DAYS))
        return not record.deleted or bool(record.values["SystemModstamp"] >= oldest)
