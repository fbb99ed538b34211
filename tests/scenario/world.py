"""Two served providers, a connected mailbox and Syncline's own tables."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import httpx2
from django.conf import settings
from django.db import connection

from syncline import composition
from syncline.domain.sessions import Session
from syncline.domain.values.ids import MailboxId
from syncline.domain.values.kinds import Kind
from syncline.sandbox.both import BothSandboxes
from tests.scenario.clocks import ServerClock, SessionClock
from tests.scenario.effects import Effects
from tests.scenario.engine import run_session
from tests.scenario.facts import Facts, collect
from tests.scenario.people import Outlook, Salesforce
from tests.scenario.post import Post

Json = dict[str, Any]
PROVIDERS = ("salesforce", "microsoft365")
TABLES = (
    *("organization", "profile", "mailbox", "connection", "grant_", "activity"),
    *("issue", "link", "watermark", "lease", "session", "session_write", "errand"),
)
_ENOUGH = 6
LONG = timedelta(hours=10)
LOOK_BACK = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Saved:
    """A state to come back to."""

    name: str
    providers: Json
    now: Any
    ahead: timedelta


@dataclass
class World:
    """Everything that a scenario needs."""

    servers: BothSandboxes
    described: Json
    server_clock: ServerClock
    clock: SessionClock = field(default_factory=SessionClock)
    mailbox_id: MailboxId = field(default=MailboxId(0))

    def __post_init__(self) -> None:
        self.control = httpx2.Client(verify=False, trust_env=False, timeout=10)
        account = self.account("microsoft365")
        self.outlook = Outlook(
            self.described["microsoft365"]["base_url"],
            account["access_token"],
            self.server_clock,
        )
        self.crm = Salesforce(
            self.described["salesforce"]["base_url"],
            self.account("salesforce")["access_token"],
            self.server_clock,
        )

    def account(self, provider: str, number: int = 0) -> dict[str, str]:
        """An account of a provider; the first is the one of `outlook` and `crm`."""
        found: dict[str, str] = self.described[provider]["accounts"][number]
        return found

    # --- the providers ---

    def ask(self, provider: str, method: str, path: str, body: object = None) -> Any:
        """Speak to a server's control."""
        url = f"{self.described[provider]['control_url']}{path}"
        answer = self.control.request(method, url, json=body)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def guest_mails(self) -> int:
        """Mails to guests and invitees that Syncline caused, not people's own."""
        told = [self.ask(provider, "GET", "/counters") for provider in PROVIDERS]
        return sum(t["guest_mails"] + t.get("invitee_mails", 0) for t in told)

    def reset_counters(self) -> None:
        """Count from zero."""
        for provider in PROVIDERS:
            self.ask(provider, "POST", "/counters/reset")

    def post(self, number: int = 0) -> Post:
        """The post of the mailbox of a number."""
        return Post(
            self.account("microsoft365", number)["address"],
            lambda mail: self.ask("microsoft365", "POST", "/mail", mail),
        )

    # --- sessions ---

    def let_colleague_come_and_go(self) -> None:
        """Have the second mailbox synchronized, and forgotten again."""
        colleague = self.pair_accounts(1)
        session = run_session(colleague, self.clock)
        assert not session.error_code, session
        composition.forget_mailbox(colleague)

    def connect(self, **renewed: dict[str, str]) -> None:
        """Pair the mailbox with the org, automatic saving on; or renew the pair.

        Args:
            renewed: Newer tokens by provider.
        """
        self.mailbox_id = self.pair_accounts(0, renewed)

    def pair_accounts(
        self, number: int, renewed: Mapping[str, dict[str, str]] = MappingProxyType({})
    ) -> MailboxId:
        """Pair the accounts of one number; everything is saved automatically."""
        sides = {
            provider: composition.Account(
                base_url=self.described[provider]["base_url"],
                access_token=tokens["access_token"],
                refresh_token=tokens["refresh_token"],
            )
            for provider in PROVIDERS
            if (tokens := renewed.get(provider) or self.account(provider, number))
        }
        return composition.connect_mailbox(
            address=self.account("microsoft365", number)["address"],
            mailbox=sides["microsoft365"],
            crm=sides["salesforce"],
            auto_save=frozenset(Kind),
        )

    def sync(
        self,
        *,
        transport: httpx2.BaseTransport | None = None,
        effects: Effects | None = None,
        is_asked: bool = False,
    ) -> Session:
        """One session."""
        return run_session(
            self.mailbox_id,
            self.clock,
            transport=transport,
            effects=effects,
            is_asked=is_asked,
        )

    def settle(self) -> Session:
        """Sessions until one finds nothing to do, now and once all holds were due.

        Raises:
            AssertionError: They never come to rest, or one fails.
        """
        self._until_quiet()
        self.clock.advance(LONG)
        return self._until_quiet()

    def _until_quiet(self) -> Session:
        for _ in range(_ENOUGH):
            session = self.sync()
            assert not session.error_code, session
            if is_quiet(session):
                return session
            # Salesforce is asked again for what it stamped a moment ago.
            self.server_clock.ahead += LOOK_BACK
        raise AssertionError(f"never quiet: {session}")

    def facts(self) -> Facts:
        """What everybody holds."""
        org = self.ask("salesforce", "GET", "/state")
        return collect(self.mailbox_id, self.outlook, org)

    # --- states ---

    def save(self, name: str) -> Saved:
        """Keep the present state of everything under a name."""
        self.back_up(name)
        providers = {p: self.ask(p, "GET", "/state") for p in PROVIDERS}
        return Saved(
            name=name,
            providers=providers,
            now=self.clock.now(),
            ahead=self.server_clock.ahead,
        )

    def restore(self, saved: Saved) -> None:
        """Come back to a state; counters begin at zero, faults are forgotten."""
        self.bring_back(saved.name)
        self.clock.present = saved.now
        self.server_clock.ahead = saved.ahead
        for provider in PROVIDERS:
            self.ask(provider, "POST", "/state", saved.providers[provider])
            self.ask(provider, "DELETE", "/faults")
        self.reset_counters()

    def back_up(self, name: str) -> None:
        """Copy what Syncline knows, and nothing of the providers."""
        with connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA IF EXISTS {name} CASCADE")
            cursor.execute(f"CREATE SCHEMA {name}")
            for table in TABLES:
                cursor.execute(f"CREATE TABLE {name}.{table} AS TABLE public.{table}")

    def bring_back(self, name: str) -> None:
        """Let Syncline know no more than it did when it was backed up."""
        self.empty_tables()
        with connection.cursor() as cursor:
            for table in TABLES:
                cursor.execute(
                    f"INSERT INTO public.{table} SELECT * FROM {name}.{table}"
                )
            cursor.execute("UPDATE lease SET expires_at = NULL")
            own = self.account("microsoft365")["address"]
            cursor.execute("SELECT id FROM mailbox WHERE address = %s", [own])
            if found := cursor.fetchone():
                self.mailbox_id = MailboxId(found[0])

    def empty_tables(self) -> None:
        """Forget everything that Syncline knows."""
        with connection.cursor() as cursor:
            names = ", ".join(f"public.{table}" for table in TABLES)
            cursor.execute(f"TRUNCATE {names} CASCADE")

    def bury_the_dead(self) -> None:
        """Let the last statements of killed processes be over, and their time."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND backend_type = 'client backend'"
            )
        self.end_leases()

    def end_leases(self) -> None:
        """Let the time of killed processes be over."""
        with connection.cursor() as cursor:
            cursor.execute("UPDATE lease SET expires_at = now() - interval '1 second'")


def is_quiet(session: Session) -> bool:
    """Whether a session wrote nothing and asked each side once."""
    return not any(session.writes.values()) and set(session.requests.values()) == {1}


@contextmanager
def open_world() -> Iterator[World]:
    """Empty servers, not yet connected."""
    server_clock = ServerClock()
    with BothSandboxes(is_empty=True, now=server_clock) as servers:
        world = World(
            servers=servers,
            described=servers.describe(),
            server_clock=server_clock,
        )
        try:
            yield world
        finally:
            for client in (world.control, world.outlook.http, world.crm.http):
                client.close()
            composition.http_client().close()
            composition.http_client.cache_clear()


class Driver:
    """The process that runs sessions and kills them; see `driver`."""

    def __init__(self) -> None:
        place = settings.DATABASES["default"]
        environment = {
            **os.environ,
            "DATABASE_URL": f"postgresql://{place['USER']}@/{place['NAME']}"
            f"?host={place['HOST']}",
            "PYTHONPATH": os.pathsep.join(("src", ".")),
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.scenario.driver"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
            cwd=Path(__file__).parents[2],
        )

    def begin(self, mailbox_id: MailboxId, world: World, point: int = -1) -> None:
        """Have a session run; with a point, it is killed there."""
        assert self._process.stdin
        wish = {
            "mailbox": mailbox_id,
            "now": world.clock.now().isoformat(),
            "point": point,
        }
        self._process.stdin.write(json.dumps(wish) + "\n")
        self._process.stdin.flush()

    def end(self) -> dict[str, int]:
        """How the session that was begun ended."""
        assert self._process.stdout
        told: dict[str, int] = json.loads(self._process.stdout.readline())
        return told

    def kill_at(self, world: World, point: int) -> bool:
        """Run a session that is killed at a point; False when it ended before."""
        self.begin(world.mailbox_id, world, point)
        told = self.end()
        if told == {"signal": 9}:
            world.bury_the_dead()
            return True
        assert told == {"exit": 0}, told
        return False

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait(timeout=10)
        self._process.stdout.close()
