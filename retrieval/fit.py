"""How much of a question a sentence holds: its words, or words that are near to them in meaning."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from index.spelling import respell
from index.static import StaticEncoder
from index.words import is_unspaced, stems

_WORD = re.compile(r"[\w\u0900-\u0963\u0966-\u0dff]+")  # with the vowel signs of Indian scripts, which are no \w
_KEPT = 50_000  # words whose vectors are kept from one question to the next


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a question that says something, as it is written and as the word index holds it."""

    word: str
    stem: str
    weight: float  # idf


def terms(question: str, language: str | None, idf: Callable[[str], float]) -> tuple[Term, ...]:
    """The terms of a question for articles in a language, each once."""
    found = {stem: word for word, stem in _stemmed(question, language)}
    return tuple(Term(word, stem, idf(stem)) for stem, word in found.items())


class Lexicon:
    """The vectors of single words, by a static encoder; without one, words are only equal or not."""

    def __init__(self, static: StaticEncoder | None) -> None:
        self._static = static
        self._vectors: dict[str, NDArray[np.float32]] = {}

    def __bool__(self) -> bool:
        return self._static is not None

    def vectors(self, words: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, shape (len(words), dimension)."""
        assert self._static is not None
        if len(self._vectors) > _KEPT:
            self._vectors.clear()
        new = [word for word in words if word not in self._vectors]
        self._vectors |= zip(new, self._static.encode(new), strict=True)
        return np.array([self._vectors[word] for word in words], dtype=np.float32).reshape(
            len(words), self._static.dimension
        )


def overlaps(
    asked: Sequence[Term], sentences: Sequence[str], language: str | None, lexicon: Lexicon
) -> NDArray[np.float32]:
    """How much of each term each sentence holds, 0 to 1; shape (len(sentences), len(asked)).

    1 where the sentence has the same stem, else the highest cosine of the term to one of its words: late interaction
    (Khattab and Zaharia 2020) over vectors that know no context, which take no transformer.
    """
    held = [_stemmed(sentence, language) for sentence in sentences]
    found = np.array(
        [[term.stem in stemmed for term in asked] for stemmed in ({stem for _, stem in pairs} for pairs in held)],
        dtype=np.float32,
    ).reshape(len(sentences), len(asked))
    words = list(dict.fromkeys(word for pairs in held for word, _ in pairs))
    if not lexicon or not words or not asked:
        return found
    place = {word: at for at, word in enumerate(words)}
    cosines = lexicon.vectors([term.word for term in asked]) @ lexicon.vectors(words).T
    sizes = np.array([len(pairs) for pairs in held])
    starts = np.cumsum(sizes) - sizes  # of the sentences' words, in those of all
    each = cosines[:, [place[word] for pairs in held for word, _ in pairs]]
    nearest = np.maximum.reduceat(each, starts[sizes > 0], axis=1)
    found[sizes > 0] = np.maximum(found[sizes > 0], nearest.T)
    return found


def _stemmed(text: str, language: str | None) -> list[tuple[str, str]]:
    """The words of a text that say something, each with its stem, as the word index cuts and spells them."""
    if is_unspaced(language):
        return [(stem, stem) for stem in stems(text, language)]
    return [(word, stem) for word in _WORD.findall(respell(text).lower()) for stem in _stems(word, language)]


@lru_cache(100_000)  # the analyser takes its time for a call, and hardly any for a word
def _stems(word: str, language: str | None) -> tuple[str, ...]:
    return tuple(stems(word, language))
