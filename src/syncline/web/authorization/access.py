"""One person sees only the own mailbox: every page about one begins here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from syncline.domain.values.ids import MailboxId
from syncline.store import queries
from syncline.web.authorization.people import Person, person_of

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, P], HttpResponse]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A person and the own mailbox."""

    person: Person
    mailbox_id: MailboxId


def own_mailbox(
    view: Callable[Concatenate[HttpRequest, Visit, P], HttpResponse],
) -> Page[P]:
    """Give the view the visitor's own mailbox, and nobody else's.

    Who is not signed in goes to the sign-in page; who has no mailbox reads what
    to do about that.
    """

    @wraps(view)
    def guarded(
        request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        person = person_of(request)
        if person is None:
            return to_sign_in(request)
        mailbox_id = queries.mailbox_of_person(person.organization_id, person.user_id)
        if mailbox_id is None:
            return render(request, "authorization/no_mailbox.html", status=403)
        visit = Visit(person=person, mailbox_id=mailbox_id)
        return view(request, visit, *args, **kwargs)

    return guarded


def admins_only(
    view: Callable[Concatenate[HttpRequest, Person, P], HttpResponse],
) -> Page[P]:
    """Give the view the administrator; for others there is no such page."""

    @wraps(view)
    def guarded(
        request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        person = person_of(request)
        if person is None:
            return to_sign_in(request)
        if not person.is_admin:
            raise Http404
        return view(request, person, *args, **kwargs)

    return guarded


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Lead to the sign-in page and, after it, back to the page that was wanted."""
    address = reverse("account_login")
    if getattr(request, "htmx", False):
        # A fragment must not be replaced by a sign-in page.
        return HttpResponseClientRedirect(address)
    if request.method == "GET":
        address = f"{address}?{urlencode({'next': request.get_full_path()})}"
    return redirect(address)
