"""How quotes are chosen: what was found for a question to the quotes that an answer shows.

1. Sentences with a high enough score are candidates: `scoring.quote_thresholds` says from which score on.
2. Candidates next to one another become one quote: `quotes.extract_quotes`.
3. Quotes are put in order: by how near the articles are to the days that the question names, then by score.
4. Repetitions, and quotes beyond those that an article may have, are left out: `selection.select`.
5. The rest gain the sentences that they need to be understood, and their speakers: `quotes.completed`, `attributed`.

The constants of all steps are in `RankingParams`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from index.encoders.static_encoder import StaticEncoder
from index.storage.generations import Generation
from index.types import Article
from retrieval.finder import Found
from retrieval.lateness import lateness
from retrieval.params import RankingParams
from retrieval.quotes import attributed, best_quote, completed, extract_quotes
from retrieval.scoring import quote_thresholds
from retrieval.seen import Seen
from retrieval.selection import select
from retrieval.thresholds import ConfidenceThresholds
from retrieval.types import Quote


@dataclass(frozen=True, slots=True)
class QuoteChooser:
    """Chooses quotes from one generation; without a static encoder, only quotes with equal words are repetitions."""

    generation: Generation
    static: StaticEncoder | None
    params: RankingParams
    thresholds: ConfidenceThresholds

    def choose(
        self, found: Found, limit: int, per_article: int, every: bool, seen: Seen, last: date | None
    ) -> tuple[tuple[Quote, ...], int]:
        """Return at most `limit` quotes that answer and were not seen, and how many more there are.

        `last` is the last day that the question names. Repetitions are left out unless `every` quote is wanted.
        """
        candidates = self._unread(found) if found.unread else self._candidates(found, last)
        candidates.sort(key=lambda quote: (lateness(quote.article.day, last), -quote.score))
        return self.distinct(candidates, limit, per_article, every, seen)

    def _unread(self, found: Found) -> list[Quote]:
        """Return the best quote of each passage, with the score that search gave it."""
        best = [(each, best_quote(each, self.params)) for each in found.scored]
        return [replace(quote, score=each.hit.score) for each, quote in best if quote]

    def _candidates(self, found: Found, last: date | None) -> list[Quote]:
        """Return the quotes whose sentences are confident enough, with their confidences."""

        def late(article: Article) -> int:
            return lateness(article.day, last)

        by = found.calibration
        floor = self.thresholds.quote_log_odds(by) - found.feature_odds
        candidates: list[Quote] = []
        for day in sorted({late(each.hit.passage.article) for each in found.scored}):
            # A sentence is not compared with a better one of a later day, which is shown after it.
            so_far = [each for each in found.scored if late(each.hit.passage.article) <= day or not by]
            for each, (least, adjoining) in zip(so_far, quote_thresholds(so_far, by, self.params), strict=True):
                if late(each.hit.passage.article) == day:
                    least = min(max(least, floor), found.best)
                    candidates += extract_quotes(each, least, self.params, min(least, adjoining))
        if by is None:
            return candidates
        return [replace(quote, confidence=by.confidence(quote.score + found.feature_odds)) for quote in candidates]

    def distinct(
        self, candidates: Sequence[Quote], limit: int, per_article: int, every: bool, seen: Seen
    ) -> tuple[tuple[Quote, ...], int]:
        """Return the first `limit` candidates that repeat neither one another nor those seen, and how many more."""
        if not every:
            copies = self.generation.store.copies({quote.article.id for quote in candidates})
            candidates = [replace(quote, copies=copies[quote.article.id]) for quote in candidates]
        bold = [quote.article.text[slice(*quote.highlights[0])] for quote in candidates]
        vectors = self.static.encode(bold) if self.static else np.zeros((len(bold), 1), dtype=np.float32)
        had = [at for at, quote in enumerate(candidates) if seen.holds(quote, self.params)]
        taken = select(candidates, vectors, per_article, self.params, every, had)
        shown = tuple(attributed(completed(quote, self.params)) for quote in taken[:limit])
        by_then = seen.also(shown)  # also the sentences that one of these gained from the next passage
        return shown, sum(not by_then.holds(quote, self.params) for quote in taken[limit:])

    def closest(self, found: Found, count: int) -> tuple[Quote, ...]:
        """Return the best quotes of the first `count` passages, whatever their scores, to show if nothing answers."""
        possible = [each for each in found.scored if not each.is_ruled_out]
        best = [quote for each in possible[:count] if (quote := best_quote(each, self.params))]
        return tuple(attributed(completed(quote, self.params)) for quote in best)
