"""A person forgotten: their entries, and their words in what others asked on about the answers that they got."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from typing import TypeAlias

from bot.memory.database import scrub, transaction
from retrieval.follow_up import cleaned

Erase: TypeAlias = Callable[[int], int | None]  # what is kept of a person; the number of entries, if that says anything


def forget(connection: sqlite3.Connection, erase: Mapping[str, Erase], person: int) -> dict[str, int | None]:
    """Erase all that is kept of a person, also from the disk; returns how many entries there were of each kind."""
    with transaction(connection):
        take_back(connection, person)
        counts = {kind: erase_kind(person) for kind, erase_kind in erase.items()}
    scrub(connection)
    return counts


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
