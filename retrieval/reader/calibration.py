"""Calibration: turns a reader's log odds into probabilities that mean what they say.

Of the best sentences with a confidence of .7, about 70 % do answer. Log odds are ln(p / (1 - p)) of a
probability p. A calibration is fitted on questions that the reader was not trained on (training/calibrate.py), and kept
with its weights.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from index.errors import ModelError

CALIBRATION = "calibration.json"


@dataclass(frozen=True, slots=True)
class Calibration:
    """The fitted numbers of one reader; the names of the fields are those of its file.

    The confidence of the best sentence is sigmoid(slope * (log odds + feature log odds) + bias), a logistic regression
    (Platt 1999).
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", allow_inf_nan=False)

    slope: Annotated[float, Field(gt=0)]
    bias: float
    search: Annotated[float, Field(ge=0)]  # log odds of a sentence per unit of its hit's relative search score
    threshold: Annotated[float, Field(ge=0, le=1)]  # the confidence from which a sentence is quoted
    perhaps: Annotated[float, Field(ge=0, le=1)]  # the confidence from which a sentence is offered as possible
    false_refusals: float  # the share of answerable questions that were refused at the threshold when it was fitted
    refused: float  # the share of unanswerable questions that were refused at the threshold when it was fitted
    # Log odds that further features add to the best sentence, per unit:
    answer: float = 0.0  # the probability of the answer within the sentence
    cosine: float = 0.0  # the cosine of the question and the best hit
    words: float = 0.0  # the lexical score of the best hit
    # A sentence besides the best one is quoted if its log odds are at least
    # share * (log odds of the best one) + further - gap * (its gap to the next lower sentence) - same;
    # the last term only if both are of one article.
    share: float = 1.0
    further: float = -2.5
    same: float = 0.0
    gap: float = 0.0

    def feature_odds(self, answer: float, cosine: float, words: float) -> float:
        """Return the log odds that the features of the best sentence add to it."""
        return self.answer * answer + self.cosine * cosine + self.words * words

    def further_quote_threshold(self, best: float, gap: float, is_same: bool) -> float:
        """Return the log odds from which a sentence is quoted besides the best one, which has the log odds `best`.

        `gap` is how far the sentence is above the next lower one, `RankingParams.max_score_gap` at most; `is_same`
        whether it is of the same article as the best one.
        """
        return self.share * best + self.further - self.gap * gap - self.same * is_same

    def confidence(self, odds: float) -> float:
        """Return the probability that a sentence with these log odds answers."""
        return sigmoid(self.slope * odds + self.bias)

    def odds(self, confidence: float) -> float:
        """Return the log odds that have this confidence; minus infinity for 0, and infinity for 1."""
        if not 0 < confidence < 1:
            return math.inf if confidence >= 1 else -math.inf
        return (math.log(confidence / (1 - confidence)) - self.bias) / self.slope


def read_calibration(path: Path) -> Calibration | None:
    """Read a file of a calibration alone; return None if it does not exist.

    Raises ModelError if it is invalid.
    """
    try:
        return TypeAdapter(Calibration).validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as error:
        raise ModelError(
            f"{path}: {mistake(error)}; create it again with: python -m training calibrate, or delete it"
        ) from None


def mistake(error: OSError | ValidationError) -> str:
    """Return in a few words why a JSON file cannot be read: its first error, and where that is."""
    if isinstance(error, OSError):
        return f"cannot be read ({error.strerror})"
    first = error.errors()[0]
    place = ".".join(map(str, first["loc"]))
    message = first["msg"].removeprefix("Value error, ")
    return f"{place}: {message}" if place else message


def sigmoid(value: float) -> float:
    """Return the probability that has these log odds."""
    return 1 / (1 + math.exp(-value)) if value >= 0 else math.exp(value) / (1 + math.exp(value))
