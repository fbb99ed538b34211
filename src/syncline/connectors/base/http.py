"""The one way in which connectors speak HTTP.

Adds the grant to each call and renews it once on 401, repeats calls that are
safe to repeat, honors Retry-After, counts requests, and turns every failure
into a `ProviderError`. Never logs bodies or headers.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

import httpx2
import msgspec

from syncline.domain.cadence.retry import CallRetry
from syncline.domain.errors import ProviderError
from syncline.domain.ports import GrantKeeper
from syncline.domain.values.faults import Fault, FaultClass

T = TypeVar("T")

TIMEOUT = httpx2.Timeout(60.0, connect=10.0)
LIMITS = httpx2.Limits(max_connections=8, max_keepalive_connections=4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back: status, headers (lower-case names) and raw body."""

    provider: str
    operation: str
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def is_success(self) -> bool:
        """Whether the provider said that it worked."""
        return 200 <= self.status < 300

    @property
    def retry_after(self) -> timedelta | None:
        """How long the provider wants to be left alone."""
        return parse_retry_after(self.headers.get("retry-after"))

    def json(self) -> Any:
        """The body as JSON.

        Raises:
            ProviderError: It is not JSON (class BAD_RESPONSE).
        """
        try:
            return msgspec.json.decode(self.body)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise self.bad_response(str(error)) from error

    def decode(self, shape: type[T]) -> T:
        """The body as a wire type.

        Raises:
            ProviderError: It does not fit (class BAD_RESPONSE).
        """
        try:
            return msgspec.json.decode(self.body, type=shape)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise self.bad_response(str(error)) from error

    def bad_response(self, why: str) -> ProviderError:
        """The error for an answer that makes no sense."""
        return ProviderError.of(
            Fault(
                fault_class=FaultClass.BAD_RESPONSE,
                provider=self.provider,
                operation=self.operation,
                status=self.status,
                code="BadResponse",
                message=why[:200],
            )
        )


def parse_retry_after(raw: str | None) -> timedelta | None:
    """Read a Retry-After header: seconds or an HTTP date."""
    if not raw:
        return None
    try:
        return timedelta(seconds=max(0.0, float(raw)))
    except ValueError:
        pass
    try:
        left = parsedate_to_datetime(raw) - datetime.now(UTC)
    except (ValueError, TypeError):
        return None
    return max(left, timedelta(0))


class Http:
    """Calls to one provider with one connection's grant."""

    def __init__(
        self,
        *,
        provider: str,
        base_url: str,
        read_fault: Callable[[Answer], Fault],
        keeper: GrantKeeper | None = None,
        client: httpx2.Client | None = None,
        retry: CallRetry | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Prepare; nothing is sent.

        Args:
            provider: Its name in faults.
            base_url: What stands before paths.
            read_fault: The connector's table that reads a failed answer.
            keeper: Adds and renews the grant; without one calls are anonymous.
            client: Shared connection pool.
            retry: How often a safe call is repeated.
            sleep: Waits between repeats.
        """
        self.provider = provider
        self.base_url = base_url.rstrip("/")
        self.requests = 0
        #: Told of each answer, failed ones included (allowances in headers).
        self.observe: Callable[[Answer], None] | None = None
        self._read_fault = read_fault
        self._keeper = keeper
        self._client = client or httpx2.Client(timeout=TIMEOUT, limits=LIMITS)
        self._retry = retry or CallRetry()
        self._sleep = sleep

    def send(
        self,
        method: str,
        path: str,
        *,
        operation: str,
        json: Any = None,
        headers: Mapping[str, str] | None = None,
        is_repeatable: bool = True,
        accept: frozenset[int] = frozenset(),
    ) -> Answer:
        """Make one call and return its answer.

        Args:
            method: HTTP verb.
            path: Below `base_url`, or a whole URL of the same provider.
            operation: Name for faults and logs.
            json: Body.
            headers: Besides the grant.
            is_repeatable: False for a write that could take effect twice; it is
                then repeated only when the provider surely did nothing.
            accept: Statuses that are answers here, not failures.

        Raises:
            ProviderError: It failed for good in this session.
        """
        attempt = 1
        has_renewed = False
        while True:
            grant = self._keeper.current() if self._keeper else None
            token = grant.access_token if grant else None
            answer, fault = self._once(method, path, operation, json, headers, token)
            if answer is not None and self.observe is not None:
                self.observe(answer)
            if answer is not None and (answer.is_success or answer.status in accept):
                return answer
            if answer is not None:
                fault = self._read_fault(answer)
            assert fault is not None
            is_stale = fault.status == 401 and not has_renewed
            if is_stale and self._keeper and grant:
                self._keeper.renew(grant)
                has_renewed = True
                continue
            wait = self._wait(fault, attempt, is_repeatable=is_repeatable)
            if wait is None:
                raise ProviderError.of(fault)
            self._sleep(wait.total_seconds())
            attempt += 1

    def pause(self, fault: Fault, attempt: int) -> bool:
        """Wait before a caller's own repeat, such as of one part of a batch.

        Args:
            fault: What made the repeat necessary; its Retry-After counts.
            attempt: Number of the attempt that failed, from 1.

        Returns:
            False, at once, when it should be given up in this session.
        """
        jitter = random.random()  # spreads repeats, guards nothing
        wait = self._retry.wait(attempt, jitter, fault.retry_after)
        if wait is None:
            return False
        self._sleep(wait.total_seconds())
        return True

    def renew(self) -> bool:
        """Renew the grant, for a 401 that hides inside a successful answer.

        Returns:
            False when there is no grant to renew.

        Raises:
            ProviderError: It cannot be renewed.
        """
        if self._keeper is None:
            return False
        self._keeper.renew(self._keeper.current())
        return True

    def _once(
        self,
        method: str,
        path: str,
        operation: str,
        json: Any,
        headers: Mapping[str, str] | None,
        token: str | None,
    ) -> tuple[Answer | None, Fault | None]:
        url = path if path.startswith("http") else f"{self.base_url}{path}"
        sent = dict(headers or {})
        if token:
            sent["Authorization"] = f"Bearer {token}"
        content = None
        if json is not None:
            content = msgspec.json.encode(json)
            sent.setdefault("Content-Type", "application/json")
        self.requests += 1
        try:
            response = self._client.request(method, url, content=content, headers=sent)
        except httpx2.TransportError as error:
            return None, Fault(
                fault_class=FaultClass.UNAVAILABLE,
                provider=self.provider,
                operation=operation,
                code=type(error).__name__,
                message=str(error)[:200],
            )
        answer = Answer(
            provider=self.provider,
            operation=operation,
            status=response.status_code,
            headers={k.lower(): v for k, v in response.headers.items()},
            body=response.content,
        )
        return answer, None

    def _wait(
        self, fault: Fault, attempt: int, *, is_repeatable: bool
    ) -> timedelta | None:
        if not fault.is_passing:
            return None
        # A gateway's 503 may hide that the call took effect.
        did_nothing = fault.status == 429 or fault.code == "ConnectError"
        if not (is_repeatable or did_nothing):
            return None
        jitter = random.random()  # spreads repeats, guards nothing
        return self._retry.wait(attempt, jitter, fault.retry_after)
