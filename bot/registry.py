"""All handlers of the bot, built and registered in the order in which they look at an update.

The first handler whose filter fits takes the update.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

from telegram import Bot
from telegram.ext import CommandHandler

from bot.admin.adding import AddCommand
from bot.admin.broadcast import BroadcastCommand
from bot.admin.error_reports import ErrorReports
from bot.admin.reindex import ReindexCommand, build_command
from bot.admin.rollback import RollbackCommand
from bot.admin.status import StatusCommand
from bot.answer_worker import AnswerWorker
from bot.command_table import COMMANDS, CommandHandlers, add_commands
from bot.handlers.access import Access
from bot.handlers.albums import AnsweredAlbums
from bot.handlers.asking import Asking
from bot.handlers.browsing import BrowsingCommands
from bot.handlers.buttons import AnswerButtons
from bot.handlers.condition_filter import ConditionFilter
from bot.handlers.conversations import Conversations
from bot.handlers.examples import ExampleQuestions
from bot.handlers.filter_commands import FilterCommands
from bot.handlers.forget import ForgetCommand
from bot.handlers.help import HelpCommand
from bot.handlers.inline_mode import InlineMode
from bot.handlers.localizer import Localizer
from bot.handlers.menus import Menus
from bot.handlers.more import MoreCommand
from bot.handlers.questions import Questions
from bot.handlers.replies import Replies
from bot.handlers.start import StartCommand
from bot.handlers.verdicts import Verdicts
from bot.handlers.watch_commands import WatchCommands
from bot.memory.forgetting import Erase, forget, is_erased
from bot.memory.tables import Tables
from bot.monitor.metrics import Metrics
from bot.question_limits import QuestionLimits
from bot.setup import Setup
from bot.telegram_types import App
from bot.updates.inbox import Inbox

_INLINE_RATE = 3  # times as many inline queries as questions are answered, since they come letter by letter


class HandlerRegistry:
    """Builds the handlers, and holds those that other parts of the bot need."""

    def __init__(
        self,
        setup: Setup,
        tables: Tables,
        worker: AnswerWorker,
        metrics: Metrics,
        inbox: Inbox,
        errors: ErrorReports,
        limits_of: Callable[[int], QuestionLimits] = QuestionLimits,
    ) -> None:
        """`limits_of` returns the limits for so many questions per minute."""
        settings, root, chats = setup.settings, setup.index.path, tables.chats
        limits, inline_limits = (limits_of(rate * settings.questions_per_minute) for rate in (1, _INLINE_RATE))
        self.localizer = localizer = Localizer(chats, settings.language)
        self.menus = Menus(settings, COMMANDS)
        self.access = access = Access(settings, chats, localizer, self.menus.heard)
        self.replies = replies = Replies(localizer, tables.sent_answers, limits)
        examples = ExampleQuestions(settings.examples)
        asking, conversations = Asking(worker, limits, metrics), Conversations(tables.sent_answers, chats)
        albums, verdicts = AnsweredAlbums(), Verdicts(tables.feedback, metrics)

        more = MoreCommand(replies, asking, conversations)
        command = build_command(setup.config, draft=settings.refine)
        reindex = ReindexCommand(localizer, access, worker, tables.unfinished, root, command)
        self._commands = CommandHandlers(
            questions=Questions(replies, asking, conversations, albums, examples),
            more=more,
            browsing=BrowsingCommands(replies, asking, conversations),
            filters=FilterCommands(replies, asking, chats),
            watches=WatchCommands(replies, asking, conversations, tables.watches, settings.watches, examples),
            forget=ForgetCommand(localizer, *_erasing(tables, inbox)),
            start=StartCommand(replies, asking, examples),
            help=HelpCommand(replies, examples, albums, COMMANDS, settings.admins),
            status=StatusCommand(replies, worker, chats, root, inbox, errors),
            reindex=reindex,
            rollback=RollbackCommand(replies, reindex, root),
            add=AddCommand(replies, access, setup.index),
            broadcast=BroadcastCommand(localizer, access, chats, tables.broadcasts),
        )
        self._inline_mode = InlineMode(localizer, asking, Asking(worker, inline_limits, metrics), conversations)
        self._buttons = AnswerButtons(localizer, asking, conversations, verdicts, more)

    @property
    def forget(self) -> ForgetCommand:
        """Return the handler that tells people that they are forgotten."""
        return self._commands.forget

    def add_to(self, application: App) -> None:
        """Register all handlers."""
        handlers, access = self._commands, self.access
        access.add_to(application)
        admins = [command for command in COMMANDS if command.is_admin]
        add_commands(application, admins, handlers, access)
        for admin_handlers in (handlers.reindex, handlers.add, handlers.broadcast):
            admin_handlers.add_to(application)
        elsewhere = ConditionFilter(access.is_admin_elsewhere)
        names = [command.name for command in admins]
        application.add_handler(CommandHandler(names, handlers.help.only_in_private, elsewhere))
        add_commands(application, [command for command in COMMANDS if not command.is_admin], handlers, access)
        handlers.forget.add_to(application)
        self._inline_mode.add_to(application)
        handlers.watches.add_to(application)
        handlers.questions.add_to(application)
        handlers.start.add_to(application)
        handlers.help.add_to(application)  # after all commands, since it takes unknown ones
        self._buttons.add_to(application)  # after all other buttons, since it takes every press

    async def resume(self, bot: Bot) -> None:
        """Continue the administrators' tasks that were interrupted when the bot ended; for when the bot can send."""
        self._commands.broadcast.resume(bot)  # before another one is confirmed, which would be sent twice
        await self._commands.reindex.tell_cut_short(bot)

    async def close(self) -> None:
        """End the administrators' tasks; for as long as the bot can still send."""
        await asyncio.gather(self._commands.reindex.close(), self._commands.broadcast.close())


def _erasing(tables: Tables, inbox: Inbox) -> tuple[Callable[[int], dict[str, int | None]], Callable[[int], bool]]:
    """Return how to erase all entries of a person, and how to find out whether they are off the disk."""
    erase: dict[str, Erase] = {
        "answers": tables.sent_answers.forget,
        "feedback": tables.feedback.forget,
        "watches": tables.watches.forget,
        "broadcasts": tables.broadcasts.forget,
        "updates": inbox.forget,
        "chats": tables.chats.forget,
    }
    return partial(forget, tables.connection, erase), partial(is_erased, tables.connection)
