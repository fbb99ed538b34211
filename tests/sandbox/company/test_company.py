"""The demo company is big, the same every time, and free of accidents."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tzlocal.windows_tz import win_tz

from syncline.sandbox.company.build import Company, build
from syncline.sandbox.company.people import STAFF
from syncline.sandbox.company.period import Period
from syncline.sandbox.microsoft365.validation import accepted

AUTUMN = datetime(2026, 11, 23, 19, 30, tzinfo=UTC)
#: Periods with and without changes of clocks, across a new year and a leap day.
MOMENTS = (
    AUTUMN,
    datetime(2026, 10, 10, 0, 5, tzinfo=UTC),
    datetime(2027, 3, 1, 23, 59, tzinfo=UTC),
    datetime(2028, 1, 31, 12, tzinfo=UTC),
    datetime(2027, 7, 4, 6, tzinfo=UTC),
)
ADDRESS = re.compile(r"[^@\s]{1,64}@[a-z0-9.-]+\.example", re.IGNORECASE)
MAILBOX_ITEMS = 400
CONTACT_LIMITS = {
    "FirstName": 40,
    "LastName": 80,
    "Title": 128,
    "Department": 80,
    "Email": 80,
    "Phone": 40,
    "MobilePhone": 40,
    "HomePhone": 40,
    "MailingStreet": 255,
    "MailingCity": 40,
    "MailingPostalCode": 20,
    "MailingCountry": 80,
}
#: What a seed may say of a series beside its properties.
SEEDED_BESIDES = {"exceptions", "cancelled"}
FIELD_OF = {
    "givenName": "FirstName",
    "surname": "LastName",
    "middleName": "FirstName",
    "jobTitle": "Title",
    "department": "Department",
    "mobilePhone": "MobilePhone",
}


@pytest.fixture(scope="module", params=MOMENTS, ids=str)
def now(request: pytest.FixtureRequest) -> datetime:
    moment: datetime = request.param
    return moment


@pytest.fixture(scope="module")
def company(now: datetime) -> Company:
    return build(now)


def items(company: Company, shelf: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for address, shelves in company.microsoft365["items"].items():
        for item in shelves[shelf]:
            yield address, item


def tasks(company: Company) -> Iterator[tuple[str, dict[str, Any]]]:
    for shelves in company.microsoft365["items"].values():
        for name, rows in shelves["tasks"].items():
            yield from ((name, row) for row in rows)


def item_name(item: dict[str, Any]) -> str:
    if "subject" in item:
        return str(item["subject"])
    full = " ".join(item[k] for k in ("givenName", "surname") if item.get(k))
    emails = [e["address"] for e in item.get("emailAddresses", [])]
    return full or next(iter(emails), "") or item.get("companyName", "")


def is_expected(company: Company, address: str, item: dict[str, Any]) -> bool:
    entry = (address, item_name(item))
    return any(entry in entries for entries in company.expected_causes.values())


def contact_names(company: Company) -> list[str]:
    records = company.salesforce["records"]["Contact"]
    names = [f"{r['FirstName']} {r['LastName']}" for r in records]
    return names + [item_name(c) for _, c in items(company, "contacts")]


def digits(number: str) -> str:
    return re.sub(r"\D", "", number)


def test_there_are_at_least_400_calendar_items_in_three_mailboxes(
    company: Company,
) -> None:
    in_mailboxes = Counter(address for address, _ in items(company, "events"))
    in_salesforce = Counter(e["_owner"] for e in company.salesforce["records"]["Event"])
    assert set(in_mailboxes) == {c.address for c in STAFF}
    assert set(in_salesforce) == {c.username for c in STAFF}
    assert in_mailboxes.total() >= MAILBOX_ITEMS
    assert in_salesforce.total() >= 60


def test_there_are_at_least_300_persons_of_which_40_on_both_sides(
    company: Company,
) -> None:
    here = {
        e["address"].lower()
        for _, contact in items(company, "contacts")
        for e in contact.get("emailAddresses", [])
    }
    there = {r["Email"].lower() for r in company.salesforce["records"]["Contact"]}
    assert len(here | there) >= 300
    assert len(here & there) >= 40
    assert len(there - here) >= 80


def test_everybody_has_series_with_what_makes_them_hard(company: Company) -> None:
    for address in company.microsoft365["items"]:
        mine = [e for a, e in items(company, "events") if a == address]
        series = [event for event in mine if event.get("recurrence")]
        patterns = {one["recurrence"]["pattern"]["type"] for one in series}
        assert patterns == {"weekly", "absoluteMonthly"}
        assert [len(one.get("exceptions", {})) for one in series].count(2) == 1
        assert sum(len(one.get("cancelled", [])) for one in series) == 1
        zones = {one["start"]["timeZone"] for one in series}
        assert "America/New_York" in zones
        assert any(one["isAllDay"] for one in series)


def test_everybody_has_open_done_and_overdue_tasks(
    company: Company, now: datetime
) -> None:
    today = now.astimezone(UTC).date().isoformat()
    for shelves in company.microsoft365["items"].values():
        counts = {name: len(rows) for name, rows in shelves["tasks"].items()}
        assert counts == {"Salesforce Tasks": 15, "Tasks": 10}
        for rows in shelves["tasks"].values():
            done = [one for one in rows if one["status"] == "completed"]
            due = [
                one["dueDateTime"]["dateTime"][:10]
                for one in rows
                if one["status"] != "completed" and "dueDateTime" in one
            ]
            assert done
            assert min(due) < today < max(due)


def test_everybody_has_e_mails_of_all_sorts_and_none_of_the_future(
    company: Company, now: datetime
) -> None:
    stamp = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    for shelves in company.microsoft365["items"].values():
        mail = shelves["messages"]
        assert 55 <= len(mail) <= 70
        assert all(one["receivedDateTime"] < stamp for one in mail)
        folders = Counter(one.get("folder", "inbox") for one in mail)
        assert set(folders) == {"inbox", "sentitems", "drafts", "Salesforce Emails"}
        assert sum("mime" in one for one in mail) == 2
        sizes = [
            len(file["contentBytes"]) * 3 // 4
            for one in mail
            for file in one.get("attachments", [])
        ]
        assert len(sizes) == 1
        assert sizes[0] >= 3 * 1024 * 1024
        threads = Counter(one["conversationId"] for one in mail if "mime" not in one)
        assert list(threads.values()).count(2) == 3
        assert any("größer" in one["body"]["content"] for one in mail if "body" in one)


def test_some_messages_lie_in_several_mailboxes_and_else_ids_are_unique(
    company: Company,
) -> None:
    ids = Counter(
        message["internetMessageId"]
        for _, message in items(company, "messages")
        if "mime" not in message
    )
    assert set(ids.values()) == {1, 3}
    assert list(ids.values()).count(3) == 15


def test_salesforce_has_tasks_leads_and_opportunities_of_its_own(
    company: Company,
) -> None:
    records = company.salesforce["records"]
    counts = {name: len(records[name]) for name in ("Task", "Lead", "Opportunity")}
    assert counts == {"Task": 24, "Lead": 9, "Opportunity": 12}


def test_equal_days_and_seeds_give_equal_companies(now: datetime) -> None:
    later_the_same_day = now.replace(hour=23, minute=1)
    assert build(now) == build(later_the_same_day)


def test_another_seed_gives_other_items() -> None:
    assert build(AUTUMN, seed=1).microsoft365 != build(AUTUMN, seed=2).microsoft365


def test_the_day_is_that_of_utc() -> None:
    late_in_auckland = datetime(2026, 11, 24, 8, tzinfo=ZoneInfo("Pacific/Auckland"))
    assert build(late_in_auckland) == build(AUTUMN)


def test_every_calendar_item_lies_inside_of_the_window(
    company: Company, now: datetime
) -> None:
    today = now.astimezone(UTC).replace(hour=0, minute=0)
    first, after = today - timedelta(days=14), today + timedelta(days=60)
    for _, event in items(company, "events"):
        start, end = _graph_instants(event)
        assert first <= start <= end <= after, event["subject"]
        if event["isAllDay"]:
            assert start < end
    for record in company.salesforce["records"]["Event"]:
        start, end = _crm_instants(record)
        assert first <= start <= end <= after, record["Subject"]


def _graph_instants(event: dict[str, Any]) -> tuple[datetime, datetime]:
    start, end = (
        datetime.fromisoformat(event[name]["dateTime"]).replace(
            tzinfo=ZoneInfo(
                win_tz.get(event[name]["timeZone"], event[name]["timeZone"])
            )
        )
        for name in ("start", "end")
    )
    return start.astimezone(UTC), end.astimezone(UTC)


def _crm_instants(record: dict[str, Any]) -> tuple[datetime, datetime]:
    if not record["IsAllDayEvent"]:
        start, end = record["StartDateTime"], record["EndDateTime"]
        return datetime.fromisoformat(start), datetime.fromisoformat(end)
    first = date.fromisoformat(record["ActivityDate"])
    last = date.fromisoformat(record["EndDate"]) + timedelta(days=1)
    return _midnight(first), _midnight(last)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def test_no_calendar_item_is_there_twice(company: Company) -> None:
    of_username = {c.username: c.address for c in STAFF}
    seen = Counter(
        (address, event["subject"], _graph_instants(event)[0])
        for address, event in items(company, "events")
    )
    seen.update(
        (of_username[r["_owner"]], r["Subject"], _crm_instants(r)[0])
        for r in company.salesforce["records"]["Event"]
    )
    assert [entry for entry, count in seen.items() if count > 1] == []


def test_the_mailbox_accepts_every_item(company: Company) -> None:
    for kind, shelf in (("event", "events"), ("contact", "contacts")):
        for _, item in items(company, shelf):
            posted = {n: v for n, v in item.items() if n not in SEEDED_BESIDES}
            fields, _ = accepted(kind, posted)
            assert fields
    for _, task in tasks(company):
        assert accepted("task", task)[0]["title"]


def test_names_are_shared_only_by_a_contact_and_its_own_counterpart(
    company: Company,
) -> None:
    counts = Counter(contact_names(company))
    records = company.salesforce["records"]["Contact"]
    counterparts = Counter(f"{r['FirstName']} {r['LastName']}" for r in records)
    assert max(counterparts.values()) == 1
    assert all(count <= 1 + counterparts[name] for name, count in counts.items())


def test_addresses_and_numbers_belong_to_one_name_only(company: Company) -> None:
    owners: dict[str, set[str]] = {}
    for _, contact in items(company, "contacts"):
        name = item_name(contact)
        numbers = [*contact.get("businessPhones", []), *contact.get("homePhones", [])]
        numbers += [contact[k] for k in ("mobilePhone",) if k in contact]
        addresses = [e["address"] for e in contact.get("emailAddresses", [])]
        for key in [*map(digits, numbers), *(a.lower() for a in addresses)]:
            owners.setdefault(key, set()).add(name)
    for record in company.salesforce["records"]["Contact"]:
        name = f"{record['FirstName']} {record['LastName']}"
        phones = [record[k] for k in record if k.endswith("Phone")]
        for key in [*map(digits, phones), record["Email"].lower()]:
            owners.setdefault(key, set()).add(name)
    assert {key: names for key, names in owners.items() if len(names) > 1} == {}


def test_contacts_that_must_sync_fit_into_salesforce(company: Company) -> None:
    for address, contact in items(company, "contacts"):
        if is_expected(company, address, contact):
            continue
        for name, field in FIELD_OF.items():
            assert _units(contact.get(name) or "") <= CONTACT_LIMITS[field]
        for phone in contact.get("businessPhones", []) + contact.get("homePhones", []):
            assert _units(phone) <= CONTACT_LIMITS["Phone"]
        for email in contact.get("emailAddresses", []):
            assert ADDRESS.fullmatch(email["address"])
        assert contact.get("surname")
        assert "Chief" not in contact.get("jobTitle", "")


def test_salesforce_contacts_fit_into_their_fields(company: Company) -> None:
    for record in company.salesforce["records"]["Contact"]:
        for field, limit in CONTACT_LIMITS.items():
            assert _units(record.get(field) or "") <= limit
        assert "Chief" not in record.get("Title", "")


def test_events_fit_into_their_fields(company: Company) -> None:
    for address, event in items(company, "events"):
        assert 0 < _units(event["subject"]) <= 255
        assert _units(event.get("location", {}).get("displayName", "")) <= 255
        assert _units(event.get("body", {}).get("content", "")) <= 32_000
        if not is_expected(company, address, event):
            assert not event["subject"].startswith("TBD")
            start, end = _graph_instants(event)
            assert end - start <= timedelta(days=14)
    for record in company.salesforce["records"]["Event"]:
        assert 0 < _units(record["Subject"]) <= 255
        assert _units(record.get("Location", "")) <= 255


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def test_some_subjects_have_exactly_255_units(company: Company) -> None:
    long = [e["subject"] for _, e in items(company, "events")]
    full = [subject for subject in long if _units(subject) == 255]
    assert len(full) >= 2
    assert any(len(subject) < 255 for subject in full), "none with astral characters"


def test_every_reference_points_to_a_seeded_record(company: Company) -> None:
    records = company.salesforce["records"]
    rows = [row for rows in records.values() for row in rows]
    known = {f"@ref:{row['_ref']}" for row in rows if "_ref" in row}
    used = {
        value
        for row in rows
        for value in row.values()
        if isinstance(value, str) and value.startswith("@ref:")
    }
    assert used
    assert used <= known


def test_each_expected_issue_names_one_item_of_its_mailbox(company: Company) -> None:
    names = Counter(
        (address, item_name(item))
        for shelf in ("events", "contacts")
        for address, item in items(company, shelf)
    )
    entries = [e for rows in company.expected_causes.values() for e in rows]
    assert len(company.expected_causes) >= 12
    assert len(set(entries)) == len(entries)
    assert {entry: names[entry] for entry in entries} == dict.fromkeys(entries, 1)
    assert {address for address, _ in entries} == {c.address for c in STAFF}


def test_names_come_in_many_scripts(company: Company) -> None:
    text = "".join(contact_names(company))
    samples = "éΑаمש王한अท"
    blocks = {ord(c) >> 8 for c in text}
    assert {ord(c) >> 8 for c in samples} - {0xD5} <= blocks
    assert any(0xAC00 <= ord(c) <= 0xD7A3 for c in text)


def test_a_night_shift_lies_over_every_change_of_clocks(
    company: Company, now: datetime
) -> None:
    shifts = [
        event
        for _, event in items(company, "events")
        if event["subject"].startswith("Night shift")
    ]
    switches = Period(now.astimezone(UTC).date()).switches()
    assert len(shifts) == len(switches)
    for event in shifts:
        start, end = _graph_instants(event)
        shown = [event[name]["dateTime"] for name in ("start", "end")]
        first, last = map(datetime.fromisoformat, shown)
        assert end - start != last - first


def test_october_has_a_change_of_clocks() -> None:
    assert Period(date(2026, 10, 10)).switches()


def test_one_colleague_visits_and_renews(company: Company, now: datetime) -> None:
    records = company.salesforce["records"]
    visits, renewals = records["Site_Visit__c"], records["Contract_Renewal__c"]
    owners = {r["_owner"] for r in (*visits, *renewals)}
    assert owners == {"bruno.okafor@northwind-sandbox.example"}
    assert (len(visits), len(renewals)) == (6, 4)
    last = (now.date() + timedelta(days=60)).isoformat()
    today = now.date().isoformat()
    assert all(today < r["Renewal_Date__c"] < last for r in renewals)
    assert all(today < r["Starts_At__c"] < r["Ends_At__c"] < last for r in visits)
