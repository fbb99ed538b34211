"""Control endpoints of this org, beside those that every sandbox has.

POST /_control/org/rules     {"name", "active"}
POST /_control/org/users     {"username", "is_active"}
POST /_control/org/records   {"id", "locked" | "read_only"}
POST /_control/org/fields    {"field": "Contact.Title", "length", "nillable",
                              "hidden", "createable", "updateable", "picklist"}
POST /_control/org/settings  {"daily_api_requests", "rotate_refresh_tokens",
                              "used_api_requests"}
POST /_control/org/seed      what `seed` takes
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from syncline.sandbox.salesforce.entities import Json, Record
from syncline.sandbox.salesforce.ids import long_id
from syncline.sandbox.salesforce.rules import RULES
from syncline.sandbox.salesforce.saving import apply_field_change
from syncline.sandbox.salesforce.seed import seed
from syncline.sandbox.salesforce.store import Org

Asked = dict[str, Json]


def set_rule(org: Org, asked: Asked) -> None:
    """Switch a rule on or off.

    Raises:
        KeyError: There is no such rule.
    """
    name = asked["name"]
    if name not in {rule.name for rule in RULES}:
        raise KeyError(name)
    if asked["active"]:
        org.active_rules.add(name)
    else:
        org.active_rules.discard(name)
    org.touch_metadata()


def set_user(org: Org, asked: Asked) -> None:
    """Activate or deactivate a user.

    Raises:
        KeyError: There is no such user.
    """
    user = org.find_user(asked["username"])
    if user is None:
        raise KeyError(asked["username"])
    values = user | {"IsActive": bool(asked["is_active"])}
    now = org.stamp()
    values |= {"LastModifiedDate": now, "SystemModstamp": now}
    org.tables["User"].put(Record(sobject="User", values=values))


def set_record(org: Org, asked: Asked) -> None:
    """Lock a record, make it read-only, or release it.

    Raises:
        KeyError: There is no such record.
    """
    record = org.find_record(long_id(asked["id"]) or "")
    if record is None:
        raise KeyError(asked["id"])
    locked = bool(asked.get("locked", record.locked))
    read_only = bool(asked.get("read_only", record.read_only))
    changed = replace(record, locked=locked, read_only=read_only)
    org.tables[record.sobject].put(changed)


def set_field(org: Org, asked: Asked) -> None:
    """Change a field's definition.

    Raises:
        KeyError: There is no such field.
        ValueError: The change is not possible.
    """
    change = {name: value for name, value in asked.items() if name != "field"}
    apply_field_change(org, asked["field"], change)
    org.touch_metadata()


def set_settings(org: Org, asked: Asked) -> None:
    """Change the daily limit, what is used of it, or token rotation."""
    for name in ("daily_api_requests", "rotate_refresh_tokens"):
        if name in asked:
            setattr(org.settings, name, asked[name])
    if "used_api_requests" in asked:
        org.usage = {org.now().isoformat()[:13]: int(asked["used_api_requests"])}


CONTROLS: dict[str, Callable[[Org, Asked], None]] = {
    "/org/rules": set_rule,
    "/org/users": set_user,
    "/org/records": set_record,
    "/org/fields": set_field,
    "/org/settings": set_settings,
    "/org/seed": seed,
}
