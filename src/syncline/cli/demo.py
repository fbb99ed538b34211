"""`syncline demo`: the main job against sandbox servers, on the demo company.

The demo has a data folder and a database of its own and begins afresh each
time; nothing of a real installation is touched.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from syncline.cli.children import Children
from syncline.cli.output import AsJson, fail, out, print_json, show_progress
from syncline.cli.web import DEFAULT_PORT, server_command

if TYPE_CHECKING:
    from syncline import composition
    from syncline.domain.sessions import Session
    from syncline.domain.values.ids import MailboxId
    from syncline.sandbox.both import BothSandboxes

#: Sessions of a mailbox until the demo calls it restless.
MOST_SESSIONS = 8

#: Characters of an item's name in the summary.
NAME_WIDTH = 48


@dataclass(slots=True)
class Person:
    """One mailbox of the demo and how its sessions went."""

    address: str
    mailbox_id: MailboxId
    sessions: list[Session] = field(default_factory=list)
    first_seconds: float = 0.0

    @property
    def is_quiet(self) -> bool:
        """Whether the last session found nothing to do."""
        return bool(self.sessions) and not any(self.sessions[-1].writes.values())


def demo(
    *,
    once: Annotated[
        bool, typer.Option("--once", help="Run until quiet, print a summary, end.")
    ] = False,
    port: Annotated[int, typer.Option(help="Port of the pages.")] = DEFAULT_PORT,
    as_json: AsJson = False,
) -> None:
    """Keep a demo company's mailboxes and Salesforce in step, and show it."""
    from syncline.sandbox.both import BothSandboxes, Ports

    with _own_home(is_passing=once):
        servers = BothSandboxes(is_empty=False, ports=Ports())
        with servers:
            _prepare_database()
            people = _connect(servers)
            if once:
                _run_once(servers, people, as_json=as_json)
            else:
                _serve(servers, port, as_json=as_json)


@contextmanager
def _own_home(*, is_passing: bool) -> Iterator[None]:
    """A data folder of the demo's own, and for a passing run one that goes away."""
    from syncline.conf.home import home

    if is_passing:
        with tempfile.TemporaryDirectory(
            prefix="syncline-demo-", ignore_cleanup_errors=True
        ) as folder:
            os.environ["SYNCLINE_HOME"] = folder
            yield
    else:
        folder_path = home() / "demo"
        folder_path.mkdir(exist_ok=True, mode=0o700)
        os.environ["SYNCLINE_HOME"] = str(folder_path)
        yield


def _prepare_database() -> None:
    """A fresh database for the demo, on the named server or an embedded one."""
    from syncline import composition
    from syncline.store.fresh import fresh_database

    os.environ["DATABASE_URL"] = fresh_database("syncline_demo")
    composition.prepare()


def _connect(servers: BothSandboxes) -> list[Person]:
    from syncline import composition
    from syncline.domain.values.kinds import Kind

    found = servers.describe()
    crm, mail = found["salesforce"], found["microsoft365"]
    crm_accounts = {a["username"].split("@")[0]: a for a in crm["accounts"]}
    people = []
    for account in mail["accounts"]:
        owner = crm_accounts[account["address"].split("@")[0]]
        mailbox_id = composition.connect_mailbox(
            address=account["address"],
            organization_name="Northwind Instruments",
            mailbox=_account(mail["base_url"], account),
            crm=_account(crm["base_url"], owner),
            auto_save=frozenset(Kind),
        )
        people.append(Person(account["address"], mailbox_id))
    return people


def _account(base_url: str, tokens: dict[str, str]) -> composition.Account:
    from syncline import composition

    return composition.Account(
        base_url=base_url,
        access_token=tokens["access_token"],
        refresh_token=tokens["refresh_token"],
    )


# --- once -------------------------------------------------------------------


def _run_once(servers: BothSandboxes, people: list[Person], *, as_json: bool) -> None:
    from syncline import composition

    with show_progress() as progress:
        for number in range(MOST_SESSIONS):
            for person in [p for p in people if not p.is_quiet]:
                label = f"{person.address}, session {number + 1}"
                task = progress.add_task(label, total=None)
                began = time.monotonic()
                session = composition.sync_mailbox(person.mailbox_id, is_asked=True)
                progress.remove_task(task)
                if not person.sessions:
                    person.first_seconds = time.monotonic() - began
                person.sessions.append(session)
    summary = _summary(servers, people)
    if as_json:
        print_json(summary)
    else:
        _print_summary(summary)
    if not all(p.is_quiet for p in people):
        fail("A mailbox did not come to rest; its sessions keep writing.")


def _summary(servers: BothSandboxes, people: list[Person]) -> dict[str, Any]:
    from syncline import composition
    from syncline.cli.issues import as_document as issue_document
    from syncline.cli.sync import as_document as session_document

    mailboxes: list[dict[str, Any]] = []
    for person in people:
        last = person.sessions[-1]
        issues = composition.issues_of(person.mailbox_id)
        mailboxes.append(
            {
                "address": person.address,
                "mailbox": person.mailbox_id,
                "sessions": len(person.sessions),
                "first_session_seconds": round(person.first_seconds, 1),
                "in_step": {str(k): n for k, n in last.in_scope.items()},
                "writes": sum(sum(s.writes.values()) for s in person.sessions),
                "quiet_session": session_document(last),
                "issues": [issue_document(issue) for issue in issues],
            }
        )
    return {
        "mailboxes": mailboxes,
        "causes": len({i["code"] for m in mailboxes for i in m["issues"]}),
        "guest_mails": servers.microsoft365.counters.guest_mails,
    }


def _print_summary(summary: dict[str, Any]) -> None:
    table = Table(title="The demo company, in step", box=None, title_justify="left")
    for heading in (
        "Mailbox",
        "Events",
        "Contacts",
        "Tasks",
        "E-mails",
        "Issues",
        "Sessions",
        "First session",
        "Requests when quiet (mailbox + Salesforce)",
    ):
        table.add_column(heading)
    for mailbox in summary["mailboxes"]:
        quiet = mailbox["quiet_session"]["requests"]
        table.add_row(
            mailbox["address"],
            str(mailbox["in_step"].get("event", 0)),
            str(mailbox["in_step"].get("contact", 0)),
            str(mailbox["in_step"].get("task", 0)),
            str(mailbox["in_step"].get("message", 0)),
            str(len(mailbox["issues"])),
            str(mailbox["sessions"]),
            f"{mailbox['first_session_seconds']} s",
            f"{quiet['mailbox']} + {quiet['salesforce']}",
        )
    out.print(table)
    out.print()
    _print_issues(summary)
    out.print(
        f"\nMail sent to guests: [bold]{summary['guest_mails']}[/bold].   "
        f"Different causes of issues: [bold]{summary['causes']}[/bold].   "
        "See it live: [bold]./run demo[/bold]"
    )


def _print_issues(summary: dict[str, Any]) -> None:
    from rich.markup import escape

    table = Table(
        title="What could not be synchronized", box=None, title_justify="left"
    )
    for heading in ("Code", "Whose", "Item", "Why"):
        table.add_column(heading, overflow="fold")
    for mailbox in summary["mailboxes"]:
        whose = mailbox["address"].split("@")[0]
        for issue in mailbox["issues"]:
            item = f"{issue['kind']} {issue['name']}"
            if len(item) > NAME_WIDTH:
                item = f"{item[: NAME_WIDTH - 1]}…"
            table.add_row(issue["code"], whose, escape(item), escape(issue["cause"]))
    out.print(table)


# --- live -------------------------------------------------------------------


def _serve(servers: BothSandboxes, port: int, *, as_json: bool) -> None:
    found = servers.describe()
    crm_url, mail_url = (found[n]["base_url"] for n in ("salesforce", "microsoft365"))
    environ = {
        **os.environ,
        "SYNCLINE_SALESFORCE_LOGIN_URL": crm_url,
        "SYNCLINE_SALESFORCE_CLIENT_ID": "syncline-demo",
        "SYNCLINE_SALESFORCE_CLIENT_SECRET": "syncline-demo",
    }
    command = [sys.executable, "-m", "syncline", "worker"]
    with Children() as children:
        children.start("web", server_command("127.0.0.1", port), environ)
        children.start("worker", command, environ)
        places = {
            "sync_settings": f"http://127.0.0.1:{port}/",
            "mailboxes": f"{mail_url}/",
            "salesforce": f"{crm_url}/",
        }
        if as_json:
            print_json({**places, "sandbox": found})
        else:
            _print_places(places)
        ended = children.wait_for_stop()
        if ended:
            fail(
                f"The {ended} process ended; if port {port} is taken, "
                "choose another with --port."
            )


def _print_places(places: dict[str, str]) -> None:
    out.print()
    out.print(f"[bold]Sync Settings[/bold]        {places['sync_settings']}")
    out.print(f"the mailboxes        {places['mailboxes']}")
    out.print(f"the Salesforce org   {places['salesforce']}")
    out.print()
    out.print(
        "1. Open Sync Settings, press [bold]Sign in with Salesforce[/bold], pick Ada."
    )
    out.print("2. On [bold]Issues[/bold], open an item with its icon and correct it.")
    out.print("3. Press [bold]Force sync[/bold]: the issue and its red mark go away.")
    out.print("Ctrl+C stops everything.")
