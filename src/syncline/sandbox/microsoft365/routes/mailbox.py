"""The person, the mailbox's settings, and the translation of ids."""

from __future__ import annotations

from syncline.sandbox.microsoft365.calls import Answer, Call, Route
from syncline.sandbox.microsoft365.entities import Json, Mailbox
from syncline.sandbox.microsoft365.faults import GraphError
from syncline.sandbox.microsoft365.identifiers import (
    MalformedIdError,
    default_id,
    immutable_id,
    parse_id,
)
from syncline.sandbox.microsoft365.validation import unreadable
from syncline.sandbox.microsoft365.zones import UnknownZoneError, zone, zone_names

_WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday"]
_MOST_IDS = 1000
_FORMATS = ("restId", "restImmutableEntryId")


def person(mailbox: Mailbox) -> Json:
    """The user who owns a mailbox."""
    given, _, surname = mailbox.name.partition(" ")
    return {
        "businessPhones": [],
        "displayName": mailbox.name,
        "givenName": given,
        "jobTitle": None,
        "mail": mailbox.address,
        "mobilePhone": None,
        "officeLocation": None,
        "preferredLanguage": mailbox.language,
        "surname": surname or None,
        "userPrincipalName": mailbox.address,
        "id": mailbox.user_id,
    }


def _me(call: Call) -> Answer:
    shown = person(call.mailbox)
    selected = call.option("$select")
    if selected:
        wanted = {name.strip() for name in selected.split(",")} | {"id"}
        shown = {name: value for name, value in shown.items() if name in wanted}
    root = f"{call.request.base_url}/v1.0/$metadata#users/$entity"
    return Answer(200, {"@odata.context": root, **shown})


def _settings(call: Call) -> Answer:
    box = call.mailbox
    hours = {
        "daysOfWeek": _WEEKDAYS,
        "startTime": "08:00:00.0000000",
        "endTime": "17:00:00.0000000",
        "timeZone": {"name": box.time_zone},
    }
    body = {
        "@odata.context": call.context_url("mailboxSettings"),
        "archiveFolder": box.id_of_container(box.well_known["archive"]),
        "timeZone": box.time_zone,
        "delegateMeetingMessageDeliveryOptions": "sendToDelegateOnly",
        "dateFormat": "yyyy-MM-dd",
        "timeFormat": "HH:mm",
        "userPurpose": "user",
        "automaticRepliesSetting": {"status": "disabled"},
        "language": {"locale": box.language, "displayName": box.language},
        "workingHours": hours,
    }
    return Answer(200, body)


def _patch_settings(call: Call) -> Answer:
    body = call.json()
    if not isinstance(body, dict):
        raise unreadable("A JSON object was expected.")
    if "timeZone" in body:
        try:
            zone(str(body["timeZone"]))
        except UnknownZoneError as error:
            raise GraphError(400, "ErrorInvalidTimeZone", str(error)) from error
        call.mailbox.time_zone = str(body["timeZone"])
    answer = _settings(call)
    answer.wrote = True
    return answer


def _zones(call: Call) -> Answer:
    standard = call.args[0].rpartition(".")[2] if call.args else "Windows"
    standard = standard.removeprefix("timeZoneStandard").strip("'")
    names = zone_names(standard)
    value = [{"alias": name, "displayName": name} for name in names]
    return Answer(200, {"value": value})


def _translate(call: Call) -> Answer:
    body = call.json()
    if not isinstance(body, dict) or not isinstance(body.get("inputIds"), list):
        raise unreadable("inputIds, sourceIdType and targetIdType are needed.")
    ids, target = body["inputIds"], body.get("targetIdType")
    if len(ids) > _MOST_IDS:
        raise GraphError(400, "ErrorInvalidRequest", "At most 1000 ids at once.")
    if target not in _FORMATS or body.get("sourceIdType") not in _FORMATS:
        # Entry ids and EWS ids belong to protocols that this server lacks.
        raise GraphError(400, "ErrorInvalidRequest", "The id type is not supported.")
    value = [_translated(call, str(one), target) for one in ids]
    context = f"{call.request.base_url}/v1.0/$metadata#Collection(convertIdResult)"
    return Answer(200, {"@odata.context": context, "value": value})


def _translated(call: Call, source: str, target: str) -> Json:
    try:
        reference = parse_id(source)
    except MalformedIdError as error:
        raise GraphError(400, "ErrorInvalidIdMalformed", str(error)) from error
    item = call.mailbox.items.get(reference.key)
    if item is None or reference.generation not in (None, item.generation):
        details = {"code": "ErrorItemNotFound", "message": "The id was not found."}
        return {"sourceId": source, "errorDetails": details}
    box_id = call.mailbox.mailbox_id
    if target == "restImmutableEntryId":
        found = immutable_id(box_id, item.key, reference.day)
    else:
        found = default_id(box_id, item.key, item.generation, reference.day)
    return {"sourceId": source, "targetId": found}


ROUTES: list[Route] = [
    ("GET", "", _me),
    ("GET", "mailboxSettings", _settings),
    ("PATCH", "mailboxSettings", _patch_settings),
    ("GET", "outlook/supportedTimeZones", _zones),
    ("GET", "outlook/supportedTimeZones/{id}", _zones),
    ("POST", "translateExchangeIds", _translate),
]
