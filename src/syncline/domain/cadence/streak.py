"""How failed sessions add up, and what they do to a mailbox's standing.

A session that could not do its work counts; one with item issues does not.
"""

from syncline.domain.access.mailbox import Standing
from syncline.domain.values.faults import FaultClass

#: Failed sessions in a row at which a mailbox is suspended and a notice goes out.
SUSPEND_AT = 10

#: Failed sessions in a row before a passing fault becomes an issue.
TELL_AT = 3


def standing_after_failure(
    standing: Standing, streak: int, fault_class: FaultClass | None
) -> Standing:
    """The standing after a failed session.

    Args:
        standing: What it was.
        streak: Failed sessions in a row, this one included.
        fault_class: What stopped the session; None for our own errors.
    """
    if standing in (Standing.PAUSED, Standing.DISABLED):
        return standing
    if fault_class is FaultClass.ACCESS:
        return Standing.NEEDS_RENEWAL
    if streak >= SUSPEND_AT:
        return Standing.SUSPENDED
    return standing


def standing_after_success(standing: Standing) -> Standing:
    """The standing after a session that did its work."""
    if standing in (Standing.NEEDS_RENEWAL, Standing.SUSPENDED):
        return Standing.ACTIVE
    return standing
