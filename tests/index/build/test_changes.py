"""Changed files and articles are found, and nothing else is read."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from index.build.changes import ArticleChanged, ArticleMoved, Change, FileRead, Removed, find_changes
from index.errors import SourceError
from index.parsers.field_aliases import CustomKeys
from index.parsers.problems import Problem, Warn
from index.parsers.source_files import read_file
from index.settings import IndexSettings
from index.storage.articles import ArticleStore
from index.types import Article
from tests.support.paths import write_articles

LONG_AGO = time.time_ns() - 3600 * 10**9


def age(*paths: Path) -> None:
    """Make files look as if they were written an hour ago."""
    for path in paths:
        os.utime(path, ns=(LONG_AGO, LONG_AGO))


class Sources:
    """A source folder, and a store that is updated with its changes."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, news: Path | None = None) -> None:
        self.news = news or folder / "news"
        self.news.mkdir(exist_ok=True)
        self.settings = IndexSettings(sources=[self.news], path=folder / "data", language="en")
        self.problems: list[Problem] = []
        self.opened: list[str] = []
        self._folder = folder
        self._store: Path | None = None
        read = read_file

        def noted(path: Path, name: str, warn: Warn, names: CustomKeys) -> Iterator[Article]:
            self.opened.append(name)
            yield from read(path, name, warn, names)

        monkeypatch.setattr("index.build.changes.read_file", noted)

    def changes(self) -> list[Change]:
        self.problems.clear()
        self.opened.clear()
        before = ArticleStore.open(self._store) if self._store else None
        try:
            return list(find_changes(self.settings, before, self.problems.append))
        finally:
            if before:
                before.close()

    def follow(self) -> list[str]:
        """Apply the changes to the store; return them in short."""
        changes = self.changes()
        path = self._folder / f"{time.monotonic_ns()}.sqlite"
        before = ArticleStore.open(self._store) if self._store else None
        store = ArticleStore.create(path, before)
        applied = []
        for change in changes:
            match change:
                case ArticleChanged(name, article, passages, digest, replaces):
                    applied.append(f"{'change' if replaces else 'new'} {article.id}")
                    if replaces:
                        store.remove(article.id)
                    store.add(article, passages, name, digest)
                case ArticleMoved(name, id, origin):
                    applied.append(f"keep {id} at {Path(origin).name}")
                    store.move(id, origin, name)
                case FileRead(file):
                    store.put_file(file)
                case Removed(ids, paths):
                    applied += [f"gone {id}" for id in ids]
                    for id in ids:
                        store.remove(id)
                    for name in paths:
                        store.drop_file(name)
        store.close()
        if before:
            before.close()
        self._store = path
        return applied

    def articles(self) -> dict[str, str]:
        assert self._store
        with closing(ArticleStore.open(self._store)) as store:
            assert store.problems() == []
            return {article.id: article.text for article in store.articles()}


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sources:
    return Sources(tmp_path, monkeypatch)


def rows(path: Path, **texts: str) -> None:
    path.write_text("".join(f'{{"id": "{id}", "text": "{text}"}}\n' for id, text in texts.items()))


def test_unchanged_files_are_not_opened(sources: Sources) -> None:
    write_articles(sources.news, rain="Rain fell.", snow="Snow fell.")
    age(*sources.news.iterdir())
    assert sources.follow() == ["new rain.txt", "new snow.txt"]
    (sources.news / "rain.txt").chmod(0)  # root could open it nevertheless; `opened` shows that nobody did
    assert sources.changes() == []
    assert sources.opened == []


def test_a_file_with_a_new_time_and_the_same_bytes_is_unchanged(sources: Sources) -> None:
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


LONG = "The town council of Marrow Bay voted on Tuesday to close the old fish market after forty years. " * 3


def article(path: Path, text: str, published: str | None = None, id: str = "x") -> None:
    path.write_text(json.dumps({"id": id, "text": text, "published": published}) + "\n")


def remarks(sources: Sources) -> list[str]:
    return [f"{Path(problem.origin).name} {problem.message.split('; ')[-1]}" for problem in sources.problems]


def test_two_articles_with_one_id_and_different_texts_are_both_kept(sources: Sources) -> None:
    article(sources.news / "a.jsonl", "Rain fell.")
    sources.follow()
    article(sources.news / "b.jsonl", "Snow fell.")
    assert sources.follow() == ["keep x at a.jsonl:1", "new b.jsonl:1"]
    [problem] = sources.problems
    first = sources.news / "a.jsonl"
    assert problem.origin == f"{sources.news / 'b.jsonl'}:1"
    assert problem.message == f"has the same id as {first}:1, x, and another text; it is kept under b.jsonl:1"
    assert not problem.skipped
    assert sources.follow() == []
    assert sources.problems == [problem]
    first.unlink()
    assert sources.follow() == ["change x", "gone b.jsonl:1"]
    assert sources.articles() == {"x": "Snow fell."}
    assert sources.problems == []


@pytest.mark.parametrize(
    ("first", "second", "stays"),
    [
        ("2022-03-08", "2022-03-09", "b"),
        ("2022-03-09", "2022-03-08", "a"),
        ("2022-03-08", "2022-03-08", "a"),
        (None, "2022-03-08", "b"),
        ("2022-03-08", None, "a"),
        (None, None, "a"),
        ("March 9", "2022-03-08", "b"),
    ],
)
def test_of_nearly_equal_articles_the_one_with_the_later_date_is_kept(
    sources: Sources, first: str | None, second: str | None, stays: str
) -> None:
    texts = {"a": LONG + "Gulls came.", "b": LONG + "Gulls came and went."}
    article(sources.news / "a.jsonl", texts["a"], first)
    article(sources.news / "b.jsonl", texts["b"], second)
    sources.follow()
    assert sources.articles() == {"x": texts[stays]}
    other = {"a": "left out", "b": "it has the later date and is kept, the other is left out"}[stays]
    assert remarks(sources) == [f"b.jsonl:1 {other}"]


def test_a_repeated_row(sources: Sources) -> None:
    (sources.news / "a.jsonl").write_text('{"id": "x", "text": "Rain."}\n{"id": "x", "text": "Rain."}\n' * 2)
    assert sources.follow() == ["new x"]
    assert remarks(sources) == [f"a.jsonl:{row} left out" for row in (2, 3, 4)]


def test_pages_that_name_one_canonical_link(sources: Sources) -> None:
    """A page that was saved twice, once as AMP (case 35)."""
    page = (
        '<!DOCTYPE html><html lang="en"><head><title>Fish market to close</title>'
        '<link rel="canonical" href="https://baypost.example/fish"></head><body><article>'
        f"<h1>Fish market to close</h1><p>{LONG}</p></article></body></html>"
    )
    (sources.news / "a.html").write_text(page)
    (sources.news / "a.amp.html").write_text(page)
    (sources.news / "other.html").write_text(page.replace(LONG, "Ten beaches of the coast are open again this year."))
    assert sources.follow() == ["new https://baypost.example/fish", "new other.html"]
    assert remarks(sources) == ["a.html left out", "other.html it is kept under other.html"]


def test_a_canonical_link_to_another_site_is_not_the_id(sources: Sources) -> None:
    page = (
        '<html><head><link rel="canonical" href="https://first.example/a"><meta property="og:url" content="{}">'
        "</head><body><p>" + LONG + "</p></body></html>"
    )
    (sources.news / "a.html").write_text(page.format("https://copy.example/1"))
    (sources.news / "b.html").write_text(page.format("https://www.first.example/b"))
    saved = "<head><!-- saved from url=(0019)https://c.example/x -->"
    (sources.news / "c.html").write_text(page.format("").replace("<head>", saved))
    own = ["https://copy.example/1", "https://first.example/a", "https://c.example/x"]
    assert sources.follow() == [f"new {address}" for address in own]
    assert sources.problems == []


def test_an_id_that_is_taken_is_not_given_again(sources: Sources) -> None:
    article(sources.news / "a.jsonl", "Rain fell.")
    article(sources.news / "b.jsonl", "Snow fell.")
    article(sources.news / "c.jsonl", "Fog came.", id="b.jsonl:1")
    sources.follow()
    taken = {"x": "Rain fell.", f"{sources.news / 'b.jsonl'}:1": "Snow fell.", "b.jsonl:1": "Fog came."}
    assert sources.articles() == taken
    article(sources.news / "d.jsonl", "Hail fell.")
    sources.follow()
    assert sources.articles() == taken | {"d.jsonl:1": "Hail fell."}


def test_a_file_that_is_named_twice(sources: Sources) -> None:
    write_articles(sources.news, rain="Rain fell.")
    sources.settings = sources.settings.model_copy(update={"sources": [sources.news, sources.news / "rain.txt"]})
    with pytest.raises(SourceError, match=r"rain\.txt: is read twice; name it or its folder only once"):
        sources.changes()


def test_another_source_gives_another_name(sources: Sources) -> None:
    (sources.news / "sub").mkdir()
    write_articles(sources.news / "sub", rain="Rain fell.")
    sources.follow()
    sources.settings = sources.settings.model_copy(update={"sources": [sources.news / "sub"]})
    assert sources.follow() == ["new rain.txt", "gone sub/rain.txt"]


def test_problems_of_unchanged_files_are_repeated(sources: Sources) -> None:
    write_articles(sources.news, rain="Rain fell.")
    (sources.news / "empty.txt").touch()
    sources.follow()
    [problem] = sources.problems
    assert (problem.origin, problem.skipped) == (str(sources.news / "empty.txt"), True)
    assert sources.changes() == []
    assert sources.problems == [problem]


def test_a_file_that_cannot_be_read_is_tried_again(sources: Sources) -> None:
    write_articles(sources.news, rain="Rain fell.")
    (sources.news / "gone.txt").symlink_to("nowhere.txt")
    os.mkfifo(sources.news / "pipe.txt")
    sources.follow()
    assert sources.follow() == []
    assert sources.opened == ["gone.txt", "pipe.txt"]
    write_articles(sources.news, nowhere="Snow fell.")
    assert sources.follow() == ["new gone.txt", "new nowhere.txt"]


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["x", "y", "b.jsonl:1"]),
        st.sampled_from(["Rain fell.", "Rain fell!", "Snow fell.", LONG, LONG + "Gulls."]),
        st.sampled_from([None, "2022-03-08", "2022-03-09"]),
    ),
    max_size=3,
)


@hypothesis_settings(max_examples=25, deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from("abc"), ROWS, max_size=3), min_size=1, max_size=4))
def test_an_updated_store_equals_a_new_one(
    tmp_path_factory: pytest.TempPathFactory, states: list[dict[str, list[tuple[str, str, str | None]]]]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        sources = Sources(tmp_path_factory.mktemp("follow"), patch)
        for state in states:
            for path in sources.news.iterdir():
                path.unlink()
            for name, given in state.items():
                lines = [json.dumps({"id": id, "text": text, "published": day}) for id, text, day in given]
                (sources.news / f"{name}.jsonl").write_text("\n".join(lines) + "\n")
            sources.follow()
            articles, problems = sources.articles(), set(remarks(sources))
            fresh = Sources(tmp_path_factory.mktemp("fresh"), patch, sources.news)
            fresh.follow()
            assert articles == fresh.articles()
            assert problems == set(remarks(fresh))
