"""What buttons carry, and how they are laid out under the messages of an answer. Pure."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import Literal, get_args

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.memory.sent_answers import SentAnswer
from bot.texts import Texts

Action = Literal["select", "context", "helpful", "unhelpful", "retract", "more"]

_LETTERS: dict[Action, str] = {action: action[0] for action in get_args(Action)}
_ACTIONS = {letter: action for action, letter in _LETTERS.items()}
_IN_A_ROW = 8  # buttons, at most, that Telegram shows
# What Telegram takes as the address of a button, and refuses the whole message otherwise: a host with a dot in it and a
# port that there can be (LinkManager.cpp and HttpUrl.cpp of tdlib/td).
_ADDRESS = re.compile(r"https?://[\w-]+(?:\.[\w-]+)+(?::0*(?P<port>[1-9][0-9]{0,4}))?(?:[/?#].*)?")
_PORTS = 65_536
_DATA = re.compile(r"([schurm]):([\w-]{1,32}):([0-9]{1,3}):([0-9]{1,3}):([0-9]{1,3})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Press:
    """A button that was pressed: what it does, of which answer, with which quote of which that a message shows.

    Quotes are counted from 1; `first` and `last` are those of the message, so that its buttons can be laid out anew.
    """

    action: Action
    key: str
    quote: int
    first: int
    last: int

    @classmethod
    def parse(cls, data: str | None) -> Press | None:
        """The press that data stands for, or None.

        >>> Press.parse("c:Ab3-_dEf9hI:2:1:5")
        Press(action='context', key='Ab3-_dEf9hI', quote=2, first=1, last=5)
        """
        match = _DATA.fullmatch(data or "")
        if match is None:
            return None
        letter, key, *numbers = match.groups()
        return cls(_ACTIONS[letter], key, *map(int, numbers))

    def is_of(self, given: SentAnswer) -> bool:
        """Whether the answer has had such a button: data can be made up, and an edited answer has other quotes."""
        if not given.first < self.first <= self.quote <= self.last <= len(given.quotes):
            return False
        if self.action == "more" and given.is_latest:
            return True
        return given.answered or self.action in ("select", "context")

    def __str__(self) -> str:
        """What a button carries: at most 64 bytes."""
        return f"{_LETTERS[self.action]}:{self.key}:{self.quote}:{self.first}:{self.last}"


def keyboard(
    given: SentAnswer, shown: Press, texts: Texts, url: str | None, verdict: bool | None = None
) -> InlineKeyboardMarkup | None:
    """The buttons of a message: to choose one of its quotes, then what can be done with that, then more quotes.

    `shown` says which quote is chosen; `url` is of its article, and `verdict` what the person has said of the quote.
    Where the answer has several, the buttons for a quote name it, as its number in the text does.
    """
    rows = []
    of = f"{texts.number(shown.quote)}. " if len(given.quotes) > 1 else ""
    if shown.first < shown.last:
        numbers = [_number(n, shown) for n in range(shown.first, shown.last + 1)]
        length = math.ceil(len(numbers) / math.ceil(len(numbers) / _IN_A_ROW))  # of rows that are equally long
        rows += [numbers[start : start + length] for start in range(0, len(numbers), length)]
    if shown.first <= shown.last:
        rows.append([_button(f"¶ {of}{texts('button-context')}", shown, "context")])
        if url and _opens(url):
            rows[-1].append(InlineKeyboardButton(f"↗ {of}{texts('button-open')}", url=url))
        if given.answered:
            rows.append(
                [
                    _verdict(f"👍 {of}{texts('button-helpful')}", shown, "helpful", verdict is True),
                    _verdict(f"👎 {of}{texts('button-not-helpful')}", shown, "unhelpful", verdict is False),
                ]
            )
    if given.more and shown.last == len(given.quotes):
        rows.append([_button(f"{texts('button-more')} ({texts.number(given.more)})", shown, "more")])
    return InlineKeyboardMarkup(rows) if rows else None


def _opens(url: str) -> bool:
    address = _ADDRESS.fullmatch(url)
    return address is not None and int(address["port"] or 0) < _PORTS


def _verdict(words: str, shown: Press, action: Action, is_given: bool) -> InlineKeyboardButton:
    """One that is given takes itself back: by what it carries, so that two quick presses are one."""
    return _button(f"✓ {words}", shown, "retract") if is_given else _button(words, shown, action)


def _number(number: int, shown: Press) -> InlineKeyboardButton:
    return _button(f"· {number} ·" if number == shown.quote else str(number), shown, "select", number)


def _button(words: str, shown: Press, action: Action, quote: int | None = None) -> InlineKeyboardButton:
    return InlineKeyboardButton(words, callback_data=str(replace(shown, action=action, quote=quote or shown.quote)))
