"""What can be wrong with the set-up of an installation, and what to do about it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from syncline import composition
from syncline.conf.home import home, vault_keys
from syncline.domain.errors import ConfigurationError
from syncline.store.vault import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that is set up wrongly, and what to do about it."""

    problem_id: str
    problem: str
    hint: str

    @classmethod
    def of(cls, error: ConfigurationError) -> Self:
        """The problem that stopped somebody."""
        return cls(problem_id=error.problem_id, problem=error.problem, hint=error.hint)


def configuration_problems(environ: Mapping[str, str] = os.environ) -> list[Problem]:
    """What is misconfigured in this installation; makes the database ready."""
    problems = [*_key_problems(), *_address_problems(environ), *_home_problems()]
    try:
        composition.prepare()
    except ConfigurationError as error:
        problems.append(Problem.of(error))
    return problems


def _key_problems() -> list[Problem]:
    try:
        Vault(vault_keys())
    except ConfigurationError as error:
        return [Problem.of(error)]
    return []


def _address_problems(environ: Mapping[str, str]) -> list[Problem]:
    problems = []
    login = environ.get("SYNCLINE_SALESFORCE_LOGIN_URL", "")
    if login and urlsplit(login).scheme not in ("http", "https"):
        problems.append(
            Problem(
                problem_id="web.login_url",
                problem=f"SYNCLINE_SALESFORCE_LOGIN_URL is no web address: {login}",
                hint="Set it to https://login.salesforce.com or your My Domain.",
            )
        )
    if login and not environ.get("SYNCLINE_SALESFORCE_CLIENT_ID"):
        problems.append(
            Problem(
                problem_id="web.client_id",
                problem="People cannot sign in: no Salesforce app is named.",
                hint="Set SYNCLINE_SALESFORCE_CLIENT_ID and …_CLIENT_SECRET.",
            )
        )
    return problems


def _home_problems() -> list[Problem]:
    folder = home()
    problems = []
    for name in ("secret-key", "vault-keys"):
        path = folder / name
        if path.exists() and path.stat().st_mode & 0o077:
            problems.append(
                Problem(
                    problem_id="home.mode",
                    problem=f"{path} can be read by other people on this machine.",
                    hint=f"Run: chmod 600 {path}",
                )
            )
    return problems
