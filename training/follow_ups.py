"""Makes follow-up questions for training, from two questions about one article. Pure."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from difflib import SequenceMatcher

_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_LIGHT_TEXT = """
a an the of to in on at for by with from and or is are was were be been did do does has have had will would can what
which who whom whose when where why how that this it its there many much long old about after before say said says
и в во на с со по к о об за из от у что кто как где когда почему сколько какой какая какие каком был была было были
ли не это для при
"""
_LIGHT = frozenset(_LIGHT_TEXT.split())
_MOST_NEW = 4  # words of an ellipsis such as "and Ann Lee?", at most
_ELLIPSES = {"en": ("and {}?", "what about {}?", "{}?"), "ru": ("а {}?", "{}?")}
_PRONOUNS = {"en": ("it", "that", "this", "they", "he", "she", "them", "there"), "ru": ("это", "он", "она", "они")}


def follow_up(earlier: str, question: str, chance: random.Random) -> str:
    """Return both questions, one per line, the second one as a follow-up.

    The longest run of words that the second shares with the first is replaced by a pronoun or nothing. Half of the
    questions that ask the same about something else become an ellipsis instead: "and Ann Lee?"

    >>> follow_up("Who built the Fenn bridge?", "how long is the Fenn bridge", random.Random(0)).splitlines()[1]
    'how long is they'
    """
    second = [*_WORD.finditer(question)]
    shared = _shared(earlier, question)
    run = second[shared.start : shared.stop]
    language = "ru" if re.search(r"[а-яё]", question.lower()) else "en"
    words = _words(earlier), _words(question)
    if words[0][:1] == words[1][:1] and (new := _new(*words)) and chance.random() < 1 / 2:
        rest = question[second[new.start].start() : second[new.stop - 1].end()]
        return f"{earlier}\n{chance.choice(_ELLIPSES[language]).format(rest)}"
    if len(run) < len(second) and any(match[0].lower() not in _LIGHT for match in run):
        pronoun = chance.choice((*_PRONOUNS[language], ""))
        question = " ".join(f"{question[: run[0].start()]}{pronoun}{question[run[-1].end() :]}".split())
    return f"{earlier}\n{question}"


def in_common(first: str, second: str) -> int:
    """Return the number of content words in the longest run of words that two questions share."""
    words, run = _words(second), _shared(first, second)
    return sum(words[at] not in _LIGHT for at in run)


def _words(text: str) -> list[str]:
    return [match[0].lower() for match in _WORD.finditer(text)]


def _shared(first: str, second: str) -> range:
    """Return the places, in the second text, of the longest run of words that both share."""
    found = SequenceMatcher(None, _words(first), _words(second), autojunk=False).find_longest_match()
    return range(found.b, found.b + found.size)


def _new(first: Sequence[str], second: Sequence[str]) -> range | None:
    """Return the range of content words of the second that the first lacks; None if there are none or too many."""
    held = {word for word in first if word not in _LIGHT}
    places = [at for at, word in enumerate(second) if word not in held and word not in _LIGHT]
    if not places or places[-1] - places[0] >= _MOST_NEW:
        return None
    return range(places[0], places[-1] + 1)
