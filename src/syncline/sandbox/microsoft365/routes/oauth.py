"""The sign-in service: who may use which mailbox."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import (
    JSONResponse,
    RedirectResponse,
    Response,
)
from starlette.routing import Route

from syncline.sandbox.base.control import Fault
from syncline.sandbox.microsoft365.calls import Service
from syncline.sandbox.microsoft365.entities import Mailbox
from syncline.sandbox.microsoft365.faults import entra_error
from syncline.sandbox.microsoft365.grants import ACCESS_LIFETIME, APP_ONLY, Code
from syncline.sandbox.microsoft365.templates import render

USUAL_SCOPE = (
    "openid profile offline_access User.Read Mail.ReadWrite Calendars.ReadWrite "
    "Contacts.ReadWrite Tasks.ReadWrite MailboxSettings.ReadWrite"
)
_NUMBER = re.compile(r"(?:AADSTS)?(\d{4,7})")
_SIGNING_KEY = b"sandbox"
_TENANT_UNAVAILABLE = 90033


class SignInService:
    """Answers below `/{tenant}/`; its calls are not Graph calls."""

    def __init__(self, service: Service) -> None:
        """Serve the mailboxes of `service`."""
        self.service = service

    def routes(self) -> list[Route]:
        """Where it answers."""
        below = "/{tenant}/oauth2/v2.0"
        return [
            Route(f"{below}/authorize", self.authorize, methods=["GET", "POST"]),
            Route(f"{below}/token", self.token, methods=["POST"]),
            Route(f"{below}/logout", self.logout, methods=["GET"]),
            Route("/{tenant}/discovery/v2.0/keys", self.keys),
            Route("/{tenant}/v2.0/.well-known/openid-configuration", self.discovery),
        ]

    # --- pages ---

    async def authorize(self, request: Request) -> Response:
        """Show the accounts; once one is picked, go back with a code."""
        asked = dict(request.query_params)
        if not asked.get("redirect_uri") or not asked.get("client_id"):
            return entra_error(
                400,
                "invalid_request",
                900144,
                "The request must contain 'client_id' and 'redirect_uri'.",
                self.service.tenant.now(),
            )
        if request.method == "GET":
            return self._pick_account(request, asked)
        form = await request.form()
        mailbox = self.service.tenant.find_mailbox(str(form.get("account", "")))
        answer = self._declined() if mailbox is None else self._code(mailbox, asked)
        if "state" in asked:
            answer["state"] = asked["state"]
        mark = "&" if "?" in asked["redirect_uri"] else "?"
        return RedirectResponse(
            f"{asked['redirect_uri']}{mark}{urlencode(answer)}", status_code=302
        )

    def _pick_account(self, request: Request, asked: dict[str, str]) -> Response:
        boxes = list(self.service.tenant.mailboxes.values())
        hint = asked.get("login_hint", "").lower()
        boxes.sort(key=lambda box: box.address.lower() != hint)
        return render(
            request,
            "authorize.html",
            {"mailboxes": boxes, "scopes": asked.get("scope", USUAL_SCOPE).split()},
        )

    @staticmethod
    def _declined() -> dict[str, str]:
        text = "AADSTS65004: User declined to consent to access the app."
        return {"error": "access_denied", "error_description": text}

    def _code(self, mailbox: Mailbox, asked: dict[str, str]) -> dict[str, str]:
        code = Code(
            address=mailbox.address.lower(),
            client_id=asked["client_id"],
            redirect_uri=asked["redirect_uri"],
            scope=asked.get("scope") or USUAL_SCOPE,
            challenge=asked.get("code_challenge", ""),
            method=asked.get("code_challenge_method", "plain"),
            nonce=asked.get("nonce", ""),
            expires=0.0,
        )
        return {"code": self.service.tenant.grants.add_code(code)}

    async def logout(self, request: Request) -> Response:
        """Go where the caller asks, or to the front page."""
        target = request.query_params.get("post_logout_redirect_uri") or "/"
        return RedirectResponse(target, status_code=302)

    # --- tokens ---

    async def token(self, request: Request) -> Response:
        """Exchange a code or a refresh token, or serve an application."""
        call = "POST /{tenant}/oauth2/v2.0/token"
        self.service.counters.by_call[call] += 1
        form = {name: str(value) for name, value in (await request.form()).items()}
        fault = self._fault(request)
        if fault is not None:
            return await self._misbehave(fault, request, form)
        return self._exchange(request, form)

    def _exchange(self, request: Request, form: dict[str, str]) -> Response:
        exchanges: dict[str, Callable[[Request, dict[str, str]], Response]] = {
            "authorization_code": self._by_code,
            "refresh_token": self._by_refresh_token,
            "client_credentials": self._by_client,
        }
        grant_type = form.get("grant_type", "")
        exchange = exchanges.get(grant_type)
        if exchange is None:
            text = f"The grant_type '{grant_type}' is not supported."
            return self._error("unsupported_grant_type", 70003, text)
        if not self._client(request, form):
            text = "The request body must contain: 'client_id'."
            return self._error("invalid_request", 900144, text)
        return exchange(request, form)

    @staticmethod
    def _client(request: Request, form: dict[str, str]) -> tuple[str, str] | None:
        if form.get("client_id"):
            return form["client_id"], form.get("client_secret", "")
        scheme, _, text = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return None
        client_id, _, secret = base64.b64decode(text).decode().partition(":")
        return client_id, secret

    def _by_code(self, request: Request, form: dict[str, str]) -> Response:
        grants = self.service.tenant.grants
        code = grants.take_code(form.get("code", ""))
        if code is None:
            text = "The code was already redeemed, has expired or is not known."
            return self._error("invalid_grant", 54005, text)
        if form.get("redirect_uri", code.redirect_uri) != code.redirect_uri:
            text = "The redirect URI differs from the one of the authorization."
            return self._error("invalid_grant", 50011, text)
        if not code.is_proved_by(form.get("code_verifier", "")):
            text = "The Code_Verifier does not match the code_challenge."
            return self._error("invalid_grant", 501481, text)
        access, refresh = grants.issue(code.address)
        tokens = self._tokens(access, refresh, code.scope)
        if "openid" in code.scope.split():
            mailbox = self.service.tenant.mailboxes[code.address]
            tokens["id_token"] = self._id_token(request, mailbox, code)
        return JSONResponse(tokens)

    def _by_refresh_token(self, request: Request, form: dict[str, str]) -> Response:
        del request
        renewed = self.service.tenant.grants.renew(form.get("refresh_token", ""))
        if renewed is None:
            text = (
                "The provided grant has expired due to it being revoked, a fresh "
                "auth token is needed."
            )
            return self._error("invalid_grant", 50173, text)
        _, access, refresh = renewed
        return JSONResponse(self._tokens(access, refresh, form.get("scope", "")))

    def _by_client(self, request: Request, form: dict[str, str]) -> Response:
        client = self._client(request, form)
        if client is None or not (client[1] or form.get("client_assertion")):
            text = "The request must contain 'client_assertion' or 'client_secret'."
            return self._error("invalid_client", 7000218, text, 401)
        access = self.service.tenant.grants.issue_access(APP_ONLY)
        seconds = int(ACCESS_LIFETIME.total_seconds()) - 1
        body = {"token_type": "Bearer", "expires_in": seconds, "access_token": access}
        return JSONResponse(body | {"ext_expires_in": seconds})

    @staticmethod
    def _tokens(access: str, refresh: str, scope: str) -> dict[str, Any]:
        seconds = int(ACCESS_LIFETIME.total_seconds()) - 1
        return {
            "token_type": "Bearer",
            "scope": scope or USUAL_SCOPE,
            "expires_in": seconds,
            "ext_expires_in": seconds,
            "access_token": access,
            "refresh_token": refresh,
        }

    def _id_token(self, request: Request, mailbox: Mailbox, code: Code) -> str:
        now = int(self.service.tenant.now().timestamp())
        claims = {
            "iss": self._issuer(request),
            "aud": code.client_id,
            "sub": mailbox.mailbox_id,
            "oid": mailbox.mailbox_id,
            "tid": self.service.tenant.tenant_id,
            "name": mailbox.name,
            "email": mailbox.address,
            "preferred_username": mailbox.address,
            "nonce": code.nonce,
            "iat": now,
            "nbf": now,
            "exp": now + int(ACCESS_LIFETIME.total_seconds()),
        }
        signed = f"{_b64({'alg': 'HS256', 'typ': 'JWT'})}.{_b64(claims)}"
        digest = hmac.new(_SIGNING_KEY, signed.encode(), hashlib.sha256).digest()
        return f"{signed}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"

    def _error(self, error: str, number: int, text: str, status: int = 400) -> Response:
        return entra_error(status, error, number, text, self.service.tenant.now())

    # --- faults ---

    def _fault(self, request: Request) -> Fault | None:
        """A waiting fault that names this call; one for any call is not meant."""
        path = request.url.path
        for fault in self.service.faults.waiting:
            if fault.path_contains and fault.matches("POST", path):
                return self._used(fault)
        return None

    def _used(self, fault: Fault) -> Fault:
        fault.times -= 1
        if fault.times <= 0:
            self.service.faults.waiting.remove(fault)
        return fault

    async def _misbehave(
        self, fault: Fault, request: Request, form: dict[str, str]
    ) -> Response:
        if fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
            return self._exchange(request, form)
        if fault.when == "after":
            self._exchange(request, form)
        if fault.kind == "status":
            return self._planned(fault)
        if fault.kind in ("drop_response", "reset"):
            transport = request.scope.get("state", {}).get("transport")
            if transport is not None:
                transport.abort()
        return Response("{", media_type="application/json")

    def _planned(self, fault: Fault) -> Response:
        """An Entra error; `code` may be a word or an AADSTS number."""
        number = _NUMBER.fullmatch(fault.code)
        if number is not None:
            aadsts = int(number[1])
            return self._error("invalid_grant", aadsts, "Planned.", fault.status)
        passing = fault.status >= 500 or fault.status == 429
        usual = "temporarily_unavailable" if passing else "invalid_grant"
        error = fault.code or usual
        aadsts = _TENANT_UNAVAILABLE if passing else 50173
        response = self._error(error, aadsts, "Planned.", fault.status)
        if fault.retry_after is not None:
            response.headers["Retry-After"] = f"{fault.retry_after:g}"
        return response

    # --- discovery ---

    def _issuer(self, request: Request) -> str:
        base = f"{request.url.scheme}://{request.url.netloc}"
        return f"{base}/{self.service.tenant.tenant_id}/v2.0"

    async def discovery(self, request: Request) -> Response:
        """Where the endpoints are."""
        base = f"{request.url.scheme}://{request.url.netloc}"
        root = f"{base}/{request.path_params['tenant']}"
        return JSONResponse(
            {
                "issuer": self._issuer(request),
                "authorization_endpoint": f"{root}/oauth2/v2.0/authorize",
                "token_endpoint": f"{root}/oauth2/v2.0/token",
                "end_session_endpoint": f"{root}/oauth2/v2.0/logout",
                "jwks_uri": f"{root}/discovery/v2.0/keys",
                "response_types_supported": ["code"],
                "response_modes_supported": ["query"],
                "scopes_supported": ["openid", "profile", "email", "offline_access"],
                "subject_types_supported": ["pairwise"],
                "id_token_signing_alg_values_supported": ["HS256"],
                "token_endpoint_auth_methods_supported": [
                    "client_secret_post",
                    "client_secret_basic",
                ],
                "code_challenge_methods_supported": ["S256", "plain"],
                "msgraph_host": request.url.netloc,
            }
        )

    async def keys(self, request: Request) -> Response:
        """No keys: id tokens of this sandbox are signed with a shared secret."""
        del request
        return JSONResponse({"keys": []})


def _b64(value: dict[str, Any]) -> str:
    raw = json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
