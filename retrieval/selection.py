"""Which of the quotes that answer are shown: the best first, and each one that says something else. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from difflib import SequenceMatcher

import numpy as np
from numpy.typing import NDArray

from retrieval.params import RankingParams
from retrieval.types import Quote

_WORDS = re.compile(r"\w+")
_FIGURES = re.compile(
    r"\d+(?:[.,]\d+)*|"
    r"\b(?:no|not|never|none|nor|without|den(?:y|ies|ied)|\w+n['’]t|не|нет|ни|без|никогда)\b",
    re.IGNORECASE,
)


def select(
    quotes: Sequence[Quote],
    vectors: NDArray[np.float32],
    per_article: int,
    params: RankingParams,
    every: bool = False,
    shown: Collection[int] = (),
) -> list[Quote]:
    """Return the quotes that are shown, in their order.

    `vectors` are those of their bold sentences, of length 1. At most `per_article` come from one article and its
    copies, and none that says the same as one before it, unless `every` one is wanted. Those at the places `shown`
    count as taken, and are not returned.
    """
    taken = list(shown)
    for at, quote in enumerate(quotes):
        if at in shown:
            continue
        same_story = [other for other in taken if _are_of_one_story(quote, quotes[other])]
        repeats = any(quote.text == quotes[other].text for other in taken)
        alike = [other for other in taken if vectors[at] @ vectors[other] >= params.duplicate_cosine]
        repeats |= any(_says_the_same(quote, quotes[other], params) for other in alike)
        repeats |= any(_is_copied(quote, quotes[other], params) for other in same_story)
        if (every or not repeats) and len(same_story) < per_article:
            taken.append(at)
    return [quotes[at] for at in taken[len(shown) :]]


def holds_nearly(text: str, sentence: str, params: RankingParams) -> bool:
    """Whether a text has nearly all words of a sentence, and all its figures and negations.

    >>> holds_nearly("At least 82 people died on Bali, police said.", "At least 82 people died.", RankingParams())
    True
    """
    words = set(_WORDS.findall(sentence.lower()))
    missing = words - set(_WORDS.findall(text.lower()))
    return len(missing) <= (1 - params.copied_words) * len(words) and _figures(sentence) <= _figures(text)


def _are_of_one_story(one: Quote, other: Quote) -> bool:
    return one.article.id in (other.article.id, *(copy.id for copy in other.copies))


def _is_copied(one: Quote, other: Quote, params: RankingParams) -> bool:
    """Whether two articles have a quote nearly in the same words; an update with another figure has not."""
    if one.article.id == other.article.id:
        return False
    shorter, longer = sorted((set(_WORDS.findall(each.text.lower())) for each in (one, other)), key=len)
    missing = shorter - longer
    return len(missing) <= (1 - params.copied_words) * len(shorter) and not any(word.isdigit() for word in missing)


def _says_the_same(one: Quote, other: Quote, params: RankingParams) -> bool:
    """Whether two bold sentences with like vectors do: these hardly see figures, negations and who did it to whom."""
    first, second = (" ".join(quote.article.text[slice(*span)] for span in quote.highlights) for quote in (one, other))
    if _figures(first) != _figures(second):
        return False
    words = _WORDS.findall(first.lower()), _WORDS.findall(second.lower())
    return SequenceMatcher(None, *words, autojunk=False).ratio() >= params.duplicate_word_order


def _figures(sentence: str) -> set[str]:
    """The figures and negations of a sentence."""
    return {word.lower() for word in _FIGURES.findall(sentence)}
