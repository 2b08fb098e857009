"""Which of the quotes that answer are shown: the best first, and each one that says something else. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.types import Quote

# How much a quote loses for being like one that is shown already (Carbonell and Goldstein 1998); measured.
REDUNDANCY = 0.2
SAME = 0.95  # from this cosine on, two sentences say the same, and one of them is enough


def select(
    quotes: Sequence[Quote], vectors: NDArray[np.float32], limit: int, per_article: int
) -> tuple[list[Quote], int]:
    """At most `limit` quotes by maximal marginal relevance, and how many more there would be.

    `vectors` are those of their bold sentences, of length 1. Each next quote is the one with the highest score less
    REDUNDANCY times its highest cosine to those taken. At most `per_article` come from one article, and none that says
    the same as another.
    """
    cosines = vectors @ vectors.T
    scores = np.array([quote.score for quote in quotes], dtype=np.float64)
    left = list(range(len(quotes)))
    taken: list[int] = []
    while left:
        at = max(left, key=lambda at: scores[at] - REDUNDANCY * _likeness(cosines, at, taken))
        left.remove(at)
        same_article = sum(quotes[other].article.id == quotes[at].article.id for other in taken)
        repeats = any(cosines[at, other] >= SAME or quotes[at].text == quotes[other].text for other in taken)
        if not repeats and same_article < per_article:
            taken.append(at)
    return [quotes[at] for at in taken[:limit]], max(0, len(taken) - limit)


def _likeness(cosines: NDArray[np.float32], at: int, taken: Sequence[int]) -> float:
    return max((float(cosines[at, other]) for other in taken), default=0.0)
