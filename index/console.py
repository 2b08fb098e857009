"""The console of every command: results go to stdout, messages and logs to stderr, each error as one line.

While a command runs, everything that is printed passes through `index.harmless`, whoever prints it. Only a Rich
console, which writes escape codes, does its own filtering (index/rich_console.py).
"""

from __future__ import annotations

import errno
import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from typing import NoReturn, TextIO

from index import telemetry
from index.errors import QuotewireError
from index.harmless import harmless, harmless_json

_LOGGED = ("index", "retrieval")  # packages whose log records are shown


class HarmlessStream(TextIOWrapper):
    """A text stream on top of another one that removes control characters."""

    def __init__(self, below: TextIOWrapper) -> None:
        """Write to the buffer of `below`; the two streams can be written to in any order."""
        # Characters that the terminal cannot show are escaped.
        below.reconfigure(errors="backslashreplace", write_through=True)
        super().__init__(
            below.buffer,
            encoding=below.encoding,
            errors="backslashreplace",
            line_buffering=below.line_buffering,
            write_through=True,
        )
        self.below = below

    def write(self, text: str) -> int:
        """Write the text without its control characters."""
        super().write(harmless(text))
        return len(text)


def below(stream: TextIO) -> TextIO:
    """Return the underlying stream, which accepts the program's own escape codes."""
    return stream.below if isinstance(stream, HarmlessStream) else stream


def run(command: Callable[[], object]) -> NoReturn:
    """Run a command and exit: a QuotewireError is printed as one line, and a bug keeps its traceback."""
    _open_missing_streams()
    _set_environment()
    with _harmless_streams(), log_to_stderr():
        try:
            command()
            sys.stdout.flush()
        except QuotewireError as error:
            say(f"error: {error}")
            sys.exit(error.exit_code)
        except BrokenPipeError:  # the output's reader has ended, as in `| head`
            sys.stderr.close()
            sys.exit(0)
        except OSError as error:
            if error.filename is not None:
                say(f"error: {error.filename}: {error.strerror}; check the path and its permissions")
            elif error.errno == errno.ENOSPC:
                say(f"error: the output cannot be written: {error.strerror}; make room, or send it elsewhere")
                os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # Python flushes the rest of it at exit
            else:
                raise
            sys.exit(1)
        except Exception:  # a bug; its traceback can quote articles
            sys.excepthook(*sys.exc_info())
            sys.exit(1)
        sys.exit(0)


@contextmanager
def log_to_stderr() -> Iterator[None]:
    """Show what index and retrieval log, from INFO on, as messages on stderr, until the context ends.

    A program that configures logging for itself, as the bot does, replaces the handler.
    """
    root, handler = logging.getLogger(), _LineHandler()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        yield
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


class _LineHandler(logging.Handler):
    """Prints a log record as one message, with its level if it is a warning or an error.

    Records of other libraries are handled as if logging were not configured.
    """

    def emit(self, record: logging.LogRecord) -> None:
        """Print the record on stderr."""
        if record.name.partition(".")[0] in _LOGGED:
            label = f"{record.levelname.lower()}: " if record.levelno >= logging.WARNING else ""
            say(f"{label}{self.format(record)}")
        elif logging.lastResort and record.levelno >= logging.lastResort.level:
            logging.lastResort.handle(record)


def _set_environment() -> None:
    """Set the environment variables that libraries read when they are imported; child processes inherit them."""
    telemetry.disable()
    # Questions make many small products, for which a second thread costs more than it gains.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def _open_missing_streams() -> None:
    """Open /dev/null in place of a stdin, stdout or stderr that the program was started without ("<&-")."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115


@contextmanager
def _harmless_streams() -> Iterator[None]:
    """Replace stdout and stderr by harmless streams until the context ends."""
    before = sys.stdout, sys.stderr
    streams = [HarmlessStream(stream) if isinstance(stream, TextIOWrapper) else stream for stream in before]
    sys.stdout, sys.stderr = streams
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before
        for stream in streams:
            if isinstance(stream, HarmlessStream) and not stream.closed:
                stream.detach()  # or the buffer would be closed with it


def say(line: str) -> None:
    """Print a one-line message on stderr."""
    print(f"quotewire: {harmless(line)}".replace("\n", " "), file=sys.stderr, flush=True)


def print_json(value: object) -> None:
    """Print a result on stdout as one line of JSON."""
    print(harmless_json(value), flush=True)


def counted(number: int, noun: str) -> str:
    """Return a number with a noun, in the plural unless the number is 1.

    >>> counted(1, "article"), counted(2205, "article")
    ('1 article', '2,205 articles')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
