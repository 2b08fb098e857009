from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import Article, Passage, Span
from retrieval.evaluation.judge import JudgedAnswer, answers, first_rank, holds_answer, judge, normalise
from retrieval.evaluation.labelled import Evidence, LabelledQuestion
from retrieval.types import Answer, Hit, Question, Quote

QUESTION = Question("Where did rain fall?", datetime(2022, 4, 2, tzinfo=UTC))
RAIN = Article("rain", "Rain fell on Oslo. It stopped at noon. Oslo was wet.", "rain.txt")
SNOW = Article("snow", "Snow fell on Oslo. Bergen was wet.", "snow.txt")
LABEL = LabelledQuestion("1", QUESTION, True, ("Oslo",), ("rain",), (Span(13, 17),))
STORED = {article.id: article.text for article in (RAIN, SNOW)}


def quote(article: Article, start: int, end: int, bold: Span, passage: tuple[int, int] | None = None) -> Quote:
    hit = Hit(Passage(article, *(passage or (start, end))), 0.5, 0.4, 1.0)
    return Quote(article, start, end, (bold,), 0.5, hit)


FELL = quote(RAIN, 0, 18, Span(0, 18))  # Rain fell on Oslo.
STOPPED = quote(RAIN, 0, 38, Span(19, 38))  # the same, It stopped at noon. in bold
NOON = quote(RAIN, 19, 38, Span(19, 38), passage=(0, 38))  # It stopped at noon.
WET = quote(RAIN, 39, 52, Span(39, 52))  # Oslo was wet.
SNOWED = quote(SNOW, 0, 18, Span(0, 18))  # Snow fell on Oslo.
BERGEN = quote(SNOW, 19, 34, Span(19, 34))  # Bergen was wet.


def judged(
    *quotes: Quote, label: LabelledQuestion = LABEL, answered: bool = True, ranking: tuple[str, ...] = ()
) -> JudgedAnswer:
    shown, closest = (quotes, ()) if answered else ((), quotes)
    hits = tuple(Hit(Passage(Article(id, "Rain.", "a.txt"), 0, 5), 0.5, 0.4, 1.0) for id in ranking)
    return judge(label, Answer(QUESTION, shown, closest, 0.75, 1, 12.5, hits=hits), STORED.get)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The  Cat,\na “dog” & an OWL!", "cat dog owl"),
        ("1754–1763", "1754 1763"),
        ("Canada—and Oslo", "canada and oslo"),
        ("Soyuz-2.1a", "soyuz21a"),
        ("the company’s $5 and €5", "companys 5 and 5"),
        ("theatre another An", "theatre another"),
        ("A. The!", ""),
        ("Zürich", "zürich"),
    ],
)
def test_normalised_as_squad_does(text: str, expected: str) -> None:
    assert normalise(text) == expected


@given(st.text())
def test_normalising_folds_white_space(text: str) -> None:
    words = normalise(text).split(" ")
    assert words == [""] or all(words)
    assert not {"a", "an", "the"} & set(words)


@pytest.mark.parametrize(
    ("text", "answers", "expected"),
    [
        ("Rain fell on Oslo.", ["Oslo"], True),
        ("Rain fell on Oslo.", ["Bergen", "on the Oslo"], True),
        ("Rain fell on Oslofjord.", ["Oslo"], False),
        ("It won 12 games", ["2"], False),
        ("It is there", ["the"], False),  # nothing is left of the answer
        ("", ["Oslo"], False),
    ],
)
def test_a_text_contains_an_answer_only_as_whole_words(text: str, answers: list[str], expected: bool) -> None:
    assert holds_answer(text, replace(LABEL, answers=tuple(answers))) is expected


@pytest.mark.parametrize(("right", "expected"), [([], 0), ([False, False], 0), ([True, True], 1), ([False, True], 2)])
def test_rank(right: list[bool], expected: int) -> None:
    assert first_rank(right) == expected


def test_a_right_answer() -> None:
    assert judged(FELL, BERGEN, ranking=("snow", "rain")) == JudgedAnswer(
        "1", True, True, 0.75, 12.5, article_rank=2, answer_rank=1, found=True, sentence=True, quotes=2, whole=2,
        words_first=4, words=7, article_first=True, answering=1,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("first", "found", "sentence", "answer_rank"),
    [
        (FELL, True, True, 1),
        (STOPPED, True, False, 1),  # another sentence is in bold
        (NOON, True, False, 0),  # the passage holds it, and it was not quoted
        (WET, False, True, 1),  # the same answer elsewhere in the right article
        (SNOWED, False, False, 1),  # the same answer in another article
        (BERGEN, False, False, 0),
    ],
)
def test_the_first_quote(first: Quote, found: bool, sentence: bool, answer_rank: int) -> None:
    one = judged(first)
    assert (one.found, one.sentence, one.answer_rank) == (found, sentence, answer_rank)


def test_a_bold_sentence_that_holds_a_part_of_a_span_is_right() -> None:
    assert judged(NOON, label=replace(LABEL, answers=("Oslo. It",), spans=(Span(13, 21),))).sentence is True
    assert judged(NOON, label=replace(LABEL, answers=("Oslo. ",), spans=(Span(13, 19),))).sentence is False


def test_a_refusal_is_judged_by_the_closest_passages_and_has_no_words() -> None:
    one = judged(BERGEN, FELL, answered=False)
    assert (one.answered, one.answer_rank, one.found, one.sentence) == (False, 2, False, False)
    assert (one.quotes, one.whole, one.words_first, one.words) == (2, 2, 0, 0)
    nothing = judged(answered=False)
    assert (nothing.article_rank, nothing.answer_rank, nothing.found, nothing.sentence) == (0, 0, False, False)


@pytest.mark.parametrize("answerable", [False, None])
def test_a_question_that_may_be_unanswerable_is_not_judged(answerable: bool | None) -> None:
    one = judged(FELL, label=replace(LABEL, answerable=answerable), ranking=("rain",))
    assert (one.article_rank, one.answer_rank, one.found, one.sentence) == (None, None, None, None)
    assert (one.quotes, one.words) == (1, 4)


def test_fields_without_a_label_are_not_judged() -> None:
    one = judged(FELL, label=LabelledQuestion("1", QUESTION, True, ("Oslo",)))
    assert (one.article_rank, one.answer_rank, one.found, one.sentence) == (None, 1, None, None)
    one = judged(FELL, label=LabelledQuestion("1", QUESTION, True, (), ("rain",)), ranking=("rain",))
    assert (one.article_rank, one.answer_rank, one.found, one.sentence) == (1, None, None, None)


def test_a_quote_that_differs_from_the_stored_article_is_not_whole() -> None:
    answer = Answer(QUESTION, (FELL, NOON, SNOWED), (), 0.9, 1, 1.0)
    one = judge(LABEL, answer, {"rain": RAIN.text.replace("noon", "nine")}.get)
    assert (one.quotes, one.whole) == (3, 1)


FALL = Evidence("rain", (Span(0, 18), Span(19, 38)))  # Rain fell on Oslo. It stopped at noon.
WETNESS = Evidence("rain", (Span(39, 52),))  # Oslo was wet.
PROVEN = LabelledQuestion(
    "1", QUESTION, True, ("Bergen",), ("rain",), evidence=(FALL, WETNESS), language="en", type="list"
)
TWO = quote(RAIN, 0, 38, Span(0, 18))


def test_a_quote_answers_if_it_holds_an_alternative_whole() -> None:
    assert answers(TWO, PROVEN)
    assert answers(WET, PROVEN)
    assert not answers(FELL, PROVEN)  # one of two sentences
    assert not answers(BERGEN, PROVEN)  # has the answer as text, in another article


def test_evidence_of_another_article_that_answers() -> None:
    also = replace(PROVEN, articles=("rain", "snow"), evidence=(FALL, Evidence("snow", (Span(19, 34),))))
    assert answers(BERGEN, also)
    assert not answers(SNOWED, also)
    assert judged(SNOWED, label=also).article_first is True


def test_punctuation_at_the_ends_of_a_sentence_may_be_missing() -> None:
    article = Article("said", "“Rain fell.” It did.", "a.txt")
    label = replace(PROVEN, articles=("said",), evidence=(Evidence("said", (Span(0, 12),)),))
    assert answers(quote(article, 1, 11, Span(1, 11)), label)  # Rain fell.
    assert not answers(quote(article, 6, 12, Span(6, 12)), label)


def test_evidence_decides_what_is_right() -> None:
    one = judged(TWO, BERGEN, WET)
    assert (one.answer_rank, one.sentence) == (1, True)
    one = judged(FELL, BERGEN, WET, TWO, label=PROVEN)
    assert (one.answer_rank, one.answering, one.article_first, one.listed) == (3, 2, True, 1.0)
    assert (one.language, one.type) == ("en", "list")


@pytest.mark.parametrize(
    ("first", "found", "sentence"),
    [
        (TWO, True, True),  # the first of two sentences
        (STOPPED, True, True),  # the second
        (WET, True, True),
        (FELL, False, True),  # the passage has one of the two sentences only
        (quote(RAIN, 0, 52, Span(0, 35)), True, True),  # 18 of 35 are the first sentence
        (quote(RAIN, 0, 52, Span(0, 38)), True, False),  # 19 of 38 the second: no more than half
        (quote(RAIN, 0, 52, Span(9, 28)), True, False),  # a part of each
        (BERGEN, False, False),
    ],
)
def test_the_bold_sentence_is_one_of_the_evidence(first: Quote, found: bool, sentence: bool) -> None:
    one = judged(first, label=PROVEN)
    assert (one.found, one.sentence) == (found, sentence)


def test_everything_that_is_bold_must_be_right() -> None:
    label = replace(PROVEN, evidence=(WETNESS,))
    both = replace(quote(RAIN, 0, 52, Span(39, 52)), highlights=(Span(0, 18), Span(39, 52)))
    assert judged(both, label=label).sentence is False
    assert judged(both, label=replace(label, evidence=(FALL, WETNESS))).sentence is True
    assert judged(replace(both, highlights=()), label=label).sentence is False


def test_only_what_is_shown_is_counted() -> None:
    one = judged(TWO, WET, label=PROVEN, answered=False)
    assert (one.answer_rank, one.answering, one.listed) == (1, 0, 0.0)
    assert judged(WET, label=PROVEN).listed == 0.5
    assert judged(WET, label=replace(PROVEN, type="who")).listed is None


@pytest.mark.parametrize("perhaps", [True, False])
def test_perhaps_is_a_refusal_and_a_confidence_may_be_missing(perhaps: bool) -> None:
    one = judge(PROVEN, Answer(QUESTION, (), (WET,), None, 1, 1.0, perhaps=perhaps), STORED.get)
    assert (one.answered, one.confidence) == (False, None)
