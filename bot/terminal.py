"""The conversation of the bot, in a terminal or through a pipe."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.text import Text

from bot import texts
from bot.answers import Answers, answer_newest
from retrieval.show import console_on, print_answer
from retrieval.types import Question

_PROMPT = "you> "
_HISTORY_LINES = 1000


def chat(answers: Answers, source: TextIO | None = None, output: TextIO | None = None) -> None:
    """Answer what is typed, until /quit, Ctrl-D or Ctrl-C; from a pipe, one question a line and no prompt."""
    source, console = source or sys.stdin, console_on(output)
    if isinstance(source, TextIOWrapper):
        source.reconfigure(errors="replace")  # a byte that is no UTF-8 is no reason to stop
    if not source.isatty():
        converse(answers, source, console)
        return
    _say(console, "Ask about the news; /help says more, /quit ends.")
    with suppress(KeyboardInterrupt):
        converse(answers, _typed(), console)
    console.print()


def converse(answers: Answers, lines: Iterable[str], console: Console) -> None:
    """Answer line by line, each question in the light of those before it; /quit ends it."""
    earlier: str | None = None
    for line in lines:
        command, *rest = line.split(maxsplit=1) or [""]
        if command == "/quit":
            return
        if command in ("/help", "/start"):
            _say(console, f"{texts.HELP}\n\n/quit or Ctrl-D ends.")
        elif command == "/ask" and not rest:
            _say(console, texts.NO_QUESTION)
        elif command.startswith("/") and command != "/ask":
            _say(console, texts.UNKNOWN)
        elif command:
            question = rest[0] if command == "/ask" else line
            answer = answer_newest(answers, Question(question.strip(), datetime.now(UTC), earlier=earlier))
            print_answer(console, answer)
            earlier = answer.subject


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
