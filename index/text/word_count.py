"""Count words in any script. Pure."""

from __future__ import annotations

import re

# Scripts without spaces between words: Thai, Lao, Burmese, Khmer, Chinese and Japanese, with their punctuation
UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
)


def word_count(text: str) -> int:
    """Return the number of words in a text; in scripts without spaces, two characters count as one word.

    >>> word_count("It rained."), word_count("下雨了。")
    (2, 2)
    """
    unspaced = 0 if text.isascii() else len(UNSPACED.findall(text))
    return len(UNSPACED.sub(" ", text).split()) + (unspaced + 1) // 2 if unspaced else len(text.split())
