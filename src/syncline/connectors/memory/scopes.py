"""What of each side is followed: the same rules for both ends of a pair."""

from __future__ import annotations

from datetime import date, datetime

from syncline.connectors.memory.manifest import MESSAGE_REACH, TASK_REACH
from syncline.domain.values.content import parse_instant
from syncline.domain.values.items import Item, Record
from syncline.domain.values.kinds import Kind


def is_followed_item(item: Item, now: datetime) -> bool:
    """False for tasks that were completed long ago."""
    if item.kind is not Kind.TASK or not item.content["completed_on"]:
        return True
    completed = date.fromisoformat(str(item.content["completed_on"]))
    return completed >= (now - TASK_REACH).date()


def is_followed_record(record: Record, now: datetime) -> bool:
    """False for tasks that were completed long ago."""
    completed = record.fields.get("CompletedDateTime")
    if record.kind is not Kind.TASK or not completed:
        return True
    return parse_instant(str(completed)) >= now - TASK_REACH


def is_recent_item(item: Item, now: datetime) -> bool:
    """False for messages that a first reading passes over."""
    arrived = item.content.get("received_at") or item.content.get("sent_at")
    if item.kind is not Kind.MESSAGE or not arrived:
        return True
    return parse_instant(str(arrived)) >= now - MESSAGE_REACH
