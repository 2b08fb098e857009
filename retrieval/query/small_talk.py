"""Small talk: messages that are only polite and ask nothing of the articles. Pure."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal, get_args

from index.text.languages import LANGUAGES, alternatives, any_of, split_lines, words_of

Kind = Literal["greeting", "thanks", "goodbye", "who", "how", "emoji", "nothing"]

_KINDS: dict[str, Kind] = {
    phrase: kind
    for language in LANGUAGES
    for kind in get_args(Kind)
    for phrase in split_lines(language.questions.small_talk.get(kind, ""))
}
_LONGEST = max(phrase.count(" ") + 1 for phrase in _KINDS)
# Alone they ask nothing; next to any other word they are part of a question.
_BARE_REPLIES = frozenset(words_of(lambda language: language.questions.bare_replies))
_ADDRESSEE = re.compile(alternatives(lambda language: language.questions.addressees))
_SMILEY = re.compile(r"[:;=]['’]?-?[)(DPp]+|\)+|\(+|<3")
# The first clause, with the mark that ends it
_CLAUSE = re.compile(r"([^,.!?;…\n—–]+)[,.!?;…\n—–]+\s*(?=\S)")
_ASKS = re.compile(rf"(?:{any_of(words_of(lambda language: language.questions.openings))})\b", re.IGNORECASE)


def small_talk(text: str) -> Kind | None:
    """Return the kind of small talk that a whole message is; None for any question.

    >>> small_talk("Hi there! How are you?"), small_talk("hi, who is under sanctions?")
    ('how', None)
    """
    if not text.strip():
        return None
    plain = _plain(text)
    words = plain.split()
    if plain.strip() in _BARE_REPLIES:
        return "nothing"
    if not _has_word(plain):
        pictures = any(unicodedata.category(character) == "So" for character in text)
        return "emoji" if pictures or _SMILEY.fullmatch(text.strip()) else "nothing"
    kinds: list[Kind] = []
    while words:
        taken = next((n for n in range(min(_LONGEST, len(words)), 0, -1) if " ".join(words[:n]) in _KINDS), 0)
        if taken:
            kinds.append(_KINDS[" ".join(words[:taken])])
        elif not kinds or not _ADDRESSEE.fullmatch(words[0]):
            return None
        words = words[taken or 1 :]
    return next((kind for kind in kinds if kind in ("who", "how")), kinds[0])


def without_small_talk(text: str) -> str:
    """Return a text without the small talk at its beginning, if that leaves a question.

    >>> without_small_talk("Hi! How are you? Who is under sanctions?")
    'Who is under sanctions?'
    """
    while (clause := _CLAUSE.match(text)) and _is_polite(clause[1]) and _is_question(text[clause.end() :]):
        text = text[clause.end() :]
    words = text.split()
    for n in range(min(_LONGEST, len(words) - 1), 0, -1):
        if small_talk(" ".join(words[:n])) == "greeting" and _ASKS.match(words[n]):
            return " ".join(words[n:])
    return text


def _is_polite(clause: str) -> bool:
    return small_talk(clause) not in (None, "nothing")


def _has_word(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _is_question(text: str) -> bool:
    """Return whether the rest of a text may be a question: "Hello, Dolly" is not a greeting before one."""
    return len(text.split()) > 1 or text.rstrip().endswith("?")


def _plain(text: str) -> str:
    """Return a text in lower case, with spaces for marks, Latin letters without accents, and "hi" for "hiiii"."""
    text = re.sub(r"['’`]", "", text.casefold()).replace("ß", "ss").replace("ё", "е")
    kept = "".join(" " if unicodedata.category(c)[0] in "PSZC" or c in "\ufe0f\u20e3" else c for c in text)
    letters = "".join(_without_accent(character) for character in kept)
    return re.sub(r"([^\W\d_])\1{2,}", r"\1", letters)


def _without_accent(letter: str) -> str:
    first = unicodedata.normalize("NFD", letter)[0]
    return first if first.isascii() else {"ı": "i", "ł": "l", "ø": "o"}.get(letter, letter)
