"""Items in answers to writes, completed with what such answers lack."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from syncline.connectors.microsoft365.bodies import is_text
from syncline.connectors.microsoft365.client import GraphClient
from syncline.connectors.microsoft365.tasks import task_id
from syncline.connectors.microsoft365.translate import SHAPES, Place, Shape
from syncline.connectors.microsoft365.wire import Event, Task
from syncline.domain.values.items import Item, Role
from syncline.domain.values.operations import Operation, Verb


def read_answer(client: GraphClient, operation: Operation, body: bytes) -> Item | None:
    """The item of an answer, or None when it makes no sense."""
    try:
        raw = msgspec.json.decode(body, type=SHAPES[operation.kind])
        return complete(client, operation, raw)
    except ValueError:
        return None


def complete(client: GraphClient, operation: Operation, raw: Shape) -> Item:
    """A decoded item with what is known of it besides.

    Answers to writes lack our key, which is what it was or what we set, and
    their body may be HTML, which must not pass for what was stored.

    Raises:
        ValueError: It makes no sense.
    """
    known = operation.item
    item_id = operation.target_id or raw.id
    if isinstance(raw, Task) and operation.target_id is None:
        item_id = task_id(client.places.default_list, raw.id)
    item = client.translator.read(
        raw,
        link_key_known=False,
        item_id=item_id,
        place=Place(is_filed=known is not None and known.is_filed),
    )
    if operation.verb is Verb.CREATE:
        item = replace(item, link_key=operation.key, link_key_known=True)
    elif known is not None and not item.link_key_known:
        item = replace(
            item, link_key=known.link_key, link_key_known=known.link_key_known
        )
    if item.role is Role.OCCURRENCE and known is not None:
        # Of its series, which the answer does not tell.
        item = replace(item, uid=known.uid, categories=known.categories)
    if isinstance(raw, Event | Task) and not is_text(raw.body):
        before = known.content if known else {}
        wanted = {**item.content, **before, **operation.fields}["body"]
        item = replace(item, content={**item.content, "body": wanted})
    return item
