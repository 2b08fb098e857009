"""The tables of the bot's database, opened together."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from bot.memory.broadcasts import Broadcasts
from bot.memory.chats import Chats
from bot.memory.feedback import Feedback
from bot.memory.sent_answers import SentAnswers
from bot.memory.unfinished_messages import UnfinishedMessages
from bot.memory.watches import Watches


@dataclass(frozen=True, slots=True)
class Tables:
    """What the bot remembers, besides its inbox."""

    connection: sqlite3.Connection
    sent_answers: SentAnswers
    chats: Chats
    feedback: Feedback
    watches: Watches
    broadcasts: Broadcasts
    unfinished: UnfinishedMessages

    @classmethod
    def of(cls, connection: sqlite3.Connection) -> Tables:
        """Return the tables of a database that bot.memory.database opened."""
        return cls(
            connection,
            SentAnswers(connection),
            Chats(connection),
            Feedback(connection),
            Watches(connection),
            Broadcasts(connection),
            UnfinishedMessages(connection),
        )
