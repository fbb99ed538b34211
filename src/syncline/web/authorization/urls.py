"""Addresses of signing in and out."""

from __future__ import annotations

from django.urls import path

from syncline.web.authorization import views

#: allauth looks for `account_login` and `account_inactive` under these names.
urlpatterns = [
    path("sign-in/", views.sign_in, name="account_login"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("switched-off/", views.switched_off, name="account_inactive"),
]
