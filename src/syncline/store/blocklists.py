"""The blocklist of a mailbox's owner, beside what the profile keeps out."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from syncline.domain.access.policy import Policy
from syncline.domain.engine.addresses import FREE_MAIL, domain_of
from syncline.domain.values.ids import MailboxId
from syncline.store.desk import note_activity
from syncline.store.mailboxes import sound_policy
from syncline.store.models import MailboxRow


@dataclass(frozen=True, slots=True, kw_only=True)
class BlocklistView:
    """All levels of what is not saved automatically, each in order."""

    own: tuple[str, ...]
    #: The admin's, for everybody in the profile.
    for_all: tuple[str, ...]
    #: Domains whose people are colleagues.
    colleagues: tuple[str, ...]
    #: Services that never stand for a company; empty when that is switched off.
    free_mail: tuple[str, ...]


def blocklist_of(mailbox_id: MailboxId) -> BlocklistView:
    """What counts for this mailbox; of a profile that makes no sense, the defaults.

    Raises:
        KeyError: There is no such mailbox.
    """
    row = MailboxRow.objects.select_related("profile").filter(pk=mailbox_id).first()
    if row is None:
        raise KeyError(mailbox_id)
    own_domain = {domain_of(row.address)} - FREE_MAIL
    policy = sound_policy(row.profile.policy) or Policy()
    return BlocklistView(
        own=tuple(sorted(row.blocklist)),
        for_all=tuple(sorted(policy.blocklist)),
        colleagues=tuple(sorted(policy.internal_domains | own_domain)),
        free_mail=tuple(sorted(FREE_MAIL)) if policy.use_free_mail_list else (),
    )


class SqlBlocklistDesk:
    """`BlocklistDesk` on PostgreSQL; each change leaves a line in the activity log."""

    def block(self, mailbox_id: MailboxId, entry: str, who: str) -> bool:
        """See the port."""
        with transaction.atomic():
            row = _locked(mailbox_id)
            if entry in row.blocklist:
                return False
            row.blocklist = [*row.blocklist, entry]
            row.save(update_fields=["blocklist"])
            note_activity(mailbox_id, who, "blocklist entry added", entry=entry)
        return True

    def unblock(self, mailbox_id: MailboxId, entry: str, who: str) -> bool:
        """See the port."""
        with transaction.atomic():
            row = _locked(mailbox_id)
            if entry not in row.blocklist:
                return False
            row.blocklist = [e for e in row.blocklist if e != entry]
            # As after a change of the policy, the next session compares everything.
            row.swept_policy = ""
            row.save(update_fields=["blocklist", "swept_policy"])
            note_activity(mailbox_id, who, "blocklist entry removed", entry=entry)
        return True


def _locked(mailbox_id: MailboxId) -> MailboxRow:
    return MailboxRow.objects.select_for_update().get(pk=mailbox_id)
