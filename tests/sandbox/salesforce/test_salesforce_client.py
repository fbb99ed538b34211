"""The org satisfies `simple-salesforce`, which insists on https."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
import trustme
from simple_salesforce import Salesforce, SalesforceMalformedRequest
from simple_salesforce.exceptions import (
    SalesforceRefusedRequest,
    SalesforceResourceNotFound,
)

from syncline.sandbox.base.serving import ServedApp
from syncline.sandbox.salesforce.app import SalesforceSandbox


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Paths of a certificate, its key and the authority that signed it."""
    folder: Path = tmp_path_factory.mktemp("tls")
    authority = trustme.CA()
    issued = authority.issue_cert("127.0.0.1")
    paths = {name: str(folder / f"{name}.pem") for name in ("chain", "key", "ca")}
    issued.cert_chain_pems[0].write_to_path(paths["chain"])
    issued.private_key_pem.write_to_path(paths["key"])
    authority.cert_pem.write_to_path(paths["ca"])
    return paths


@pytest.fixture
def client(
    sandbox: SalesforceSandbox, certificate: dict[str, str]
) -> Iterator[Salesforce]:
    """The vendor's community client, signed in as the first user."""
    tls = (certificate["chain"], certificate["key"])
    with ServedApp(sandbox.app, tls=tls) as served, requests.Session() as session:
        # Otherwise an authority named in the environment wins.
        session.trust_env = False
        session.verify = certificate["ca"]
        yield Salesforce(
            instance_url=served.url,
            session_id=sandbox.accounts()[0]["access_token"],
            session=session,
        )


def test_create_read_update_delete(client: Salesforce) -> None:
    made = client.Contact.create({"LastName": "Ek", "Email": "e@ek.example"})
    assert client.Contact.get(made["id"])["Email"] == "e@ek.example"
    assert client.Contact.update(made["id"], {"Title": "Buyer"}) == 204
    found = client.query("SELECT Title, Owner.Name FROM Contact")["records"][0]
    assert (found["Title"], found["Owner"]["Name"]) == ("Buyer", "Ada Lindqvist")
    assert client.Contact.delete(made["id"]) == 204
    with pytest.raises(SalesforceResourceNotFound):
        client.Contact.get(made["id"])


def test_refusal_is_understood(client: Salesforce) -> None:
    with pytest.raises(SalesforceMalformedRequest) as caught:
        client.Contact.create({"FirstName": "Z"})
    assert caught.value.content[0]["errorCode"] == "REQUIRED_FIELD_MISSING"


def test_upsert_by_external_id(client: Salesforce) -> None:
    # The version that the client speaks by itself answers with content.
    key = "Syncline_Id__c/AAMk-1="
    assert client.Contact.upsert(key, {"LastName": "Ek"}) == 201
    assert client.Contact.upsert(key, {"Title": "Buyer"}) == 200
    found = client.Contact.get_by_custom_id("Syncline_Id__c", "AAMk-1=")
    assert found["Title"] == "Buyer"


def test_query_follows_the_pages(
    client: Salesforce, sandbox: SalesforceSandbox
) -> None:
    people = [{"LastName": f"P{number}"} for number in range(2001)]
    sandbox.seed({"records": {"Contact": people}})
    answer = client.query_all("SELECT LastName FROM Contact")
    assert len(answer["records"]) == 2001


def test_collections_and_changes(client: Salesforce) -> None:
    records = [
        {"attributes": {"type": "Contact"}, "LastName": "A"},
        {"attributes": {"type": "Contact"}},
    ]
    results = client.restful(
        "composite/sobjects", method="POST", json={"records": records}
    )
    assert [result["success"] for result in results] == [True, False]
    client.Contact.delete(results[0]["id"])
    deleted = client.query_all(
        "SELECT Id FROM Contact WHERE IsDeleted = true", include_deleted=True
    )
    assert [row["Id"] for row in deleted["records"]] == [results[0]["id"]]


def test_task_round_trip(client: Salesforce) -> None:
    statuses = client.query("SELECT MasterLabel FROM TaskStatus WHERE IsClosed = true")
    made = client.Task.create({"Subject": "Call back", "ActivityDate": "2026-12-01"})
    closed = statuses["records"][0]["MasterLabel"]
    assert client.Task.update(made["id"], {"Status": closed}) == 204
    shown = client.Task.get(made["id"])
    assert (shown["IsClosed"], shown["ActivityDate"]) == (True, "2026-12-01")
    assert client.Task.delete(made["id"]) == 204


def test_invitee_round_trip(client: Salesforce) -> None:
    contact = client.Contact.create({"LastName": "Ek", "Email": "e@ek.example"})["id"]
    event = client.Event.create(
        {
            "Subject": "Kickoff",
            "StartDateTime": "2026-11-25T10:00:00Z",
            "DurationInMinutes": 30,
            "ClientGuid": "uid-1",
        }
    )["id"]
    row = {"EventId": event, "RelationId": contact}
    made = client.EventRelation.create(row)
    assert client.EventRelation.update(made["id"], {"Status": "Accepted"}) == 204
    query = (
        "SELECT Id, (SELECT Relation.Email, Status FROM EventRelations) "
        "FROM Event WHERE ClientGuid = 'uid-1'"
    )
    [found] = client.query(query)["records"][0]["EventRelations"]["records"]
    assert (found["Relation"]["Email"], found["Status"]) == ("e@ek.example", "Accepted")
    assert client.EventRelation.delete(made["id"]) == 204


def test_email_with_a_file_round_trip(client: Salesforce) -> None:
    contact = client.Contact.create({"LastName": "Ek", "Email": "e@ek.example"})["id"]
    message = {
        "Subject": "Offer",
        "TextBody": "See the file.",
        "MessageIdentifier": "<1@northwind.example>",
        "ToIds": [contact],
        "Status": "3",
        "IsClientManaged": True,
    }
    mail = client.EmailMessage.create(message)["id"]
    content = bytes(range(256)) * 40
    file = {
        "PathOnClient": "offer.bin",
        "VersionData": base64.b64encode(content).decode(),
        "FirstPublishLocationId": mail,
    }
    version = client.ContentVersion.create(file)["id"]
    shown = client.EmailMessage.get(mail)
    assert (shown["HasAttachment"], shown["ToIds"]) == (True, [contact])
    path = client.ContentVersion.get(version)["VersionData"]
    address = f"https://{client.sf_instance}{path}"
    assert client.session.get(address, headers=client.headers).content == content
    with pytest.raises(SalesforceRefusedRequest) as caught:
        client.EmailMessage.update(mail, {"Subject": "Other"})
    code = caught.value.content[0]["errorCode"]
    assert code == "INSUFFICIENT_ACCESS_OR_READONLY"
    assert client.EmailMessage.delete(mail) == 204


def test_describe_and_limits(client: Salesforce) -> None:
    names = {field["name"] for field in client.Event.describe()["fields"]}
    assert {"Subject", "StartDateTime", "Syncline_Attendees__c"} <= names
    assert client.limits()["DailyApiRequests"]["Max"] == 100_000
    assert client.api_usage["api-usage"].total == 100_000
