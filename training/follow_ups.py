"""Two questions over one article to a conversation: what the second repeats of the first becomes a pronoun. Pure."""

from __future__ import annotations

import random
import re
from difflib import SequenceMatcher

_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_LIGHT_TEXT = """
a an the of to in on at for by with from and or is are was were be been did do does has have had will would can what
which who whom whose when where why how that this it its there many much long old about after before say said says
и в во на с со по к о об за из от у что кто как где когда почему сколько какой какая какие каком был была было были
ли не это для при
"""
_LIGHT = frozenset(_LIGHT_TEXT.split())
_PRONOUNS = {"en": ("it", "that", "this", "they", "he", "she", "them", "there"), "ru": ("это", "он", "она", "они")}


def follow_up(earlier: str, question: str, chance: random.Random) -> str:
    """Return both in lines of their own, the second without the longest run of words that it shares with the first.

    >>> follow_up("Who built the Fenn bridge?", "how long is the Fenn bridge", random.Random(0)).splitlines()[1]
    'how long is they'
    """
    first, second = ([*_WORD.finditer(text)] for text in (earlier, question))
    words = [[match[0].lower() for match in matches] for matches in (first, second)]
    shared = SequenceMatcher(None, words[0], words[1], autojunk=False).find_longest_match()
    run = second[shared.b : shared.b + shared.size]
    if any(match[0].lower() not in _LIGHT for match in run):
        russian = re.search(r"[а-яё]", question.lower())
        pronoun = chance.choice((*_PRONOUNS["ru" if russian else "en"], ""))
        question = " ".join(f"{question[: run[0].start()]}{pronoun}{question[run[-1].end() :]}".split())
    return f"{earlier}\n{question}"
