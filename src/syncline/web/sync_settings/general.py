"""The General tab: how the mailbox stands, and what its last session did."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from syncline import composition
from syncline.domain.access.mailbox import Standing
from syncline.domain.values.kinds import Side
from syncline.store import queries
from syncline.store.queries import MailboxOverview
from syncline.usecases.pause_mailbox import PAUSABLE
from syncline.web.authorization.access import Visit, own_mailbox
from syncline.web.sync_settings import words
from syncline.web.sync_settings.answers import tell_force_answer
from syncline.web.sync_settings.issue_view import shown
from syncline.web.sync_settings.kind_boxes import kind_boxes
from syncline.web.sync_settings.session_view import session_view

#: A session that was asked for starts within seconds while a worker runs.
_USUAL_WAIT = timedelta(minutes=1)


@require_safe
@own_mailbox
def general(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The whole page."""
    return render(request, "sync_settings/general.html", _context(visit))


@require_safe
@own_mailbox
def live(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What changes while one looks; asked for by Refresh and during a session."""
    return render(request, "sync_settings/live.html", _context(visit))


@require_POST
@own_mailbox
def force_sync(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Ask for a session."""
    answer = composition.force_sync(visit.mailbox_id, who=visit.person.username)
    tell_force_answer(request, answer)
    return _after(request, visit)


@require_POST
@own_mailbox
def pause(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Stop synchronizing until Start."""
    if composition.pause_mailbox(visit.mailbox_id, who=visit.person.username):
        messages.success(request, _("Synchronization is paused."))
    else:
        messages.info(request, _("There was nothing to pause."))
    return _after(request, visit)


@require_POST
@own_mailbox
def start(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Synchronize again."""
    if composition.start_mailbox(visit.mailbox_id, who=visit.person.username):
        messages.success(request, _("Synchronization goes on; a session starts now."))
    else:
        messages.info(request, _("The mailbox was not paused."))
    return _after(request, visit)


def _after(request: HttpRequest, visit: Visit) -> HttpResponse:
    if getattr(request, "htmx", False):
        return render(request, "sync_settings/live.html", _context(visit))
    return redirect("sync_settings:general")


def _context(visit: Visit) -> dict[str, Any]:
    overview = queries.mailbox_overview(visit.mailbox_id)
    session = queries.last_session(visit.mailbox_id)
    client = words.mail_client(overview.connections[Side.MAILBOX].provider)
    errors = [shown(v, client) for v in queries.sync_errors(visit.mailbox_id)]
    last = session_view(session) if session else None
    is_told = any(last and last.error == error.entry for error in errors)
    return {
        "tab": "general",
        "mailbox": overview,
        "standing": words.STANDINGS[overview.standing],
        "reason": _reason(overview, has_errors=bool(errors)),
        "is_late": _is_late(overview),
        "look": _look(overview, has_errors=bool(errors)),
        "may_pause": overview.standing in PAUSABLE,
        "may_start": overview.standing is Standing.PAUSED,
        "may_force": overview.standing.may_sync,
        "may_preview": overview.standing is not Standing.DISABLED,
        "boxes": kind_boxes(overview.policy, overview.in_scope),
        "errors": errors,
        "failure": last.error if last and not is_told else None,
        "last": last,
    }


def _reason(overview: MailboxOverview, *, has_errors: bool) -> str:
    if overview.standing is not Standing.ACTIVE:
        return str(words.REASONS[overview.standing])
    if has_errors:
        return _("Sessions run, but something above needs attention first.")
    if overview.streak:
        return _(
            "The last session could not do its work. Syncline tries again by itself."
        )
    if overview.open_issue_count:
        return _(
            "Your mailbox and Salesforce are kept in step, apart from what is listed "
            "under Issues."
        )
    return str(words.REASONS[Standing.ACTIVE])


def _look(overview: MailboxOverview, *, has_errors: bool) -> str:
    """Which color and picture go with the word; green means that data flows."""
    match overview.standing:
        case Standing.ACTIVE:
            return "warn" if has_errors or overview.streak else "good"
        case Standing.PAUSED | Standing.DISABLED:
            return "quiet"
        case Standing.NEEDS_RENEWAL | Standing.SUSPENDED:
            return "bad"


def _is_late(overview: MailboxOverview) -> bool:
    """Whether nobody seems to carry out the session that was asked for."""
    since = overview.waits_since
    return since is not None and timezone.now() - since > _USUAL_WAIT
