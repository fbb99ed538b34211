"""What a person does to a meeting: cancel, accept, decline, forward."""

from __future__ import annotations

from functools import partial

from syncline.sandbox.microsoft365.calls import Answer, Call, Route
from syncline.sandbox.microsoft365.entities import Json
from syncline.sandbox.microsoft365.faults import GraphError
from syncline.sandbox.microsoft365.meetings import answer, guests, is_organizer
from syncline.sandbox.microsoft365.routes.events import (
    change_occurrence,
    delete_event,
)
from syncline.sandbox.microsoft365.validation import unreadable

_SHOWN = {"accepted": "busy", "tentativelyAccepted": "tentative", "declined": "free"}


def _options(call: Call) -> Json:
    body = call.json()
    if body is not None and not isinstance(body, dict):
        raise unreadable("A JSON object was expected.")
    return {str(name).lower(): value for name, value in (body or {}).items()}


def _cancel(call: Call) -> Answer:
    found = call.item("event", call.args[-1])
    master = call.mailbox.items[found.key]
    _options(call)
    people = guests(call.mailbox, found)
    if not is_organizer(master) or not people:
        raise GraphError(
            400,
            "ErrorInvalidRequest",
            "Only the organizer of a meeting can cancel it.",
        )
    call.service.counters.guest_mails += len(people)
    delete_event(call.tenant, call.mailbox, found)
    return Answer(202, wrote=True)


def _respond(call: Call, response: str) -> Answer:
    found = call.item("event", call.args[-1])
    options = _options(call)
    if is_organizer(found):
        raise GraphError(
            400,
            "ErrorInvalidRequest",
            "Your request can't be completed. You can't respond to this meeting "
            "because you're the meeting organizer.",
        )
    answer(call.tenant, call.mailbox, found, response)
    if options.get("sendresponse", True):
        call.service.counters.guest_mails += 1
    if response == "declined":
        delete_event(call.tenant, call.mailbox, found)
    elif found.day is not None:
        fields: Json = {"showAs": _SHOWN[response]}
        change_occurrence(call.tenant, call.mailbox, found, fields, {})
    else:
        found.fields["showAs"] = _SHOWN[response]
        call.tenant.touch(call.mailbox, found)
    return Answer(202, wrote=True)


def _forward(call: Call) -> Answer:
    call.item("event", call.args[-1])
    people = _options(call).get("torecipients")
    if not isinstance(people, list) or not people:
        raise GraphError(400, "ErrorInvalidRecipients", "A recipient is needed.")
    call.service.counters.guest_mails += len(people)
    return Answer(202, wrote=True)


def _dismiss(call: Call) -> Answer:
    found = call.item("event", call.args[-1])
    item = call.mailbox.items[found.key]
    item.fields["isReminderOn"] = False
    call.tenant.touch(call.mailbox, item)
    return Answer(200, wrote=True)


ROUTES: list[Route] = []
for _root in ("events/{id}", "calendar/events/{id}", "calendars/{id}/events/{id}"):
    ROUTES += [
        ("POST", f"{_root}/cancel", _cancel),
        ("POST", f"{_root}/accept", partial(_respond, response="accepted")),
        ("POST", f"{_root}/decline", partial(_respond, response="declined")),
        (
            "POST",
            f"{_root}/tentativelyAccept",
            partial(_respond, response="tentativelyAccepted"),
        ),
        ("POST", f"{_root}/forward", _forward),
        ("POST", f"{_root}/dismissReminder", _dismiss),
    ]
