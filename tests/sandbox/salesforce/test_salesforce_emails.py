"""E-mail messages and files."""

from __future__ import annotations

import base64
from typing import Any, TypeAlias

import pytest

Fixture: TypeAlias = Any
MAIL = {
    "Subject": "Offer",
    "TextBody": "Dear Mr. Ek",
    "FromAddress": "ada@northwind.example",
    "ToAddress": "e@ek.example",
    "MessageIdentifier": "<1@northwind.example>",
    "MessageDate": "2026-11-23T08:00:00Z",
    "Status": "3",
}
NO_RIGHT = (403, "INSUFFICIENT_ACCESS_OR_READONLY")


def code(caller: Fixture, method: str, path: str, body: Fixture) -> tuple[int, str]:
    """Status and code of a request that is expected to fail."""
    status, error = caller.refused(method, path, body)
    return status, error["errorCode"]


def send(ada: Fixture, **fields: Fixture) -> str:
    """A message that was sent."""
    return str(ada.make("EmailMessage", **(MAIL | fields)))


def attach(ada: Fixture, place: str, content: bytes = b"%PDF", **more: Fixture) -> str:
    """A file that shows with a record."""
    file = {
        "PathOnClient": "Offer.pdf",
        "VersionData": base64.b64encode(content).decode(),
        "FirstPublishLocationId": place,
    }
    return str(ada.make("ContentVersion", **(file | more)))


def files_of(ada: Fixture, place: str) -> Fixture:
    """Title and size of the files that show with a record."""
    query = (
        "SELECT ContentDocument.Title, ContentDocument.ContentSize "
        f"FROM ContentDocumentLink WHERE LinkedEntityId = '{place}'"
    )
    found = [row["ContentDocument"] for row in ada.soql(query)["records"]]
    return [(row["Title"], row["ContentSize"]) for row in found]


def test_message_is_found_by_its_identifier(ada: Fixture) -> None:
    made = send(ada)
    query = "SELECT Id FROM EmailMessage WHERE MessageIdentifier = '{}'"
    found = ada.soql(query.format(MAIL["MessageIdentifier"]))["records"]
    assert [row["Id"] for row in found] == [made]


def test_people_become_rows(ada: Fixture) -> None:
    contact = ada.make("Contact", LastName="Ek", Email="e@ek.example")
    lead = ada.make("Lead", LastName="Alm", Company="Alm AB")
    made = send(ada, ToIds=[contact], CcIds=[lead])
    query = (
        "SELECT RelationId, RelationType, RelationAddress FROM EmailMessageRelation "
        f"WHERE EmailMessageId = '{made}' ORDER BY RelationType"
    )
    rows = [tuple(row.values())[1:] for row in ada.soql(query)["records"]]
    assert rows == [
        (lead, "CcAddress", None),
        (contact, "ToAddress", "e@ek.example"),
    ]
    assert ada("GET", f"/sobjects/EmailMessage/{made}").json()["ToIds"] == [contact]


def test_person_that_is_nowhere_is_refused(ada: Fixture) -> None:
    contact = ada.make("Contact", LastName="Ek")
    ada("DELETE", f"/sobjects/Contact/{contact}")
    body = MAIL | {"ToIds": [contact]}
    assert code(ada, "POST", "/sobjects/EmailMessage", body) == (
        400,
        "INVALID_CROSS_REFERENCE_KEY",
    )


def test_task_comes_with_a_message_and_goes_with_it(ada: Fixture) -> None:
    account = ada.make("Account", Name="Acme")
    contact = ada.make("Contact", LastName="Ek", AccountId=account)
    made = send(ada, ToIds=[contact], RelatedToId=account)
    path = f"/sobjects/EmailMessage/{made}"
    task_path = f"/sobjects/Task/{ada('GET', path).json()['ActivityId']}"
    task = ada("GET", task_path).json()
    shown = [task[n] for n in ("TaskSubtype", "IsClosed", "WhoId", "WhatId")]
    assert shown == ["Email", True, contact, account]
    assert task["ActivityDate"] == "2026-11-23"
    assert ada("GET", "/_control/counters").json()["writes"] == 3
    ada("DELETE", path)
    assert ada("GET", task_path).status_code == 404


def test_task_of_a_message_is_not_ours_to_set(ada: Fixture) -> None:
    task = ada.make("Task", Subject="Offer")
    body = MAIL | {"ActivityId": task}
    assert code(ada, "POST", "/sobjects/EmailMessage", body) == NO_RIGHT


@pytest.mark.parametrize(
    ("change", "allowed"),
    [
        ({"Subject": "Other"}, False),
        ({"ToIds": []}, False),
        ({"Status": "1"}, False),
        ({"IsExternallyVisible": True}, True),
        ({"Syncline_Id__c": "k"}, True),
    ],
)
def test_sent_message_changes_next_to_nothing(
    ada: Fixture, change: Fixture, allowed: bool
) -> None:
    path = f"/sobjects/EmailMessage/{send(ada)}"
    if allowed:
        assert ada("PATCH", path, change).status_code == 204
    else:
        assert code(ada, "PATCH", path, change) == NO_RIGHT


def test_draft_can_be_changed_and_has_no_task(ada: Fixture) -> None:
    path = f"/sobjects/EmailMessage/{send(ada, Status='5')}"
    assert ada("PATCH", path, {"Subject": "Other"}).status_code == 204
    shown = ada("GET", path).json()
    assert (shown["Subject"], shown["ActivityId"]) == ("Other", None)


def test_new_message_becomes_read(ada: Fixture) -> None:
    path = f"/sobjects/EmailMessage/{send(ada, Status='0', Incoming=True)}"
    assert ada("PATCH", path, {"Status": "1"}).status_code == 204


def test_key_of_a_message_is_unique(ada: Fixture) -> None:
    send(ada, Syncline_Id__c="k")
    body = MAIL | {"Syncline_Id__c": "k"}
    assert code(ada, "POST", "/sobjects/EmailMessage", body)[1] == "DUPLICATE_VALUE"


def test_org_without_enhanced_email_has_no_messages(ada: Fixture) -> None:
    ada("POST", "/_control/org/settings", {"enhanced_email": False})
    path = "/sobjects/EmailMessage"
    assert code(ada, "GET", f"{path}/describe", None) == (404, "NOT_FOUND")
    assert code(ada, "POST", path, MAIL) == (404, "NOT_FOUND")
    query = ada.soql("SELECT Id FROM EmailMessage")
    assert query[0]["errorCode"] == "INVALID_TYPE"
    names = [s["name"] for s in ada("GET", "/sobjects").json()["sobjects"]]
    assert "EmailMessage" not in names
    record = {"attributes": {"type": "EmailMessage"}} | MAIL
    [result] = ada("POST", "/composite/sobjects", {"records": [record]}).json()
    assert result["errors"][0]["statusCode"] == "INVALID_TYPE"


def test_describe_tells_the_lengths_of_a_message(ada: Fixture) -> None:
    fields = ada("GET", "/sobjects/EmailMessage/describe").json()["fields"]
    lengths = {field["name"]: field["length"] for field in fields}
    assert (lengths["Subject"], lengths["TextBody"]) == (3000, 32_000)
    assert (lengths["ToAddress"], lengths["MessageIdentifier"]) == (4000, 255)


def test_file_shows_with_a_message_that_clients_manage(ada: Fixture) -> None:
    made = send(ada, IsClientManaged=True)
    version = attach(ada, made, b"abcdef")
    assert files_of(ada, made) == [("Offer", 6)]
    path = f"/sobjects/EmailMessage/{made}"
    assert ada("GET", path).json()["HasAttachment"] is True
    shown = ada("GET", f"/sobjects/ContentVersion/{version}").json()
    assert (shown["FileExtension"], shown["VersionNumber"]) == ("pdf", "1")
    assert ada("GET", shown["VersionData"]).content == b"abcdef"
    ada("DELETE", f"/sobjects/ContentDocument/{shown['ContentDocumentId']}")
    assert ada("GET", path).json()["HasAttachment"] is False


def test_sent_message_takes_no_file_unless_clients_manage_it(ada: Fixture) -> None:
    body = {
        "PathOnClient": "a.txt",
        "VersionData": "YQ==",
        "FirstPublishLocationId": send(ada),
    }
    assert code(ada, "POST", "/sobjects/ContentVersion", body) == NO_RIGHT


def test_file_is_shown_with_a_further_record_once(ada: Fixture) -> None:
    contact = ada.make("Contact", LastName="Ek")
    version = attach(ada, ada.make("Task", Subject="Offer"), Title="The offer")
    shown = ada("GET", f"/sobjects/ContentVersion/{version}").json()
    link = {"ContentDocumentId": shown["ContentDocumentId"], "LinkedEntityId": contact}
    ada.make("ContentDocumentLink", **link)
    assert files_of(ada, contact) == [("The offer", 4)]
    path = "/sobjects/ContentDocumentLink"
    assert code(ada, "POST", path, link) == (400, "DUPLICATE_VALUE")


def test_second_version_replaces_the_first(ada: Fixture) -> None:
    task = ada.make("Task", Subject="Offer")
    first = attach(ada, task)
    document = ada("GET", f"/sobjects/ContentVersion/{first}").json()
    file = {
        "PathOnClient": "Offer.pdf",
        "VersionData": base64.b64encode(b"longer").decode(),
        "ContentDocumentId": document["ContentDocumentId"],
    }
    ada.make("ContentVersion", **file)
    assert files_of(ada, task) == [("Offer", 6)]
    query = "SELECT VersionNumber FROM ContentVersion WHERE IsLatest = true"
    assert [row["VersionNumber"] for row in ada.soql(query)["records"]] == ["2"]


def test_links_cannot_be_listed_without_an_end(ada: Fixture) -> None:
    error = ada.soql("SELECT Id FROM ContentDocumentLink")[0]
    assert error["errorCode"] == "MALFORMED_QUERY"


def test_full_file_storage_refuses_files_alone(ada: Fixture) -> None:
    """H16: creates fail, updates and deletes still work."""
    task = ada.make("Task", Subject="Offer")
    ada("POST", "/_control/org/settings", {"file_storage_mb": 0})
    file = {"PathOnClient": "a", "VersionData": "YQ==", "FirstPublishLocationId": task}
    path = "/sobjects/ContentVersion"
    assert code(ada, "POST", path, file) == (400, "STORAGE_LIMIT_EXCEEDED")
    assert ada("PATCH", f"/sobjects/Task/{task}", {"Subject": "x"}).status_code == 204
    assert ada("GET", "/limits").json()["FileStorageMB"]["Remaining"] == 0


def test_full_data_storage_refuses_new_records_alone(ada: Fixture) -> None:
    """H16: creates fail, updates and deletes still work."""
    task = ada.make("Task", Subject="Offer")
    ada("POST", "/_control/org/settings", {"is_data_storage_full": True})
    body = {"Subject": "x"}
    refused = code(ada, "POST", "/sobjects/Task", body)
    assert refused == (400, "STORAGE_LIMIT_EXCEEDED")
    record = {"attributes": {"type": "Task"}} | body
    [result] = ada("POST", "/composite/sobjects", {"records": [record]}).json()
    assert result["errors"][0]["statusCode"] == "STORAGE_LIMIT_EXCEEDED"
    assert ada("PATCH", f"/sobjects/Task/{task}", body).status_code == 204
    assert ada("DELETE", f"/sobjects/Task/{task}").status_code == 204


def test_too_large_request_is_refused(ada: Fixture) -> None:
    body = {"PathOnClient": "a", "VersionData": "A" * 52_428_800}
    assert code(ada, "POST", "/sobjects/ContentVersion", body)[0] == 413
