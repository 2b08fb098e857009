"""Watching builds at the start and after each change; with real files and the real watcher."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import watchfiles

import index.build.source_watch
from index.build.builder import BuildResult
from index.errors import ConfigError
from index.settings import IndexSettings
from tests.support.fake_models import FakeEncoder
from tests.support.paths import write_articles


class EndError(Exception):
    """Raised by a test to end the watching."""


@contextmanager
def watching(settings: IndexSettings, *steps: Callable[[], object]) -> Iterator[list[int]]:
    """Watch, and take the next step after each build; yield how many articles each build held."""
    left = iter(steps)
    held: list[int] = []

    def show(built: BuildResult) -> None:
        held.append(built.summary.articles)
        step = next(left, None)
        if step is None:
            raise EndError
        step()

    with pytest.raises(EndError):
        index.build.source_watch.watch(settings, False, False, False, show)
    yield held


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index.build.source_watch, "_DEBOUNCE", 50)


def test_each_change_is_a_build(settings: IndexSettings, fake: FakeEncoder) -> None:
    news = settings.sources[0]
    write_articles(news, rain="Rain fell.")
    steps = [lambda: write_articles(news, snow="Snow fell."), (news / "rain.txt").unlink]
    with watching(settings, *steps) as held:
        assert held == [1, 2, 1]


def test_a_change_during_a_build_is_seen_however_late_the_watcher_starts(
    settings: IndexSettings, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    news = settings.sources[0]
    write_articles(news, rain="Rain fell.")
    watch_files = watchfiles.watch

    def start_late(*paths: Path, **options: Any) -> Iterator[set[watchfiles.main.FileChange]]:
        time.sleep(0.3)
        yield from watch_files(*paths, **options)

    monkeypatch.setattr(watchfiles, "watch", start_late)
    with watching(settings, lambda: write_articles(news, snow="Snow fell.")) as held:
        assert held == [1, 2]


def test_a_file_that_is_replaced(settings: IndexSettings, fake: FakeEncoder, tmp_path: Path) -> None:
    file = tmp_path / "one.txt"
    file.write_text("Rain fell.")

    def replace() -> None:
        (tmp_path / "new").write_text("Snow fell.")
        (tmp_path / "new").rename(file)

    only = settings.model_copy(update={"sources": [file]})
    with watching(only, replace, replace) as held:
        assert held == [1, 1, 1]
    assert fake.encoded == ["Rain fell.", "Snow fell."]


@pytest.mark.usefixtures("log_on_stderr")
def test_a_failed_build_is_reported_and_the_next_change_is_built(
    settings: IndexSettings, fake: FakeEncoder, capsys: pytest.CaptureFixture[str]
) -> None:
    news = settings.sources[0]
    threading.Timer(
        0.5, lambda: write_articles(news, rain="Rain fell.")
    ).start()  # until then builds fail, without an article
    with watching(settings) as held:
        assert held == [1]
    assert "quotewire: error: no article found in" in capsys.readouterr().err


def test_an_error_of_the_configuration_ends_the_watching(
    settings: IndexSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> BuildResult:
        raise ConfigError("wrong")

    monkeypatch.setattr(index.build.source_watch, "build_index", refuse)
    with pytest.raises(ConfigError, match="wrong"):
        index.build.source_watch.watch(settings, False, False, False, lambda _: None)
    assert not [thread for thread in threading.enumerate() if thread.name == "watch"]


def test_writing_the_index_is_no_change(
    settings: IndexSettings, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The index is in the folder that is watched."""
    news = settings.sources[0]
    write_articles(news, rain="Rain fell.")
    inside = settings.model_copy(update={"path": news / "data"})

    def snow() -> None:  # late enough that a build after the index's own changes would come first
        threading.Timer(0.5, lambda: write_articles(news, snow="Snow fell.")).start()

    with watching(inside, snow) as held:
        assert held == [1, 2]
