"""The scheduler of watches: ask the watched questions of every new generation, and send new quotes once."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeAlias

import structlog
from telegram import Bot
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bot.answer_source import AnswerSource
from bot.answer_worker import AnswerWorker
from bot.handlers.notices import Report
from bot.handlers.replies import sent_answer_of
from bot.handlers.target import Target
from bot.memory.chats import Chats
from bot.memory.disk import is_transient
from bot.memory.sent_answers import SentAnswer
from bot.memory.watches import Watch, Watches
from bot.messages import texts_for
from bot.monitor.metrics import Metrics
from bot.render import Page, render_watch_notice
from bot.settings import BotSettings
from bot.updates.handling import is_gone
from index.keys import hash_key
from retrieval.novelty import answer_marks, keep_confident, new_quotes, quote_marks
from retrieval.params import RankingParams
from retrieval.presentation.answer_parts import arrange_by_article
from retrieval.presentation.texts import Texts
from retrieval.types import Answer, Question, Quote

log = structlog.get_logger(__name__)

LOOK_EVERY = 30.0  # seconds between two checks for a new generation, which otherwise only a question would notice
LOOKED_AT = 50  # quotes of an answer that are checked
AT_ONCE = 5  # quotes in a notice; further ones make the next notice
_TIMEOUT = 60.0  # seconds for which a notice may wait for its chat, since all others wait for it
_KEY_LENGTH = 13  # characters of a notice's key
_PARAMS = RankingParams()

Send: TypeAlias = Callable[[Bot, SentAnswer, Answer, list[Page], Target, Texts], Awaitable[None]]
MayUse: TypeAlias = Callable[[int, int], bool]  # whether a person may use the bot in a chat


class WatchScheduler:
    """Checks the watches one by one whenever a new generation answers."""

    def __init__(
        self,
        settings: BotSettings,
        worker: AnswerWorker,
        watches: Watches,
        chats: Chats,
        metrics: Metrics,
        bot: Bot,
        send: Send,
        may_use: MayUse,
        report: Report,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Send the pages of an answer with `send`, which continues where an earlier attempt was interrupted.

        People who may not use the bot any more get no notices until they may again. `report` tells the owner of an
        error.
        """
        self._settings = settings
        self._worker = worker
        self._watches = watches
        self._chats = chats
        self._metrics = metrics
        self._bot = bot
        self._send = send
        self._may_use = may_use
        self._report = report
        self._clock = clock

    async def run(self, stop: asyncio.Event) -> None:
        """Check watches until `stop` is set, then finish the one under way."""
        moved = self._worker.moved
        while not stop.is_set():
            moved.clear()
            try:
                while await self.run_round(stop):
                    pass
            except Exception as error:  # a bug must not end all watching
                if is_transient(error):
                    raise
                await self._fail(error)
            waiting = [asyncio.create_task(event.wait()) for event in (stop, moved)]
            try:
                await asyncio.wait(waiting, timeout=LOOK_EVERY, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in waiting:
                    task.cancel()

    async def run_round(self, stop: asyncio.Event) -> bool:
        """Check all watches that are behind the newest generation; return whether a notice was sent."""
        await self._worker.move()
        generation, sent = self._worker.generation, False
        self._watches.rewind(generation)
        last, limit = 0, self._settings.notices_per_day
        while not stop.is_set() and (watch := self._watches.next_outdated(generation, last, limit)):
            last = watch.id
            if self._may_use(watch.person, watch.chat):
                sent |= await self._check(watch, generation)
        return sent

    async def _check(self, watch: Watch, generation: int) -> bool:
        """Ask the question of a watch, and return whether there was news; do not let an error affect other watches."""
        watches = self._watches
        try:
            return await self._send_news(watch)
        except Forbidden:
            self._end_watches(watch.chat)
        except ChatMigrated as error:
            watches.move_chat(watch.chat, error.new_chat_id)
        except BadRequest as error:
            words = error.message.lower()
            if "thread not found" in words or "topic_" in words:  # closed or deleted
                watches.end(watch.id, watch.person)
            elif not is_gone(error):
                await self._skip_generation(watch, generation, error)
            elif "rights" in words or "forbidden" in words:  # may be granted again; retry with the next generation
                watches.mark_checked(watch.id, generation)
                log.info("the bot may not send a notice", watch=watch.id, why=error.message)
            else:
                self._end_watches(watch.chat)
        except (TelegramError, TimeoutError) as error:
            log.warning("a notice is delayed", watch=watch.id, error=type(error).__name__)
        except Exception as error:
            if is_transient(error):
                raise
            await self._skip_generation(watch, generation, error)
        return False

    async def _send_news(self, watch: Watch) -> bool:
        """Ask the question, and send the quotes that are new, if any; return whether there were any."""
        watches, now = self._watches, datetime.fromtimestamp(self._clock(), UTC)
        question, known = watch.as_question(now), watches.marks(watch.id)
        answer, new = await self._worker.run(lambda answers: _news(answers, question, known), in_background=True)
        if watches.get(watch.id) != watch or answer.generation <= watch.checked_generation:
            return False  # the watch has ended meanwhile, or an older generation answers again
        if new:
            await self._notify(watch, arrange_by_article(replace(answer, quotes=new[:AT_ONCE], more=0)))
            # Recorded last, since a notice sent twice is better than none. If the process is killed before, only the
            # message in transit is sent again, because the delivery of the earlier ones was recorded.
            watches.record_notice(watch, _known_with(answer, new[AT_ONCE:]))
        if len(new) <= AT_ONCE:
            watches.mark_checked(watch.id, answer.generation)
        return bool(new)

    async def _notify(self, watch: Watch, answer: Answer) -> None:
        texts = texts_for(watch.language, self._settings.language)
        # The key depends on the quotes only, so that a retry continues this attempt.
        key = hash_key(" ".join([str(watch.id), *(quote.id for quote in answer.quotes)]), _KEY_LENGTH)
        given = sent_answer_of(answer, key, watch.chat, None, watch.person)
        target = Target(watch.chat, watch.message, watch.thread, quiet=self._watches.notices_today(watch.person) > 0)
        pages = render_watch_notice(watch.wording, answer, texts)
        async with asyncio.timeout(_TIMEOUT):
            await self._send(self._bot, given, answer, pages, target, texts)
        self._metrics.notices.inc()
        log.info("sent a notice", watch=watch.id, quotes=len(answer.quotes), generation=answer.generation)

    def _end_watches(self, chat: int) -> None:
        """End the watches of a chat in which the bot may no longer write."""
        self._chats.mark_gone(chat)
        log.info("the bot may no longer write in a chat", watches=self._watches.end_in_chat(chat))

    async def _skip_generation(self, watch: Watch, generation: int, error: Exception) -> None:
        """Leave a watch until the next generation; no news is lost."""
        self._watches.mark_checked(watch.id, generation)
        await self._fail(error, watch=watch.id)

    async def _fail(self, error: Exception, **fields: int) -> None:
        """Log an error and report it to the owner."""
        id = secrets.token_hex(4)
        log.error("watching failed", id=id, exc_info=error, **fields)
        self._metrics.errors.inc()
        await self._report(id, error)


def _news(answers: AnswerSource, question: Question, known: Collection[str]) -> tuple[Answer, tuple[Quote, ...]]:
    answer = keep_confident(answers.answer(question, LOOKED_AT), _PARAMS)
    return answer, new_quotes(answer, known, _PARAMS)


def _known_with(answer: Answer, left: tuple[Quote, ...]) -> set[str]:
    """Return the marks of an answer's quotes, except those shared with the quotes that remain for the next notice.

    They include copies of quotes that the person has seen. Hits that were not quoted stay new, since the full-model
    generation, or another answer, may quote them.
    """
    seen = replace(answer, quotes=tuple(quote for quote in answer.quotes if quote not in left), hits=())
    return answer_marks(seen).difference(*map(quote_marks, left))
