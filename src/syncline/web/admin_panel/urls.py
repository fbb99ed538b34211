"""Addresses of the Admin panel."""

from django.urls import path

from syncline.web.admin_panel import fields, views

app_name = "admin_panel"
urlpatterns = [
    path("", views.mailboxes, name="mailboxes"),
    path("fields/", fields.fields, name="fields"),
]
