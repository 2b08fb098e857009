"""retrieval.rerank: the order of a real cross-encoder's own numbers, and models that are none, in one line."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from index.build import build_index
from index.errors import ModelError
from index.settings import IndexSettings
from index.types import Article, Passage
from retrieval.answer import Answerer
from retrieval.fit import Lexicon
from retrieval.ranking import Fitted, fit, rank
from retrieval.rerank import DEPTH, Reranker, load_reranker, rerank
from retrieval.rows import to_row
from retrieval.settings import RetrievalSettings
from retrieval.types import Hit
from tests.fakes import FAKE_MODEL, FakeEncoder, make_bert_model, make_cross_encoder, write_articles
from tests.test_answer import question

TEXTS = ["the cat sat on the mat.", "rain fell on the dog.", "the dog ran.", "sanctions", "", "the cat ran. " * 30]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_cross_encoder(tmp_path_factory.mktemp("models") / "cross")


def by_the_library(folder: Path, asked: str, texts: Sequence[str]) -> list[float]:
    from sentence_transformers import CrossEncoder

    scores = CrossEncoder(str(folder), local_files_only=True).predict([(asked, text) for text in texts])
    return np.asarray(scores).tolist()  # type: ignore[no-any-return]


class Lengths(Reranker):
    """Prefers long passages; `shown` are those that it was asked about."""

    def __init__(self) -> None:
        self.shown: list[str] = []

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        self.shown += texts
        return [1 - 1 / (1 + len(text)) for text in texts]


def ranked(*texts: str, score: float = 1.0) -> list[Fitted]:
    """Passages in this order, whose scores fall from this one, and whose sentences hold nothing of the question."""
    articles = [Article(f"{at}", text or ".", "a.txt") for at, text in enumerate(texts)]
    hits = [
        Hit(Passage(article, 0, len(article.text)), score - at / 100, 0.5, 0.5) for at, article in enumerate(articles)
    ]
    return rank(fit(hits, "", None, (), None, Lexicon(None)))


def test_scores_are_the_librarys(folder: Path) -> None:
    expected = by_the_library(folder, "the cat", TEXTS)
    assert load_reranker(str(folder)).score("the cat", TEXTS) == pytest.approx(expected, abs=1e-5)
    assert len({round(score, 3) for score in expected}) >= 4  # so that the line above could fail


def test_one_scale_whatever_the_folder_names(folder: Path, tmp_path: Path) -> None:
    from sentence_transformers import CrossEncoder
    from torch.nn import Identity

    CrossEncoder(str(folder), activation_fn=Identity()).save_pretrained(str(tmp_path / "saved"))
    bare = by_the_library(tmp_path / "saved", "the cat", TEXTS)
    assert min(bare) < 0
    expected = [1 / (1 + math.exp(-value)) for value in bare]
    assert load_reranker(str(tmp_path / "saved")).score("the cat", TEXTS) == pytest.approx(expected, abs=1e-5)


def test_no_texts_no_scores(folder: Path) -> None:
    assert load_reranker(str(folder)).score("the cat", []) == []


@pytest.mark.parametrize("asked", ["the cat", "rain", "sanctions fell on the dog"])
def test_the_order_is_that_of_the_librarys_scores(folder: Path, asked: str) -> None:
    found = rerank(ranked(*TEXTS), asked, load_reranker(str(folder)))
    scores = by_the_library(folder, asked, [text or "." for text in TEXTS])
    assert [int(each.hit.passage.article.id) for each in found] == np.argsort(-np.array(scores), kind="stable").tolist()
    assert [each.score for each in found] == [each.hit.score for each in found] == [each.hit.reranked for each in found]


@pytest.mark.parametrize("score", [0.2, 1.3])  # the latter is all that search can give
def test_the_others_stay_behind_in_their_order(score: float) -> None:
    texts = ["x" * (at % 7) for at in range(DEPTH)] + ["x" * 99] * 5
    reranker = Lengths()
    found = rerank(ranked(*texts, score=score), "?", reranker)
    ids = [each.hit.passage.article.id for each in found]
    assert reranker.shown == [text or "." for text in texts[:DEPTH]]
    assert ids[:3] == ["6", "13", "5"], "equal ones keep their order"
    assert ids[DEPTH:] == [str(DEPTH + at) for at in range(5)]
    assert [each.hit.reranked for each in found[DEPTH:]] == [None] * 5
    scores = [each.score for each in found]
    assert scores == sorted(scores, reverse=True)
    assert rerank([], "?", reranker) == []


@pytest.mark.parametrize(
    ("outputs", "said"), [(2, "gives 2 numbers for a passage"), (3, "gives 3 numbers for a passage")]
)
def test_a_head_of_several_classes_is_refused(tmp_path: Path, outputs: int, said: str) -> None:
    with pytest.raises(ModelError) as raised:
        load_reranker(str(make_cross_encoder(tmp_path / "cross", outputs)))
    assert str(raised.value) == f"{tmp_path / 'cross'} {said}, and a reranker gives one"


def test_an_embedding_model_is_refused_and_gets_no_random_head(tmp_path: Path) -> None:
    saved = make_bert_model(tmp_path / "bert")
    for folder in (saved, tmp_path / "bert-raw"):  # with modules.json, and a bare BertModel
        with pytest.raises(ModelError) as raised:
            load_reranker(str(folder))
        assert str(raised.value) == (
            f"{folder} is no cross-encoder; name one in [retrieval] reranker, or leave that setting out"
        )


def test_what_cannot_be_had_is_one_line(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "empty").mkdir()
    broken = shutil.copytree(folder, tmp_path / "broken")
    (broken / "model.safetensors").write_bytes(b"not weights")
    for name, said in {
        "/no/such": "/no/such: no such folder; [retrieval] reranker takes a folder or a name from the model hub",
        "mine": "the model cross-encoder/mine is not on this machine and cannot be had from its hub "
        "(HF_HUB_OFFLINE is set); check its name, name a folder in [retrieval] reranker, or leave that setting out",
        str(tmp_path / "empty"): f"{tmp_path / 'empty'} holds no model weights; "
        "name a sentence-transformers folder in [retrieval] reranker",
        str(broken): f"{broken} cannot be loaded as a cross-encoder: ",
    }.items():
        with pytest.raises(ModelError) as raised:
            load_reranker(name)
        assert str(raised.value).startswith(said)
        assert "\n" not in str(raised.value)


def test_the_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[retrieval]\nreranker = "cross"\n')
    assert RetrievalSettings.load(config).reranker == "cross"
    (tmp_path / "cross").mkdir()
    assert RetrievalSettings.load(config).reranker == str(tmp_path / "cross"), "relative to the file"
    monkeypatch.setenv("QUOTEWIRE_RETRIEVAL_RERANKER", "cross")
    assert RetrievalSettings.load(config).reranker == "cross"
    assert RetrievalSettings().reranker == "cross"
    monkeypatch.delenv("QUOTEWIRE_RETRIEVAL_RERANKER")
    assert RetrievalSettings().reranker is None


@pytest.fixture
def index(settings: IndexSettings, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch) -> IndexSettings:
    """Three articles that hold the same word, in which search prefers the shortest."""
    monkeypatch.setattr("retrieval.answer.find_model", lambda *_: FAKE_MODEL)
    monkeypatch.setattr("retrieval.answer.load_encoder", lambda *_: fake)
    write_articles(settings.sources[0], a="Rain.", b="The rain fell.", c="Rain fell on a cat.", d="Kings ran.")
    build_index(settings)
    return settings


def test_an_answer_in_the_cross_encoders_order(index: IndexSettings, folder: Path) -> None:
    plain = Answerer.open(index, RetrievalSettings(min_confidence=0)).answer(question("rain"))
    answerer = Answerer.open(index, RetrievalSettings(min_confidence=0, reranker=str(folder)))
    answer = answerer.answer(question("rain"))
    articles = {"a.txt": "Rain.", "b.txt": "The rain fell.", "c.txt": "Rain fell on a cat."}
    scores = dict(zip(articles, by_the_library(folder, "rain", list(articles.values())), strict=True))
    with_rain = [id for id in answer.ranking if id in articles]  # whose sentences fit alike
    assert with_rain == sorted(scores, key=lambda id: -scores[id])
    assert with_rain != [id for id in plain.ranking if id in articles]  # so that the line above could fail
    for quote in answer.quotes:
        if quote.article.id not in scores:
            continue
        assert quote.hit.reranked == pytest.approx(scores[quote.article.id], abs=1e-5)
    assert answer.confidence == plain.confidence, "whether there is an answer is not the cross-encoder's to say"
    explained = to_row(answer, explain=True)["quotes"][0]
    assert explained["explain"]["reranked"] == pytest.approx(max(scores.values()), abs=1e-4)
    assert "reranked" not in to_row(plain, explain=True)["quotes"][0]["explain"]
    assert json.loads(json.dumps(explained)) == explained


def test_explain_shows_it(index: IndexSettings, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from rich.console import Console

    from retrieval.show import print_answer

    answer = Answerer.open(index, RetrievalSettings(min_confidence=0, reranker=str(folder))).answer(question("rain"))
    print_answer(Console(width=200), answer, explain=True)
    assert f"· reranked {answer.quotes[0].hit.reranked:.2f}".replace(" 0.", " .") in capsys.readouterr().out
