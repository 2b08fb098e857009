"""How a build reports what goes wrong: problems with sources as warnings, a full disk or Ctrl-C as one line."""

from __future__ import annotations

import errno
import logging
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.errors import InterruptedBuildError, SourceError, StorageError
from index.parsers.problems import Problem, Warn

log = logging.getLogger(__name__)


def warner(problems: list[Problem], strict: bool) -> Warn:
    """Return a function that logs a problem with a source and appends it to `problems`.

    With `strict`, it raises SourceError instead.
    """

    def warn(problem: Problem) -> None:
        if strict:
            raise SourceError(f"{problem.origin}: {problem.message} (--strict: nothing was published)")
        log.warning("%s: %s", problem.origin, problem.message)
        problems.append(problem)

    return warn


@contextmanager
def one_line_errors(root: Path) -> Iterator[None]:
    """Turn Ctrl-C into InterruptedBuildError and a disk that is full or read-only into StorageError."""
    try:
        yield
    except KeyboardInterrupt:
        raise InterruptedBuildError("interrupted; go on with: quotewire index") from None
    except (OSError, RuntimeError, ValueError, sqlite3.Error) as error:
        if reason := _why_unwritable(root, error):
            raise StorageError(f"{root}: {reason}; nothing more was published, and what is there is kept") from None
        raise


def _why_unwritable(root: Path, error: Exception) -> str | None:
    """Return why the index folder cannot be written to; None if the error has another cause."""
    if isinstance(error, OSError) and error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"cannot be written ({error.strerror})"
    # SQLite, FAISS and tantivy report a full disk in different words, and some say only that a write failed.
    return "the disk is full" if shutil.disk_usage(root).free < 2**20 else None
