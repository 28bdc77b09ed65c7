"""Logging: JSON lines with allow-listed keys, so that no message text and no fact value can slip in."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from contextvars import ContextVar
from typing import Any

import structlog

ALLOWED = (
    "event", "level", "timestamp", "request_id", "method", "route", "status", "ms", "message_id", "fault",
    "error_type", "reference", "pid", "port", "pause", "code", "count", "state",
)  # fmt: skip
request_id: ContextVar[str] = ContextVar("request_id", default="")


def _allow_listed(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Keep only known keys; name the others so that the loss is noticed without their values."""
    dropped = sorted(event.keys() - set(ALLOWED))
    kept = {key: value for key, value in event.items() if key in ALLOWED}
    if dropped:
        kept["dropped"] = dropped
    if current := request_id.get():
        kept.setdefault("request_id", current)
    return kept


def configure(level: str) -> None:
    """Send our log lines to standard error as JSON and silence what other libraries would print of
    their own."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _allow_listed,
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        # Looked up for each line: whoever replaced standard error may have closed what it was before.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    # Libraries log exceptions with their arguments, which may hold what a person typed: only their names
    # pass.
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        logging.Formatter('{"event": "library", "level": "%(levelname)s", "route": "%(name)s"}')
    )
    logging.basicConfig(level=logging.ERROR, handlers=[handler], force=True)


def logger() -> structlog.typing.FilteringBoundLogger:
    """The service's logger."""
    return structlog.get_logger()  # type: ignore[no-any-return]
