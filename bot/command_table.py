"""The table of all commands, which drives their registration, Telegram's menus and /help.

A new command is a row here, its handler, and the texts "command-NAME" and "help-NAME" of every catalogue.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from telegram.ext import CommandHandler

from bot.admin.adding import AddCommand
from bot.admin.broadcast import BroadcastCommand
from bot.admin.reindex import ReindexCommand
from bot.admin.rollback import RollbackCommand
from bot.admin.status import StatusCommand
from bot.handlers.access import Access
from bot.handlers.addressing import ANYWHERE, EDITED
from bot.handlers.browsing import BrowsingCommands
from bot.handlers.command import Command, H
from bot.handlers.condition_filter import ConditionFilter
from bot.handlers.filter_commands import FilterCommands
from bot.handlers.forget import ForgetCommand
from bot.handlers.help import HelpCommand
from bot.handlers.more import MoreCommand
from bot.handlers.questions import Questions
from bot.handlers.start import StartCommand
from bot.handlers.watch_commands import WatchCommands
from bot.telegram_types import App


@dataclass(frozen=True, slots=True)
class CommandHandlers:
    """The objects that handle the commands."""

    questions: Questions
    more: MoreCommand
    browsing: BrowsingCommands
    filters: FilterCommands
    watches: WatchCommands
    forget: ForgetCommand
    start: StartCommand
    help: HelpCommand
    status: StatusCommand
    reindex: ReindexCommand
    rollback: RollbackCommand
    add: AddCommand
    broadcast: BroadcastCommand


COMMANDS: tuple[Command[CommandHandlers], ...] = (
    Command("start", lambda handlers: handlers.start.start, is_listed=False),
    Command("ask", lambda handlers: handlers.questions.ask, ANYWHERE | EDITED),
    Command("more", lambda handlers: handlers.more.more),
    Command("context", lambda handlers: handlers.browsing.context),
    Command("sources", lambda handlers: handlers.browsing.sources),
    Command("latest", lambda handlers: handlers.browsing.latest),
    Command("since", lambda handlers: handlers.filters.since),
    Command("source", lambda handlers: handlers.filters.source),
    Command("reset", lambda handlers: handlers.filters.reset),
    Command("watch", lambda handlers: handlers.watches.watch, needs_watches=True),
    Command("watches", lambda handlers: handlers.watches.watches, needs_watches=True),
    Command("forget", lambda handlers: handlers.forget.ask),
    Command("help", lambda handlers: handlers.help.help),
    Command("status", lambda handlers: handlers.status.status, is_admin=True),
    Command("reindex", lambda handlers: handlers.reindex.start, is_admin=True),
    Command("rollback", lambda handlers: handlers.rollback.roll_back, is_admin=True),
    Command("add", lambda handlers: handlers.add.add, is_admin=True),
    Command("broadcast", lambda handlers: handlers.broadcast.preview, is_admin=True),
)


def add_commands(application: App, commands: Iterable[Command[H]], handlers: H, access: Access) -> None:
    """Register commands with their handlers; those of administrators only where one writes in private."""
    admin = ConditionFilter(access.is_admin)
    for command in commands:
        scope = admin if command.is_admin else command.scope
        application.add_handler(CommandHandler(command.name, command.handler(handlers), scope))
