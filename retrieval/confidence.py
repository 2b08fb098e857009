"""How sure it is that the articles answer at all."""

from __future__ import annotations

import math
from collections.abc import Mapping

from retrieval.types import Hit

# Logistic regression over the news development set; made by: python -m benchmarks.confidence
BIAS, CLOSENESS, COVERAGE = -10.9, 10.1, 7.9


def confidence(closeness: float, coverage: float) -> float:
    """Between 0 and 1.

    `closeness` is the higher of two cosines to the question, that of the best passage and that of its sentence which
    holds most of the question: in a passage of many subjects, a sentence can answer that the whole is far from.
    `coverage` is `cover`.
    """
    return 1 / (1 + math.exp(-(BIAS + CLOSENESS * closeness + COVERAGE * coverage)))


def cover(best: Hit, weights: Mapping[str, float]) -> float:
    """The share of the question's weight that the best passage holds, 0 to 1."""
    total = sum(weights.values())
    return sum(weights[stem] for stem in best.matched) / total if total else 0.0
