"""quotewire init: it writes a configuration that can be read, once, and says what comes next."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.settings import BotSettings
from index.errors import ConfigError
from index.settings import IndexSettings
from retrieval.settings import RetrievalSettings

THEN = 'then: quotewire ask "…", quotewire chat, or with a token: quotewire bot\n'


@pytest.fixture(autouse=True)
def _in_a_new_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def init(*words: str) -> str:
    result = CliRunner().invoke(app, ["init", *words], catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def test_the_file_is_a_configuration_with_the_defaults() -> None:
    assert init() == f"wrote config.toml\nnext: put articles into articles, then run: quotewire index\n{THEN}"
    assert IndexSettings.load().sources == [Path("articles")]
    assert RetrievalSettings.load() == RetrievalSettings()
    assert BotSettings.load() == BotSettings()


def test_sources_are_those_of_the_command_line(tmp_path: Path) -> None:
    odd = tmp_path / 'a "b" \\ ü'
    odd.mkdir()
    assert init(str(odd), ".") == f"wrote config.toml\nnext: quotewire index\n{THEN}"
    assert IndexSettings.load().sources == [odd, Path(".")]


def test_a_file_that_exists_is_left_as_it_is() -> None:
    Path("config.toml").write_text("[index]\n")
    result = CliRunner().invoke(app, ["init"])
    assert isinstance(result.exception, ConfigError)
    assert Path("config.toml").read_text() == "[index]\n"


@pytest.mark.parametrize("words", [["-h"], ["index", "-h"], ["index", "status", "-h"], ["ask", "-h"], ["init", "-h"]])
def test_help_is_short_for_every_command(words: list[str]) -> None:
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0
    assert result.stdout.startswith("Usage: ")
