"""Control endpoints of this org, beside those that every sandbox has.

README.md lists them with their bodies.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields

from syncline.sandbox.salesforce import mishaps
from syncline.sandbox.salesforce.entities import Json, Record
from syncline.sandbox.salesforce.list_views import add_view
from syncline.sandbox.salesforce.rules import RULES
from syncline.sandbox.salesforce.schema import FEATURES, change_field, reshape
from syncline.sandbox.salesforce.seed import seed
from syncline.sandbox.salesforce.series_making import add_series
from syncline.sandbox.salesforce.store import Org, Settings
from syncline.sandbox.salesforce.tasks import add_statuses

Asked = dict[str, Json]


def set_rule(org: Org, asked: Asked) -> None:
    """Switch a rule on or off, or let a duplicate rule block or only warn.

    Raises:
        KeyError: There is no such rule.
    """
    name = asked["name"]
    if name not in {rule.name for rule in RULES}:
        raise KeyError(name)
    if "active" in asked:
        switch = org.active_rules.add if asked["active"] else org.active_rules.discard
        switch(name)
    if "allow_save" in asked:
        allowed = bool(asked["allow_save"])
        turn = org.blocking_rules.discard if allowed else org.blocking_rules.add
        turn(name)
    org.touch_metadata()


def set_user(org: Org, asked: Asked) -> None:
    """Activate or deactivate a user, or let the user use the API or not.

    Raises:
        KeyError: There is no such user.
    """
    user = org.find_user(asked["username"])
    if user is None:
        raise KeyError(asked["username"])
    if "api_enabled" in asked:
        allowed = bool(asked["api_enabled"])
        change = org.without_api.discard if allowed else org.without_api.add
        change(user["Id"])
    if "is_active" in asked:
        now = org.stamp()
        stamps = {"LastModifiedDate": now, "SystemModstamp": now}
        values = user | {"IsActive": bool(asked["is_active"])} | stamps
        org.tables["User"].put(Record(sobject="User", values=values))


def set_field(org: Org, asked: Asked) -> None:
    """Change a field's definition.

    Raises:
        KeyError: There is no such field.
        ValueError: The change is not possible.
    """
    change = {name: value for name, value in asked.items() if name != "field"}
    change_field(org, asked["field"], change)


def set_settings(org: Org, asked: Asked) -> None:
    """Change the org as a whole, and what is used of its daily limit.

    Raises:
        ValueError: There is no such setting.
    """
    known = {column.name for column in fields(Settings)}
    wanted = {n: v for n, v in asked.items() if n != "used_api_requests"}
    if unknown := wanted.keys() - known:
        raise ValueError(f"no setting {', '.join(sorted(unknown))}")
    for name, value in wanted.items():
        setattr(org.settings, name, value)
    if "used_api_requests" in asked:
        org.usage = {org.now().isoformat()[:13]: int(asked["used_api_requests"])}
    if wanted.keys() & FEATURES:
        reshape(org)


def set_task_statuses(org: Org, asked: Asked) -> None:
    """Give the org its own list of task statuses.

    Raises:
        ValueError: None of them is closed, or none is open.
    """
    statuses = [(str(s["label"]), bool(s.get("closed"))) for s in asked["statuses"]]
    if {closed for _, closed in statuses} != {True, False}:
        raise ValueError("a list needs an open and a closed status")
    default = next(label for label, closed in statuses if not closed)
    add_statuses(org, statuses, default)
    labels = [label for label, _ in statuses]
    change_field(org, "Task.Status", {"picklist": labels, "default": default})


def set_list_view(org: Org, asked: Asked) -> Json:
    """Add or replace a list view; answers its id.

    Raises:
        KeyError: The object has no views, or something is not given.
    """
    view = add_view(
        org,
        asked["sobject"],
        asked["label"],
        name=asked["developer_name"],
        scope=asked.get("scope", ""),
        where=asked.get("where", ""),
    )
    return {"id": view.id}


CONTROLS: dict[str, Callable[[Org, Asked], Json]] = {
    "/org/rules": set_rule,
    "/org/users": set_user,
    "/org/records": mishaps.set_record,
    "/org/stamps": mishaps.set_stamps,
    "/org/late_commit": mishaps.write_late,
    "/org/merge": mishaps.merge,
    "/org/convert": mishaps.convert,
    "/org/purge": mishaps.purge,
    "/org/archive": mishaps.archive,
    "/org/list_views": set_list_view,
    "/org/fields": set_field,
    "/org/settings": set_settings,
    "/org/series": add_series,
    "/org/task_statuses": set_task_statuses,
    "/org/seed": seed,
}
