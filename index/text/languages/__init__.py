"""What the rules for text and questions know of each language: one module and one record per language."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from index.text.languages.english import ENGLISH
from index.text.languages.german import GERMAN
from index.text.languages.language_record import Language as Language
from index.text.languages.language_record import split_lines
from index.text.languages.other_languages import OTHER_LANGUAGES
from index.text.languages.polish import POLISH
from index.text.languages.russian import RUSSIAN
from index.text.languages.ukrainian import UKRAINIAN

LANGUAGES = (ENGLISH, RUSSIAN, UKRAINIAN, GERMAN, POLISH, OTHER_LANGUAGES)


def language_of(code: str | None) -> Language | None:
    """Return the record of an ISO 639-1 code; None if there is none."""
    return next((language for language in LANGUAGES if code and language.code == code), None)


def alternatives(field: Callable[[Language], str]) -> str:
    """Return one pattern that matches wherever the patterns in a field of any language do.

    >>> alternatives(lambda language: language.pages.ranges and "to" if language is ENGLISH else "")
    'to'
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


def any_of(words: Iterable[str]) -> str:
    """Return a pattern of alternatives, the longest first, so that none hides one that it begins.

    >>> any_of(["Sep", "Sept"])
    'Sept|Sep'
    """
    return "|".join(sorted(words, key=len, reverse=True))
