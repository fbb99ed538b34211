"""Fills an org: the base that is always there, and data that a caller brings."""

from __future__ import annotations

from syncline.sandbox.salesforce.activities import TASK_STATUSES
from syncline.sandbox.salesforce.behaviors import behavior_of
from syncline.sandbox.salesforce.entities import Grant, Json, Record, Session, Values
from syncline.sandbox.salesforce.faults import RefusedError
from syncline.sandbox.salesforce.ids import make_id
from syncline.sandbox.salesforce.list_views import add_standard_views
from syncline.sandbox.salesforce.moments import read_moment, stamp
from syncline.sandbox.salesforce.platform import Actor
from syncline.sandbox.salesforce.series_making import add_series
from syncline.sandbox.salesforce.store import Org
from syncline.sandbox.salesforce.tasks import add_statuses

ORG_NAME = "Northwind Sandbox"
MAIL_DOMAIN = "northwind-sandbox.example"
DEFAULT_TIMEZONE = "Europe/Stockholm"
SEED_CLIENT = "syncline-sandbox"
SEED_SCOPE = "api refresh_token openid"
REFERENCE = "@ref:"

BASE_USERS: tuple[dict[str, Json], ...] = (
    {"username": "ada.lindqvist", "name": "Ada Lindqvist", "syncing": True},
    {"username": "bruno.okafor", "name": "Bruno Okafor", "syncing": True},
    {"username": "dora.gone", "name": "Dora Gone", "is_active": False},
)


def seed_base(org: Org) -> None:
    """Add what `--empty` has too: the organization and its users."""
    values = _blank(org, "Organization") | {
        "Id": make_id("00D", 1),
        "Name": ORG_NAME,
        "OrganizationType": "Developer Edition",
        "IsSandbox": True,
        "InstanceName": "SB0",
        "TimeZoneSidKey": DEFAULT_TIMEZONE,
        "LanguageLocaleKey": "en_US",
    }
    org.tables["Organization"].put(Record(sobject="Organization", values=values))
    for user in BASE_USERS:
        username = f"{user['username']}@{MAIL_DOMAIN}"
        add_user(org, user | {"username": username, "email": username})
    add_base_lists(org)


def add_base_lists(org: Org) -> None:
    """Add the standard task statuses and list views."""
    add_statuses(org, list(TASK_STATUSES), TASK_STATUSES[0][0])
    add_standard_views(org)


def seed(org: Org, data: dict[str, Json]) -> None:
    """Add users and records; no rule of the org or the platform is asked.

    A value `@ref:x` stands for the id of the record seeded with `_ref: x`, which
    must come before it. `_owner` is a username. Each of `series` is what the control
    takes; the rules of the org are asked for its events.

    Raises:
        ValueError: An object, field, user or reference is unknown.
    """
    for user in data.get("users", []):
        add_user(org, user)
    references: dict[str, str] = {}
    for name, records in data.get("records", {}).items():
        if name not in org.sobjects:
            raise ValueError(f"no object {name}")
        for raw in records:
            _add_record(org, name, raw, references)
    for series in data.get("series", []):
        add_series(org, series)


def _blank(org: Org, sobject: str) -> Values:
    now = org.stamp()
    fields = org.sobjects[sobject].fields
    values = {name: field.default for name, field in fields.items()}
    for name in ("CreatedDate", "LastModifiedDate", "SystemModstamp"):
        values[name] = now
    return values


def add_user(org: Org, user: dict[str, Json]) -> None:
    """Add a user, or change the one of that username."""
    username = str(user["username"])
    name = str(user.get("name") or username.partition("@")[0])
    first, _, last = name.rpartition(" ")
    known = org.find_user(username)
    user_id = known["Id"] if known else org.next_id("User")
    values = (known or _blank(org, "User")) | {
        "Id": user_id,
        "Username": username,
        "Name": name,
        "FirstName": first or None,
        "LastName": last,
        "Email": user.get("email") or username,
        "Alias": username[:8],
        "IsActive": user.get("is_active", True),
        "TimeZoneSidKey": user.get("timezone") or DEFAULT_TIMEZONE,
        "LocaleSidKey": "en_US",
        "LanguageLocaleKey": "en_US",
        "UserType": "Standard",
        "CreatedById": user_id,
        "LastModifiedById": user_id,
    }
    org.tables["User"].put(Record(sobject="User", values=values))
    if user.get("syncing") and user_id not in org.syncing:
        org.syncing.append(user_id)
        _give_tokens(org, user_id)


def _give_tokens(org: Org, user_id: str) -> None:
    """Tokens for a syncing user, the same in every new org."""
    refresh_token = f"5Aep861.sandbox.{user_id}"
    access_token = f"{org.org_id[:15]}!AQ.sandbox.{user_id}"
    org.grants[refresh_token] = Grant(
        token=refresh_token, user_id=user_id, client_id=SEED_CLIENT, scope=SEED_SCOPE
    )
    org.sessions[access_token] = Session(
        token=access_token,
        user_id=user_id,
        client_id=SEED_CLIENT,
        scope=SEED_SCOPE,
        refresh_token=refresh_token,
    )


def _add_record(
    org: Org, name: str, raw: dict[str, Json], references: dict[str, str]
) -> None:
    sobject = org.sobjects[name]
    values = _blank(org, name)
    given = {
        key: _resolved(value, references)
        for key, value in raw.items()
        if not key.startswith("_")
    }
    unknown = given.keys() - sobject.fields.keys()
    if unknown:
        raise ValueError(f"{name} has no field {', '.join(sorted(unknown))}")
    for key, value in given.items():
        values[key] = _stored(sobject.fields[key].type, value)
    values["Id"] = org.next_id(name)
    owner = _owner_id(org, raw.get("_owner"))
    for key in ("OwnerId", "CreatedById", "LastModifiedById"):
        if key in values and not given.get(key):
            values[key] = owner
    actor = Actor(org=org, user_id=owner, by_person=True)
    logic = behavior_of(name)
    try:
        logic.fill(actor, values, {key: values[key] for key in given}, None)
    except RefusedError as error:
        raise ValueError(str(error)) from error
    same = logic.find_same(actor, values)
    if same is not None:
        actor.change(same, {key: values[key] for key in (*given, "IsInvitee")})
        return
    if raw.get("_ref"):
        references[str(raw["_ref"])] = values["Id"]
    made = Record(
        sobject=name,
        values=values,
        locked=bool(raw.get("_locked")),
        read_only=bool(raw.get("_read_only")),
    )
    org.put(made, by_person=True)
    logic.saved(actor, made, None)


def _resolved(value: Json, references: dict[str, str]) -> Json:
    if not (isinstance(value, str) and value.startswith(REFERENCE)):
        return value
    name = value.removeprefix(REFERENCE)
    if name not in references:
        raise ValueError(f"no record was seeded as {name}")
    return references[name]


def _stored(kind: str, value: Json) -> Json:
    if kind == "datetime" and isinstance(value, str):
        moment = read_moment(value)
        return stamp(moment) if moment else value
    return value


def _owner_id(org: Org, username: Json) -> str:
    if not username:
        return org.syncing[0]
    user = org.find_user(str(username))
    if user is None:
        raise ValueError(f"no user {username}")
    return str(user["Id"])
