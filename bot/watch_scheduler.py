"""The watched questions, asked again of every later generation; what is new in the answers is sent once."""

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
from bot.memory.disk import is_passing
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

LOOK_EVERY = 30.0  # seconds between two looks for a later generation, since it may be that nobody asks anything
LOOKED_AT = 50  # quotes of an answer
AT_ONCE = 5  # quotes in a notice; what is left makes the next one
_PATIENCE = 60.0  # seconds that a notice may wait for its chat, and all others behind it
_KEY = 13  # symbols of a notice's key
_PARAMS = RankingParams()

Send: TypeAlias = Callable[[Bot, SentAnswer, Answer, list[Page], Target, Texts], Awaitable[None]]
MayUse: TypeAlias = Callable[[int, int], bool]  # a person, in a chat


class WatchScheduler:
    """Goes through the watches whenever they are behind the generation that answers, one by one."""

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
        """`send` sends the pages of an answer, and goes on where it was if the same was sent in part before.

        Who may not use the bot any more is told nothing until they may again. `report` tells the owner of an error.
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
        """Watch until `stop` is set; what is under way is then finished."""
        moved = self._worker.moved
        while not stop.is_set():
            moved.clear()
            try:
                while await self.go_round(stop):
                    pass
            except Exception as error:  # a bug that would end all watching
                if is_passing(error):
                    raise
                await self._fail(error)
            waiting = [asyncio.create_task(event.wait()) for event in (stop, moved)]
            try:
                await asyncio.wait(waiting, timeout=LOOK_EVERY, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in waiting:
                    task.cancel()

    async def go_round(self, stop: asyncio.Event) -> bool:
        """Ask what is behind the newest generation; returns whether something was told, so that more may follow."""
        await self._worker.move()
        generation, told = self._worker.generation, False
        self._watches.rewind(generation)
        last, limit = 0, self._settings.notices_per_day
        while not stop.is_set() and (watch := self._watches.behind(generation, last, limit)):
            last = watch.id
            if self._may_use(watch.person, watch.chat):
                told |= await self._check(watch, generation)
        return told

    async def _check(self, watch: Watch, generation: int) -> bool:
        """Ask a watch's question, and tell what is new; nothing that goes wrong with it is in the way of the next."""
        watches = self._watches
        try:
            return await self._tell_news(watch)
        except Forbidden:
            self._leave(watch.chat)
        except ChatMigrated as error:
            watches.move(watch.chat, error.new_chat_id)
        except BadRequest as error:
            words = error.message.lower()
            if "thread not found" in words or "topic_" in words:  # closed or deleted
                watches.end(watch.id, watch.person)
            elif not is_gone(error):
                await self._set_aside(watch, generation, error)
            elif "rights" in words or "forbidden" in words:  # which it may be given again; the next generation tries
                watches.checked(watch.id, generation)
                log.info("a notice may not be written", watch=watch.id, why=error.message)
            else:
                self._leave(watch.chat)
        except (TelegramError, TimeoutError) as error:
            log.warning("a notice must wait", watch=watch.id, error=type(error).__name__)
        except Exception as error:
            if is_passing(error):
                raise
            await self._set_aside(watch, generation, error)
        return False

    async def _tell_news(self, watch: Watch) -> bool:
        """Returns whether there were any."""
        watches, now = self._watches, datetime.fromtimestamp(self._clock(), UTC)
        question, known = watch.asked(now), watches.known(watch.id)
        answer, new = await self._worker.run(lambda answers: _news(answers, question, known), in_background=True)
        if watches.get(watch.id) != watch or answer.generation <= watch.checked:
            return False  # it has ended meanwhile, or an older generation answers again
        if new:
            await self._notify(watch, arrange_by_article(replace(answer, quotes=new[:AT_ONCE], more=0)))
            # Only now: if the process is killed before, it is better told twice than never. That happens only to the
            # message that was under way, since those of a notice that are known to be sent are not sent again.
            watches.told(watch, _known_with(answer, new[AT_ONCE:]))
        if len(new) <= AT_ONCE:
            watches.checked(watch.id, answer.generation)
        return bool(new)

    async def _notify(self, watch: Watch, answer: Answer) -> None:
        texts = texts_for(watch.language, self._settings.language)
        # A key of its own for what is told and not for the attempt, so that another attempt goes on with this one.
        key = hash_key(" ".join([str(watch.id), *(quote.id for quote in answer.quotes)]), _KEY)
        given = sent_answer_of(answer, key, watch.chat, None, watch.person)
        target = Target(watch.chat, watch.message, watch.thread, quiet=self._watches.notices(watch.person) > 0)
        pages = render_watch_notice(watch.wording, answer, texts)
        async with asyncio.timeout(_PATIENCE):
            await self._send(self._bot, given, answer, pages, target, texts)
        self._metrics.notices.inc()
        log.info("told", watch=watch.id, quotes=len(answer.quotes), generation=answer.generation)

    def _leave(self, chat: int) -> None:
        """Forget the watches of a chat in which the bot may write no more."""
        self._chats.gone(chat)
        log.info("a chat is gone", watches=self._watches.end_in(chat))

    async def _set_aside(self, watch: Watch, generation: int, error: Exception) -> None:
        """Leave a watch alone until the next generation; nothing new is lost."""
        self._watches.checked(watch.id, generation)
        await self._fail(error, watch=watch.id)

    async def _fail(self, error: Exception, **fields: int) -> None:
        """Say in the log what went wrong, and tell the owner."""
        id = secrets.token_hex(4)
        log.error("watching failed", id=id, exc_info=error, **fields)
        self._metrics.errors.inc()
        await self._report(id, error)


def _news(answers: AnswerSource, question: Question, known: Collection[str]) -> tuple[Answer, tuple[Quote, ...]]:
    answer = keep_confident(answers.answer(question, LOOKED_AT), _PARAMS)
    return answer, new_quotes(answer, known, _PARAMS)


def _known_with(answer: Answer, left: tuple[Quote, ...]) -> set[str]:
    """The marks of an answer's quotes, also of copies of what was known, but none by which those that are left are.

    What was found and is no quote stays new: once the full generation is there, or another answer, it may be one.
    """
    seen = replace(answer, quotes=tuple(quote for quote in answer.quotes if quote not in left), hits=())
    return answer_marks(seen).difference(*map(quote_marks, left))
