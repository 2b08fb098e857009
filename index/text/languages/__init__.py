"""The languages that the rules for texts and questions know: one module with one record for each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from index.text.languages.english import ENGLISH
from index.text.languages.german import GERMAN
from index.text.languages.language_record import Language
from index.text.languages.other_languages import OTHER_LANGUAGES
from index.text.languages.polish import POLISH
from index.text.languages.russian import RUSSIAN
from index.text.languages.ukrainian import UKRAINIAN

__all__ = [
    "ENGLISH",
    "LANGUAGES",
    "RUSSIAN",
    "Language",
    "alternatives",
    "any_of",
    "language_of",
    "lines_of",
    "split_lines",
    "words_of",
]

LANGUAGES = (ENGLISH, RUSSIAN, UKRAINIAN, GERMAN, POLISH, OTHER_LANGUAGES)


def language_of(code: str | None) -> Language | None:
    """Return the record of an ISO 639-1 code; None if there is none."""
    return next((language for language in LANGUAGES if code and language.code == code), None)


def alternatives(field: Callable[[Language], str]) -> str:
    """Return one pattern of the patterns in a field of all languages.

    >>> alternatives(lambda language: language.questions.ago)
    'ago|назад'
    """
    return "|".join(filter(None, map(field, LANGUAGES)))


def words_of(field: Callable[[Language], str]) -> list[str]:
    """Return the words, separated by white space, in a field of all languages.

    >>> words_of(lambda language: language.questions.polite_openings)
    ['please', 'пожалуйста']
    """
    return [word for language in LANGUAGES for word in field(language).split()]


def lines_of(field: Callable[[Language], str]) -> list[str]:
    """Return the phrases, separated by "|" or line ends, in a field of all languages."""
    return [line for language in LANGUAGES for line in split_lines(field(language))]


def split_lines(lines: str) -> list[str]:
    """Split phrases that are separated by "|" or line ends.

    >>> split_lines("all news|latest news\\n    top news")
    ['all news', 'latest news', 'top news']
    """
    return [line.strip() for line in re.split(r"[|\n]", lines) if line.strip()]


def any_of(words: Iterable[str]) -> str:
    """Return a pattern of alternatives, the longest first, so that none hides one that it begins.

    >>> any_of(["Sep", "Sept"])
    'Sept|Sep'
    """
    return "|".join(sorted(words, key=len, reverse=True))
