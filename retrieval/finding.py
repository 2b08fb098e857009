"""A question to the passages that fit it, best first, in one generation with its encoders."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from index.embeddings import Embedder
from index.encoder import Encoder
from index.generation import Generation
from index.static import StaticEncoder
from index.types import Passage
from index.words import Filters
from retrieval.confidence import Signals, confidence, signals
from retrieval.fit import Lexicon, terms
from retrieval.quotes import PER_PASSAGE
from retrieval.ranking import Fitted, fit, from_the_lead, rank
from retrieval.rules.expected import expected
from retrieval.search import Vectorized, search
from retrieval.types import Hit, Question

_AHEAD = timedelta(days=1)  # that it is later elsewhere; what is dated later yet is no news, but a mistake


@dataclass(frozen=True, slots=True)
class Found:
    """The passages of a question, best first, the confidence's signals, and how many quotes may be made of what."""

    fitted: list[Fitted]
    signals: Signals
    per_passage: int = PER_PASSAGE
    per_article: int | None = None  # with its copies; None: as configured

    @property
    def confidence(self) -> float:
        """How sure it is that these answer, 0 to 1."""
        return confidence(self.signals) if self.fitted else 0.0

    @property
    def hits(self) -> tuple[Hit, ...]:
        """The passages alone."""
        return tuple(each.hit for each in self.fitted)


@dataclass(frozen=True, slots=True)
class Finder:
    """What passages are found with."""

    generation: Generation
    encoder: Encoder
    embed: Embedder
    static: StaticEncoder | None
    lexicon: Lexicon

    def find(self, question: Question, k: int, depth: int) -> Found:
        """The passages that fit best, with their sentences."""
        vector = self.encoder.encode_query([question.text])[0]
        is_draft = self.generation.manifest.is_draft
        draft = self.static.encode([question.text])[0] if is_draft and self.static else None
        hits = search(self.generation, question, Vectorized(vector, draft), k, self.embed, depth)
        kind = expected(question.text)
        fitted = []
        for language in dict.fromkeys(hit.passage.article.language for hit in hits):
            asked = terms(question.text, language, partial(self.generation.words.idf, language=language))
            own = [hit for hit in hits if hit.passage.article.language == language]
            fitted += fit(own, question.text, kind, asked, language, self.lexicon)
        ranked = rank(fitted)

        def cosine(sentence: str) -> float:
            return float((self.encoder.encode_document([sentence]) @ vector)[0])

        return Found(ranked, signals(ranked, cosine))

    def latest(self, question: Question, k: int) -> Found:
        """The beginnings of the newest articles that the question's filters leave, newest first, one of each."""
        filters = Filters(question.since, question.until, question.source)
        return self._beginnings(self.generation.store.latest(filters, k))

    def newest(self, question: Question, k: int) -> Found:
        """The same of each story once; what is dated after the question was asked only where there is nothing else."""
        filters, end = Filters(question.since, question.until, question.source), question.asked.date() + _AHEAD
        every = self.generation.store.latest(filters, k)
        told = [passage for passage in every if (passage.article.day or end) <= end]
        return replace(self._beginnings(told or every), per_article=1)

    def _beginnings(self, passages: list[Passage]) -> Found:
        # So far from one another that likeness does not change their order.
        hits = [Hit(passage, float(len(passages) - at), 0.0, 0.0) for at, passage in enumerate(passages)]
        fitted = fit(hits, "", None, (), None, self.lexicon)
        led = [lead for each in fitted if (lead := from_the_lead(each))]
        return Found(rank(led or fitted), Signals(1.0, 1.0, 1.0), per_passage=1)
