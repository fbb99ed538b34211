"""The last word on which way content travels, said right before a write.

Deciding already keeps to it; this is the lock on the door, so that a mistake
elsewhere cannot make a one-way profile write the other way.
"""

from __future__ import annotations

from syncline.domain.access.policy import Policy
from syncline.domain.values.faults import Fault, FaultClass
from syncline.domain.values.kinds import Direction, Kind, Side
from syncline.domain.values.operations import Operation

WRONG_WAY = "WrongDirection"


def forbidden(operation: Operation, policy: Policy) -> Fault | None:
    """Why an operation must not be sent at all; None when it may."""
    kind, side = operation.kind, operation.side
    direction = policy.direction(kind)
    if operation.link.is_mirrored and side is Side.CRM:
        return _wrong_way(operation, "a mirrored record is never written")
    is_message_write = kind is Kind.MESSAGE and side is Side.MAILBOX
    is_backwards = (direction is Direction.DOWN and side is Side.CRM) or (
        direction is Direction.UP
        and side is Side.MAILBOX
        and operation.link.origin is Side.MAILBOX
    )
    if not is_message_write and not is_backwards and kind in policy.kinds:
        return None
    return _wrong_way(
        operation, f"the profile does not let {kind}s be written to {side}"
    )


def _wrong_way(operation: Operation, message: str) -> Fault:
    return Fault(
        fault_class=FaultClass.PERMISSION,
        provider="syncline",
        operation=operation.verb,
        code=WRONG_WAY,
        message=message,
    )
