"""Tells the check of the field tables what the org's fields can do."""

from __future__ import annotations

from collections.abc import Mapping

from syncline.connectors.salesforce.describe import Describes
from syncline.connectors.salesforce.wire import FieldDescription
from syncline.domain.errors import ItemError, PermissionDeniedError
from syncline.domain.mapping.facts import FieldFacts
from syncline.domain.ports import CrmDirectory
from syncline.domain.values.people import Traits


class SalesforceSchema:
    """`check_mapping.OrgSchema` of one org, as one user sees it."""

    def __init__(self, describes: Describes, directory: CrmDirectory) -> None:
        """Prepare; nothing is asked."""
        self._describes = describes
        self._directory = directory

    def fields(self, object_name: str) -> Mapping[str, FieldFacts]:
        """See the port; always up to date, and cheap when nothing changed."""
        try:
            known = self._describes.refresh(object_name)
        except (ItemError, PermissionDeniedError):
            return {}
        return {name: read_field(field) for name, field in known.fields.items()}

    def traits(self) -> Traits:
        """See the port."""
        return self._directory.traits()


def read_field(field: FieldDescription) -> FieldFacts:
    """One field of a description.

    Required is what has no default and may not be empty; a checkbox is never
    empty (facts: salesforce.md, describe).
    """
    return FieldFacts(
        name=field.name,
        label=field.label,
        type=field.type,
        length=field.length,
        is_createable=field.createable,
        is_updateable=field.updateable,
        is_required=(
            field.createable
            and not field.nillable
            and not field.defaulted_on_create
            and field.type != "boolean"
        ),
        values=tuple(v.value for v in field.picklist_values if v.active),
        is_restricted=field.restricted_picklist,
    )
