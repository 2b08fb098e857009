"""A draft's missing vectors, computed while the bot runs: by a process of its own, which gives way to answers."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import structlog

from bot.stopping import until
from index.errors import QuotewireError
from index.storage.generations import current_manifest

log = structlog.get_logger(__name__)

_LOOK_EVERY = 30.0  # seconds between two looks at whether what is published is a draft
_AFTER_FAILURE = 600.0


async def complete_drafts(root: Path, config: Path | None, stop: asyncio.Event) -> None:
    """Until `stop` is set, complete every draft that is published in `root`.

    The process has the lowest priority (nice 19), so that the system takes it off the processor for as long as an
    answer needs it; were it a thread of the bot, its batches and Python's lock would be in the way of every answer. If
    the bot is killed, it goes on and ends by itself.
    """
    while not stop.is_set():
        pause = _LOOK_EVERY
        if _is_draft(root) and not await _complete(config, stop):
            pause = _AFTER_FAILURE
        await until(stop, asyncio.sleep(pause))


def _is_draft(root: Path) -> bool:
    try:
        return current_manifest(root).is_draft
    except QuotewireError:  # the next question says so
        return False


async def _complete(config: Path | None, stop: asyncio.Event) -> bool:
    """Run the process to its end, or to the bot's; returns whether it went well."""
    command = [sys.executable, "-m", "index", "refine", "--gently", *(["--config", str(config)] if config else [])]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TELEGRAM_")}
    log.info("a draft answers; computing its fine vectors beside")
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
    except OSError as error:  # too many processes, or no memory; the draft answers all the same
        log.warning("fine vectors failed", reason=error.strerror)
        return False
    try:
        ended = await until(stop, process.communicate())
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()
    if ended is None:
        return True
    if process.returncode:
        lines = ended[1].decode(errors="replace").strip().splitlines() or ["no reason given"]
        log.warning("fine vectors failed", reason=lines[-1].removeprefix("quotewire: "))
        return False
    log.info("fine vectors are complete, or another index was published")
    return True
