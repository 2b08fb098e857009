"""The main news of the newest articles, how many of them are read, and what counts as a name."""

from __future__ import annotations

from unittest.mock import Mock

import pytest

from index.types import Article, Passage
from retrieval.finder import Finder
from retrieval.newest import is_name, main_news, may_be_about
from retrieval.params import RankingParams
from retrieval.query.subjects import Subject
from retrieval.types import Hit
from tests.support.fake_readers import WordReader

TEXTS = [
    "Bread is dear in all of the country. Norland is at war.",
    "Kings met in Norland for peace talks. Bread is dear in all of the country.",
    "Milk is dear in all of the country. Norland is tired.",
]
HITS = [
    Hit(Passage(Article(f"{at}", text, f"{at}.txt"), 0, len(text)), 9.0 - at, 0.0, 0.0) for at, text in enumerate(TEXTS)
]


def finder(reader: WordReader | None) -> Finder:
    return Finder(Mock(), Mock(), Mock(), None, reader, RankingParams())


def test_the_newest_are_read_in_one_call_and_no_more_than_wanted() -> None:
    reader = WordReader()
    quotes = main_news(finder(reader), "Norland war", HITS, 0.0, 2)
    assert [quote.text for quote in quotes] == [
        "Norland is at war.",
        "Kings met in Norland for peace talks.",
        "Milk is dear in all of the country.",
    ]
    assert reader.asked == [("Norland war", 2)]
    assert [(quote.score, quote.hit) for quote in quotes] == [(9.0 - at, hit) for at, hit in enumerate(HITS)]


@pytest.mark.parametrize(("reader", "least"), [(None, 0.0), (WordReader(), 99.0)])
def test_without_a_confident_sentence_the_first_is_quoted(reader: WordReader | None, least: float) -> None:
    first = [
        "Bread is dear in all of the country.",
        "Kings met in Norland for peace talks.",
        "Milk is dear in all of the country.",
    ]
    assert [quote.text for quote in main_news(finder(reader), "Norland war", HITS, least, 9)] == first


@pytest.mark.parametrize(("name", "is_one"), [("Norland", True), ("bread", False), ("country", False)])
def test_a_word_is_a_name_if_articles_capitalise_it(name: str, is_one: bool) -> None:
    assert is_name(Subject(name, False), HITS) is is_one


@pytest.mark.parametrize(("name", "may_be"), [("Norlandia", True), ("Lindqvist", False), ("Линдквист", True)])
def test_a_similar_spelling_or_another_script_may_be_the_same_name(name: str, may_be: bool) -> None:
    assert may_be_about(name, HITS[1].passage) is may_be
