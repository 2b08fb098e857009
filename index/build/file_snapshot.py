"""Tell whether a source file has changed since it was read: by name, size and time, and by hash where these differ."""

from __future__ import annotations

import hashlib
import os
import stat
import time
from pathlib import Path

from index.storage.articles import SourceFile

_SETTLED = 2 * 10**9  # nanoseconds; a file can change twice within one tick of the file system's clock


def snapshot(path: Path, absolute: str, name: str, before: SourceFile | None) -> SourceFile:
    """Return the file's present state; `before` itself (the same object) if the file has not changed.

    A file that cannot be read gets an empty hash, so that the next build reads it again. The time of a file that was
    changed within the last two seconds is recorded as 0, so that it is never trusted.
    """
    try:
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):
            return SourceFile(absolute, name, 0, 0, b"")
        same_size = before is not None and (before.name, before.size) == (name, status.st_size) and before.sha256
        if before and same_size and before.modified == status.st_mtime_ns:
            return before
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").digest()
    except OSError:  # the parser reports the error
        return SourceFile(absolute, name, 0, 0, b"")
    if before and same_size and before.sha256 == digest:
        return before
    is_settled = time.time_ns() - status.st_mtime_ns > _SETTLED
    return SourceFile(absolute, name, status.st_size, status.st_mtime_ns if is_settled else 0, digest)
