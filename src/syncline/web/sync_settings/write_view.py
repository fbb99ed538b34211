"""One write as a page shows it: what was done where, and each field old and new."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from syncline.domain.engine.copies import is_shortened
from syncline.domain.issues.refusals import why_not
from syncline.domain.values.history import PastWrite, Refusal
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.operations import Verb
from syncline.web.sync_settings import words

_LONGEST = 300
#: Of a file.
_SIZE = "size_bytes"

#: What was done, by verb and side.
DONE: Mapping[tuple[Verb, Side], Promise] = {
    (Verb.CREATE, Side.CRM): gettext_lazy("Added to Salesforce"),
    (Verb.CREATE, Side.MAILBOX): gettext_lazy("Added to the mailbox"),
    (Verb.UPDATE, Side.CRM): gettext_lazy("Changed in Salesforce"),
    (Verb.UPDATE, Side.MAILBOX): gettext_lazy("Changed in the mailbox"),
    (Verb.DELETE, Side.CRM): gettext_lazy("Deleted in Salesforce"),
    (Verb.DELETE, Side.MAILBOX): gettext_lazy("Deleted in the mailbox"),
    (Verb.ATTACH, Side.CRM): gettext_lazy("File added in Salesforce"),
}
#: What would be done.
PLANNED: Mapping[tuple[Verb, Side], Promise] = {
    (Verb.CREATE, Side.CRM): gettext_lazy("Add to Salesforce"),
    (Verb.CREATE, Side.MAILBOX): gettext_lazy("Add to the mailbox"),
    (Verb.UPDATE, Side.CRM): gettext_lazy("Change in Salesforce"),
    (Verb.UPDATE, Side.MAILBOX): gettext_lazy("Change in the mailbox"),
    (Verb.DELETE, Side.CRM): gettext_lazy("Delete in Salesforce"),
    (Verb.DELETE, Side.MAILBOX): gettext_lazy("Delete in the mailbox"),
    (Verb.ATTACH, Side.CRM): gettext_lazy("Add a file in Salesforce"),
}
#: What an undo does about it.
UNDOING: Mapping[tuple[Verb, Side], Promise] = {
    (Verb.CREATE, Side.CRM): gettext_lazy("Is deleted in Salesforce"),
    (Verb.CREATE, Side.MAILBOX): gettext_lazy("Is deleted in the mailbox"),
    (Verb.UPDATE, Side.CRM): gettext_lazy("Is changed back in Salesforce"),
    (Verb.UPDATE, Side.MAILBOX): gettext_lazy("Is changed back in the mailbox"),
    (Verb.DELETE, Side.CRM): gettext_lazy("Is made again in Salesforce"),
    (Verb.DELETE, Side.MAILBOX): gettext_lazy("Is made again in the mailbox"),
    (Verb.ATTACH, Side.CRM): gettext_lazy("Stays in Salesforce"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldView:
    """One field with its values; `old` is empty when there was none."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteView:
    """Everything that the templates need about one write."""

    action: Promise
    kind: Promise
    icon: str
    name: str
    fields: tuple[FieldView, ...]
    is_undone: bool = False
    why_not: str = ""


def planned_view(raw: Mapping[str, Any]) -> WriteView:
    """One write of a preview's answer."""
    verb, side, kind = Verb(raw["verb"]), Side(raw["side"]), Kind(raw["kind"])
    return WriteView(
        action=PLANNED[(verb, side)],
        kind=words.KINDS[kind],
        icon=kind.value,
        name=raw["name"] or _("(no name)"),
        fields=_fields(verb, raw["before"], raw["after"]),
    )


def past_view(past: PastWrite, *, is_undoing: bool = False) -> WriteView:
    """One write of a past session.

    Args:
        past: As it stands now.
        is_undoing: Say what an undo does instead of what was done.
    """
    write = past.write
    actions = UNDOING if is_undoing else DONE
    before, after = write.before, write.after
    if is_undoing and write.verb is Verb.UPDATE:
        before, after = after, before
    return WriteView(
        action=actions[(write.verb, write.side)],
        kind=words.KINDS[write.kind],
        icon=write.kind.value,
        name=write.name or _("(no name)"),
        fields=_fields(write.verb, before, after),
        is_undone=past.is_undone,
        why_not=_why_not(past),
    )


def _why_not(past: PastWrite) -> str:
    if past.refusal is None:
        return ""
    detail = past.detail
    if past.refusal in (Refusal.CHANGED, Refusal.UNKNOWN_BEFORE) and detail:
        detail = ", ".join(map(field_label, detail.split(", ")))
    return why_not(past.refusal, detail)


def _fields(
    verb: Verb, before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[FieldView, ...]:
    """Fields that say something: of a new or deleted thing only the filled ones."""
    names = after if verb is not Verb.DELETE else before
    is_update = verb is Verb.UPDATE
    return tuple(
        FieldView(
            label=field_label(name),
            old=shown_value(before.get(name)) if is_update else "",
            new=_shown(name, names[name]),
        )
        for name in names
        if is_update or names[name] not in (None, "", [], False)
    )


def _shown(name: str, value: Any) -> str:
    is_size = name == _SIZE and isinstance(value, int)
    return str(filesizeformat(value)) if is_size else shown_value(value)


def field_label(name: str) -> str:
    """A field's name as people read it; names of the org's own fields stay known."""
    if name == _SIZE:
        return _("Size")
    plain = name.removeprefix("Syncline_").removesuffix("__c").replace("_", " ")
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", plain)
    return spaced[:1].upper() + spaced[1:].lower()


def shown_value(value: Any) -> str:
    """A kept value as people read it."""
    match value:
        case None | "" | []:
            return _("(empty)")
        case bool():
            return _("yes") if value else _("no")
        case {"timed": [start, end]}:
            return f"{_instant(start)} – {_instant(end)}"
        case {"days": [first, last]}:
            return first if first == last else f"{first} – {last}"
        case dict():
            return str(value.get("name") or value.get("email") or "")
        case list():
            return ", ".join(shown_value(v) for v in value)
        case str() if is_shortened(value):
            return _("(long text)")
        case _:
            text = _instant(str(value))
            return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _instant(text: str) -> str:
    """An instant in words; any other text as it is."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", text):
        return text
    at = datetime.fromisoformat(text)
    return f"{at:%d %b %Y, %H:%M} UTC"
