"""Addresses of Sync Settings."""

from django.urls import path

from syncline.web.sync_settings import codes, general, issues

app_name = "sync_settings"
urlpatterns = [
    path("", general.general, name="general"),
    path("live/", general.live, name="live"),
    path("force-sync/", general.force_sync, name="force_sync"),
    path("pause/", general.pause, name="pause"),
    path("start/", general.start, name="start"),
    path("issues/", issues.issues, name="issues"),
    path("issues/<int:issue_id>/retry/", issues.retry, name="retry"),
    path("issues/<int:issue_id>/dismiss/", issues.dismiss, name="dismiss"),
    path("issues/<int:issue_id>/confirm/", issues.confirm, name="confirm"),
    path("codes/", codes.codes, name="codes"),
    path("codes/<slug:code>/", codes.code_page, name="code"),
]
