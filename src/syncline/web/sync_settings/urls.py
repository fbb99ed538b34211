"""Addresses of Sync Settings."""

from django.urls import path

from syncline.web.sync_settings import (
    blocklist,
    codes,
    general,
    issues,
    preview,
    sessions,
)

app_name = "sync_settings"
urlpatterns = [
    path("", general.general, name="general"),
    path("live/", general.live, name="live"),
    path("force-sync/", general.force_sync, name="force_sync"),
    path("pause/", general.pause, name="pause"),
    path("start/", general.start, name="start"),
    path("preview/", preview.preview, name="preview"),
    path("preview/ask/", preview.ask, name="ask_preview"),
    path("sessions/", sessions.sessions, name="sessions"),
    path("sessions/<int:session_id>/", sessions.session, name="session"),
    path("sessions/<int:session_id>/undo/", sessions.undo, name="undo"),
    path("issues/", issues.issues, name="issues"),
    path("issues/<int:issue_id>/retry/", issues.retry, name="retry"),
    path("issues/<int:issue_id>/dismiss/", issues.dismiss, name="dismiss"),
    path("issues/<int:issue_id>/confirm/", issues.confirm, name="confirm"),
    path("blocklist/", blocklist.blocklist, name="blocklist"),
    path("blocklist/block/", blocklist.block, name="block"),
    path("blocklist/unblock/", blocklist.unblock, name="unblock"),
    path("codes/", codes.codes, name="codes"),
    path("codes/<slug:code>/", codes.code_page, name="code"),
]
