"""A person forgotten: their entries, and their words in what others asked on about the answers that they got."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from typing import TypeAlias

from bot.memory.database import scrub, transaction
from retrieval.query.follow_up import cleaned

_NAMING = (  # updates in which a person is named as who wrote, is quoted or pressed
    "SELECT updates.id FROM updates, json_tree(CASE WHEN json_valid(payload) THEN payload END) AS part "
    "WHERE part.key = 'id' AND part.value = ?"
)

Erase: TypeAlias = Callable[[int], int | None]  # what is kept of a person; the number of entries, if that says anything


def forget(connection: sqlite3.Connection, erase: Mapping[str, Erase], person: int) -> dict[str, int | None]:
    """Erase all that is kept of a person; returns how many entries there were of each kind.

    It stays on the disk until `is_gone`.
    """
    with transaction(connection):
        take_back(connection, person)
        return {kind: erase_kind(person) for kind, erase_kind in erase.items()}


def is_gone(connection: sqlite3.Connection, person: int) -> bool:
    """Whether no update that waits or is handled names a forgotten person, and what was erased is off the disk.

    The latter is done here, unless somebody else is just reading the file.
    """
    return connection.execute(f"{_NAMING} LIMIT 1", (person,)).fetchone() is None and scrub(connection)


def take_back(connection: sqlite3.Connection, person: int) -> None:
    """Let the questions of others that follow up a person's, or one that does, stand alone.

    To be called while the person's own entries are there. Who has asked the very same loses what followed that, too.
    """
    words = _subjects(connection, person)
    others = "person != ? AND earlier IS NOT NULL"
    followed = list(connection.execute(f"SELECT earlier, subject FROM answers WHERE {others}", (person,)))
    before = -1
    while len(words) > before:  # a follow-up of a follow-up carries the words on
        before = len(words)
        words.update(row["subject"] for row in followed if row["earlier"] in words and row["subject"])
    for table in ("answers", "feedback", "watches"):
        alone = ", subject = CASE WHEN small_talk THEN NULL ELSE question END" if table == "answers" else ""
        rows = list(connection.execute(f"SELECT rowid AS number, earlier FROM {table} WHERE {others}", (person,)))
        connection.executemany(
            f"UPDATE {table} SET earlier = NULL{alone} WHERE rowid = ?",
            [(row["number"],) for row in rows if row["earlier"] in words],
        )


def _subjects(connection: sqlite3.Connection, person: int) -> set[str]:
    """What a person's questions were understood as, also where the answer itself is kept no more."""
    words = {row["subject"] for row in connection.execute("SELECT subject FROM answers WHERE person = ?", (person,))}
    for table in ("feedback", "watches"):
        rows = connection.execute(f"SELECT question FROM {table} WHERE person = ?", (person,))
        words.update(cleaned(row["question"]) for row in rows)
    return words - {None}
