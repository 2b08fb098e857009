"""retrieval.confidence: signals that are worked by hand, and what the weights make of them."""

from __future__ import annotations

import math
import tomllib

import numpy as np
import pytest

import retrieval.confidence
from index.types import Article, Passage
from retrieval.confidence import FITTED, Signals, Weights, confidence, fitted_weights, signals
from retrieval.ranking import Fitted
from retrieval.types import Hit

TEXT = "Rain fell. Snow fell."


def fitted(article: str, *matched: str, cosine: float = 0.5, rows: tuple[tuple[float, float], ...] = ()) -> Fitted:
    """A passage that holds some of the question's words, rain and oslo, of which rain counts three times as much."""
    passage = Passage(Article(article, TEXT, "a.txt", language="en"), 0, len(TEXT))
    overlap = np.array(rows, dtype=np.float32).reshape(len(rows), 2)
    weights = np.array([0.75, 0.25], dtype=np.float32)
    own = Hit(passage, 0.5, cosine, 1.0, matched=matched)
    return Fitted(own, (), ("rain", "oslo"), overlap, weights, np.ones(len(rows), dtype=bool))


def test_without_a_passage_there_is_no_signal() -> None:
    assert signals([]) == Signals(0.0, 0.0, 0.0)


def test_signals_are_the_best_passages_and_closeness_its_cosine() -> None:
    ranked = [fitted("a", "oslo", cosine=0.25, rows=((0, 1),)), fitted("b", "rain", cosine=0.75, rows=((1, 0),))]
    assert signals(ranked) == Signals(closeness=0.25, coverage=0.25, fit=0.25)


@pytest.mark.parametrize(
    ("ranked", "share"),
    [
        ([fitted("a")], 0.0),
        ([fitted("a", "rain")], 0.75),
        ([fitted("a", "rain", "oslo")], 1.0),
        ([fitted("a", "rain"), fitted("a", "oslo")], 1.0),  # what one passage of an article lacks another holds
        ([fitted("a", "rain"), fitted("a", "rain")], 0.75),  # and a word counts once
        ([fitted("a", "rain"), fitted("b", "oslo"), fitted("a")], 0.75),  # but not what another article holds
        ([fitted("a", "oslo"), fitted("b"), fitted("a", "rain")], 1.0),
        ([fitted("a", "oslo"), fitted("a", "дождь")], 0.25),  # a stem that its own language does not have
    ],
)
def test_coverage_is_the_share_of_the_questions_weight_in_the_best_article(ranked: list[Fitted], share: float) -> None:
    assert signals(ranked).coverage == share


@pytest.mark.parametrize(
    ("rows", "fit"),
    [
        ((), 0.0),
        (((0, 0),), 0.0),
        (((0, 1), (1, 0)), 0.75),  # of one sentence, not of all together
        (((0.5, 0.5), (0.5, 1)), 0.625),  # near in meaning; and what is told (all are) adds nothing
    ],
)
def test_fit_is_the_best_sentences_share(rows: tuple[tuple[float, float], ...], fit: float) -> None:
    assert signals([fitted("a", rows=rows), fitted("a", rows=((1, 1),))]).fit == fit


def test_confidence_is_a_logistic_regression(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retrieval.confidence, "fitted_weights", lambda: Weights(-4.0, 8.0, 4.0, 2.0))
    assert confidence(Signals(0.25, 0.25, 0.5)) == 0.5  # -4 + 2 + 1 + 1
    assert confidence(Signals(0.5, 0.0, 0.0)) == 0.5
    assert confidence(Signals(0.0, 1.0, 0.0)) == 0.5
    assert confidence(Signals(0.0, 0.75, 0.5)) == 0.5
    assert confidence(Signals(0.5, 0.0, 0.5)) == pytest.approx(1 / (1 + math.exp(-1)))
    assert confidence(Signals()) == pytest.approx(1 / (1 + math.exp(4)))


def test_the_weights_are_four_numbers_in_a_file() -> None:
    """More of them, or another name, is an error; what they come to is benchmarks/confidence.py's affair."""
    values = tomllib.loads(FITTED.read_text("utf-8"))
    assert sorted(values) == ["bias", "closeness", "coverage", "fit"]
    assert fitted_weights() == Weights(**values)
    assert all(values[name] >= 0 for name in ("closeness", "coverage", "fit")), "no signal speaks against an answer"


def test_what_no_article_is_about_is_refused_and_a_full_match_is_not() -> None:
    assert confidence(Signals(0.1, 0.0, 0.1)) < 0.01
    assert confidence(Signals(0.7, 1.0, 1.0)) > 0.9
