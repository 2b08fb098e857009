"""The command line `quotewire`. Commands import what they need when they run, so that --help is fast."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import index.cli
import retrieval.cli
import retrieval.evaluation.cli
from bot import feedback_cli
from bot.init_config import init
from index.console import run, say

if TYPE_CHECKING:
    from index.settings import IndexSettings
    from retrieval.answerer import Answerer

Config = Annotated[Path | None, typer.Option("--config", help="The configuration file.", show_default="./config.toml")]

app = typer.Typer(
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command(short_help="Write a config.toml to start with.")(init)
app.add_typer(index.cli.app, name="index", short_help="Build the index, inspect it, verify it, roll it back.")
app.command(short_help="Answer a question with quotes from the articles.")(retrieval.cli.ask)
app.command(short_help="Show a quote by its id, in its context.")(retrieval.cli.show)
app.command(short_help="Measure the quality of answers to labelled questions.")(retrieval.evaluation.cli.evaluate)
app.add_typer(feedback_cli.app, name="feedback", short_help="Export feedback on quotes.")


@app.callback(invoke_without_command=True)
def quotewire(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the version and the index format.")] = False,
) -> None:
    """Answer questions about the news with verbatim quotes from the articles.

    Example: quotewire index && quotewire ask "who is under sanctions?"
    """
    if version:
        from importlib.metadata import version as installed

        from index.storage.manifest import FORMAT

        print(f"quotewire {installed('quotewire')} (index format {FORMAT})")
        raise typer.Exit
    after_a_build: list[index.cli.AfterBuild] = [_suggest_question]
    context.obj = after_a_build


@app.command(short_help="Ask questions in the terminal, or through a pipe.")
def chat(config: Config = None) -> None:
    """Ask questions in the terminal, as in the bot; from a pipe, one question per line.

    /more, /latest, /help and /quit work here, too. A terminal keeps a history of the input.

    Exit code: 0 done, 1 an error, 2 wrong usage.

    Example: echo "who is under sanctions?" | quotewire chat
    """
    if sys.stdin.isatty():
        from retrieval.presentation.terminal_language import terminal_texts

        say(terminal_texts()("terminal-loading"))
    from bot.settings import BotSettings

    settings = BotSettings.load(config)
    answerer = _answerer(config)
    from bot.monitor.logs import configure_logging
    from bot.terminal import chat as talk

    configure_logging(level="warning")
    talk(answerer, examples=settings.examples)


@app.command(short_help="Run the Telegram bot.")
def bot(config: Config = None) -> None:
    """Answer questions in Telegram, until Ctrl-C or SIGTERM.

    The token is read from TELEGRAM_BOT_TOKEN, or from the file that TELEGRAM_BOT_TOKEN_FILE names. Only one process can
    run for a token: a second one on this machine refuses to start, and of two on different machines one exits.

    Exit code: 0 stopped, 1 an error, 2 an invalid setting, or a missing or refused token, 4 another process runs this
    bot.

    Example: TELEGRAM_BOT_TOKEN=123456:ABC… quotewire bot
    """
    from bot.settings import BotSettings, read_token

    token = read_token()
    settings = BotSettings.load(config)
    answerer = _answerer(config)
    from bot.app import run_bot
    from bot.setup import Setup
    from index.settings import IndexSettings

    run_bot(answerer, Setup(settings, IndexSettings.load(config), config), token)


def _suggest_question(config: Path | None, settings: IndexSettings) -> None:
    from bot.suggestions import suggest_question

    suggest_question(config, settings)


def _answerer(config: Path | None) -> Answerer:
    from index.settings import IndexSettings
    from retrieval.settings import RetrievalSettings

    index_settings, retrieval_settings = IndexSettings.load(config), RetrievalSettings.load(config)
    from retrieval.answerer import Answerer

    answerer = Answerer.open(index_settings, retrieval_settings)
    if answerer.problem:
        say(f"warning: {answerer.problem}")
    return answerer


def main() -> None:
    """Run the command `quotewire`."""
    run(lambda: app(prog_name="quotewire"))
