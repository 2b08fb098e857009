"""Which quotes somebody has seen, known by their ids and by where they are in the articles now. Pure."""

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
    """Ids of quotes, and the spans of those that their articles still contain, by article id."""

    ids: tuple[QuoteId, ...] = ()
    spans: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, ids: Iterable[QuoteId], located: Iterable[LocatedQuote]) -> Seen:
        """Return the quotes with these ids; a quote whose article no longer contains it is known by its id alone."""
        spans = defaultdict(list)
        for quote in located:
            if quote.span and quote.status != "changed":
                spans[quote.article.id].append(quote.span)
        return cls(tuple(ids), {id: tuple(found) for id, found in spans.items()})

    def also(self, quotes: Iterable[Quote]) -> Seen:
        """Return these and further quotes of the same generation, which are known by their spans."""
        spans = defaultdict(list, {id: list(known) for id, known in self.spans.items()})
        for quote in quotes:
            spans[quote.article.id].append(Span(quote.start, quote.end))
        return Seen(self.ids, {id: tuple(found) for id, found in spans.items()})

    def holds(self, quote: Quote, params: RankingParams) -> bool:
        """Return whether the bold sentence of a quote was seen, or a quote of the same words in another article."""
        bold = quote.highlights[0]
        if any(bold.start < span.end and span.start < bold.end for span in self.spans.get(quote.article.id, ())):
            return True
        if not self.ids:
            return False
        words = completed(quote, params).text
        return any(id.fits(words) for id in self.ids)
