"""Sign in, sign out."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from syncline.web.authorization.forms import own_address
from syncline.web.authorization.people import person_of
from syncline.web.shell.headers import allow_form_target


@require_safe
def sign_in(request: HttpRequest) -> HttpResponse:
    """One button, which goes to Salesforce."""
    onward = own_address(request, request.GET.get("next"))
    if person_of(request) is not None:
        return redirect(onward or settings.LOGIN_REDIRECT_URL)
    context = {"onward": onward, "is_set_up": settings.SALESFORCE_IS_SET_UP}
    response = render(request, "authorization/sign_in.html", context)
    # Salesforce may lead on to the company's own sign-in page, on any host.
    return allow_form_target(response, "https:", settings.SALESFORCE_LOGIN_URL)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session here; the one with Salesforce goes on."""
    logout(request)
    messages.success(request, _("You are signed out."))
    return redirect("account_login")


@require_safe
def switched_off(request: HttpRequest) -> HttpResponse:
    """Say that the account may not be used here."""
    return render(request, "authorization/switched_off.html", status=403)
