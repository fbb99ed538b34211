"""List views: which contacts a profile's view holds."""

from __future__ import annotations

import re
from dataclasses import dataclass

from syncline.connectors.salesforce import soql
from syncline.connectors.salesforce.client import PartResult, SalesforceClient
from syncline.connectors.salesforce.faults import view_fault
from syncline.connectors.salesforce.ids import is_id
from syncline.connectors.salesforce.scope import mine
from syncline.connectors.salesforce.wire import ViewDescription
from syncline.domain.errors import ProviderError
from syncline.domain.values.faults import FaultClass

#: REST guide, "List View Describe": `query` is the SOQL that makes the list.
_QUERY = re.compile(
    r"\bFROM\s+Contact\b(?:\s+USING\s+SCOPE\s+(?P<scope>\w+))?"
    r"(?:\s+WHERE\s+(?P<where>.*?))?(?P<rest>\s+(?:ORDER\s+BY|LIMIT)\s[^']*)?\s*$",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListView:
    """One view of contacts: a condition, and perhaps a scope such as `team`."""

    id: str
    using: str = ""
    condition: str = ""


def view_url(client: SalesforceClient, view_id: str) -> str:
    """The address of a view's description."""
    return f"{client.root}/sobjects/Contact/listviews/{view_id}/describe"


def read_view(view_id: str, result: PartResult, user_id: str) -> ListView:
    """A view from its description.

    Raises:
        ProviderError: It is gone, hidden, or says something that makes no sense.
    """
    if result.fault is not None:
        is_gone = result.fault.fault_class is FaultClass.NOT_FOUND
        raise ProviderError.of(view_fault(view_id) if is_gone else result.fault)
    found = result.answer.decode(ViewDescription)
    query = _QUERY.search(found.query)
    if query is None:
        raise result.answer.bad_response("a list view without its query")
    scope = (query["scope"] or "").lower()
    conditions = [f"({query['where']})"] if query["where"] else []
    if scope == "mine":
        conditions.insert(0, mine(user_id))
    return ListView(
        id=view_id,
        using=scope if scope not in ("", "mine", "everything") else "",
        condition=" AND ".join(conditions),
    )


def find_view(client: SalesforceClient, name: str) -> str:
    """The id of a view of contacts that is called by id, API name or label.

    Raises:
        ProviderError: There is none that this user may see.
    """
    if is_id(name):
        return name
    named = soql.either(
        f"DeveloperName = {soql.text(name)}", f"Name = {soql.text(name)}"
    )
    query = soql.select(["Id"], "ListView", ["SobjectType = 'Contact'", named], "Id")
    for row in client.query(query, operation="find list view"):
        view_id = row.get("Id")
        if isinstance(view_id, str) and is_id(view_id):
            return view_id
    raise ProviderError.of(view_fault(name))
