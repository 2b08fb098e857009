"""The callback data of the buttons under an answer, and their layout."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import Literal, get_args

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.memory.sent_answers import SentAnswer
from retrieval.presentation.texts import Texts

Action = Literal["select", "context", "helpful", "unhelpful", "retract", "more"]

_LETTERS: dict[Action, str] = {action: action[0] for action in get_args(Action)}
_ACTIONS = {letter: action for action, letter in _LETTERS.items()}
_IN_A_ROW = 8  # buttons that Telegram shows at most
# URLs that Telegram accepts for a button; it refuses the whole message for another one. The host needs a dot, and the
# port must be below 65,536 (LinkManager.cpp and HttpUrl.cpp of tdlib/td).
_ADDRESS = re.compile(r"https?://[\w-]+(?:\.[\w-]+)+(?::0*(?P<port>[1-9][0-9]{0,4}))?(?:[/?#].*)?")
_PORTS = 65_536
_DATA = re.compile(r"([schurm]):([\w-]{1,32}):([0-9]{1,3}):([0-9]{1,3}):([0-9]{1,3})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Press:
    """The press of a button: its action, the answer's key, and the quote to act on.

    Quotes are counted from 1. `first` and `last` are the quotes that the message shows, from which its buttons can be
    laid out again.
    """

    action: Action
    key: str
    quote: int
    first: int
    last: int

    @classmethod
    def parse(cls, data: str | None) -> Press | None:
        """Return the press that callback data encodes; None for other data.

        >>> Press.parse("c:Ab3-_dEf9hI:2:1:5")
        Press(action='context', key='Ab3-_dEf9hI', quote=2, first=1, last=5)
        """
        match = _DATA.fullmatch(data or "")
        if match is None:
            return None
        letter, key, *numbers = match.groups()
        return cls(_ACTIONS[letter], key, *map(int, numbers))

    def is_of(self, answer: SentAnswer) -> bool:
        """Return whether an answer has such a button, since data can be forged and edits change the quotes."""
        if not answer.first < self.first <= self.quote <= self.last <= len(answer.quotes):
            return False
        if self.action == "more" and answer.is_latest:
            return True
        return answer.answered or self.action in ("select", "context")

    def __str__(self) -> str:
        """Return the callback data of the button, at most 64 bytes."""
        return f"{_LETTERS[self.action]}:{self.key}:{self.quote}:{self.first}:{self.last}"


def keyboard(
    answer: SentAnswer, shown: Press, texts: Texts, url: str | None, verdict: bool | None = None
) -> InlineKeyboardMarkup | None:
    """Return the buttons of a message: to choose one of its quotes, to act on that quote, and for more quotes.

    `shown` says which quote is chosen, `url` is that of its article, and `verdict` is what the person said of it. If
    the answer has several quotes, the buttons for the chosen one begin with its number.
    """
    rows = []
    of = f"{texts.number(shown.quote)}. " if len(answer.quotes) > 1 else ""
    if shown.first < shown.last:
        numbers = [_number(n, shown) for n in range(shown.first, shown.last + 1)]
        length = math.ceil(len(numbers) / math.ceil(len(numbers) / _IN_A_ROW))  # of rows of nearly equal length
        rows += [numbers[start : start + length] for start in range(0, len(numbers), length)]
    if shown.first <= shown.last:
        rows.append([_button(f"¶ {of}{texts('button-context')}", shown, "context")])
        if url and _opens(url):
            rows[-1].append(InlineKeyboardButton(f"↗ {of}{texts('button-open')}", url=url))
        if answer.answered:
            rows.append(
                [
                    _verdict(f"👍 {of}{texts('button-helpful')}", shown, "helpful", verdict is True),
                    _verdict(f"👎 {of}{texts('button-not-helpful')}", shown, "unhelpful", verdict is False),
                ]
            )
    if answer.more and shown.last == len(answer.quotes):
        rows.append([_button(f"{texts('button-more')} ({texts.number(answer.more)})", shown, "more")])
    return InlineKeyboardMarkup(rows) if rows else None


def _opens(url: str) -> bool:
    address = _ADDRESS.fullmatch(url)
    return address is not None and int(address["port"] or 0) < _PORTS


def _verdict(words: str, shown: Press, action: Action, is_given: bool) -> InlineKeyboardButton:
    """Return the button of a verdict; pressing a chosen verdict again retracts it.

    Its callback data says "retract", so that a second quick press does nothing else.
    """
    return _button(f"✓ {words}", shown, "retract") if is_given else _button(words, shown, action)


def _number(number: int, shown: Press) -> InlineKeyboardButton:
    return _button(f"· {number} ·" if number == shown.quote else str(number), shown, "select", number)


def _button(words: str, shown: Press, action: Action, quote: int | None = None) -> InlineKeyboardButton:
    return InlineKeyboardButton(words, callback_data=str(replace(shown, action=action, quote=quote or shown.quote)))
