"""Contacts of Graph in neutral words, and back."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from syncline.connectors.microsoft365.contacts import contact_body
from syncline.connectors.microsoft365.translate import Translator
from syncline.domain.values.items import Item
from syncline.domain.values.kinds import Kind

LINK = "https://mail.example/people/item/{id}"


def read(**changes: Any) -> Item:
    raw = {
        "@odata.etag": 'W/"EQAA"',
        "id": "AAMk/+=",
        "givenName": "Pavel",
        "surname": "Bansky",
        "emailAddresses": [
            {"address": "Pavel@Contoso.example", "name": "Pavel"},
            {"address": "", "name": "nothing"},
            {"address": "pavel@contoso.example"},
            {"name": "no address"},
            {"address": "p@home.example"},
        ],
        "businessPhones": ["+1 732 555 0102", None, " "],
        "homePhones": [],
        "mobilePhone": "",
        "birthday": "1974-07-22T11:59:00Z",
        "businessAddress": {"street": "1 Way\r\nFloor 2", "countryOrRegion": "US"},
        "otherAddress": {},
        "personalNotes": "",
        **changes,
    }
    translator = Translator(mailbox="me@x.example", contact_link=LINK)
    return translator.item(Kind.CONTACT, msgspec.json.encode(raw), link_key_known=True)


def test_contact_reads_as_neutral_content() -> None:
    content = read().content
    assert {name: value for name, value in content.items() if value} == {
        "given_name": "Pavel",
        "family_name": "Bansky",
        "emails": ("pavel@contoso.example", "p@home.example"),
        "business_phones": ("+1 732 555 0102",),
        "birthday": "1974-07-22",
        "business_street": "1 Way\nFloor 2",
        "business_country": "US",
    }
    assert content["mobile_phone"] is None
    assert content["notes"] is None
    assert content["home_phones"] == ()
    assert len(content) == 25


@pytest.mark.parametrize(
    "stamp", [None, "", "soon", "1604-07-22T00:00:00Z", "0001-01-01T00:00:00Z"]
)
def test_birthday_without_a_year_or_sense_is_none(stamp: str | None) -> None:
    assert read(birthday=stamp).content["birthday"] is None


def test_link_is_made_from_the_template() -> None:
    assert read().web_link == "https://mail.example/people/item/AAMk%2F%2B%3D"


def test_a_task_is_linked_by_a_template_of_its_own() -> None:
    translator = Translator(mailbox="me@x.example", task_link="https://do.example/{id}")
    raw = msgspec.json.encode({"id": "AAMk/+=", "title": "Call"})
    item = translator.item(Kind.TASK, raw, link_key_known=True)
    assert item.web_link == "https://do.example/AAMk%2F%2B%3D"


def test_wrong_type_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="givenName"):
        read(givenName={"first": "Pavel"})


def test_what_is_written_reads_the_same() -> None:
    content = read().content
    body = contact_body(content, {})
    raw = msgspec.json.encode({"id": "1", **body})
    translator = Translator(mailbox="me@x.example")
    again = translator.item(Kind.CONTACT, raw, link_key_known=True)
    assert again.content == content


def test_address_is_written_whole() -> None:
    current = {"other_city": "Oslo", "other_street": "Old", "other_country": None}
    body = contact_body({"other_street": "New"}, current)
    assert body["otherAddress"] == {
        "street": "New",
        "city": "Oslo",
        "state": None,
        "postalCode": None,
        "countryOrRegion": None,
    }


def test_display_name_follows_the_name() -> None:
    body = contact_body({"family_name": "King"}, {"given_name": "Ada"})
    assert body == {"surname": "King", "displayName": "Ada King"}


def test_emptied_values_are_written_as_such() -> None:
    fields = {"emails": (), "birthday": None, "notes": None, "home_phones": ()}
    assert contact_body(fields, {}) == {
        "emailAddresses": [],
        "birthday": None,
        "personalNotes": None,
        "homePhones": [],
    }
