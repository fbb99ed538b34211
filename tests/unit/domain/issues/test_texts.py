"""Filling a template is safe whatever the facts are."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncline.domain.issues.texts import (
    MARK_LENGTH,
    VALUE_LENGTH,
    clean,
    cut,
    fill,
    fill_mark,
    join_names,
)


def test_a_segment_without_a_value_is_dropped() -> None:
    template = "Too long[, more than {limit}]."
    assert fill(template, {}) == "Too long."
    assert fill(template, {"limit": ""}) == "Too long."
    assert fill(template, {"limit": "255"}) == "Too long, more than 255."


def test_a_missing_value_reads_generically() -> None:
    assert fill("{place} refused this {thing}.", {}) == (
        "The other side refused this item."
    )


def test_a_value_is_never_read_as_a_template() -> None:
    params = {"thing": "[{place}] {x} {{y}}", "place": "Salesforce"}
    assert fill("This {thing}.", params) == "This [{place}] {x} {{y}}."


def test_a_value_stays_one_line() -> None:
    params = {"thing": "a\r\nb\x00c\u202ed\u2028e"}
    assert fill("See {thing}.", params) == "See a b c d e."


def test_joined_emoji_survive() -> None:
    family = "👩\u200d👩\u200d👧"
    assert clean(family) == family


def test_a_quoted_sentence_ends_ours() -> None:
    text = fill("It says: “{rule_message}”.", {"rule_message": "Not so."})
    assert text == "It says: “Not so.”"


def test_a_mark_has_and_instead_of_separators() -> None:
    params = {"field_labels": "Last name, Email; Phone."}
    assert fill_mark("Missing: {field_labels}", params) == (
        "Missing: Last name and Email and Phone"
    )


@pytest.mark.parametrize(
    ("names", "text"),
    [
        ([], ""),
        (["A"], "A"),
        (["A", "B"], "A and B"),
        (("A", "B", "C"), "A, B and C"),
    ],
)
def test_names_are_joined(names: list[str], text: str) -> None:
    assert join_names(names) == text


def test_cut_never_splits_a_character() -> None:
    assert cut("a" * 254 + "😀") == "a" * 254
    assert cut("a" * 253 + "😀") == "a" * 253 + "😀"


@given(st.text(), st.text())
def test_filling_never_fails_and_keeps_one_line(place: str, thing: str) -> None:
    text = fill("[{place}: ]This {thing}.", {"place": place, "thing": thing})
    assert text.endswith((".", "”"))
    assert not any(unicodedata.category(c) in ("Cc", "Zl", "Zp") for c in text)
    assert len(text) <= 2 * VALUE_LENGTH + 20


@given(st.text())
def test_a_mark_is_always_a_legal_name(value: str) -> None:
    mark = cut(fill_mark("Refused: {rule_message}", {"rule_message": value}))
    assert not set(mark) & set(",;\n\r\t\x00")
    assert len(mark.encode("utf-16-le")) <= 2 * MARK_LENGTH
