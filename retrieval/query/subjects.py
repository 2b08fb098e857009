"""The subject of a question that asks only for the newest about somebody or something. Pure."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

from anyascii import anyascii

from index.text.languages import LANGUAGES, any_of, words_of
from index.text.names import names
from retrieval.query.periods import Period
from retrieval.query.small_talk import without_small_talk

_MOST_WORDS = 5  # of a subject
_SIMILAR = 0.75  # of difflib's ratio: Kiev and Kyiv
_MOST_OTHERS = 2  # words in a subject that are not part of a name: the Tolva bridge
_NEWEST = [re.compile(pattern, re.IGNORECASE) for language in LANGUAGES for pattern in language.questions.newest]
_BESIDES = frozenset(words_of(lambda language: language.questions.besides))
_POLITE = re.compile(
    rf"^(?:{any_of(words_of(lambda language: language.questions.polite_openings))}),?\s+"
    rf"|,?\s+(?:{any_of(words_of(lambda language: language.questions.polite_endings))})$",
    re.IGNORECASE,
)
_ARTICLE = re.compile(rf"^(?:{any_of(words_of(lambda language: language.questions.articles))})\s+", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:[-’'.&][^\W_]+)*\.?")
_EDGES = " \t\n.,;:!?…\"“”„«»'’()—–-"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a question asks for the newest about."""

    name: str
    is_named: bool  # whether part of it is written as a name: Norland, but not the ferry


def asked_subject(text: str, period: Period | None = None) -> Subject | None:
    """Return what a question asks for the newest about; None if it asks for anything else.

    The words of its period are ignored. A name alone is such a question, too.

    >>> asked_subject("What happened to Lindqvist?")
    Subject(name='Lindqvist', is_named=True)
    >>> asked_subject("What happened to Lindqvist after the vote?")
    """
    rest = text
    if period:
        rest = f"{text[: period.span.start]} {text[period.span.end :]}"
    rest = " ".join(without_small_talk(rest).split()).strip(_EDGES)
    rest = _POLITE.sub("", rest)
    for pattern in _NEWEST:
        if (found := pattern.fullmatch(rest)) and (subject := _subject(found["name"])):
            return subject
    first = rest.split(" ", 1)[0]
    if first.casefold() in _BESIDES and not first.isupper():  # a question; WHO is a name
        return None
    subject = _subject(rest, most_others=0)
    return subject if subject and subject.is_named else None


def _subject(name: str, most_others: int = _MOST_OTHERS) -> Subject | None:
    """Return the subject with a name, which may have up to `most_others` words that are not written as names."""
    name = _ARTICLE.sub("", name.strip(_EDGES))
    name = re.sub(r"['’]s$", "", name)
    words = _WORD.findall(name)
    if not words or len(words) > _MOST_WORDS or "".join(words) != re.sub(r"\s", "", name):
        return None
    found = names(f"x {name}")  # not at the start of a sentence, where any word is capitalised
    in_names = {word for start, end in found for word in name[max(0, start - 2) : end - 2].split()}
    others = [word for word in words if word not in in_names and word.rstrip(".") not in in_names]
    if any(word.casefold() in _BESIDES for word in others) or len(others) > most_others:
        return None
    return Subject(name, bool(found))


def names_subject(words: list[str], text: list[str]) -> bool:
    """Return whether the words of a text contain the words of a name; a first name may be an initial on either side.

    >>> names_subject(["jane", "doe"], ["j", "doe", "resigned"]), names_subject(["jane", "doe"], ["john", "doe"])
    (True, False)
    >>> names_subject(["j", "doe"], ["jane", "doe"])
    True
    """
    if not words:
        return False
    *before, last = words
    return any(
        word == last and all(first in text or (at > 0 and _is_initial(first, text[at - 1])) for first in before)
        for at, word in enumerate(text)
    )


def _is_initial(first: str, second: str) -> bool:
    """Return whether one of two words is the first letter of the other."""
    return min(len(first), len(second)) == 1 and first[0] == second[0]


def resembles(name: str, text: str) -> bool:
    """Return whether a text has a word that is spelled like the last word of a name, both in Latin letters.

    >>> resembles("Zelensky", "Mr Zelenskyy spoke."), resembles("Kiev", "In Kyiv"), resembles("Foobar", "In Kyiv")
    (True, True, False)
    """
    *_, last = anyascii(name).lower().split() or [""]
    words = set(re.findall(r"\w+", anyascii(text).lower()))
    return bool(difflib.get_close_matches(last, words, 1, _SIMILAR))
