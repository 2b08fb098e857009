"""index.changes: which files and articles are not as they were, and nothing else is read."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from index.changes import Change, Gone, Keep, Put, Read, find_changes
from index.errors import SourceError
from index.readers import Problem, Warn, read_file
from index.readers.aliases import Names
from index.settings import IndexSettings
from index.store import PassageStore
from index.types import Article
from tests.fakes import write_articles

LONG_AGO = time.time_ns() - 3600 * 10**9


def age(*paths: Path) -> None:
    """Make files look as if nobody had written to them for an hour."""
    for path in paths:
        os.utime(path, ns=(LONG_AGO, LONG_AGO))


class Sources:
    """A folder of sources, and a store that follows it."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.news = folder / "news"
        self.news.mkdir()
        self.settings = IndexSettings(sources=[self.news], path=folder / "data", language="en")
        self.problems: list[Problem] = []
        self.opened: list[str] = []
        self._folder = folder
        self._store: Path | None = None
        read = read_file

        def noted(path: Path, name: str, warn: Warn, names: Names) -> Iterator[Article]:
            self.opened.append(name)
            yield from read(path, name, warn, names)

        monkeypatch.setattr("index.changes.read_file", noted)

    def changes(self) -> list[Change]:
        self.problems.clear()
        self.opened.clear()
        before = PassageStore.open(self._store) if self._store else None
        try:
            return list(find_changes(self.settings, before, self.problems.append))
        finally:
            if before:
                before.close()

    def follow(self) -> list[str]:
        """Apply what changed; returns it in short."""
        changes = self.changes()
        path = self._folder / f"{time.monotonic_ns()}.sqlite"
        before = PassageStore.open(self._store) if self._store else None
        store = PassageStore.create(path, before)
        said = []
        for change in changes:
            match change:
                case Put(name, article, passages, digest, replaces):
                    said.append(f"{'change' if replaces else 'new'} {article.id}")
                    if replaces:
                        store.remove(article.id)
                    store.add(article, passages, name, digest)
                case Keep(name, id, origin):
                    said.append(f"keep {id} at {Path(origin).name}")
                    store.move(id, origin, name)
                case Read(file):
                    store.put_file(file)
                case Gone(ids, paths):
                    said += [f"gone {id}" for id in ids]
                    for id in ids:
                        store.remove(id)
                    for name in paths:
                        store.drop_file(name)
        store.close()
        if before:
            before.close()
        self._store = path
        return said

    def articles(self) -> dict[str, str]:
        assert self._store
        with closing(PassageStore.open(self._store)) as store:
            assert store.problems() == []
            return {article.id: article.text for article in store.articles()}


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sources:
    return Sources(tmp_path, monkeypatch)


def rows(path: Path, **texts: str) -> None:
    path.write_text("".join(f'{{"id": "{id}", "text": "{text}"}}\n' for id, text in texts.items()))


def test_what_is_as_it_was_is_not_opened(sources: Sources) -> None:
    write_articles(sources.news, rain="Rain fell.", snow="Snow fell.")
    age(*sources.news.iterdir())
    assert sources.follow() == ["new rain.txt", "new snow.txt"]
    (sources.news / "rain.txt").chmod(0)  # root can open it all the same; that it is not is what `opened` shows
    assert sources.changes() == []
    assert sources.opened == []


def test_another_time_and_the_same_bytes(sources: Sources) -> None:
    write_articles(sources.news, rain="Rain fell.")
    age(sources.news / "rain.txt")
    sources.follow()
    os.utime(sources.news / "rain.txt")
    assert sources.changes() == []
    assert sources.opened == []


def test_the_same_size_and_time_are_not_trusted_right_after_a_change(sources: Sources) -> None:
    path = sources.news / "rain.txt"
    path.write_text("Rain fell.")
    sources.follow()
    times = path.stat().st_atime_ns, path.stat().st_mtime_ns
    path.write_text("Hail fell.")
    os.utime(path, ns=times)
    assert sources.follow() == ["change rain.txt"]
    assert sources.articles() == {"rain.txt": "Hail fell."}


def test_one_row_of_many(sources: Sources) -> None:
    dump = sources.news / "dump.jsonl"
    rows(dump, a="Rain fell.", b="Snow fell.", c="The sun shone.")
    assert sources.follow() == ["new a", "new b", "new c"]
    rows(dump, a="Rain fell.", new="Fog came.", c="The sun shone.", b="Hail fell.")
    assert sources.follow() == ["keep a at dump.jsonl:1", "new new", "keep c at dump.jsonl:3", "change b"]
    rows(dump, b="Hail fell.")
    assert sources.follow() == ["keep b at dump.jsonl:1", "gone a", "gone c", "gone new"]
    assert sources.articles() == {"b": "Hail fell."}
    dump.unlink()
    write_articles(sources.news, rain="Rain fell.")
    assert sources.follow() == ["new rain.txt", "gone b"]


def test_an_article_may_move_to_another_file(sources: Sources) -> None:
    rows(sources.news / "a.jsonl", x="Rain fell.", y="Snow fell.")
    rows(sources.news / "b.jsonl", z="Fog came.")
    sources.follow()
    rows(sources.news / "a.jsonl", y="Snow fell.")
    rows(sources.news / "b.jsonl", z="Fog came.", x="Rain fell.")
    assert sources.follow() == ["keep y at a.jsonl:1", "keep z at b.jsonl:1", "keep x at b.jsonl:2"]
    (sources.news / "b.jsonl").rename(sources.news / "c.jsonl")
    assert sources.follow() == ["keep z at c.jsonl:1", "keep x at c.jsonl:2"]
    assert set(sources.articles()) == {"x", "y", "z"}


def test_two_articles_with_one_id_in_a_new_and_an_unchanged_file(sources: Sources) -> None:
    rows(sources.news / "a.jsonl", x="Rain fell.")
    sources.follow()
    rows(sources.news / "b.jsonl", x="Snow fell.")
    with pytest.raises(SourceError, match=r"a\.jsonl:1 and .*b\.jsonl:1: two articles with the id x; remove one"):
        sources.changes()


def test_a_file_that_is_named_twice(sources: Sources) -> None:
    write_articles(sources.news, rain="Rain fell.")
    sources.settings = sources.settings.model_copy(update={"sources": [sources.news, sources.news / "rain.txt"]})
    with pytest.raises(SourceError, match=r"rain\.txt: is read twice; name it or its folder once"):
        sources.changes()


def test_another_source_gives_another_name(sources: Sources) -> None:
    (sources.news / "sub").mkdir()
    write_articles(sources.news / "sub", rain="Rain fell.")
    sources.follow()
    sources.settings = sources.settings.model_copy(update={"sources": [sources.news / "sub"]})
    assert sources.follow() == ["new rain.txt", "gone sub/rain.txt"]


def test_problems_of_unchanged_files_are_said_again(sources: Sources) -> None:
    write_articles(sources.news, rain="Rain fell.")
    (sources.news / "empty.txt").touch()
    sources.follow()
    [problem] = sources.problems
    assert (problem.origin, problem.skipped) == (str(sources.news / "empty.txt"), True)
    said = problem
    assert sources.changes() == []
    assert sources.problems == [said]


def test_what_cannot_be_read_is_tried_again(sources: Sources) -> None:
    write_articles(sources.news, rain="Rain fell.")
    (sources.news / "gone.txt").symlink_to("nowhere.txt")
    os.mkfifo(sources.news / "pipe.txt")
    sources.follow()
    assert sources.follow() == []
    assert sources.opened == ["gone.txt", "pipe.txt"]
    write_articles(sources.news, nowhere="Snow fell.")
    assert sources.follow() == ["new gone.txt", "new nowhere.txt"]


TEXTS = st.dictionaries(
    st.sampled_from("abcdef"), st.sampled_from(["Rain fell.", "Snow fell.", "Fog came."]), max_size=5
)


@hypothesis_settings(max_examples=25, deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from(["x", "y", "z"]), TEXTS, max_size=3), min_size=1, max_size=4))
def test_a_store_that_follows_holds_what_a_new_one_would(
    tmp_path_factory: pytest.TempPathFactory, states: list[dict[str, dict[str, str]]]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        sources = Sources(tmp_path_factory.mktemp("follow"), patch)
        for state in states:
            for path in sources.news.iterdir():
                path.unlink()
            seen: dict[str, str] = {}
            for name, texts in state.items():
                fresh = {id: text for id, text in texts.items() if id not in seen}
                rows(sources.news / f"{name}.jsonl", **fresh)
                seen |= fresh
            sources.follow()
            assert sources.articles() == seen
