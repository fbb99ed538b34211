"""What an org consists of: objects with fields, and records."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias

#: A value that came from, or goes to, JSON.
Json: TypeAlias = Any
Values: TypeAlias = dict[str, Json]

FILTERABLE_TEXT_LENGTH = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One column of an object, as describe tells it."""

    name: str
    label: str
    type: str
    length: int = 0
    createable: bool = True
    updateable: bool = True
    nillable: bool = True
    #: What a new record gets when the field is not given.
    default: Json = None
    picklist: tuple[str, ...] = ()
    restricted: bool = False
    reference_to: tuple[str, ...] = ()
    relationship: str | None = None
    #: What the record referred to calls the records that refer to it.
    children: str = ""
    external_id: bool = False
    unique: bool = False
    case_sensitive: bool = False
    name_field: bool = False

    @property
    def custom(self) -> bool:
        """Whether the org's administrator made it."""
        return self.name.endswith("__c")

    @property
    def filterable(self) -> bool:
        """Whether a query may compare it; long text may not."""
        if self.type in ("base64", "junctionIdList"):
            return False
        return self.type != "textarea" or self.length <= FILTERABLE_TEXT_LENGTH

    @property
    def required(self) -> bool:
        """Whether a create without it fails."""
        return self.createable and not self.nillable and self.default is None


@dataclass(slots=True, kw_only=True)
class SObject:
    """One kind of record."""

    name: str
    label: str
    label_plural: str
    prefix: str
    fields: dict[str, Field]
    #: False for what only an administrator changes, such as users.
    writable: bool = True
    #: False for what comes into being with another record.
    is_createable: bool = True
    by_lower_name: dict[str, Field] = field(init=False)
    by_relationship: dict[str, Field] = field(init=False)

    def __post_init__(self) -> None:
        """Index the fields."""
        self.reindex()

    def reindex(self) -> None:
        """Index the fields again after one was changed."""
        self.by_lower_name = {f.name.lower(): f for f in self.fields.values()}
        self.by_relationship = {
            f.relationship.lower(): f for f in self.fields.values() if f.relationship
        }

    def find(self, name: str) -> Field | None:
        """The field of that name, in any case."""
        return self.by_lower_name.get(name.lower())

    @property
    def has_owner(self) -> bool:
        """Whether its records belong to a user."""
        return "OwnerId" in self.fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One stored record; never changed, only replaced."""

    sobject: str
    values: Values
    #: In an approval process.
    locked: bool = False
    #: Shared for reading only.
    read_only: bool = False
    #: Users whom sharing no longer shows it to.
    hidden_from: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Its 18-character id."""
        value: str = self.values["Id"]
        return value

    @property
    def deleted(self) -> bool:
        """Whether it lies in the recycle bin."""
        return bool(self.values.get("IsDeleted"))

    @property
    def owner_id(self) -> str:
        """The user it belongs to; empty for objects without owner."""
        return self.values.get("OwnerId") or ""

    @property
    def title(self) -> str:
        """What a person calls it."""
        values = self.values
        for name in ("Name", "Subject", "CaseNumber", "Title"):
            if values.get(name):
                return str(values[name])
        return self.id


@dataclass(slots=True, kw_only=True)
class LateCommit:
    """A record as it will be when its transaction ends."""

    record: Record
    #: How many queries still miss it.
    reads: int


@dataclass(slots=True, kw_only=True)
class Grant:
    """A refresh token: one user's approval of one application."""

    token: str
    user_id: str
    client_id: str
    scope: str
    #: False for the ones made with the org, which nobody approved on a page.
    approved: bool = False


@dataclass(slots=True, kw_only=True)
class Session:
    """An access token."""

    token: str
    user_id: str
    client_id: str
    scope: str
    refresh_token: str


@dataclass(slots=True, kw_only=True)
class Code:
    """An authorization code that waits to be exchanged, once."""

    code: str
    user_id: str
    client_id: str
    redirect_uri: str
    scope: str
    challenge: str
    method: str
    issued_at: str


@dataclass(slots=True, kw_only=True)
class Cursor:
    """The rest of a query's result, kept for `nextRecordsUrl`."""

    user_id: str
    soql: str
    batch_size: int
    ids: list[str]
    include_deleted: bool
