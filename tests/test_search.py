"""Fusion against a hand-worked example: four passages, vectors of two numbers, BM25 by its formula."""

import math
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from index.generation import FORMAT, Generation, Manifest
from index.store import PassageStore
from index.types import Article, Passage
from index.vectors import VectorIndex
from index.words import Entry, WordIndex
from retrieval.search import COSINE, WORDS, match, search, weigh
from retrieval.types import Question

ARTICLES = [
    Article("a", "rain rain", "a.txt", language="en", published=date(2022, 3, 1), source="TASS"),
    Article("b", "rain snow", "b.txt", language="en", published=date(2022, 4, 1), source="AP"),
    Article("c", "wind snow", "c.txt", language="en"),
    Article("d", "wind fog", "d.txt", language="en", published=date(2022, 5, 1), source="AP"),
]
VECTORS = np.array([[1.0, 0.0], [0.6, 0.8], [0.0, 1.0], [-1.0, 0.0]], dtype=np.float32)


@pytest.fixture
def generation(tmp_path: Path) -> Generation:
    store = PassageStore.create(tmp_path / "articles.sqlite")
    for article in ARTICLES:
        store.add(article, [Passage(article, 0, len(article.text))])
    store.close()
    entries = (Entry(id, a.text, a.language, a.day, a.source) for id, a in enumerate(ARTICLES))
    WordIndex.build(tmp_path / "words", ["en"], entries)
    manifest = Manifest(FORMAT, 1, "2022-06-01T00:00:00+00:00", "fake", "f", 2, 110, 4, 4, ("en",), "", {})
    return Generation(
        tmp_path,
        manifest,
        PassageStore.open(tmp_path / "articles.sqlite"),
        VectorIndex.build(VECTORS),
        WordIndex.open(tmp_path / "words", ["en"]),
    )


def ask(text: str, **filters: date | str) -> Question:
    return Question(text, datetime(2022, 6, 1, tzinfo=UTC), **filters)  # type: ignore[arg-type]


def bm25(frequency: int) -> float:
    """Of a word that 2 of 4 passages hold, in a passage of average length; k1 = 1.2."""
    idf = math.log(1 + (4 - 2 + 0.5) / (2 + 0.5))
    return idf * frequency * 2.2 / (frequency + 1.2)


def test_scores_are_the_convex_mix_and_pair_with_their_passages(generation: Generation) -> None:
    hits = search(generation, ask("Rain?"), np.array([0.0, 1.0], dtype=np.float32), 4)
    expected = {
        "a": (0.0, 1.0),
        "b": (0.8, bm25(1) / bm25(2)),
        "c": (1.0, 0.0),
        "d": (0.0, 0.0),
    }
    assert [hit.passage.article.id for hit in hits] == ["b", "c", "a", "d"]
    for hit in hits:
        cosine, words = expected[hit.passage.article.id]
        assert hit.cosine == pytest.approx(cosine, abs=1e-6)
        assert hit.words == pytest.approx(words, abs=1e-6)
        assert hit.score == pytest.approx(COSINE * cosine + WORDS * words, abs=1e-6)


def test_only_k_are_returned(generation: Generation) -> None:
    hits = search(generation, ask("Rain?"), np.array([0.0, 1.0], dtype=np.float32), 1)
    assert [hit.passage.article.id for hit in hits] == ["b"]


def test_a_question_without_words_is_answered_by_vectors(generation: Generation) -> None:
    hits = search(generation, ask("?!"), np.array([0.0, 1.0], dtype=np.float32), 2)
    assert [(hit.passage.article.id, hit.words) for hit in hits] == [("c", 0.0), ("b", 0.0)]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"since": date(2022, 4, 1)}, ["b", "d"]),
        ({"until": date(2022, 4, 1)}, ["b", "a"]),
        ({"since": date(2022, 3, 2), "until": date(2022, 4, 30)}, ["b"]),
        ({"source": "ap"}, ["b", "d"]),
        ({"source": "TASS"}, ["a"]),
        ({"source": "Reuters"}, []),
        ({"since": date(2023, 1, 1)}, []),
    ],
)
def test_filters_choose_before_ranking(
    generation: Generation, filters: dict[str, date | str], expected: list[str]
) -> None:
    hits = search(generation, ask("rain", **filters), np.array([0.0, 1.0], dtype=np.float32), 4)
    assert [hit.passage.article.id for hit in hits] == expected


def test_a_filter_finds_what_would_rank_too_low_without_it(generation: Generation) -> None:
    question = ask("rain", source="AP", since=date(2022, 4, 2))
    hits = search(generation, question, np.array([0.0, 1.0], dtype=np.float32), 1)
    assert [hit.passage.article.id for hit in hits] == ["d"]


def test_weights_are_idf_and_matches_are_what_the_passage_holds(generation: Generation) -> None:
    weights = weigh(generation, ask("Who said that rains and fogs hit Oslo?"), "en")
    assert weights == pytest.approx(
        {
            "said": math.log(1 + 104.5 / 0.5),  # held by none of four and of a hundred imagined ones
            "rain": math.log(1 + 102.5 / 2.5),  # by two
            "fog": math.log(1 + 103.5 / 1.5),  # by one
            "hit": math.log(1 + 104.5 / 0.5),
            "oslo": math.log(1 + 104.5 / 0.5),
        }
    )
    hits = search(generation, ask("rain"), np.array([0.0, 1.0], dtype=np.float32), 4)
    assert [match(hit, weights).matched for hit in hits] == [("rain",), (), ("rain",), ("fog",)]
