"""Past sessions: what each wrote, and taking it back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from syncline import composition
from syncline.domain.access.mailbox import Standing
from syncline.domain.issues.catalog import known
from syncline.domain.values.ids import SessionId
from syncline.store import past_sessions, queries
from syncline.store.errands import last_errand
from syncline.store.past_sessions import SessionLine
from syncline.usecases.errands import ErrandVerb, ErrandVerdict
from syncline.web.authorization.access import Visit, own_mailbox
from syncline.web.sync_settings.errand_view import is_late
from syncline.web.sync_settings.forms import read_filter
from syncline.web.sync_settings.session_view import session_view
from syncline.web.sync_settings.write_view import past_view


@require_safe
@own_mailbox
def sessions(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Sessions that wrote something, newest first."""
    lines, page = past_sessions.past_sessions(
        visit.mailbox_id, read_filter(request.GET).number
    )
    context = {
        "tab": "sessions",
        "mailbox": queries.mailbox_overview(visit.mailbox_id),
        "lines": [(line, session_view(line.session)) for line in lines],
        "page": page,
    }
    return render(request, "sync_settings/sessions.html", context)


@require_safe
@own_mailbox
def session(request: HttpRequest, visit: Visit, session_id: int) -> HttpResponse:
    """What one session wrote, and what became of undoing it."""
    line = _own_session(visit, session_id)
    number = read_filter(request.GET).number
    return render(
        request, "sync_settings/session.html", _context(visit, line, number=number)
    )


@require_http_methods(["GET", "HEAD", "POST"])
@own_mailbox
def undo(request: HttpRequest, visit: Visit, session_id: int) -> HttpResponse:
    """Ask whether to undo a session; on a person's word, have it undone."""
    line = _own_session(visit, session_id)
    if request.method == "POST":
        return _ask(request, visit, line)
    number = read_filter(request.GET).number
    context = _context(visit, line, number=number, is_undoing=True)
    return render(request, "sync_settings/undo.html", context)


def _ask(request: HttpRequest, visit: Visit, line: SessionLine) -> HttpResponse:
    verdict = composition.ask_errand(
        visit.mailbox_id,
        ErrandVerb.UNDO,
        session_id=line.session.id,
        who=visit.person.username,
    )
    match verdict:
        case ErrandVerdict.DISABLED:
            text = _("Your admin switched synchronization off for this mailbox.")
            messages.info(request, text)
        case ErrandVerdict.WAITING:
            text = _("An undo is on its way already; please wait until it is over.")
            messages.info(request, text)
    return redirect("sync_settings:session", session_id=line.session.id)


def _own_session(visit: Visit, session_id: int) -> SessionLine:
    line = past_sessions.one_session(visit.mailbox_id, session_id)
    if line is None or line.session.id is None:
        raise Http404
    return line


def _context(
    visit: Visit, line: SessionLine, *, number: int, is_undoing: bool = False
) -> dict[str, Any]:
    session_id = SessionId(line.session.id or 0)
    overview = queries.mailbox_overview(visit.mailbox_id)
    errand = last_errand(visit.mailbox_id, ErrandVerb.UNDO, session_id)
    is_open = errand is not None and errand.is_open
    writes, page = past_sessions.writes_of(visit.mailbox_id, session_id, number)
    if is_undoing:
        writes = tuple(w for w in writes if not w.is_undone)
    code = errand.answer.get("failed", "") if errand and not is_open else ""
    return {
        "tab": "sessions",
        "mailbox": overview,
        "line": line,
        "shown": session_view(line.session),
        "writes": [past_view(w, is_undoing=is_undoing) for w in writes],
        "page": page,
        "errand": errand,
        "is_open": is_open,
        "is_late": errand is not None and is_late(errand),
        "failure": known(code) if code else None,
        "may_undo": (
            bool(line.counts.left)
            and not is_open
            and overview.standing is not Standing.DISABLED
        ),
    }
