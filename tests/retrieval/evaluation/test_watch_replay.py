"""Replayed watches, from answers that are fixed beforehand."""

import json
from collections.abc import Collection
from datetime import UTC, datetime

from index.types import Article, Passage, Span
from retrieval.evaluation.figures import Figure
from retrieval.evaluation.labelled import LabelledQuestion
from retrieval.evaluation.watch_replay import (
    Notice,
    Watched,
    WatchEvaluation,
    arrivals,
    replay_watch,
    watch_figures,
    watched_questions,
    watches_to_json,
)
from retrieval.params import RankingParams
from retrieval.types import Answer, Hit, Question, Quote

PARAMS = RankingParams()
ASKED = datetime(2022, 4, 2, tzinfo=UTC)


def labelled(id: str, about: str, answerable: bool = True, language: str | None = "en") -> LabelledQuestion:
    articles = (about,) if answerable else ()
    return LabelledQuestion(id, Question(id, ASKED), answerable, articles=articles, about=about, language=language)


MANY = [labelled("1", "a", answerable=False), labelled("2", "b", language="ru"), labelled("3", "b"),
        labelled("4", "a", language=None), labelled("5", "b"), LabelledQuestion("6", Question("6", ASKED), True),
        LabelledQuestion("7", Question("7", ASKED), True, articles=("d", "e")), labelled("8", "c", False)]  # fmt: skip


def test_articles_arrive_in_the_order_of_the_questions() -> None:
    assert arrivals(MANY) == ("a", "b", "d", "e", "c")


def test_the_first_english_question_about_an_article_that_answers_is_watched() -> None:
    assert [one.id for one in watched_questions(MANY)] == ["3", "4", "7"]
    assert [one.id for one in watched_questions(MANY, 2)] == ["3", "4"]


class News:
    """Articles of one sentence; the best that are there are found, and quoted if they are good enough."""

    def __init__(self, found: int, **scores: float) -> None:
        self.scores = scores
        self.found = found
        self.asked: list[int] = []

    def __call__(self, question: Question, there: Collection[str]) -> Answer:
        self.asked.append(len(there))
        best = sorted((id for id in there if id in self.scores), key=lambda id: -self.scores[id])[: self.found]
        hits = {id: self.hit(id) for id in best}
        quotes = tuple(
            Quote(hit.passage.article, 0, hit.passage.end, (Span(0, hit.passage.end),), 1.0, hit)
            for id, hit in hits.items()
            if self.scores[id] >= 0.5
        )
        return Answer(question, quotes, (), 0.9, 1, 1.0, hits=tuple(hits.values()))

    def hit(self, id: str) -> Hit:
        text = f"It is {id}." if len(id) == 1 else f"It is {id[0]}."  # aa says what a says
        return Hit(Passage(Article(id, text, "x"), 0, len(text)), self.scores[id], 0.5, 0.5)


def test_a_watch_fires_for_each_article_that_is_quoted_when_it_comes() -> None:
    news = News(10, a=0.9, b=0.2, c=0.6)
    assert replay_watch(news, labelled("1", "c"), ("a", "b", "c"), PARAMS) == Watched(
        "1", "1", ("c",), (Notice("a", False, "It is a."), Notice("c", True, "It is c."))
    )


def test_an_article_that_was_not_found_on_arrival_causes_no_notice() -> None:
    assert [
        one.article for one in replay_watch(News(1, a=0.9, b=0.8, c=1.0), labelled("1", "b"), "abc", PARAMS).notices
    ] == [
        "a",
        "c",
    ]


def test_the_question_is_asked_only_for_arrivals_that_change_the_answer() -> None:
    news = News(2, a=0.9, b=0.8, c=0.7, d=0.6, e=0.85)
    told = replay_watch(news, labelled("1", "e"), "abcde", PARAMS)
    assert [one.article for one in told.notices] == ["a", "b", "e"]
    assert news.asked == [5, 4, 1]  # of four the best are a and b: neither c nor d was found, whenever it came


def test_a_repeated_story_causes_no_notice() -> None:
    assert [
        one.article for one in replay_watch(News(9, a=0.9, aa=0.8), labelled("1", "a"), ("a", "aa"), PARAMS).notices
    ] == ["a"]


def test_nothing_found() -> None:
    news = News(9)
    assert replay_watch(news, labelled("1", "a"), "ab", PARAMS).notices == ()
    assert news.asked == [2]


def test_figures() -> None:
    right, wrong = Notice("a", True, "A."), Notice("b", False, "B.")
    watched = (Watched("1", "1?", ("a",), (right, wrong, wrong)), Watched("2", "2?", ("c",), (wrong,)))
    assert watch_figures(watched) == {
        "fired by the labelled article": Figure(0.5, 2),
        "notices that are right": Figure(0.25, 4),
        "notices a question": Figure(2.0, 2),
    }
    assert set(watch_figures(())) == set(watch_figures(watched))
    assert {figure.value for figure in watch_figures(()).values()} == {None}


def test_as_json() -> None:
    watched = Watched("1", "1?", ("a",), (Notice("a", True, "Ä."),))
    written = json.loads(watches_to_json(WatchEvaluation("q.jsonl", 3, "fake", 157, (watched,))))
    assert written["articles"] == 157
    assert written["figures"]["notices that are right"] == {"value": 1.0, "questions": 1}
    notice = {"article": "a", "right": True, "quote": "Ä."}
    assert written["rows"] == [{"id": "1", "question": "1?", "articles": ["a"], "notices": [notice], "fired": True}]
