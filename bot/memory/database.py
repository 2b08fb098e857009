"""The file in which the bot keeps what must outlive it: updates that wait, and what people have it keep."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from index.errors import StorageError

VERSION = 1

# Times are seconds since 1970, days ISO 8601; `person` and `chat` are Telegram's ids. What belongs to a person has a
# column `person`, by which /forget finds it.
_SCHEMA = """
-- Updates as Telegram sent them. state: waiting; busy: to be told that there are too many; done; aside: it failed too
-- often. When one is done all but its id is removed, which stays for some days, so that it is not taken twice. Those
-- of one lane are handled in order. An id below 0 is ours: Telegram gave none.
CREATE TABLE updates (
    id INTEGER PRIMARY KEY, lane TEXT NOT NULL, person INTEGER, chat INTEGER, payload TEXT, received REAL NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting', failures INTEGER NOT NULL DEFAULT 0, error TEXT);
CREATE INDEX open_updates ON updates (state, id);
CREATE INDEX lanes_of_updates ON updates (lane, state, id);
CREATE INDEX ages_of_updates ON updates (state, received);

-- Chats that the bot has heard from, with the filters that /since and /source set. gone: it may write there no more.
CREATE TABLE chats (
    id INTEGER PRIMARY KEY, person INTEGER, kind TEXT NOT NULL, language TEXT, since TEXT, source TEXT,
    seen REAL NOT NULL, gone INTEGER NOT NULL DEFAULT 0);

-- Answers that were given, for buttons, /more, /context, edited questions and follow-ups. key: what buttons carry.
-- message: what asked, NULL for a button; answered: 0 if the quotes are only the closest, or just the latest.
-- quotes: the ids of all quotes shown so far, as a JSON list, of which those from `first` on are in this answer.
-- small_talk: it answers no question; delivered: all its messages are sent. shown: a digest of what a message shows.
CREATE TABLE answers (
    key TEXT PRIMARY KEY, chat INTEGER NOT NULL, message INTEGER, person INTEGER NOT NULL, question TEXT NOT NULL,
    earlier TEXT, subject TEXT, asked REAL NOT NULL, since TEXT, source TEXT, generation INTEGER NOT NULL,
    answered INTEGER NOT NULL, quotes TEXT NOT NULL, first INTEGER NOT NULL, more INTEGER NOT NULL,
    small_talk INTEGER NOT NULL, delivered INTEGER NOT NULL, given REAL NOT NULL);
CREATE UNIQUE INDEX answers_of_messages ON answers (chat, message);
CREATE INDEX answers_of_people ON answers (person, chat, given);
CREATE INDEX ages_of_answers ON answers (given);
CREATE TABLE replies (
    chat INTEGER NOT NULL, message INTEGER NOT NULL, answer TEXT NOT NULL REFERENCES answers ON DELETE CASCADE,
    shown TEXT NOT NULL, PRIMARY KEY (chat, message));
CREATE INDEX replies_of_answers ON replies (answer);

-- What people found of quotes.
CREATE TABLE feedback (
    person INTEGER NOT NULL, question TEXT NOT NULL, earlier TEXT, asked REAL NOT NULL, since TEXT, source TEXT,
    quote TEXT NOT NULL, article TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, words TEXT NOT NULL,
    helpful INTEGER NOT NULL, generation INTEGER NOT NULL, given REAL NOT NULL, PRIMARY KEY (person, question, quote));

-- Questions that are asked again of every new generation, and marks of what their people know already. message: that
-- asked for it; checked: the last generation that was asked. No id is given twice, since old buttons carry it.
CREATE TABLE watches (
    id INTEGER PRIMARY KEY AUTOINCREMENT, person INTEGER NOT NULL, chat INTEGER NOT NULL, thread INTEGER,
    message INTEGER, question TEXT NOT NULL, earlier TEXT, since TEXT, source TEXT, language TEXT NOT NULL,
    created REAL NOT NULL, checked INTEGER NOT NULL);
CREATE INDEX watches_of_people ON watches (person);
CREATE TABLE watched (
    watch INTEGER NOT NULL REFERENCES watches ON DELETE CASCADE, mark TEXT NOT NULL, PRIMARY KEY (watch, mark))
    WITHOUT ROWID;
CREATE TABLE notices (person INTEGER NOT NULL, day TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (person, day));

-- Messages from an administrator to every private chat, and the chats that one has still to go to. message: the
-- bot's, which says how far it is.
CREATE TABLE broadcasts (
    id INTEGER PRIMARY KEY, person INTEGER NOT NULL, words TEXT NOT NULL, created REAL NOT NULL, message INTEGER,
    confirmed INTEGER NOT NULL DEFAULT 0, sent INTEGER NOT NULL DEFAULT 0, failed INTEGER NOT NULL DEFAULT 0);
CREATE TABLE broadcast_targets (
    broadcast INTEGER NOT NULL REFERENCES broadcasts ON DELETE CASCADE, chat INTEGER NOT NULL,
    PRIMARY KEY (broadcast, chat));

-- Messages of the bot's that show how a build gets on.
CREATE TABLE unfinished (chat INTEGER NOT NULL, message INTEGER NOT NULL, PRIMARY KEY (chat, message));
"""


def open_database(path: Path) -> sqlite3.Connection:
    """Open the file, made if it is not there, readable by its owner alone; each statement is a transaction of its own.

    A commit survives that the process is killed; to survive that the power fails it needs `durably`. Deleted rows are
    overwritten, on the disk once it is `scrub`bed. Raises StorageError if it cannot be opened or is another version's.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.touch(mode=0o600)
        connection = sqlite3.connect(path, isolation_level=None, timeout=10)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA foreign_keys = ON")
        _prepare(connection)
    except (OSError, sqlite3.Error) as error:
        raise StorageError(f"{path}: cannot be opened ({error}); name another folder in [bot] state") from None
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version != VERSION:
        connection.close()
        raise StorageError(f"{path}: is of version {version}, and this program reads {VERSION}; move it away")
    return connection


@contextmanager
def durably(connection: sqlite3.Connection) -> Iterator[None]:
    """A transaction that is on disk once it is left, also if the power fails; undone if anything is raised."""
    connection.execute("PRAGMA synchronous = FULL")
    try:
        with transaction(connection):
            yield
    finally:
        connection.execute("PRAGMA synchronous = NORMAL")


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Several statements that are done together, or not at all if anything is raised."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # a full disk undoes it by itself
            connection.execute("ROLLBACK")
        raise


def scrub(connection: sqlite3.Connection) -> bool:
    """Erase from the disk what was deleted before: until then it stands in the file, and in the log of changes beside.

    Returns whether that was done, which it is not while another process reads; nobody is waited for.
    """
    timeout = connection.execute("PRAGMA busy_timeout").fetchone()[0]
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        with suppress(sqlite3.OperationalError):  # locked
            return bool(connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0)
        return False
    finally:
        connection.execute(f"PRAGMA busy_timeout = {timeout}")


def _prepare(connection: sqlite3.Connection) -> None:
    """Make the tables, unless they are there."""
    with transaction(connection):  # two connections may open a new file at the same time
        if connection.execute("PRAGMA user_version").fetchone()[0] == 0:
            for statement in _statements():
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {VERSION}")


def _statements() -> list[str]:
    lines = "\n".join(line for line in _SCHEMA.splitlines() if not line.startswith("--"))
    return [statement for statement in lines.split(";") if statement.strip()]
