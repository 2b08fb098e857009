"""How sure it is that the articles answer at all."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.fit import Fitted

# Logistic regression over the news development set; made by: python -m benchmarks.confidence
BIAS, CLOSENESS, COVERAGE = -10.9, 10.1, 7.9


@dataclass(frozen=True, slots=True)
class Signals:
    """What tells an answer from what only sounds like one."""

    closeness: float = 0.0  # cosine of the best passage to the question
    coverage: float = 0.0  # the share of the question's weight that it holds


def signals(fitted: Sequence[Fitted]) -> Signals:
    """The signals of a question's passages, best first; zeros where there are none."""
    return Signals(fitted[0].hit.cosine, fitted[0].coverage) if fitted else Signals()


def confidence(found: Signals) -> float:
    """Between 0 and 1."""
    return 1 / (1 + math.exp(-(BIAS + CLOSENESS * found.closeness + COVERAGE * found.coverage)))
