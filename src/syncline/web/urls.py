"""All addresses."""

from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="sync_settings:general"), name="home"),
    path("", include("syncline.web.authorization.urls")),
    path("", include("syncline.web.api.urls")),
    path("accounts/", include("syncline.web.callbacks.urls")),
    path("sync-settings/", include("syncline.web.sync_settings.urls")),
    path("admin-panel/", include("syncline.web.admin_panel.urls")),
]
