"""The list of an organization's mailboxes: standings, times and counts only."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from syncline.domain.access.mailbox import Standing
from syncline.store.queries import mailboxes_of_organization
from syncline.web.authorization.access import admins_only
from syncline.web.authorization.people import Person
from syncline.web.sync_settings.words import STANDINGS

#: Colors beside the word; whatever is not listed needs attention.
_LOOKS = {
    Standing.ACTIVE: "good",
    Standing.PAUSED: "quiet",
    Standing.DISABLED: "quiet",
}


@require_safe
@admins_only
def mailboxes(request: HttpRequest, person: Person) -> HttpResponse:
    """All mailboxes of the admin's own organization."""
    lines = mailboxes_of_organization(person.organization_id)
    context = {
        "lines": [
            (line, STANDINGS[line.standing], _LOOKS.get(line.standing, "bad"))
            for line in lines
        ]
    }
    return render(request, "admin_panel/mailboxes.html", context)
