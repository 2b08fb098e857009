"""Which sentences mislead when they are quoted without the sentence before or after them. Pure."""

from __future__ import annotations

import re

from index.text.languages import ENGLISH, LANGUAGES, Language, alternatives, language_of

_OPENING_MARKS = r"[\s\"“«„‘'(\[—–-]*"
_DEPENDENT = {
    language.code: re.compile(rf"{_OPENING_MARKS}(?:{language.sentences.dependent})")
    for language in LANGUAGES
    if language.sentences.dependent
}
_OTHER_CAPITALS = [(re.compile(rf"\W*[{language.capitals}]"), language) for language in LANGUAGES if language.capitals]
_CLOSES_EARLIER_QUOTATION = re.compile(r"[”»]|[^“”«»„]*[”»]")
_CONTINUES = re.compile(r"\s*(?:[,;)…]|\.\.\.|[a-zа-яё](?![A-Z]))")
_REVERSES = re.compile(
    rf"{_OPENING_MARKS}(?:(?:{alternatives(lambda language: language.sentences.reversing_words)})(?!\w)"
    rf"|{alternatives(lambda language: language.sentences.reversing_phrases)})"
)
_REVERSAL = re.compile(rf"\b(?:{alternatives(lambda language: language.sentences.reversals)})", re.IGNORECASE)


def needs_previous(sentence: str, language: str | None = None) -> bool:
    """Return whether a sentence cannot be understood without the one before it.

    Such a sentence begins with a word that refers back ("She", "But", "After that"), in lower case, or inside a
    quotation that was opened before. `language` is an ISO 639-1 code, or None to guess it from the first letter; where
    the language's record has no such words, only the last two signs count. "There", "That" and "It" do not always refer
    back, but quoting one sentence too many is the smaller mistake.

    >>> needs_previous("However, it failed.", "en"), needs_previous("Rain fell.", "en")
    (True, False)
    """
    if _CONTINUES.match(sentence) or _CLOSES_EARLIER_QUOTATION.match(sentence):
        return True
    spoken = language_of(language) if language is not None else _by_first_letter(sentence)
    dependent = _DEPENDENT.get(spoken.code) if spoken else None
    return dependent is not None and dependent.match(sentence) is not None


def reverses_previous(sentence: str) -> bool:
    """Return whether a sentence reverses the one before: "But…", "That was later denied", "The ban was lifted".

    >>> reverses_previous("The Kremlin denied the claim."), reverses_previous("The Kremlin agreed.")
    (True, False)
    """
    return _REVERSES.match(sentence) is not None or _REVERSAL.search(sentence) is not None


def _by_first_letter(sentence: str) -> Language:
    return next((language for pattern, language in _OTHER_CAPITALS if pattern.match(sentence)), ENGLISH)
