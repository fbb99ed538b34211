"""Profiles of an organization, and what is known to be in the way of their fields."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count

from syncline.domain.access.policy import Policy
from syncline.domain.issues.issue import Issue, IssueState
from syncline.domain.values.ids import MailboxId
from syncline.store.issues import to_issue
from syncline.store.mailboxes import sound_policy
from syncline.store.models import IssueRow, ProfileRow

#: Length of the part of a Salesforce id that identifies; three more only check it.
_ID_LENGTH = 15
#: What `Issue.subject` of an issue about one field begins with.
_FIELD = "field:"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileView:
    """One profile, with the open issues about fields of its mailboxes."""

    name: str
    #: None when its settings make no sense; then no mailbox of it is synchronized.
    policy: Policy | None
    mailbox_count: int
    #: By `Object.Field`; the same trouble of several mailboxes is there once.
    problems: dict[str, list[Issue]]


def profiles_of_organization(crm_org_id: str) -> list[ProfileView]:
    """All profiles by name."""
    rows = (
        ProfileRow.objects.filter(
            organization__crm_org_id__startswith=crm_org_id[:_ID_LENGTH]
        )
        .annotate(mailbox_count=Count("mailboxrow"))
        .order_by("name")
    )
    return [
        ProfileView(
            name=row.name,
            policy=sound_policy(row.policy),
            mailbox_count=row.mailbox_count,
            problems=_problems(row.pk),
        )
        for row in rows
    ]


def _problems(profile_id: int) -> dict[str, list[Issue]]:
    rows = IssueRow.objects.filter(
        mailbox__profile_id=profile_id,
        state=IssueState.OPEN,
        subject__startswith=_FIELD,
    ).order_by("code", "subject")
    once = {(row.code, row.subject): to_issue(row) for row in rows}
    found: dict[str, list[Issue]] = defaultdict(list)
    for issue in once.values():
        found[issue.subject.removeprefix(_FIELD)].append(issue)
    return dict(found)


class SqlProfileBook:
    """`check_mapping.ProfileBook` on PostgreSQL."""

    def save_fields(self, mailbox_id: MailboxId, fields: Mapping[str, Any]) -> None:
        """See the port."""
        with transaction.atomic():
            row = ProfileRow.objects.select_for_update().get(mailboxrow=mailbox_id)
            row.policy = {**row.policy, "fields": dict(fields)}
            row.save(update_fields=["policy"])
