"""Words to describe objects with: kinds of fields, and what every object has."""

from __future__ import annotations

from dataclasses import replace

from syncline.sandbox.salesforce.entities import Field, Json, SObject

LONG_TEXT = 32_000
KEY_FIELD = "Syncline_Id__c"


def label_of(name: str) -> str:
    """`MailingPostalCode` -> `Mailing Postal Code`."""
    spaced = "".join(f" {c}" if c.isupper() else c for c in name.removesuffix("__c"))
    return spaced.replace("_", " ").strip().replace("  ", " ")


def of_kind(name: str, kind: str, length: int = 0, label: str = "") -> Field:
    """A field of any type."""
    return Field(name=name, label=label or label_of(name), type=kind, length=length)


def text(name: str, length: int, label: str = "") -> Field:
    """A line of text."""
    return of_kind(name, "string", length, label)


def long_text(name: str, length: int = LONG_TEXT, label: str = "") -> Field:
    """Text of several lines."""
    return of_kind(name, "textarea", length, label)


def flag(name: str, label: str = "", *, default: bool = False) -> Field:
    """Yes or no, never empty."""
    made = of_kind(name, "boolean", label=label)
    return replace(made, nillable=False, default=default)


def day(name: str, label: str = "") -> Field:
    """A date."""
    return of_kind(name, "date", label=label)


def moment(name: str, label: str = "") -> Field:
    """A date and a time, in UTC."""
    return of_kind(name, "datetime", label=label)


def number(name: str, label: str = "") -> Field:
    """A whole number."""
    return of_kind(name, "int", label=label)


def phones(*names: str) -> list[Field]:
    """Telephone numbers."""
    return [of_kind(name, "phone", 40) for name in names]


def pick(
    name: str, *values: str, restricted: bool = False, default: Json = None
) -> Field:
    """A choice; without `restricted` other values are taken as well."""
    return replace(
        of_kind(name, "picklist", 255 if restricted else 40),
        picklist=values,
        restricted=restricted,
        default=default,
        nillable=default is None,
    )


def ref(
    name: str,
    *targets: str,
    label: str = "",
    relationship: str = "",
    children: str = "",
) -> Field:
    """The id of another record.

    Args:
        children: What the other record calls the records that refer to it.
    """
    return replace(
        of_kind(name, "reference", 18, label),
        reference_to=targets,
        relationship=relationship or name.removesuffix("Id"),
        children=children,
    )


def read_only(field: Field) -> Field:
    """The field, set by the platform alone."""
    return replace(field, createable=False, updateable=False)


def at_birth(field: Field) -> Field:
    """The field, given on create and never changed."""
    return replace(field, updateable=False)


def needed(field: Field) -> Field:
    """The field, required on create."""
    return replace(field, nillable=False)


def name_field(field: Field) -> Field:
    """The field that a record is called by."""
    return replace(field, name_field=True)


def key_field() -> Field:
    """The administrator's field for Syncline's own key."""
    return replace(
        text(KEY_FIELD, 255, "Syncline Id"),
        external_id=True,
        unique=True,
        case_sensitive=True,
    )


def _system(*, owner: bool) -> list[Field]:
    record_id = replace(of_kind("Id", "id", 18, "Record ID"), default="")
    given = replace(ref("OwnerId", "User", label="Owner ID"), default="")
    stamps = [
        moment("CreatedDate"),
        ref("CreatedById", "User", label="Created By ID"),
        moment("LastModifiedDate"),
        ref("LastModifiedById", "User", label="Last Modified By ID"),
        moment("SystemModstamp"),
    ]
    return [
        needed(read_only(record_id)),
        read_only(flag("IsDeleted", "Deleted")),
        *([needed(given)] if owner else []),
        *[needed(read_only(field)) for field in stamps],
    ]


def build_object(
    name: str, plural: str, prefix: str, fields: list[Field], *, owner: bool = True
) -> SObject:
    """An object with those fields and the ones that every object has."""
    every = _system(owner=owner) + fields
    return SObject(
        name=name,
        label=label_of(name),
        label_plural=plural,
        prefix=prefix,
        fields={f.name: f for f in every},
    )


def locked_down(sobject: SObject) -> SObject:
    """An object that the API only reads."""
    sobject.fields = {n: read_only(f) for n, f in sobject.fields.items()}
    sobject.writable = False
    sobject.reindex()
    return sobject
