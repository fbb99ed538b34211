"""Faults on demand: what a side answers when it is told to fail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from syncline.connectors.memory.manifest import PROVIDER
from syncline.domain.errors import ProviderError
from syncline.domain.values.faults import Fault, FaultClass
from syncline.domain.values.ids import LinkKey
from syncline.domain.values.items import Item, Record
from syncline.domain.values.operations import Verb


class Call(StrEnum):
    """What may be asked of a side."""

    #: Read everything that changed.
    READ = "read"
    #: Look at single things.
    FETCH = "fetch"
    #: Look for records that exist already.
    FIND = "find"
    #: Carry out operations.
    WRITE = "write"
    #: Put categories on items.
    MARK = "mark"
    #: Bring a file of a message.
    ATTACHMENT = "attachment"


Rule = Callable[[Verb, Item | Record], Fault | None]
"""Sees a thing as it would stand after a write and may refuse it."""


@dataclass(slots=True, kw_only=True)
class Planned:
    """One failure that waits to happen.

    Without `verb` and `key` the whole call fails; with one of them only the
    operations that match. `is_after` lets the effect happen first, as when an
    answer is lost. An exception in `error` is raised in place of the fault.
    """

    call: Call
    fault: Fault | None = None
    error: BaseException | None = None
    times: int = 1
    is_after: bool = False
    verb: Verb | None = None
    key: LinkKey | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it concerns the call, not single operations."""
        return self.verb is None and self.key is None


@dataclass(slots=True)
class Desk:
    """Where a side's calls arrive: counts them and lets them fail.

    `requests` counts calls; `writes` counts things that were really changed;
    `guest_mails` counts mails that the provider sent to guests for them.
    """

    requests: int = 0
    writes: int = 0
    guest_mails: int = 0
    planned: list[Planned] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    #: Ids that exist and cannot be read.
    unreadable: set[str] = field(default_factory=set)

    def arrive(self, call: Call) -> None:
        """Count a call.

        Raises:
            ProviderError: It was planned to fail before it took effect.
        """
        self.requests += 1
        self._fail(call, is_after=False)

    def leave(self, call: Call) -> None:
        """End a call that took effect.

        Raises:
            ProviderError: Its answer was planned to be lost.
        """
        self._fail(call, is_after=True)

    def _fail(self, call: Call, *, is_after: bool) -> None:
        for plan in self.planned:
            if plan.is_whole and plan.call is call and plan.is_after is is_after:
                self._use_up(plan)
                raise _error(plan)

    def fault_of(self, verb: Verb, key: LinkKey, *, is_after: bool) -> Fault | None:
        """The planned fault of one operation, used up by this."""
        for plan in self.planned:
            if plan.call is not Call.WRITE or plan.is_whole:
                continue
            fits = plan.verb in (None, verb) and plan.key in (None, key)
            if fits and plan.is_after is is_after:
                self._use_up(plan)
                if plan.error is not None:
                    raise plan.error
                return plan.fault
        return None

    def refusal(self, verb: Verb, thing: Item | Record) -> Fault | None:
        """What the first rule that refuses a write says."""
        answers = (rule(verb, thing) for rule in self.rules)
        return next((fault for fault in answers if fault is not None), None)

    def _use_up(self, plan: Planned) -> None:
        plan.times -= 1
        if plan.times <= 0:
            self.planned = [p for p in self.planned if p is not plan]


def _error(plan: Planned) -> BaseException:
    if plan.error is not None:
        return plan.error
    return ProviderError.of(plan.fault or make_fault(FaultClass.UNAVAILABLE, "Down"))


def make_fault(fault_class: FaultClass, code: str, *fields: str) -> Fault:
    """A fault of this provider."""
    return Fault(
        fault_class=fault_class,
        provider=PROVIDER,
        code=code,
        message=code,
        fields=fields,
    )


def refused(code: str, *fields: str) -> Fault:
    """What is said of a write that must not be made."""
    return make_fault(FaultClass.REJECTED, code, *fields)


def out_of_sight() -> Fault:
    """What is said of a thing that is there and not shown to us."""
    return make_fault(FaultClass.PERMISSION, "OutOfSight")


def gone() -> Fault:
    """What is said of a thing that is not there."""
    return make_fault(FaultClass.NOT_FOUND, "Gone")


def stale() -> Fault:
    """What is said of a version that is not the newest."""
    return make_fault(FaultClass.VERSION, "Stale")
