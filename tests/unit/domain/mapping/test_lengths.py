"""Free text is cut to its field; addresses, numbers and words are not."""

from __future__ import annotations

import pytest

from syncline.domain.issues.catalog import by_slug
from syncline.domain.issues.remedy import explain
from syncline.domain.mapping import MAPPINGS
from syncline.domain.mapping.cuts import Cut, fit, length_of
from syncline.domain.mapping.facts import FieldFacts
from syncline.domain.mapping.lengths import lengths_of, lengths_of_message, told
from syncline.domain.values.kinds import Kind
from tests.factories import contact_content, event_content


@pytest.mark.parametrize("kind", list(MAPPINGS))
def test_all_lengths_belong_to_fields_of_the_table(kind: Kind) -> None:
    mapping = MAPPINGS[kind]
    assert set(lengths_of(mapping)) <= set(mapping.record_fields)
    assert lengths_of(mapping)["Description"] == 32_000


def test_long_subject_is_saved_with_its_beginning() -> None:
    """Nothing is refused for its length."""
    mapping = MAPPINGS[Kind.EVENT]
    fields = mapping.to_record(event_content(subject="Räume " * 100, body="x" * 40_000))
    fitted, cuts = fit(fields, lengths_of(mapping))
    assert {cut.field: cut.limit for cut in cuts} == {
        "Subject": 255,
        "Description": 32_000,
    }
    assert length_of(str(fitted["Subject"])) <= 255
    assert str(fitted["Subject"]).startswith("Räume Räume")
    assert str(fitted["Description"]).endswith("x…")


def test_addresses_and_numbers_are_never_cut() -> None:
    mapping = MAPPINGS[Kind.CONTACT]
    address = f"{'grace' * 30}@acme.example"
    item = contact_content(emails=(address,), business_phones=("1" * 60,))
    facts = {
        "Email": FieldFacts(name="Email", type="email", length=80),
        "Phone": FieldFacts(name="Phone", type="phone", length=40),
    }
    fitted, cuts = fit(mapping.to_record(item), lengths_of(mapping, facts))
    assert (fitted["Email"], fitted["Phone"], cuts) == (address, "1" * 60, ())


def test_what_the_org_says_goes_before_what_is_usual() -> None:
    mapping = MAPPINGS[Kind.EVENT]
    facts = {"Subject": FieldFacts(name="Subject", type="combobox", length=100)}
    assert lengths_of(mapping, facts)["Subject"] == 100


def test_messages_have_the_lengths_of_their_object() -> None:
    assert lengths_of_message({"MessageIdentifier", "Subject"})["Subject"] == 3_000
    assert lengths_of_message({"Subject", "TaskSubtype"})["Subject"] == 255


def test_cut_is_told_with_field_and_length() -> None:
    code = by_slug("text_was_cut").code
    facts = {"Subject": FieldFacts(name="Subject", label="Betreff")}
    one = told(Kind.EVENT, [Cut(field="Subject", limit=255)], facts)
    assert explain(code, one) == (
        "Salesforce keeps less text (255 characters) in Betreff than this event has, "
        "so only the beginning was saved. The whole text is still in the mailbox."
    )
    cuts = [Cut(field="LastName", limit=80), Cut(field="Title", limit=128)]
    assert explain(code, told(Kind.CONTACT, cuts)).startswith(
        "Salesforce keeps less text in Last name and Title than this contact has"
    )
