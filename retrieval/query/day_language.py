"""How a language says days: a table of words, dates and phrases around dates, and the patterns made of it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from index.text.normalize import fold_case

_NAME = re.compile(r"\{([a-z_]+)\}")
_GROUP = re.compile(r"[(][?]P<[a-z]+>")
_DIGITS = re.compile(r"\d+")
_PART = re.compile(r"[^\W_]+")

# A date in figures, alike in all languages. What has dots begins with the day unless it cannot; what has slashes or
# hyphens is a date only where one order is possible.
_FIGURES = {
    "ymd": r"(?<![\w.,/-])(?:199\d|20\d\d)(?:-\d\d-|/\d\d?/|\.\d\d\.)\d\d?(?!\d)",
    "dotted": r"(?<![\w.,/-])\d\d?\.\d\d?\.(?:199\d|20\d\d)(?!\d|\.\d)|(?<![\w.,/-])\d\d\.\d\d\.\d\d(?![\d.])",
    "slashed": r"(?<![\w.,/-])\d\d?(?:/\d\d?/|-\d\d?-)(?:199\d|20\d\d)(?!\d)",
}
IN_FIGURES = (("ymd", "{ymd}"), ("dotted", "{dotted}"), ("slashed", "{slashed}"))


@dataclass(frozen=True)
class Language:
    """The table of a language; forms are patterns with the names of other ones in braces."""

    words: Mapping[str, str]  # patterns by name
    numbers: Mapping[str, Mapping[str, int]]  # for a group's name, the beginnings of its words
    dates: tuple[tuple[str, str], ...]  # meaning and form, longer forms before those that they begin with
    alone: tuple[tuple[str, str], ...]  # the same, of dates that need no preposition
    phrases: tuple[tuple[str, str], ...]  # rule and form; what one takes of a text, the later ones leave
    ahead: str  # words of what is to come, comes again or waits for a day
    told: str  # words of what has happened

    @cached_property
    def readers(self) -> tuple[tuple[str, re.Pattern[str]], ...]:
        """The meaning of each form of a date, and its pattern."""
        return tuple((meaning, _compile(self._expand(form))) for meaning, form in self._all_dates)

    @cached_property
    def rules(self) -> tuple[tuple[str, re.Pattern[str]], ...]:
        """The name of each phrase's rule, and its pattern, in which only the phrase's own groups count."""
        words = {name: _GROUP.sub("(?:", self._expand(form)) for name, form in {**_FIGURES, **self.words}.items()}
        words["date"] = self._any_of(self._all_dates)
        words["alone"] = self._any_of(self.alone)
        return tuple(
            (rule, _compile(_NAME.sub(lambda name: f"(?:{words[name[1]]})", form))) for rule, form in self.phrases
        )

    @cached_property
    def is_ahead(self) -> re.Pattern[str]:
        """The pattern of `ahead`."""
        return re.compile(self.ahead, re.IGNORECASE)

    @cached_property
    def is_told(self) -> re.Pattern[str]:
        """The pattern of `told`."""
        return re.compile(self.told, re.IGNORECASE)

    @property
    def _all_dates(self) -> tuple[tuple[str, str], ...]:
        return (*IN_FIGURES, *self.alone, *self.dates)

    def _any_of(self, dates: tuple[tuple[str, str], ...]) -> str:
        return f"(?>{'|'.join(_GROUP.sub('(?:', self._expand(form)) for _, form in dates)})"

    def _expand(self, form: str) -> str:
        words = {**_FIGURES, **self.words}
        while _NAME.search(form):
            form = _NAME.sub(lambda name: f"(?:{words[name[1]]})", form)
        return form

    def number(self, group: str, text: str) -> int:
        """Return the number that a group's text says: in digits, or the sum of its words."""
        if digits := _DIGITS.match(text):
            return int(digits[0])
        of, total = self.numbers[group], 0
        for word in _PART.findall(fold_case(text)):
            total += next((of[word[:size]] for size in range(len(word), 0, -1) if word[:size] in of), 0)
        return total


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
