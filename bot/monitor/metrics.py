"""What is counted of a run of the bot, for Prometheus: each name and its meaning stands here, once.

Whoever counts says one line: `metrics.sends.inc()`, `metrics.judged("helpful")`.
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

# Else every counter has a second line, with the time at which the bot was started.
disable_created_metrics()  # type: ignore[no-untyped-call]


class Metrics:
    """The counters of one run, in a registry of its own; all begin at 0, so that a rate is right from the start."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.questions = self._counter("questions", "Questions that were answered", kind=Kind, status=Status)
        self.answer_seconds = Histogram(
            "quotewire_answer_seconds",
            "From when a question is taken up until its answer is there to be sent",
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.updates = self._counter("updates", "Updates that came from Telegram", kind=UPDATES)
        self.updates_set_aside = self._counter("updates_set_aside", "Updates that could not be read or handled")
        self.turned_away = self._counter("turned_away", "Questions that were told to come again later")
        self.held_up = self._counter("held_up", "Questions that waited, as their person had asked so many")
        self.errors = self._counter("errors", "Bugs, each in the log with its id")
        self.sends = self._counter("sends", "Messages that were sent or edited")
        self.sends_retried = self._counter("sends_retried", "Calls to Telegram that were made again", reason=Reason)
        self.notices = self._counter("watch_notices", "Messages to people who watch a question")
        self.feedback = self._counter("feedback", "What people said of quotes", verdict=Verdict)
        self.queue_depth = self._gauge("queue_depth", "Updates that wait or are under way")
        self.inbox_age = self._gauge("inbox_age_seconds", "Since when the oldest of them is there; 0 if there is none")
        self.generation = self._gauge("generation", "The number of the generation that answers")
        self.generation_age = self._gauge("generation_age_seconds", "How long ago it was built")
        self.draft = self._gauge("generation_draft", "Whether it is a draft, 1 or 0")
        self.index_refused = self._gauge("index_refused", "Whether the published index cannot answer, 1 or 0")
        Info("quotewire_build", "The program", registry=self.registry).info({"version": version("quotewire")})
        prometheus_client.ProcessCollector(registry=self.registry)
        prometheus_client.PlatformCollector(registry=self.registry)
        prometheus_client.GCCollector(registry=self.registry)

    def answered(self, kind: Kind, answer: Answer, seconds: float) -> None:
        """Count a question that was taken up so many seconds ago; the log says how long the search for it took."""
        self.questions.labels(kind, answer.status).inc()
        self.answer_seconds.observe(seconds)
        log.info(answer.status, quotes=len(answer.quotes), ms=round(answer.took_ms, 1), asked=kind)

    def came(self, kind: str) -> None:
        """Count an update by its kind, which is the name of the field beside its id."""
        self.updates.labels(kind if kind in UPDATES else "other").inc()

    def retried(self, reason: Reason) -> None:
        """Count a call to Telegram that is made again, because it asked to wait or could not be reached."""
        self.sends_retried.labels(reason).inc()

    def judged(self, verdict: Verdict) -> None:
        """Count a verdict on a quote."""
        self.feedback.labels(verdict).inc()

    def follow_queue(self, depth: Callable[[], float], age: Callable[[], float]) -> None:
        """Ask, whenever the metrics are read, how many updates are open and how many seconds old the oldest is."""
        self.queue_depth.set_function(_or_nan(depth))
        self.inbox_age.set_function(_or_nan(age))

    def follow_generation(self, manifest: Callable[[], Manifest], now: Callable[[], float] = time.time) -> None:
        """Ask, whenever the metrics are read, what the generation that answers says of itself."""
        self.generation.set_function(_or_nan(lambda: manifest().generation))
        self.generation_age.set_function(_or_nan(lambda: now() - _seconds(manifest().created)))
        self.draft.set_function(_or_nan(lambda: manifest().is_draft))

    def follow_refusal(self, refusal: Callable[[], str | None]) -> None:
        """Ask, whenever the metrics are read, why the published index is not the one that answers."""
        self.index_refused.set_function(_or_nan(lambda: refusal() is not None))

    def exposition(self) -> bytes:
        """All of it in Prometheus' text format, of CONTENT_TYPE."""
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
    """What cannot be told is NaN, and keeps nothing else from being told."""

    def answer() -> float:
        try:
            return float(ask())
        except Exception:
            return math.nan

    return answer
