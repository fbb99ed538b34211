"""The Blocklist tab: whose mail and meetings are not saved automatically."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from syncline import composition
from syncline.domain.access.blocklist import MOST_ENTRIES, EntryProblem
from syncline.store import queries
from syncline.store.blocklists import blocklist_of
from syncline.usecases.edit_blocklist import BlockAnswer, BlockVerdict
from syncline.web.authorization.access import Visit, own_mailbox
from syncline.web.sync_settings.forms import EntryForm

_PROBLEMS: Final[Mapping[EntryProblem, Promise]] = {
    EntryProblem.EMPTY: gettext_lazy("Please enter an e-mail address or a domain."),
    EntryProblem.WILDCARD: gettext_lazy(
        "There are no wildcards. Enter a domain, like example.com, to block all of "
        "its addresses."
    ),
    EntryProblem.NOT_AN_ADDRESS: gettext_lazy(
        "This is neither an e-mail address, like jane@example.com, nor a domain, "
        "like example.com."
    ),
    EntryProblem.ONE_WORD: gettext_lazy(
        "A domain has a dot in it, like example.com; one word alone stands for nobody."
    ),
}

_BROKEN: Final = gettext_lazy(
    "Nothing can be blocked until your admin has corrected the settings of your "
    "profile."
)


@require_safe
@own_mailbox
def blocklist(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The own list, and below it what an admin has chosen for everybody."""
    return _page(request, visit)


@require_POST
@own_mailbox
def block(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Add an entry; a mistake is said beside the field, with what was entered."""
    form = EntryForm(request.POST)
    if not form.is_valid():
        text = request.POST.get("entry", "")
        mistake = str(_PROBLEMS[EntryProblem.NOT_AN_ADDRESS])
        return _page(request, visit, entered=text, mistake=mistake)
    text = form.cleaned_data["entry"]
    if queries.mailbox_overview(visit.mailbox_id).policy is None:
        return _page(request, visit, entered=text, mistake=str(_BROKEN))
    answer = composition.block(visit.mailbox_id, text, who=visit.person.username)
    if answer.verdict is BlockVerdict.BLOCKED:
        told = _("%(entry)s is blocked from the next session on.")
        messages.success(request, told % {"entry": answer.entry})
        return redirect("sync_settings:blocklist")
    return _page(request, visit, entered=text, mistake=_mistake(answer))


@require_POST
@own_mailbox
def unblock(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Remove an entry."""
    form = EntryForm(request.POST)
    entry = form.cleaned_data["entry"] if form.is_valid() else ""
    if composition.unblock(visit.mailbox_id, entry, who=visit.person.username):
        told = _("%(entry)s is not blocked any more.")
        messages.success(request, told % {"entry": entry})
    else:
        messages.info(request, _("That was not on your blocklist any more."))
    return redirect("sync_settings:blocklist")


def _page(
    request: HttpRequest, visit: Visit, *, entered: str = "", mistake: str = ""
) -> HttpResponse:
    context = {
        "tab": "blocklist",
        "mailbox": queries.mailbox_overview(visit.mailbox_id),
        "lists": blocklist_of(visit.mailbox_id),
        "entered": entered,
        "mistake": mistake,
    }
    return render(request, "sync_settings/blocklist.html", context)


def _mistake(answer: BlockAnswer) -> str:
    if answer.problem is not None:
        return str(_PROBLEMS[answer.problem])
    texts = {
        BlockVerdict.LISTED: _("%(entry)s is on your blocklist already."),
        BlockVerdict.LISTED_FOR_ALL: _(
            "Your admin has blocked %(entry)s already, for everybody in your profile."
        ),
        BlockVerdict.COLLEAGUE: _(
            "%(entry)s is one of your organization's own; what only colleagues take "
            "part in is not saved automatically anyway."
        ),
        BlockVerdict.FULL: _(
            "Your blocklist is full (%(most)d entries). Remove what you do not need, "
            "or block a whole domain."
        ),
    }
    return texts[answer.verdict] % {"entry": answer.entry, "most": MOST_ENTRIES}
