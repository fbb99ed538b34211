"""Text is cut where a person sees a boundary, and never loses its rest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncline.domain.mapping.cuts import (
    CUT_MARK,
    Cut,
    fit,
    head_of,
    is_cut_of,
    length_of,
    shorten,
    with_rest,
)

FAMILY = "👩\u200d👩\u200d👧"
WAVE = "👋🏽"
NORWAY = "🇳🇴"
SCOTLAND = "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
ACCENTED = "e\u0301\u0323"
HEART = "❤\ufe0f"

TEXTS = st.text(
    alphabet=st.one_of(
        st.characters(exclude_categories=("Cs",)),
        st.sampled_from("\u200d\u0301\ufe0f👩👧🏽🇳🇴🇸🇪 \n"),
    ),
    max_size=60,
)


def test_fields_that_fit_are_left_alone() -> None:
    fields = {"Subject": "Demo", "IsPrivate": False, "Location": None, "Notes__c": "x"}
    assert fit(fields, {"Subject": 4, "Notes__c": 0}) == (fields, ())


def test_too_long_text_is_cut_and_told() -> None:
    fitted, cuts = fit({"Subject": "Demo at Acme", "Location": "Oslo"}, {"Subject": 8})
    assert fitted == {"Subject": "Demo at…", "Location": "Oslo"}
    assert cuts == (Cut(field="Subject", limit=8),)


@pytest.mark.parametrize(
    "character", [FAMILY, WAVE, NORWAY, SCOTLAND, ACCENTED, HEART, "🙂", "\r\n"]
)
def test_what_one_sees_as_one_character_stays_whole(character: str) -> None:
    text = f"ab{character}cd"
    for limit in range(2, 2 + length_of(character)):
        assert head_of(text, limit) == "ab"
    assert head_of(text, 2 + length_of(character)) == f"ab{character}"


def test_flags_in_a_row_are_cut_between_flags() -> None:
    flags = NORWAY * 5
    assert head_of(flags, length_of(flags) - 1) == NORWAY * 4
    assert head_of(flags, length_of(NORWAY) * 2 + 2) == NORWAY * 2


def test_character_longer_than_the_field_is_cut_between_code_points() -> None:
    assert head_of("e" + "\u0301" * 50, 10) == "e" + "\u0301" * 9


@given(text=TEXTS, limit=st.integers(min_value=1, max_value=70))
def test_shortened_text_fits_and_is_a_beginning(text: str, limit: int) -> None:
    found = shorten(text, limit)
    assert length_of(found) <= limit
    found.encode("utf-8")
    assert found == text or text.startswith(found.removesuffix(CUT_MARK))


@given(text=TEXTS, limit=st.integers(min_value=1, max_value=70))
def test_fitting_what_fits_changes_nothing(text: str, limit: int) -> None:
    once, _ = fit({"Subject": text}, {"Subject": limit})
    again, cuts = fit(once, {"Subject": limit})
    assert (again, cuts) == (once, ())


@given(text=TEXTS.map(lambda rest: "A subject as it is usual" + rest))
def test_shortened_text_is_known_as_such(text: str) -> None:
    found = shorten(text, 20)
    assert found == text or is_cut_of(found, text)


def test_texts_that_people_end_so_are_not_taken_for_shortened_ones() -> None:
    assert not is_cut_of("Demo…", "Demo at Acme with everybody")


def test_other_texts_are_not_taken_for_shortened_ones() -> None:
    whole = "Demo at Acme with everybody"
    assert not is_cut_of("Demo at Acme with", whole)
    assert not is_cut_of("Call to Acme with…", whole)
    assert not is_cut_of(f"{whole}…", f"{whole}…")
    assert not is_cut_of(None, whole)


def test_edited_beginning_gets_its_rest_back() -> None:
    whole = "Agenda: list prices, dates, people"
    kept = shorten(whole, 20)
    assert kept == "Agenda: list prices…"
    edited = "Program: list prices…"
    assert with_rest(edited, kept, whole) == "Program: list prices, dates, people"


def test_text_rewritten_to_its_end_stands_as_it_is() -> None:
    kept, whole = "Agenda: list prices…", "Agenda: list prices, dates"
    assert with_rest("Cancelled", kept, whole) == "Cancelled"
    assert with_rest("New…", whole, whole) == "New…"
