"""Our link keys of everything listed, which delta rounds cannot carry."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import msgspec

from syncline.connectors.microsoft365.client import GraphClient, relative
from syncline.connectors.microsoft365.faults import read_fault
from syncline.connectors.microsoft365.tasks import read_task_key
from syncline.connectors.microsoft365.wire import Page, Property, Task
from syncline.domain.errors import ProviderError
from syncline.domain.values.ids import LinkKey


def list_tasks(
    client: GraphClient, list_id: str, keys: Collection[LinkKey]
) -> dict[LinkKey, Task]:
    """Tasks of a list that carry one of our keys.

    Raises:
        ProviderError: The list could not be read to its end.
    """
    found: dict[LinkKey, Task] = {}
    link, visited = client.tasks(list_id), set[str]()
    while link:
        visited.add(link)
        (answer,) = client.send([client.page(link)], "list tasks")
        if not answer.is_success:
            raise ProviderError.of(read_fault(answer))
        page = answer.decode(Page)
        for raw in page.value:
            task = _read_task(raw)
            key = read_task_key(task.linked_resources or ()) if task else None
            if task is not None and key is not None and key in keys:
                found.setdefault(key, task)
        link = relative(page.next_link) if page.next_link else ""
        if link in visited:
            raise answer.bad_response("a next link that leads in a circle")
    return found


def _read_task(raw: msgspec.Raw) -> Task | None:
    try:
        return msgspec.json.decode(raw, type=Task)
    except msgspec.MsgspecError:
        return None  # none that we made


class Keyed(msgspec.Struct, rename="camel"):
    """An item with our property and nothing else."""

    id: str
    series_master_id: str | None = None
    single_value_extended_properties: list[Property] | None = None


def list_keys(
    client: GraphClient, listings: Mapping[str, str]
) -> dict[str, dict[str, Keyed]]:
    """Items by id, of some listings that are read side by side.

    Args:
        client: The mailbox.
        listings: First links by a name of the caller's.

    Raises:
        ProviderError: A listing could not be read to its end.
    """
    found: dict[str, dict[str, Keyed]] = {name: {} for name in listings}
    links = dict(listings)
    while links:
        parts = [client.page(link) for link in links.values()]
        answers = client.send(parts, "list link keys")
        for (name, link), answer in zip(list(links.items()), answers, strict=True):
            if not answer.is_success:
                raise ProviderError.of(read_fault(answer))
            page = answer.decode(Page)
            for raw in page.value:
                found[name] |= _read_key(raw)
            if not page.next_link:
                del links[name]
            elif relative(page.next_link) == link:
                raise answer.bad_response("a next link that leads in a circle")
            else:
                links[name] = relative(page.next_link)
    return found


def _read_key(raw: msgspec.Raw) -> dict[str, Keyed]:
    try:
        item = msgspec.json.decode(raw, type=Keyed)
    except msgspec.MsgspecError:
        return {}  # it stays unknown and is looked at by itself
    return {item.id: item}
