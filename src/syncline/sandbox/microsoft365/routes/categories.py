"""The master list of categories: names and colors."""

from __future__ import annotations

import uuid

from syncline.sandbox.microsoft365.calls import Answer, Call, Route
from syncline.sandbox.microsoft365.entities import Json
from syncline.sandbox.microsoft365.faults import GraphError
from syncline.sandbox.microsoft365.query import page, window
from syncline.sandbox.microsoft365.validation import unreadable

COLORS = ("none", *(f"preset{number}" for number in range(25)))
NAME_LIMIT = 255
_WHAT = "outlook/masterCategories"


def _list(call: Call) -> Answer:
    # Graph gives the whole list at once.
    found = [dict(category) for category in call.mailbox.categories]
    usual = max(len(found), 1)
    return page(call, window(call, found, usual), len(found), _WHAT, usual)


def _shown(call: Call, category: Json, status: int) -> Answer:
    context = {"@odata.context": call.context_url(f"{_WHAT}/$entity")}
    return Answer(status, {**context, **category}, wrote=status != 200)


def _read(call: Call, *, changing: bool) -> Json:
    body = call.json()
    if not isinstance(body, dict):
        raise unreadable("A JSON object was expected.")
    body = {name: value for name, value in body.items() if "@" not in name}
    unknown = body.keys() - {"id", "displayName", "color"}
    if unknown:
        raise unreadable(
            f"The property '{min(unknown)}' does not exist on type "
            "'microsoft.graph.outlookCategory'."
        )
    if body.get("color", "none") not in COLORS:
        raise unreadable(f"Requested value '{body['color']}' was not found.")
    if changing and "displayName" in body:
        raise GraphError(
            400, "ErrorInvalidRequest", "The displayName of a category is read-only."
        )
    return body


def _post(call: Call) -> Answer:
    body = _read(call, changing=False)
    name = body.get("displayName")
    if not isinstance(name, str) or not 1 <= len(name) <= NAME_LIMIT:
        raise GraphError(400, "ErrorInvalidRequest", "A category needs a displayName.")
    known = {c["displayName"].casefold() for c in call.mailbox.categories}
    if name.casefold() in known:
        raise GraphError(
            409, "CategoryNameDuplicate", "A category with this name exists already."
        )
    category = {
        "id": str(uuid.uuid4()),
        "displayName": name,
        "color": body.get("color") or "none",
    }
    call.mailbox.categories.append(category)
    return _shown(call, category, 201)


def _found(call: Call) -> Json:
    wanted = call.args[0].lower()
    for category in call.mailbox.categories:
        if category["id"] == wanted:
            return category
    raise GraphError(404)


def _get(call: Call) -> Answer:
    return _shown(call, _found(call), 200)


def _patch(call: Call) -> Answer:
    category = _found(call)
    category["color"] = _read(call, changing=True).get("color", category["color"])
    answer = _shown(call, category, 200)
    answer.wrote = True
    return answer


def _delete(call: Call) -> Answer:
    call.mailbox.categories.remove(_found(call))
    return Answer(204, wrote=True)


ROUTES: list[Route] = [
    ("GET", _WHAT, _list),
    ("POST", _WHAT, _post),
    ("GET", f"{_WHAT}/{{id}}", _get),
    ("PATCH", f"{_WHAT}/{{id}}", _patch),
    ("DELETE", f"{_WHAT}/{{id}}", _delete),
]
