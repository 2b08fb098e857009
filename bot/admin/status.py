"""/status: how the bot is doing, in one message."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Protocol

from telegram import Chat, Update

from bot.admin.error_reports import ErrorReports
from bot.answer_worker import AnswerWorker
from bot.handlers.replies import Replies
from bot.memory.chats import Chats
from bot.telegram_types import Context
from index.errors import QuotewireError
from index.storage.generations import summarize
from retrieval.presentation.clipping import clip
from retrieval.presentation.texts import Texts

_OUTLETS = 5
_LONGEST = 100  # UTF-16 units of an outlet's name
_UNITS = (("days", 86400), ("hours", 3600), ("minutes", 60))


class InboxCounts(Protocol):
    """The counts of bot.updates.inbox.Inbox."""

    def depth(self, but: int = 0) -> int:
        """Return how many updates wait, not counting the one whose id is `but`."""

    def oldest(self, but: int = 0) -> float:
        """Return for how many seconds the oldest update has waited, not counting the one whose id is `but`."""

    def dead_letter_count(self) -> int:
        """Return how many updates are dead letters."""


class StatusCommand:
    """Describes the index, the inbox, the chats and the last errors."""

    def __init__(
        self,
        replies: Replies,
        worker: AnswerWorker,
        chats: Chats,
        root: Path,
        inbox: InboxCounts,
        errors: ErrorReports,
    ) -> None:
        """`root` is the folder of the index."""
        self._replies = replies
        self._worker = worker
        self._chats = chats
        self._root = root
        self._inbox = inbox
        self._errors = errors
        self._started = time.time()

    async def status(self, update: Update, context: Context) -> None:
        """Say how the bot is doing."""
        texts = self._replies.texts(update)
        try:
            index = await asyncio.to_thread(self._index_lines, texts)
        except QuotewireError as error:
            index = [str(error)]
        # The update of the command itself does not count as waiting.
        await self._replies.reply(
            update, context.bot, "\n".join([*index, "", *self._bot_lines(texts, update.update_id)])
        )

    def _index_lines(self, texts: Texts) -> list[str]:
        _, manifest, summary = summarize(self._root)
        made = duration(texts, time.time() - datetime.fromisoformat(manifest.created).timestamp())
        lines = [texts("status-generation", generation=str(manifest.generation), age=made)]
        if (answering := self._worker.generation) != manifest.generation:
            lines.append(texts("status-answering", generation=str(answering)))
        if manifest.is_draft:
            lines.append(texts("status-draft", count=manifest.passages - manifest.fine))
        lines.append(texts("status-articles", articles=summary.articles, passages=summary.passages))
        lines.append(texts("status-model", model=Path(manifest.model).name))
        if summary.outlets:
            shown = ", ".join(
                f"{clip(outlet, _LONGEST)} ({texts.number(count)})" for outlet, count in summary.outlets[:_OUTLETS]
            )
            lines.append(texts("status-outlets", outlets=shown, more=max(0, len(summary.outlets) - _OUTLETS)))
        return lines

    def _bot_lines(self, texts: Texts, asking: int) -> list[str]:
        now = time.time()
        chats = self._chats.count_by_kind()
        people = chats.pop(Chat.PRIVATE, 0)
        lines = [
            texts("status-waiting", count=self._inbox.depth(asking), age=duration(texts, self._inbox.oldest(asking))),
            texts("status-aside", count=self._inbox.dead_letter_count()),
            texts("status-chats", people=people, groups=sum(chats.values())),
        ]
        recent = [
            texts("status-error", id=error.id, age=duration(texts, now - error.at))
            for error in reversed(self._errors.recent)
        ]
        lines.append(texts("status-errors", errors=", ".join(recent)) if recent else texts("status-no-errors"))
        lines.append(texts("status-running", age=duration(texts, now - self._started), version=_version()))
        return lines


def duration(texts: Texts, seconds: float) -> str:
    """Return a duration in its largest unit: "3 hours"."""
    for unit, size in _UNITS:
        if count := int(seconds // size):
            return texts(f"duration-{unit}", count=count)
    return texts("duration-moment")


def _version() -> str:
    try:
        return version("quotewire")
    except PackageNotFoundError:  # it runs from its sources
        return "?"
