"""Conversations with an examiner, from answers that are fixed beforehand."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.storage.articles import ArticleStore
from index.types import Article, Passage, Span
from retrieval.evaluation.evaluate import TIMED, Examiner, Excerpt, ask_in_order, evaluate, measure_times, with_times
from retrieval.evaluation.labelled import Conversation, Evidence, LabelledQuestion
from retrieval.presentation.answer_parts import Caption, Style
from retrieval.types import Answer, Hit, Question, Quote

ASKED = datetime(2022, 4, 2, tzinfo=UTC)
RAIN = Article("rain", "Rain fell on Oslo. It stopped at noon.  Oslo was wet.", "rain.txt", "Weather")
QUOTE = Quote(RAIN, 0, 18, (Span(0, 18),), 0.5, Hit(Passage(RAIN, 0, 18), 0.5, 0.4, 1.0))
CAPTION = Caption("Weather", None, None, None, None)


class Speaker:
    """Answers everything with the same quote, in as many milliseconds as it has been asked; keeps the questions."""

    def __init__(self) -> None:
        self.asked: list[Question] = []

    def __call__(self, question: Question) -> Answer:
        self.asked.append(question)
        subject = f"{question.earlier or ''}/{question.text}"
        return Answer(question, (QUOTE,), (), 0.5, 1, float(len(self.asked)), subject=subject)


def conversation(*texts: str, id: str = "t") -> Conversation:
    return tuple(LabelledQuestion(f"{id}/{text}", Question(text, ASKED), True, articles=("rain",)) for text in texts)


@pytest.fixture
def store(tmp_path: Path) -> ArticleStore:
    store = ArticleStore.create(tmp_path / "articles.sqlite")
    store.add(RAIN, [Passage(RAIN, 0, 18)])
    return store


def test_each_question_follows_up_the_previous_answer() -> None:
    speaker = Speaker()
    answers = ask_in_order(speaker, conversation("a", "b", "c"))
    assert [question.earlier for question in speaker.asked] == [None, "/a", "/a/b"]
    assert [answer.question.text for answer in answers] == ["a", "b", "c"]


def test_an_explicit_earlier_subject_is_kept() -> None:
    speaker = Speaker()
    [one] = conversation("b")
    ask_in_order(speaker, (replace(one, question=replace(one.question, earlier="a")),))
    assert [question.earlier for question in speaker.asked] == ["a"]


def test_cases_are_in_order_and_without_times(store: ArticleStore) -> None:
    done: list[int] = []
    cases = evaluate(
        lambda: Examiner(Speaker(), store),
        [conversation("a", "b"), conversation("c")],
        lambda count=1: done.append(count),
    )
    assert [case.judged.id for case in cases] == ["t/a", "t/b", "t/c"]
    assert {case.judged.took_ms for case in cases} == {None}
    assert all(case.judged.article_first and case.judged.whole == 1 for case in cases)
    assert done == [2, 1]
    assert [case.judged.took_ms for case in with_times(cases, {"t/b": 7.0})] == [None, 7.0, None]


def test_a_case_keeps_its_labelled_evidence(store: ArticleStore) -> None:
    [one] = conversation("a")
    evidence = (Evidence("rain", (Span(0, 18), Span(19, 38))), Evidence("rain", (Span(0, 18), Span(40, 53))))
    proven = replace(one, evidence=(*evidence, Evidence("gone", (Span(0, 1),))))
    near = replace(one, answerable=False, about="rain", near=Span(19, 38))
    first, second = Examiner(Speaker(), store)((proven, near))
    assert first.labels == (
        Excerpt(CAPTION, (("Rain fell on Oslo.", Style.BOLD), (" ", Style.PLAIN), ("It stopped at noon.", Style.BOLD))),
        Excerpt(CAPTION, (("Rain fell on Oslo.", Style.BOLD), (" … ", Style.PLAIN), ("Oslo was wet.", Style.BOLD))),
    )
    assert second.labels == (Excerpt(CAPTION, (("It stopped at noon.", Style.BOLD),)),)


def test_the_first_question_is_asked_in_other_words_before_it_is_timed() -> None:
    speaker = Speaker()
    assert measure_times(speaker, [conversation("a"), conversation("b", "c")]) == {"t/a": 2.0, "t/b": 3.0, "t/c": 4.0}
    assert [question.text for question in speaker.asked] == ["a a", "a", "b", "c"]
    assert measure_times(speaker, []) == {}


@pytest.mark.parametrize(("conversations", "turns", "expected"), [(250, 1, TIMED), (100, 1, 100), (80, 3, 99)])
def test_a_limited_number_of_questions_is_timed(conversations: int, turns: int, expected: int) -> None:
    texts = [str(turn) for turn in range(turns)]
    many = [conversation(*texts, id=str(at)) for at in range(conversations)]
    times = measure_times(Speaker(), many)
    assert len(times) == expected
    assert "0/0" in times
