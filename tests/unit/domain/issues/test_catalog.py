"""Every entry of the catalog reads well and can be shown as it is."""

from __future__ import annotations

import re

import pytest

from syncline.domain.issues.catalog import (
    CATALOG,
    FAMILIES,
    Audience,
    Disposition,
    Entry,
    Severity,
    by_slug,
    entry,
    known,
)
from syncline.domain.issues.classify import answers_of
from syncline.domain.issues.marking import status_mark
from syncline.domain.issues.reference_page import SAMPLE_PARAMS
from syncline.domain.issues.remedy import explain, remedy, steps, title
from syncline.domain.issues.texts import GENERIC, needed, placeholders

ENTRIES = list(CATALOG.values())

#: Raised by the engine, by connectors for an item as read, or by a session.
RAISED_BY_US = frozenset(
    (
        "all_day_too_long",
        "attachment_left_out",
        "braked_plan",
        "classic_series",
        "conflict_crm_won",
        "conflict_mailbox_won",
        "conflict_to_decide",
        "drift_found",
        "duplicates_would_be_made",
        "edited_and_deleted",
        "field_table_senseless",
        "garbled_answer",
        "guests_would_be_mailed",
        "internal_error",
        "lightning_series",
        "mapped_field_closed",
        "mapped_field_missing",
        "mapped_field_short",
        "mapped_field_unfit",
        "mapped_words_missing",
        "mark_failed",
        "mirrored_object_hidden",
        "meeting_too_long",
        "ping_pong",
        "recurring_series",
        "required_field_unfilled",
        "session_finished",
        "session_timeout",
        "session_with_issues",
        "session_with_questions",
        "series_converted",
        "several_matches",
        "somebody_else_organizes",
        "text_was_cut",
        "unclassified",
        "unknown_time_zone",
        "unreadable_item",
        "waits_for_organizer",
    )
)

#: Codes whose number and meaning the reference product gave them.
REFERENCE_CODES = {
    "SC0001": "key_field_missing",
    "SC0010": "object_hidden",
    "SD0006": "record_gone",
    "SD0013": "duplicate_rule",
    "SD0019": "too_many_records",
    "SD0025": "duplicates_would_be_made",
    "SE0002": "cross_reference_invalid",
    "SI0013": "not_reached",
    "SW0000": "session_finished",
    "SW0001": "session_timeout",
    "SW0002": "session_with_issues",
    "SW0003": "internal_error",
    "SW0004": "session_with_questions",
}

STACK_WORDS = re.compile(
    r"\b(api|http\w*|json|oauth|tokens?|exceptions?|null|endpoints?|soql|payload|"
    r"traceback|pars(e|er|ing)|time-?outs?|aadsts\w*|guid|etag|upsert|webhook|"
    r"credentials invalid|server error|database|query|queries)\b",
    re.I,
)
#: Names of things in set-up pages, which an administrator looks for.
ADMIN_WORDS = ("API Enabled", "API access", "Connected Apps OAuth Usage")

each = pytest.mark.parametrize("subject", ENTRIES, ids=lambda e: e.code)


def texts_of(subject: Entry) -> list[str]:
    return [subject.title, subject.cause, *subject.steps, subject.mark, subject.closes]


def count_sentences(text: str) -> int:
    return len(re.findall(r"[.!?](?=\s|$)", text))


def test_the_catalog_has_all_families() -> None:
    assert {subject.family for subject in ENTRIES} == set(FAMILIES)
    assert len(ENTRIES) >= 45


def test_slugs_are_unique() -> None:
    assert len({subject.slug for subject in ENTRIES}) == len(ENTRIES)


def test_lookups_find_the_same_entry() -> None:
    for subject in ENTRIES:
        assert entry(subject.code) is by_slug(subject.slug) is known(subject.code)


def test_a_code_that_is_not_ours_is_refused_and_shown_as_unclassified() -> None:
    with pytest.raises(KeyError):
        entry("SX9999")
    with pytest.raises(KeyError):
        by_slug("no_such_slug")
    assert known("SX9999").slug == "unclassified"


@pytest.mark.parametrize(("code", "slug"), sorted(REFERENCE_CODES.items()))
def test_reference_codes_keep_their_number(code: str, slug: str) -> None:
    assert entry(code).slug == slug


@each
def test_own_codes_count_from_0100(subject: Entry) -> None:
    assert re.fullmatch(r"S[ACDEIW]\d{4}", subject.code)
    assert subject.code in REFERENCE_CODES or int(subject.code[2:]) >= 100


@each
def test_every_entry_can_be_raised(subject: Entry) -> None:
    assert answers_of(subject.slug) or subject.slug in RAISED_BY_US


@each
def test_severity_decides_what_stops(subject: Entry) -> None:
    stopping = subject.disposition in (Disposition.STOP, Disposition.RENEW)
    assert subject.stops_mailbox == stopping
    assert (subject.severity in (Severity.SEVERE, Severity.CRITICAL)) == stopping


@each
def test_cause_has_at_most_two_sentences(subject: Entry) -> None:
    assert 1 <= count_sentences(subject.cause) <= 2


@each
def test_somebody_who_must_act_is_told_how(subject: Entry) -> None:
    if subject.audience is not Audience.US:
        assert subject.steps
    assert all(step.endswith(".") for step in subject.steps)
    assert remedy(subject.code, {})


@each
def test_texts_have_no_stack_words(subject: Entry) -> None:
    for text in texts_of(subject):
        shown = text
        if subject.audience in (Audience.ADMIN, Audience.SUPPORT) or "admin" in text:
            for word in ADMIN_WORDS:
                shown = shown.replace(word, "")
        shown = re.sub(r"\{\w+\}", "", shown)
        assert not STACK_WORDS.search(shown), text


@each
def test_placeholders_that_must_be_filled_have_a_generic_word(subject: Entry) -> None:
    for text in texts_of(subject):
        assert needed(text) <= set(GENERIC), text
        assert placeholders(text) <= set(SAMPLE_PARAMS), text


@each
@pytest.mark.parametrize("params", [{}, SAMPLE_PARAMS], ids=["bare", "full"])
def test_filled_texts_are_whole(subject: Entry, params: dict[str, str]) -> None:
    code = subject.code
    shown = [title(code, params), explain(code, params), *steps(code, params)]
    for text in shown:
        assert not re.search(r"[{}\[\]]|  |\s[.,;:]|^\s|\s$", text), text
        assert text[0] == text[0].upper()
    assert not title(code, params).endswith(".")
    assert re.search(r"[.!?]”?$", explain(code, params))


@each
def test_mark_is_short_and_legal(subject: Entry) -> None:
    assert 0 < len(subject.mark) <= 60
    assert not re.search(r"[,;]|\.$", subject.mark)
    mark = status_mark(subject.code, SAMPLE_PARAMS)
    assert mark.startswith("Status: ")
    assert not re.search(r"[,;{}\[\]]", mark)


@each
def test_closing_is_one_sentence(subject: Entry) -> None:
    assert count_sentences(subject.closes) == 1


@each
def test_spelling_is_american(subject: Entry) -> None:
    british = r"\b(licence|colour|organis\w+|synchronis\w+|catalogue|recognis\w+)\b"
    for text in texts_of(subject):
        assert not re.search(british, text, re.I), text


def test_conflicts_leave_no_error_mark() -> None:
    quiet = {subject.slug for subject in ENTRIES if subject.is_quiet}
    conflicts = {"conflict_mailbox_won", "conflict_crm_won", "edited_and_deleted"}
    assert conflicts | {"mark_failed"} <= quiet
