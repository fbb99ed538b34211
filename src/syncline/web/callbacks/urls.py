"""Addresses that are registered with Salesforce; they must not move."""

from __future__ import annotations

from allauth.socialaccount.providers.salesforce.views import oauth2_callback
from django.urls import path

from syncline.web.callbacks import views

#: allauth looks its own addresses up by these names.
urlpatterns = [
    path("salesforce/login/", views.to_salesforce, name="salesforce_login"),
    path("salesforce/login/callback/", oauth2_callback, name="salesforce_callback"),
    path("cancelled/", views.cancelled, name="socialaccount_login_cancelled"),
]
