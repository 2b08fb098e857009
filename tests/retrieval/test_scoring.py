"""retrieval.scoring by hand: log odds that are given, and words that are held or not."""

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


def test_a_score_is_log_odds_less_what_search_is_less_sure_by() -> None:
    reader = WordReader(replace(STEEP, search=4.0))
    first, second = score_by_reading(
        reader, "rain Oslo", [hit("Rain fell on Oslo.", 0.9), hit("Rain fell. Snow.", 0.4)], PARAMS
    )
    assert first.scores.tolist() == [3.0]
    assert second.scores.tolist() == pytest.approx([0.0 - 2.0, -3.0 - 2.0])
    assert (first.hit.matched, second.hit.matched) == (("rain", "oslo"), ("rain",))
    assert reader.asked == [("rain Oslo", 2)]


def test_a_question_that_follows_another_counts_for_a_third_by_itself() -> None:
    reader = WordReader()
    [scored] = score_by_reading(reader, "rain Oslo\nsnow", [hit("Rain fell on Oslo. Snow fell.")], PARAMS)
    assert scored.scores.tolist() == pytest.approx([(2 * 1.0 - 3.0) / 3, (2 * -1.0 + 3.0) / 3])
    assert scored.hit.matched == ("rain", "oslo", "snow")
    assert reader.asked == [("rain Oslo\nsnow", 1), ("snow", 1)]


def test_sentences_of_the_article_that_is_talked_about_gain_log_odds_of_confidence() -> None:
    reader = WordReader(replace(STEEP, slope=0.5))
    other = replace(hit("Snow fell."), passage=Passage(Article("b", "Snow fell.", "b.txt"), 0, 10))
    first, second = score_by_reading(reader, "snow", [hit("Snow fell."), other], PARAMS, about="b")
    assert (first.scores.tolist(), second.scores.tolist()) == ([3.0], [3.0 + PARAMS.topic_article_bonus / 0.5])


def test_without_hits_nothing_is_read() -> None:
    reader = WordReader()
    assert score_by_reading(reader, "rain", [], PARAMS) == []
    assert reader.asked == []


def test_what_distances_leaves_words_out() -> None:
    hits = [replace(hit("Rain fell.", 0.9), words=1.0), replace(hit("Snow fell.", 0.8), words=0.0), hit("Fog.", 0.4)]
    assert relative_scores(hits, PARAMS).tolist() == pytest.approx(
        [0.9 - PARAMS.lexical_weight - 0.8, 0.0, 0.4 - PARAMS.lexical_weight / 2 - 0.8]
    )
    assert relative_scores([], PARAMS).tolist() == []


def test_a_reader_that_is_not_calibrated_has_log_odds_from_search_too() -> None:
    hits = [hit("Rain fell.", 0.9), hit("Snow fell.", 0.4)]
    assert search_odds(WordReader(None), hits, PARAMS).tolist() == pytest.approx([0.0, -PARAMS.search_weight / 2])


def test_from_which_score_sentences_of_each_passage_are_quoted() -> None:
    """Of the best one's article from 0.5 on, and 0.5 less above a gap of 2; of another article from 1 on."""
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


def test_what_somebody_else_says_does_not_answer() -> None:
    [scored] = score_by_reading(
        WordReader(), "what did Lee say?", [hit("“Rain,” said Ann Lee. “Snow,” said Bob Ray.")], PARAMS
    )
    [left] = rule_out_other_speakers([scored], "what did Lee say?")
    assert left.scores.tolist() == [scored.scores[0], -100.0]
    assert rule_out_other_speakers([scored], "who said snow?") == [scored]
    assert rule_out_other_speakers([scored], "what did the mayor say?") == [scored]  # the question may describe Lee


def test_without_a_reader_the_sentence_with_most_of_the_words_scores_highest() -> None:
    [scored] = score_by_similarity(
        "rain in Oslo", [hit("Snow fell. Rain fell on Oslo. Rain fell.")], lambda *_: 1.0, None, PARAMS
    )
    assert scored.scores.tolist() == [0.0, 1.0, 0.5]
    assert scored.hit.matched == ("rain", "oslo")


def test_words_and_cosine_count_one_half_each() -> None:
    vectors = {"rain": (1.0, 0.0), "Rain fell.": (0.6, 0.8), "Snow fell.": (1.0, 0.0)}
    [scored] = score_by_similarity(
        "rain",
        [hit("Rain fell. Snow fell.")],
        lambda *_: 1.0,
        lambda texts: np.array([vectors[text] for text in texts], dtype=np.float32),
        PARAMS,
    )
    assert scored.scores.tolist() == pytest.approx([0.8, 0.5])
