"""The field tables are held against the org as the syncing user sees it."""

from __future__ import annotations

from typing import Any

from crm_org import Org

from syncline.connectors.salesforce import Salesforce
from syncline.connectors.salesforce.schema import SalesforceSchema, read_field
from syncline.connectors.salesforce.wire import FieldDescription, PicklistValue
from syncline.domain.access.policy import Policy
from syncline.domain.values.kinds import Kind
from syncline.sandbox.salesforce.controls import set_field, set_task_statuses
from syncline.usecases.check_mapping import look


def schema_of(salesforce: Salesforce) -> SalesforceSchema:
    return SalesforceSchema(salesforce.describes, salesforce.directory)


def problems(salesforce: Salesforce, **fields: Any) -> list[tuple[str, str]]:
    looks = look(Policy(fields=fields), schema_of(salesforce))
    return [(str(p.sort), p.field) for one in looks for p in one.problems]


def test_usual_tables_suit_the_usual_org(salesforce: Salesforce) -> None:
    assert problems(salesforce) == []


def test_org_of_other_statuses_suits_the_usual_table(
    org: Org, salesforce: Salesforce
) -> None:
    statuses = [{"label": "Offen"}, {"label": "Erledigt", "closed": True}]
    set_task_statuses(org.sandbox.org, {"statuses": statuses})
    assert problems(salesforce) == []


def test_field_that_does_not_exist_is_missing(salesforce: Salesforce) -> None:
    found = problems(salesforce, event={"Description": {"record": "Notes__c"}})
    assert found == [("mapped_field_missing", "Notes__c")]


def test_field_that_became_required_is_found_at_the_next_look(
    org: Org, salesforce: Salesforce
) -> None:
    """A description that was read before is asked for again."""
    assert problems(salesforce) == []
    name = "Contact.LeadSource"
    set_field(org.sandbox.org, {"field": name, "nillable": False})
    assert problems(salesforce) == [("required_field_unfilled", "LeadSource")]
    fixed = {"on_create": {"LeadSource": "Web"}}
    assert problems(salesforce, contact=fixed) == []


def test_fields_tell_type_length_and_words(salesforce: Salesforce) -> None:
    fields = schema_of(salesforce).fields("Event")
    assert (fields["Location"].type, fields["Location"].length) == ("string", 255)
    assert "Busy" in fields["ShowAs"].values
    assert fields["ShowAs"].is_restricted
    assert not fields["OwnerId"].is_required


def test_object_that_the_user_does_not_see_has_no_fields(
    salesforce: Salesforce,
) -> None:
    assert schema_of(salesforce).fields("NoSuchObject__c") == {}


def test_words_that_are_no_longer_offered_do_not_count() -> None:
    field = FieldDescription(
        name="Status",
        type="picklist",
        picklist_values=[
            PicklistValue(value="Open"),
            PicklistValue(value="Old", active=False),
        ],
    )
    assert read_field(field).values == ("Open",)


def test_kinds_are_looked_at_in_one_request_each(
    org: Org, salesforce: Salesforce
) -> None:
    policy = Policy(kinds=frozenset({Kind.EVENT}))
    look(policy, schema_of(salesforce))
    before = org.requests
    look(policy, schema_of(salesforce))
    assert org.requests - before == 1
