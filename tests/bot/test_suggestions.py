"""Suggestions: headlines of the newest articles, and what is said after a build."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.suggestions import MOST, Headline, headlines
from index.types import Article, Passage, Span
from retrieval.types import Answer, Hit, Question, Quote
from tests.support.fake_models import FakeEncoder

Command = Callable[..., str]
PUBLISHED = "Kings crowned in May"


def quote(title: str | None) -> Quote:
    article = Article("a", "Rain fell.", "a.txt", title)
    return Quote(article, 0, 10, (Span(0, 10),), 0.0, Hit(Passage(article, 0, 10), 0.0, 0.0, 0.0))


def latest(*titles: str | None) -> Answer:
    return Answer(Question("", datetime(2022, 4, 3, tzinfo=UTC)), tuple(map(quote, titles)), (), None, 1, 0.0)


def test_articles_without_a_headline_are_left_out() -> None:
    found = latest("Rain", None, " ", "Kings\ncrowned")
    assert headlines(found) == (
        Headline("Rain", found.quotes[0].id),
        Headline("Kings crowned", found.quotes[3].id),
    )
    assert headlines(replace(found, quotes=())) == ()


def test_there_are_only_so_many() -> None:
    assert len(headlines(latest(*["Rain"] * 9))) == MOST == 5


@pytest.fixture
def command(tmp_path: Path, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Run `quotewire` in this process, with the fake model; what is said on stderr."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.toml").write_text("[index]\nsources = ['news']\nlanguage = 'en'\n", "utf-8")
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "a.md").write_text("---\ntitle: Rain\npublished: 2022-04-01\n---\nRain fell all day.")

    def run(*arguments: str) -> str:
        result = CliRunner().invoke(app, arguments, catch_exceptions=False)
        assert result.exit_code == 0
        return "".join(line for line in result.stderr.splitlines(keepends=True) if "try" in line or "warn" in line)

    return run


def write(name: str, title: str, text: str, day: str = "2022-05-06") -> None:
    Path("news", name).write_text(f"---\ntitle: {title}\npublished: {day}\n---\n{text}")


def test_the_newest_headline_is_a_question_to_try_after_each_build_with_something_new(command: Command) -> None:
    assert command("index") == 'quotewire: try: quotewire ask "Rain"\n'
    assert command("index") == ""
    write("b.md", PUBLISHED, "Kings were crowned.")
    assert command("index") == f'quotewire: try: quotewire ask "{PUBLISHED}"\n'


@pytest.mark.parametrize(
    ("title", "quoted"),
    [("It isn't $5!", "'It isn'\"'\"'t $5!'"), ("A `b` c", "'A `b` c'"), ("What, again?", '"What, again?"')],
)
def test_a_question_is_quoted_for_the_shell(command: Command, title: str, quoted: str) -> None:
    write("b.md", f"'{title.replace(chr(39), chr(39) * 2)}'", "Kings were crowned.")
    assert command("index") == f"quotewire: try: quotewire ask {quoted}\n"


def test_the_first_example_of_the_configuration_goes_before(command: Command) -> None:
    with Path("config.toml").open("a") as file:
        file.write("[bot]\nexamples = ['Who  fell?', 'Who rose?']\n")
    assert command("index") == 'quotewire: try: quotewire ask "Who fell?"\n'


def test_articles_without_headlines_suggest_nothing(command: Command) -> None:
    Path("news/a.md").write_text("rain fell all day, and it was still raining when the evening came to the town.")
    assert command("index") == ""


def test_a_broken_bot_section_does_not_fail_a_build(command: Command) -> None:
    with Path("config.toml").open("a") as file:
        file.write("[bot]\nexamples = ['']\n")
    assert "ConfigError" in command("index")
