"""How every command talks: results on stdout, talk on stderr, an error that a user can put right as one line.

While a command runs, all that it prints goes through `index.harmless`, whoever prints it: only a rich console, which
writes escape codes of its own, does that by itself (index/rich_console.py).
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
    """A stream of text over another one, through which nothing passes that acts on a terminal."""

    def __init__(self, below: TextIOWrapper) -> None:
        """Write to the same bytes as `below`, in whichever order the two are written to."""
        # A terminal that has no é is no reason to fail.
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
        """Write the text, made harmless."""
        super().write(harmless(text))
        return len(text)


def below(stream: TextIO) -> TextIO:
    """Return the stream that escape codes of our own can be written to."""
    return stream.below if isinstance(stream, HarmlessStream) else stream


def run(command: Callable[[], object]) -> NoReturn:
    """Run a command line and exit; QuotewireError becomes a line and its exit code, a bug keeps its traceback."""
    _open_missing_streams()
    _set_environment()
    with _harmless_streams(), log_to_stderr():
        try:
            command()
            sys.stdout.flush()
        except QuotewireError as error:
            say(f"error: {error}")
            sys.exit(error.exit_code)
        except BrokenPipeError:  # the reader of our output has gone, as with `| head`
            sys.stderr.close()
            sys.exit(0)
        except OSError as error:
            if error.filename is not None:
                say(f"error: {error.filename}: {error.strerror}; see what is there, and whether you may change it")
            elif error.errno == errno.ENOSPC:
                say(f"error: the output cannot be written: {error.strerror}; make room, or send it elsewhere")
                os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what is left of it is written once more at the end
            else:
                raise
            sys.exit(1)
        except Exception:  # a bug; its traceback can quote articles
            sys.excepthook(*sys.exc_info())
            sys.exit(1)
        sys.exit(0)


@contextmanager
def log_to_stderr() -> Iterator[None]:
    """Show what index and retrieval log, from INFO on, as lines of talk, until the context ends.

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
    """Prints a record as a line of talk, which says so if it is a warning or an error.

    Records of other libraries are treated as they are where logging is not configured.
    """

    def emit(self, record: logging.LogRecord) -> None:
        """Print the record on stderr."""
        if record.name.partition(".")[0] in _LOGGED:
            label = f"{record.levelname.lower()}: " if record.levelno >= logging.WARNING else ""
            say(f"{label}{self.format(record)}")
        elif logging.lastResort and record.levelno >= logging.lastResort.level:
            logging.lastResort.handle(record)


def _set_environment() -> None:
    """Set what libraries read when they are imported; processes that the command starts inherit it."""
    telemetry.disable()
    # Questions make many small products, for which a second thread costs more than it gains.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def _open_missing_streams() -> None:
    """Give a program that was started without stdin, stdout or stderr ("<&-") empty ones."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115


@contextmanager
def _harmless_streams() -> Iterator[None]:
    before = sys.stdout, sys.stderr
    streams = [HarmlessStream(stream) if isinstance(stream, TextIOWrapper) else stream for stream in before]
    sys.stdout, sys.stderr = streams
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before
        for stream in streams:
            if isinstance(stream, HarmlessStream) and not stream.closed:
                stream.detach()  # or the bytes would be closed with it


def say(line: str) -> None:
    """A line of talk, on stderr."""
    print(f"quotewire: {harmless(line)}".replace("\n", " "), file=sys.stderr, flush=True)


def print_json(value: object) -> None:
    """A result for machines, in one line of JSON."""
    print(harmless_json(value), flush=True)


def counted(number: int, noun: str) -> str:
    """A number and what it counts.

    >>> counted(1, "article"), counted(2205, "article")
    ('1 article', '2,205 articles')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
