"""Example questions: which are chosen and kept, and that a build never fails for them."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.cli import app
from index.build.builder import build_index
from index.settings import IndexSettings
from index.storage.generations import current_number, verify
from index.types import Article, Passage, Span
from retrieval.answerer import Answerer
from retrieval.example_questions import (
    NEARLY,
    SURE,
    Example,
    choose_examples,
    examples_in,
    read_examples,
    write_examples,
)
from retrieval.settings import RetrievalSettings
from retrieval.types import Answer, Hit, Question, Quote
from tests.support.fakes import FAKE_MODEL, FakeEncoder, FakeStatic
from tests.support.paths import SEEDS

NOON = datetime(2022, 6, 1, 12, tzinfo=UTC)


def article(id: str, text: str, title: str | None = None, language: str = "en") -> Article:
    return Article(id, text, f"{id}.txt", title, published=date(2022, 6, 1), language=language)


def whole(article: Article) -> Quote:
    span = Span(0, len(article.text))
    return Quote(article, *span, (span,), 0.5, Hit(Passage(article, *span), 0.5, 0.5, 0.5))


class Scripted:
    """An answerer that has `newest` articles, and answers with the first article that holds a word of the question."""

    def __init__(
        self, *newest: Article, sure: float = 0.9, unsure: str = "nobody", others: tuple[Article, ...] = ()
    ) -> None:
        self.newest = newest
        self.others = others
        self.sure = sure
        self.unsure = unsure  # what a question has whose answer is less sure
        self.asked: list[str] = []

    def latest(self, asked: datetime, *, limit: int | None = None) -> Answer:
        return Answer(Question("", NOON), tuple(map(whole, self.newest)), (), 1.0, 1, 1.0)

    def answer(self, question: Question) -> Answer:
        self.asked.append(question.text)
        words = {word for word in question.text.rstrip("?").split() if word[0].isupper()}
        words -= {"What", "Who", "When", "Кто", "Что"}
        found = [one for one in (*self.others, *self.newest) if words <= set(one.text.replace(",", "").split())]
        sure = self.sure if self.unsure not in question.text else NEARLY
        return Answer(question, tuple(map(whole, found[:1])), (), sure, 1, 1.0)


def chosen(answerer: Any, **options: Any) -> tuple[str, ...]:
    return tuple(example.text for example in choose_examples(answerer, **options))


FOUNDED = article("founded", "Acme was founded in 1998.")
TESLA = article("tesla", "Tesla CEO Elon Musk bought it.")
LEE = article("lee", "Ann Lee said it rains.")
RAY = article("ray", "Bob Ray said it snows.")


def test_three_of_different_articles_and_forms_the_most_telling_first() -> None:
    assert chosen(Scripted(LEE, RAY, FOUNDED, TESLA)) == (
        "Who is the CEO of Tesla?",
        "When was Acme founded?",
        "What did Ann Lee say?",
    )


def test_where_forms_are_few_they_may_be_the_same() -> None:
    assert chosen(Scripted(LEE, RAY)) == ("What did Ann Lee say?", "What did Bob Ray say?")
    assert chosen(Scripted(LEE, RAY), count=1) == ("What did Ann Lee say?",)


def test_one_article_gives_several_forms_about_several_names() -> None:
    both = article("both", "Tesla CEO Elon Musk said it rains.")
    assert chosen(Scripted(both)) == ("Who is the CEO of Tesla?", "What did Elon Musk say?")
    two = replace(both, text="Tesla CEO Elon Musk bought it. Ann Lee said it rains.")
    scripted = Scripted(two, others=(TESLA, LEE))
    assert chosen(scripted) == ("Who is the CEO of Tesla?", "What did Ann Lee say?")


def test_what_several_articles_tell_of_goes_first() -> None:
    again = article("again", "Bob Ray ran.")
    assert chosen(Scripted(LEE, RAY, again), count=1) == ("What did Bob Ray say?",)


@pytest.mark.parametrize(("sure", "number"), [(SURE, 1), (NEARLY, 1), (NEARLY - 0.01, 0)])
def test_what_is_not_sure_is_none(sure: float, number: int) -> None:
    assert len(chosen(Scripted(TESLA, sure=sure))) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Tesla and the CEO Elon Musk of it were seen.", 0),  # does not say it
        ("Tesla CEO Tim Cook bought it.", 0),  # says something else
        ("On his way Tesla CEO Elon Musk came.", 1),  # another article says it too
    ],
)
def test_what_is_answered_by_a_sentence_that_does_not_say_it_is_none(text: str, number: int) -> None:
    assert len(chosen(Scripted(TESLA, others=(article("other", text),)))) == number


def test_what_is_new_is_told_by_one_of_the_newest() -> None:
    new = article("new", "Falcon flew for SpaceX again.", "SpaceX launches again")
    old = article("old", "SpaceX was founded.", "SpaceX is founded")
    assert chosen(Scripted(new)) == ("What is new about SpaceX?",)
    assert chosen(Scripted(new, others=(old,))) == ()
    assert chosen(Scripted(replace(new, published=None))) == ()


def test_a_question_is_asked_once_and_no_more_than_are_needed() -> None:
    scripted = Scripted(*(article(f"{at}", f"{text} {at}.") for text in ("Tesla CEO Elon Musk came", "Ann Lee said no")
                          for at in range(3)))  # fmt: skip
    assert chosen(scripted) == ("Who is the CEO of Tesla?", "What did Ann Lee say?")
    assert scripted.asked == ["Who is the CEO of Tesla?", "What did Ann Lee say?"]


def test_what_is_less_sure_fills_up() -> None:
    assert chosen(Scripted(LEE, TESLA, unsure="Tesla")) == ("What did Ann Lee say?", "Who is the CEO of Tesla?")
    assert chosen(Scripted(LEE, TESLA, unsure="Tesla"), count=1) == ("What did Ann Lee say?",)


def test_there_are_as_many_in_each_language() -> None:
    russian = article("ru", "Пришёл президент Турции Реджеп Эрдоган.", language="ru")
    german = article("de", "Tesla CEO Elon Musk kam.", language="de")
    assert choose_examples(Scripted(german, LEE, russian, RAY), count=1) == (
        Example("What did Ann Lee say?", "en"),
        Example("Кто президент Турции?", "ru"),
    )
    assert chosen(Scripted(german)) == ()


def test_a_reader_has_those_in_the_own_language_first() -> None:
    examples = [Example(text, text[:2]) for text in ("en1", "en2", "ru1", "en3", "ru2")]
    assert examples_in(examples, "ru") == ["ru1", "ru2", "en1"]
    assert examples_in(examples, "en") == ["en1", "en2", "en3"]
    assert examples_in(examples, "de", 4) == ["en1", "en2", "ru1", "en3"]
    assert examples_in([], "en") == []


def test_a_form_that_is_never_good_lets_the_others_go_first() -> None:
    fruitless = [article(f"{at}", f"Acme{at} plans to sing.") for at in range(5)]
    others = tuple(article(f"other{at}", f"Acme{at} sang.") for at in range(5))
    scripted = Scripted(*fruitless, LEE, others=others)
    texts = [replace(one, text=f"{one.text} Acme{at}.") for at, one in enumerate(fruitless)]
    scripted.newest = (*texts, LEE)
    assert chosen(scripted) == ("What did Ann Lee say?",)
    assert scripted.asked.index("What did Ann Lee say?") == 1
    assert scripted.asked[-1] == "What does Acme4 plan to do?"


def test_names_are_asked_about_only_where_there_is_nothing_better() -> None:
    oslo = article("oslo", "They flew to Oslo because they love Oslo.")
    scripted = Scripted(oslo, LEE)
    assert chosen(scripted) == ("What did Ann Lee say?", "What is said about Oslo?")
    assert scripted.asked[-1] == "What is said about Oslo?"
    assert chosen(Scripted(oslo, LEE), count=1) == ("What did Ann Lee say?",)
    assert chosen(Scripted(replace(oslo, text="They flew to Oslo because they do."))) == ()


def test_it_ends_when_its_time_is_up() -> None:
    hours = count(0, 3600)
    scripted = Scripted(LEE, RAY, TESLA)
    assert chosen(scripted, clock=lambda: float(next(hours))) == ()
    assert scripted.asked == []


def test_a_name_that_would_act_on_its_reader_is_none() -> None:
    assert chosen(Scripted(article("a", "Rain\u202e is a type of weather.", "Rain\u202e"))) == ()


@pytest.fixture
def seed(tmp_path: Path, e5_root: Path) -> Answerer:
    settings = IndexSettings(sources=[SEEDS], path=tmp_path / "data")
    shutil.copytree(e5_root / "models", settings.path / "models")
    build_index(settings)
    return Answerer.open(settings, RetrievalSettings())


def test_the_examples_of_the_article_that_the_project_comes_with(seed: Answerer) -> None:
    """Which ones the reader is surest of, its weights decide; it is sure of the plainest."""
    examples = choose_examples(seed, clock=lambda: 0.0)
    assert 1 <= len(examples) <= 3
    assert Example("Who is the director general of Roscosmos?", "en") in examples


# What is kept


def test_what_is_kept_is_read_for_the_same_articles_alone(tmp_path: Path) -> None:
    assert read_examples(tmp_path, "abc") is None
    examples = (Example("Where is «Oslo»?", "en"), Example("Кто?", "ru"))
    write_examples(tmp_path, "abc", examples)
    assert read_examples(tmp_path, "abc") == examples
    assert read_examples(tmp_path, "other") is None
    (tmp_path / "kept").write_text("mine")
    (tmp_path / "examples.json.new").symlink_to(tmp_path / "kept")
    write_examples(tmp_path, "other", ())
    assert (tmp_path / "kept").read_text() == "mine"
    (tmp_path / "kept").unlink()
    assert read_examples(tmp_path, "other") == ()
    assert [path.name for path in tmp_path.iterdir()] == ["examples.json"]


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"content": "abc"}', '{"version": 0, "content": "abc", "questions": ["Who?"]}',
     '{"version": 1, "content": "abc", "questions": ["Who?"]}',
     '{"version": 2, "content": "abc", "questions": ["Who?"]}',
     '{"version": 2, "content": "abc", "questions": [{"text": "Who?"}]}',
     '{"version": 2, "content": "abc", "questions": 5}', '{"version": 2, "content": "abc"}', "\udcff", "[" * 100_000],
)  # fmt: skip
def test_what_cannot_be_read_is_as_if_it_were_not_there(tmp_path: Path, text: str) -> None:
    (tmp_path / "examples.json").write_text(text, "utf-8", errors="surrogateescape")
    assert read_examples(tmp_path, "abc") is None


# After a build

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(tmp_path: Path, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch) -> Command:
    """The command `quotewire` in this process, with the fake model and two articles."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("retrieval.answerer.find_model", lambda *_: FAKE_MODEL)
    monkeypatch.setattr("retrieval.answerer.load_encoder", lambda *_: fake)
    monkeypatch.setattr("retrieval.answerer.load_static", lambda *_: FakeStatic(256))
    (tmp_path / "config.toml").write_text("[index]\nsources = ['news']\nlanguage = 'en'\n", "utf-8")
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "a.txt").write_text("The CEO of Tesla, Tesla CEO Elon Musk, is who he is.")
    (tmp_path / "news" / "b.txt").write_text("Kings were crowned.")

    def run(*arguments: str) -> tuple[int, str, str]:
        result = CliRunner().invoke(app, arguments)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, result.stdout, result.stderr.replace(DISTILLING, "")

    return run


DISTILLING = "quotewire: distilling fake into a quick encoder of words and drafts, once\n"
LACKING = (
    "quotewire: 2 of 2 articles have no whole date: a.txt, b.txt\n"
    "quotewire: 2 of 2 articles have no headline: a.txt, b.txt\n"
)
UNCHANGED = "nothing has changed: generation 1 holds 2 articles in 2 passages, 0 embedded\n"


def kept() -> dict[str, Any]:
    values = json.loads(Path("data/examples.json").read_text("utf-8"))
    assert isinstance(values, dict)
    return values


def test_examples_are_chosen_after_a_build_and_again_when_the_articles_are_others(
    command: Command, tmp_path: Path
) -> None:
    code, _, err = command("index")
    assert (code, err) == (0, f'{LACKING}quotewire: try: quotewire ask "Who is the CEO of Tesla?"\n')
    assert kept()["questions"] == [{"text": "Who is the CEO of Tesla?", "language": "en"}]
    before = Path("data/examples.json").stat().st_mtime_ns
    assert command("index") == (0, UNCHANGED, LACKING)
    assert Path("data/examples.json").stat().st_mtime_ns == before
    Path("data/examples.json").unlink()
    assert command("index") == (0, UNCHANGED, f'{LACKING}quotewire: try: quotewire ask "Who is the CEO of Tesla?"\n')
    (tmp_path / "news" / "a.txt").write_text("Queens were not.")
    assert command("index")[::2] == (0, LACKING)
    assert kept()["questions"] == []


def test_the_file_is_in_nobodys_way(command: Command) -> None:
    command("index")
    Path("data/examples.json.new").write_text("half of")
    root = Path("data")
    assert verify(root, current_number(root)) == []
    assert command("index", "verify") == (0, "generation 1 is whole\n", "")
    assert command("index", "status")[0] == command("index", "list")[0] == 0
    assert command("index", "--rebuild")[0] == 0


@pytest.mark.parametrize("error", [OSError("no room"), ValueError("no room"), RuntimeError("no room")])
def test_a_build_does_not_fail_for_its_examples(
    command: Command, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(_: Answerer) -> tuple[str, ...]:
        raise error

    monkeypatch.setattr("retrieval.example_questions.choose_examples", fail)
    code, out, err = command("index")
    assert (code, out) == (0, "published generation 1: 2 articles in 2 passages, 2 embedded\n")
    name = type(error).__name__
    assert err == f"{LACKING}quotewire: warning: the index is built, and {name} came after it: no room\n"
    assert not Path("data/examples.json").exists()


def test_examples_are_chosen_after_each_build_of_a_watch(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def build_twice(
        settings: IndexSettings, rebuild: bool, strict: bool, draft: bool, show: Callable[..., None]
    ) -> None:
        show(build_index(settings, rebuild, strict, draft))
        Path("news/c.txt").write_text("Ann Lee said bread is dear.")
        Path("news/a.txt").unlink()
        show(build_index(settings, rebuild, strict, draft))

    monkeypatch.setattr("index.build.source_watch.watch", build_twice)
    code, out, err = command("index", "--watch")
    assert (code, out.count("published")) == (0, 2)
    assert err.startswith(f'{LACKING}quotewire: try: quotewire ask "Who is the CEO of Tesla?"\n')
    assert "Tesla" not in json.dumps(kept())
