"""What the platform does by itself when a user writes.

Records that come along with others are no writes of a client and are not counted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from syncline.sandbox.salesforce.entities import Record, Values
from syncline.sandbox.salesforce.store import Org


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """On whose behalf something is written."""

    org: Org
    user_id: str
    #: A person at the org's pages, who sees all and is no call of the API.
    by_person: bool = False
    #: The request asks the platform to mail the people concerned.
    mails_people: bool = False

    def stamps(self, *, created: bool) -> Values:
        """Who wrote, and when."""
        now = self.org.stamp()
        stamps = {
            "LastModifiedDate": now,
            "LastModifiedById": self.user_id,
            "SystemModstamp": now,
        }
        if created:
            stamps |= {"CreatedDate": now, "CreatedById": self.user_id}
        return stamps

    def add(self, sobject: str, values: Values) -> Record:
        """Store a new record that comes along with another one."""
        fields = self.org.sobjects[sobject].fields
        every = {name: column.default for name, column in fields.items()} | values
        every["Id"] = self.org.next_id(sobject)
        made = Record(sobject=sobject, values=every | self.stamps(created=True))
        self.org.put(made, by_person=True)
        return made

    def change(self, record: Record, changes: Values) -> Record:
        """Store a change that follows from another one, if it is one."""
        if all(record.values.get(name) == value for name, value in changes.items()):
            return record
        values = record.values | changes | self.stamps(created=False)
        changed = replace(record, values=values)
        self.org.put(changed, by_person=True)
        return changed

    def discard(self, record: Record) -> None:
        """Move a record to the recycle bin along with another one."""
        if not record.deleted:
            self.change(record, {"IsDeleted": True})
