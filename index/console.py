"""How every command talks: results on stdout, talk on stderr, an error that a user can put right as one line."""

from __future__ import annotations

import sys
from collections.abc import Callable
from io import TextIOWrapper
from typing import NoReturn

from index.errors import QuotewireError


def run(command: Callable[[], object]) -> NoReturn:
    """Run a command line and exit; QuotewireError becomes a line and its exit code, a bug keeps its traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that has no é is no reason to fail
    try:
        command()
    except QuotewireError as error:
        say(f"error: {error}")
        sys.exit(error.exit_code)
    except BrokenPipeError:  # the reader of our output has gone, as with `| head`
        sys.stderr.close()
        sys.exit(0)
    sys.exit(0)


def say(line: str) -> None:
    """A line of talk, on stderr."""
    print(f"quotewire: {line}", file=sys.stderr, flush=True)


def counted(number: int, noun: str) -> str:
    """A number and what it counts.

    >>> counted(1, "article"), counted(2205, "article")
    ('1 article', '2,205 articles')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
