"""The person at the other end, as Salesforce named them when they signed in.

Kept in the session, not looked up by user: copies of an org (Salesforce
sandboxes) repeat the user ids of the original, so an id counts only together
with the org that vouched for it in this very sign-in.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest

_KEY = "syncline.person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A Salesforce user who is signed in here."""

    user_id: str
    organization_id: str
    username: str
    name: str

    @property
    def is_admin(self) -> bool:
        """Whether the installation's settings name this user as an administrator."""
        return self.username.lower() in settings.ADMIN_USERNAMES


def person_of_userinfo(answer: dict[str, Any]) -> Person:
    """The person that Salesforce's userinfo endpoint describes."""

    def text(name: str) -> str:
        return str(answer.get(name) or "")

    username = text("preferred_username")
    return Person(
        user_id=text("user_id"),
        organization_id=text("organization_id"),
        username=username,
        name=text("name") or username,
    )


def remember(request: HttpRequest, **signal: Any) -> None:
    """Keep who signed in; receives allauth's `user_logged_in`."""
    sign_in = signal.get("sociallogin")
    if sign_in is not None:
        keep(request, person_of_userinfo(sign_in.account.extra_data))


def keep(request: HttpRequest, person: Person) -> None:
    """Put a person into the session."""
    request.session[_KEY] = asdict(person)


def person_of(request: HttpRequest) -> Person | None:
    """Who is signed in, if anybody is."""
    kept = request.session.get(_KEY)
    if kept is None or not request.user.is_authenticated:
        return None
    return Person(**kept)


def person_on_page(request: HttpRequest) -> dict[str, Person | None]:
    """`person` for all templates."""
    has_session = hasattr(request, "session") and hasattr(request, "user")
    return {"person": person_of(request) if has_session else None}
