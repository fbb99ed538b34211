"""Puts the org, its resources and its control together."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from syncline.sandbox.base.control import ControlledApp, Counters, Fault, Faults
from syncline.sandbox.salesforce import saving, seed
from syncline.sandbox.salesforce.calls import DATA_ROOT
from syncline.sandbox.salesforce.controls import CONTROLS
from syncline.sandbox.salesforce.entities import Json
from syncline.sandbox.salesforce.faults import RefusedError, fault_response
from syncline.sandbox.salesforce.routes import oauth, people, rest
from syncline.sandbox.salesforce.store import Clock, Org, utc_now

OAUTH_ROOT = "/services/oauth2"
#: OAuth addresses that are pages for people, not calls.
PAGES = (f"{OAUTH_ROOT}/authorize",)
_VERSION = re.compile(r"/services/data/v[\d.]+")
_ID = re.compile(r"/(?:[A-Za-z0-9]{18}|[A-Za-z0-9]{15})(?=/|$)")
_WRONG_CONTROLS = (KeyError, ValueError, TypeError, AttributeError)
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


@dataclass(slots=True)
class OrgProvider:
    """What the control asks of the org."""

    org: Org

    def expire_tokens(self) -> None:
        """End all sessions; refresh tokens stay good."""
        self.org.sessions.clear()

    def lose_delta_tokens(self) -> None:
        """Forget query cursors, and everything deleted until now."""
        self.org.cursors.clear()
        self.org.replication_start = self.org.stamp()

    def error_response(self, fault: Fault) -> Response:
        """A failure in the vendor's shape."""
        return fault_response(fault)

    def is_api_path(self, path: str) -> bool:
        """Whether a path is a call and not a page for people."""
        if path in PAGES:
            return False
        return path.startswith((DATA_ROOT, OAUTH_ROOT, "/id/"))

    def dump(self) -> dict[str, Json]:
        """Everything that is stored."""
        return saving.dump(self.org)

    def load(self, state: dict[str, Json]) -> None:
        """Replace everything that is stored."""
        saving.load(self.org, state)


class SalesforceApp(ControlledApp):
    """The control, with this org's own endpoints and way to count."""

    def count(self, method: str, path: str) -> None:
        """Signing in is told by call, but is no request to the data."""
        super().count(method, path)
        if not path.startswith(DATA_ROOT):
            self.counters.requests -= 1

    async def control_more(self, request: Request, where: str) -> Response:
        """The controls of `controls.py`, and the accounts."""
        provider = self.provider
        assert isinstance(provider, OrgProvider)
        if request.method == "GET" and where == "/accounts":
            return JSONResponse(accounts(provider.org))
        control = CONTROLS.get(where)
        if request.method != "POST" or control is None:
            return await super().control_more(request, where)
        try:
            told = control(provider.org, await request.json())
        except (*_WRONG_CONTROLS, RefusedError) as error:
            return JSONResponse({"error": f"not possible: {error}"}, 400)
        if told is not None:
            return JSONResponse(told)
        return Response(status_code=204)


@dataclass(slots=True)
class SalesforceSandbox:
    """One org, ready to be served."""

    app: ControlledApp
    org: Org
    counters: Counters = field(init=False)
    faults: Faults = field(init=False)

    def __post_init__(self) -> None:
        """Show the org's counters and faults."""
        self.counters, self.faults = self.org.counters, self.org.faults

    def accounts(self) -> list[dict[str, str]]:
        """The users whose mailboxes are kept in step, with good tokens."""
        return accounts(self.org)

    def seed(self, data: dict[str, Json]) -> None:
        """Add users and records without asking any rule.

        Raises:
            ValueError: The data names something unknown.
        """
        seed.seed(self.org, data)

    def dump(self) -> dict[str, Json]:
        """Everything that is stored, as JSON."""
        return saving.dump(self.org)

    def load(self, state: dict[str, Json]) -> None:
        """Replace everything that is stored."""
        saving.load(self.org, state)


def accounts(org: Org) -> list[dict[str, str]]:
    """Username, id and newest tokens of each syncing user."""
    found = []
    for user_id in org.syncing:
        sessions = [s.token for s in org.sessions.values() if s.user_id == user_id]
        grants = [g.token for g in org.grants.values() if g.user_id == user_id]
        account = {
            "username": org.user(user_id)["Username"],
            "user_id": user_id,
            "access_token": sessions[0] if sessions else "",
            "refresh_token": grants[0] if grants else "",
        }
        found.append(account)
    return found


def name_call(method: str, path: str) -> str:
    """`PATCH /sobjects/Contact/{id}`: a call without version and ids."""
    short = _VERSION.sub("", path, count=1) or "/"
    short = _ID.sub("/{id}", short)
    short = re.sub(r"/query(All)?/.+", "/query/{more}", short)
    short = re.sub(r"(/sobjects/\w+/\w+__c)/.+", r"\1/{value}", short)
    return f"{method} {short.rstrip('/') or '/'}"


def _routes() -> list[Route]:
    oauth_routes = [
        Route(f"{OAUTH_ROOT}/authorize", oauth.show_authorize),
        Route(f"{OAUTH_ROOT}/authorize", oauth.choose_user, methods=["POST"]),
        Route(f"{OAUTH_ROOT}/token", oauth.token, methods=["POST"]),
        Route(f"{OAUTH_ROOT}/revoke", oauth.revoke, methods=["GET", "POST"]),
        Route(f"{OAUTH_ROOT}/introspect", oauth.introspect, methods=["POST"]),
        Route(f"{OAUTH_ROOT}/userinfo", oauth.identity, methods=["GET", "POST"]),
        Route("/id/{org_id}/{user_id}", oauth.identity, methods=["GET", "POST"]),
        Route("/.well-known/openid-configuration", oauth.configuration),
    ]
    data = [
        Route(DATA_ROOT, rest.serve_data, methods=_METHODS),
        Route(DATA_ROOT + "/{rest:path}", rest.serve_data, methods=_METHODS),
    ]
    return [*oauth_routes, *data, *people.ROUTES]


def build(now: Clock = utc_now) -> SalesforceSandbox:
    """A fresh org with its users and rules, and no items.

    Args:
        now: The org's clock.
    """
    org = Org(now)
    seed.seed_base(org)
    inner = Starlette(routes=_routes())
    inner.state.org = org
    app = SalesforceApp(inner, OrgProvider(org), org.counters, org.faults, name_call)
    return SalesforceSandbox(app, org)
