"""Starts the Salesforce and the Microsoft 365 server together, for a trial.

State can be kept in a file: it is loaded at the start when the file exists and
saved when the servers close.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from syncline.sandbox.base.control import CONTROL_PREFIX
from syncline.sandbox.base.serving import ServedApp
from syncline.sandbox.company.build import build as build_company
from syncline.sandbox.microsoft365.app import Microsoft365Sandbox
from syncline.sandbox.microsoft365.app import build as build_microsoft365
from syncline.sandbox.salesforce.app import SalesforceSandbox
from syncline.sandbox.salesforce.app import build as build_salesforce


def utc_now() -> datetime:
    """The present instant."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the servers listen; 0 takes any free port."""

    salesforce: int = 0
    microsoft365: int = 0


class BothSandboxes:
    """Both servers on loopback ports, until closed."""

    def __init__(
        self,
        *,
        is_empty: bool,
        ports: Ports | None = None,
        state_file: Path | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        """Bind the ports and fill the servers.

        Args:
            is_empty: Two accounts each and no items; otherwise the demo company.
            ports: Where to listen.
            state_file: Where everything is kept between starts.
            now: The servers' clock.

        Raises:
            OSError: A port is taken.
            ValueError: The state file is not one of ours.
        """
        self.salesforce: SalesforceSandbox = build_salesforce(now)
        self.microsoft365: Microsoft365Sandbox = build_microsoft365(now)
        self._state_file = state_file
        if state_file is not None and state_file.exists():
            self._load(state_file)
        elif not is_empty:
            company = build_company(now())
            self.microsoft365.seed(company.microsoft365)
            self.salesforce.seed(company.salesforce)
        chosen = ports or Ports()
        self._served = {
            "salesforce": ServedApp(
                self.salesforce.app, port=chosen.salesforce, now=now
            ),
            "microsoft365": ServedApp(
                self.microsoft365.app, port=chosen.microsoft365, now=now
            ),
        }

    def describe(self) -> dict[str, Any]:
        """Addresses and accounts, in the stable shape that scripts read."""
        accounts = {
            "salesforce": self.salesforce.accounts(),
            "microsoft365": self.microsoft365.accounts(),
        }
        return {
            name: {
                "base_url": served.url,
                "control_url": f"{served.url}{CONTROL_PREFIX}",
                "accounts": accounts[name],
            }
            for name, served in self._served.items()
        }

    def _load(self, state_file: Path) -> None:
        state = json.loads(state_file.read_text())
        if set(state) != {"salesforce", "microsoft365"}:
            raise ValueError(f"{state_file} is not a sandbox state file")
        self.salesforce.load(state["salesforce"])
        self.microsoft365.load(state["microsoft365"])

    def save(self, state_file: Path) -> None:
        """Write everything that both servers store."""
        state = {
            "salesforce": self.salesforce.dump(),
            "microsoft365": self.microsoft365.dump(),
        }
        state_file.write_text(json.dumps(state))

    def close(self) -> None:
        """Stop both servers and save the state, if it is kept."""
        for served in self._served.values():
            served.close()
        if self._state_file is not None:
            self.save(self._state_file)

    def __enter__(self) -> Self:
        """Start answering."""
        for served in self._served.values():
            served.start()
        return self

    def __exit__(self, *details: object) -> None:
        """Close, whatever happened."""
        self.close()
