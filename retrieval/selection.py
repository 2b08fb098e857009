"""Which of the quotes that answer are shown: the best first, none that repeats another. Pure."""

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
    """Return the quotes to show, in their order.

    `vectors` are the embeddings of their bold sentences, [quotes, dimension], of length 1. At most `per_article` quotes
    are of one article and its copies. A quote that repeats another is left out, unless `every` quote is wanted. The
    quotes at the places `shown` count as taken, and are not returned.
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
    """Return whether a text contains nearly all words of a sentence, and all its figures and negations.

    >>> holds_nearly("At least 82 people died on Bali, police said.", "At least 82 people died.", RankingParams())
    True
    """
    words = set(_WORDS.findall(sentence.lower()))
    missing = words - set(_WORDS.findall(text.lower()))
    return len(missing) <= (1 - params.copied_words) * len(words) and _figures(sentence) <= _figures(text)


def _are_of_one_story(quote: Quote, other: Quote) -> bool:
    return quote.article.id in (other.article.id, *(copy.id for copy in other.copies))


def _is_copied(quote: Quote, other: Quote, params: RankingParams) -> bool:
    """Return whether quotes of two articles have nearly the same words; not if an update changed a number."""
    if quote.article.id == other.article.id:
        return False
    shorter, longer = sorted((set(_WORDS.findall(each.text.lower())) for each in (quote, other)), key=len)
    missing = shorter - longer
    return len(missing) <= (1 - params.copied_words) * len(shorter) and not any(word.isdigit() for word in missing)


def _says_the_same(quote: Quote, other: Quote, params: RankingParams) -> bool:
    """Return whether two bold sentences with similar embeddings also agree in figures, negations and word order.

    Embeddings hardly tell these apart, nor who did something to whom.
    """
    first, second = (" ".join(each.article.text[slice(*span)] for span in each.highlights) for each in (quote, other))
    if _figures(first) != _figures(second):
        return False
    words = _WORDS.findall(first.lower()), _WORDS.findall(second.lower())
    return SequenceMatcher(None, *words, autojunk=False).ratio() >= params.duplicate_word_order


def _figures(sentence: str) -> set[str]:
    """Return the numbers and negations of a sentence, in lower case."""
    return {word.lower() for word in _FIGURES.findall(sentence)}
