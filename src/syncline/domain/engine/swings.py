"""Notice that somebody undoes what we write, again and again.

Two programs that keep the same things in step answer each other for ever. The
last writes of a link are remembered; when the same content would be written to
the same side a third time within a day, and the writes before went to and fro,
the item is left alone.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta

from syncline.domain.values.content import encode
from syncline.domain.values.kinds import Side
from syncline.domain.values.links import Link, Swing
from syncline.domain.values.operations import Operation, Verb

#: Alternations after which an item is left alone (product decision 9).
LIMIT = 4
WITHIN = timedelta(days=1)
_KEPT = 8


def swing_of(operation: Operation, now: datetime) -> Swing:
    """What is remembered of a write."""
    content = operation.fields
    if operation.side is Side.MAILBOX:
        content = encode(content)
    text = json.dumps(dict(content), sort_keys=True, default=str)
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    return Swing(side=operation.side, digest=digest, at=now)


def is_swinging(operation: Operation, now: datetime) -> bool:
    """Whether this update would only go on with a ping-pong."""
    if operation.verb is not Verb.UPDATE:
        return False
    recent = [s for s in operation.link.swings if now - s.at < WITHIN]
    if len(recent) < LIMIT:
        return False
    mine = swing_of(operation, now)
    return sum(s.side is mine.side and s.digest == mine.digest for s in recent) >= (
        LIMIT // 2
    )


def with_swing(link: Link, operation: Operation, now: datetime) -> tuple[Swing, ...]:
    """The link's remembered writes after one more."""
    if operation.verb is not Verb.UPDATE:
        return link.swings
    recent = [s for s in link.swings if now - s.at < WITHIN]
    return (*recent, swing_of(operation, now))[-_KEPT:]
