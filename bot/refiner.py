"""Completion of draft indexes while the bot runs, by a low-priority process that computes full-model embeddings."""

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

_LOOK_EVERY = 30.0  # seconds between two checks whether the published index is a draft
_AFTER_FAILURE = 600.0  # seconds before a retry


async def complete_drafts(root: Path, config: Path | None, stop: asyncio.Event) -> None:
    """Complete every draft published in `root`, until `stop` is set.

    The process has the lowest CPU priority (nice 19), so that it does not delay answers, as a thread of the bot would
    with its batches and the interpreter lock. If the bot is killed, the process finishes its work.
    """
    while not stop.is_set():
        pause = _LOOK_EVERY
        if _is_draft(root) and not await _complete(config, stop):
            pause = _AFTER_FAILURE
        await until(stop, asyncio.sleep(pause))


def _is_draft(root: Path) -> bool:
    try:
        return current_manifest(root).is_draft
    except QuotewireError:  # answering a question reports it
        return False


async def _complete(config: Path | None, stop: asyncio.Event) -> bool:
    """Run the process until it ends or the bot stops; return False if it failed."""
    command = [sys.executable, "-m", "index", "refine", "--gently", *(["--config", str(config)] if config else [])]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TELEGRAM_")}
    log.info("the index is a draft; computing its full-model embeddings in the background")
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
    except OSError as error:  # too many processes, or no memory; the draft keeps answering
        log.warning("full-model embeddings failed", reason=error.strerror)
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
        log.warning("full-model embeddings failed", reason=lines[-1].removeprefix("quotewire: "))
        return False
    log.info("full-model embeddings are complete, or another index was published")
    return True
