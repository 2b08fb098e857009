"""Scores worked out by hand: from given log odds, and from the words that sentences contain."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from index.types import Article, Passage, Span
from retrieval.params import RankingParams
from retrieval.scoring import (
    Scored,
    quote_thresholds,
    relative_scores,
    rule_out_other_speakers,
    score_by_reading,
    score_by_similarity,
    search_odds,
)
from retrieval.types import Hit
from tests.support.fake_readers import STEEP, WordReader

PARAMS = RankingParams()


def hit(text: str, score: float = 0.5) -> Hit:
    return Hit(Passage(Article("a", text, "a.txt", language="en"), 0, len(text)), score, 0.5, 0.5)


def test_a_score_is_log_odds_plus_those_from_search() -> None:
    reader = WordReader(replace(STEEP, search=4.0))
    first, second = score_by_reading(
        reader, "rain Oslo", [hit("Rain fell on Oslo.", 0.9), hit("Rain fell. Snow.", 0.4)], PARAMS
    )
    assert first.scores.tolist() == [3.0]
    assert second.scores.tolist() == pytest.approx([0.0 - 2.0, -3.0 - 2.0])
    assert (first.hit.matched, second.hit.matched) == (("rain", "oslo"), ("rain",))
    assert reader.asked == [("rain Oslo", 2)]


def test_a_follow_up_read_alone_counts_for_a_third() -> None:
    reader = WordReader()
    [scored] = score_by_reading(reader, "rain Oslo\nsnow", [hit("Rain fell on Oslo. Snow fell.")], PARAMS)
    assert scored.scores.tolist() == pytest.approx([(2 * 1.0 - 3.0) / 3, (2 * -1.0 + 3.0) / 3])
    assert scored.hit.matched == ("rain", "oslo", "snow")
    assert reader.asked == [("rain Oslo\nsnow", 1), ("snow", 1)]


def test_sentences_of_the_article_of_the_conversation_get_a_bonus() -> None:
    reader = WordReader(replace(STEEP, slope=0.5))
    other = replace(hit("Snow fell."), passage=Passage(Article("b", "Snow fell.", "b.txt"), 0, 10))
    first, second = score_by_reading(reader, "snow", [hit("Snow fell."), other], PARAMS, about="b")
    assert (first.scores.tolist(), second.scores.tolist()) == ([3.0], [3.0 + PARAMS.topic_article_bonus / 0.5])


def test_without_hits_nothing_is_read() -> None:
    reader = WordReader()
    assert score_by_reading(reader, "rain", [], PARAMS) == []
    assert reader.asked == []


def test_relative_scores_leave_out_the_lexical_part() -> None:
    hits = [replace(hit("Rain fell.", 0.9), words=1.0), replace(hit("Snow fell.", 0.8), words=0.0), hit("Fog.", 0.4)]
    assert relative_scores(hits, PARAMS).tolist() == pytest.approx(
        [0.9 - PARAMS.lexical_weight - 0.8, 0.0, 0.4 - PARAMS.lexical_weight / 2 - 0.8]
    )
    assert relative_scores([], PARAMS).tolist() == []


def test_search_adds_log_odds_without_a_calibration_too() -> None:
    hits = [hit("Rain fell.", 0.9), hit("Snow fell.", 0.4)]
    assert search_odds(WordReader(None), hits, PARAMS).tolist() == pytest.approx([0.0, -PARAMS.search_weight / 2])


def test_the_thresholds_of_each_passage() -> None:
    """In the best sentence's article 0.5, and 0.5 less above a gap of 2; in another article 1."""
    by = replace(STEEP, slope=0.5, share=0.5, further=0.0, same=0.5, gap=0.25)
    other = Passage(Article("b", "Fog. Ice.", "b.txt"), 0, 9)
    first = Scored(
        hit("Rain. Snow. Hail."),
        (Span(0, 5), Span(6, 11), Span(12, 17)),
        np.array([2.0, 0.25, -1.75], dtype=np.float32),
        (None,) * 3,
    )
    second = Scored(
        replace(hit("Fog."), passage=other),
        (Span(0, 4), Span(5, 9)),
        np.array([0.5, -3.0], dtype=np.float32),
        (None,) * 2,
    )
    assert quote_thresholds([first, second], by, PARAMS) == [
        (0.25, 0.5 - 2 * PARAMS.adjoining_margin),
        (math.inf, 1.0 - 2 * PARAMS.adjoining_margin),
    ]
    assert (
        quote_thresholds([first, second], None, PARAMS)
        == [(2.0 - PARAMS.further_quote_margin, 2.0 - PARAMS.further_quote_margin - PARAMS.adjoining_margin)] * 2
    )
    assert quote_thresholds([], by, PARAMS) == []


def test_a_wide_gap_counts_like_the_widest_one_allowed() -> None:
    """With a gap of 3 the threshold of the second sentence is 2 - 0.25 * 3 = 1.25; its real gap is wider."""
    by = replace(STEEP, share=1.0, further=0.0, same=0.0, gap=0.25)
    passage = hit("Rain. Snow. Hail.")
    spans = (Span(0, 5), Span(6, 11), Span(12, 17))
    for second, expected in ((1.0, 2.0), (1.25, 1.25)):
        scored = Scored(passage, spans, np.array([2.0, second, -20.0], dtype=np.float32), (None,) * 3)
        assert quote_thresholds([scored], by, PARAMS)[0][0] == expected


def test_what_somebody_else_says_is_ruled_out() -> None:
    [scored] = score_by_reading(
        WordReader(), "what did Lee say?", [hit("“Rain,” said Ann Lee. “Snow,” said Bob Ray.")], PARAMS
    )
    [left] = rule_out_other_speakers([scored], "what did Lee say?")
    assert left.scores.tolist() == [scored.scores[0], -100.0]
    assert rule_out_other_speakers([scored], "who said snow?") == [scored]
    assert rule_out_other_speakers([scored], "what did the mayor say?") == [scored]  # the question may describe Lee


def test_without_a_reader_the_sentence_with_the_most_words_of_the_question_scores_highest() -> None:
    [scored] = score_by_similarity(
        "rain in Oslo", [hit("Snow fell. Rain fell on Oslo. Rain fell.")], lambda *_: 1.0, None, PARAMS
    )
    assert scored.scores.tolist() == [0.0, 1.0, 0.5]
    assert scored.hit.matched == ("rain", "oslo")


def test_without_a_reader_words_and_cosine_count_one_half_each() -> None:
    vectors = {"rain": (1.0, 0.0), "Rain fell.": (0.6, 0.8), "Snow fell.": (1.0, 0.0)}
    [scored] = score_by_similarity(
        "rain",
        [hit("Rain fell. Snow fell.")],
        lambda *_: 1.0,
        lambda texts: np.array([vectors[text] for text in texts], dtype=np.float32),
        PARAMS,
    )
    assert scored.scores.tolist() == pytest.approx([0.8, 0.5])
