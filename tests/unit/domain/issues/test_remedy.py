"""A person reads what to do, also for issues of another release."""

from __future__ import annotations

from syncline.domain.issues.catalog import by_slug
from syncline.domain.issues.remedy import explain, remedy, steps, title

REQUIRED = by_slug("required_field_missing").code
PARAMS = {"thing": "contact", "place": "Salesforce", "field_labels": "Last name"}


def test_steps_come_in_order_and_make_up_the_remedy() -> None:
    listed = steps(REQUIRED, PARAMS)
    assert listed[1] == "Fill in Last name and save."
    assert remedy(REQUIRED, PARAMS) == " ".join(listed)


def test_what_we_retry_asks_nothing_of_anybody() -> None:
    code = by_slug("row_lock").code
    assert steps(code, {}) == []
    assert remedy(code, {}) == (
        "You do not need to do anything: Syncline tries again by itself."
    )


def test_title_and_cause_name_the_thing() -> None:
    code = by_slug("unreadable_item").code
    assert title(code, PARAMS) == "This contact could not be read"
    assert explain(code, PARAMS).startswith("Salesforce lists this contact")


def test_an_issue_of_another_release_is_shown_as_unclassified() -> None:
    assert title("SX9999", PARAMS) == "Salesforce refused this contact"
    assert steps("SX9999", PARAMS)


def test_markup_in_facts_stays_text() -> None:
    params = {**PARAMS, "field_labels": "<script>alert(1)</script>"}
    assert "<script>alert(1)</script>" in explain(REQUIRED, params)
