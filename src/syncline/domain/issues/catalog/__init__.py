"""All causes that Syncline can name, by code and by slug.

Codes 0100 and up are our own; lower ones mean what the reference product's
codes of that number mean.
"""

from __future__ import annotations

from syncline.domain.issues.catalog.access import ENTRIES as ACCESS
from syncline.domain.issues.catalog.configuration import ENTRIES as CONFIGURATION
from syncline.domain.issues.catalog.content import ENTRIES as CONTENT
from syncline.domain.issues.catalog.course import ENTRIES as COURSE
from syncline.domain.issues.catalog.engine import ENTRIES as ENGINE
from syncline.domain.issues.catalog.entry import (
    Audience,
    Disposition,
    Entry,
    Severity,
)
from syncline.domain.issues.catalog.mapping import ENTRIES as MAPPING
from syncline.domain.issues.catalog.results import ENTRIES as RESULTS

__all__ = [
    "CATALOG",
    "FAMILIES",
    "Audience",
    "Disposition",
    "Entry",
    "Severity",
    "by_slug",
    "entry",
    "known",
]

#: What each family of codes is about.
FAMILIES = {
    "SA": "Access: sign-in, permissions and licenses",
    "SC": "Set-up of Salesforce, the mailbox or Syncline",
    "SD": "Data of an item or record",
    "SE": "What happened during a session",
    "SI": "Inner workings of Syncline",
    "SW": "How a session ended",
}


def _by_code(*families: tuple[Entry, ...]) -> dict[str, Entry]:
    entries = sorted(
        (entry for family in families for entry in family), key=lambda e: e.code
    )
    by_code = {entry.code: entry for entry in entries}
    assert len(by_code) == len(entries), "a code is used twice"
    return by_code


CATALOG: dict[str, Entry] = _by_code(
    ACCESS, CONFIGURATION, CONTENT, COURSE, ENGINE, MAPPING, RESULTS
)

_BY_SLUG = {entry.slug: entry for entry in CATALOG.values()}


def entry(code: str) -> Entry:
    """The entry of a code.

    Raises:
        KeyError: No entry has it.
    """
    return CATALOG[code]


def by_slug(slug: str) -> Entry:
    """The entry of a slug.

    Raises:
        KeyError: No entry has it.
    """
    return _BY_SLUG[slug]


def known(code: str) -> Entry:
    """The entry of a code, or `unclassified` for one that is not ours.

    For showing stored issues, which may be older or newer than this catalog.
    """
    return CATALOG.get(code) or _BY_SLUG["unclassified"]
