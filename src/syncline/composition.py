"""The only place that reads settings and wires ports to edges. Decides nothing."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import httpx2
import structlog
from django.db import DatabaseError

from syncline.conf.home import vault_keys
from syncline.connectors import microsoft365, salesforce
from syncline.connectors.base.http import LIMITS, TIMEOUT, Answer, Http
from syncline.connectors.base.oauth import refresh_grant
from syncline.connectors.microsoft365 import auth as microsoft_auth
from syncline.connectors.microsoft365 import faults as microsoft_faults
from syncline.connectors.microsoft365 import manifest as microsoft_manifest
from syncline.connectors.salesforce import auth as salesforce_auth
from syncline.connectors.salesforce import faults as salesforce_faults
from syncline.connectors.salesforce import manifest as salesforce_manifest
from syncline.connectors.salesforce.schema import SalesforceSchema
from syncline.domain.access.grant import Connection, Grant
from syncline.domain.access.mailbox import Mailbox
from syncline.domain.access.policy import Policy
from syncline.domain.errors import (
    ConfigurationError,
    FencedError,
    MailboxBusyError,
    ProviderError,
)
from syncline.domain.issues.catalog import by_slug
from syncline.domain.issues.classify import classify
from syncline.domain.issues.issue import Issue
from syncline.domain.mapping.check import Problem
from syncline.domain.mapping.profile import mappings_for
from syncline.domain.ports import GrantKeeper
from syncline.domain.sessions import Session
from syncline.domain.values.faults import Fault
from syncline.domain.values.ids import MailboxId, SessionId
from syncline.domain.values.kinds import Kind, Side
from syncline.notices.senders import LogNoticeSender
from syncline.store.setup import prepare as prepare_store
from syncline.store.vault import Vault
from syncline.usecases import check_mapping as check_mapping_case
from syncline.usecases.check_mapping import Look
from syncline.usecases.confirm_plan import ConfirmVerdict
from syncline.usecases.edit_blocklist import BlockAnswer
from syncline.usecases.errands import Errand, ErrandVerb, ErrandVerdict, answer_of
from syncline.usecases.force_sync import ForceAnswer
from syncline.usecases.plan_mailbox import Forecast
from syncline.usecases.plan_mailbox import plan_mailbox as forecast
from syncline.usecases.reset_mailbox import ResetMailbox, ResetReport
from syncline.usecases.sync_mailbox.run import Books, Sides
from syncline.usecases.sync_mailbox.session import SyncMailbox
from syncline.usecases.undo_session import UndoReport, UndoSession

log = structlog.get_logger()

#: Mailbox kinds that `connect` takes.
MAILBOX_KINDS = (microsoft_manifest.PROVIDER,)


def prepare() -> None:
    """Make the database ready; needed before anything else here.

    Raises:
        ConfigurationError: The database cannot be used.
    """
    prepare_store()


class SystemClock:
    """`ports.Clock` of this machine."""

    def now(self) -> datetime:
        """The present instant."""
        return datetime.now(UTC)


@functools.cache
def http_client() -> httpx2.Client:
    """One connection pool for the whole process."""
    return httpx2.Client(timeout=TIMEOUT, limits=LIMITS)


@functools.cache
def vault() -> Vault:
    """Seals grants with the installation's keys."""
    return Vault(vault_keys())


# --- sessions ---------------------------------------------------------------


def books() -> Books:
    """Everything that remembers, on PostgreSQL."""
    from syncline.store.issues import SqlIssueLog
    from syncline.store.leases import SqlLeases
    from syncline.store.ledger import SqlLedger
    from syncline.store.links import SqlLinkBook
    from syncline.store.mailboxes import SqlMailboxBook
    from syncline.store.watermarks import SqlWatermarkBook

    return Books(
        mailboxes=SqlMailboxBook(),
        leases=SqlLeases(),
        ledger=SqlLedger(),
        links=SqlLinkBook(),
        watermarks=SqlWatermarkBook(),
        issues=SqlIssueLog(),
    )


def sides(mailbox: Mailbox, client: httpx2.Client | None = None) -> Sides:
    """Both providers of a mailbox, with its grants.

    Args:
        mailbox: Whose.
        client: Another pool than the process's, for tests.
    """
    mail_http = _http(mailbox.id, Side.MAILBOX, microsoft_faults.read_fault, client)
    crm_http = _http(mailbox.id, Side.CRM, salesforce_faults.read_fault, client)
    mail = microsoft365.build(
        mail_http,
        mailbox.address,
        contact_link=_contact_link(mail_http.base_url),
        task_link=_task_link(mail_http.base_url),
        record_link=f"{crm_http.base_url}/lightning/r/Task/{{id}}/view",
    )
    crm = salesforce.build(
        crm_http,
        mailbox.crm_user_id,
        allowance_share=mailbox.policy.allowance_share,
        contact_scope=mailbox.policy.contact_scope,
        contact_view=mailbox.policy.contact_view,
        extra_fields=_extra_fields(mailbox.policy),
        mirrored=mailbox.policy.mirrored,
    )
    return Sides(
        mailbox_source=mail.changes,
        crm_source=crm.changes,
        mailbox_writer=mail.writer,
        crm_writer=crm.writer,
        marker=mail.marker,
        finder=crm.finder,
        directory=crm.directory,
        attachments=mail.attachments,
        schema=SalesforceSchema(crm.describes, crm.directory),
        meters={Side.MAILBOX: mail_http, Side.CRM: crm_http},
    )


def _extra_fields(policy: Policy) -> dict[Kind, frozenset[str]]:
    """Record fields that the profile's tables and conditions name.

    A table that makes no sense is told by the session, not here.
    """
    try:
        found = {
            kind: frozenset(table.record_fields)
            for kind, table in mappings_for(policy).items()
        }
    except ConfigurationError:
        return {}
    conditions = {c.field for c in policy.unsync_conditions}
    return {**found, Kind.EVENT: found[Kind.EVENT] | conditions}


def _http(
    mailbox_id: MailboxId,
    side: Side,
    read_fault: Callable[[Answer], Fault],
    client: httpx2.Client | None,
) -> Http:
    from syncline.store.grants import SqlGrantKeeper
    from syncline.store.models import ConnectionRow

    row = ConnectionRow.objects.get(mailbox_id=mailbox_id, side=side)
    keeper = SqlGrantKeeper(row.pk, vault(), refresh_grant)
    return Http(
        provider=keeper.connection.provider,
        base_url=keeper.connection.base_url,
        read_fault=read_fault,
        keeper=keeper,
        client=client or http_client(),
    )


def _contact_link(base_url: str) -> str:
    """Where a contact is shown; Graph itself gives no address."""
    if _is_graph(base_url):
        return "https://outlook.office365.com/people/item/{id}"
    return f"{base_url}/people/item/{{id}}"


def _task_link(base_url: str) -> str:
    """Where a task is shown; Graph itself gives no address."""
    if _is_graph(base_url):
        return "https://to-do.office.com/tasks/id/{id}/details"
    return f"{base_url}/tasks/id/{{id}}/details"


def _is_graph(base_url: str) -> bool:
    """Whether it is Microsoft's own service, not one that plays it."""
    own = urlsplit(microsoft_manifest.BASE_URL)
    return urlsplit(base_url).hostname == own.hostname


def sync_mailbox(
    mailbox_id: MailboxId, *, is_asked: bool = False, insists: bool = False
) -> Session:
    """Run one session of a mailbox now; see `SyncMailbox.run`.

    Raises:
        KeyError: There is no such mailbox.
    """
    shelf = books()
    mailbox = shelf.mailboxes.get(mailbox_id)
    use_case = SyncMailbox(
        books=shelf,
        sides=sides(mailbox),
        clock=SystemClock(),
        notices=LogNoticeSender(),
    )
    return use_case.run(mailbox_id, is_asked=is_asked, insists=insists)


def plan_mailbox(mailbox_id: MailboxId) -> Forecast:
    """What the next session would write; see `usecases.plan_mailbox`.

    Raises:
        KeyError: There is no such mailbox.
        ProviderError: A side could not be read.
    """
    shelf = books()
    mailbox = shelf.mailboxes.get(mailbox_id)
    return forecast(mailbox_id, books=shelf, sides=sides(mailbox), clock=SystemClock())


def undo_session(session_id: SessionId, *, who: str) -> UndoReport:
    """Take back what a session wrote; see `UndoSession.run`.

    Raises:
        KeyError: There is no such session.
    """
    from syncline.store.desk import note_activity

    mailbox_id = _mailbox_of_session(session_id)
    report = _undoing(mailbox_id).run(mailbox_id, session_id)
    if report.session is not None:
        note_activity(
            mailbox_id,
            who,
            "session undone",
            session=str(session_id),
            by=str(report.session.id),
            undone=str(report.undone),
            refused=str(len(report.refused)),
        )
    return report


def preview_undo(session_id: SessionId) -> UndoReport:
    """What `undo_session` would do; writes nothing.

    Raises:
        KeyError: There is no such session.
        ProviderError: A side could not be read.
    """
    mailbox_id = _mailbox_of_session(session_id)
    return _undoing(mailbox_id).preview(mailbox_id, session_id)


def _mailbox_of_session(session_id: SessionId) -> MailboxId:
    from syncline.store.history import SqlHistoryBook

    session = SqlHistoryBook().session(session_id)
    if session is None:
        raise KeyError(session_id)
    return session.mailbox_id


def _undoing(mailbox_id: MailboxId) -> UndoSession:
    from syncline.store.history import SqlHistoryBook

    shelf = books()
    return UndoSession(
        books=shelf,
        history=SqlHistoryBook(),
        sides=sides(shelf.mailboxes.get(mailbox_id)),
        clock=SystemClock(),
        notices=LogNoticeSender(),
    )


def reset_mailbox(mailbox_id: MailboxId, *, who: str) -> ResetReport:
    """Take Syncline out of a mailbox; see `usecases.reset_mailbox`.

    Raises:
        KeyError: There is no such mailbox.
        ProviderError: The mailbox could not be reached.
    """
    from syncline.store.desk import note_activity

    shelf = books()
    mailbox = shelf.mailboxes.get(mailbox_id)
    use_case = ResetMailbox(books=shelf, sides=sides(mailbox), clock=SystemClock())
    report = use_case.run(mailbox_id)
    note_activity(
        mailbox_id,
        who,
        "mailbox reset",
        deleted=str(report.deleted),
        unmarked=str(report.unmarked),
    )
    return report


# --- field tables -----------------------------------------------------------


def field_tables(mailbox_id: MailboxId) -> tuple[Look, ...]:
    """A mailbox's field tables beside Salesforce's fields; changes nothing.

    Raises:
        KeyError: There is no such mailbox.
        ConfigurationError: The profile's changes to the tables make no sense.
        ProviderError: Salesforce could not be asked.
    """
    mailbox = books().mailboxes.get(mailbox_id)
    return check_mapping_case.look(mailbox.policy, _schema(mailbox))


def save_field_tables(
    mailbox_id: MailboxId,
    fields: Mapping[str, Any],
    *,
    despite_problems: bool,
    who: str,
) -> tuple[Problem, ...]:
    """Change the field tables of a mailbox's profile; see `check_mapping.save`.

    Raises:
        KeyError: There is no such mailbox.
        ConfigurationError: The changes make no sense; nothing was stored.
        ProviderError: Salesforce could not be asked; nothing was stored.
    """
    from syncline.store.desk import note_activity
    from syncline.store.profiles import SqlProfileBook

    mailbox = books().mailboxes.get(mailbox_id)
    problems = check_mapping_case.save(
        mailbox,
        fields,
        schema=_schema(mailbox),
        profiles=SqlProfileBook(),
        despite_problems=despite_problems,
    )
    if not problems or despite_problems:
        note_activity(mailbox_id, who, "field tables changed")
    return problems


def check_mapping(mailbox_id: MailboxId) -> tuple[Problem, ...] | None:
    """Raise what is in the way of the field tables; see `usecases.check_mapping`.

    Raises:
        KeyError: There is no such mailbox.
        ProviderError: Salesforce could not be asked.
    """
    shelf = books()
    mailbox = shelf.mailboxes.get(mailbox_id)
    return check_mapping_case.run(
        mailbox_id,
        shelves=check_mapping_case.Shelves(
            mailboxes=shelf.mailboxes,
            leases=shelf.leases,
            ledger=shelf.ledger,
            issues=shelf.issues,
        ),
        schema=_schema(mailbox),
        clock=SystemClock(),
    )


def _schema(mailbox: Mailbox) -> SalesforceSchema:
    http = _http(mailbox.id, Side.CRM, salesforce_faults.read_fault, None)
    crm = salesforce.build(
        http, mailbox.crm_user_id, allowance_share=mailbox.policy.allowance_share
    )
    return SalesforceSchema(crm.describes, crm.directory)


def run_errands(mailbox_id: MailboxId) -> bool:
    """Carry out what people asked for on the pages; whether there was anything.

    Raises:
        MailboxBusyError: A session is running; the rest waits for its end.
    """
    from syncline.store.errands import SqlErrands

    errands = SqlErrands()
    found = errands.open(mailbox_id)
    for errand in found:
        errands.finish(errand, _answer(errand), SystemClock().now())
    return bool(found)


def _answer(errand: Errand) -> dict[str, Any]:
    try:
        if errand.verb is ErrandVerb.PLAN:
            return answer_of(plan_mailbox(errand.mailbox_id))
        assert errand.session_id is not None
        report = undo_session(errand.session_id, who=errand.who)
    except ProviderError as error:
        is_crm = error.fault.provider == salesforce_manifest.PROVIDER
        side = Side.CRM if is_crm else Side.MAILBOX
        return {"failed": classify(error.fault, kind=None, side=side, verb="read").code}
    except (MailboxBusyError, FencedError, DatabaseError):
        # Nobody is at fault; a worker comes back to it.
        raise
    except Exception as error:
        log.exception("errand.failed", error=type(error).__name__)
        return {"failed": by_slug("internal_error").code}
    own = report.session
    if own is None:
        return {}
    return {"session": own.id, "failed": own.error_code}


def ask_errand(
    mailbox_id: MailboxId,
    verb: ErrandVerb,
    *,
    session_id: SessionId | None = None,
    who: str,
) -> ErrandVerdict:
    """Ask for a preview or an undo; see `usecases.errands`."""
    from syncline.store.errands import SqlErrands
    from syncline.usecases import errands as use_case

    now = SystemClock().now()
    return use_case.ask_errand(
        SqlErrands(), mailbox_id, verb, session_id=session_id, now=now, who=who
    )


# --- connecting -------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One side of a new mailbox: where it is and the grant for it."""

    base_url: str
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    token_url: str = ""
    #: The registered app that the grant was given to; renewing needs it.
    client_id: str = "syncline"
    client_secret: str = field(default="", repr=False)


class _HeldGrant:
    """A keeper for the moment before a connection is stored."""

    def __init__(self, connection: Connection, grant: Grant) -> None:
        self.connection = connection
        self.grant = grant

    def current(self) -> Grant:
        return self.grant

    def renew(self, used: Grant) -> Grant:
        del used
        self.grant = refresh_grant(self.connection, self.grant, http_client())
        return self.grant


def connect_mailbox(
    *,
    address: str,
    mailbox: Account,
    crm: Account,
    auto_save: frozenset[Kind] = frozenset(),
    organization_name: str = "",
) -> MailboxId:
    """Pair a Microsoft 365 mailbox with a Salesforce account, or renew the pair.

    Raises:
        ProviderError: A side does not accept the grant or does not answer.
        ConfigurationError: The mailbox that was signed in to is another one.
    """
    mail_connection = _connection(
        microsoft_manifest.PROVIDER,
        mailbox,
        address,
        mailbox.token_url or _microsoft_token_url(mailbox.base_url),
    )
    crm_connection = _connection(
        salesforce_manifest.PROVIDER,
        crm,
        "",
        crm.token_url or salesforce_auth.token_url(crm.base_url),
    )
    crm_keeper = _HeldGrant(crm_connection, _grant(crm))
    mail_keeper = _HeldGrant(mail_connection, _grant(mailbox))
    opened = microsoft_auth.identify(
        _probe(mail_connection, mail_keeper, microsoft_faults.read_fault)
    )
    if address.strip().lower() not in opened:
        raise ConfigurationError(
            "connect.other_mailbox",
            f"The sign-in opens the mailbox of {', '.join(sorted(opened))}, "
            f"not of {address}.",
            "Sign in as the owner of the mailbox, or name its own address.",
        )
    found = salesforce_auth.identify(
        _probe(crm_connection, crm_keeper, salesforce_faults.read_fault)
    )
    from syncline.store.connecting import NewMailbox, store_mailbox

    return store_mailbox(
        NewMailbox(
            address=address.strip().lower(),
            organization_name=organization_name or found.organization_id,
            crm_org_id=found.organization_id,
            crm_user_id=found.user_id,
            crm_username=found.username,
            auto_save=auto_save,
            connections={
                Side.MAILBOX: (mail_connection, mail_keeper.current()),
                Side.CRM: (
                    replace(crm_connection, account=found.username),
                    crm_keeper.current(),
                ),
            },
        ),
        vault(),
    )


def _connection(
    provider: str, account: Account, name: str, token_url: str
) -> Connection:
    return Connection(
        id=0,
        provider=provider,
        base_url=account.base_url.rstrip("/"),
        token_url=token_url,
        account=name,
        client_id=account.client_id,
        client_secret=account.client_secret,
    )


def _grant(account: Account) -> Grant:
    return Grant(access_token=account.access_token, refresh_token=account.refresh_token)


def _microsoft_token_url(base_url: str) -> str:
    if _is_graph(base_url):
        return microsoft_auth.token_url()
    return microsoft_auth.token_url(base_url)


def _probe(
    connection: Connection,
    keeper: GrantKeeper,
    read_fault: Callable[[Answer], Fault],
) -> Http:
    return Http(
        provider=connection.provider,
        base_url=connection.base_url,
        read_fault=read_fault,
        keeper=keeper,
        client=http_client(),
    )


# --- reading for the command line -------------------------------------------


def has_mailbox(number: int) -> bool:
    """Whether a mailbox has this number."""
    from syncline.store.models import MailboxRow

    return MailboxRow.objects.filter(pk=number).exists()


def issues_of(mailbox_number: int, *, all_states: bool = False) -> list[Issue]:
    """Issues of a mailbox, newest first."""
    from syncline.store.issues import issues_of_mailbox

    return issues_of_mailbox(MailboxId(mailbox_number), all_states=all_states)


def forget_mailbox(mailbox_id: MailboxId) -> None:
    """Delete a mailbox with everything that is remembered about it."""
    from syncline.store.models import MailboxRow

    MailboxRow.objects.filter(pk=mailbox_id).delete()


# --- pages -------------------------------------------------------------------


def force_sync(mailbox_id: MailboxId, *, who: str) -> ForceAnswer:
    """Ask for a session; see `usecases.force_sync`."""
    from syncline.store.desk import SqlDesk
    from syncline.usecases import force_sync as use_case

    return use_case.force_sync(SqlDesk(), mailbox_id, now=SystemClock().now(), who=who)


def pause_mailbox(mailbox_id: MailboxId, *, who: str) -> bool:
    """Stop synchronizing; see `usecases.pause_mailbox`."""
    from syncline.store.desk import SqlDesk
    from syncline.usecases import pause_mailbox as use_case

    return use_case.pause_mailbox(SqlDesk(), mailbox_id, who=who)


def start_mailbox(mailbox_id: MailboxId, *, who: str) -> bool:
    """Synchronize again; see `usecases.start_mailbox`."""
    from syncline.store.desk import SqlDesk
    from syncline.usecases import start_mailbox as use_case

    now = SystemClock().now()
    return use_case.start_mailbox(SqlDesk(), mailbox_id, now=now, who=who)


def dismiss_issue(issue: Issue, *, who: str) -> bool:
    """Put an issue aside; see `usecases.dismiss_issue`."""
    from syncline.store.desk import SqlDesk
    from syncline.usecases import dismiss_issue as use_case

    return use_case.dismiss_issue(SqlDesk(), issue, who=who)


def confirm_plan(issue: Issue, *, digest: str, who: str) -> ConfirmVerdict:
    """Let a braked plan go ahead; see `usecases.confirm_plan`."""
    from syncline.store.desk import SqlDesk
    from syncline.usecases import confirm_plan as use_case

    now = SystemClock().now()
    return use_case.confirm_plan(SqlDesk(), issue, digest=digest, now=now, who=who)


def block(mailbox_id: MailboxId, text: str, *, who: str) -> BlockAnswer:
    """Keep an address or a domain out of Salesforce; see `usecases.edit_blocklist`."""
    from syncline.store.blocklists import SqlBlocklistDesk
    from syncline.usecases import edit_blocklist as use_case

    mailbox = books().mailboxes.get(mailbox_id)
    return use_case.block(SqlBlocklistDesk(), mailbox, text, who=who)


def unblock(mailbox_id: MailboxId, entry: str, *, who: str) -> bool:
    """Let it in again; see `usecases.edit_blocklist`."""
    from syncline.store.blocklists import SqlBlocklistDesk
    from syncline.usecases import edit_blocklist as use_case

    return use_case.unblock(SqlBlocklistDesk(), mailbox_id, entry, who=who)
