"""/reindex: building the index in a process of its own, with its progress in one message."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import structlog
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.ext import CallbackQueryHandler

from bot.admin.progress_message import INTERVAL, Progress
from bot.answer_worker import AnswerWorker
from bot.handlers.access import Access
from bot.handlers.editing import edit, tell
from bot.handlers.localizer import Localizer
from bot.handlers.message_parts import message_of
from bot.handlers.target import Target
from bot.memory.unfinished_messages import UnfinishedMessages
from bot.render import text
from bot.telegram_types import App, Context
from index.errors import QuotewireError
from index.storage.generations import current_manifest, current_number
from retrieval.presentation.clipping import clip
from retrieval.presentation.texts import Texts

log = structlog.get_logger(__name__)

_OURS = "quotewire: "  # how the build's own lines begin; others are those of libraries
_WARNING, _ERROR = "warning: ", "error: "
_SHOWN = 5  # warnings
_LONGEST = 300  # UTF-16 units of a line that is shown
_GRACE = 10.0  # seconds that a build has to end when asked to, and that its last words have to be shown
_SUCCESS = (0, 3)  # exit codes; 3: files were left out


@dataclass(slots=True)
class _Output:
    """The warnings and the last line of a build's output."""

    warnings: list[str] = field(default_factory=list)  # the first few
    more_warnings: int = 0
    last: str = ""


class ReindexCommand:
    """Runs one build at a time, which may end with a draft if the bot completes drafts."""

    def __init__(
        self,
        localizer: Localizer,
        access: Access,
        worker: AnswerWorker,
        unfinished: UnfinishedMessages,
        root: Path,
        command: Sequence[str],
        interval: float = INTERVAL,
        grace: float = _GRACE,
    ) -> None:
        """`command` builds the index in the folder `root`.

        `interval` is that of the progress message; `grace` is how many seconds a build has to end in.
        """
        self._localizer = localizer
        self._access = access
        self._worker = worker
        self._unfinished = unfinished
        self._root = root
        self._command = command
        self._interval = interval
        self._grace = grace
        self._building: asyncio.Task[None] | None = None
        self.is_running = False

    def add_to(self, application: App) -> None:
        """Register the handler of the button."""
        application.add_handler(CallbackQueryHandler(self.pressed, "^reindex$"))

    @staticmethod
    def button(texts: Texts) -> InlineKeyboardMarkup:
        """Return the button that begins a build."""
        return InlineKeyboardMarkup([[InlineKeyboardButton(texts("button-reindex"), callback_data="reindex")]])

    async def start(self, update: Update, context: Context) -> None:
        """Begin a build, unless one is running."""
        await self._begin(context.bot, Target.of(message_of(update)), self._localizer.texts(update))

    async def pressed(self, update: Update, context: Context) -> None:
        """Begin a build, unless one is running, if an administrator pressed the button."""
        query = update.callback_query
        assert query is not None
        await tell(query)
        if self._access.is_pressed_by_admin(query) and isinstance(query.message, Message):
            await self._begin(context.bot, Target.of(query.message), self._localizer.texts(update))

    async def tell_cut_short(self, bot: Bot) -> None:
        """Say in the progress messages of builds that outlived the bot that they are no longer updated."""
        for chat, message in self._unfinished.all():
            try:
                await edit(bot, chat, message, self._localizer.texts_of_chat(chat)("reindex-cut-short"))
            except (BadRequest, Forbidden) as error:  # the message is gone
                log.info("a message about a build is gone", error=type(error).__name__)
            except TelegramError:  # the next start tries again
                continue
            self._unfinished.remove(chat, message)

    async def close(self) -> None:
        """End a running build, which keeps what it has computed."""
        if self._building:
            self._building.cancel()
            with suppress(asyncio.CancelledError):
                await self._building

    async def _begin(self, bot: Bot, target: Target, texts: Texts) -> None:
        if self.is_running:
            await target.send(bot, text(texts("reindex-running")))
            return
        self.is_running = True
        try:
            progress = await Progress.begin(bot, target, texts("reindex-started"), self._interval)
        except BaseException:
            self.is_running = False
            raise
        self._unfinished.add(progress.chat, progress.message)
        self._building = asyncio.create_task(self._build(progress, texts))

    async def _build(self, progress: Progress, texts: Texts) -> None:
        patience = None
        try:
            words = await self._run(progress, texts)
        except asyncio.CancelledError:  # the bot is ending, and Telegram may be unreachable
            words, patience = texts("reindex-stopped"), self._grace
        except Exception as error:  # the task has no caller that would see it
            log.error("a build could not be run", exc_info=error)
            words = texts("reindex-failed", reason=type(error).__name__)
        finally:
            self.is_running = False
        try:
            await asyncio.wait_for(progress.end(words), patience)
            self._unfinished.remove(progress.chat, progress.message)
        except (TelegramError, TimeoutError) as error:  # told at the next start
            log.warning("the end of a build could not be told", error=type(error).__name__)
        if patience is None:
            await self._worker.move()

    async def _run(self, progress: Progress, texts: Texts) -> str:
        """Run a build to its end; return what to say about it."""
        before = _number(self._root)
        process = await _start(self._command)
        output = _Output()
        try:
            await _follow(process, output, progress, texts)
        finally:
            await _end(process, self._grace)
        log.info("a build ended", code=process.returncode, warnings=len(output.warnings) + output.more_warnings)
        if process.returncode not in _SUCCESS:
            reason = output.last.removeprefix(_OURS).removeprefix(_ERROR) or f"{process.returncode}"
            return texts("reindex-failed", reason=clip(reason, _LONGEST))
        try:
            return await asyncio.to_thread(self._result, texts, before, output)
        except QuotewireError as error:
            return texts("reindex-failed", reason=str(error))

    def _result(self, texts: Texts, before: int | None, output: _Output) -> str:
        manifest = current_manifest(self._root)
        id = "reindex-unchanged" if manifest.generation == before else "reindex-done"
        counts = {"articles": manifest.articles, "passages": manifest.passages}
        lines = [texts(id, generation=str(manifest.generation), **counts)]
        if manifest.is_draft:
            lines.append(texts("reindex-draft", count=manifest.passages - manifest.fine))
        return "\n".join([*lines, *_warnings(texts, output)])


def build_command(config: Path | None, draft: bool, python: str = sys.executable) -> list[str]:
    """Return the command that builds the index with a configuration file, at low priority, perhaps only a draft."""
    arguments = ["--gently", *(["--draft"] if draft else []), *(["--config", str(config)] if config else [])]
    return [python, "-m", "index", *arguments]


async def _start(command: Sequence[str]) -> Process:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TELEGRAM_")}
    # In a session of its own, so that Ctrl-C in a terminal reaches the bot alone, which then ends the build.
    return await asyncio.create_subprocess_exec(
        *command, env=environment, stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE, limit=2**24, start_new_session=True
    )


async def _follow(process: Process, output: _Output, progress: Progress, texts: Texts) -> None:
    """Read the output of a build until it ends, and show its progress."""
    assert process.stderr is not None
    async for raw in process.stderr:
        line = raw.decode(errors="replace").strip()
        said = line.removeprefix(_OURS)
        output.last = line or output.last
        if said == line:  # a line of a library
            continue
        if said.startswith(_WARNING):
            if len(output.warnings) < _SHOWN:
                output.warnings.append(clip(said.removeprefix(_WARNING), _LONGEST))
            else:
                output.more_warnings += 1
        elif not said.startswith(_ERROR):
            progress.words = f"{texts('reindex-started')}\n{clip(said, _LONGEST)}"
    await process.wait()


async def _end(process: Process, grace: float) -> None:
    """End a process, as by Ctrl-C, so that a build keeps what it has; kill it after some seconds."""
    if process.returncode is not None:
        return
    process.send_signal(signal.SIGINT)
    try:
        await asyncio.wait_for(process.wait(), grace)
    except TimeoutError:
        process.kill()
        await process.wait()


def _warnings(texts: Texts, output: _Output) -> list[str]:
    if not output.warnings:
        return []
    more = [texts("reindex-more-warnings", count=output.more_warnings)] if output.more_warnings else []
    return ["", texts("reindex-warnings"), *(f"• {warning}" for warning in output.warnings), *more]


def _number(root: Path) -> int | None:
    try:
        return current_number(root)
    except QuotewireError:
        return None
