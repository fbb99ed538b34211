"""How allauth treats people who come from Salesforce."""

from __future__ import annotations

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base import AuthError
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _


class SalesforceAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc] # untyped
    """Signs people in by their Salesforce user id alone.

    An e-mail address proves nothing here: Salesforce lets several users share
    one, so none is stored and none is compared.
    """

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Leave out the e-mail addresses before an account is made of them."""
        del request
        sociallogin.email_addresses = []
        if not sociallogin.is_existing:
            sociallogin.user.email = ""

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, **details: Any
    ) -> None:
        """Lead back to the sign-in page with a sentence about what happened."""
        del provider
        if details.get("error") == AuthError.CANCELLED:
            return
        messages.error(
            request,
            _(
                "Salesforce did not sign you in. Please try again; if it happens "
                "again, ask your Salesforce admin."
            ),
        )
        raise ImmediateHttpResponse(redirect("account_login"))
