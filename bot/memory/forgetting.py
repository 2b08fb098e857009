"""Forgetting a person: deleting their data, and their words in the follow-up questions of others."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from typing import TypeAlias

from bot.memory.database import scrub, transaction
from retrieval.query.follow_up import cleaned

_UPDATES_NAMING = (  # updates that name a person anywhere, for instance in a quoted message
    "SELECT updates.id FROM updates, json_tree(CASE WHEN json_valid(payload) THEN payload END) AS part "
    "WHERE part.key = 'id' AND part.value = ?"
)

# Deletes a person's data of one kind; returns the number of entries, or None if that would mean nothing to a reader.
Erase: TypeAlias = Callable[[int], int | None]


def forget(connection: sqlite3.Connection, erase: Mapping[str, Erase], person: int) -> dict[str, int | None]:
    """Delete all data of a person, and return the number of entries of each kind.

    The data stays on the disk until `is_erased` returns True.
    """
    with transaction(connection):
        detach_follow_ups(connection, person)
        return {kind: erase_kind(person) for kind, erase_kind in erase.items()}


def is_erased(connection: sqlite3.Connection, person: int) -> bool:
    """Return whether no open update names a forgotten person, and the deleted data is off the disk.

    If no update does, erase the data from the disk first, which fails while another process reads the database.
    """
    return connection.execute(f"{_UPDATES_NAMING} LIMIT 1", (person,)).fetchone() is None and scrub(connection)


def detach_follow_ups(connection: sqlite3.Connection, person: int) -> None:
    """Remove a person's questions from the questions of others that follow them up, directly or through others.

    Call this before the person's own entries are deleted. Anybody else who asked exactly the same question loses its
    follow-ups, too, since only the words link them.
    """
    words = _subjects(connection, person)
    others = "person != ? AND earlier IS NOT NULL"
    followed = list(connection.execute(f"SELECT earlier, subject FROM answers WHERE {others}", (person,)))
    before = -1
    while len(words) > before:  # a follow-up to a follow-up also contains the words
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
    """Return the person's questions as they were understood, also those whose answers have been pruned."""
    words = {row["subject"] for row in connection.execute("SELECT subject FROM answers WHERE person = ?", (person,))}
    for table in ("feedback", "watches"):
        rows = connection.execute(f"SELECT question FROM {table} WHERE person = ?", (person,))
        words.update(cleaned(row["question"]) for row in rows)
    return words - {None}
