"""Hold a mailbox's field tables against Salesforce, and raise what is in the way.

Done when a profile's tables are saved and every night: fields are renamed,
hidden and retyped by people who do not think of Syncline.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from syncline.domain.access.mailbox import Mailbox
from syncline.domain.access.policy import Policy
from syncline.domain.errors import ConfigurationError
from syncline.domain.issues.catalog import by_slug
from syncline.domain.issues.docket import Docket, issue_about
from syncline.domain.mapping.check import Problem, Sort, check
from syncline.domain.mapping.deviations import problems_of
from syncline.domain.mapping.facts import FieldFacts
from syncline.domain.mapping.profile import mapping_for
from syncline.domain.mapping.rules import KindMapping
from syncline.domain.mapping.tables import TABLES
from syncline.domain.ports import (
    Clock,
    Commit,
    IssueLog,
    Leases,
    Ledger,
    MailboxBook,
    OrgSchema,
)
from syncline.domain.values.ids import MailboxId
from syncline.domain.values.kinds import Side

_FIELD = "field:"
_TABLES = "field_tables"
_SENSELESS = by_slug("field_table_senseless").code
_CODES = frozenset({_SENSELESS} | {by_slug(sort).code for sort in Sort})


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One kind's table beside what the org says about its fields."""

    mapping: KindMapping
    facts: Mapping[str, FieldFacts]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelves:
    """What the check reads from and writes to."""

    mailboxes: MailboxBook
    leases: Leases
    ledger: Ledger
    issues: IssueLog


def look(policy: Policy, schema: OrgSchema) -> tuple[Look, ...]:
    """The tables of all kinds that a profile synchronizes; changes nothing.

    Raises:
        ConfigurationError: The profile's changes make no sense.
        ProviderError: Salesforce could not be asked.
    """
    wrong = problems_of(policy.fields)
    if wrong:
        raise wrong[0]
    traits = schema.traits()
    looks = []
    for kind in TABLES:
        if kind in policy.kinds:
            mapping = mapping_for(kind, policy, traits)
            facts = schema.fields(mapping.object_name)
            looks.append(
                Look(mapping=mapping, facts=facts, problems=check(mapping, facts))
            )
    return tuple(looks)


class ProfileBook(Protocol):
    """Keeps what profiles change about the field tables."""

    def save_fields(self, mailbox_id: MailboxId, fields: Mapping[str, Any]) -> None:
        """Store the changes of the profile that a mailbox belongs to."""


def save(
    mailbox: Mailbox,
    fields: Mapping[str, Any],
    *,
    schema: OrgSchema,
    profiles: ProfileBook,
    despite_problems: bool = False,
) -> tuple[Problem, ...]:
    """Store a profile's changes, unless the org has something against them.

    Args:
        mailbox: One of the profile's; it is asked as this mailbox's user.
        fields: All changes, as `docs/reference/field-tables.md` describes them.
        schema: The org.
        profiles: Where they are stored.
        despite_problems: Store them although something is in the way.

    Returns:
        What is in the way; then nothing was stored, unless it was wanted.

    Raises:
        ConfigurationError: The changes make no sense; nothing was stored.
        ProviderError: Salesforce could not be asked; nothing was stored.
    """
    looks = look(replace(mailbox.policy, fields=fields), schema)
    problems = tuple(problem for one in looks for problem in one.problems)
    if not problems or despite_problems:
        profiles.save_fields(mailbox.id, fields)
    return problems


def run(
    mailbox_id: MailboxId, *, shelves: Shelves, schema: OrgSchema, clock: Clock
) -> tuple[Problem, ...] | None:
    """Check a mailbox's tables: one issue for each problem, resolved when it is gone.

    Answers what is in the way; None when a session has the mailbox now, so that
    nothing was looked at.

    Raises:
        KeyError: There is no such mailbox.
        ProviderError: Salesforce could not be asked; the issues stay as they are.
    """
    mailbox = shelves.mailboxes.get(mailbox_id)
    lease = shelves.leases.acquire(mailbox_id)
    if lease is None:
        return None
    try:
        docket = Docket(mailbox_id, shelves.issues.unresolved(mailbox_id))
        problems = raise_problems(docket, mailbox, schema, clock.now())
        shelves.ledger.commit(Commit(lease=lease, issues=docket.take_changed()))
    finally:
        shelves.leases.release(lease)
    return problems


def raise_problems(
    docket: Docket, mailbox: Mailbox, schema: OrgSchema, now: datetime
) -> tuple[Problem, ...]:
    """Raise what is in the way, and resolve what no longer is.

    Raises:
        ProviderError: Salesforce could not be asked; nothing was raised.
    """
    problems = _raise_all(docket, mailbox, schema, now)
    for subject in docket.subjects():
        if subject.startswith((_FIELD, _TABLES)):
            for code in _CODES:
                docket.prove(subject, now, only=code)
    return problems


def _raise_all(
    docket: Docket, mailbox: Mailbox, schema: OrgSchema, now: datetime
) -> tuple[Problem, ...]:
    try:
        looks = look(mailbox.policy, schema)
    except ConfigurationError as error:
        detail = f"{error.problem} {error.hint}".rstrip(".")
        _raise(docket, _SENSELESS, _TABLES, {"detail": detail}, now)
        return ()
    problems = tuple(problem for one in looks for problem in one.problems)
    for found in problems:
        code = by_slug(found.sort).code
        _raise(docket, code, found.subject, found.params, now)
    return problems


def _raise(
    docket: Docket, code: str, subject: str, params: Mapping[str, str], now: datetime
) -> None:
    docket.raise_issue(
        issue_about(
            mailbox_id=docket.mailbox_id,
            code=code,
            subject=subject,
            now=now,
            params=params,
            side=Side.CRM,
            operation="read",
        )
    )
