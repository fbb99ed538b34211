"""Problems of the field tables become issues, and go when they are gone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from syncline.domain.access.mailbox import Mailbox
from syncline.domain.access.policy import Policy
from syncline.domain.errors import ConfigurationError, ProviderError
from syncline.domain.issues.catalog import by_slug
from syncline.domain.issues.issue import Issue, IssueState
from syncline.domain.issues.remedy import explain
from syncline.domain.mapping import MAPPINGS
from syncline.domain.mapping.check import Sort
from syncline.domain.mapping.facts import FieldFacts
from syncline.domain.mapping.tables import CONVERTERS
from syncline.domain.ports import Commit, Lease
from syncline.domain.values.faults import Fault, FaultClass
from syncline.domain.values.ids import MailboxId
from syncline.domain.values.kinds import Kind
from syncline.domain.values.people import Traits
from syncline.usecases import check_mapping
from syncline.usecases.check_mapping import Shelves, look
from tests import factories as make
from tests.factories import NOW

MAILBOX = MailboxId(1)


def good_facts(kind: Kind) -> dict[str, FieldFacts]:
    """What an org says that has all that the usual table needs."""
    mapping = MAPPINGS[kind]
    return {
        name: FieldFacts(
            name=name,
            type=next(t for t in ("textarea", *sorted(types)) if t in types),
            length=32_000 if "textarea" in types else 0,
        )
        for row in mapping.rows
        for name, types in zip(row.record, CONVERTERS[row.converter].types, strict=True)
    }


@dataclass
class Org:
    """An org's schema in memory."""

    objects: dict[str, dict[str, FieldFacts]] = field(
        default_factory=lambda: {
            m.object_name: good_facts(kind) for kind, m in MAPPINGS.items()
        }
    )
    fault: Fault | None = None

    def fields(self, object_name: str) -> Mapping[str, FieldFacts]:
        if self.fault:
            raise ProviderError.of(self.fault)
        return self.objects.get(object_name, {})

    def traits(self) -> Traits:
        return Traits()


@dataclass
class Shelf:
    """Everything that the use case remembers, in memory."""

    mailbox: Mailbox = field(default_factory=make.mailbox)
    issues: dict[str, Issue] = field(default_factory=dict)
    is_leased: bool = False
    now_is: datetime = NOW

    def get(self, mailbox_id: MailboxId) -> Mailbox:
        return self.mailbox

    def now(self) -> datetime:
        return self.now_is

    def acquire(self, mailbox_id: MailboxId) -> Lease | None:
        if self.is_leased:
            return None
        self.is_leased = True
        return Lease(mailbox_id=mailbox_id, token=1)

    def release(self, lease: Lease) -> None:
        self.is_leased = False

    def begin(self, lease: Lease, session: object) -> None:
        raise AssertionError("a check is no session")

    def commit(self, commit: Commit) -> None:
        assert self.is_leased
        self.issues.update({i.fingerprint: i for i in commit.issues})

    def unresolved(self, mailbox_id: MailboxId) -> list[Issue]:
        return [i for i in self.issues.values() if i.state is not IssueState.RESOLVED]

    def open_slugs(self) -> list[str]:
        return sorted(
            Sort(slug)
            for slug in Sort
            for i in self.unresolved(MAILBOX)
            if i.code == by_slug(slug).code
        )


def run(shelf: Shelf, org: Org) -> object:
    shelves = Shelves(mailboxes=shelf, leases=shelf, ledger=shelf, issues=shelf)
    return check_mapping.run(MAILBOX, shelves=shelves, schema=org, clock=shelf)


def test_org_that_has_everything_raises_nothing() -> None:
    shelf = Shelf()
    assert run(shelf, Org()) == ()
    assert shelf.issues == {}
    assert not shelf.is_leased


def test_each_problem_is_one_issue_that_names_the_field() -> None:
    shelf, org = Shelf(), Org()
    del org.objects["Event"]["Location"]
    org.objects["Contact"]["Rank__c"] = FieldFacts(
        name="Rank__c", label="Rank", is_required=True
    )
    run(shelf, org)
    assert shelf.open_slugs() == ["mapped_field_missing", "required_field_unfilled"]
    told = " ".join(explain(i.code, i.params) for i in shelf.issues.values())
    assert "Location" in told
    assert "Rank (Rank__c)" in told


def test_problem_that_stays_is_counted_and_not_doubled() -> None:
    shelf, org = Shelf(), Org()
    del org.objects["Event"]["Location"]
    run(shelf, org)
    shelf.now_is += timedelta(days=1)
    run(shelf, org)
    (issue,) = shelf.issues.values()
    assert (issue.occurrences, issue.first_seen) == (2, NOW)


def test_issue_is_resolved_once_the_field_is_seen_to_be_good() -> None:
    shelf, org = Shelf(), Org()
    gone = org.objects["Event"].pop("Location")
    run(shelf, org)
    org.objects["Event"]["Location"] = gone
    run(shelf, org)
    (issue,) = shelf.issues.values()
    assert issue.state is IssueState.RESOLVED


def test_another_trouble_with_the_same_field_replaces_the_first() -> None:
    shelf, org = Shelf(), Org()
    org.objects["Event"]["Location"] = FieldFacts(name="Location", type="date")
    run(shelf, org)
    org.objects["Event"]["Location"] = FieldFacts(name="Location", is_updateable=False)
    run(shelf, org)
    assert shelf.open_slugs() == ["mapped_field_closed"]


def test_issues_about_other_things_are_left_alone() -> None:
    shelf = Shelf()
    other = Issue(
        mailbox_id=MAILBOX,
        code=by_slug("object_hidden").code,
        subject="connection:crm",
        first_seen=NOW,
        last_seen=NOW,
    )
    shelf.issues[other.fingerprint] = other
    run(shelf, Org())
    assert shelf.issues == {other.fingerprint: other}


def test_kinds_that_are_not_synchronized_are_not_looked_at() -> None:
    policy = Policy(kinds=frozenset({Kind.CONTACT, Kind.MESSAGE}))
    org = Org()
    del org.objects["Event"]
    shelf = Shelf(mailbox=make.mailbox(policy=policy))
    assert run(shelf, org) == ()
    assert [one.mapping.kind for one in look(policy, org)] == [Kind.CONTACT]


def test_table_that_contradicts_itself_is_an_issue_until_it_is_corrected() -> None:
    wrong = Policy(fields={"event": {"Location": {"direction": "sideways"}}})
    shelf = Shelf(mailbox=make.mailbox(policy=wrong))
    run(shelf, Org())
    (issue,) = shelf.issues.values()
    assert issue.code == by_slug("field_table_senseless").code
    assert "sideways" in explain(issue.code, issue.params)
    shelf.mailbox = replace(shelf.mailbox, policy=Policy())
    run(shelf, Org())
    (issue,) = shelf.issues.values()
    assert issue.state is IssueState.RESOLVED


def test_mailbox_in_a_session_is_left_for_later() -> None:
    shelf, org = Shelf(is_leased=True), Org()
    del org.objects["Event"]["Location"]
    assert run(shelf, org) is None
    assert shelf.issues == {}


def test_org_that_cannot_be_asked_proves_nothing() -> None:
    shelf, org = Shelf(), Org()
    del org.objects["Event"]["Location"]
    run(shelf, org)
    before = dict(shelf.issues)
    org.fault = Fault(
        provider="salesforce", fault_class=FaultClass.UNAVAILABLE, status=503
    )
    with pytest.raises(ProviderError):
        run(shelf, org)
    assert shelf.issues == before
    assert not shelf.is_leased


@dataclass
class Profiles:
    """Profiles in memory."""

    saved: list[Mapping[str, object]] = field(default_factory=list)

    def save_fields(self, mailbox_id: MailboxId, fields: Mapping[str, object]) -> None:
        self.saved.append(fields)


def test_changes_that_the_org_can_keep_are_saved() -> None:
    profiles = Profiles()
    changes = {"event": {"Location": {"direction": "up"}}}
    problems = check_mapping.save(
        make.mailbox(), changes, schema=Org(), profiles=profiles
    )
    assert problems == ()
    assert profiles.saved == [changes]


def test_changes_that_the_org_cannot_keep_are_told_and_saved_only_on_purpose() -> None:
    profiles = Profiles()
    changes = {"contact": {"custom": [{"item": "company", "record": "Gone__c"}]}}
    org = Org()
    (problem,) = check_mapping.save(
        make.mailbox(), changes, schema=org, profiles=profiles
    )
    assert problem.field == "Gone__c"
    assert profiles.saved == []
    check_mapping.save(
        make.mailbox(), changes, schema=org, profiles=profiles, despite_problems=True
    )
    assert profiles.saved == [changes]


def test_changes_that_make_no_sense_are_never_saved() -> None:
    profiles = Profiles()
    with pytest.raises(ConfigurationError):
        check_mapping.save(
            make.mailbox(),
            {"event": {"Subject": {"direction": "sideways"}}},
            schema=Org(),
            profiles=profiles,
            despite_problems=True,
        )
    assert profiles.saved == []
