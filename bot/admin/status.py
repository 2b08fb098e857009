"""/status: how the bot is doing, in one message."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Protocol

from telegram import Chat

from bot.admin.error_reports import ErrorReports
from bot.clipping import clip
from bot.handlers.desk import Desk
from bot.texts import Texts
from index.errors import QuotewireError
from index.storage.generations import summarize

_OUTLETS = 5
_LONGEST = 100  # units of an outlet's name
_UNITS = (("days", 86400), ("hours", 3600), ("minutes", 60))


class InboxCounts(Protocol):
    """What bot.updates.inbox tells of itself."""

    def depth(self, but: int = 0) -> int:
        """How many updates wait, without the one with an id."""

    def oldest(self, but: int = 0) -> float:
        """How long one has waited, in seconds."""

    def aside_count(self) -> int:
        """How many updates are set aside."""


class Status:
    """What there is to say of the index, the inbox, the chats and the errors."""

    def __init__(self, desk: Desk, root: Path, inbox: InboxCounts, errors: ErrorReports) -> None:
        self._desk = desk
        self._root = root
        self._inbox = inbox
        self._errors = errors
        self._started = time.time()

    async def words(self, texts: Texts, asking: int) -> str:
        """The whole message, in plain words, for the update with the id `asking`, which itself waits for nothing."""
        try:
            index = await asyncio.to_thread(self._index, texts)
        except QuotewireError as error:
            index = [str(error)]
        return "\n".join([*index, "", *self._bot(texts, asking)])

    def _index(self, texts: Texts) -> list[str]:
        _, manifest, summary = summarize(self._root)
        made = duration(texts, time.time() - datetime.fromisoformat(manifest.created).timestamp())
        lines = [texts("status-generation", generation=str(manifest.generation), age=made)]
        if (answering := self._desk.answering.generation) != manifest.generation:
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

    def _bot(self, texts: Texts, asking: int) -> list[str]:
        now = time.time()
        chats = self._desk.chats.count()
        people = chats.pop(Chat.PRIVATE, 0)
        lines = [
            texts("status-waiting", count=self._inbox.depth(asking), age=duration(texts, self._inbox.oldest(asking))),
            texts("status-aside", count=self._inbox.aside_count()),
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
    """A time in its largest unit: "3 hours"."""
    for unit, size in _UNITS:
        if count := int(seconds // size):
            return texts(f"duration-{unit}", count=count)
    return texts("duration-moment")


def _version() -> str:
    try:
        return version("quotewire")
    except PackageNotFoundError:  # run from its sources
        return "?"
