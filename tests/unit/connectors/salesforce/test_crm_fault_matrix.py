"""Every call of a write × every failure: one effect in the end, and no surprise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from crm_org import WINDOW, Org, meeting, operation, person

from syncline.connectors.salesforce import Salesforce
from syncline.domain.errors import ProviderError
from syncline.domain.values.content import Attachment
from syncline.domain.values.faults import Fault
from syncline.domain.values.kinds import Kind
from syncline.domain.values.operations import Verb
from syncline.domain.values.people import NewPerson

FAILURES: dict[str, dict[str, Any]] = {
    "401": {"kind": "status", "status": 401},
    "403 quota": {"kind": "status", "status": 403, "code": "REQUEST_LIMIT_EXCEEDED"},
    "403": {"kind": "status", "status": 403, "code": "INSUFFICIENT_ACCESS"},
    "404": {"kind": "status", "status": 404},
    "409": {"kind": "status", "status": 409, "code": "html"},
    "410": {"kind": "status", "status": 410, "code": "UNSUPPORTED_API_VERSION"},
    "412": {"kind": "status", "status": 412},
    "429": {"kind": "status", "status": 429, "code": "html"},
    "500": {"kind": "status", "status": 500},
    "503 page": {"kind": "status", "status": 503, "code": "html"},
    "503 after": {"kind": "status", "status": 503, "code": "html", "when": "after"},
    "reset": {"kind": "reset"},
    "lost answer": {"kind": "drop_response", "when": "after"},
    "half an answer": {"kind": "malformed", "when": "after"},
}


@dataclass(frozen=True)
class Site:
    """One call of one piece of work, and what must be there once in the end."""

    work: Callable[[Org, Salesforce], bool]
    method: str
    path: str
    effect: str


def write(salesforce: Salesforce, verb: Verb, kind: Kind, **fields: Any) -> bool:
    create = operation(verb, kind, fields)
    return salesforce.writer.write([create])[0].is_done


def save_task(org: Org, salesforce: Salesforce) -> bool:
    return write(salesforce, Verb.CREATE, Kind.TASK, Subject="Errand")


def save_message(org: Org, salesforce: Salesforce) -> bool:
    fields = {"Subject": "Offer", "MessageIdentifier": "<a@x.example>", "Status": "1"}
    return write(salesforce, Verb.CREATE, Kind.MESSAGE, **fields)


def invite(org: Org, salesforce: Salesforce) -> bool:
    guest = next(iter(org.sandbox.org.tables["Contact"].records))
    fields = meeting(1, Invitees=f'[["{guest}","New"]]')
    return write(salesforce, Verb.CREATE, Kind.EVENT, **fields)


def attach(org: Org, salesforce: Salesforce) -> bool:
    message = next(iter(org.sandbox.org.tables["EmailMessage"].records))
    file = Attachment(id="a", name="offer.pdf", size_bytes=4)
    empty = operation(Verb.ATTACH, Kind.MESSAGE, {}, target=message)
    wanted = replace(empty, fields={"attachment": file, "bytes": b"%PDF"})
    return salesforce.writer.write([wanted])[0].is_done


def introduce(org: Org, salesforce: Salesforce) -> bool:
    wanted = NewPerson(email="ada@acme.example", name="Ada", object_name="Lead")
    (answer,) = salesforce.directory.create_people([wanted])
    return not isinstance(answer, Fault)


SITES = {
    "task": Site(save_task, "PATCH", "/composite/sobjects/Task", "Task"),
    "message": Site(save_message, "POST", "/composite/sobjects", "EmailMessage"),
    "message look-up": Site(save_message, "GET", "FROM EmailMessage", "EmailMessage"),
    "invitee": Site(invite, "POST", "/composite/sobjects", "EventRelation"),
    "invitee look-up": Site(invite, "GET", "FROM EventRelation", "EventRelation"),
    "file": Site(attach, "POST", "/sobjects/ContentVersion", "ContentVersion"),
    "file look-up": Site(attach, "GET", "ContentDocumentLink", "ContentVersion"),
    "person": Site(introduce, "POST", "/composite/sobjects", "Lead"),
}


@pytest.fixture
def furnished(org: Org) -> Org:
    """With a contact to invite and a message to attach to."""
    org.seed("Contact", [person(1)])
    return org


@pytest.mark.parametrize("times", [1, 99])
@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize("name", SITES)
def test_whatever_fails_there_is_one_effect_in_the_end(
    furnished: Org, name: str, failure: str, times: int
) -> None:
    org, site = furnished, SITES[name]
    if site.work is attach:
        org.seed("EmailMessage", [{"Subject": "Offer", "IsClientManaged": True}])
    org.fail(method=site.method, path=site.path, times=times, **FAILURES[failure])
    try:
        is_done = site.work(org, org.connect())
    except ProviderError:
        is_done = False
    assert times > 1 or not org.sandbox.faults.waiting, "the failure was not met"
    if is_done:
        assert org.count(site.effect) == 1
    org.sandbox.faults.waiting.clear()
    org.sandbox.org.usage.clear()
    assert site.work(org, org.connect())
    assert org.count(site.effect) == 1


@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_whatever_fails_in_a_read_nothing_is_passed_over(
    org: Org, method: str, failure: str
) -> None:
    first = org.connect().changes.read(None, WINDOW)
    org.seed("Task", [{"Subject": "Errand"}])
    path = "FROM Task" if method == "GET" else "/composite"
    org.fail(method=method, path=path, times=99, **FAILURES[failure])
    found = None
    try:
        found = org.connect().changes.read(first.watermark, WINDOW)
    except ProviderError:
        org.sandbox.faults.waiting.clear()
    found = found or org.connect().changes.read(first.watermark, WINDOW)
    assert [c.thing.name for c in found.changes if c.thing] == ["Errand"]
