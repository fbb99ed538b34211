"""`syncline mapping` shows each line of the table with what is in its way."""

from __future__ import annotations

from syncline.cli.mapping import as_document
from syncline.domain.access.policy import Policy
from syncline.domain.mapping.check import check
from syncline.domain.mapping.facts import FieldFacts
from syncline.domain.mapping.profile import mapping_for
from syncline.domain.values.kinds import Kind
from syncline.usecases.check_mapping import Look


def test_document_has_every_field_and_every_problem_once() -> None:
    policy = Policy(fields={"task": {"on_create": {"Type": "Call"}}})
    mapping = mapping_for(Kind.TASK, policy)
    facts = {
        "Subject": FieldFacts(name="Subject", type="combobox", length=255),
        "Type": FieldFacts(name="Type", type="boolean"),
        "Rank__c": FieldFacts(name="Rank__c", label="Rank", is_required=True),
    }
    problems = check(mapping, facts)
    document = as_document(Look(mapping=mapping, facts=facts, problems=problems))
    assert (document["kind"], document["object"]) == ("task", "Task")
    lines = {line["record_field"]: line for line in document["fields"]}
    assert list(lines) == [n for n in mapping.record_fields if n != "Type"]
    assert lines["Subject"] == {
        "item_field": "subject",
        "direction": "both",
        "record_field": "Subject",
        "type": "combobox",
        "length": 255,
        "problems": [],
    }
    assert lines["Status"]["type"] is None
    (missing,) = lines["Status"]["problems"]
    assert "does not have that field" in missing
    (fixed,) = document["fixed"]
    assert (fixed["value"], len(fixed["problems"])) == ("Call", 1)
    (unfilled,) = document["problems"]
    assert "Rank (Rank__c)" in unfilled
    told = [p for line in document["fields"] for p in line["problems"]]
    assert len(told) + 2 == len(problems)
