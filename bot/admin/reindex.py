"""/reindex: a build in a process of its own, with what it says in one message."""

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
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.admin.progress_message import Progress
from bot.clipping import clip
from bot.handlers.access import Access
from bot.handlers.condition_filter import Only
from bot.handlers.desk import App, Context, Desk, Target, message_of
from bot.handlers.editing import edit, tell
from bot.memory.unfinished import Unfinished
from bot.render import text
from bot.texts import Texts
from index.errors import QuotewireError
from index.settings import IndexSettings
from index.storage.generations import current_manifest, current_number

log = structlog.get_logger(__name__)

_OURS = "quotewire: "  # what begins the lines of talk
_WARNING, _ERROR = "warning: ", "error: "
_SHOWN = 5  # warnings
_LONGEST = 300  # units of a line that is shown
_TO_END = 10.0  # seconds that a build has to end in when it is asked to, and its last words to be shown
_WENT_WELL = (0, 3)  # exit codes; 3: something was left out


@dataclass(slots=True)
class _Heard:
    """What a build has said."""

    warnings: list[str] = field(default_factory=list)  # the first few
    more_warnings: int = 0
    last: str = ""


class Reindex:
    """One build at a time. Where the bot completes drafts by itself, a build ends with a draft."""

    def __init__(
        self, desk: Desk, access: Access, config: Path | None, index: IndexSettings, unfinished: Unfinished
    ) -> None:
        self._desk = desk
        self._access = access
        self._root = index.path
        self._unfinished = unfinished
        arguments = ["--gently", *(["--draft"] if desk.settings.refine else [])]
        self._command = [sys.executable, "-m", "index", *arguments, *(["--config", str(config)] if config else [])]
        self._building: asyncio.Task[None] | None = None
        self.is_running = False

    def add_to(self, application: App) -> None:
        """Register the command, and the button that does the same."""
        application.add_handler(CommandHandler("reindex", self.start, Only(self._access.is_admin)))
        application.add_handler(CallbackQueryHandler(self.pressed, "^reindex$"))

    @staticmethod
    def button(texts: Texts) -> InlineKeyboardMarkup:
        """The button that begins a build."""
        return InlineKeyboardMarkup([[InlineKeyboardButton(texts("button-reindex"), callback_data="reindex")]])

    async def start(self, update: Update, context: Context) -> None:
        """Begin a build, unless one runs."""
        await self._begin(context.bot, Target.of(message_of(update)), self._desk.texts(update))

    async def pressed(self, update: Update, context: Context) -> None:
        """Begin a build, unless one runs, for an administrator who pressed the button."""
        query = update.callback_query
        assert query is not None
        await tell(query)
        if self._access.is_pressed_by_admin(query) and isinstance(query.message, Message):
            await self._begin(context.bot, Target.of(query.message), self._desk.texts(update))

    async def tell_cut_short(self, bot: Bot) -> None:
        """Say in the messages of builds that did not end before the bot did that they are watched no more."""
        for chat, message in self._unfinished.all():
            try:
                await edit(bot, chat, message, self._desk.texts_of_chat(chat)("reindex-cut-short"))
            except (BadRequest, Forbidden) as error:  # it is gone
                log.info("a message about a build is gone", error=type(error).__name__)
            except TelegramError:  # the next start tries again
                continue
            self._unfinished.remove(chat, message)

    async def close(self) -> None:
        """End a build that runs; what it has computed is kept."""
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
            progress = await Progress.begin(bot, target, texts("reindex-started"))
        except BaseException:
            self.is_running = False
            raise
        self._unfinished.add(progress.chat, progress.message)
        self._building = asyncio.create_task(self._build(progress, texts))

    async def _build(self, progress: Progress, texts: Texts) -> None:
        patience = None
        try:
            words = await self._run(progress, texts)
        except asyncio.CancelledError:  # the bot ends, and Telegram may be out of reach
            words, patience = texts("reindex-stopped"), _TO_END
        except Exception as error:  # nobody else would hear of it
            log.error("a build could not be run", exc_info=error)
            words = texts("reindex-failed", reason=type(error).__name__)
        finally:
            self.is_running = False
        try:
            await asyncio.wait_for(progress.end(words), patience)
            self._unfinished.remove(progress.chat, progress.message)
        except (TelegramError, TimeoutError) as error:  # the next start tells
            log.warning("the end of a build could not be told", error=type(error).__name__)
        if patience is None:
            await self._desk.answering.move()

    async def _run(self, progress: Progress, texts: Texts) -> str:
        """Run a build to its end; returns what there is to say about it."""
        before = _number(self._root)
        process = await _start(self._command)
        heard = _Heard()
        try:
            await _listen(process, heard, progress, texts)
        finally:
            await _end(process)
        log.info("a build ended", code=process.returncode, warnings=len(heard.warnings) + heard.more_warnings)
        if process.returncode not in _WENT_WELL:
            reason = heard.last.removeprefix(_OURS).removeprefix(_ERROR) or f"{process.returncode}"
            return texts("reindex-failed", reason=clip(reason, _LONGEST))
        try:
            return await asyncio.to_thread(self._result, texts, before, heard)
        except QuotewireError as error:
            return texts("reindex-failed", reason=str(error))

    def _result(self, texts: Texts, before: int | None, heard: _Heard) -> str:
        manifest = current_manifest(self._root)
        id = "reindex-unchanged" if manifest.generation == before else "reindex-done"
        counts = {"articles": manifest.articles, "passages": manifest.passages}
        lines = [texts(id, generation=str(manifest.generation), **counts)]
        if manifest.is_draft:
            lines.append(texts("reindex-draft", count=manifest.passages - manifest.fine))
        return "\n".join([*lines, *_warnings(texts, heard)])


async def _start(command: Sequence[str]) -> Process:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TELEGRAM_")}
    # In a session of its own, since Ctrl-C in a terminal goes to the bot, which ends it.
    return await asyncio.create_subprocess_exec(
        *command, env=environment, stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE, limit=2**24, start_new_session=True
    )


async def _listen(process: Process, heard: _Heard, progress: Progress, texts: Texts) -> None:
    """Take in what a build says, until it has ended."""
    assert process.stderr is not None
    async for raw in process.stderr:
        line = raw.decode(errors="replace").strip()
        said = line.removeprefix(_OURS)
        heard.last = line or heard.last
        if said == line:  # a library's
            continue
        if said.startswith(_WARNING):
            if len(heard.warnings) < _SHOWN:
                heard.warnings.append(clip(said.removeprefix(_WARNING), _LONGEST))
            else:
                heard.more_warnings += 1
        elif not said.startswith(_ERROR):
            progress.words = f"{texts('reindex-started')}\n{clip(said, _LONGEST)}"
    await process.wait()


async def _end(process: Process) -> None:
    """See that a process is gone: Ctrl-C lets a build keep what it has."""
    if process.returncode is not None:
        return
    process.send_signal(signal.SIGINT)
    try:
        await asyncio.wait_for(process.wait(), _TO_END)
    except TimeoutError:
        process.kill()
        await process.wait()


def _warnings(texts: Texts, heard: _Heard) -> list[str]:
    if not heard.warnings:
        return []
    more = [texts("reindex-more-warnings", count=heard.more_warnings)] if heard.more_warnings else []
    return ["", texts("reindex-warnings"), *(f"• {warning}" for warning in heard.warnings), *more]


def _number(root: Path) -> int | None:
    try:
        return current_number(root)
    except QuotewireError:
        return None
