"""After kill -9 at any moment of a build, the published index answers, and at most one batch is encoded again."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

import pytest

import index.build.builder
from index.parsers.source_files import read_file
from index.settings import IndexSettings
from index.storage.embedding_cache import EmbeddingCache
from index.storage.generations import current_number, list_generations, open_generation, verify
from tests.support.fake_models import FAKE_MODEL, FakeEncoder
from tests.support.paths import write_articles
from tests.support.processes import CONTEXT

BATCH = 3

CALLS = (
    "fsync",
    "replace",
    "rename",
    "unlink",
    "rmdir",
    "mkdir",
)  # functions of os: all by which a build changes the file system


def settings_in(folder: Path) -> IndexSettings:
    return IndexSettings(sources=[folder / "news"], path=folder / "data", language="en", batch_size=BATCH, keep=1)


def build(folder: Path, ready: Connection | None = None, arm: Callable[..., None] | None = None, *at: Any) -> int:
    """Build with a fake encoder that logs what it encodes; return how many. Called in another process."""
    patch = pytest.MonkeyPatch()  # never undone: the process ends
    patch.setattr("index.build.builder.find_model", lambda *_: FAKE_MODEL)
    patch.setattr("index.build.changes.read_file", read_file)  # without the parsing process, which takes time to start
    patch.setattr("index.build.builder.load_encoder", lambda *_: FakeEncoder(log=folder / "encoded.log", pause=0.005))
    if arm:
        arm(*at)
    if ready:
        ready.send("ready")
    return index.build.builder.build_index(settings_in(folder)).embedded


def die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_at_call(number: int) -> None:
    """Arrange to be killed just before call `number` of any of CALLS."""
    left = number

    def armed(call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **kwargs: Any) -> Any:
            nonlocal left
            left -= 1
            if left == 0:
                die()
            return call(*args, **kwargs)

        return counted

    for name in CALLS:
        setattr(os, name, armed(getattr(os, name)))


def die_in(function: str) -> None:
    """Arrange to be killed when this function, named with its module, is called."""
    owner, _, name = function.rpartition(".")
    assert callable(getattr(resolve_name(owner), name))
    setattr(resolve_name(owner), name, die)


def die_in_batch(number: int) -> None:
    """Arrange to be killed when batch `number` is encoded and not yet in the cache."""
    put = EmbeddingCache.put
    left = number

    def counted(self: EmbeddingCache, *args: Any) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            die()
        put(self, *args)

    EmbeddingCache.put = counted  # type: ignore[assignment,method-assign]


class Paper:
    """A growing folder of news, its index, and the articles that were written so far."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings = settings_in(folder)
        self.articles: list[str] = []
        (folder / "news").mkdir()

    def grow(self, count: int = 7) -> None:
        for _ in range(count):
            number = len(self.articles)
            write_articles(
                self.folder / "news", **{f"a{number:04}": f"On day {number} rain fell {'again ' * (number % 5)}."}
            )
            self.articles.append(f"a{number:04}.txt")

    def start(self, arm: Callable[..., None] | None = None, *at: Any) -> Any:
        """Start a build in another process, and return when it begins."""
        here, there = CONTEXT.Pipe()
        process = CONTEXT.Process(target=build, args=(self.folder, there, arm, *at))
        process.start()
        assert here.recv() == "ready"
        return process

    def finish(self, arm: Callable[..., None] | None = None, *at: Any) -> int:
        """Run a build in another process to its end; return its exit code, -9 if it was killed."""
        process = self.start(arm, *at)
        process.join()
        return int(process.exitcode)

    def check(self, published: int) -> None:
        """Check that the published index is intact, holds the first `published` articles or all, and lost one batch."""
        kept = list_generations(self.settings.path)
        assert current_number(self.settings.path) in kept
        assert {number: verify(self.settings.path, number) for number in kept} == {number: [] for number in kept}
        generation = open_generation(self.settings.path)
        found = [article.id for article in generation.store.articles()]
        assert found in (self.articles[:published], self.articles)
        assert [id for id, _ in generation.words.search("7", 1)] == [7]
        assert len(self.lost()) <= BATCH

    def lost(self) -> set[str]:
        """Return the texts that were encoded and are not in the cache."""
        log = self.folder / "encoded.log"
        encoded = {json.loads(line) for line in log.read_text("utf-8").splitlines()}
        cache = EmbeddingCache(self.settings.path / "embeddings.sqlite", FAKE_MODEL.fingerprint)
        keys = {EmbeddingCache.key(text): text for text in encoded}
        known = cache.known(list(keys))
        cache.close()
        return {text for key, text in keys.items() if key not in known}

    def check_next(self) -> None:
        """Check that the next build finishes, and encodes only what is missing."""
        log = self.folder / "encoded.log"
        before = log.read_text("utf-8").splitlines()
        lost = self.lost()
        assert self.finish() == 0
        again = [json.loads(line) for line in log.read_text("utf-8").splitlines()[len(before) :]]
        assert len(again) == len(set(again))
        assert set(again) & {json.loads(line) for line in before} == lost
        self.check(len(self.articles))
        assert self.lost() == set()
        left = os.listdir(self.settings.path / "generations")
        assert not any(name.endswith(".building") for name in left), left


@pytest.fixture
def paper(tmp_path: Path) -> Paper:
    paper = Paper(tmp_path)
    paper.grow(10)
    assert paper.finish() == 0
    return paper


def published_articles(paper: Paper) -> int:
    return len(list(open_generation(paper.settings.path).store.articles()))


def test_fifty_random_moments(paper: Paper) -> None:
    paper.grow(3)
    process, started = paper.start(), time.monotonic()
    process.join()
    assert process.exitcode == 0
    whole = time.monotonic() - started
    moments = random.Random(20220402)
    killed = 0
    for at in range(50):
        before = published_articles(paper)
        paper.grow(3)
        (paper.folder / "encoded.log").write_text("")  # each kill may lose one batch
        process = paper.start()
        time.sleep(moments.uniform(0, whole))
        process.kill()
        process.join()
        killed += process.exitcode == -signal.SIGKILL
        paper.check(before)
        if at % 10 == 9:
            paper.check_next()
    assert killed >= 25, "most builds ended before they were killed"


@pytest.mark.parametrize(
    ("arm", "at"),
    [
        (die_in, "index.build.changes.read_file"),
        (die_in, "index.build.builder.load_encoder"),
        (die_in_batch, 1),
        (die_in_batch, 2),
        (die_in, "index.build.assembly.VectorIndex.write_segment"),
        (die_in, "index.build.assembly.LexicalIndex.update"),
        (die_in, "index.build.assembly.LexicalEntry"),  # while the lexical index is written
        (die_in, "index.build.assembly.seal"),
        (die_in, "index.build.assembly.publish"),
        (die_in, "index.storage.generations.point_to"),
        (die_in, "index.build.assembly.clean_up"),
    ],
)
def test_each_stage(paper: Paper, arm: Callable[..., None], at: str | int) -> None:
    paper.grow()
    assert paper.finish(arm, at) == -signal.SIGKILL
    paper.check(10)
    paper.check_next()


def test_each_change_to_the_file_system(paper: Paper) -> None:
    """Kill before each sync, rename and removal of a build, from making its folder to removing an old generation."""
    paper.grow(1)
    assert paper.finish() == 0
    outcomes = []
    for call in range(1, 200):
        before = published_articles(paper)
        paper.grow(1)
        outcome = paper.finish(die_at_call, call)
        paper.check(before)
        if outcome == 0:
            break
        assert outcome == -signal.SIGKILL
        outcomes.append(published_articles(paper) == len(paper.articles))
        if outcomes[-1]:
            assert paper.finish() == 0, "the leftovers are removed, so that the next build gets as far as this one"
    else:
        pytest.fail("no build came to its end")
    assert outcomes.count(False) >= 15, "killed before publishing: syncs of every file, two renames"
    assert outcomes.count(True) >= 10, "killed after publishing: the removal of an old generation, file by file"
    paper.check_next()


@pytest.mark.slow
def test_the_real_command(tmp_path: Path) -> None:
    """Kill `python -m index` with the real model."""
    (tmp_path / "news").mkdir()
    config = tmp_path / "config.toml"
    config.write_text("[index]\nsources = ['news']\nbatch_size = 2\nlanguage = 'en'\nthreads = 1\n")
    command = [sys.executable, "-m", "index", "--config", str(config)]
    articles: list[str] = []

    def grow() -> None:
        for _ in range(6):
            number = len(articles)
            write_articles(tmp_path / "news", **{f"a{number:04}": f"On day {number} rain fell on the city. " * 8})
            articles.append(f"a{number:04}.txt")

    grow()
    started = time.monotonic()
    subprocess.run(command, check=True, capture_output=True)
    whole = time.monotonic() - started
    moments = random.Random(20220402)
    for _ in range(10):
        before = [article.id for article in open_generation(tmp_path / "data").store.articles()]
        grow()
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            time.sleep(moments.uniform(0, whole))
            process.kill()
        assert verify(tmp_path / "data", current_number(tmp_path / "data")) == []
        after = [article.id for article in open_generation(tmp_path / "data").store.articles()]
        assert after in (before, articles)
    subprocess.run(command, check=True, capture_output=True)
    assert [article.id for article in open_generation(tmp_path / "data").store.articles()] == articles
