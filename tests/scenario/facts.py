"""The state of everything, in words that do not depend on the way there.

Provider ids, link keys, versions and times of writing differ from run to run;
they are replaced by the names of what they stand for, or left out.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from syncline.connectors.microsoft365.manifest import LINK_KEY_PROPERTY
from syncline.store.models import IssueRow, LinkRow
from tests.scenario.people import Outlook

Json = dict[str, Any]
Facts = dict[str, list[Json]]

_EVENT_FIELDS = (
    *("subject", "body", "location", "start", "end", "isAllDay", "showAs"),
    *("sensitivity", "isReminderOn", "reminderMinutesBeforeStart", "attendees"),
)
_CONTACT_FIELDS = (
    *("givenName", "surname", "middleName", "title", "jobTitle", "department"),
    *("companyName", "emailAddresses", "mobilePhone", "businessPhones"),
    *("homePhones", "personalNotes", "businessAddress", "birthday"),
)
_RECORD_FIELDS = {
    "Event": (
        *("Subject", "Description", "Location", "IsAllDayEvent", "StartDateTime"),
        *("EndDateTime", "ShowAs", "IsPrivate", "IsReminderSet", "ReminderDateTime"),
        "Syncline_Attendees__c",
    ),
    "Contact": (
        *("FirstName", "LastName", "Title", "Email", "MobilePhone", "Phone"),
        "Description",
    ),
}


class Names:
    """What ids and keys stand for."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def learn(self, name: str, *ids: str | None) -> str:
        """Call these ids by a name."""
        for each in ids:
            if each:
                self._names[each] = name
        return name

    def of(self, text: str | None) -> str | None:
        """The name of an id; a text with every known id replaced."""
        if not text:
            return None
        for each, name in self._names.items():
            text = text.replace(each, f"<{name}>")
        return text


def collect(mailbox_id: int, outlook: Outlook, org: Json) -> Facts:
    """Everything that both sides and Syncline itself hold.

    Args:
        mailbox_id: Whose links and issues.
        outlook: The owner's program.
        org: What the Salesforce server stores.
    """
    names = Names()
    items = [*_items(outlook, "events"), *_items(outlook, "contacts")]
    records = [r for kind in _RECORD_FIELDS for r in _records(org, kind)]
    for title, thing in sorted(_titled(items + records), key=lambda pair: pair[0]):
        names.learn(title, thing.get("id") or thing.get("Id"))
    links = list(LinkRow.objects.filter(mailbox_id=mailbox_id))
    for link in links:
        names.learn(f"link of {link.name}", link.key)
    issues = IssueRow.objects.filter(mailbox_id=mailbox_id)
    return {
        "items": _sorted(_item_facts(item, names) for item in items),
        "records": _sorted(_record_facts(record, names) for record in records),
        "links": _sorted(_link_facts(link, names) for link in links),
        "issues": _sorted(_issue_facts(issue, names) for issue in issues),
    }


def _titled(things: list[Json]) -> list[tuple[str, Json]]:
    return [(_title(thing), thing) for thing in things]


def _title(thing: Json) -> str:
    fields = ("subject", "surname", "givenName", "Subject", "LastName")
    name = next((thing[f] for f in fields if thing.get(f)), "?")
    place = "item" if "id" in thing else "record"
    return f"{place} {name}"


def _items(outlook: Outlook, kind: str) -> list[Json]:
    expand = f"singleValueExtendedProperties($filter=id eq '{LINK_KEY_PROPERTY}')"
    path = f"/v1.0/me/{kind}?$top=900&$expand={quote(expand)}"
    found: list[Json] = outlook.call("GET", path)["value"]
    return found


def _records(org: Json, kind: str) -> list[Json]:
    rows = (row["values"] for row in org["tables"][kind]["records"])
    return [{**row, "_kind": kind} for row in rows if not row["IsDeleted"]]


def _item_facts(item: Json, names: Names) -> Json:
    fields = _EVENT_FIELDS if "subject" in item else _CONTACT_FIELDS
    properties = item.get("singleValueExtendedProperties") or [{}]
    return {
        **{name: item.get(name) for name in fields},
        "categories": sorted(item["categories"]),
        "key": names.of(properties[0].get("value")),
    }


def _record_facts(record: Json, names: Names) -> Json:
    fields = _RECORD_FIELDS[record["_kind"]]
    return {
        **{name: record.get(name) for name in fields},
        "key": names.of(record.get("Syncline_Id__c")),
    }


def _link_facts(link: LinkRow, names: Names) -> Json:
    is_live = link.state != "tombstone"
    return {
        "name": link.name,
        "kind": link.kind,
        "state": link.state,
        "origin": link.origin,
        "item": names.of(link.item_id) if is_live else None,
        "record": names.of(link.record_id) if is_live else None,
        "base_item": link.base_item if is_live else None,
        "base_record": link.base_record if is_live else None,
        "marks": sorted(link.marks),
        "hold": (link.hold or {}).get("code"),
        "losers": [(x["field"], x["side"], x["value"]) for x in link.losers],
    }


def _issue_facts(issue: IssueRow, names: Names) -> Json:
    return {
        "code": issue.code,
        "state": issue.state,
        "subject": names.of(issue.subject),
        "kind": issue.kind,
        "side": issue.side,
        "name": issue.name,
        "params": {name: names.of(str(v)) for name, v in issue.params.items()},
    }


def _sorted(facts: Any) -> list[Json]:
    return sorted(facts, key=repr)
