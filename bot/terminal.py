"""The conversation of the bot, in a terminal or through a pipe."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.text import Text

from bot.answers import Answers, answer_newest
from bot.texts import Texts, texts_for
from retrieval.show import console_on, print_answer
from retrieval.types import Question

_PROMPT = "you> "
_HISTORY_LINES = 1000


def chat(
    answers: Answers, source: TextIO | None = None, output: TextIO | None = None, examples: Sequence[str] = ()
) -> None:
    """Answer what is typed, until /quit, Ctrl-D or Ctrl-C; from a pipe, one question a line and no prompt.

    `examples` are questions that the articles answer, for /help.
    """
    source, console = source or sys.stdin, console_on(output)
    if isinstance(source, TextIOWrapper):
        source.reconfigure(errors="replace")  # a byte that is no UTF-8 is no reason to stop
    texts = texts_for(_language(), "en")
    if not source.isatty():
        converse(answers, source, console, texts, examples)
        return
    _say(console, texts("terminal-welcome"))
    with suppress(KeyboardInterrupt):
        converse(answers, _typed(), console, texts, examples)
    console.print()


def converse(
    answers: Answers, lines: Iterable[str], console: Console, texts: Texts, examples: Sequence[str] = ()
) -> None:
    """Answer line by line, each question in the light of those before it; /quit ends it."""
    examples = examples or texts("examples").splitlines()
    earlier: str | None = None
    for line in lines:
        command, *rest = line.split(maxsplit=1) or [""]
        if command == "/quit":
            return
        if command in ("/help", "/start"):
            _say(console, f"{_help(texts, examples)}\n\n{texts('terminal-quit')}")
        elif command == "/ask" and not rest:
            _say(console, texts("no-question", example=examples[0]))
        elif command.startswith("/") and command != "/ask":
            _say(console, texts("unknown-command"))
        elif command:
            question = rest[0] if command == "/ask" else line
            answer = answer_newest(answers, Question(question.strip(), datetime.now(UTC), earlier=earlier))
            print_answer(console, answer)
            earlier = answer.subject


def _help(texts: Texts, examples: Sequence[str]) -> str:
    listed = "\n".join(f"• {example}" for example in examples)
    return f"{texts('about')}\n\n{texts('examples-heading')}\n{listed}\n\n{texts('follow-up')}"


def _language() -> str | None:
    """The language that the environment names for messages, by the variable that goes before the others."""
    names = (os.environ.get(variable) for variable in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return next((name for name in names if name), None)


def _say(console: Console, text: str) -> None:
    console.print(Text(f"{text}\n"), soft_wrap=not console.is_terminal)


def _typed() -> Iterator[str]:
    """Lines from the keyboard, with editing and with the history of earlier times, until Ctrl-D."""
    try:
        import readline
    except ImportError:  # Windows has none, and edits lines by itself
        readline = None  # type: ignore[assignment]
    history = _history()
    if readline:
        readline.set_history_length(_HISTORY_LINES)
        with suppress(OSError):
            readline.read_history_file(history)
    try:
        while True:
            yield input(_PROMPT)
    except EOFError:
        return
    finally:
        if readline:
            with suppress(OSError):
                history.parent.mkdir(parents=True, exist_ok=True)
                history.touch(mode=0o600)
                readline.write_history_file(history)


def _history() -> Path:
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state) / "quotewire" / "history"
