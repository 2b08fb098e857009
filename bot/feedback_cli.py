"""quotewire feedback: what people found of quotes."""

from __future__ import annotations

from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer

from index.console import counted, print_json, say

Config = Annotated[Path | None, typer.Option("--config", help="The configuration file.", show_default="./config.toml")]

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False, no_args_is_help=True)


@app.callback()
def feedback() -> None:
    """Export people's verdicts on the bot's quotes.

    Example: quotewire feedback export > feedback.jsonl
    """


@app.command(short_help="Write it as questions that `quotewire evaluate` reads.")
def export(config: Config = None) -> None:
    """Write what people found of quotes as labelled questions, a JSON object a line, which `quotewire evaluate` reads.

    All verdicts about one question are one row, without who gave them. Quotes that more people found helpful than not
    are its answers; of a question without any nothing is claimed, and answerable is null. The running bot is not
    disturbed.

    Exit code: 0 exported, perhaps no row, 1 an error, as where no bot has run yet, 2 wrong use.

    Example: quotewire feedback export > feedback.jsonl && quotewire evaluate feedback.jsonl
    """
    from bot.memory.database import open_database
    from bot.memory.feedback import Feedback
    from bot.settings import BotSettings
    from index.errors import StorageError
    from retrieval.feedback_rows import to_rows

    folder = BotSettings.load(config).state
    paths = sorted(folder.glob("bot-*.sqlite"))
    if not paths:
        raise StorageError(f"no bot has kept anything in {folder} yet; run one with: quotewire bot")
    verdicts = []
    for path in paths:
        with closing(open_database(path)) as connection:
            verdicts.append(list(Feedback(connection).all()))
    rows = list(to_rows(chain.from_iterable(verdicts)))
    for row in rows:
        print_json(row)
    told = sum(row["answerable"] is True for row in rows)
    say(f"{counted(sum(map(len, verdicts)), 'verdict')} on {counted(len(rows), 'question')}, {told:,} with an answer")
