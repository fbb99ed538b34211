"""The way to Salesforce's sign-in page, and back without having signed in."""

from __future__ import annotations

from allauth.socialaccount.providers.salesforce.views import oauth2_login
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe


def to_salesforce(request: HttpRequest) -> HttpResponse:
    """Lead to Salesforce, but only on the press of our own button.

    A mere link must not start a sign-in: another site could sign a person in
    as somebody else with it.
    """
    if request.method != "POST":
        return redirect("account_login")
    answer: HttpResponse = oauth2_login(request)
    return answer


@require_safe
def cancelled(request: HttpRequest) -> HttpResponse:
    """Back to the sign-in page after the person said no to Salesforce."""
    messages.info(request, _("Sign-in was canceled. Nothing was changed."))
    return redirect("account_login")
