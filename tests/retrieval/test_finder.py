"""Which passages are read, in which order they come, and what is found without a reader."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest

from index.build.builder import build_index
from index.settings import IndexSettings
from index.storage.embedding_cache import Embedder
from index.storage.generations import open_generation
from index.text.passages import passage_sentences
from index.types import Article, Passage, Span
from retrieval.finder import Finder, Found
from retrieval.params import RankingParams
from retrieval.reader.calibration import Calibration
from retrieval.reader.reading import Reader, Reading
from retrieval.scoring import Scored, relative_scores
from retrieval.types import Hit, Question
from tests.support.fake_models import FAKE_MODEL, FakeEncoder
from tests.support.fake_readers import STEEP

PARAMS = RankingParams(search_weight=0.0)  # of a reader without a calibration
QUESTION = Question("rain fell on Oslo", datetime(2022, 6, 1, tzinfo=UTC))
# By the number of the question's words that they hold, so that search finds them in this order.
TEXTS = {
    "a": "Rain fell on Oslo.",
    "b": "Rain fell on Bergen.",
    "c": "Rain stopped over Bergen.",
    "d": "Kings crossed the sea.",
}


class Told:
    """A Reader with given log odds by article, and -3 for other articles."""

    def __init__(self, calibration: Calibration | None = STEEP, **odds: float) -> None:
        self.calibration = calibration
        self.read_against: list[tuple[str, list[str]]] = []
        self._odds = odds

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        ids = [passage.article.id.removesuffix(".txt") for passage in passages]
        self.read_against.append((question, ids))
        readings = []
        for id, passage in zip(ids, passages, strict=True):
            spans = tuple(passage_sentences(passage))
            scores = np.full(len(spans), self._odds.get(id, -3.0), dtype=np.float32)
            readings.append(Reading(passage, spans, scores, (None,) * len(spans)))
        return readings

    @property
    def ids(self) -> list[list[str]]:
        """The articles that were read, call by call."""
        return [ids for _, ids in self.read_against]


@pytest.fixture
def finder(settings: IndexSettings, fake: FakeEncoder) -> Finder:
    """Return a finder over four articles, without a reader."""
    for name, text in TEXTS.items():
        (settings.sources[0] / f"{name}.txt").write_text(text)
    build_index(settings)
    embed = Embedder(fake, settings.path / "embeddings.sqlite", FAKE_MODEL.fingerprint)
    return Finder(open_generation(settings.path), fake, embed, None, None, PARAMS)


def find(finder: Finder, reader: Reader | None, most: int = 3) -> Found:
    return replace(finder, reader=reader).find(QUESTION, QUESTION.text, 9, 9, most)


def ids(found: Found) -> tuple[list[str], list[str]]:
    """Return the ids of the articles with scores, and of all articles found."""
    scored, hits = [each.hit for each in found.scored], found.hits
    first, second = ([hit.passage.article.id.removesuffix(".txt") for hit in each] for each in (scored, hits))
    return first, second


def test_the_most_confident_passage_comes_first(finder: Finder) -> None:
    """Log odds of 2.5 are a confidence of 0.92; the fourth passage is beyond those that are read."""
    reader = Told(a=2.0, b=1.0, c=2.5, d=9.0)
    found = find(finder, reader)
    assert reader.ids == [["a", "b", "c"]]
    assert ids(found) == (["c", "a", "b"], ["c", "a", "b", "d"])
    assert [each.best for each in found.scored] == [2.5, 2.0, 1.0]
    assert found.unread is False
    assert found.confidence == pytest.approx(0.9241, abs=1e-4)


def test_as_many_passages_are_read_as_are_wanted(finder: Finder) -> None:
    reader = Told(a=3.0)
    find(finder, reader, most=4)
    find(finder, reader, most=1)
    assert reader.ids == [["a", "b", "c", "d"], ["a"]]


def test_passages_with_a_low_search_score_are_not_read(finder: Finder) -> None:
    hits = find(finder, None).hits
    said = relative_scores(hits, PARAMS)
    assert said[0] == 0.0
    assert said[1] > said[2] > said[3]
    reader = Told(replace(STEEP, search=PARAMS.min_search_log_odds / said[2] + 1e-6), c=9.0)
    found = find(finder, reader, most=4)
    assert reader.ids == [["a", "b"]]
    assert ids(found) == (["a", "b"], ["a", "b", "c", "d"])
    reader = Told(replace(STEEP, search=PARAMS.min_search_log_odds / said[2] - 1e-6))
    find(finder, reader, most=4)
    assert reader.ids == [["a", "b", "c"]]


def test_a_reader_without_a_calibration_gives_no_confidence(finder: Finder) -> None:
    found = find(finder, Told(None, a=99.0))
    assert (found.calibration, found.confidence) == (None, None)


def test_search_scores_add_to_log_odds(finder: Finder) -> None:
    found = find(finder, Told(replace(STEEP, search=2.0), a=0.0, b=0.0, c=0.0))
    assert [each.best for each in found.scored] == pytest.approx((2 * relative_scores(found.hits, PARAMS)[:3]).tolist())
    assert found.scored[1].best < 0


def test_the_text_that_is_read_may_differ_from_the_text_searched_for(finder: Finder) -> None:
    reader = Told(a=3.0)
    replace(finder, reader=reader).find(QUESTION, "rain fell on Oslo yesterday", 9, 9, 3)
    assert reader.read_against == [("rain fell on Oslo yesterday", ["a", "b", "c"])]


def test_without_a_reader_the_order_is_that_of_search(finder: Finder) -> None:
    found = find(finder, None)
    assert ids(found) == (["a", "b", "c", "d"], ["a", "b", "c", "d"])
    assert (found.unread, found.confidence) == (True, None)
    assert found.scored[0].best == pytest.approx(1.0)


@pytest.mark.parametrize("reader", [None, Told()])
def test_without_hits_nothing_answers(finder: Finder, reader: Told | None) -> None:
    nowhere = replace(QUESTION, source="Reuters")
    found = replace(finder, reader=reader).find(nowhere, nowhere.text, 9, 9, 9)
    assert (found.scored, found.hits, found.best) == ((), (), -math.inf)
    assert found.confidence == (0.0 if reader else None)


def test_results_are_restricted_to_days() -> None:
    days = {"a": date(2022, 5, 31), "b": date(2022, 6, 2), "c": None}
    articles = [Article(id, "Rain fell.", f"{id}.txt", published=day) for id, day in days.items()]
    scored = tuple(
        Scored(Hit(Passage(one, 0, 10), 1.0, 1.0, 1.0), (Span(0, 10),), np.array([odds], dtype=np.float32), (None,))
        for one, odds in zip(articles, (1.0, 2.0, 3.0), strict=True)
    )
    found = Found(scored, (), STEEP)

    def kept(since: date | None, until: date | None) -> list[str]:
        return [each.hit.passage.article.id for each in found.of_days(since, until).scored]

    assert kept(date(2022, 5, 31), date(2022, 6, 1)) == ["a"]
    assert kept(date(2022, 6, 1), None) == ["b"]
    assert kept(None, date(2022, 6, 2)) == ["a", "b"]
    assert found.of_days(None, date(2022, 6, 1)).best == 1.0
