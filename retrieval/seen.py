"""Which quotes somebody has seen, told by their ids and by where these stand now. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from index.types import Span
from retrieval.params import RankingParams
from retrieval.quote_ids import QuoteId
from retrieval.quote_lookup import LocatedQuote
from retrieval.quotes import completed
from retrieval.types import Quote


@dataclass(frozen=True, slots=True)
class Seen:
    """Ids of quotes, and the spans in which their words stand, by the ids of articles."""

    ids: tuple[QuoteId, ...] = ()
    spans: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, ids: Iterable[QuoteId], standings: Iterable[LocatedQuote]) -> Seen:
        """What stands no more in its article is known by its id alone."""
        spans = defaultdict(list)
        for standing in standings:
            if standing.span and standing.status != "changed":
                spans[standing.article.id].append(standing.span)
        return cls(tuple(ids), {id: tuple(found) for id, found in spans.items()})

    def also(self, quotes: Iterable[Quote]) -> Seen:
        """These and further quotes of the same generation, which are known by where they stand."""
        spans = defaultdict(list, {id: list(known) for id, known in self.spans.items()})
        for quote in quotes:
            spans[quote.article.id].append(Span(quote.start, quote.end))
        return Seen(self.ids, {id: tuple(found) for id, found in spans.items()})

    def holds(self, quote: Quote, params: RankingParams) -> bool:
        """Whether the bold sentence of a quote was seen, or its words in an article of another name."""
        bold = quote.highlights[0]
        if any(bold.start < span.end and span.start < bold.end for span in self.spans.get(quote.article.id, ())):
            return True
        if not self.ids:
            return False
        words = completed(quote, params).text
        return any(id.fits(words) for id in self.ids)
