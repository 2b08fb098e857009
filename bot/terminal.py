"""The conversation of the bot, in a terminal or through a pipe."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.text import Text

from bot.answer_source import AnswerSource, newest
from bot.suggestions import MOST, headlines
from index.rich_console import console_on
from retrieval.presentation.terminal_language import terminal_texts
from retrieval.presentation.terminal_view import print_answer
from retrieval.presentation.texts import Texts
from retrieval.types import Answer, Question

_HISTORY_LINES = 1000


def chat(
    answers: AnswerSource, source: TextIO | None = None, output: TextIO | None = None, examples: Sequence[str] = ()
) -> None:
    """Answer what is typed, until /quit, Ctrl-D or Ctrl-C; from a pipe, one question a line and no prompt.

    /help shows the `examples` or, where there are none, the newest headlines.
    """
    source, console = source or sys.stdin, console_on(output)
    if isinstance(source, TextIOWrapper):
        source.reconfigure(errors="replace")  # a byte that is no UTF-8 is no reason to stop
    texts = terminal_texts()
    if not source.isatty():
        converse(answers, source, console, texts, examples)
        return
    _say(console, texts("terminal-welcome"))
    with suppress(KeyboardInterrupt):
        converse(answers, _typed(texts("terminal-prompt")), console, texts, examples)
    console.print()


def converse(
    answers: AnswerSource, lines: Iterable[str], console: Console, texts: Texts, examples: Sequence[str] = ()
) -> None:
    """Answer line by line, each question in the light of those before it; /quit ends it."""
    talk = _Talk(answers, console, texts, examples)
    for line in lines:
        command, *rest = line.split(maxsplit=1) or [""]
        if command == "/quit":
            return
        if command in ("/help", "/start"):
            talk.help()
        elif command == "/more":
            talk.more()
        elif command == "/latest":
            talk.latest()
        elif command == "/ask":
            talk.ask("".join(rest))
        elif command.startswith("/"):
            talk.say("unknown-command")
        elif command:
            talk.ask(line)


class _Talk:
    """What is said in a conversation, and what it has come to."""

    def __init__(self, answers: AnswerSource, console: Console, texts: Texts, examples: Sequence[str]) -> None:
        self._answers = answers
        self._console = console
        self._texts = texts
        self._examples = examples
        self._next: Callable[[], Answer] | None = None  # what follows the last answer
        self._seen: list[str] = []  # ids of the quotes that were shown since
        self._subject: str | None = None

    def ask(self, words: str) -> None:
        """Answer a question, in the light of those before it."""
        if not words.strip():
            self.say("no-question", example=next(iter(self._examples), self._texts("examples").splitlines()[0]))
            return
        question = Question(words.strip(), datetime.now(UTC), earlier=self._subject)
        answer = newest(self._answers).answer(question)
        self._subject = answer.subject
        if not answer.small_talk:
            self._seen, self._next = [], lambda: newest(self._answers).more(question, self._seen)
        self._show(answer)

    def latest(self) -> None:
        """Show the beginnings of the newest articles."""
        self._seen, self._next = [], lambda: newest(self._answers).latest(datetime.now(UTC), seen=self._seen)
        answer = self._next()
        if answer.quotes:
            self._show(answer)
        else:
            self.say("latest-none")

    def more(self) -> None:
        """Show what follows the last answer."""
        answer = self._next() if self._next and self._seen else None
        if answer and answer.quotes:
            self._show(answer)
        else:
            self.say("nothing-more" if self._next else "nothing-asked")

    def _show(self, answer: Answer) -> None:
        print_answer(self._console, answer, self._texts)
        self._seen += [quote.id for quote in answer.quotes]

    def help(self) -> None:
        """Say what can be asked, with examples or the newest headlines."""
        heading, examples = self._texts("examples-heading"), self._examples
        if not examples:
            newest_articles = newest(self._answers).latest(datetime.now(UTC), limit=MOST)
            if examples := [headline.text for headline in headlines(newest_articles)]:
                heading = self._texts("newest-headlines")
        listed = "\n".join(f"• {example}" for example in examples or self._texts("examples").splitlines())
        heading = f"{self._texts('about')}\n\n{heading}\n{listed}"
        self._print(f"{heading}\n\n{self._texts('follow-up')}\n\n{self._texts('terminal-commands')}")

    def say(self, id: str, **values: str) -> None:
        """Say one of the bot's texts."""
        self._print(self._texts(id, **values))

    def _print(self, text: str) -> None:
        _say(self._console, text)


def _say(console: Console, text: str) -> None:
    console.print(Text(f"{text}\n"), soft_wrap=not console.is_terminal)


def _typed(prompt: str) -> Iterator[str]:
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
            yield input(f"{prompt}> ")
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
