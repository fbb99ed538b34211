"""`/sobjects` and `/describe`: what objects and fields the org has."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from syncline.sandbox.salesforce.calls import Answer, Call
from syncline.sandbox.salesforce.entities import Field, Json, SObject

SOAP_TYPES = {
    "id": "tns:ID",
    "reference": "tns:ID",
    "boolean": "xsd:boolean",
    "int": "xsd:int",
    "double": "xsd:double",
    "currency": "xsd:double",
    "date": "xsd:date",
    "datetime": "xsd:dateTime",
    "base64": "xsd:base64Binary",
}
BYTES_PER_CHARACTER = 3
DIGITS = {"int": 8}
PRECISION = {"currency": 18, "double": 18}


def describe_global(call: Call) -> Answer:
    """All objects, without their fields."""
    sobjects = [_summary(call, sobject) for sobject in call.org.shown_sobjects()]
    body = {"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": sobjects}
    return _unless_known(call, body)


def describe_basic(call: Call, name: str) -> Answer:
    """One object without its fields."""
    sobject = call.sobject(name)
    return Answer(body={"objectDescribe": _summary(call, sobject), "recentItems": []})


def describe(call: Call, name: str) -> Answer:
    """One object with its fields; 304 when nothing changed since the given date."""
    sobject = call.sobject(name)
    fields = [describe_field(field) for field in sobject.fields.values()]
    body = _summary(call, sobject) | {"fields": fields, "recordTypeInfos": []}
    body["childRelationships"] = list(_children(call, sobject))
    return _unless_known(call, body)


def _children(call: Call, sobject: SObject) -> Iterator[Json]:
    """The objects that refer to this one, and what it calls them."""
    for child in call.org.shown_sobjects():
        for field in child.fields.values():
            if field.children and sobject.name in field.reference_to:
                yield {
                    "cascadeDelete": False,
                    "childSObject": child.name,
                    "deprecatedAndHidden": False,
                    "field": field.name,
                    "junctionIdListNames": [],
                    "junctionReferenceTo": [],
                    "relationshipName": field.children,
                    "restrictedDelete": False,
                }


def _unless_known(call: Call, body: Json) -> Answer:
    changed_at = call.org.metadata_changed_at.astimezone(UTC)
    headers = {"Last-Modified": format_datetime(changed_at, usegmt=True)}
    since = _since(call.headers.get("if-modified-since", ""))
    if since is not None and changed_at <= since:
        return Answer(304, None, headers)
    return Answer(200, body, headers)


def _since(text: str) -> datetime | None:
    try:
        since = parsedate_to_datetime(text)
    except ValueError:
        return None
    return since if since.tzinfo else since.replace(tzinfo=UTC)


def _summary(call: Call, sobject: SObject) -> dict[str, Json]:
    path = f"{call.root}/sobjects/{sobject.name}"
    writable = sobject.writable
    return {
        "activateable": False,
        "createable": writable and sobject.is_createable,
        "custom": False,
        "customSetting": False,
        "deletable": writable,
        "deprecatedAndHidden": False,
        "feedEnabled": True,
        "keyPrefix": sobject.prefix,
        "label": sobject.label,
        "labelPlural": sobject.label_plural,
        "layoutable": True,
        "mergeable": sobject.name in ("Account", "Contact", "Lead"),
        "mruEnabled": True,
        "name": sobject.name,
        "queryable": True,
        "replicateable": True,
        "retrieveable": True,
        "searchable": True,
        "triggerable": True,
        "undeletable": writable,
        "updateable": writable,
        "urls": {
            "sobject": path,
            "describe": f"{path}/describe",
            "rowTemplate": f"{path}/{{ID}}",
        },
    }


def describe_field(field: Field) -> dict[str, Json]:
    """One field, with every attribute that the vendor tells."""
    return {
        "aggregatable": field.type not in ("boolean", "textarea"),
        "autoNumber": field.name == "CaseNumber",
        "byteLength": field.length * BYTES_PER_CHARACTER,
        "calculated": False,
        "calculatedFormula": None,
        "cascadeDelete": False,
        "caseSensitive": field.case_sensitive,
        "compoundFieldName": None,
        "controllerName": None,
        "createable": field.createable,
        "custom": field.custom,
        "defaultValue": field.default if field.type == "boolean" else None,
        "defaultValueFormula": None,
        "defaultedOnCreate": field.default is not None or not field.createable,
        "dependentPicklist": False,
        "deprecatedAndHidden": False,
        "digits": DIGITS.get(field.type, 0),
        "externalId": field.external_id,
        "filterable": field.filterable,
        "groupable": field.type not in ("datetime", "textarea", "currency"),
        "htmlFormatted": False,
        "idLookup": field.external_id or field.type == "id",
        "inlineHelpText": None,
        "label": field.label,
        "length": field.length,
        "name": field.name,
        "nameField": field.name_field,
        "namePointing": len(field.reference_to) > 1,
        "nillable": field.nillable,
        "permissionable": field.nillable and field.createable,
        "picklistValues": [_picklist_value(field, value) for value in field.picklist],
        "polymorphicForeignKey": len(field.reference_to) > 1,
        "precision": PRECISION.get(field.type, 0),
        "referenceTo": list(field.reference_to),
        "relationshipName": field.relationship,
        "relationshipOrder": None,
        "restrictedPicklist": field.restricted,
        "scale": 0,
        "soapType": SOAP_TYPES.get(field.type, "xsd:string"),
        "sortable": field.filterable,
        "type": field.type,
        "unique": field.unique,
        "updateable": field.updateable,
        "writeRequiresMasterRead": False,
    }


def _picklist_value(field: Field, value: str) -> dict[str, Json]:
    return {
        "active": True,
        "defaultValue": value == field.default,
        "label": value,
        "validFor": None,
        "value": value,
    }
