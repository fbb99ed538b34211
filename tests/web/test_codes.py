"""The list of sync error codes."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from syncline.domain.issues.catalog import CATALOG

PAGE = "/sync-settings/codes/"


@pytest.mark.parametrize("code", sorted(CATALOG))
def test_every_code_has_a_page(code: str, db: None) -> None:
    page = Client().get(f"{PAGE}{code}/")
    assert page.status_code == 200
    assert code in page.text
    assert "What to do" in page.text
    assert not re.search(r"\{\w+\}|\[\w", re.sub(r"<[^>]+>", "", page.text))


def test_the_list_has_every_code(db: None) -> None:
    assert set(re.findall(r'class="code"[^>]*>(\w+)<', Client().get(PAGE).text)) == set(
        CATALOG
    )


def test_the_search_finds_by_code_and_by_words(db: None) -> None:
    by_code = Client().get(PAGE, {"q": "sd0101"}).text
    assert re.findall(r'class="code"[^>]*>(\w+)<', by_code) == ["SD0101"]
    by_words = Client().get(PAGE, {"q": "zone unknown"}).text
    assert "SD0117" in by_words
    assert "SD0101" not in by_words
    nothing = Client().get(PAGE, {"q": "zebra"}).text
    assert "No code matches your search" in nothing


def test_an_unknown_code_has_no_page(db: None) -> None:
    assert Client().get(f"{PAGE}XX0000/").status_code == 404
