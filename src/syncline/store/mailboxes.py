"""Mailboxes with their profile's policy."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from enum import StrEnum
from typing import Any

from syncline.domain.access.mailbox import Mailbox, Standing
from syncline.domain.access.policy import (
    ContactScope,
    NewCompanies,
    NewPeople,
    Policy,
    SavingMode,
    UnsyncCondition,
    Winner,
)
from syncline.domain.errors import ConfigurationError
from syncline.domain.values.ids import MailboxId
from syncline.domain.values.kinds import Direction, Kind
from syncline.store.mirrored import read_mirrored
from syncline.store.models import MailboxRow

_KIND_SETS = frozenset({"kinds", "auto_save", "down_sync", "forbid_to_remove"})
_TEXT_SETS = frozenset(
    {"message_directions", "attachment_types", "blocklist", "internal_domains"}
)
_MINUTES = {"interval_minutes": "interval", "timeout_minutes": "session_timeout"}
_CHOICES: dict[str, type[StrEnum]] = {
    "winner": Winner,
    "saving_mode": SavingMode,
    "contact_scope": ContactScope,
    "new_people": NewPeople,
    "new_companies": NewCompanies,
}


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
            blocklist=frozenset(str(b).lower() for b in row.blocklist),
            swept_at=row.swept_at,
            swept_policy=row.swept_policy,
        )


def to_policy(raw: dict[str, Any]) -> Policy:
    """A profile's choices over the product's defaults; unknown names are ignored.

    Raises:
        ConfigurationError: Its mirrored objects make no sense.
    """
    changes: dict[str, Any] = {}
    for name, value in raw.items():
        if name in _KIND_SETS:
            changes[name] = frozenset(Kind(k) for k in value)
        elif name in _MINUTES:
            changes[_MINUTES[name]] = timedelta(minutes=value)
        elif name in _TEXT_SETS:
            changes[name] = frozenset(str(v).lower() for v in value)
        elif name in _CHOICES:
            changes[name] = _CHOICES[name](value)
        elif name == "directions":
            changes[name] = {Kind(k): Direction(d) for k, d in value.items()}
        elif name == "unsync_conditions":
            changes[name] = tuple(UnsyncCondition(**c) for c in value)
        elif name == "mirrored":
            changes[name] = read_mirrored(value)
        elif name in Policy.__dataclass_fields__:
            changes[name] = value
    return replace(Policy(), **changes)


def sound_policy(raw: dict[str, Any]) -> Policy | None:
    """A profile's choices, for pages that must not break when they make no sense."""
    try:
        return to_policy(raw)
    except (ConfigurationError, ValueError, TypeError, AttributeError):
        return None
