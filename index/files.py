"""Read and write the program's own files safely: links are not followed, and pipes and devices do not block."""

from __future__ import annotations

import errno
import json
import os
import shutil
import stat
from pathlib import Path
from typing import Any

from index.limits import SMALL_FILE

_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)


def read_small(path: Path) -> bytes:
    """Return the bytes of a regular file; raises OSError for a link, a pipe, a device and for a larger file."""
    handle = os.open(path, os.O_RDONLY | _NO_FOLLOW | _NO_WAIT)
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "is not a regular file", str(path))
        if status.st_size > SMALL_FILE:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
        with open(handle, "rb", closefd=False) as file:
            return file.read(SMALL_FILE)
    finally:
        os.close(handle)


def read_json(path: Path) -> Any:
    """Return the value in a JSON file; raises OSError as `read_small` does, and ValueError for invalid JSON."""
    try:
        return json.loads(read_small(path))
    except RecursionError:
        raise ValueError(f"{path}: is nested too deep") from None


def write_new(path: Path, text: str) -> None:
    """Write a text file, replacing whatever is at its path; the target of a link there is left alone."""
    remove(path)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_FOLLOW, 0o666)
    with open(handle, "w", encoding="utf-8") as file:
        file.write(text)


def remove(path: Path) -> None:
    """Remove a file, a link, or a folder with its contents; do nothing if the path does not exist."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def expanded(name: str | Path) -> Path:
    """Expand ~ and ~user to the home folder; leave the path as it is if the user is unknown."""
    try:
        return Path(name).expanduser()
    except RuntimeError:
        return Path(name)


def sync(path: Path) -> None:
    """Flush a file or folder to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
