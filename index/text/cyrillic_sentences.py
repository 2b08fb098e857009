"""Where Russian and Ukrainian sentences end: razdel's rules, corrected for years, units and more abbreviations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from razdel.rule import JOIN
from razdel.segmenters.sentenize import BULLET_SIZE, RULES, SentSplitter

from index.text.languages import LANGUAGES, alternatives, words_of

SEGMENTED = frozenset(["ru", "uk", "be"])  # ISO 639-1 codes of the languages that razdel can segment
LETTER = re.compile("[А-яЁёІіЇїЄєҐґ]")
_LOOK_BEHIND = 120  # code points before an end, for abbreviations
_LOOK_AROUND = 24  # code points on either side of an end, for a year or a unit
_ENDS = ".?!…"
_CAPITAL = "A-ZА-ЯЁІЇЄҐ"
# What follows each kind of abbreviation in the languages' records where no sentence ends; razdel knows most others.
_FOLLOWING = {
    "before a name": rf"[\"«„“]?[{_CAPITAL}]",
    "in an address": rf"[\"«„“№]?[{_CAPITAL}\d+]",
    "not after a number": rf"[\"«„“]?[{_CAPITAL}\d]",
    "before anything": r"[^\s.]",
    "before a number": r"\d|[IVX]+\b",
    "of a large number": r"[^\s.]",
    "of dollars": r"США\b",
}


@dataclass(frozen=True, slots=True)
class _Rule:
    """No sentence ends after `before` where `after` follows."""

    before: re.Pattern[str]
    after: re.Pattern[str]


def _rule(kind: str, abbreviations: str) -> _Rule:
    abbreviations = f"(?<!\\d ){abbreviations}" if kind == "not after a number" else abbreviations
    before = re.compile(rf"(?<![^\W_])(?:{abbreviations})\.\Z", re.IGNORECASE)
    return _Rule(before, re.compile(rf"\s*(?:{_FOLLOWING[kind]})"))


_RULES = [
    _rule(kind, f"(?:{abbreviations})")
    for language in LANGUAGES
    for kind, abbreviations in language.sentences.abbreviations.items()
]
# A single letter ends a sentence before a word that begins one and is no name: План Б. Он сработал.
_STARTERS = "|".join(words_of(lambda language: language.sentences.starters))
_LETTER_AT_END = re.compile(rf"(?<!\w)[{_CAPITAL}]\.(?=\s+(?:{_STARTERS})\s)")
# "в 1945 г.", "у 1945 р.", "в XIX в.", before a capital
_YEARS = alternatives(lambda language: language.sentences.years)
_ERAS = alternatives(lambda language: language.sentences.eras)
_YEAR = re.compile(
    rf"(?:\d|\b[IVXІХ]+)[ \xa0]?(?:(?:{_YEARS})\.(?:\s+до\s+(?:{_ERAS})\.)?|(?:до\s+)?(?:{_ERAS})\.)"
    rf"(?=\s+[\"«„“—–-]?\s?[{_CAPITAL}])"
)
# A unit after a number, before a capital: Высота 30 см. Ширина …
_UNITS = alternatives(lambda language: language.sentences.units)
_UNIT = re.compile(rf"\d[ \xa0](?:(?:кв|куб)\.\s?)?(?:{_UNITS})\.(?=\s+[{_CAPITAL}])")
# A sentence may begin with a year and go on after it, unless a verb before the year has completed it.
_TIME_OPENING = re.compile(
    rf"\W*(?:{alternatives(lambda language: language.sentences.time_openings)}|\d+)\b", re.IGNORECASE
)
_VERB = re.compile(
    rf"[а-яёіїєґ]+(?:{alternatives(lambda language: language.sentences.verb_endings)})"
    rf"|[а-яёіїєґ]{{4,}}(?:{alternatives(lambda language: language.sentences.participle_endings)})"
)
_NOUNS_LIKE_VERBS = frozenset(words_of(lambda language: language.sentences.nouns_like_verbs))


def cyrillic_ends(text: str) -> Iterator[int]:
    """Yield the offset after each sentence of a paragraph but the last.

    Quotation marks and brackets must have been replaced by spaces.
    """
    missed = {match.end() for pattern in (_YEAR, _UNIT, _LETTER_AT_END) for match in pattern.finditer(text)}
    at = start = 0
    # razdel's rules without its loop, which copies the sentence at each mark and so takes quadratic time
    for part in SentSplitter()(text):
        if isinstance(part, str):
            at += len(part)
            continue
        part.buffer = text[start : min(at, start + BULLET_SIZE + 1)]
        at += len(part.delimiter)
        action = next((action for rule in RULES if (action := rule(part))), None)
        is_end = at in missed or (action != JOIN and part.delimiter in _ENDS)
        if is_end and not _joins(text, start, at):
            yield at
            start = at


def _joins(text: str, start: int, end: int) -> bool:
    """Return whether the sentence from `start` continues after its apparent end."""
    near = max(start, end - _LOOK_AROUND), min(len(text), end + _LOOK_AROUND)
    if any(year.end() == end for year in _YEAR.finditer(text, *near)):
        return _is_only_a_time(text[start:end])
    if any(unit.end() == end for unit in _UNIT.finditer(text, *near)):
        return False
    before = text[max(start, end - _LOOK_BEHIND) : end]
    return any(rule.before.search(before) and rule.after.match(text, end) for rule in _RULES)


def _is_only_a_time(sentence: str) -> bool:
    """Return whether a sentence up to its year says only when something happened, and not yet what."""
    if not _TIME_OPENING.match(sentence):
        return False
    words = re.findall(r"\w+", sentence)
    return len(words) <= 12 and not any(_VERB.fullmatch(word) and word not in _NOUNS_LIKE_VERBS for word in words)
