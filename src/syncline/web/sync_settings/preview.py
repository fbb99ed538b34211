"""The preview of the next session: asked for here, made by a worker, shown here."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from syncline import composition
from syncline.domain.access.mailbox import Standing
from syncline.domain.issues import remedy
from syncline.domain.issues.catalog import known
from syncline.store import queries
from syncline.store.errands import last_errand
from syncline.usecases.errands import Errand, ErrandVerb, ErrandVerdict
from syncline.web.authorization.access import Visit, own_mailbox
from syncline.web.sync_settings.errand_view import is_late
from syncline.web.sync_settings.write_view import planned_view


@require_safe
@own_mailbox
def preview(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What the next session would do, or that it is being found out."""
    return render(request, "sync_settings/preview.html", _context(visit))


@require_POST
@own_mailbox
def ask(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Have it found out."""
    verdict = composition.ask_errand(
        visit.mailbox_id, ErrandVerb.PLAN, who=visit.person.username
    )
    if verdict is ErrandVerdict.DISABLED:
        messages.info(
            request, _("Your admin switched synchronization off for this mailbox.")
        )
    return redirect("sync_settings:preview")


def _context(visit: Visit) -> dict[str, Any]:
    errand = last_errand(visit.mailbox_id, ErrandVerb.PLAN)
    overview = queries.mailbox_overview(visit.mailbox_id)
    return {
        "tab": "general",
        "mailbox": overview,
        "errand": errand,
        "is_late": errand is not None and is_late(errand),
        "may_ask": overview.standing is not Standing.DISABLED,
        **_answer(errand),
    }


def _answer(errand: Errand | None) -> dict[str, Any]:
    if errand is None or errand.is_open:
        return {}
    answer = errand.answer
    code = answer.get("failed", "")
    if code:
        entry = known(code)
        return {"failure": entry, "failure_title": remedy.title(entry.code, {})}
    writes = answer.get("writes", [])
    return {
        "is_answered": True,
        "writes": [planned_view(raw) for raw in writes],
        "count": answer.get("count", 0),
        "hidden": answer.get("count", 0) - len(writes),
        "marks": answer.get("marks", 0),
        "people": answer.get("people", []),
        "waiting": answer.get("waiting", []),
        "told": [
            (i["code"], i["name"], remedy.title(i["code"], i["params"]))
            for i in answer.get("issues", [])
        ],
    }
