"""A lock that lets only one process on this machine run a bot, since two would take each other's updates."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from index.errors import LockedError, QuotewireError
from index.lock import sole_lock


class ConflictError(QuotewireError):
    """Another process, on this machine or elsewhere, receives this bot's updates."""

    exit_code = 4


@contextmanager
def single_process(state: Path, bot: int) -> Iterator[None]:
    """Hold the lock of a bot in the state folder; raise ConflictError if another process holds it.

    The operating system releases it when the process ends, even if it is killed.
    """
    path = state / f"bot-{bot}.lock"
    with ExitStack() as stack:
        try:
            stack.enter_context(sole_lock(path))
        except LockedError:
            raise ConflictError(
                f"another process on this machine runs this bot (it holds the lock {path}); stop it first"
            ) from None
        yield
