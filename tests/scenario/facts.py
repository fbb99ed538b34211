"""The state of everything, in words that do not depend on the way there.

Provider ids, link keys, versions and times of writing differ from run to run;
they are replaced by the names of what they stand for, or left out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

from syncline.store.models import IssueRow, LinkRow
from tests.scenario import facts_of_items, facts_of_records
from tests.scenario.people import Outlook

Json = dict[str, Any]
Facts = dict[str, list[Json]]


class Names:
    """What ids and keys stand for."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._pattern: re.Pattern[str] | None = None

    def learn(self, name: str, *ids: str | None) -> str:
        """Call these ids by a name."""
        for each in ids:
            if each:
                self._names[each] = name
        self._pattern = None
        return name

    def of(self, value: Any) -> Any:
        """The name of an id; a value with every known id in it replaced."""
        if isinstance(value, dict):
            return {name: self.of(each) for name, each in value.items()}
        if isinstance(value, list):
            return [self.of(each) for each in value]
        if not isinstance(value, str):
            return value
        if self._pattern is None:
            longest_first = sorted(self._names, key=len, reverse=True)
            self._pattern = re.compile("|".join(map(re.escape, longest_first)) or "$^")
        return self._pattern.sub(lambda found: f"<{self._names[found[0]]}>", value)


def collect(mailbox_id: int, outlook: Outlook, org: Json) -> Facts:
    """Everything that both sides and Syncline itself hold.

    Args:
        mailbox_id: Whose links and issues.
        outlook: The owner's program.
        org: What the Salesforce server stores.
    """
    names = Names()
    items = facts_of_items.read(outlook)
    records = facts_of_records.read(org)
    for place, things in (("item", items), ("record", records)):
        for thing in things:
            names.learn(f"{place} {thing.title}", *thing.ids)
    links = list(LinkRow.objects.filter(mailbox_id=mailbox_id))
    _learn_links(names, links)
    issues = IssueRow.objects.filter(mailbox_id=mailbox_id)
    return {
        "items": _sorted(names.of(item.facts) for item in items),
        "records": _sorted(_record_facts(x.facts, names) for x in records if x.facts),
        "links": _sorted(_link_facts(link, names) for link in links),
        "issues": _sorted(_issue_facts(issue, names) for issue in issues),
    }


def _learn_links(names: Names, links: list[LinkRow]) -> None:
    """Call each key by what it links; the occurrences of a series by their days."""
    twins: dict[str, int] = defaultdict(int)
    for link in links:
        twins[link.name] += 1
    for link in links:
        day = link.item_uid.rpartition("/")[2] if twins[link.name] > 1 else ""
        is_day = re.fullmatch(r"\d{4}-\d\d-\d\d", day)
        names.learn(f"link of {link.name}{f' on {day}' if is_day else ''}", link.key)


def _record_facts(facts: Json, names: Names) -> Json:
    """Lists of people are in the order of their ids, which says nothing."""
    found: Json = names.of(facts)
    return {
        n: sorted(v, key=repr) if isinstance(v, list) else v for n, v in found.items()
    }


def _base_facts(base: Json | None, names: Names) -> Json | None:
    if base is None:
        return None
    found: Json = names.of(base)
    found.pop("CompletedDateTime", None)
    # What is empty may be said or left out; both mean the same.
    found = {name: value for name, value in found.items() if value is not None}
    if found.get("Invitees"):
        found["Invitees"] = sorted(re.findall(r"<[^>]*>[^\]]*", found["Invitees"]))
    return found


def _link_facts(link: LinkRow, names: Names) -> Json:
    is_live = link.state != "tombstone"
    return {
        "name": link.name,
        "kind": link.kind,
        "state": link.state,
        "origin": link.origin,
        "key": names.of(link.key),
        "item": names.of(link.item_id) if is_live else None,
        "record": names.of(link.record_id) if is_live else None,
        "base_item": _base_facts(link.base_item, names) if is_live else None,
        # A saved message never changes again: what was written is not looked at.
        "base_record": _base_facts(link.base_record, names)
        if is_live and link.kind != "message"
        else None,
        "marks": sorted(link.marks),
        "hold": (link.hold or {}).get("code"),
        "losers": [(x["field"], x["side"], x["value"]) for x in link.losers],
        "series": names.of(link.series_key),
        "is_series": link.is_series,
        "is_filed": link.is_filed,
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
