"""File locks between processes: one build at a time, one export, one process per bot."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from filelock import BaseFileLock, FileLock, Timeout

from index.errors import ConfigError, LockedError, StorageError
from index.files import read_small, remove, write_new


@contextmanager
def build_lock(root: Path) -> Iterator[None]:
    """Hold the lock for building in a folder, which is made if need be.

    The operating system releases it when the process ends, even if it is killed. Raises LockedError, naming the
    holder, if another process holds it, and ConfigError if the folder cannot be made.
    """
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"[index] path: {root} cannot be made a folder: {error.strerror}") from None
    holder = root / "lock.holder"
    lock = _acquire(root / "lock")
    if lock is None:
        who = _read(holder) or "another process"
        raise LockedError(f"{root} is being built by {who}; wait for it, or stop it")
    try:
        write_new(holder, f"process {os.getpid()} since {datetime.now():%H:%M:%S}")
        yield
    finally:
        remove(holder)
        lock.release()


@contextmanager
def sole_lock(path: Path) -> Iterator[None]:
    """Hold a lock; raises LockedError if another process holds it."""
    lock = _acquire(path)
    if lock is None:
        raise LockedError(f"{path} is held by another process; stop it")
    try:
        yield
    finally:
        lock.release()


@contextmanager
def waiting_lock(path: Path) -> Iterator[None]:
    """Hold a lock, after waiting for another process to release it."""
    with FileLock(path):
        yield


def _acquire(path: Path) -> BaseFileLock | None:
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return None
    except OSError as error:
        raise StorageError(f"{path.parent}: cannot be written ({error.strerror}); see to its permissions") from None
    return lock


def _read(holder: Path) -> str:
    try:
        return read_small(holder)[:100].decode("utf-8", "replace")
    except OSError:  # the holder is just ending
        return ""
