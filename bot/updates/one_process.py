"""One process for a bot: two would take each other's updates."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from index.errors import LockedError, QuotewireError
from index.lock import sole_lock


class ConflictError(QuotewireError):
    """Another process, here or elsewhere, takes this bot's updates."""

    exit_code = 4


@contextmanager
def only_process(state: Path, bot: int) -> Iterator[None]:
    """Hold the right to run a bot on this machine; raises ConflictError if another process has it.

    The system lets go of it when the process ends, however it ends.
    """
    path = state / f"bot-{bot}.lock"
    with ExitStack() as stack:
        try:
            stack.enter_context(sole_lock(path))
        except LockedError:
            raise ConflictError(
                f"another process on this machine runs this bot ({path} is its lock); stop it"
            ) from None
        yield
