"""How a language says days: a table of words, dates and phrases, and the patterns that are built from it. Pure."""

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

# Dates in figures, the same in all languages. One with dots begins with the day if it can; one with slashes or hyphens
# is a date only if a single order is possible.
_FIGURES = {
    "ymd": r"(?<![\w.,/-])(?:199\d|20\d\d)(?:-\d\d-|/\d\d?/|\.\d\d\.)\d\d?(?!\d)",
    "dotted": r"(?<![\w.,/-])\d\d?\.\d\d?\.(?:199\d|20\d\d)(?!\d|\.\d)|(?<![\w.,/-])\d\d\.\d\d\.\d\d(?![\d.])",
    "slashed": r"(?<![\w.,/-])\d\d?(?:/\d\d?/|-\d\d?-)(?:199\d|20\d\d)(?!\d)",
}
_IN_FIGURES = (("ymd", "{ymd}"), ("dotted", "{dotted}"), ("slashed", "{slashed}"))


@dataclass(frozen=True)
class DayGrammar:
    """The table of a language. A form is a pattern in which a name in braces stands for the pattern of that name."""

    letters: str  # the pattern of a letter, by which to recognise a question in this language

    words: Mapping[str, str]  # forms by name
    numbers: Mapping[str, Mapping[str, int]]  # for each named group, the numbers by the beginnings of their words
    dates: tuple[tuple[str, str], ...]  # meanings and forms; a form comes before those that it begins with
    alone: tuple[tuple[str, str], ...]  # the same for dates that need no preposition
    phrases: tuple[tuple[str, str], ...]  # rules and forms; later ones skip what an earlier one has matched
    ahead: str  # pattern of words for what is planned, recurs or has a deadline
    told: str  # pattern of words for what has happened

    @cached_property
    def date_patterns(self) -> tuple[tuple[str, re.Pattern[str]], ...]:
        """Return the meaning and the pattern of each form of a date."""
        return tuple((meaning, _compile(self._expand(form))) for meaning, form in self._all_dates)

    @cached_property
    def phrase_patterns(self) -> tuple[tuple[str, re.Pattern[str]], ...]:
        """Return the rule and the pattern of each phrase; only the phrase's own groups are kept in the pattern."""
        words = {name: _GROUP.sub("(?:", self._expand(form)) for name, form in {**_FIGURES, **self.words}.items()}
        words["date"] = self._any_of(self._all_dates)
        words["alone"] = self._any_of(self.alone)
        return tuple(
            (rule, _compile(_NAME.sub(lambda name: f"(?:{words[name[1]]})", form))) for rule, form in self.phrases
        )

    @cached_property
    def is_ahead(self) -> re.Pattern[str]:
        """Return the compiled pattern of `ahead`."""
        return re.compile(self.ahead, re.IGNORECASE)

    @cached_property
    def is_told(self) -> re.Pattern[str]:
        """Return the compiled pattern of `told`."""
        return re.compile(self.told, re.IGNORECASE)

    def letters_in(self, text: str) -> int:
        """Return the number of letters in a text that this language is written with."""
        return len(re.findall(self.letters, text, re.IGNORECASE))

    @property
    def _all_dates(self) -> tuple[tuple[str, str], ...]:
        return (*_IN_FIGURES, *self.alone, *self.dates)

    def _any_of(self, dates: tuple[tuple[str, str], ...]) -> str:
        return f"(?>{'|'.join(_GROUP.sub('(?:', self._expand(form)) for _, form in dates)})"

    def _expand(self, form: str) -> str:
        words = {**_FIGURES, **self.words}
        while _NAME.search(form):
            form = _NAME.sub(lambda name: f"(?:{words[name[1]]})", form)
        return form

    def number(self, group: str, text: str) -> int:
        """Return the number that the text of a group says, in digits or as the sum of its words."""
        if digits := _DIGITS.match(text):
            return int(digits[0])
        numbers, total = self.numbers[group], 0
        for word in _PART.findall(fold_case(text)):
            total += next((numbers[word[:size]] for size in range(len(word), 0, -1) if word[:size] in numbers), 0)
        return total


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
