"""The schema of the bot's database, and its migration from older versions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

VERSION = 2

# Times (*_at) are seconds since 1970, days are ISO 8601. `person`, `chat`, `message` and `thread` are Telegram's ids.
# Rows that belong to a person have a column `person`, by which /forget finds them.
_TABLES = """
-- Updates as Telegram sent them. Those of one queue are handled in order. state: waiting; busy (its author must be
-- told that there are too many); done; dead (a dead letter, which could not be handled). Of a done update only the id
-- is kept, for some days, so that it is not handled twice. The bot gives negative ids to updates without a valid id.
CREATE TABLE updates (
    id INTEGER PRIMARY KEY, queue TEXT NOT NULL, person INTEGER, chat INTEGER, payload TEXT, received_at REAL NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting', failures INTEGER NOT NULL DEFAULT 0, error TEXT);
CREATE INDEX updates_by_state ON updates (state, id);
CREATE INDEX updates_by_queue ON updates (queue, state, id);
CREATE INDEX updates_by_age ON updates (state, received_at);

-- Chats that have written to the bot, with the filters set by /since and /source. gone: the bot may no longer write
-- there.
CREATE TABLE chats (
    id INTEGER PRIMARY KEY, person INTEGER, kind TEXT NOT NULL, language TEXT, since TEXT, source TEXT,
    seen_at REAL NOT NULL, gone INTEGER NOT NULL DEFAULT 0);

-- Answers that were sent, for buttons, /more, /context, edited questions and follow-ups. key: the id that callback data
-- carries. message: the message with the question, NULL if a button was pressed. answered: 0 if the quotes are only the
-- closest ones, or the latest news. quotes: a JSON list of the ids of all quotes shown so far; this answer shows those
-- from index `first` on. more: how many quotes are left to show. small_talk: not the answer to a question. delivered:
-- all its messages were sent.
CREATE TABLE answers (
    key TEXT PRIMARY KEY, chat INTEGER NOT NULL, message INTEGER, person INTEGER NOT NULL, question TEXT NOT NULL,
    earlier TEXT, subject TEXT, asked_at REAL NOT NULL, since TEXT, source TEXT, generation INTEGER NOT NULL,
    answered INTEGER NOT NULL, quotes TEXT NOT NULL, first INTEGER NOT NULL, more INTEGER NOT NULL,
    small_talk INTEGER NOT NULL, delivered INTEGER NOT NULL, sent_at REAL NOT NULL);
CREATE UNIQUE INDEX answers_by_message ON answers (chat, message);
CREATE INDEX answers_by_person ON answers (person, chat, sent_at);
CREATE INDEX answers_by_age ON answers (sent_at);

-- The bot's messages that show an answer. digest: a hash of the text and the buttons of a message.
CREATE TABLE replies (
    chat INTEGER NOT NULL, message INTEGER NOT NULL, answer TEXT NOT NULL REFERENCES answers ON DELETE CASCADE,
    digest TEXT NOT NULL, PRIMARY KEY (chat, message));
CREATE INDEX replies_by_answer ON replies (answer);

-- People's verdicts on quotes. quote and article are ids; text is the quote's.
CREATE TABLE feedback (
    person INTEGER NOT NULL, question TEXT NOT NULL, earlier TEXT, asked_at REAL NOT NULL, since TEXT, source TEXT,
    quote TEXT NOT NULL, article TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, text TEXT NOT NULL,
    helpful INTEGER NOT NULL, generation INTEGER NOT NULL, given_at REAL NOT NULL,
    PRIMARY KEY (person, question, quote));

-- Questions that are asked again of every new generation of the index. message: the one that started the watch;
-- checked_generation: the last one that was asked. Ids are never reused, since old buttons carry them.
CREATE TABLE watches (
    id INTEGER PRIMARY KEY AUTOINCREMENT, person INTEGER NOT NULL, chat INTEGER NOT NULL, thread INTEGER,
    message INTEGER, question TEXT NOT NULL, earlier TEXT, since TEXT, source TEXT, language TEXT NOT NULL,
    created_at REAL NOT NULL, checked_generation INTEGER NOT NULL);
CREATE INDEX watches_by_person ON watches (person);

-- Marks of the quotes that the person who watches has already seen.
CREATE TABLE watch_marks (
    watch INTEGER NOT NULL REFERENCES watches ON DELETE CASCADE, mark TEXT NOT NULL, PRIMARY KEY (watch, mark))
    WITHOUT ROWID;

-- How many notices about watched questions a person got on a day.
CREATE TABLE notice_counts (
    person INTEGER NOT NULL, day TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (person, day));

-- Messages from an administrator to every private chat, and the chats that have not received them yet.
-- progress_message: the bot's message that shows the administrator how many chats have.
CREATE TABLE broadcasts (
    id INTEGER PRIMARY KEY, person INTEGER NOT NULL, text TEXT NOT NULL, created_at REAL NOT NULL,
    progress_message INTEGER, confirmed INTEGER NOT NULL DEFAULT 0, sent INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0);
CREATE TABLE broadcast_targets (
    broadcast INTEGER NOT NULL REFERENCES broadcasts ON DELETE CASCADE, chat INTEGER NOT NULL,
    PRIMARY KEY (broadcast, chat));

-- The bot's messages that show the progress of a build.
CREATE TABLE unfinished_messages (chat INTEGER NOT NULL, message INTEGER NOT NULL, PRIMARY KEY (chat, message));
"""

_FROM_VERSION_1 = """
ALTER TABLE updates RENAME COLUMN lane TO queue;
ALTER TABLE updates RENAME COLUMN received TO received_at;
UPDATE updates SET state = 'dead' WHERE state = 'aside';
DROP INDEX open_updates;
DROP INDEX lanes_of_updates;
DROP INDEX ages_of_updates;
CREATE INDEX updates_by_state ON updates (state, id);
CREATE INDEX updates_by_queue ON updates (queue, state, id);
CREATE INDEX updates_by_age ON updates (state, received_at);

ALTER TABLE chats RENAME COLUMN seen TO seen_at;

ALTER TABLE answers RENAME COLUMN asked TO asked_at;
ALTER TABLE answers RENAME COLUMN given TO sent_at;
DROP INDEX answers_of_messages;
DROP INDEX answers_of_people;
DROP INDEX ages_of_answers;
CREATE UNIQUE INDEX answers_by_message ON answers (chat, message);
CREATE INDEX answers_by_person ON answers (person, chat, sent_at);
CREATE INDEX answers_by_age ON answers (sent_at);
ALTER TABLE replies RENAME COLUMN shown TO digest;
DROP INDEX replies_of_answers;
CREATE INDEX replies_by_answer ON replies (answer);

ALTER TABLE feedback RENAME COLUMN asked TO asked_at;
ALTER TABLE feedback RENAME COLUMN words TO text;
ALTER TABLE feedback RENAME COLUMN given TO given_at;

ALTER TABLE watches RENAME COLUMN created TO created_at;
ALTER TABLE watches RENAME COLUMN checked TO checked_generation;
DROP INDEX watches_of_people;
CREATE INDEX watches_by_person ON watches (person);
ALTER TABLE watched RENAME TO watch_marks;
ALTER TABLE notices RENAME TO notice_counts;

ALTER TABLE broadcasts RENAME COLUMN words TO text;
ALTER TABLE broadcasts RENAME COLUMN created TO created_at;
ALTER TABLE broadcasts RENAME COLUMN message TO progress_message;
ALTER TABLE unfinished RENAME TO unfinished_messages;
"""


def version_of(connection: sqlite3.Connection) -> int:
    """Return the version of a database's schema; 0 if it has no tables yet."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def create_tables(connection: sqlite3.Connection) -> None:
    """Create all tables in an empty database."""
    _run(connection, _TABLES)


def migrate(connection: sqlite3.Connection) -> None:
    """Change a version-1 database to the current schema; the caller wraps it in a transaction."""
    _run(connection, _FROM_VERSION_1)


def _run(connection: sqlite3.Connection, script: str) -> None:
    """Execute the statements of a script, without a commit of its own as Connection.executescript makes it."""
    for statement in _statements(script):
        connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {VERSION}")


def _statements(script: str) -> Iterator[str]:
    lines = "\n".join(line for line in script.splitlines() if not line.startswith("--"))
    return (statement for statement in lines.split(";") if statement.strip())
