"""The commands of administrators: /status, /reindex and /rollback, and the reports of errors."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.admin.error_reports import ErrorReports, place_of
from bot.admin.reindex import ReindexCommand, build_command
from bot.admin.rollback import RollbackCommand
from bot.admin.status import StatusCommand, duration
from bot.memory.unfinished_messages import UnfinishedMessages
from bot.messages import texts_for
from bot.settings import BotSettings
from index.build.builder import build_index
from index.settings import IndexSettings
from index.storage.generations import current_number
from tests.support.fake_models import FakeEncoder
from tests.support.handler_bot import ADMIN, ANN, HandlerBot, handler_bot
from tests.support.telegram import TOKEN, ApiError

EN, RU = texts_for("en", "en"), texts_for("ru", "en")


@dataclass
class Backlog:
    """The counts of an inbox, as a test sets them."""

    waiting: int = 0
    age: float = 0.0
    dead_letters: int = 0

    def depth(self, but: int = 0) -> int:
        assert but > 0
        return self.waiting

    def oldest(self, but: int = 0) -> float:
        assert but > 0
        return self.age

    def dead_letter_count(self) -> int:
        return self.dead_letters


@dataclass
class Parts:
    reindex: ReindexCommand
    backlog: Backlog
    errors: ErrorReports


def run(
    folder: Path,
    index: IndexSettings,
    scenario: Callable[[HandlerBot, Parts], Awaitable[None]],
    config: Path | None = None,
    python: Path | str = sys.executable,
    interval: float = 0.01,
    grace: float = 10.0,
    **settings: Any,
) -> None:
    """Play a scenario with a bot that knows /status, /reindex and /rollback; `python` runs the builds."""

    async def whole() -> None:
        async with handler_bot(folder, **settings) as bot:
            errors, backlog, worker = ErrorReports(bot.settings), Backlog(), bot.worker
            command = build_command(config, bot.settings.refine, str(python))
            reindex = ReindexCommand(
                *(bot.localizer, bot.access, worker, bot.tables.unfinished, index.path, command, interval, grace)
            )
            bot.add_commands(
                "status reindex rollback",
                status=StatusCommand(bot.replies, worker, bot.tables.chats, index.path, backlog, errors),
                reindex=reindex,
                rollback=RollbackCommand(bot.replies, reindex, index.path),
            )
            reindex.add_to(bot.application)
            try:
                await scenario(bot, Parts(reindex, backlog, errors))
            finally:
                await reindex.close()

    asyncio.run(whole())


async def said(bot: HandlerBot, command: str, language: str | None = None) -> str:
    """Let the administrator send a command; return the bot's last message."""
    bot.telegram.say(command, ADMIN, language=language)
    await bot.handle()
    return bot.shown(ADMIN)[-1]


async def until(condition: Callable[[], object], seconds: float = 5) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.005)


# /status


def test_status(tmp_path: Path, settings: IndexSettings, fake: FakeEncoder) -> None:
    news = settings.sources[0]
    for number, source in enumerate(["TASS", "TASS", "AP", "", "<b>&", "C", "D", "E"]):
        row = {"text": f"The cat sat on mat {number}.", "source": source}
        (news / f"{number}.jsonl").write_text(json.dumps(row))
    build_index(settings)

    async def scenario(bot: HandlerBot, parts: Parts) -> None:
        # One of those that wait asks for the status.
        parts.backlog.waiting, parts.backlog.age, parts.backlog.dead_letters = 4, 7300.0, 1
        await parts.errors.report(bot.application.bot, "ab12", ValueError())
        await parts.errors.report(bot.application.bot, "cd34", ValueError())
        for chat, kind in ((ANN, "private"), (8, "private"), (-50, "supergroup"), (-51, "group")):
            bot.tables.chats.record(chat, 8, kind, None)
        lines = (await said(bot, "/status")).splitlines()
        assert lines == [
            "Generation 1, built less than a minute ago",
            "8 articles in 8 passages",
            "Model: fake",
            "Outlets: TASS (2), <b>& (1), AP (1), C (1), D (1) and 1 more",
            "",
            "4 updates are waiting, the oldest for 2 hours",
            "Failed for good: 1",
            "People: 3, groups: 2",
            "Last errors: cd34 (less than a minute ago), ab12 (less than a minute ago)",
            lines[-1],
        ]
        assert lines[-1].startswith("Running for less than a minute, version ")
        assert bot.telegram.refused == []

    run(tmp_path, settings, scenario)


def test_status_of_a_draft_and_of_nothing(
    tmp_path: Path, settings: IndexSettings, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario(bot: HandlerBot, _: Parts) -> None:
        lines = (await said(bot, "/status")).splitlines()
        assert lines[0] == f"there is no index in {settings.path} yet; make one with: quotewire index"
        assert lines[2:6] == ["No update is waiting", "Failed for good: 0", "People: 1, groups: 0", "No errors"]
        (settings.sources[0] / "a.txt").write_text("The cat sat on the mat.")
        build_index(settings, draft=True)
        (settings.sources[0] / "b.txt").write_text("The dog sat on the mat.")
        build_index(settings, draft=True)
        lines = (await said(bot, "/status")).splitlines()
        assert lines[:4] == [
            "Generation 2, built less than a minute ago",
            "Generation 1 keeps answering until the next question",
            "A draft: 2 passages have no full-model embedding yet",
            "2 articles in 2 passages",
        ]
        assert "2 статьи, 2 отрывка" in await said(bot, "/status", "ru")

    run(tmp_path, settings, scenario)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "less than a minute"), (59.9, "less than a minute"), (60, "one minute"), (3599, "59 minutes"),
     (3600, "one hour"), (86399, "23 hours"), (86400, "one day"), (2.5 * 86400, "2 days")],
)  # fmt: skip
def test_durations(seconds: float, words: str) -> None:
    assert duration(EN, seconds) == words


# Who is no administrator


def test_a_press_by_somebody_else_begins_no_build(tmp_path: Path, settings: IndexSettings) -> None:
    async def scenario(bot: HandlerBot, _: Parts) -> None:
        sent = await bot.application.bot.send_message(bot.telegram.chat(ANN).id, "added")
        bot.telegram.press(sent.message_id, "reindex", forged=True)
        await bot.handle()
        assert len(bot.telegram.sent) == 1

    run(tmp_path, settings, scenario)


# /rollback


def test_rollback(tmp_path: Path, settings: IndexSettings, fake: FakeEncoder) -> None:
    for name in ("cat", "dog", "bird"):
        (settings.sources[0] / f"{name}.txt").write_text(f"The {name} sat on the mat.")
        build_index(settings)

    async def scenario(bot: HandlerBot, _: Parts) -> None:
        assert await said(bot, "/rollback") == "Generation 2 is answering now."
        assert await said(bot, "/rollback 3") == "Generation 3 is answering now."
        assert await said(bot, "/rollback 9") == "Nothing was changed: there is no generation 9; kept are 1, 2, 3"
        for bad in ("x", "-1", "1 2", "٣", "1" * 10):
            assert await said(bot, f"/rollback {bad}") == EN("rollback-usage")
        assert current_number(settings.path) == 3
        assert await said(bot, "/rollback 1") == "Generation 1 is answering now."
        assert await said(bot, "/rollback") == "Nothing was changed: there is no generation before 1 to go back to"

    run(tmp_path, settings, scenario)


# /reindex


def stand_in(folder: Path, then: str) -> Path:
    """Write a program that stands in for Python and return its path.

    It appends its arguments, the names in its environment and its process id to the file `starts` beside it.
    """
    program, log = folder / "program", folder / "starts"
    note = f"open({str(log)!r}, 'a').write(json.dumps([sys.argv[1:], sorted(os.environ), os.getpid()]) + '\\n')"
    say = "def say(line): print('quotewire: ' + line, file=sys.stderr, flush=True)"
    program.write_text(f"#!{sys.executable}\nimport json, os, pathlib, signal, sys, time\n{note}\n{say}\n{then}\n")
    program.chmod(0o755)
    return program


def built(settings: IndexSettings, *names: str) -> None:
    for name in names:
        (settings.sources[0] / f"{name}.txt").write_text(f"The {name} sat on the mat.")
    build_index(settings)


def test_a_real_build(tmp_path: Path, e5_root: Path) -> None:
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "cat.txt").write_text("The cat sat on the mat.")
    config = tmp_path / "config.toml"
    config.write_text('[index]\nsources = ["news"]\nlanguage = "en"\n')
    settings = IndexSettings.load(config)
    shutil.copytree(e5_root / "models", settings.path / "models")

    async def scenario(bot: HandlerBot, parts: Parts) -> None:
        assert await said(bot, "/reindex") == EN("reindex-started")
        await until(lambda: bot.shown(ADMIN)[-1] != EN("reindex-started") and "Reading" not in bot.shown(ADMIN)[-1], 60)
        assert bot.shown(ADMIN) == ["Done: generation 1 answers, with one article in one passage."]

    run(tmp_path, settings, scenario, config, refine=False)


def test_how_the_process_is_started(
    tmp_path: Path,
    settings: IndexSettings,
    fake: FakeEncoder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    built(settings, "cat")
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    log = tmp_path / "starts"
    program = stand_in(tmp_path, "assert sys.stdin.read() == ''")

    async def scenario(bot: HandlerBot, _: Parts) -> None:
        await said(bot, "/reindex")
        await until(lambda: bot.shown(ADMIN)[-1].startswith("Nothing has changed: generation 1"))

    run(tmp_path, settings, scenario, tmp_path / "config.toml", python=program)
    run(tmp_path / "other", settings, scenario, refine=False, python=program)
    (with_draft, environment, _), (without, _, _) = map(json.loads, log.read_text().splitlines())
    assert with_draft == ["-m", "index", "--gently", "--draft", "--config", str(tmp_path / "config.toml")]
    assert without == ["-m", "index", "--gently"]
    assert "PATH" in environment
    assert not [name for name in environment if name.startswith("TELEGRAM_")]


def test_progress_is_one_message_and_a_second_build_is_refused(
    tmp_path: Path, settings: IndexSettings, fake: FakeEncoder
) -> None:
    built(settings, "cat")
    go = tmp_path / "go"
    program = stand_in(
        tmp_path,
        "print('a library talks', file=sys.stderr); say('reading: 640 <articles>')\n"
        f"while not pathlib.Path({str(go)!r}).exists(): time.sleep(0.01)\n"
        "for n in range(7): say(f'warning: a{n}.txt: is empty; left out')\nsys.exit(3)",
    )

    async def scenario(bot: HandlerBot, parts: Parts) -> None:
        await said(bot, "/reindex")
        await until(lambda: bot.shown(ADMIN) == ["Reading the articles …\nreading: 640 <articles>"])
        assert parts.reindex.is_running
        assert await said(bot, "/reindex") == EN("reindex-running")
        assert await said(bot, "/rollback") == EN("reindex-running")
        go.touch()
        await until(lambda: bot.shown(ADMIN)[0].startswith("Nothing has changed"))
        lines = bot.shown(ADMIN)[0].splitlines()
        assert lines[1:] == ["", "Warnings:", *(f"• a{n}.txt: is empty; left out" for n in range(5)), "and 2 more"]
        assert not parts.reindex.is_running
        await until(lambda: UnfinishedMessages(bot.connection).all() == [])
        assert bot.telegram.refused == []

    run(tmp_path, settings, scenario, python=program)


def test_edits_are_few(tmp_path: Path, settings: IndexSettings, fake: FakeEncoder) -> None:
    built(settings, "cat")
    program = stand_in(tmp_path, "for n in range(500): say(f'reading: {n}')")

    async def scenario(bot: HandlerBot, _: Parts) -> None:
        await said(bot, "/reindex")
        await until(lambda: bot.shown(ADMIN)[0].startswith("Nothing has changed"))
        assert [method for method, _ in bot.telegram.calls if method == "editMessageText"] == ["editMessageText"]

    run(tmp_path, settings, scenario, python=program, interval=60.0)


def test_a_new_draft_says_what_follows(tmp_path: Path, settings: IndexSettings, fake: FakeEncoder) -> None:
    go, ready = tmp_path / "go", tmp_path / "ready"
    program = stand_in(
        tmp_path,
        f"pathlib.Path({str(ready)!r}).touch()\nwhile not pathlib.Path({str(go)!r}).exists(): time.sleep(0.01)",
    )

    async def scenario(bot: HandlerBot, _: Parts) -> None:
        await said(bot, "/reindex")
        await until(ready.exists)
        for name in ("cat", "dog"):
            (settings.sources[0] / f"{name}.txt").write_text(f"The {name} sat on the mat.")
        build_index(settings, draft=True)
        go.touch()
        await until(lambda: bot.shown(ADMIN)[0].startswith("Done"))
        assert bot.shown(ADMIN)[0].splitlines() == [
            "Done: generation 1 answers, with 2 articles in 2 passages.",
            "2 passages get their full-model embeddings later; /status shows the progress.",
        ]

    run(tmp_path, settings, scenario, python=program)


@pytest.mark.parametrize(
    ("then", "reason"),
    [
        ("say('reading'); say('error: data: the disk is full'); sys.exit(1)", "data: the disk is full"),
        ("print('Traceback\\nKeyError: 5', file=sys.stderr); sys.exit(1)", "KeyError: 5"),
        ("os.kill(os.getpid(), signal.SIGKILL)", "-9"),
        ("sys.exit(1)", "1"),
        ("pass", "there is no index in {path} yet; make one with: quotewire index"),
    ],
)
def test_a_failed_build_is_one_line(tmp_path: Path, settings: IndexSettings, then: str, reason: str) -> None:
    program = stand_in(tmp_path, then)

    async def scenario(bot: HandlerBot, _: Parts) -> None:
        await said(bot, "/reindex")
        await until(lambda: "failed" in bot.shown(ADMIN)[0])
        assert bot.shown(ADMIN) == [EN("reindex-failed", reason=reason.format(path=settings.path))]

    run(tmp_path, settings, scenario, python=program)


def test_a_program_that_cannot_be_started(tmp_path: Path, settings: IndexSettings) -> None:

    async def scenario(bot: HandlerBot, parts: Parts) -> None:
        await said(bot, "/reindex")
        await until(lambda: not parts.reindex.is_running and "failed" in bot.shown(ADMIN)[0])
        assert bot.shown(ADMIN) == [EN("reindex-failed", reason="FileNotFoundError")]

    run(tmp_path, settings, scenario, python="/nowhere")


def test_a_build_is_interrupted_when_the_bot_ends(tmp_path: Path, settings: IndexSettings) -> None:
    ended = tmp_path / "ended"
    log = tmp_path / "starts"
    program = stand_in(
        tmp_path, f"try: time.sleep(600)\nexcept KeyboardInterrupt: pathlib.Path({str(ended)!r}).touch()"
    )

    async def scenario(bot: HandlerBot, parts: Parts) -> None:
        await said(bot, "/reindex")
        await until(log.exists)
        await asyncio.sleep(0.1)  # it is written before the program sleeps
        await parts.reindex.close()
        assert bot.shown(ADMIN) == [EN("reindex-stopped")]
        assert UnfinishedMessages(bot.connection).all() == []

    run(tmp_path, settings, scenario, python=program)
    assert ended.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(json.loads(log.read_text())[2], 0)


def test_a_build_that_does_not_end_is_killed(tmp_path: Path, settings: IndexSettings) -> None:
    deaf = tmp_path / "deaf"
    log = tmp_path / "starts"
    program = stand_in(
        tmp_path, f"signal.signal(signal.SIGINT, signal.SIG_IGN); pathlib.Path({str(deaf)!r}).touch(); time.sleep(600)"
    )

    async def scenario(bot: HandlerBot, parts: Parts) -> None:
        await said(bot, "/reindex")
        await until(deaf.exists)
        await parts.reindex.close()

    run(tmp_path, settings, scenario, python=program, grace=0.2)
    with pytest.raises(ProcessLookupError):
        os.kill(json.loads(log.read_text())[2], 0)


def test_progress_messages_of_a_killed_bot_are_edited_at_its_start(tmp_path: Path, settings: IndexSettings) -> None:
    async def scenario(bot: HandlerBot, parts: Parts) -> None:
        sent = await bot.application.bot.send_message(bot.telegram.chat(ADMIN).id, "reading: 640")
        table = UnfinishedMessages(bot.connection)
        table.add(ADMIN, sent.message_id)
        table.add(ADMIN, 3)  # which is gone
        bot.telegram.failures["editMessageText"] = [None, None]
        await parts.reindex.tell_cut_short(bot.application.bot)
        assert table.all() == [(ADMIN, 3), (ADMIN, sent.message_id)]  # another start tries again
        await parts.reindex.tell_cut_short(bot.application.bot)
        assert (bot.shown(ADMIN), table.all()) == ([EN("reindex-cut-short")], [])

    run(tmp_path, settings, scenario)


def test_a_deleted_progress_message_is_sent_again(tmp_path: Path, settings: IndexSettings, fake: FakeEncoder) -> None:
    built(settings, "cat")
    go = tmp_path / "go"
    program = stand_in(tmp_path, f"while not pathlib.Path({str(go)!r}).exists(): time.sleep(0.01)")

    async def scenario(bot: HandlerBot, _: Parts) -> None:
        await said(bot, "/reindex")
        bot.telegram.forget(ADMIN, bot.telegram.sent[0].number)
        go.touch()
        await until(lambda: bot.shown(ADMIN))
        assert bot.shown(ADMIN)[0].startswith("Nothing has changed: generation 1")

    run(tmp_path, settings, scenario, python=program)


# Errors


def failing() -> ValueError:
    try:
        raise ValueError(f"question and {TOKEN}")
    except ValueError as error:
        return error


def reported(folder: Path, moments: list[float], **settings: Any) -> list[str]:
    """Report an error at each of these times; return what the chat -60 is told."""

    async def whole() -> list[str]:
        async with handler_bot(folder) as bot:
            bot.telegram.chat(-60, "supergroup")
            now = [0.0]
            reports = ErrorReports(BotSettings(**settings), lambda: now[0])
            for number, moment in enumerate(moments):
                now[0] = moment
                await reports.report(bot.application.bot, f"e{number}", failing())
            assert [each.id for each in reports.recent] == [f"e{number}" for number in range(len(moments))][-5:]
            return bot.shown(-60)

    return asyncio.run(whole())


def test_errors_are_reported_once_a_minute(tmp_path: Path) -> None:
    place = place_of(failing())
    assert place.startswith("admin/test_commands.py:")
    assert reported(tmp_path, [1000.0, 1001.0, 1059.0, 1060.0, 1200.0], errors_to=-60) == [
        f"Error e0: ValueError at {place}",
        f"Error e3: ValueError at {place}\nand 2 more before it",
        f"Error e4: ValueError at {place}",
    ]


def test_by_default_errors_are_kept_and_not_reported(tmp_path: Path) -> None:
    assert reported(tmp_path, [float(100 * number) for number in range(7)]) == []


def test_an_error_that_cannot_be_reported_raises_nothing(tmp_path: Path) -> None:
    assert reported(tmp_path, [1000.0], errors_to=-61) == []


def test_an_error_that_was_never_raised_has_no_place() -> None:
    assert place_of(ValueError()) == "?"


def test_a_report_that_fails_is_dropped(tmp_path: Path) -> None:
    async def whole() -> None:
        async with handler_bot(tmp_path) as bot:
            bot.telegram.failures["sendMessage"] = [ApiError("Bad Gateway", 502)]
            reports = ErrorReports(BotSettings(errors_to=bot.telegram.chat(ADMIN).id))
            await reports.report(bot.application.bot, "ab12", failing())
            assert bot.telegram.sent == []

    asyncio.run(whole())
