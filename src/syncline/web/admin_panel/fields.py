"""Which field travels where, for each profile, with what is in the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from syncline.domain.errors import ConfigurationError
from syncline.domain.issues.facts import readable_label
from syncline.domain.issues.issue import Issue
from syncline.domain.issues.remedy import explain
from syncline.domain.mapping.deviations import problems_of
from syncline.domain.mapping.profile import mapping_for
from syncline.domain.mapping.rules import KindMapping
from syncline.domain.mapping.tables import TABLES
from syncline.domain.values.kinds import Direction
from syncline.store.profiles import ProfileView, profiles_of_organization
from syncline.web.authorization.access import admins_only
from syncline.web.authorization.people import Person
from syncline.web.sync_settings.words import KINDS_IN_SCOPE

DIRECTIONS: Final[Mapping[Direction, Promise]] = {
    Direction.BOTH: _("both ways"),
    Direction.UP: _("to Salesforce"),
    Direction.DOWN: _("to the mailbox"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a table, in words."""

    source: str
    direction: Promise
    record_fields: str
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableView:
    """One kind's table, and what is in the way of the object as a whole."""

    name: Promise
    lines: tuple[Line, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfilePart:
    """One profile's part of the page."""

    profile: ProfileView
    tables: tuple[TableView, ...]
    #: Why there are no tables.
    mistakes: tuple[ConfigurationError, ...]


@require_safe
@admins_only
def fields(request: HttpRequest, person: Person) -> HttpResponse:
    """The field tables of all profiles of the admin's own organization."""
    profiles = profiles_of_organization(person.organization_id)
    context = {"parts": [_part(profile) for profile in profiles]}
    return render(request, "admin_panel/fields.html", context)


def _part(profile: ProfileView) -> ProfilePart:
    if profile.policy is None:
        return ProfilePart(profile=profile, tables=(), mistakes=())
    mistakes = problems_of(profile.policy.fields)
    kinds = [k for k in TABLES if k in profile.policy.kinds and not mistakes]
    tables = [
        _table(mapping_for(kind, profile.policy), profile.problems) for kind in kinds
    ]
    return ProfilePart(profile=profile, tables=tuple(tables), mistakes=mistakes)


def _table(mapping: KindMapping, problems: Mapping[str, list[Issue]]) -> TableView:
    lines = [
        Line(
            source=readable_label(row.item),
            direction=DIRECTIONS[row.direction],
            record_fields=", ".join(row.record),
            problems=_texts(mapping, row.record, problems),
        )
        for row in mapping.rows
    ]
    lines += [
        Line(
            source=f"“{value}”",
            direction=DIRECTIONS[Direction.UP],
            record_fields=name,
            problems=_texts(mapping, (name,), problems),
        )
        for name, value in mapping.on_create.items()
    ]
    rest = tuple(
        name.removeprefix(f"{mapping.object_name}.")
        for name in problems
        if name.startswith(f"{mapping.object_name}.")
        and name.removeprefix(f"{mapping.object_name}.") not in mapping.record_fields
    )
    return TableView(
        name=KINDS_IN_SCOPE[mapping.kind],
        lines=tuple(lines),
        problems=_texts(mapping, rest, problems),
    )


def _texts(
    mapping: KindMapping,
    names: tuple[str, ...],
    problems: Mapping[str, list[Issue]],
) -> tuple[str, ...]:
    return tuple(
        explain(issue.code, issue.params)
        for name in names
        for issue in problems.get(f"{mapping.object_name}.{name}", ())
    )
