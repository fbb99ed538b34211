"""The exception tree. Exceptions carry facts, never sentences for people.

SynclineError
  ProviderError                 a provider refused or failed (carries a Fault)
    GrantError                  access
    PermissionDeniedError
    PassingError                throttled, unavailable, senseless answer
    ItemError                   not found, version, exists, rejected
    WatermarkExpiredError       stream
    AllowanceSpentError         the day's calls are spent
  SyncError                     the engine's own
    FencedError                 another worker owns the mailbox now
    InterruptedSessionError     time is up, or somebody asked to stop
  ConfigurationError            found by `syncline check`, with id and hint
"""

from __future__ import annotations

from syncline.domain.values.faults import Fault, FaultClass


class SynclineError(Exception):
    """Anything that Syncline itself raises."""


class ProviderError(SynclineError):
    """A provider's refusal or failure that concerns the whole call."""

    def __init__(self, fault: Fault) -> None:
        """Carry the fault; its text is for logs."""
        super().__init__(f"{fault.provider} {fault.status} {fault.code}".strip())
        self.fault = fault

    @staticmethod
    def of(fault: Fault) -> ProviderError:
        """The right subclass for a fault."""
        return _ERROR_OF_CLASS[fault.fault_class](fault)


class GrantError(ProviderError):
    """The grant is expired, revoked or refused: a person must renew it."""


class PermissionDeniedError(ProviderError):
    """The account may not do this."""


class PassingError(ProviderError):
    """Throttled, unavailable or garbled; may work later."""


class ItemError(ProviderError):
    """About one thing: not found, changed meanwhile, existing, rejected."""


class WatermarkExpiredError(ProviderError):
    """The resume point is no longer good; read everything anew."""


class AllowanceSpentError(ProviderError):
    """The day's allowance of calls is spent."""


_ERROR_OF_CLASS: dict[FaultClass, type[ProviderError]] = {
    FaultClass.ACCESS: GrantError,
    FaultClass.PERMISSION: PermissionDeniedError,
    FaultClass.THROTTLED: PassingError,
    FaultClass.UNAVAILABLE: PassingError,
    FaultClass.BAD_RESPONSE: PassingError,
    FaultClass.ALLOWANCE: AllowanceSpentError,
    FaultClass.NOT_FOUND: ItemError,
    FaultClass.VERSION: ItemError,
    FaultClass.EXISTS: ItemError,
    FaultClass.REJECTED: ItemError,
    FaultClass.WATERMARK: WatermarkExpiredError,
}


class SyncError(SynclineError):
    """The engine cannot go on with this session."""


class FencedError(SyncError):
    """Another worker took the mailbox over; nothing of ours may be stored."""


class InterruptedSessionError(SyncError):
    """The session's time is up, or a person asked it to stop."""


class MailboxBusyError(SyncError):
    """A session of this mailbox is running already."""


class MailboxNotActiveError(SyncError):
    """The mailbox is paused or disabled; nothing was done."""


class ConfigurationError(SynclineError):
    """Something is set up wrongly; found before any work is done."""

    def __init__(self, problem_id: str, problem: str, hint: str) -> None:
        """Name the problem and what to do about it."""
        super().__init__(f"{problem} {hint}".strip())
        self.problem_id = problem_id
        self.problem = problem
        self.hint = hint
