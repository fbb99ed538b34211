"""Listens for sign-ins."""

from __future__ import annotations

from django.apps import AppConfig


class AuthorizationConfig(AppConfig):
    """Names the app and connects its receiver."""

    name = "syncline.web.authorization"
    label = "authorization"

    def ready(self) -> None:
        """Remember each person as Salesforce names them."""
        from allauth.account.signals import user_logged_in

        from syncline.web.authorization.people import remember

        user_logged_in.connect(remember, dispatch_uid="authorization.remember")
