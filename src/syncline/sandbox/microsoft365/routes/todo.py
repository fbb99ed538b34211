"""To Do: lists, tasks, and what hangs on a task."""

from __future__ import annotations

import uuid
from functools import partial

from syncline.sandbox.microsoft365.calls import Answer, Call, Route
from syncline.sandbox.microsoft365.delta import Stream, answer_round, tell_plainly
from syncline.sandbox.microsoft365.entities import ROOT, Item, Json, Mailbox
from syncline.sandbox.microsoft365.faults import GraphError
from syncline.sandbox.microsoft365.query import entity, listing
from syncline.sandbox.microsoft365.recurrence import check_recurrence
from syncline.sandbox.microsoft365.store import Tenant
from syncline.sandbox.microsoft365.validation import accepted, invalid
from syncline.sandbox.microsoft365.zones import instant, parse_stamp, stamp

_REFUSED = ("$filter", "$orderby", "$search")
_FLAGGED = "flaggedemails"
_MOMENTS = ("dueDateTime", "startDateTime", "reminderDateTime", "completedDateTime")


def _list_of(call: Call) -> Item:
    return call.container("todoList", call.args[0])


# --- lists ---


def _lists(call: Call) -> Answer:
    found = call.mailbox.members("todoList", ROOT)
    return listing(call, "todoList", found, "todo/lists")


def _post_list(call: Call) -> Answer:
    fields, _ = accepted("todoList", call.json())
    if not fields.get("displayName"):
        raise invalid("A list needs a displayName.")
    item = call.tenant.create(call.mailbox, Item(0, "todoList", ROOT, fields))
    answer = entity(call, "todoList", item, "todo/lists", 201)
    answer.wrote = True
    return answer


def _get_list(call: Call) -> Answer:
    return entity(call, "todoList", _list_of(call), "todo/lists")


def _patch_list(call: Call) -> Answer:
    item = _list_of(call)
    item.fields |= accepted("todoList", call.json())[0]
    call.tenant.touch(call.mailbox, item)
    answer = entity(call, "todoList", item, "todo/lists")
    answer.wrote = True
    return answer


def _delete_list(call: Call) -> Answer:
    item = _list_of(call)
    if item.key in call.mailbox.well_known.values():
        raise GraphError(400, "invalidRequest", "The list is one that stays.")
    for task in call.mailbox.members("task", item.key):
        call.tenant.remove(call.mailbox, task)
    call.tenant.remove(call.mailbox, item)
    return Answer(204, wrote=True)


def _lists_delta(call: Call) -> Answer:
    stream = Stream("todoList", ROOT, tell_plainly("todoList"), _REFUSED)
    return answer_round(call, stream)


# --- tasks ---


def _task(call: Call) -> Item:
    return call.item("task", call.args[1])


def _tasks(call: Call) -> Answer:
    found = call.mailbox.members("task", _list_of(call).key)
    return listing(call, "task", found, "todo/lists/tasks")


def list_named(tenant: Tenant, box: Mailbox, name: str) -> Item:
    """A list by its name; made if missing."""
    for found in box.members("todoList", ROOT):
        if found.fields["displayName"].lower() == name.lower():
            return found
    return tenant.create(box, Item(0, "todoList", ROOT, {"displayName": name}))


def add_task(tenant: Tenant, box: Mailbox, parent: Item, body: object) -> Item:
    """Make a task, with what hangs on it.

    Raises:
        GraphError: 400, something in it is not acceptable.
    """
    fields = settled_task(tenant, accepted("task", body)[0], {})
    for name, kind in (
        ("linkedResources", "linkedResource"),
        ("checklistItems", "checklistItem"),
    ):
        fields[name] = [
            accepted(kind, one)[0] | {"id": str(uuid.uuid4())}
            for one in fields.get(name) or []
        ]
    return tenant.create(box, Item(0, "task", parent.key, fields))


def _post_task(call: Call) -> Answer:
    parent = _list_of(call)
    if parent.key == call.mailbox.well_known.get(_FLAGGED):
        raise GraphError(400, "invalidRequest", "Flag a message instead.")
    item = add_task(call.tenant, call.mailbox, parent, call.json())
    answer = entity(call, "task", item, "todo/lists/tasks", 201)
    answer.wrote = True
    return answer


def settled_task(tenant: Tenant, fields: Json, known: Json) -> Json:
    """Properties as To Do keeps them.

    Times are kept in UTC, and a task has a moment of completion while it is done.

    Raises:
        GraphError: 400, a recurrence that cannot be.
    """
    for name in _MOMENTS:
        if fields.get(name):
            given = fields[name]
            moment = instant(given["dateTime"], given.get("timeZone") or "UTC")
            fields[name] = {"dateTime": moment, "timeZone": "UTC"}
    if fields.get("recurrence"):
        _check_recurrence({**known, **fields})
    if "status" in fields and "completedDateTime" not in fields:
        is_done = fields["status"] == "completed"
        now = {"dateTime": stamp(tenant.now()), "timeZone": "UTC"}
        before = known.get("completedDateTime")
        fields["completedDateTime"] = (before or now) if is_done else None
    return fields


def _check_recurrence(fields: Json) -> None:
    due = fields.get("dueDateTime")
    if not due:
        raise invalid("A task that repeats needs a dueDateTime.")
    try:
        recurrence = dict(fields["recurrence"])
        span = {k: v for k, v in recurrence["range"].items() if k != "startDate"}
        first_day = parse_stamp(due["dateTime"]).date()
        check_recurrence(recurrence | {"range": span}, first_day)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise invalid("The recurrence has a value that cannot be used.") from error


def _get_task(call: Call) -> Answer:
    return entity(call, "task", _task(call), "todo/lists/tasks")


def _patch_task(call: Call) -> Answer:
    item = _task(call)
    call.check_match(item)
    fields = accepted("task", call.json())[0]
    for name in ("linkedResources", "checklistItems"):
        fields.pop(name, None)
    item.fields |= settled_task(call.tenant, fields, item.fields)
    call.tenant.touch(call.mailbox, item)
    answer = entity(call, "task", item, "todo/lists/tasks")
    answer.wrote = True
    return answer


def _delete_task(call: Call) -> Answer:
    item = _task(call)
    call.check_match(item)
    call.tenant.remove(call.mailbox, item)
    return Answer(204, wrote=True)


def _tasks_delta(call: Call) -> Answer:
    stream = Stream("task", _list_of(call).key, tell_plainly("task"), _REFUSED)
    return answer_round(call, stream)


# --- what hangs on a task ---


def _parts(call: Call, name: str) -> Answer:
    value = _task(call).fields.get(name) or []
    context = call.context_url(f"todo/lists/tasks/{name}")
    return Answer(200, {"@odata.context": context, "value": value})


def _post_part(call: Call, name: str, kind: str) -> Answer:
    task = _task(call)
    part = accepted(kind, call.json())[0] | {"id": str(uuid.uuid4())}
    task.fields[name] = [*(task.fields.get(name) or []), part]
    call.tenant.touch(call.mailbox, task)
    return Answer(201, dict(part), wrote=True)


def _part(call: Call, name: str) -> Json:
    for part in _task(call).fields.get(name) or []:
        if part["id"] == call.args[2]:
            found: Json = part
            return found
    raise GraphError(404)


def _get_part(call: Call, name: str) -> Answer:
    return Answer(200, dict(_part(call, name)))


def _patch_part(call: Call, name: str, kind: str) -> Answer:
    part = _part(call, name)
    part |= accepted(kind, call.json())[0]
    call.tenant.touch(call.mailbox, _task(call))
    return Answer(200, dict(part), wrote=True)


def _delete_part(call: Call, name: str) -> Answer:
    part, task = _part(call, name), _task(call)
    task.fields[name] = [one for one in task.fields[name] if one is not part]
    call.tenant.touch(call.mailbox, task)
    return Answer(204, wrote=True)


_TASK = "todo/lists/{id}/tasks/{id}"
ROUTES: list[Route] = [
    ("GET", "todo/lists", _lists),
    ("POST", "todo/lists", _post_list),
    ("GET", "todo/lists/delta", _lists_delta),
    ("GET", "todo/lists/{id}", _get_list),
    ("PATCH", "todo/lists/{id}", _patch_list),
    ("DELETE", "todo/lists/{id}", _delete_list),
    ("GET", "todo/lists/{id}/tasks", _tasks),
    ("POST", "todo/lists/{id}/tasks", _post_task),
    ("GET", "todo/lists/{id}/tasks/delta", _tasks_delta),
    ("GET", _TASK, _get_task),
    ("PATCH", _TASK, _patch_task),
    ("DELETE", _TASK, _delete_task),
]
for _name, _kind in (
    ("linkedResources", "linkedResource"),
    ("checklistItems", "checklistItem"),
):
    ROUTES += [
        ("GET", f"{_TASK}/{_name}", partial(_parts, name=_name)),
        ("POST", f"{_TASK}/{_name}", partial(_post_part, name=_name, kind=_kind)),
        ("GET", f"{_TASK}/{_name}/{{id}}", partial(_get_part, name=_name)),
        (
            "PATCH",
            f"{_TASK}/{_name}/{{id}}",
            partial(_patch_part, name=_name, kind=_kind),
        ),
        ("DELETE", f"{_TASK}/{_name}/{{id}}", partial(_delete_part, name=_name)),
    ]
