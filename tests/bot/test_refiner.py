"""Drafts are completed by a separate process, which ends with the bot and does not get its token."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import structlog

from bot.refiner import complete_drafts
from index.build.builder import build_index
from index.settings import IndexSettings
from index.storage.generations import current_manifest, current_number, verify
from tests.support.fake_models import make_bert_model


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Build a draft of two articles with a real one-layer model, and return its configuration."""
    monkeypatch.setattr("bot.refiner._LOOK_EVERY", 0.05)
    make_bert_model(tmp_path / "model")
    (tmp_path / "news").mkdir()
    for name in ("cat", "dog"):
        (tmp_path / "news" / f"{name}.txt").write_text(f"The {name} sat on the mat.")
    path = tmp_path / "config.toml"
    path.write_text('[index]\nsources = ["news"]\nmodel = "model"\nlanguage = "en"\n')
    assert build_index(IndexSettings.load(path), draft=True).to_embed == 2
    return path


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Replace Python by a program that records each start, with its arguments and environment, in a file."""

    def put(then: str) -> Path:
        program, log = tmp_path / "program", tmp_path / "starts"
        note = f"open({str(log)!r}, 'a').write(json.dumps([sys.argv[1:], sorted(os.environ), os.getpid()]) + '\\n')"
        program.write_text(f"#!{sys.executable}\nimport json, os, sys, time\n{note}\n{then}\n")
        program.chmod(0o755)
        monkeypatch.setattr("bot.refiner.sys.executable", str(program))
        return log

    return put


def run_until(root: Path, config: Path | None, done: Callable[[], bool]) -> None:
    """Run until a condition holds, for at most a minute, then stop as the bot does."""

    async def both() -> None:
        stop = asyncio.Event()
        task = asyncio.create_task(complete_drafts(root, config, stop))
        started = time.monotonic()
        while not done():
            assert time.monotonic() - started < 60
            await asyncio.sleep(0.05)
        stop.set()
        await asyncio.wait_for(task, 5)

    asyncio.run(both())


def test_a_draft_is_completed_by_the_real_command(config: Path) -> None:
    root = config.parent / "data"
    run_until(root, config, lambda: not current_manifest(root).is_draft)
    assert (current_number(root), verify(root, 2)) == (2, [])


def test_how_the_process_is_started(
    config: Path, stand_in: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123456:SECRET")
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN_FILE", "token")
    log = stand_in("")
    run_until(config.parent / "data", config, lambda: log.exists() and log.read_text().endswith("\n"))
    arguments, environment, _ = json.loads(log.read_text().splitlines()[0])
    assert arguments == ["-m", "index", "refine", "--gently", "--config", str(config)]
    assert "PATH" in environment
    assert not [name for name in environment if name.startswith("TELEGRAM_")]


def test_the_process_ends_with_the_bot(config: Path, stand_in: Callable[[str], Path]) -> None:
    log = stand_in("time.sleep(600)")
    run_until(config.parent / "data", config, lambda: log.exists() and log.read_text().endswith("\n"))
    [(_, _, process)] = [json.loads(line) for line in log.read_text().splitlines()]
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_a_failure_is_logged_and_not_retried_at_once(config: Path, stand_in: Callable[[str], Path]) -> None:
    log = stand_in("print('more', file=sys.stderr); sys.exit('quotewire: error: the disk is full')")
    with structlog.testing.capture_logs() as told:
        run_until(config.parent / "data", config, lambda: len(told) > 1)
    assert len(log.read_text().splitlines()) == 1
    assert told == [
        {"event": "the index is a draft; computing its full-model embeddings in the background", "log_level": "info"},
        {"event": "full-model embeddings failed", "reason": "error: the disk is full", "log_level": "warning"},
    ]


def test_a_process_that_cannot_be_started_is_logged(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(*_: object, **__: object) -> None:
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(asyncio, "create_subprocess_exec", refuse)
    with structlog.testing.capture_logs() as told:
        run_until(config.parent / "data", config, lambda: len(told) > 1)
    assert told[1:] == [
        {"event": "full-model embeddings failed", "reason": "Resource temporarily unavailable", "log_level": "warning"}
    ]


def test_nothing_is_started_without_a_draft(tmp_path: Path, stand_in: Callable[[str], Path]) -> None:
    log = stand_in("")
    seen = iter([False] * 4 + [True])
    run_until(tmp_path / "data", None, lambda: next(seen))
    assert not log.exists()
