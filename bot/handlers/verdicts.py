"""People's verdicts on quotes: helpful, or not."""

from __future__ import annotations

import time

from bot.memory.feedback import Feedback
from bot.memory.sent_answers import SentAnswer
from bot.monitor.metrics import Metrics
from index.types import Article, Span
from retrieval.feedback_rows import Verdict


class Verdicts:
    """Keeps verdicts on the quotes of answers that were sent, and counts them."""

    def __init__(self, feedback: Feedback, metrics: Metrics) -> None:
        self._feedback = feedback
        self._metrics = metrics

    def put(self, person: int, sent: SentAnswer, quote: str, article: Article, span: Span, helpful: bool) -> None:
        """Keep a person's verdict on a quote of an answer; `span` is the quote's place in the article."""
        verdict = Verdict(
            person=person,
            question=sent.question,
            quote=quote,
            article=article.id,
            start=span.start,
            end=span.end,
            text=article.text[slice(*span)],
            helpful=helpful,
            generation=sent.generation,
            given_at=time.time(),
        )
        self._feedback.put(verdict)
        self._metrics.count_verdict("helpful" if helpful else "not_helpful")

    def retract(self, person: int, sent: SentAnswer, quote: str) -> None:
        """Forget a person's verdict on a quote of an answer."""
        self._feedback.retract(person, sent.question.text, quote)

    def get(self, person: int, sent: SentAnswer, quote: str) -> bool | None:
        """Return whether a person found a quote of an answer helpful; None if they have not said."""
        return self._feedback.verdict(person, sent.question.text, quote)
