"""A generation that is restricted to some articles, by itself and in an Answerer."""

from datetime import UTC, date, datetime

import pytest

from index.build.builder import build_index
from index.settings import IndexSettings
from index.storage.generations import Generation, open_generation
from index.storage.lexical_index import ArticleFilters
from retrieval.answerer import Answerer
from retrieval.settings import RetrievalSettings
from retrieval.subset import restrict_to
from retrieval.types import Question
from tests.support.fake_models import FAKE_MODEL, FakeEncoder
from tests.support.fake_readers import WordReader
from tests.support.paths import write_articles

COPIED = " ".join(f"Snow came over Bergen in night {night}, and quay {night} was closed." for night in range(20))


@pytest.fixture
def generation(settings: IndexSettings, fake: FakeEncoder) -> Generation:
    write_articles(settings.sources[0], oslo="Rain fell on Oslo.", bergen=COPIED, copy=f"{COPIED} So it was.")
    build_index(settings)
    return open_generation(settings.path)


def test_only_passages_of_the_articles_are_found(generation: Generation, fake: FakeEncoder) -> None:
    narrowed = restrict_to(generation, ["oslo.txt", "gone"])
    [oslo] = generation.store.ids_of(["oslo.txt"]).tolist()
    [vector] = fake.encode_query(["snow over Bergen"])
    assert len(generation.vectors.search(vector, 9)[0]) == 5  # two of each longer article
    assert narrowed.vectors.search(vector, 9)[0].tolist() == [oslo]
    assert narrowed.vectors.search(vector, 9, generation.store.ids_of(["copy.txt"]))[0].tolist() == []
    assert narrowed.words.search("snow in Oslo", 9) == [
        found for found in generation.words.search("snow in Oslo", 9) if found[0] == oslo
    ]
    assert narrowed.words.search("snow in Oslo", 0) == []
    assert [one.article.id for one in narrowed.store.latest(ArticleFilters(), 9)] == ["oslo.txt"]
    assert narrowed.store.latest(ArticleFilters(since=date(2022, 1, 1)), 9) == []


def test_copies_outside_of_the_articles_are_left_out(generation: Generation) -> None:
    def copies(articles: list[str]) -> list[str]:
        return [one.id for one in restrict_to(generation, articles).store.copies(["bergen.txt"])["bergen.txt"]]

    assert copies(["bergen.txt", "copy.txt"]) == ["copy.txt"]
    assert copies(["bergen.txt", "oslo.txt"]) == []


def test_the_generation_itself_is_unchanged(generation: Generation) -> None:
    restrict_to(generation, [])
    assert len(generation.words.search("snow rain", 9)) == 5
    assert len(generation.store.ids_of(["oslo.txt", "bergen.txt", "copy.txt"])) == 5


def test_an_answer_from_some_articles(generation: Generation, settings: IndexSettings, fake: FakeEncoder) -> None:
    answerer = Answerer(generation, fake, settings, FAKE_MODEL, RetrievalSettings(), WordReader())
    question = Question("Where did snow come, over Bergen?", datetime(2022, 4, 2, tzinfo=UTC))
    assert "oslo.txt" not in [quote.article.id for quote in answerer.answer(question).quotes]
    narrowed = answerer.restricted_to(["oslo.txt"])
    assert set(narrowed.answer(question).ranking) == {"oslo.txt"}
    assert narrowed.generation == answerer.generation
    assert set(answerer.answer(question).ranking) == {"oslo.txt", "bergen.txt", "copy.txt"}
