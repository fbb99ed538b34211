"""What a provider answered when it did not do what we asked, normalized."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class FaultClass(StrEnum):
    """What a fault means for us, whatever the provider calls it."""

    #: The grant is used up, revoked or not accepted: a person signs in again.
    ACCESS = "access"
    #: The person or app may not do this.
    PERMISSION = "permission"
    #: Too many calls; passes by itself.
    THROTTLED = "throttled"
    #: The allowance of calls for the day is spent.
    ALLOWANCE = "allowance"
    #: Provider or network is not there; passes by itself.
    UNAVAILABLE = "unavailable"
    #: The item or record is not there (deleted, moved or hidden).
    NOT_FOUND = "not_found"
    #: It changed since we read it.
    VERSION = "version"
    #: It exists already.
    EXISTS = "exists"
    #: The provider refuses the content.
    REJECTED = "rejected"
    #: The resume point is no longer good.
    WATERMARK = "watermark"
    #: The answer makes no sense.
    BAD_RESPONSE = "bad_response"


#: Faults that pass by themselves and are worth repeating.
PASSING = frozenset(
    {FaultClass.THROTTLED, FaultClass.UNAVAILABLE, FaultClass.BAD_RESPONSE}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One refusal or failure, with the facts and no sentence for people.

    `message` is the provider's own text: shown only as a detail. `fields` are
    the provider's field names; `matches` are ids of records that it says are
    the same one.
    """

    fault_class: FaultClass
    provider: str
    operation: str = ""
    status: int = 0
    code: str = ""
    message: str = ""
    fields: tuple[str, ...] = ()
    matches: tuple[str, ...] = ()
    request_id: str = ""
    retry_after: timedelta | None = None

    @property
    def is_passing(self) -> bool:
        """Whether waiting alone may cure it."""
        return self.fault_class in PASSING
