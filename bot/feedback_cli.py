"""The command `quotewire feedback`: exporting people's verdicts on quotes."""

from __future__ import annotations

from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.console import counted, print_json, say

if TYPE_CHECKING:
    import sqlite3

Config = Annotated[Path | None, typer.Option("--config", help="The configuration file.", show_default="./config.toml")]

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False, no_args_is_help=True)


@app.callback()
def feedback() -> None:
    """Export feedback on quotes.

    Example: quotewire feedback export > feedback.jsonl
    """


@app.command(short_help="Write feedback as questions that `quotewire evaluate` reads.")
def export(config: Config = None) -> None:
    """Write people's verdicts on quotes as labelled questions, one JSON object a line, for `quotewire evaluate`.

    All verdicts on one question make one row, which does not say who gave them. The row's answers are the quotes that
    more people found helpful than not. Without such a quote nothing is known about the question: answerable is null.
    The bot may be running.

    Exit code: 0 exported, even if there is no feedback yet, 1 an error, for instance if no bot has run yet, 2 wrong
    usage.

    Example: quotewire feedback export > feedback.jsonl && quotewire evaluate feedback.jsonl
    """
    from bot.memory.feedback import Feedback
    from bot.settings import BotSettings
    from index.errors import StorageError
    from retrieval.feedback_rows import to_rows

    folder = BotSettings.load(config).state
    paths = sorted(folder.glob("bot-*.sqlite"))
    if not paths:
        raise StorageError(f"no bot has stored anything in {folder} yet; run one with: quotewire bot")
    verdicts = []
    for path in paths:
        with closing(_open(path)) as connection:
            verdicts.append(list(Feedback(connection).all()))
    rows = list(to_rows(chain.from_iterable(verdicts)))
    for row in rows:
        print_json(row)
    answered = sum(row["answerable"] is True for row in rows)
    verdict_count, question_count = counted(sum(map(len, verdicts)), "verdict"), counted(len(rows), "question")
    say(f"{verdict_count} on {question_count}, {answered:,} with an answer")


def _open(path: Path) -> sqlite3.Connection:
    """Open a bot's database; raise StorageError if it would be migrated while a bot of an older version uses it."""
    from bot.memory.database import is_outdated, open_database
    from bot.updates.process_lock import ConflictError, single_process
    from index.errors import StorageError

    if not is_outdated(path):
        return open_database(path)
    try:
        with single_process(path.parent, int(path.stem.removeprefix("bot-"))):
            return open_database(path)
    except ConflictError:
        raise StorageError(f"{path}: a bot of an older version is running; restart it, then export again") from None
