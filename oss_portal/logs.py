"""Structured logs: one JSON object a line, with the request id and without personal data.

All that is logged in any process goes through here, from libraries and servers too: values are scrubbed, addresses
lose their query, errors keep their type and place but not the values they quote.
"""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Mapping, MutableMapping
from types import TracebackType
from typing import Any

import structlog
from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware as _RequestMiddleware

from vietnam.scrubbing import scrub, scrub_error

Event = MutableMapping[str, Any]
_HARMLESS = ("timestamp", "request_id", "logger", "level")
_EXTRA = ("account", "limit", "provider", "why", "topic", "message_id")  # what our own lines say beside their sentence
_MOST_CHAINED = 10
_DEEPEST = 5

structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.filter_by_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)


# C1 controls, ends of lines and paragraphs, marks of direction.
_UNSEEN = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def json_formatter() -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.ExtraAdder(allow=_EXTRA),
            structlog.stdlib.add_logger_name,
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.ExceptionRenderer(_written_error),
            without_personal_data,
            structlog.processors.JSONRenderer(ensure_ascii=False, default=lambda value: scrub_error(repr(value))),
            _on_one_line,
        ],
    )


def _on_one_line(_logger: Any, _method: str, line: Any) -> str:
    """JSON leaves signs as they are that some readers take for the end of a line, and that turn what stands beside
    them round on a screen: nobody writes a line of their own into the log."""
    return _UNSEEN.sub(lambda sign: f"\\u{ord(sign.group()):04x}", line)


def without_personal_data(_logger: Any, _method: str, event: Event) -> Event:
    """The last step before a line is written: every text in it scrubbed."""
    if "exception" in event:
        event["event"] = scrub_error(str(event.get("event", "")))  # Celery writes the error into its sentence
    return {
        name: value if name in _HARMLESS else _scrubbed(value) for name, value in event.items() if name != "user_agent"
    }


def _scrubbed(value: Any, depth: int = 0) -> Any:
    if isinstance(value, str):
        return scrub(value)
    if isinstance(value, BaseException):
        return f"{type(value).__name__}: {scrub_error(str(value))}"
    if depth < _DEEPEST and isinstance(value, Mapping):
        return {str(name): _scrubbed(each, depth + 1) for name, each in value.items()}
    if depth < _DEEPEST and isinstance(value, list | tuple | set | frozenset):
        return [_scrubbed(each, depth + 1) for each in value]
    return value


def _written_error(exc_info: tuple[type[BaseException], BaseException, TracebackType | None]) -> str:
    """The chain of errors with their places, the first cause on top, as Python prints it."""
    parts: list[str] = []
    error: BaseException | None = exc_info[1]
    while error is not None and len(parts) < _MOST_CHAINED:
        places = "".join(traceback.format_tb(error.__traceback__))
        kind = type(error)
        parts.append(f"{places}{kind.__module__}.{kind.__qualname__}: {scrub_error(str(error))}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n\n".join(reversed(parts))


class RequestMiddleware(_RequestMiddleware):
    """Logs each request by its path alone: what stands after the question mark may be somebody's."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return f"{request.method} {request.path}"
