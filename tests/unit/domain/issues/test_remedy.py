"""A person reads what to do, also for issues of another release."""

from __future__ import annotations

import pytest

from syncline.domain.issues.catalog import CATALOG, by_slug
from syncline.domain.issues.catalog.entry import Audience
from syncline.domain.issues.remedy import audience, explain, remedy, steps, title

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


def test_an_api_name_that_the_label_spells_the_same_is_said_once() -> None:
    said = explain(REQUIRED, {**PARAMS, "field_labels": "Title", "fields": "Title"})
    assert said == "Salesforce cannot save this contact without a value in Title."
    said = explain(REQUIRED, {**PARAMS, "fields": "LastName"})
    assert said.endswith("in Last name (LastName).")


def test_nobody_is_told_to_correct_an_e_mail_that_was_sent() -> None:
    e_mail = {**PARAMS, "thing": "e-mail", "field_labels": "Subject"}
    assert steps(REQUIRED, e_mail)[0] == (
        "An e-mail cannot be corrected. Show this issue to your Salesforce admin, who "
        "can change what Salesforce demands of Subject."
    )
    assert audience(REQUIRED, e_mail) is Audience.ADMIN
    assert audience(REQUIRED, PARAMS) is Audience.USER


#: Entries that tell the user to correct the item.
CORRECTED = [
    entry.code
    for entry in CATALOG.values()
    if "Open the {thing} with the icon under Connectivity." in entry.steps
]


@pytest.mark.parametrize("code", CORRECTED)
def test_no_step_for_an_e_mail_asks_to_change_and_save_it(code: str) -> None:
    listed = steps(code, {"thing": "e-mail", "place": "Salesforce"})
    assert not any("icon under" in s or s.endswith("and save.") for s in listed)
    assert audience(code, {"thing": "e-mail"}) is Audience.ADMIN
