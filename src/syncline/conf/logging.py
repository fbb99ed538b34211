"""Structured logs on standard error, with secrets taken out."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

#: Names of values that are secret whatever they hold.
_SECRET_NAMES = re.compile(r"token|secret|password|authorization|cookie", re.I)
#: Values that look like a bearer token or a Salesforce session id.
_SECRET_VALUES = re.compile(r"Bearer\s+\S+|00D\w{12,15}!\S+|eyJ[\w-]{20,}\.\S+")


def redact(
    logger: Any, method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Replace secrets in one log entry."""
    del logger, method
    for name, value in event.items():
        if _SECRET_NAMES.search(name):
            event[name] = "…"
        elif isinstance(value, str):
            event[name] = _SECRET_VALUES.sub("…", value)
    return event


def configure(*, level: int = logging.INFO) -> None:
    """Send logs to standard error, readable on a terminal, JSON elsewhere."""
    renderer: Any = structlog.processors.JSONRenderer()
    if sys.stderr.isatty():
        renderer = structlog.dev.ConsoleRenderer()
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            redact,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
