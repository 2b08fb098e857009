"""The confidences from which a sentence is quoted, and from which it is offered as a possible answer. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass

from retrieval.reader.calibration import Calibration
from retrieval.settings import RetrievalSettings


@dataclass(frozen=True, slots=True)
class ConfidenceThresholds:
    """Two probabilities, of which `perhaps` is the lower one, or equal."""

    quote: float
    perhaps: float

    @classmethod
    def of(cls, settings: RetrievalSettings, calibration: Calibration | None) -> ConfidenceThresholds:
        """Return the configured threshold for quotes or else the reader's own, and the reader's for "perhaps".

        Both are 0 without a calibration, unless one is configured.
        """
        own = calibration.threshold if calibration else 0.0
        quote = own if settings.min_confidence is None else settings.min_confidence
        return cls(quote, min(calibration.perhaps if calibration else 0.0, quote))

    def quote_log_odds(self, calibration: Calibration | None) -> float:
        """Return the log odds of a reader that have the confidence `quote`; minus infinity without a calibration."""
        return calibration.odds(self.quote) if calibration else -math.inf
