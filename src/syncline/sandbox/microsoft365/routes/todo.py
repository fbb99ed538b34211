"""To Do: lists, tasks, and what hangs on a task."""

from __future__ import annotations

import uuid
from functools import partial

from syncline.sandbox.microsoft365.calls import Answer, Call, Route
from syncline.sandbox.microsoft365.delta import Stream, answer_round, tell_plainly
from syncline.sandbox.microsoft365.entities import ROOT, Item, Json
from syncline.sandbox.microsoft365.faults import GraphError
from syncline.sandbox.microsoft365.query import entity, listing
from syncline.sandbox.microsoft365.validation import accepted, invalid
from syncline.sandbox.microsoft365.zones import stamp

_REFUSED = ("$filter", "$orderby", "$search")


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
    if item.key == call.mailbox.well_known["tasks"]:
        raise GraphError(400, "invalidRequest", "The default list stays.")
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


def _post_task(call: Call) -> Answer:
    parent = _list_of(call).key
    fields = _completed(call, accepted("task", call.json())[0])
    for name in ("linkedResources", "checklistItems"):
        given = fields.get(name) or []
        fields[name] = [one | {"id": str(uuid.uuid4())} for one in given]
    item = call.tenant.create(call.mailbox, Item(0, "task", parent, fields))
    answer = entity(call, "task", item, "todo/lists/tasks", 201)
    answer.wrote = True
    return answer


def _completed(call: Call, fields: Json) -> Json:
    """A task that is done has a moment of completion; one that is not has none."""
    if "status" in fields and "completedDateTime" not in fields:
        done = {"dateTime": stamp(call.tenant.now()), "timeZone": "UTC"}
        fields["completedDateTime"] = done if fields["status"] == "completed" else None
    return fields


def _get_task(call: Call) -> Answer:
    return entity(call, "task", _task(call), "todo/lists/tasks")


def _patch_task(call: Call) -> Answer:
    item = _task(call)
    call.check_match(item)
    item.fields |= _completed(call, accepted("task", call.json())[0])
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
