"""Controls for what happens to records behind a client's back.

README.md lists them with their bodies.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from syncline.sandbox.salesforce.entities import Json, Record, Values
from syncline.sandbox.salesforce.ids import long_id
from syncline.sandbox.salesforce.late import commit_late
from syncline.sandbox.salesforce.moments import read_moment, stamp
from syncline.sandbox.salesforce.platform import Actor
from syncline.sandbox.salesforce.store import Org
from syncline.sandbox.salesforce.writing import Writer

Asked = dict[str, Json]


def _record(org: Org, record_id: str) -> Record:
    record = org.find_record(long_id(record_id) or "")
    if record is None:
        raise KeyError(record_id)
    return record


def _user_id(org: Org, username: str) -> str:
    user = org.find_user(username)
    if user is None:
        raise KeyError(username)
    return str(user["Id"])


def _admin(org: Org) -> Actor:
    return Actor(org=org, user_id=org.syncing[0], by_person=True)


def set_record(org: Org, asked: Asked) -> None:
    """Lock, share or hand over one record, or make it busy.

    Raises:
        KeyError: There is no such record or user.
        RefusedError: The record cannot have that owner.
    """
    record = _record(org, asked["id"])
    hidden = asked.get("hidden_from")
    changed = replace(
        record,
        locked=bool(asked.get("locked", record.locked)),
        read_only=bool(asked.get("read_only", record.read_only)),
        hidden_from=record.hidden_from
        if hidden is None
        else tuple(_user_id(org, name) for name in hidden),
    )
    org.tables[record.sobject].put(changed)
    if "busy_times" in asked:
        org.row_locks[record.id] = int(asked["busy_times"])
    if "owner" in asked:
        writer = Writer(org=org, user_id=record.owner_id, by_person=True)
        owner = {"OwnerId": _user_id(org, asked["owner"])}
        writer.update(org.sobjects[record.sobject], record.id, owner)


def set_stamps(org: Org, asked: Asked) -> None:
    """Give records of an object one stamp; of all of them unless ids are given.

    Raises:
        KeyError: There is no such object or record.
        ValueError: The moment cannot be read.
    """
    table = org.tables[asked["sobject"]]
    moment = read_moment(asked["at"])
    if moment is None:
        raise ValueError(f"no moment: {asked['at']}")
    times = dict.fromkeys(("LastModifiedDate", "SystemModstamp"), stamp(moment))
    for record_id in asked.get("ids") or list(table.records):
        record = _record(org, record_id)
        table.put(replace(record, values=record.values | times))


def write_late(org: Org, asked: Asked) -> Json:
    """Create, change or delete in a transaction that ends late; answers the ids.

    Raises:
        KeyError: There is no such record, object or user.
        RefusedError: The org refuses the write.
    """
    record = _record(org, asked["id"]) if "id" in asked else None
    name = record.sobject if record else asked["sobject"]
    sobject, body = org.sobjects[name], asked.get("values", {})
    owner = record.owner_id if record else ""
    if "owner" in asked:
        owner = _user_id(org, asked["owner"])
    writer = Writer(org=org, user_id=owner or org.syncing[0], by_person=True)

    def write() -> None:
        if record is None:
            writer.create(sobject, body)
        elif asked.get("delete"):
            writer.delete(sobject, record.id)
        else:
            writer.update(sobject, record.id, body)

    return {"ids": commit_late(org, int(asked["reads"]), write)}


def merge(org: Org, asked: Asked) -> None:
    """Merge records: the losers go, and what referred to them refers to the winner.

    Raises:
        KeyError: There is no such record.
        ValueError: They are not of one kind that can be merged.
    """
    winner = _record(org, asked["winner"])
    losers = [_record(org, each) for each in asked["losers"]]
    if any(r.sobject != winner.sobject for r in losers) or winner in losers:
        raise ValueError("records of one object are merged")
    if "MasterRecordId" not in winner.values:
        raise ValueError(f"{winner.sobject} cannot be merged")
    admin = _admin(org)
    for loser in losers:
        admin.change(loser, {"IsDeleted": True, "MasterRecordId": winner.id})
        _refer_anew(admin, loser, winner)
    stamps = admin.stamps(created=False)
    org.put(replace(winner, values=winner.values | stamps), by_person=True)


def _refer_anew(admin: Actor, loser: Record, winner: Record) -> None:
    for table in admin.org.tables.values():
        names = [
            field.name
            for field in table.sobject.fields.values()
            if loser.sobject in field.reference_to and field.name != "MasterRecordId"
        ]
        for record in list(table.records.values()):
            changes = _replaced(record, names, loser.id, winner.id)
            if changes and not record.deleted:
                admin.change(record, changes)


def _replaced(record: Record, names: Iterable[str], old: str, new: str) -> Values:
    changes: Values = {}
    for name in names:
        value = record.values.get(name)
        if value == old:
            changes[name] = new
        elif isinstance(value, list) and old in value:
            changes[name] = [new if each == old else each for each in value]
    return changes


def convert(org: Org, asked: Asked) -> Json:
    """Convert a lead into an account and a contact; answers their ids.

    Raises:
        KeyError: There is no such lead.
    """
    lead = _record(org, asked["id"])
    if lead.sobject != "Lead":
        raise KeyError(asked["id"])
    actor = Actor(org=org, user_id=lead.owner_id, by_person=True)
    owner = {"OwnerId": lead.owner_id}
    account = actor.add("Account", {"Name": lead.values["Company"]} | owner)
    names = ("FirstName", "LastName", "Name", "Email", "Phone", "Title")
    copied = {name: lead.values.get(name) for name in names}
    contact = actor.add("Contact", copied | owner | {"AccountId": account.id})
    made = {"ConvertedAccountId": account.id, "ConvertedContactId": contact.id}
    day = org.now().date().isoformat()
    done = {"IsConverted": True, "Status": "Qualified", "ConvertedDate": day}
    actor.change(lead, done | made)
    return {"account": account.id, "contact": contact.id}


def purge(org: Org, asked: Asked) -> Json:
    """Empty the recycle bin, or take some ids out of it; answers how many."""
    wanted = {long_id(each) for each in asked.get("ids", [])}
    count = 0
    for table in org.tables.values():
        for record in list(table.records.values()):
            if record.deleted and (not wanted or record.id in wanted):
                table.remove(record.id)
                count += 1
    return {"purged": count}


def archive(org: Org, asked: Asked) -> Json:
    """Archive activities that ended before a day; answers how many.

    Their stamps stay, and only queryAll shows them.
    """
    count = 0
    for name, end in (("Event", "EndDate"), ("Task", "ActivityDate")):
        table = org.tables[name]
        for record in list(table.records.values()):
            values = record.values
            over = (values.get(end) or "9999") < asked["before"]
            open_task = name == "Task" and not values["IsClosed"]
            if over and not (open_task or values["IsArchived"]):
                table.put(replace(record, values=values | {"IsArchived": True}))
                count += 1
    return {"archived": count}
