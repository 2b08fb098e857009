"""Sentences, passages, what questions ask for, and messages, over texts in which anything may be."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import texts_for
from bot.render import inline_result, render_answer, render_context, render_latest, render_more, render_watch_notice
from index.harmless import harmless
from index.limits import WORD_LETTERS
from index.parsers.date_values import parse_published
from index.parsers.headline import find_headline
from index.text.boilerplate import story_spans
from index.text.datelines import parse_dateline
from index.text.days import find_days, stated_day
from index.text.header import find_footer, find_header
from index.text.long_sentences import is_too_long
from index.text.passages import SLACK, passage_sentences, split_article, stretches
from index.text.sentences import sentence_spans, whole_sentence_spans
from index.types import Article, Passage, Span
from retrieval.leads import lead_quote
from retrieval.params import RankingParams
from retrieval.query.attribution import asked_speaker, says
from retrieval.query.periods import asks_for_anything, find_period, is_relative
from retrieval.query.small_talk import small_talk
from retrieval.query.subjects import asked_subject
from retrieval.quote_ids import QuoteId
from retrieval.quote_lookup import look_up
from retrieval.quotes import attributed, completed, extract_quotes
from retrieval.reader.answer_spans import Answered
from retrieval.scoring import Scored
from retrieval.types import Hit, Quote
from tests.support.fuzzing import FRAGMENTS, fuzzed, mutated, no_hang, texts
from tests.support.sample_answers import answer_of, copy_of
from tests.support.strategies import parse, quoted

PARAMS = RankingParams()
LANGUAGES = st.sampled_from(
    [None, "en", "ru", "uk", "de", "hi", "ar", "he", "ja", "zh", "th", "el", "hy", "xx", "", "kk"]
)
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
QUESTIONS = [
    "What happened in Norland on Saturday, 5 March 2022, and from 3 to 9 April 2021?",
    "How many drones were shot down on 26.03.2022, 26/03/2022, 2022-03-26 or March 18–21?",
    "Who won twenty-two days ago, in early 2021, in Q3 of last year, over the weekend before 29 February?",
    "News about Halden since the first half of May, until yesterday, this summer, on Friday last week",
    "Что произошло в начале марта 2022 г., на прошлой неделе, с 3 по 5 мая, год назад, в первом квартале?",
    "что сказал Дмитрий Рогозин вчера о санкциях после 29 февраля, позавчера и за последние три дня?",
    "What did “J. Doe” say about World Cup 2022, 24 Hours and The Sun in May? Hi! Thanks, please",
]
questions = mutated(QUESTIONS, 8) | st.lists(
    st.sampled_from([*FRAGMENTS, *(word for text in QUESTIONS for word in text.split())]), max_size=20
).map(" ".join)


@fuzzed(250)
@given(texts, LANGUAGES)
def test_sentences_cover_all_that_is_not_white_space(text: str, language: str | None) -> None:
    with no_hang():
        whole, spans = whole_sentence_spans(text, language), sentence_spans(text, language)
    for found in (whole, spans):
        assert all(0 <= start < end <= len(text) for start, end in found)
        assert all(one.end <= other.start for one, other in pairwise(found))
        assert all(text[start:end] == text[start:end].strip() for start, end in found)
        assert "".join("".join(text[start:end].split()) for start, end in found) == "".join(text.split())
    assert not any(is_too_long(text[start:end]) for start, end in spans)


@fuzzed(200)
@given(texts, LANGUAGES, st.none() | texts, st.integers(1, 150))
def test_passages_hold_the_story_in_order(text: str, language: str | None, title: str | None, words: int) -> None:
    article = Article("a", text, "a.txt", title, language=language)
    with no_hang():
        found, story = split_article(article, words), stretches(article)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(one.end <= other.start for one, other in pairwise(story))
    assert "".join("".join(passage.text.split()) for passage in found) == "".join(
        "".join(text[start:end].split()) for start, end in story
    )
    for passage in found:
        with no_hang():
            sentences = passage_sentences(passage)
        assert all(passage.start <= start < end <= passage.end for start, end in sentences)
        if len(sentences) > 1:
            assert len(passage.text) <= 2 * WORD_LETTERS * max(words, 80) * SLACK + 2000


@fuzzed(200)
@given(texts)
def test_what_a_text_says_of_itself(text: str) -> None:
    article = Article("a", text, "a.txt")
    with no_hang():
        runs = story_spans(article)
        header = find_header(text, runs)
        count = find_footer(text, runs)
        days = list(find_days(text))
        dateline = parse_dateline(text)
        parse_published(text)
        for line in text.splitlines():
            stated_day(line)
            parse_published(line)
        headline = find_headline(text)
    assert header is None or 0 < header.end <= len(text)
    assert 0 <= count <= len(runs)
    assert all(one.end <= other.start for one, other in pairwise(days))
    assert all(text[day.start : day.end] == day.text and day.days for day in days)
    assert dateline is None or 0 <= dateline.span.start < dateline.span.end <= len(text)
    assert headline is None or (headline in text and headline.strip())


@fuzzed(300)
@given(questions, st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC)))
def test_what_a_question_asks(text: str, asked: datetime) -> None:
    with no_hang():
        period = find_period(text, asked)
        subject, name = asked_subject(text, period), asked_speaker(text)
        small_talk(text)
    if period:
        assert 0 <= period.span.start < period.span.end <= len(text)
        assert (period.since or date.min) <= (period.until or date.max)
        assert (period.since or date.min) <= asked.date()
        assert period.text.startswith("looking at ")
        asks_for_anything(text, period)
        is_relative(text, period)
    assert subject is None or subject.name.strip()
    assert name is None or name in text


@fuzzed(150)
@given(texts)
def test_who_speaks_in_any_sentence(text: str) -> None:
    with no_hang():
        assert says(text, Span(0, len(text)), "Ann Lee") in (True, False, None)


@st.composite
def quotes_of(draw: st.DrawFn) -> list[Quote]:
    """The quotes that come of an article of any words, with sentences that score anything."""
    words = st.none() | mutated(["Rain stops play", "The Post"], 3)
    published = draw(st.none() | st.dates())
    article = Article(
        "a", draw(texts), "a.txt", draw(words), draw(st.none() | mutated(["https://x.org/?a=1&b=2"], 3)), draw(words),
        published, None if published else draw(words), language=draw(LANGUAGES), modified=draw(st.none() | st.dates()),
    )  # fmt: skip
    found: list[Quote] = []
    for passage in split_article(article, draw(st.sampled_from([5, 110])))[:6]:
        sentences = passage_sentences(passage)
        scores = draw(st.lists(st.integers(-5, 5), min_size=len(sentences), max_size=len(sentences)))
        answers = [_answered(draw, passage, span) for span in sentences]
        hit = Hit(passage, 0.5, 0.7, 0.9)
        scored = Scored(hit, tuple(sentences), np.array(scores, dtype=np.float32), tuple(answers))
        found += [attributed(completed(quote, PARAMS)) for quote in extract_quotes(scored, 0.0, PARAMS, -1.0)]
        found += filter(None, [lead_quote(hit, PARAMS)])
    copies = tuple(copy_of(source) for source in draw(st.lists(words, max_size=3)))
    return [replace(quote, copies=copies) for quote in found[:8]]


def _answered(draw: st.DrawFn, passage: Passage, sentence: Span) -> Answered | None:
    start = draw(st.integers(sentence.start, sentence.end - 1))
    end = draw(st.integers(start + 1, sentence.end))
    return draw(st.sampled_from([None, Answered(Span(start, end), 0.9)]))


@fuzzed(100)
@given(st.data(), st.sampled_from(["en", "ru"]), questions)
def test_messages_are_within_the_limits_and_quote_the_article(data: st.DataObject, language: str, asked: str) -> None:
    with no_hang():
        found = data.draw(quotes_of())
    shown = texts_for(language, "en")
    answer = answer_of(*found, question=asked, understood=asked or None, more=data.draw(st.integers(0, 3)))
    closest = answer_of(closest=tuple(found), question=asked, understood=asked or None)
    with no_hang():
        messages = [page.html for page in render_answer(answer, shown)]
        others = [render_answer(closest, shown), render_latest(answer, shown), render_more(answer, shown, 5)]
        others += [render_watch_notice(asked, answer, shown)] if found else []
        results = [inline_result(quote, shown) for quote in found]
        standings = [look_up(QuoteId.parse(quote.id), [quote.article]) for quote in found]
        contexts = [render_context(standing, shown) for standing in standings if standing]
    every = [*messages, *(page.html for pages in others for page in pages), *contexts, *(one.html for one in results)]
    held = harmless(found[0].article.text) if found else ""
    for message in every:
        assert not CONTROLS.search(message)
        for words in quoted([message]):  # parses each, as strictly as Telegram does
            assert words in held or words.strip() in held
    assert all(parse(message)[0].strip() for message in every)
    assert not any(CONTROLS.search(one.title + one.description) for one in results)
    if found:
        assert len(quoted(messages)) == len(found)
