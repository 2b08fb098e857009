"""Logging to stderr: one line per event, in one format for all libraries, without secrets.

Callers write `log = structlog.get_logger(__name__)` and `log.info("answered", quotes=3)`: an event and its fields.
Users' messages are only logged at DEBUG. Values bound with structlog.contextvars are in every line of that context.
"""

from __future__ import annotations

import logging
import os
import re
import sys
import threading
from types import TracebackType
from typing import IO, Any, Literal, TypeAlias
from urllib.parse import quote

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict, Processor

from index.console import below

LogLevel: TypeAlias = Literal["debug", "info", "warning"]
LogFormat: TypeAlias = Literal["logfmt", "json", "pretty"]

_CHATTY = ("httpx", "httpcore", "apscheduler", "tornado.access")  # they log every poll, job or visit
_FIRST = ["timestamp", "level", "logger", "event"]
# Characters that end a line, move a terminal's cursor or change the direction of text.
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_SHORT = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}

# Applied to every event, also to those of other libraries.
_SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
    structlog.processors.format_exc_info,
]

# Configured on import, since structlog would otherwise print to stdout; from now on it uses the standard loggers.
structlog.configure(
    processors=[structlog.stdlib.filter_by_level, *_SHARED, ProcessorFormatter.wrap_for_formatter],
    wrapper_class=structlog.stdlib.BoundLogger,
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)


class Secrets:
    """Secrets, which are replaced in texts before anybody sees these."""

    def __init__(self) -> None:
        self._hidden: tuple[tuple[re.Pattern[str], str], ...] = ()

    def add_token(self, token: str) -> None:
        """Hide a bot's token, whole, truncated or URL-encoded, and its secret half alone."""
        number, secret = token.split(":")
        self._add(rf"{number}(?::|%(?:25)*3A)[A-Za-z0-9_-]+|{re.escape(secret)}", "<token>")

    def add(self, secret: str) -> None:
        """Hide another secret, such as a webhook's, also where it is URL-encoded."""
        self._add("|".join(re.escape(form) for form in {secret, quote(secret, safe="")}), "<secret>")

    def hide(self, text: str) -> str:
        """Return the text with the secrets replaced."""
        for pattern, shown in self._hidden:
            text = pattern.sub(shown, text)
        return text

    def _add(self, pattern: str, shown: str) -> None:
        self._hidden = (*self._hidden, (re.compile(pattern, re.IGNORECASE), shown))


secrets = Secrets()  # of this process; code that receives another one adds it, and code that shows a traceback hides it


def configure_logging(token: str | None = None, level: LogLevel = "info", line_format: LogFormat = "logfmt") -> None:
    """Log to stderr from a level on, through one handler, without the token; on a terminal, use colours for logfmt.

    With a token, also log uncaught exceptions of all threads, and Python's warnings, so that they do not show it.
    """
    if token:
        secrets.add_token(token)
        logging.captureWarnings(True)
        sys.excepthook = _uncaught
        threading.excepthook = lambda it: _uncaught(it.exc_type, it.exc_value, it.exc_traceback)
        sys.unraisablehook = lambda it: _uncaught(it.exc_type, it.exc_value, it.exc_traceback)
    if line_format == "logfmt" and sys.stderr.isatty():
        line_format = "pretty"
    root = logging.getLogger()
    root.handlers = [_Handler(below(sys.stderr), line_format)]
    root.setLevel(level.upper())
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.NOTSET if level == "debug" else logging.WARNING)


class _Handler(logging.StreamHandler[IO[str]]):
    """Writes lines without secrets, also for records that cannot be formatted, which logging would print unchanged."""

    def __init__(self, stream: IO[str], line_format: LogFormat) -> None:
        super().__init__(stream)
        last = [ProcessorFormatter.remove_processors_meta, *_renderers(line_format)]
        foreign: list[Processor] = [*_SHARED, structlog.stdlib.ExtraAdder()]
        self.setFormatter(ProcessorFormatter(processors=last, foreign_pre_chain=foreign))

    def format(self, record: logging.LogRecord) -> str:
        return secrets.hide(super().format(record))

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  the name in logging
        error = sys.exc_info()[1]
        if not isinstance(error, OSError):  # an OSError means that stderr itself is closed or full
            line = f"level=error logger={record.name} event={record.msg!r} unreadable={error!r}"
            self.stream.write(f"{secrets.hide(_printable(line))}\n")


def _renderers(line_format: LogFormat) -> list[Processor]:
    """Return the processors that turn an event into a line."""
    if line_format == "json":
        return [_in_order, structlog.processors.JSONRenderer(ensure_ascii=False), _one_line]
    if line_format == "logfmt":
        return [structlog.processors.LogfmtRenderer(key_order=_FIRST, drop_missing=True, bool_as_flag=False), _one_line]
    colors = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    plain = structlog.dev.plain_traceback  # the default one shows variables, which contain users' messages
    return [_harmless, structlog.dev.ConsoleRenderer(colors=colors, exception_formatter=plain)]


def _in_order(_logger: Any, _method: str, event: EventDict) -> EventDict:
    return {**{key: event[key] for key in _FIRST if key in event}, **event}


def _one_line(_logger: Any, _method: str, line: Any) -> Any:
    return _printable(line)


def _harmless(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Replace control characters in all values; keep the line breaks of exceptions."""
    kept = (int, float, type(None))
    return {
        key: value if isinstance(value, kept) else _printable(str(value), "\n" if key in ("exception", "stack") else "")
        for key, value in event.items()
    }


def _printable(text: str, keep: str = "") -> str:
    """Replace unprintable characters with escapes as in JSON, except those in `keep`."""
    return _UNPRINTABLE.sub(
        lambda found: found[0] if found[0] in keep else _SHORT.get(found[0], f"\\u{ord(found[0]):04x}"), text
    )


def _uncaught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    logging.getLogger(__name__).critical("uncaught", exc_info=(kind, error or kind(), trace))
