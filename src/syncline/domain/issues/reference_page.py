"""Render the catalog as Markdown: one page per entry, and an index.

The pages are generated into `docs/reference/errors/`, where a test compares
them with what this module renders.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from syncline.domain.issues.catalog import CATALOG, FAMILIES
from syncline.domain.issues.catalog.entry import (
    Audience,
    Disposition,
    Entry,
    Severity,
)
from syncline.domain.issues.classify import answers_of
from syncline.domain.issues.facts import naming
from syncline.domain.issues.issue import Scope
from syncline.domain.issues.marking import ERROR_MARK, status_mark
from syncline.domain.issues.remedy import explain, steps, title, without_steps
from syncline.domain.issues.texts import fill
from syncline.domain.values.kinds import Kind

#: Facts of an invented case, for the examples of the pages.
SAMPLE_PARAMS = {
    "count": "3",
    "days": "21",
    "detail": "The item is damaged",
    "field_labels": "Last name",
    "fields": "LastName",
    "limit": "14",
    "matches": "003000000000001AAA",
    "organizer": "ada@example.com",
    "owner": "005000000000001AAA",
    "place": "Salesforce",
    "reason": "The text of the answer",
    "service": "Salesforce",
    "rule_message": "An executive needs a department",
    "thing": "contact",
    "value": "Example",
    "zone": "Customized Time Zone",
}

#: Where the invented case must be another one to make sense.
_SAMPLES_BY_SLUG = {
    "attachment_left_out": {"value": "prices.xlsm (files of this type are not saved)"},
    "classic_series": {"thing": "event"},
    "lightning_series": {"thing": "event"},
    "recurring_series": {
        "thing": "event",
        "value": "",
        "field_labels": "ClientGuid and OriginalInstanceDateTime",
    },
    "series_converted": {"thing": "event", "value": "a series"},
    "unknown_time_zone": {"thing": "event"},
}

_AUDIENCES = {
    Audience.USER: "You",
    Audience.ADMIN: "Your admin",
    Audience.US: "Nobody: Syncline takes care of it",
    Audience.SUPPORT: "Support",
}
_SEVERITIES = {
    Severity.LOW: "L (low): nothing is held up for long",
    Severity.MODERATE: "M (moderate): something is not synchronized until it is cured",
    Severity.SEVERE: "S (severe): sync of the mailbox stops; your organization can "
    "put it right",
    Severity.CRITICAL: "C (critical): sync of the mailbox stops; your organization "
    "cannot put it right alone",
}
_SCOPES = {
    Scope.ITEM: "One item",
    Scope.MAILBOX: "One mailbox",
    Scope.ORGANIZATION: "The whole organization",
}
_DISPOSITIONS = {
    Disposition.RETRY: "Syncline tries again by itself",
    Disposition.WAIT: "Syncline leaves it alone, and tries again on schedule and as "
    "soon as something changes",
    Disposition.NOTE: "Syncline goes on; this is only told",
    Disposition.STOP: "Sync of the mailbox stops; Syncline tries again every hour",
    Disposition.RENEW: "Sync of the mailbox stops until you sign in again",
}
_PROVIDERS = {"microsoft365": "Microsoft 365", "salesforce": "Salesforce"}
_A_MESSAGE = naming(Kind.MESSAGE, None)
_GENERATED = "<!-- Generated from the issue catalog; do not edit. -->"


def pages() -> dict[str, str]:
    """File name to text, of all entry pages and the index."""
    entries = CATALOG.values()
    texts = {f"{entry.code}.md": page(entry) for entry in entries}
    return texts | {"index.md": index(entries)}


def page(entry: Entry) -> str:
    """The page of one entry."""
    parts = [
        _GENERATED,
        f"# {entry.code}: {_generic_title(entry)}",
        _facts_table(entry),
        "## Why this happens",
        explain(entry.code, _generic(entry)),
        "## What to do",
        _numbered(entry, _generic(entry)) or without_steps(entry),
        *_for_messages(entry),
        "## When it closes",
        fill(entry.closes, _generic(entry)),
        *_example(entry),
        *_answers(entry),
        "[All sync error codes](index.md)",
    ]
    return "\n\n".join(parts) + "\n"


def index(entries: Iterable[Entry]) -> str:
    """The list of all entries, by family."""
    parts = [
        _GENERATED,
        "# Sync error codes",
        "Each issue in Syncline carries one of these codes. Open a code to read why "
        "it happens and what to do.",
    ]
    known = list(entries)
    for family, meaning in FAMILIES.items():
        rows = [_index_row(entry) for entry in known if entry.family == family]
        parts.append(f"## {family}: {meaning}")
        head = ["| Code | What | Severity | Who acts |", "|---|---|---|---|"]
        parts.append("\n".join(head + rows))
    return "\n\n".join(parts) + "\n"


def _index_row(entry: Entry) -> str:
    link = f"[{entry.code}]({entry.code}.md)"
    who = _AUDIENCES[entry.audience]
    return f"| {link} | {_generic_title(entry)} | {entry.severity} | {who} |"


def _generic(entry: Entry) -> dict[str, str]:
    """Words for whoever can answer so, where a real issue names one of them."""
    providers = {provider for provider, _ in answers_of(entry.slug)}
    if providers == {"salesforce"}:
        return {"place": "Salesforce", "service": "Salesforce"}
    if providers == {"microsoft365"}:
        return {"place": "the mailbox", "service": "Microsoft 365"}
    return {
        "place": "Salesforce or the mailbox",
        "service": "Salesforce or Microsoft 365",
    }


def _generic_title(entry: Entry) -> str:
    return title(entry.code, _generic(entry))


def _facts_table(entry: Entry) -> str:
    rows = {
        "Severity": _SEVERITIES[entry.severity],
        "Concerns": _SCOPES[entry.scope],
        "Who acts": _AUDIENCES[entry.audience],
        "What Syncline does": _DISPOSITIONS[entry.disposition],
    }
    lines = [f"| {name} | {value} |" for name, value in rows.items()]
    return "\n".join(["| | |", "|---|---|", *lines])


def _numbered(entry: Entry, params: Mapping[str, str]) -> str:
    listed = steps(entry.code, params)
    lines = [f"{number}. {step}" for number, step in enumerate(listed, start=1)]
    return "\n".join(lines)


def _for_messages(entry: Entry) -> list[str]:
    if not entry.message_steps:
        return []
    return ["With an e-mail:", _numbered(entry, _generic(entry) | _A_MESSAGE)]


def _example(entry: Entry) -> list[str]:
    if entry.scope is not Scope.ITEM:
        return []
    sample = SAMPLE_PARAMS | _SAMPLES_BY_SLUG.get(entry.slug, {})
    lines = [f"> {explain(entry.code, sample)}"]
    if not entry.is_quiet:
        mark = status_mark(entry.code, sample)
        lines.append(f"On the item in the mailbox: `{ERROR_MARK}` and `{mark}`.")
    return ["## Example", *lines]


def _answers(entry: Entry) -> list[str]:
    rows = [
        f"| {_PROVIDERS[provider]} | `{code}` |"
        for provider, code in answers_of(entry.slug)
    ]
    if not rows:
        return []
    table = "\n".join(["| From | Answer |", "|---|---|", *rows])
    return ["## For administrators: answers that lead here", table]
