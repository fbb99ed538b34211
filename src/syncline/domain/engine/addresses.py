"""Tell colleagues, blocked addresses and strangers apart (reference 3.10)."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from syncline.domain.access.mailbox import Mailbox

#: Services whose addresses say nothing about a company.
FREE_MAIL = frozenset(
    {
        "aol.com", "fastmail.com", "gmail.com", "gmx.at", "gmx.ch", "gmx.com",
        "gmx.de", "gmx.net", "googlemail.com", "hey.com", "hotmail.co.uk",
        "hotmail.com", "hotmail.de", "hotmail.fr", "hotmail.it", "icloud.com",
        "libero.it", "live.com", "mac.com", "mail.com", "mail.ru", "me.com",
        "msn.com", "orange.fr", "outlook.com", "outlook.de", "proton.me",
        "protonmail.com", "qq.com", "t-online.de", "tutanota.com", "web.de",
        "yahoo.co.uk", "yahoo.com", "yahoo.de", "yahoo.fr", "yandex.ru",
        "ymail.com", "zoho.com", "163.com",
    }
)  # fmt: skip


class Standpoint(StrEnum):
    """Where an address stands, seen from the mailbox's owner."""

    #: The organization's own people.
    INTERNAL = "internal"
    #: On one of the blocklists.
    BLOCKED = "blocked"
    #: Somebody outside.
    OUTSIDE = "outside"


def domain_of(email: str) -> str:
    """What stands behind the last at sign, lower case; empty without one."""
    _, at, domain = email.rpartition("@")
    return domain.strip().lower() if at else ""


def standpoint(email: str, mailbox: Mailbox) -> Standpoint:
    """Where one address stands; blocklists win over being internal.

    Colleagues are the mailboxes of the organization, everybody of its internal
    domains, and everybody of the mailbox's own domain unless that is free mail.
    """
    address, domain = email.strip().lower(), domain_of(email)
    blocked = mailbox.policy.blocklist | mailbox.blocklist
    if address in blocked or domain in blocked:
        return Standpoint.BLOCKED
    own = domain_of(mailbox.address)
    is_own = domain == own and own not in FREE_MAIL
    if address in mailbox.members or domain in mailbox.policy.internal_domains:
        return Standpoint.INTERNAL
    return Standpoint.INTERNAL if is_own else Standpoint.OUTSIDE


def outside(emails: Iterable[str], mailbox: Mailbox) -> tuple[str, ...]:
    """Those who count for saving and linking, lower case, each once, in order."""
    names = dict.fromkeys(e.strip().lower() for e in emails if "@" in e)
    return tuple(e for e in names if standpoint(e, mailbox) is Standpoint.OUTSIDE)


def company_domain(email: str, mailbox: Mailbox) -> str:
    """The domain that may stand for a company; empty for free mail."""
    domain = domain_of(email)
    is_free = mailbox.policy.use_free_mail_list and domain in FREE_MAIL
    return "" if is_free else domain
