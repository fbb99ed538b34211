"""What the org's objects look like after its administrator's choices.

The objects of a fresh org, less what switched-off features bring, with the fields
that were changed or hidden.
"""

from __future__ import annotations

from dataclasses import replace

from syncline.sandbox.salesforce.entities import Field, Json, Values
from syncline.sandbox.salesforce.objects import standard_objects
from syncline.sandbox.salesforce.store import Org

CHANGEABLE = (
    "length",
    "nillable",
    "createable",
    "updateable",
    "picklist",
    "restricted",
    "default",
)
#: Fields that exist only with a feature: setting -> object -> names.
FEATURE_FIELDS: dict[str, dict[str, tuple[str, ...]]] = {
    "advanced_calendaring": {"Event": ("ClientGuid", "OriginalInstanceDateTime")},
    "shared_activities": {
        "EventRelation": ("IsInvitee", "IsParent", "IsWhat", "AccountId")
    },
}
#: Objects that exist only with a feature.
FEATURE_OBJECTS: dict[str, tuple[str, ...]] = {
    "enhanced_email": ("EmailMessage", "EmailMessageRelation"),
    "shared_activities": ("TaskRelation",),
}
FEATURES = FEATURE_FIELDS.keys() | FEATURE_OBJECTS.keys()


def reshape(org: Org) -> None:
    """Give every object the fields that it has now, and describe it anew."""
    off = {name for name in FEATURE_FIELDS if not getattr(org.settings, name)}
    for name, fresh in standard_objects().items():
        missing = {field for f in off for field in FEATURE_FIELDS[f].get(name, ())}
        fields: dict[str, Field] = {}
        for field in fresh.fields.values():
            change = org.field_changes.get(f"{name}.{field.name}", {})
            if field.name not in missing and not change.get("hidden"):
                fields[field.name] = _changed(field, change)
        org.sobjects[name].fields = fields
        org.sobjects[name].reindex()
        org.tables[name].reindex()
    org.hidden_objects = {
        name
        for feature, names in FEATURE_OBJECTS.items()
        if not getattr(org.settings, feature)
        for name in names
    }
    org.touch_metadata()


def _changed(field: Field, change: Values) -> Field:
    wanted = {name: value for name, value in change.items() if name != "hidden"}
    if "picklist" in wanted:
        wanted["picklist"] = tuple(wanted["picklist"])
    return replace(field, **wanted)


def change_field(org: Org, name: str, change: dict[str, Json]) -> None:
    """Change a field as an administrator does; `hidden` takes it away.

    Args:
        name: `Object.Field`.

    Raises:
        KeyError: There is no such field.
        ValueError: The change names something that cannot be changed.
    """
    unknown = change.keys() - {*CHANGEABLE, "hidden"}
    if unknown:
        raise ValueError(f"cannot change {', '.join(sorted(unknown))}")
    sobject_name, _, field_name = name.partition(".")
    if field_name not in standard_objects()[sobject_name].fields:
        raise KeyError(name)
    org.field_changes[name] = org.field_changes.get(name, {}) | change
    reshape(org)
