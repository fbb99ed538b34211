"""The box of each item type on General: how many there are, and what is chosen.

What is chosen belongs to the profile, so it is shown here and changed by an admin.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from syncline.domain.access.policy import ContactScope, Policy
from syncline.domain.values.kinds import Direction, Kind
from syncline.web.sync_settings import words

_BYTES_OF_A_MEGABYTE = 1024 * 1024

_DOWN_SYNC: Mapping[Kind, Promise] = {
    Kind.EVENT: gettext_lazy("Sync my Salesforce calendar"),
    Kind.CONTACT: gettext_lazy("Sync my Salesforce contacts"),
    Kind.TASK: gettext_lazy("Sync my Salesforce tasks"),
}
_CONTACT_SCOPES: Mapping[ContactScope, Promise] = {
    ContactScope.MINE: gettext_lazy("Only my contacts"),
    ContactScope.ALL: gettext_lazy("All contacts"),
    ContactScope.VIEW: gettext_lazy("Custom Salesforce view"),
}
_MESSAGE_DIRECTIONS: Mapping[frozenset[str], Promise] = {
    frozenset({"in", "out"}): gettext_lazy("received and sent ones"),
    frozenset({"in"}): gettext_lazy("received ones"),
    frozenset({"out"}): gettext_lazy("sent ones"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One setting in words; a switch says whether it is on instead."""

    label: str
    value: str = ""
    is_on: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KindBox:
    """One type of item."""

    label: Promise
    icon: str
    count: int
    choices: tuple[Choice, ...]


def kind_boxes(
    policy: Policy | None, counts: Mapping[Kind, int]
) -> tuple[KindBox, ...]:
    """One box for every type, also for those without items.

    Args:
        policy: Of the mailbox's profile; without one there are only numbers.
        counts: How many links there are of each kind.
    """
    return tuple(
        KindBox(
            label=words.KINDS_IN_SCOPE[kind],
            icon=kind.value,
            count=counts.get(kind, 0),
            choices=_choices(kind, policy) if policy else (),
        )
        for kind in Kind
    )


def _choices(kind: Kind, policy: Policy) -> tuple[Choice, ...]:
    if kind not in policy.kinds:
        return (Choice(label=_("Synchronized"), is_on=False),)
    chosen = [_saving(kind, policy)]
    if kind in _DOWN_SYNC:
        is_on = kind in policy.down_sync
        chosen.append(Choice(label=str(_DOWN_SYNC[kind]), is_on=is_on))
    if policy.directions.get(kind, Direction.BOTH) is not Direction.BOTH:
        chosen.append(_direction(policy.directions[kind]))
    return (*chosen, *_choices_of_kind(kind, policy))


def _choices_of_kind(kind: Kind, policy: Policy) -> tuple[Choice, ...]:
    match kind:
        case Kind.EVENT:
            return (_days(policy), *_mirrored(policy))
        case Kind.CONTACT:
            scope = (_contact_scope(policy),) if kind in policy.down_sync else ()
            return (*scope, _forbid_to_remove(kind, policy))
        case Kind.TASK:
            return (_forbid_to_remove(kind, policy), _completed_tasks(policy))
        case Kind.MESSAGE:
            return (_files(policy),)


def _saving(kind: Kind, policy: Policy) -> Choice:
    label = _("Saved to Salesforce")
    if kind not in policy.auto_save or (
        kind is Kind.MESSAGE and not policy.message_directions
    ):
        return Choice(label=label, value=_("when you mark it"))
    if kind is not Kind.MESSAGE:
        return Choice(label=label, value=_("automatically"))
    which = str(_MESSAGE_DIRECTIONS[policy.message_directions])
    return Choice(label=label, value=_("automatically, %(which)s") % {"which": which})


def _direction(direction: Direction) -> Choice:
    is_up = direction is Direction.UP
    value = _("only to Salesforce") if is_up else _("only to the mailbox")
    return Choice(label=_("Changes travel"), value=value)


def _days(policy: Policy) -> Choice:
    value = _("%(back)d back, %(ahead)d ahead") % {
        "back": policy.days_back,
        "ahead": policy.days_ahead,
    }
    return Choice(label=_("Days"), value=value)


def _mirrored(policy: Policy) -> tuple[Choice, ...]:
    if not policy.mirrored:
        return ()
    names = ", ".join(m.name or m.object_name for m in policy.mirrored)
    return (Choice(label=_("Also shown from Salesforce"), value=names),)


def _contact_scope(policy: Policy) -> Choice:
    value = str(_CONTACT_SCOPES[policy.contact_scope])
    if policy.contact_scope is ContactScope.VIEW and policy.contact_view:
        value = f"{value}: {policy.contact_view}"
    return Choice(label=_("Which contacts"), value=value)


def _forbid_to_remove(kind: Kind, policy: Policy) -> Choice:
    return Choice(label=_("Forbid to remove"), is_on=kind in policy.forbid_to_remove)


def _completed_tasks(policy: Policy) -> Choice:
    value = _("of the last %(days)d days") % {"days": policy.task_days_back}
    return Choice(label=_("Completed ones"), value=value)


def _files(policy: Policy) -> Choice:
    if not policy.attachments:
        return Choice(label=_("Attached files"), is_on=False)
    most = policy.attachment_bytes // _BYTES_OF_A_MEGABYTE
    return Choice(label=_("Attached files"), value=_("up to %(n)d MB") % {"n": most})
