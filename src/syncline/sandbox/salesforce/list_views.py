"""List views: a stored query over one object, as people choose it on a page."""

from __future__ import annotations

from syncline.sandbox.salesforce.entities import Record
from syncline.sandbox.salesforce.platform import Actor
from syncline.sandbox.salesforce.store import Org

#: The columns of every view, by object.
COLUMNS: dict[str, tuple[str, ...]] = {
    "Account": ("Name", "Phone", "Type"),
    "Contact": ("Name", "Account.Name", "Phone", "Email"),
    "Lead": ("Name", "Company", "Email", "Status"),
    "Opportunity": ("Name", "StageName", "CloseDate"),
    "Task": ("Subject", "ActivityDate", "Status", "Priority"),
}
#: What every query of a view selects as well.
ALWAYS = ("Id", "CreatedDate", "LastModifiedDate", "SystemModstamp")
#: Where a view keeps its own part of the query; not fields of ListView.
SCOPE_KEY, WHERE_KEY = "_scope", "_where"


def add_view(
    org: Org, sobject: str, label: str, *, name: str, scope: str = "", where: str = ""
) -> Record:
    """Add a view, or replace the one of that object and API name.

    Args:
        org: Where.
        sobject: The object that it lists.
        label: What people call it.
        name: Its API name.
        scope: `mine`, or empty for everything.
        where: A SOQL condition; empty for none.

    Raises:
        KeyError: The object has no views.
    """
    if sobject not in COLUMNS:
        raise KeyError(sobject)
    values = {
        "Name": label,
        "DeveloperName": name,
        "SobjectType": sobject,
        SCOPE_KEY: scope,
        WHERE_KEY: where,
    }
    author = Actor(org=org, user_id="")
    for known in views_of(org, sobject):
        if known.values["DeveloperName"] == name:
            return author.change(known, values)
    return author.add("ListView", values)


def add_standard_views(org: Org) -> None:
    """Add `All…` and `My…` of each object."""
    for sobject in COLUMNS:
        plural = org.sobjects[sobject].label_plural
        add_view(org, sobject, f"All {plural}", name=f"All{plural}")
        add_view(org, sobject, f"My {plural}", name=f"My{plural}", scope="mine")


def views_of(org: Org, sobject: str) -> list[Record]:
    """The views of an object, by API name."""
    found = [
        record
        for record in org.tables["ListView"].records.values()
        if record.values["SobjectType"] == sobject and not record.deleted
    ]
    return sorted(found, key=lambda record: str(record.values["DeveloperName"]))


def query_of(view: Record) -> str:
    """The SOQL that makes the list."""
    values = view.values
    sobject = values["SobjectType"]
    shown = COLUMNS[sobject]
    scope = f" USING SCOPE {values[SCOPE_KEY]}" if values[SCOPE_KEY] else ""
    where = f" WHERE {values[WHERE_KEY]}" if values[WHERE_KEY] else ""
    order = f" ORDER BY {shown[0]} ASC NULLS FIRST, Id ASC NULLS FIRST"
    columns = ", ".join((*shown, *ALWAYS))
    return f"SELECT {columns} FROM {sobject}{scope}{where}{order}"
