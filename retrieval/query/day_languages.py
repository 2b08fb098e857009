"""The languages in which a question can say days. Pure."""

from __future__ import annotations

from retrieval.query.day_grammar import DayGrammar
from retrieval.query.english_days import ENGLISH_DAYS
from retrieval.query.russian_days import RUSSIAN_DAYS

_GRAMMARS = (ENGLISH_DAYS, RUSSIAN_DAYS)


def grammar_of(text: str) -> DayGrammar:
    """Return the grammar of the language whose letters most of a text is written with, English if in doubt."""
    return max(_GRAMMARS, key=lambda grammar: grammar.letters_in(text))
