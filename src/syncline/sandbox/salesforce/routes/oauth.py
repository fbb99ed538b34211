"""`/services/oauth2` and `/id`: signing in, tokens, who am I."""

from __future__ import annotations

import secrets
from urllib.parse import urlencode

from starlette.datastructures import FormData, QueryParams
from starlette.requests import Request
from starlette.responses import (
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
)

from syncline.sandbox.salesforce.entities import Code, Grant, Json
from syncline.sandbox.salesforce.grants import (
    DEFAULT_SCOPE,
    OAuthError,
    exchange,
    open_session,
    renew,
    signature,
    withdraw,
)
from syncline.sandbox.salesforce.pages import page
from syncline.sandbox.salesforce.routes.rest import bearer
from syncline.sandbox.salesforce.store import Org

CARRIED = (
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "code_challenge",
    "code_challenge_method",
)
Given = QueryParams | FormData


def _org(request: Request) -> Org:
    org: Org = request.app.state.org
    return org


def base_url(request: Request) -> str:
    """The address under which the client reached the org."""
    return str(request.base_url).rstrip("/")


def _text(given: Given, name: str) -> str:
    value = given.get(name)
    return value if isinstance(value, str) else ""


async def show_authorize(request: Request) -> Response:
    """The page where a person signs in and allows an application."""
    given = request.query_params
    problem = _authorize_problem(given)
    if problem:
        return page("message.html", 400, title="Sign in", message=problem)
    hint = given.get("login_hint", "").casefold()
    users = sorted(
        _org(request).users(),
        key=lambda user: (user["Username"].casefold() != hint, not user["IsActive"]),
    )
    carried = {name: given.get(name, "") for name in CARRIED}
    return page("authorize.html", users=users, carried=carried, hint=hint)


def _authorize_problem(given: Given) -> str:
    if not _text(given, "client_id"):
        return "invalid_client_id: client identifier invalid"
    if not _text(given, "redirect_uri"):
        return "redirect_uri_mismatch: redirect_uri must match configuration"
    if _text(given, "response_type") != "code":
        return "unsupported_response_type: response type not supported"
    return ""


async def choose_user(request: Request) -> Response:
    """Send the person back to the application with a code, or with a refusal."""
    org = _org(request)
    given = await request.form()
    problem = _authorize_problem(given)
    if problem:
        return page("message.html", 400, title="Sign in", message=problem)
    user = org.find_user(_text(given, "username"))
    if user is None:
        return _back(given, error="access_denied", text="end-user denied authorization")
    if not user["IsActive"]:
        return _back(given, error="inactive_user", text="user is inactive")
    made = Code(
        code=f"aPrx{secrets.token_urlsafe(40)}",
        user_id=user["Id"],
        client_id=_text(given, "client_id"),
        redirect_uri=_text(given, "redirect_uri"),
        scope=_text(given, "scope") or DEFAULT_SCOPE,
        challenge=_text(given, "code_challenge"),
        method=_text(given, "code_challenge_method") or "S256",
        issued_at=org.stamp(),
    )
    org.codes[made.code] = made
    return _back(given, code=made.code)


def _back(given: Given, *, code: str = "", error: str = "", text: str = "") -> Response:
    answer = {"code": code, "error": error, "error_description": text}
    answer["state"] = _text(given, "state")
    target = _text(given, "redirect_uri")
    joint = "&" if "?" in target else "?"
    query = urlencode({name: value for name, value in answer.items() if value})
    return RedirectResponse(f"{target}{joint}{query}", 302)


async def token(request: Request) -> Response:
    """Exchange a code or a refresh token for an access token."""
    org = _org(request)
    given = await request.form()
    try:
        return JSONResponse(_token_answer(org, given, base_url(request)))
    except OAuthError as error:
        body = {"error": error.error, "error_description": error.description}
        return JSONResponse(body, 400)


def _token_answer(org: Org, given: Given, base: str) -> dict[str, Json]:
    client_id = _text(given, "client_id")
    if not client_id:
        raise OAuthError("invalid_client_id", "client identifier invalid")
    match _text(given, "grant_type"):
        case "authorization_code":
            held = exchange(
                org,
                _text(given, "code"),
                client_id,
                _text(given, "redirect_uri"),
                _text(given, "code_verifier"),
            )
            return _tokens(org, held, base, tell_refresh=True)
        case "refresh_token":
            asked = _text(given, "refresh_token")
            held = renew(org, asked)
            return _tokens(org, held, base, tell_refresh=held.token != asked)
        case _:
            raise OAuthError("unsupported_grant_type", "grant type not supported")


def _tokens(org: Org, held: Grant, base: str, *, tell_refresh: bool) -> dict[str, Json]:
    session = open_session(org, held)
    identity = f"{base}/id/{org.org_id}/{held.user_id}"
    issued_at = str(int(org.now().timestamp() * 1000))
    answer: dict[str, Json] = {
        "access_token": session.token,
        "signature": signature(session.token, identity + issued_at),
        "scope": held.scope,
        "instance_url": base,
        "id": identity,
        "token_type": "Bearer",
        "issued_at": issued_at,
    }
    if tell_refresh:
        answer["refresh_token"] = held.token
    return answer


async def revoke(request: Request) -> Response:
    """Withdraw a token."""
    given: Given = request.query_params
    if request.method == "POST":
        given = await request.form()
    if withdraw(_org(request), _text(given, "token")):
        return Response(status_code=200)
    body = {"error": "invalid_token", "error_description": "invalid token"}
    return JSONResponse(body, 400)


async def introspect(request: Request) -> Response:
    """Tell whether a token is good."""
    org = _org(request)
    asked = _text(await request.form(), "token")
    held = org.sessions.get(asked) or org.grants.get(asked)
    if held is None:
        return JSONResponse({"active": False})
    body = {
        "active": org.is_active(held.user_id),
        "scope": held.scope,
        "client_id": held.client_id,
        "username": org.user(held.user_id).get("Username"),
        "sub": f"{base_url(request)}/id/{org.org_id}/{held.user_id}",
        "token_type": "access_token" if asked in org.sessions else "refresh_token",
    }
    return JSONResponse(body)


async def identity(request: Request) -> Response:
    """Who the owner of an access token is: the identity URL and userinfo."""
    org = _org(request)
    asked = bearer(request) or request.query_params.get("oauth_token", "")
    session = org.sessions.get(asked)
    if session is None:
        return PlainTextResponse("Bad_OAuth_Token", 403)
    wanted = request.path_params.get("user_id", session.user_id)
    if wanted[:15] != session.user_id[:15]:
        return PlainTextResponse("Wrong_User", 403)
    return JSONResponse(_person(org, org.user(session.user_id), base_url(request)))


def _person(org: Org, user: dict[str, Json], base: str) -> dict[str, Json]:
    rest = f"{base}/services/data/v{{version}}/"
    address = f"{base}/id/{org.org_id}/{user['Id']}"
    return {
        "id": address,
        "sub": address,
        "user_id": user["Id"],
        "organization_id": org.org_id,
        "username": user["Username"],
        "preferred_username": user["Username"],
        "nickname": user["Alias"],
        "name": user["Name"],
        "display_name": user["Name"],
        "first_name": user["FirstName"],
        "last_name": user["LastName"],
        "email": user["Email"],
        "email_verified": True,
        "active": user["IsActive"],
        "user_type": "STANDARD",
        "timezone": user["TimeZoneSidKey"],
        "zoneinfo": user["TimeZoneSidKey"],
        "language": user["LanguageLocaleKey"],
        "locale": user["LocaleSidKey"],
        "utcOffset": 0,
        "urls": {
            "rest": rest,
            "sobjects": f"{rest}sobjects/",
            "query": f"{rest}query/",
            "custom_domain": base,
        },
    }


async def configuration(request: Request) -> Response:
    """Where everything about signing in is found."""
    base = base_url(request)
    root = f"{base}/services/oauth2"
    body = {
        "issuer": base,
        "authorization_endpoint": f"{root}/authorize",
        "token_endpoint": f"{root}/token",
        "revocation_endpoint": f"{root}/revoke",
        "userinfo_endpoint": f"{root}/userinfo",
        "introspection_endpoint": f"{root}/introspect",
        "scopes_supported": ["api", "refresh_token", "openid"],
        "response_types_supported": ["code"],
        "code_challenge_methods_supported": ["S256"],
    }
    return JSONResponse(body)
