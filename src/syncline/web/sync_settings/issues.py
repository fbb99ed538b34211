"""The Issues tab: what could not be synchronized, and what to press."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from syncline import composition
from syncline.domain.values.kinds import Side
from syncline.store import queries
from syncline.store.queries import IssueView
from syncline.usecases.confirm_plan import ConfirmVerdict
from syncline.web.authorization.access import Visit, own_mailbox
from syncline.web.authorization.forms import own_address
from syncline.web.sync_settings import words
from syncline.web.sync_settings.answers import tell_confirm_verdict, tell_force_answer
from syncline.web.sync_settings.codes import matching_codes
from syncline.web.sync_settings.forms import ConfirmForm, Filter, read_filter
from syncline.web.sync_settings.issue_view import shown


@require_safe
@own_mailbox
def issues(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The list."""
    chosen = read_filter(request.GET)
    return render(request, "sync_settings/issues.html", _context(visit, chosen))


@require_POST
@own_mailbox
def retry(request: HttpRequest, visit: Visit, issue_id: int) -> HttpResponse:
    """Ask for a session, which tries held items again."""
    _own_issue(visit, issue_id)
    answer = composition.force_sync(visit.mailbox_id, who=visit.person.username)
    tell_force_answer(request, answer)
    return _back(request)


@require_POST
@own_mailbox
def dismiss(request: HttpRequest, visit: Visit, issue_id: int) -> HttpResponse:
    """Put an issue aside."""
    view = _own_issue(visit, issue_id)
    if composition.dismiss_issue(view.issue, who=visit.person.username):
        messages.success(
            request,
            _(
                "The issue is dismissed. It stays quiet until the item or the cause "
                "changes."
            ),
        )
    else:
        messages.info(request, _("This issue cannot be dismissed, or not any more."))
    return _back(request)


@require_POST
@own_mailbox
def confirm(request: HttpRequest, visit: Visit, issue_id: int) -> HttpResponse:
    """Let the plan go ahead that the person has read."""
    view = _own_issue(visit, issue_id)
    form = ConfirmForm(request.POST)
    verdict = ConfirmVerdict.CHANGED
    if form.is_valid():
        verdict = composition.confirm_plan(
            view.issue, digest=form.cleaned_data["digest"], who=visit.person.username
        )
    tell_confirm_verdict(request, verdict)
    return _back(request)


def _own_issue(visit: Visit, issue_id: int) -> IssueView:
    view = queries.one_issue(visit.mailbox_id, issue_id)
    if view is None:
        raise Http404
    return view


def _back(request: HttpRequest) -> HttpResponse:
    onward = own_address(request, request.POST.get("next"))
    return redirect(onward or reverse("sync_settings:issues"))


def _context(visit: Visit, chosen: Filter) -> dict[str, Any]:
    overview = queries.mailbox_overview(visit.mailbox_id)
    page = queries.issue_page(
        visit.mailbox_id,
        state=chosen.state,
        search=chosen.search,
        codes=matching_codes(chosen.search) if chosen.search else (),
        number=chosen.number,
    )
    chosen = chosen.with_number(page.number)
    client = words.mail_client(overview.connections[Side.MAILBOX].provider)
    return {
        "tab": "issues",
        "mailbox": overview,
        "chosen": chosen,
        "page": page,
        "rows": [shown(view, client) for view in page.rows],
        "states": [
            (label, page.counts.get(state, 0), chosen.with_state(state), state)
            for state, label in words.STATES.items()
        ],
        "previous": chosen.with_number(page.number - 1),
        "following": chosen.with_number(page.number + 1),
        "here": reverse("sync_settings:issues") + chosen.query,
    }
