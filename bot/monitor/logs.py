"""The log, on stderr: one line an event, in one form for every library, and no secret in any of them.

Callers say `log = structlog.get_logger(__name__)` and `log.info("answered", quotes=3)`: an event and its fields. What
people write is in no line above DEBUG. What is bound by structlog.contextvars is in every line of that context.
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

Level: TypeAlias = Literal["debug", "info", "warning"]
Form: TypeAlias = Literal["logfmt", "json", "pretty"]

_CHATTY = ("httpx", "httpcore", "apscheduler", "tornado.access")  # a line for every poll, job or visit
_FIRST = ["timestamp", "level", "logger", "event"]
# What ends a line, moves a terminal's cursor or turns the direction of writing around.
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_SHORT = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}

# What every line begins with, whoever wrote it.
_SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
    structlog.processors.format_exc_info,
]

# On import, since structlog would else print everything on stdout; from here on it writes to the library's loggers.
structlog.configure(
    processors=[structlog.stdlib.filter_by_level, *_SHARED, ProcessorFormatter.wrap_for_formatter],
    wrapper_class=structlog.stdlib.BoundLogger,
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)


class Secrets:
    """What must not be seen: the parts of a text that are replaced before anybody sees it."""

    def __init__(self) -> None:
        self._hidden: tuple[tuple[re.Pattern[str], str], ...] = ()

    def add_token(self, token: str) -> None:
        """Hide a bot's token: whole, even cut short or as it stands in an address, and its secret half alone."""
        number, secret = token.split(":")
        self._add(rf"{number}(?::|%(?:25)*3A)[A-Za-z0-9_-]+|{re.escape(secret)}", "<token>")

    def add(self, secret: str) -> None:
        """Hide any other secret, such as a webhook's, also as it stands in an address."""
        self._add("|".join(re.escape(form) for form in {secret, quote(secret, safe="")}), "<secret>")

    def hide(self, text: str) -> str:
        """The text without them."""
        for pattern, shown in self._hidden:
            text = pattern.sub(shown, text)
        return text

    def _add(self, pattern: str, shown: str) -> None:
        self._hidden = (*self._hidden, (re.compile(pattern, re.IGNORECASE), shown))


secrets = Secrets()  # of this process; whoever learns of another one adds it, and whoever shows a traceback hides them


def log_without(token: str | None = None, level: Level = "info", form: Form = "logfmt") -> None:
    """Log to stderr from a level on, through one handler, never showing the token; on a terminal logfmt is prettied.

    Where there is a token, exceptions that nobody caught, in whichever thread, and warnings go the same way.
    """
    if token:
        secrets.add_token(token)
        logging.captureWarnings(True)
        sys.excepthook = _uncaught
        threading.excepthook = lambda it: _uncaught(it.exc_type, it.exc_value, it.exc_traceback)
        sys.unraisablehook = lambda it: _uncaught(it.exc_type, it.exc_value, it.exc_traceback)
    if form == "logfmt" and sys.stderr.isatty():
        form = "pretty"
    root = logging.getLogger()
    root.handlers = [_Handler(below(sys.stderr), form)]
    root.setLevel(level.upper())
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.NOTSET if level == "debug" else logging.WARNING)


class _Handler(logging.StreamHandler[IO[str]]):
    """Writes lines without secrets; also where a line cannot be made, which the library would show as it is."""

    def __init__(self, stream: IO[str], form: Form) -> None:
        super().__init__(stream)
        last = [ProcessorFormatter.remove_processors_meta, *_renderers(form)]
        foreign: list[Processor] = [*_SHARED, structlog.stdlib.ExtraAdder()]
        self.setFormatter(ProcessorFormatter(processors=last, foreign_pre_chain=foreign))

    def format(self, record: logging.LogRecord) -> str:
        return secrets.hide(super().format(record))

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  the library's name
        error = sys.exc_info()[1]
        if not isinstance(error, OSError):  # stderr is closed or full, and there is nowhere to say so
            line = f"level=error logger={record.name} event={record.msg!r} unreadable={error!r}"
            self.stream.write(f"{secrets.hide(_printable(line))}\n")


def _renderers(form: Form) -> list[Processor]:
    """What makes a line of an event."""
    if form == "json":
        return [_in_order, structlog.processors.JSONRenderer(ensure_ascii=False), _one_line]
    if form == "logfmt":
        return [structlog.processors.LogfmtRenderer(key_order=_FIRST, drop_missing=True, bool_as_flag=False), _one_line]
    colors = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    plain = structlog.dev.plain_traceback  # the other kind shows variables, and so what people wrote
    return [_harmless, structlog.dev.ConsoleRenderer(colors=colors, exception_formatter=plain)]


def _in_order(_logger: Any, _method: str, event: EventDict) -> EventDict:
    return {**{key: event[key] for key in _FIRST if key in event}, **event}


def _one_line(_logger: Any, _method: str, line: Any) -> Any:
    return _printable(line)


def _harmless(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Every value without what would disturb a terminal; only an exception has several lines."""
    kept = (int, float, type(None))
    return {
        key: value if isinstance(value, kept) else _printable(str(value), "\n" if key in ("exception", "stack") else "")
        for key, value in event.items()
    }


def _printable(text: str, keep: str = "") -> str:
    """What cannot be printed, written as JSON and Python do."""
    return _UNPRINTABLE.sub(
        lambda found: found[0] if found[0] in keep else _SHORT.get(found[0], f"\\u{ord(found[0]):04x}"), text
    )


def _uncaught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    logging.getLogger(__name__).critical("uncaught", exc_info=(kind, error or kind(), trace))
