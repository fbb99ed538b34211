"""Who is known in Salesforce, and what the org can do."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from syncline.domain.values.ids import RecordId


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A Contact, Lead or User with an e-mail address.

    `object_name` is `Contact`, `Lead` or `User`. `emails` are all of the
    record's addresses, lower case. A Lead and a User have no account.
    """

    id: RecordId
    object_name: str
    emails: tuple[str, ...]
    name: str = ""
    account_id: str = ""
    owner_id: str = ""
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """An Account; `domain` is that of its website, lower case, without `www.`."""

    id: RecordId
    name: str
    domain: str = ""
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """An Opportunity that may be offered for linking."""

    id: RecordId
    account_id: str
    owner_id: str
    is_closed: bool
    closes_on: date
    created_at: datetime | None = None
    #: Contacts that play a role in it.
    contact_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """Somebody who is to be made in Salesforce, because the profile says so.

    `object_name` is `Contact` or `Lead`. With `account_name` an Account of that
    name is made first, unless `account_id` names one.
    """

    email: str
    name: str
    object_name: str = "Contact"
    account_id: str = ""
    account_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What an org can do, as its describe tells the syncing user."""

    #: Enhanced Email: messages become EmailMessage records instead of tasks.
    has_email_message: bool = False
    #: Event has ClientGuid and OriginalInstanceDateTime: series can be kept.
    has_advanced_calendaring: bool = False
    #: Statuses of tasks in the order of the org; the closed ones apart.
    task_statuses: tuple[str, ...] = field(default=())
    closed_task_statuses: tuple[str, ...] = field(default=())
    #: The default of each picklist that a profile may not leave out.
    default_task_status: str = ""
