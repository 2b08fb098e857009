"""The log, on stderr, and the bot's token in none of its lines."""

from __future__ import annotations

import logging
import re
import sys

import structlog

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class Redacting(logging.Formatter):
    """Another formatter, without the token: not in the message, its arguments or a traceback."""

    def __init__(self, formatter: logging.Formatter, token: str) -> None:
        super().__init__()
        number, secret = token.split(":")
        self._formatter = formatter
        self._token = re.compile(f"(?:{number}(?::|%3A))?{re.escape(secret)}", re.IGNORECASE)

    def format(self, record: logging.LogRecord) -> str:
        """The line or lines of a record."""
        return self._token.sub("<token>", self._formatter.format(record))


def log_without(token: str) -> None:
    """Log to stderr from INFO on, or in more detail where that was already asked for, never showing the token."""
    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(logging.StreamHandler(sys.stderr))
        root.handlers[0].setFormatter(logging.Formatter(_FORMAT))
    for handler in root.handlers:
        handler.setFormatter(Redacting(handler.formatter or logging.Formatter(), token))
    if root.level > logging.INFO:
        root.setLevel(logging.INFO)
        logging.getLogger("httpx").setLevel(logging.WARNING)  # it has a line for every poll
    structlog.configure(
        logger_factory=structlog.stdlib.LoggerFactory(),
        processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer(key_order=["event"])],
    )
