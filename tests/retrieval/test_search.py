"""Fusion against a hand-worked example: four passages, vectors of two numbers, BM25 by its formula."""

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest

from index.encoders.encoder import Vectors
from index.storage.articles import ArticleStore
from index.storage.generations import Generation
from index.storage.lexical_index import LexicalEntry, LexicalIndex
from index.storage.manifest import FORMAT, Manifest
from index.storage.vectors import VectorIndex
from index.types import Article, Passage
from retrieval.params import RankingParams
from retrieval.search import Vectorized, by_article, search
from retrieval.types import Hit, Question

ARTICLES = [
    Article("a", "rain rain", "a.txt", language="en", published=date(2022, 3, 1), source="TASS"),
    Article("b", "rain snow", "b.txt", language="en", published=date(2022, 4, 1), source="AP"),
    Article("c", "wind snow", "c.txt", language="en"),
    Article("d", "wind fog", "d.txt", language="en", published=date(2022, 5, 1), source="AP"),
]
VECTORS = np.array([[1.0, 0.0], [0.6, 0.8], [0.0, 1.0], [-1.0, 0.0]], dtype=np.float32)


NORTH = Vectorized(np.array([0.0, 1.0], dtype=np.float32))

# Weights under which the orders below are worked out, in place of those that were measured.
PARAMS = RankingParams(k=4, cosine_weight=0.7, lexical_weight=0.3)


def make(folder: Path, fine: Sequence[int] = (0, 1, 2, 3)) -> Generation:
    """Index the four passages; those not `fine` have a draft embedding: the model's, with a zero appended."""
    store = ArticleStore.create(folder / "articles.sqlite")
    for article in ARTICLES:
        store.add(article, [Passage(article, 0, len(article.text))])
    store.close()
    entries = (LexicalEntry(id, a.text, a.language, a.day, a.source) for id, a in enumerate(ARTICLES))
    LexicalIndex.build(folder / "words", ["en"], entries)
    manifest = Manifest(
        FORMAT, 1, "2022-06-01T00:00:00+00:00", "fake", "f", 2, 110, 4, 4, ("en",), "", "", len(fine), None, (), {}
    )
    drafts = [id for id in range(4) if id not in fine]
    for part, ids, vectors in (("vectors", fine, VECTORS), ("draft", drafts, np.hstack([VECTORS, VECTORS[:, :1] * 0]))):
        (folder / part).mkdir()
        if ids:
            VectorIndex.write_segment(folder / part, np.array(ids, dtype=np.int64), vectors[list(ids)])
    return Generation(
        folder,
        manifest,
        ArticleStore.open(folder / "articles.sqlite"),
        LexicalIndex.open(folder / "words", ["en"]),
        VectorIndex.open(folder / "vectors"),
        VectorIndex.open(folder / "draft"),
    )


@pytest.fixture
def generation(tmp_path: Path) -> Generation:
    return make(tmp_path)


def refuse(texts: Sequence[str]) -> Vectors:
    raise AssertionError(f"{texts} have their vectors")


class Embed:
    """Returns the model's embeddings, and records the texts."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def __call__(self, texts: Sequence[str]) -> Vectors:
        self.texts += texts
        return VECTORS[[[article.text for article in ARTICLES].index(text) for text in texts]]


def ask(text: str, **filters: date | str) -> Question:
    return Question(text, datetime(2022, 6, 1, tzinfo=UTC), **filters)  # type: ignore[arg-type]


def bm25(frequency: int) -> float:
    """Return BM25 for a word that 2 of 4 passages contain, in a passage of average length; k1 = 1.2."""
    idf = math.log(1 + (4 - 2 + 0.5) / (2 + 0.5))
    return idf * frequency * 2.2 / (frequency + 1.2)


def new(article: Article, today: date = date(2022, 6, 1)) -> float:
    """Return the recency boost, by a loop over the days."""
    if article.day is None or article.day > today + timedelta(days=1):
        return 0.0
    part = PARAMS.recency_weight
    for _ in range((today - article.day).days):
        part /= 2 ** (1 / PARAMS.recency_half_life_days)
    return part


def test_scores_are_weighted_sums_and_belong_to_their_passages(generation: Generation) -> None:
    hits = search(generation, ask("Rain?"), NORTH, refuse, PARAMS)
    expected = {
        "a": (0.0, 1.0),
        "b": (0.8, bm25(1) / bm25(2)),
        "c": (1.0, 0.0),
        "d": (0.0, 0.0),
    }
    assert [hit.passage.article.id for hit in hits] == ["b", "c", "a", "d"]
    for hit in hits:
        cosine, words = expected[hit.passage.article.id]
        assert hit.cosine == pytest.approx(cosine, abs=1e-3)
        assert hit.words == pytest.approx(words, abs=1e-3)
        assert hit.recency == pytest.approx(new(hit.passage.article))
        lead = PARAMS.lead_weight if hit.passage.article.day else 0.0  # each article is one passage, at its start
        assert hit.article == lead
        assert hit.score == pytest.approx(
            PARAMS.cosine_weight * cosine + PARAMS.lexical_weight * words + new(hit.passage.article) + lead, abs=1e-3
        )


def test_hits_of_an_article_are_evidence_for_one_another() -> None:
    day = date(2022, 4, 2)
    long, short = (Article(id, "Rain. " * 1000, f"{id}.txt", published=day) for id in ("long", "short"))
    hits = [
        Hit(Passage(long, 1500, 1505), 1.0, 0.0, 0.0, 0.1),
        Hit(Passage(long, 3000, 3005), 0.7, 0.0, 0.0),
        Hit(Passage(long, 4500, 4505), 0.6, 0.0, 0.0),
        Hit(Passage(long, 4800, 4805), 0.5, 0.0, 0.0),
        Hit(Passage(short, 0, 5), 1.05, 0.0, 0.0),
    ]
    found = by_article(hits, PARAMS)
    assert [(hit.passage.article.id, hit.passage.start) for hit in found] == [
        ("short", 0), ("long", 1500), ("long", 3000), ("long", 4500), ("long", 4800),
    ]  # fmt: skip
    own = PARAMS.lead_weight / 2 + PARAMS.evidence_weight * (0.2 + 0.1)  # the second and third above the lowest
    assert [hit.article for hit in found] == pytest.approx([PARAMS.lead_weight, own, own, own, own])
    assert found[1].score == pytest.approx(1.0 + own)
    assert by_article([], PARAMS) == []
    undated = Hit(Passage(Article("a", "Rain.", "a.txt"), 0, 5), 1.0, 0.0, 0.0)
    assert [hit.article for hit in by_article([undated], PARAMS)] == [0.0]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (date(2022, 5, 1), [1 / 2 ** (61 / 14), 1 / 2 ** (30 / 14), 0, 1]),
        (date(2022, 5, 15), [1 / 2 ** (75 / 14), 1 / 2 ** (44 / 14), 0, 0.5]),
        (date(2022, 5, 29), [1 / 2 ** (89 / 14), 1 / 2 ** (58 / 14), 0, 0.25]),
        (date(2022, 4, 30), [1 / 2 ** (60 / 14), 1 / 2 ** (29 / 14), 0, 1]),  # the next day has begun somewhere
        (date(2022, 4, 29), [1 / 2 ** (59 / 14), 1 / 2 ** (28 / 14), 0, 0]),  # a later date is an error
        (date(2022, 3, 15), [0.5, 0, 0, 0]),
        (date(1990, 1, 1), [0, 0, 0, 0]),
        (date(2922, 1, 1), [0, 0, 0, 0]),
        (date.max, [0, 0, 0, 0]),
        (date.min, [0, 0, 0, 0]),
    ],
)
def test_the_recency_boost_halves_in_a_half_life(generation: Generation, asked: date, expected: list[float]) -> None:
    """The expected numbers are shares of the highest boost."""
    assert PARAMS.recency_half_life_days == 14.0
    question = Question("Rain?", datetime(asked.year, asked.month, asked.day, 12, tzinfo=UTC))
    hits = {hit.passage.article.id: hit for hit in search(generation, question, NORTH, refuse, PARAMS)}
    assert [hits[id].recency / PARAMS.recency_weight for id in "abcd"] == pytest.approx(expected, abs=1e-9)
    for hit in hits.values():
        assert hit.score == pytest.approx(
            PARAMS.cosine_weight * hit.cosine + PARAMS.lexical_weight * hit.words + hit.recency + hit.article, abs=1e-6
        )


def test_there_is_no_recency_boost_within_a_period(generation: Generation) -> None:
    question = ask("Rain?", since=date(2022, 2, 1), until=date(2022, 5, 31))
    hits = search(generation, replace(question, by_newness=False), NORTH, refuse, PARAMS)
    assert {hit.passage.article.id: hit.recency for hit in hits} == {"a": 0, "b": 0, "d": 0}
    hits = search(generation, question, NORTH, refuse, PARAMS)
    assert {hit.passage.article.id: hit.recency / PARAMS.recency_weight for hit in hits} == pytest.approx(
        {"a": 0.5 ** (92 / 14), "b": 0.5 ** (61 / 14), "d": 0.5 ** (31 / 14)}
    )


def test_the_day_of_asking_is_in_the_time_zone_of_the_question(generation: Generation) -> None:
    """Early on 2 May in Tokyo it is still 1 May in Greenwich."""
    for hours, expected in ((9, PARAMS.recency_weight / 2 ** (1 / 14)), (0, PARAMS.recency_weight)):
        asked = datetime(2022, 5, 2, 0, 30, tzinfo=timezone(timedelta(hours=9))).astimezone(
            timezone(timedelta(hours=hours))
        )
        hits = search(generation, Question("fog", asked), NORTH, refuse, PARAMS)
        assert {hit.passage.article.id: hit.recency for hit in hits}["d"] == pytest.approx(expected)


def test_the_newer_of_two_similar_passages_comes_first(generation: Generation) -> None:
    """b has .7 · .28 and c .7 · .8, with equal words; c is undated, and b, of the day of asking, gets 0.4 more."""
    question = Question("snow", datetime(2022, 4, 1, tzinfo=UTC))
    west = Vectorized(np.array([-0.6, 0.8], dtype=np.float32))
    plain = search(generation, question, west, refuse, replace(PARAMS, k=2, recency_weight=0.0))
    assert [(hit.passage.article.id, hit.recency) for hit in plain] == [("c", 0.0), ("b", 0.0)]
    newer = search(generation, question, west, refuse, replace(PARAMS, k=2, recency_weight=0.4))
    assert [hit.passage.article.id for hit in newer] == ["b", "c"]
    assert [hit.recency for hit in newer] == pytest.approx([0.4, 0])


def test_only_k_hits_are_returned(generation: Generation) -> None:
    hits = search(generation, ask("Rain?"), NORTH, refuse, replace(PARAMS, k=1))
    assert [hit.passage.article.id for hit in hits] == ["b"]


def test_a_question_without_words_is_searched_by_its_embedding(generation: Generation) -> None:
    hits = search(generation, ask("?!"), NORTH, refuse, replace(PARAMS, k=2))
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
def test_filters_apply_before_ranking(
    generation: Generation, filters: dict[str, date | str], expected: list[str]
) -> None:
    hits = search(generation, ask("rain", **filters), NORTH, refuse, PARAMS)
    assert [hit.passage.article.id for hit in hits] == expected


def test_a_filter_finds_passages_that_would_rank_too_low_without_it(generation: Generation) -> None:
    question = ask("rain", source="AP", since=date(2022, 4, 2))
    hits = search(generation, question, NORTH, refuse, replace(PARAMS, k=1))
    assert [hit.passage.article.id for hit in hits] == ["d"]


DRAFT_NORTH = Vectorized(NORTH.full, np.array([0.0, 1.0, 0.0], dtype=np.float32))


@pytest.mark.parametrize("fine", [(), (0,), (1, 2), (0, 1, 3)])
def test_passages_of_a_draft_get_the_scores_of_the_model(
    generation: Generation, tmp_path: Path, fine: list[int]
) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    embed = Embed()
    hits = search(make(folder, fine), ask("Rain?"), DRAFT_NORTH, embed, PARAMS)
    expected = search(generation, ask("Rain?"), NORTH, refuse, PARAMS)
    assert [hit.passage for hit in hits] == [hit.passage for hit in expected]
    for hit, other in zip(hits, expected, strict=True):  # one is stored in 16 bits, and the other comes from the model
        found, wanted = ((each.score, each.cosine, each.words, each.recency) for each in (hit, other))
        assert found == pytest.approx(wanted, abs=1e-3)
    assert set(embed.texts) == {article.text for id, article in enumerate(ARTICLES) if id not in fine}


def test_only_the_best_passages_of_a_draft_are_encoded(tmp_path: Path) -> None:
    """Half the draft cosine plus half the words: b .4 + .36 = .76, a 0 + .5, c .5 + 0, d 0; a is before c by its id."""
    embed = Embed()
    hits = search(make(tmp_path, [3]), ask("Rain?"), DRAFT_NORTH, embed, replace(PARAMS, draft_depth=2))
    assert embed.texts == ["rain snow", "rain rain"]
    assert [hit.passage.article.id for hit in hits] == ["b", "a", "d"]


def test_recency_affects_which_passages_of_a_draft_are_encoded(tmp_path: Path) -> None:
    """As above, b .76, a .5, c .5 and d 0; on 1 May, d gets 1 more, a and b little."""
    embed = Embed()
    question = Question("Rain?", datetime(2022, 5, 1, tzinfo=UTC))
    hits = search(make(tmp_path, []), question, DRAFT_NORTH, embed, replace(PARAMS, draft_depth=2, recency_weight=1.0))
    assert embed.texts == ["wind fog", "rain snow"]
    assert [hit.passage.article.id for hit in hits] == ["b", "d"]
    assert [hit.recency for hit in hits] == pytest.approx([2 ** (-30 / 14), 1])


def test_filters_apply_to_drafts(tmp_path: Path) -> None:
    embed = Embed()
    hits = search(make(tmp_path, []), ask("rain", source="ap"), DRAFT_NORTH, embed, PARAMS)
    assert [hit.passage.article.id for hit in hits] == ["b", "d"]
    assert set(embed.texts) == {"rain snow", "wind fog"}


def test_embeddings_of_deleted_passages_are_not_found(generation: Generation, tmp_path: Path) -> None:
    gone = np.array([7], dtype=np.int64)
    VectorIndex.write_segment(tmp_path / "vectors", gone, np.array([[0.0, 1.0]], dtype=np.float32))
    live = VectorIndex.open(tmp_path / "vectors", generation.store.passage_ids())
    hits = search(replace(generation, vectors=live), ask("Rain?"), NORTH, refuse, replace(PARAMS, k=9))
    assert hits == search(generation, ask("Rain?"), NORTH, refuse, replace(PARAMS, k=9))
