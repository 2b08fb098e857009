"""The bot's Prometheus metrics: their names and meanings.

Callers update them in one line: `metrics.sends.inc()`, `metrics.count_verdict("helpful")`.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from importlib.metadata import version
from itertools import product
from typing import Literal, TypeAlias, get_args

import prometheus_client
import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, disable_created_metrics

from index.storage.manifest import Manifest
from retrieval.types import Answer

log = structlog.get_logger(__name__)

Kind: TypeAlias = Literal["private", "group", "inline", "guest"]
Status: TypeAlias = Literal["answered", "perhaps", "not_found", "small_talk"]
Reason: TypeAlias = Literal["flood", "network"]
Verdict: TypeAlias = Literal["helpful", "not_helpful"]
UPDATES = ("message", "edited_message", "callback_query", "inline_query", "guest_message", "my_chat_member", "other")

CONTENT_TYPE = prometheus_client.CONTENT_TYPE_LATEST
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

# Otherwise every counter gets a second line, with its creation time.
disable_created_metrics()  # type: ignore[no-untyped-call]


class Metrics:
    """The metrics of one run, in a registry of their own; every counter starts at 0, so that rates are correct."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.questions = self._counter("questions", "Questions answered", kind=Kind, status=Status)
        self.answer_seconds = Histogram(
            "quotewire_answer_seconds",
            "Seconds from taking up a question until its answer is ready to be sent",
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.updates = self._counter("updates", "Updates received from Telegram", kind=UPDATES)
        self.dead_letters = self._counter("updates_set_aside", "Updates that could not be parsed or handled")
        self.turned_away = self._counter("turned_away", "Questions refused because of a rate limit or a full inbox")
        self.held_up = self._counter("held_up", "Questions delayed by the rate limit of their author")
        self.errors = self._counter("errors", "Unexpected errors, each in the log with its id")
        self.sends = self._counter("sends", "Messages sent or edited")
        self.sends_retried = self._counter("sends_retried", "Calls to Telegram that were retried", reason=Reason)
        self.notices = self._counter("watch_notices", "Notices sent about watched questions")
        self.feedback = self._counter("feedback", "Verdicts on quotes", verdict=Verdict)
        self.queue_depth = self._gauge("queue_depth", "Updates that wait or are being handled")
        self.inbox_age = self._gauge("inbox_age_seconds", "Age of the oldest of them; 0 without any")
        self.generation = self._gauge("generation", "Number of the index generation that answers")
        self.generation_age = self._gauge("generation_age_seconds", "Seconds since it was built")
        self.draft = self._gauge("generation_draft", "1 if it is a draft, without full-model embeddings, else 0")
        self.index_refused = self._gauge("index_refused", "1 if the published index cannot be used, else 0")
        Info("quotewire_build", "Program version", registry=self.registry).info({"version": version("quotewire")})
        prometheus_client.ProcessCollector(registry=self.registry)
        prometheus_client.PlatformCollector(registry=self.registry)
        prometheus_client.GCCollector(registry=self.registry)

    def count_answer(self, kind: Kind, answer: Answer, seconds: float) -> None:
        """Count an answered question, with the seconds since it was taken up; log how long the search took."""
        self.questions.labels(kind, answer.status).inc()
        self.answer_seconds.observe(seconds)
        log.info(answer.status, quotes=len(answer.quotes), ms=round(answer.took_ms, 1), asked=kind)

    def count_update(self, kind: str) -> None:
        """Count an update of a kind, the name of the field next to its id."""
        self.updates.labels(kind if kind in UPDATES else "other").inc()

    def count_retry(self, reason: Reason) -> None:
        """Count a retry of a call to Telegram, after a flood wait or a network error."""
        self.sends_retried.labels(reason).inc()

    def count_verdict(self, verdict: Verdict) -> None:
        """Count a verdict on a quote."""
        self.feedback.labels(verdict).inc()

    def follow_queue(self, depth: Callable[[], float], age: Callable[[], float]) -> None:
        """Read the number of open updates and the age of the oldest in seconds whenever the metrics are scraped."""
        self.queue_depth.set_function(_or_nan(depth))
        self.inbox_age.set_function(_or_nan(age))

    def follow_generation(self, manifest: Callable[[], Manifest], now: Callable[[], float] = time.time) -> None:
        """Read the manifest of the generation that answers whenever the metrics are scraped."""
        self.generation.set_function(_or_nan(lambda: manifest().generation))
        self.generation_age.set_function(_or_nan(lambda: now() - _seconds(manifest().created)))
        self.draft.set_function(_or_nan(lambda: manifest().is_draft))

    def follow_refusal(self, refusal: Callable[[], str | None]) -> None:
        """Read why the published index is not used, if so, whenever the metrics are scraped."""
        self.index_refused.set_function(_or_nan(lambda: refusal() is not None))

    def exposition(self) -> bytes:
        """Return all metrics in Prometheus' text format, whose media type is CONTENT_TYPE."""
        return prometheus_client.generate_latest(self.registry)

    def _counter(self, name: str, what: str, **labels: object) -> Counter:
        counter = Counter(f"quotewire_{name}", what, list(labels), registry=self.registry)
        for values in product(*map(_values, labels.values())) if labels else ():
            counter.labels(*values)
        return counter

    def _gauge(self, name: str, what: str) -> Gauge:
        return Gauge(f"quotewire_{name}", what, registry=self.registry)


def _values(kind: object) -> Iterable[str]:
    return kind if isinstance(kind, tuple) else get_args(kind)


def _seconds(created: str) -> float:
    return datetime.fromisoformat(created).timestamp()


def _or_nan(ask: Callable[[], float]) -> Callable[[], float]:
    """Return NaN where the call raises, so that the other metrics can still be read."""

    def answer() -> float:
        try:
            return float(ask())
        except Exception:
            return math.nan

    return answer
