"""Applies the administrator's rules to a record that is about to be saved."""

from __future__ import annotations

from syncline.sandbox.salesforce.entities import Json, Record, SObject, Values
from syncline.sandbox.salesforce.faults import RefusedError, Trouble
from syncline.sandbox.salesforce.rules import (
    DUPLICATE_RULE,
    RULES,
    Rule,
    is_same_person,
)
from syncline.sandbox.salesforce.store import Org, is_visible
from syncline.sandbox.salesforce.table import person_name

#: A trigger's crash; every record of the same request fails with it.
CRASHED = "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"


def check_validation(org: Org, sobject: SObject, values: Values) -> None:
    """Refuse values that break an active validation rule.

    Raises:
        RefusedError: With the administrator's own words, for all broken rules.
    """
    troubles = [
        Trouble("FIELD_CUSTOM_VALIDATION_EXCEPTION", rule.message, (rule.field,))
        for rule in RULES
        if rule.kind == "Validation rule"
        and rule.is_broken is not None
        and rule.sobject == sobject.name
        and rule.name in org.active_rules
        and rule.is_broken(values)
    ]
    if troubles:
        raise RefusedError(*troubles)


def run_triggers(org: Org, sobject: SObject, values: Values) -> None:
    """Let the administrator's code see a record; it may crash.

    Raises:
        RefusedError: It crashed.
    """
    for rule in RULES:
        if (
            rule.kind == "Apex trigger"
            and rule.is_broken is not None
            and rule.sobject == sobject.name
            and rule.name in org.active_rules
            and rule.is_broken(values)
        ):
            raise RefusedError(Trouble(CRASHED, rule.message))


def check_duplicates(
    org: Org, user_id: str, sobject: SObject, values: Values, *, passes_alerts: bool
) -> None:
    """Refuse a new contact that seems to be there already.

    Args:
        org: Where.
        user_id: Who creates.
        sobject: What kind of record.
        values: The record.
        passes_alerts: Rules that only warn are passed.

    Raises:
        RefusedError: With the candidates, and whether saving anyway is allowed.
    """
    for rule in RULES:
        wanted = rule.kind == "Duplicate rule" and rule.sobject == sobject.name
        if not wanted or rule.name not in org.active_rules:
            continue
        blocks = rule.name in org.blocking_rules
        if passes_alerts and not blocks:
            continue
        matches = [
            other
            for other in org.tables[sobject.name].with_person(person_name(values))
            if is_visible(user_id, other) and is_same_person(values, other.values)
        ]
        if matches:
            result = _duplicate_result(rule, matches, allows_save=not blocks)
            extra = {org.settings.duplicate_result_key: result}
            raise RefusedError(Trouble("DUPLICATES_DETECTED", rule.message, (), extra))


def _duplicate_result(
    rule: Rule, matches: list[Record], *, allows_save: bool
) -> dict[str, Json]:
    return {
        "allowSave": allows_save,
        "duplicateRule": DUPLICATE_RULE,
        "duplicateRuleEntityType": rule.sobject,
        "errorMessage": rule.message,
        "matchResults": [
            {
                "entityType": rule.sobject,
                "errors": [],
                "matchEngine": "FuzzyMatchEngine",
                "matchRecords": [_match(record) for record in matches],
                "rule": "Contact_Same_Person_Match",
                "size": len(matches),
                "success": True,
            }
        ],
    }


def _match(record: Record) -> Json:
    return {
        "additionalInformation": [],
        "fieldDiffs": [],
        "matchConfidence": 100.0,
        "record": {"attributes": {"type": record.sobject}, "Id": record.id},
    }
