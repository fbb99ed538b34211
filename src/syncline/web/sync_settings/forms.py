"""What people enter on the pages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict

from syncline.domain.issues.issue import IssueState
from syncline.web.sync_settings.words import STATES

_LONGEST_SEARCH = 200
_LONGEST_DIGEST = 64
_LONGEST_ENTRY = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which issues to list; it lives in the address."""

    state: IssueState = IssueState.OPEN
    search: str = ""
    number: int = 1

    def with_state(self, state: IssueState) -> Filter:
        """The same search in another state, from its first page."""
        return replace(self, state=state, number=1)

    def with_number(self, number: int) -> Filter:
        """Another page of the same list."""
        return replace(self, number=number)

    @property
    def query(self) -> str:
        """The part of the address from `?`; nothing for the plain list."""
        parts: dict[str, str | int] = {}
        if self.state is not IssueState.OPEN:
            parts["state"] = self.state.value
        if self.search:
            parts["q"] = self.search
        if self.number > 1:
            parts["page"] = self.number
        return f"?{urlencode(parts)}" if parts else ""


class _FilterForm(forms.Form):
    state = forms.ChoiceField(
        required=False, choices=[(state.value, state.value) for state in STATES]
    )
    q = forms.CharField(required=False, max_length=_LONGEST_SEARCH)
    page = forms.IntegerField(required=False, min_value=1, max_value=1_000_000)


def read_filter(given: QueryDict) -> Filter:
    """The filter in an address; what makes no sense reads as the default."""
    form = _FilterForm(given)
    form.is_valid()
    read = form.cleaned_data
    return Filter(
        state=IssueState(read.get("state") or IssueState.OPEN),
        search=(read.get("q") or "").strip(),
        number=read.get("page") or 1,
    )


class ConfirmForm(forms.Form):
    """The plan that a person has read, named by its digest."""

    digest = forms.CharField(max_length=_LONGEST_DIGEST)


class EntryForm(forms.Form):
    """An address or a domain, as it was entered or as it is listed."""

    entry = forms.CharField(required=False, max_length=_LONGEST_ENTRY)
