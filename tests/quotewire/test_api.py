"""The public API: what it exports, what it finds with a fake model, and that importing it costs and changes nothing."""

from __future__ import annotations

import logging
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path

import pytest

import quotewire
from index.errors import NoIndexError, SourceError, UnknownQuoteError
from tests.support.fake_models import FAKE_MODEL, FakeEncoder, FakeStaticEncoder
from tests.support.fake_readers import WordReader
from tests.support.paths import ROOT

RAIN = "Rain fell on the mat."
CAT = "The cat sat on the dog."


@pytest.fixture
def built(tmp_path: Path, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of an index with two articles, encoded and read by fakes."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("retrieval.answerer.find_model", lambda *_: FAKE_MODEL)
    monkeypatch.setattr("retrieval.answerer.load_encoder", lambda *_: fake)
    monkeypatch.setattr("retrieval.answerer.load_static", lambda *_: FakeStaticEncoder(256))
    monkeypatch.setattr("retrieval.answerer.load_reader", lambda *_: WordReader())
    news = tmp_path / "news"
    news.mkdir()
    (news / "a.md").write_text(f"---\ntitle: Weather\nsource: AP\npublished: 2022-03-01\n---\n{RAIN}")
    (news / "b.md").write_text(f"---\ntitle: Pets\nsource: DW\npublished: 2022-03-05\n---\n{CAT}")
    quotewire.build(news, path="index")
    return tmp_path / "index"


def test_a_question_is_answered_with_quotes(built: Path) -> None:
    with quotewire.open(path=built) as index:
        answer = index.ask("who sat on the dog?")
        assert [(quote.text, quote.article.title) for quote in answer.quotes] == [(CAT, "Pets")]
        assert isinstance(answer, quotewire.Answer)


def test_filters_time_and_limit_are_those_of_the_question(built: Path) -> None:
    with quotewire.open(path=str(built)) as index:
        asked = datetime(2022, 3, 6)
        answer = index.ask("cat", asked=asked, since=date(2022, 3, 2), until=date(2022, 3, 5), source="dw", limit=1)
        question = answer.question
        assert (question.since, question.until, question.source) == (date(2022, 3, 2), date(2022, 3, 5), "dw")
        assert question.asked.isoformat() == "2022-03-06T00:00:00+00:00"
        assert {hit.passage.article.title for hit in answer.hits} == {"Pets"}


def test_what_else_there_is(built: Path) -> None:
    with quotewire.open(path=built) as index:
        assert index.sources() == (("AP", 1), ("DW", 1))
        newest = index.latest(limit=1)
        assert [quote.text for quote in newest.quotes] == [CAT]
        further = index.latest(limit=1, seen=[newest.quotes[0].id])
        assert [quote.text for quote in further.quotes] == [RAIN]
        assert index.latest(source="AP").quotes[0].text == RAIN
        located = index.show(newest.quotes[0].id)
        assert (located.article.title, located.span) == ("Pets", (0, len(CAT)))


@pytest.mark.parametrize("id", ["rain", "", "00000000-0-1-0000"])
def test_an_unknown_quote_is_an_error(built: Path, id: str) -> None:
    with quotewire.open(path=built) as index, pytest.raises(UnknownQuoteError):
        index.show(id)


def test_it_answers_from_what_it_opened_until_it_is_refreshed(built: Path) -> None:
    with quotewire.open(path=built) as index:
        Path("news/c.md").write_text("---\nsource: TASS\n---\nSanctions fell.")
        result = quotewire.build("news", "index")
        assert (result.published, result.summary.articles) == (True, 3)
        assert len(index.sources()) == 2
        assert (index.refresh(), index.refresh()) == (True, False)
        assert len(index.sources()) == 3


def test_a_closed_index_says_so(built: Path) -> None:
    index = quotewire.open(path=built)
    index.close()
    index.close()
    with pytest.raises(ValueError, match=r"^the index is closed; open it again with quotewire\.open\(\)$"):
        index.ask("who?")


def test_several_threads_may_ask(built: Path) -> None:
    with quotewire.open(path=built) as index, ThreadPoolExecutor(4) as pool:
        questions = ["who sat on the dog?", "what fell on the mat?"] * 8
        answers = list(pool.map(index.ask, questions))
        assert [answer.quotes[0].text for answer in answers] == [CAT, RAIN] * 8


def test_sources_are_one_path_or_several(built: Path, tmp_path: Path) -> None:
    assert quotewire.build([tmp_path / "news" / "a.md", "news/b.md"], path="other").summary.articles == 2
    assert quotewire.build("news/a.md", path=tmp_path / "other").summary.articles == 1
    with pytest.raises(SourceError):
        quotewire.build("nowhere", path="other")
    with quotewire.open(path="other") as index:  # the previous index is still there
        assert index.sources() == (("AP", 1),)


def test_the_configuration_file_is_read(built: Path, tmp_path: Path) -> None:
    (tmp_path / "my.toml").write_text('[index]\npath = "index"\n[retrieval]\nquotes = 1\n')
    with quotewire.open(tmp_path / "my.toml") as index:
        assert len(index.sources()) == 2
    with pytest.raises(NoIndexError):
        quotewire.open(path=tmp_path / "empty")


def test_a_build_prints_nothing(built: Path, capfd: pytest.CaptureFixture[str]) -> None:
    Path("news/c.md").write_text("Sanctions fell.")
    assert quotewire.build("news", "index", rebuild=True).embedded == 3
    assert capfd.readouterr() == ("", "")


def test_every_exported_name_is_there() -> None:
    assert {name: getattr(quotewire, name).__name__ for name in quotewire.__all__} == {
        name: name for name in quotewire.__all__
    }
    assert set(quotewire.__all__) <= set(dir(quotewire))
    with pytest.raises(AttributeError, match="has no attribute 'ask'"):
        quotewire.ask  # noqa: B018


def test_importing_imports_and_changes_nothing_else() -> None:
    program = (
        "import os, sys; before = dict(os.environ); import quotewire; "
        "print(os.environ == before, sorted({'index', 'retrieval', 'numpy', 'torch'} & set(sys.modules))); "
        "quotewire.Answer, quotewire.open; print(os.environ == before, 'torch' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert run.stdout == "True []\nTrue False\n"


@pytest.mark.parametrize("package", ["index", "retrieval", "bot"])
def test_packages_log_nowhere_unless_asked(package: str) -> None:
    __import__(package)
    assert any(isinstance(handler, logging.NullHandler) for handler in logging.getLogger(package).handlers)
