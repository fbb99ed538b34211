"""Addresses for machines."""

from django.urls import path

from syncline.web.api import views

app_name = "api"
urlpatterns = [path("healthz", views.healthz, name="healthz")]
