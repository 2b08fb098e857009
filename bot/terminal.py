"""quotewire chat: a conversation in a terminal or through a pipe."""

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
    """Answer what is typed until /quit, Ctrl-D or Ctrl-C; from a pipe, answer each line, without a prompt.

    /help shows the `examples` or, if there are none, the newest headlines.
    """
    source, console = source or sys.stdin, console_on(output)
    if isinstance(source, TextIOWrapper):
        source.reconfigure(errors="replace")  # so that invalid UTF-8 does not end the conversation
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
    """Answer line by line until /quit, each question as a possible follow-up of those before it."""
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
    """A conversation, with the state that follow-up questions and /more need."""

    def __init__(self, answers: AnswerSource, console: Console, texts: Texts, examples: Sequence[str]) -> None:
        self._answers = answers
        self._console = console
        self._texts = texts
        self._examples = examples
        self._next: Callable[[], Answer] | None = None  # answers /more
        self._seen: list[str] = []  # ids of the quotes shown since the last question
        self._subject: str | None = None

    def ask(self, words: str) -> None:
        """Answer a question, or ask for one if there are no words."""
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
        """Show further quotes of the last answer, or say that there are none."""
        answer = self._next() if self._next and self._seen else None
        if answer and answer.quotes:
            self._show(answer)
        else:
            self.say("nothing-more" if self._next else "nothing-asked")

    def _show(self, answer: Answer) -> None:
        print_answer(self._console, answer, self._texts)
        self._seen += [quote.id for quote in answer.quotes]

    def help(self) -> None:
        """Explain what can be asked, with examples or the newest headlines."""
        heading, examples = self._texts("examples-heading"), self._examples
        if not examples:
            newest_articles = newest(self._answers).latest(datetime.now(UTC), limit=MOST)
            if examples := [headline.text for headline in headlines(newest_articles)]:
                heading = self._texts("newest-headlines")
        listed = "\n".join(f"• {example}" for example in examples or self._texts("examples").splitlines())
        heading = f"{self._texts('about')}\n\n{heading}\n{listed}"
        self._print(f"{heading}\n\n{self._texts('follow-up')}\n\n{self._texts('terminal-commands')}")

    def say(self, id: str, **values: str) -> None:
        """Print a message of the catalogues."""
        self._print(self._texts(id, **values))

    def _print(self, text: str) -> None:
        _say(self._console, text)


def _say(console: Console, text: str) -> None:
    console.print(Text(f"{text}\n"), soft_wrap=not console.is_terminal)


def _typed(prompt: str) -> Iterator[str]:
    """Yield lines from the keyboard until Ctrl-D, with line editing and the history of earlier conversations."""
    try:
        import readline
    except ImportError:  # Windows has no readline, but its console edits lines
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
