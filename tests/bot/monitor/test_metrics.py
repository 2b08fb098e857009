"""The metrics as Prometheus reads them; two instances share no counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.monitor.metrics import Metrics
from index.storage.manifest import FORMAT, Manifest
from tests.support.sample_answers import answer_of

MANIFEST = Manifest(FORMAT, 7, "2022-04-03T10:00:00+00:00", "m", "f", 8, 110, 2, 5, ("en",), "r", "c", 3, None, (), {})


def read(metrics: Metrics) -> dict[str, float]:
    """Return all samples by name and labels, as in the text format."""
    samples = {}
    for family in text_string_to_metric_families(metrics.exposition().decode()):
        for sample in family.samples:
            labels = ",".join(f'{name}="{value}"' for name, value in sample.labels.items())
            samples[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
    return samples


def test_every_counter_starts_at_0() -> None:
    samples = read(Metrics())
    ours = {
        name: value
        for name, value in samples.items()
        if name.startswith("quotewire_") and not name.startswith(("quotewire_answer_seconds_", "quotewire_build_"))
    }
    assert set(ours.values()) == {0}
    assert {name.split("{")[0]: sum(n.split("{")[0] == name.split("{")[0] for n in ours) for name in ours} == {
        "quotewire_questions_total": 16,
        "quotewire_updates_total": 7,
        "quotewire_updates_set_aside_total": 1,
        "quotewire_turned_away_total": 1,
        "quotewire_held_up_total": 1,
        "quotewire_errors_total": 1,
        "quotewire_sends_total": 1,
        "quotewire_sends_retried_total": 2,
        "quotewire_watch_notices_total": 1,
        "quotewire_feedback_total": 2,
        "quotewire_queue_depth": 1,
        "quotewire_inbox_age_seconds": 1,
        "quotewire_generation": 1,
        "quotewire_generation_age_seconds": 1,
        "quotewire_generation_draft": 1,
        "quotewire_index_refused": 1,
    }
    assert not [name for name in samples if name.endswith("_created")]


@pytest.mark.parametrize(
    ("count", "sample"),
    [
        (lambda it: it.count_answer("guest", answer_of(), 1),
         'quotewire_questions_total{kind="guest",status="not_found"}'),
        (lambda it: it.count_update("inline_query"), 'quotewire_updates_total{kind="inline_query"}'),
        (lambda it: it.count_update("of another year"), 'quotewire_updates_total{kind="other"}'),
        (lambda it: it.count_retry("flood"), 'quotewire_sends_retried_total{reason="flood"}'),
        (lambda it: it.count_verdict("not_helpful"), 'quotewire_feedback_total{verdict="not_helpful"}'),
        (lambda it: it.dead_letters.inc(), "quotewire_updates_set_aside_total"),
        (lambda it: it.turned_away.inc(), "quotewire_turned_away_total"),
        (lambda it: it.held_up.inc(), "quotewire_held_up_total"),
        (lambda it: it.errors.inc(), "quotewire_errors_total"),
        (lambda it: it.sends.inc(), "quotewire_sends_total"),
        (lambda it: it.notices.inc(), "quotewire_watch_notices_total"),
    ],
)  # fmt: skip
def test_counting(count: Callable[[Metrics], Any], sample: str) -> None:
    metrics, other = Metrics(), Metrics()
    count(metrics)
    count(metrics)
    changed = {
        name: value
        for name, value in read(metrics).items()
        if name.startswith("quotewire_") and not name.startswith("quotewire_answer_") and value
    }
    del changed[next(name for name in changed if name.startswith("quotewire_build_info"))]
    assert changed == {sample: 2}
    assert read(other)[sample] == 0


def test_the_histogram_of_answer_times() -> None:
    metrics = Metrics()
    for seconds in (0.004, 0.03, 0.05, 60):
        metrics.count_answer("group", answer_of(), seconds)
    samples = read(metrics)
    buckets = [(name.split('"')[1], value) for name, value in samples.items() if "answer_seconds_bucket" in name]
    assert buckets == [
        ("0.005", 1), ("0.01", 1), ("0.025", 1), ("0.05", 3), ("0.1", 3), ("0.25", 3), ("0.5", 3),
        ("1.0", 3), ("2.5", 3), ("5.0", 3), ("10.0", 3), ("+Inf", 4),
    ]  # fmt: skip
    assert samples["quotewire_answer_seconds_sum"] == pytest.approx(60.084)


def test_the_queue_is_read_at_each_scrape() -> None:
    metrics, depth = Metrics(), [3]
    metrics.follow_queue(lambda: depth[0], lambda: 1.5)
    assert read(metrics)["quotewire_queue_depth"] == 3
    depth[0] = 0
    assert read(metrics)["quotewire_queue_depth"] == 0
    assert read(metrics)["quotewire_inbox_age_seconds"] == 1.5


def test_the_generation() -> None:
    metrics, newest = Metrics(), [MANIFEST]
    metrics.follow_generation(lambda: newest[0], now=lambda: 1648980060.0)
    names = ("quotewire_generation", "quotewire_generation_age_seconds", "quotewire_generation_draft")
    assert [read(metrics)[name] for name in names] == [7, 60, 1]
    newest[0] = replace(MANIFEST, generation=8, fine=5)
    assert [read(metrics)[name] for name in names] == [8, 60, 0]


def test_a_refused_index() -> None:
    metrics, refusal = Metrics(), ["generation 3 is damaged", None]
    metrics.follow_refusal(lambda: refusal[0])
    assert read(metrics)["quotewire_index_refused"] == 1
    refusal.pop(0)
    assert read(metrics)["quotewire_index_refused"] == 0


def test_a_failing_metric_does_not_hide_others() -> None:
    metrics = Metrics()
    metrics.follow_queue(lambda: 1 / 0, lambda: 2)
    samples = read(metrics)
    assert str(samples["quotewire_queue_depth"]) == "nan"
    assert samples["quotewire_inbox_age_seconds"] == 2


def test_process_metrics() -> None:
    assert {"process_resident_memory_bytes", "process_open_fds"} <= set(read(Metrics()))
    assert any(name.startswith("python_info") for name in read(Metrics()))
