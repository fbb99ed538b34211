"""Sync error codes: a list to search, and a page for each."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from syncline.domain.issues import remedy
from syncline.domain.issues.catalog import CATALOG, FAMILIES
from syncline.domain.issues.catalog.entry import Entry
from syncline.domain.issues.texts import fill, fill_mark
from syncline.web.sync_settings import words

#: Longest text that is searched for.
_SEARCH_LENGTH = 200


@require_safe
def codes(request: HttpRequest) -> HttpResponse:
    """The list, by families; open to everybody, for it says nothing of anybody."""
    search = request.GET.get("q", "").strip()[:_SEARCH_LENGTH]
    found = matching_codes(search)
    families = [
        (family, meaning, [_line(CATALOG[c]) for c in found if c.startswith(family)])
        for family, meaning in FAMILIES.items()
    ]
    context = {
        "search": search,
        "families": [family for family in families if family[2]],
        "count": len(found),
    }
    return render(request, "sync_settings/codes.html", context)


@require_safe
def code_page(request: HttpRequest, code: str) -> HttpResponse:
    """What a code means, and what to do."""
    entry = CATALOG.get(code.upper())
    if entry is None:
        raise Http404
    context = {
        "entry": entry,
        "title": remedy.title(entry.code, {}),
        "cause": remedy.explain(entry.code, {}),
        "steps": remedy.steps(entry.code, {}),
        "message_steps": [fill(step, {}) for step in entry.message_steps],
        "no_steps": remedy.without_steps(entry),
        "severity": words.SEVERITIES[entry.severity],
        "what_stops": words.WHAT_STOPS[entry.severity],
        "who_acts": words.WHO_ACTS[entry.audience],
        "closes": fill(entry.closes, {}),
        "mark": fill_mark(entry.mark, {}),
        "family": FAMILIES[entry.family],
    }
    return render(request, "sync_settings/code.html", context)


def matching_codes(search: str) -> list[str]:
    """Codes whose own text, title or cause has every word of the search."""
    wanted = search.casefold().split()
    return [
        code
        for code, entry in CATALOG.items()
        if all(word in _searched_text(entry) for word in wanted)
    ]


def _searched_text(entry: Entry) -> str:
    parts = (
        entry.code,
        remedy.title(entry.code, {}),
        remedy.explain(entry.code, {}),
    )
    return " ".join(parts).casefold()


def _line(entry: Entry) -> dict[str, object]:
    return {
        "code": entry.code,
        "title": remedy.title(entry.code, {}),
        "severity": words.SEVERITIES[entry.severity],
        "level": entry.severity.value,
        "who_acts": words.WHO_ACTS[entry.audience],
    }
