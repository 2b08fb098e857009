"""All handlers, in the order in which they look at an update: the first that fits takes it."""

from __future__ import annotations

import sqlite3
from functools import partial
from pathlib import Path

from bot.admin.commands import Admin
from bot.admin.error_reports import ErrorReports
from bot.handlers.access import Access
from bot.handlers.browsing import Browsing
from bot.handlers.buttons import Buttons
from bot.handlers.desk import App, Desk
from bot.handlers.filter_commands import FilterCommands
from bot.handlers.forget import Forget
from bot.handlers.inline_mode import InlineMode
from bot.handlers.menus import Menus
from bot.handlers.more import More
from bot.handlers.questions import Questions
from bot.handlers.replies import Replies
from bot.handlers.start_help import StartHelp
from bot.handlers.watch_commands import WatchCommands
from bot.memory.broadcasts import Broadcasts
from bot.memory.forgetting import Erase, forget, is_gone
from bot.memory.unfinished import Unfinished
from bot.updates.inbox import Inbox
from index.settings import IndexSettings


class HandlerRegistry:
    """The handlers of a bot; those that others need are at hand."""

    def __init__(
        self,
        desk: Desk,
        inbox: Inbox,
        errors: ErrorReports,
        connection: sqlite3.Connection,
        index: IndexSettings,
        config: Path | None,
    ) -> None:
        """`index` and `config`, the file that was named, are for builds."""
        broadcasts = Broadcasts(connection)
        self.menus = Menus(desk.settings)
        self.access = Access(desk, heard=self.menus.heard)
        self.replies = Replies(desk)
        self.admin = Admin(desk, self.access, config, index, inbox, errors, broadcasts, Unfinished(connection))
        erase: dict[str, Erase] = {
            "answers": desk.given.forget,
            "feedback": desk.feedback.forget,
            "watches": desk.watches.forget,
            "broadcasts": broadcasts.forget,
            "updates": inbox.forget,
            "chats": desk.chats.forget,
        }
        self.forget = Forget(desk, partial(forget, connection, erase), partial(is_gone, connection))
        more = More(desk, self.replies)
        self._in_order = (
            self.access,
            self.admin,
            self.forget,
            Browsing(desk, self.replies),
            FilterCommands(desk, self.replies),
            InlineMode(desk),
            WatchCommands(desk, self.replies),
            more,
            Questions(desk, self.replies),  # after all other commands, before what says that it knows no such command
            StartHelp(desk, self.replies),
            Buttons(desk, more),  # after all other buttons
        )

    def add_to(self, application: App) -> None:
        """Register them."""
        for handlers in self._in_order:
            handlers.add_to(application)
