"""The only Django app with models."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """Names the app and its label."""

    name = "syncline.store"
    label = "store"
