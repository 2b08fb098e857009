"""A running bot: its parts, built together, run concurrently and stopped together."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeAlias

import structlog
from telegram import Bot, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.ext import ApplicationBuilder, Defaults
from telegram.request import HTTPXRequest

from bot.admin.error_reports import ErrorReports
from bot.answer_source import AnswerSource
from bot.answer_worker import AnswerWorker
from bot.handlers.notices import SentNotices
from bot.memory.database import scrub
from bot.memory.disk import DiskMonitor
from bot.memory.tables import Tables
from bot.monitor.health import Health, serve_monitor
from bot.monitor.logs import secrets
from bot.monitor.metrics import Metrics
from bot.monitor.watchdog import Systemd
from bot.question_limits import QuestionLimits
from bot.rate_limiter import RateLimiter
from bot.refiner import complete_drafts
from bot.registry import HandlerRegistry
from bot.settings import BotSettings
from bot.setup import Setup
from bot.stopping import finish, until
from bot.telegram_types import App
from bot.updates.chat_queues import ChatQueues
from bot.updates.handling import Handling
from bot.updates.inbox import Inbox
from bot.updates.polling import Fetcher, Polling, retry_while_unreachable
from bot.updates.raw_updates import Raw, expects_reply
from bot.updates.webhook import Webhook
from bot.watch_scheduler import WatchScheduler

log = structlog.get_logger(__name__)

Builder: TypeAlias = "ApplicationBuilder[Any, Any, Any, Any, Any, Any]"

_OPEN_PER_BACKLOG = 10  # times the backlog: open updates, with those whose senders are yet to be turned away
_PRUNE_EVERY = 3600.0  # seconds
LAST_NOTICE = 10.0  # seconds that the notice of a watch has to be sent when the bot ends


class RunningBot:
    """All parts of a running bot."""

    def __init__(
        self,
        answers: AnswerSource,
        setup: Setup,
        token: str,
        connection: sqlite3.Connection,
        *,
        builder: Builder | None = None,
        limits_of: Callable[[int], QuestionLimits] = QuestionLimits,
        last_notice: float = LAST_NOTICE,
    ) -> None:
        """Build the parts around an open database.

        `builder` builds the Application, to which the settings are added; `limits_of` returns the limits for so many
        questions per minute; `last_notice` is how many seconds a notice has to be sent when the bot ends.
        """
        self._answers, self._setup, settings = answers, setup, setup.settings
        self._last_notice = last_notice
        self._tables = tables = Tables.of(connection)
        self._metrics = Metrics()
        self._disk = DiskMonitor(connection)
        self._health = Health(not settings.webhook_url, self._disk.check)
        self._application = _application(builder or ApplicationBuilder(), settings, token, self._metrics)
        self._inbox = Inbox(connection, settings.backlog, count=self._metrics.count_update, expects_reply=self._asks)
        self._handling = Handling(self._application)
        self._worker = AnswerWorker(answers, self._computing)
        self._errors = ErrorReports(settings)
        self._registry = registry = HandlerRegistry(
            setup, tables, self._worker, self._metrics, self._inbox, self._errors, limits_of
        )
        registry.add_to(self._application)
        bot, access = self._application.bot, registry.access
        self._watches = WatchScheduler(
            *(settings, self._worker, tables.watches, tables.chats, self._metrics),
            *(bot, registry.replies.send, access.is_allowed, self._report),
        )
        notices = SentNotices(registry.localizer, self._metrics, bot, access.may_use, self._report)
        self._queues = ChatQueues(self._inbox, self._handling, notices, settings.answer_within * 3600)
        self._most = _OPEN_PER_BACKLOG * settings.backlog
        self._webhook: Webhook | None = None
        if settings.webhook_url:
            address = settings.webhook_url, settings.webhook_listen
            self._webhook = Webhook(*address, self._inbox, self._most, self._queues.wake, self._disk.report_failure)
            secrets.add(self._webhook.secret)
        self._metrics.follow_queue(self._inbox.depth, self._inbox.oldest)
        self._metrics.follow_generation(lambda: answers.manifest)
        self._metrics.follow_refusal(self._refusal)

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set; a failing task sets it, too."""
        settings, systemd = self._setup.settings, Systemd()
        monitor = serve_monitor(settings.monitor, self._health.reasons, self._metrics.exposition, self._refusal)
        watched = asyncio.create_task(systemd.watch(lambda: not self._health.is_stuck(), self._status))
        polling = HTTPXRequest(connection_pool_size=2)
        try:
            if self._webhook:
                self._webhook.listen()  # before the bot says that it is ready
            await until(stop, retry_while_unreachable(self._application.initialize))
            if not stop.is_set():
                log.info("ready", bot=self._application.bot.username, generation=self._answers.generation)
                systemd.notify_ready(self._status())
                restarted, received = self._disk.restart_after_outages, partial(self._receive, polling, stop)
                queues = partial(self._queues.run, stop)
                works = [
                    *self._background(stop),
                    restarted(received, stop),
                    restarted(queues, stop),
                    self._disk.watch(stop),
                ]
                await _together(works, stop)
        finally:
            self._health.record_stopping()
            systemd.notify_stopping()
            await self._registry.close()
            await self._application.shutdown()
            await self._application.bot.shutdown()  # also if it was not fully initialized
            await polling.shutdown()
            if self._webhook:
                await self._webhook.close()
            self._worker.close()
            watched.cancel()
            if monitor:
                monitor.stop()
                await monitor.close_all_connections()

    def _background(self, stop: asyncio.Event) -> Iterator[Coroutine[Any, Any, None]]:
        """Yield the tasks that answering must not wait for: in floods each call of Telegram can take an hour."""
        bot, settings = self._application.bot, self._setup.settings
        yield until(stop, self._resume(bot))  # the first, before administrators begin new tasks
        yield until(stop, self._registry.menus.keep(bot))
        yield self._disk.restart_after_outages(lambda: self._prune(stop), stop)
        yield self._disk.restart_after_outages(lambda: until(stop, self._registry.forget.keep_telling(bot)), stop)
        yield until(stop, self._report_refusals())
        if self._answers.problem:
            yield until(stop, self._errors.tell_problem(bot, self._answers.problem))
        yield finish(stop, self._disk.restart_after_outages(lambda: self._watches.run(stop), stop), self._last_notice)
        if settings.refine:
            yield complete_drafts(self._setup.index.path, self._setup.config, stop)

    async def _resume(self, bot: Bot) -> None:
        try:
            await self._registry.resume(bot)
        except sqlite3.Error as error:  # the next start tries again
            self._disk.report_failure(error)

    async def _receive(self, request: HTTPXRequest, stop: asyncio.Event) -> None:
        bot = self._application.bot
        if self._webhook:
            await self._webhook.run(bot, stop)
            return
        await until(stop, retry_while_unreachable(bot.delete_webhook))  # which excludes polling
        fetcher = Fetcher(request, bot.base_url)

        async def fetch(offset: int | None, wait: int) -> list[object]:
            updates = await fetcher(offset, wait)
            self._health.record_poll()
            return updates

        await Polling(fetch, self._inbox, self._most, self._queues.wake).run(stop)

    async def _prune(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            days = self._setup.settings.keep_days
            self._inbox.prune(days)
            self._tables.sent_answers.prune(days)
            self._tables.watches.prune()
            scrub(self._tables.connection)  # erases the words of updates that were handled since the last time
            await until(stop, asyncio.sleep(_PRUNE_EVERY))

    def _refusal(self) -> str | None:
        return self._worker.refusal

    async def _report_refusals(self) -> None:
        """Tell the owner, once for each reason, that the published index does not answer."""
        refused = self._worker.refused
        while await refused.wait():
            refused.clear()
            await self._errors.tell_refusal(self._application.bot, self._refusal() or "")

    def _asks(self, raw: Raw) -> bool:
        bot = self._application.bot
        return expects_reply(raw, bot.id, bot.username)

    async def _report(self, id: str, error: Exception | None) -> None:
        await self._errors.report(self._application.bot, id, error)

    @contextmanager
    def _computing(self, update: int | None) -> Iterator[None]:
        """Charge an update while its answer is computed, in case that ends the process, and let a hang be seen."""
        with self._inbox.computing(update):
            self._health.record_question_start()
            try:
                yield
            finally:
                self._health.record_question_end()

    def _status(self) -> str:
        return f"answering from generation {self._answers.generation}, {self._inbox.depth()} updates waiting"


async def _together(works: list[Coroutine[Any, Any, None]], stop: asyncio.Event) -> None:
    """Run tasks until all end; if one raises, set `stop` and raise its error once the others have ended."""
    tasks = [asyncio.create_task(work) for work in works]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    stop.set()
    await asyncio.gather(*tasks, return_exceptions=True)
    for task in tasks:
        task.result()


def _application(builder: Builder, settings: BotSettings, token: str, metrics: Metrics) -> App:
    return (
        builder.token(token)
        .base_url(f"{settings.api_url}/bot")
        .base_file_url(f"{settings.api_url}/file/bot")
        .defaults(
            Defaults(
                parse_mode=ParseMode.HTML,
                link_preview_options=LinkPreviewOptions(is_disabled=not settings.link_preview),
            )
        )
        .rate_limiter(RateLimiter(settings.messages_per_second, metrics.count_retry, metrics.sends.inc))
        .updater(None)
        .job_queue(None)
        .build()
    )
