"""Mailboxes with their profile's policy."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from syncline.domain.access.mailbox import Mailbox, Standing
from syncline.domain.access.policy import Policy, Winner
from syncline.domain.values.ids import MailboxId
from syncline.domain.values.kinds import Kind
from syncline.store.models import MailboxRow

_KIND_SETS = frozenset({"kinds", "auto_save", "down_sync", "forbid_to_remove"})
_MINUTES = {"interval_minutes": "interval", "timeout_minutes": "session_timeout"}


class SqlMailboxBook:
    """`ports.MailboxBook` on PostgreSQL."""

    def get(self, mailbox_id: MailboxId) -> Mailbox:
        """See the port."""
        row = (
            MailboxRow.objects.select_related("profile", "organization")
            .filter(pk=mailbox_id)
            .first()
        )
        if row is None:
            raise KeyError(mailbox_id)
        members = MailboxRow.objects.filter(organization_id=row.organization_id)
        return Mailbox(
            id=MailboxId(row.pk),
            address=row.address,
            organization_id=row.organization.crm_org_id,
            crm_user_id=row.crm_user_id,
            crm_instance_url=row.crm_instance_url,
            standing=Standing(row.standing),
            streak=row.streak,
            idle_count=row.idle_count,
            policy=to_policy(row.profile.policy),
            members=frozenset(
                a.lower() for a in members.values_list("address", flat=True)
            ),
            confirmed_plan=row.confirmed_plan,
            next_run_at=row.next_run_at,
            last_session_at=row.last_session_at,
        )


def to_policy(raw: dict[str, Any]) -> Policy:
    """A profile's choices over the product's defaults; unknown names are ignored."""
    changes: dict[str, Any] = {}
    for name, value in raw.items():
        if name in _KIND_SETS:
            changes[name] = frozenset(Kind(k) for k in value)
        elif name in _MINUTES:
            changes[_MINUTES[name]] = timedelta(minutes=value)
        elif name == "winner":
            changes[name] = Winner(value)
        elif name in Policy.__dataclass_fields__:
            changes[name] = value
    return replace(Policy(), **changes)
