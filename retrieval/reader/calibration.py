"""What a reader's log odds are worth: fitted on questions that it was not taught, and kept with its weights."""

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
    """How log odds become confidence, and from which confidence on a sentence answers."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", allow_inf_nan=False)

    slope: Annotated[float, Field(gt=0)]  # confidence is sigmoid(slope * log odds + bias)
    bias: float
    search: Annotated[float, Field(ge=0)]  # a hit's distance (scoring.py) adds to its sentences' log odds, times this
    threshold: Annotated[float, Field(ge=0, le=1)]  # the confidence from which a sentence is quoted
    perhaps: Annotated[float, Field(ge=0, le=1)]  # the confidence from which one sentence may answer
    false_refusals: float  # the share of answerable questions that are refused at the threshold, as measured
    refused: float  # the share of near-misses that are refused there, as measured
    # What else tells whether the best sentence answers, and what each adds to its log odds, times this:
    answer: float = 0.0  # the probability of the words in it that are the answer
    cosine: float = 0.0  # of the question and the best hit
    words: float = 0.0  # how much of the question's words the best hit holds
    # The log odds from which a sentence besides the best one is quoted: those of the best one times `share`,
    # and `further`; `same` fewer in the best one's article, and `gap` fewer for each of the log odds that the next
    # lower sentence is away
    share: float = 1.0
    further: float = -2.5
    same: float = 0.0
    gap: float = 0.0

    def feature_odds(self, answer: float, cosine: float, words: float) -> float:
        """Return what the other signs add to the log odds of the best sentence."""
        return self.answer * answer + self.cosine * cosine + self.words * words

    def quote_threshold(self, best: float, gap: float, is_same: bool) -> float:
        """Return the log odds from which a sentence is quoted besides the best one, which has these and answers.

        `gap` is how many more log odds it has than the next lower one, `RankingParams.max_score_gap` at most; `is_same`
        whether it is of the same article.
        """
        return self.share * best + self.further - self.gap * gap - self.same * is_same

    def confidence(self, odds: float) -> float:
        """Return the probability that a sentence with these log odds answers."""
        return sigmoid(self.slope * odds + self.bias)

    def odds(self, confidence: float) -> float:
        """Return the log odds that have this confidence; infinite ones for 0 and 1."""
        if not 0 < confidence < 1:
            return math.inf if confidence >= 1 else -math.inf
        return (math.log(confidence / (1 - confidence)) - self.bias) / self.slope


def read_calibration(path: Path) -> Calibration | None:
    """Read a file that holds a calibration and nothing else; None if it does not exist.

    Raises ModelError for one that cannot be read.
    """
    try:
        return TypeAdapter(Calibration).validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as error:
        raise ModelError(
            f"{path}: {mistake(error)}; make it again with: python -m training calibrate, or delete it"
        ) from None


def mistake(error: OSError | ValidationError) -> str:
    """Say in a few words why a file of JSON cannot be read: the first mistake, and where it is."""
    if isinstance(error, OSError):
        return f"cannot be read ({error.strerror})"
    first = error.errors()[0]
    place = ".".join(map(str, first["loc"]))
    message = first["msg"].removeprefix("Value error, ")
    return f"{place}: {message}" if place else message


def sigmoid(value: float) -> float:
    """Return the probability of log odds."""
    return 1 / (1 + math.exp(-value)) if value >= 0 else math.exp(value) / (1 + math.exp(value))
