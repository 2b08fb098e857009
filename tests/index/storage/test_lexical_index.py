"""BM25 as reckoned by hand, languages, filters, and questions that are no query syntax."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from math import log
from pathlib import Path

import pytest
import tantivy
from hypothesis import given
from hypothesis import strategies as st

from index.errors import DamagedIndexError
from index.storage.lexical_index import STEMMED, ArticleFilters, LexicalEntry, LexicalIndex, stems

Build = Callable[..., LexicalIndex]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    def build(entries: Sequence[LexicalEntry]) -> LexicalIndex:
        languages = {entry.language for entry in entries}
        LexicalIndex.build(tmp_path / "words", languages, iter(entries))
        return LexicalIndex.open(tmp_path / "words", languages)

    return build


def english(*texts: str) -> list[LexicalEntry]:
    return [LexicalEntry(id, text, "en", None, None) for id, text in enumerate(texts)]


def ids(hits: Sequence[tuple[int, float]]) -> list[int]:
    return [id for id, _ in hits]


def bm25(tf: int, length: int, average: float, n: int, of: int) -> float:
    """The formula in the open: k1 = 1.2, b = 0.75."""
    return log(1 + (of - n + 0.5) / (n + 0.5)) * tf * 2.2 / (tf + 1.2 * (0.25 + 0.75 * length / average))


def test_scores_by_hand(build: Build) -> None:
    index = build(english("cat dog", "cat cat dog bird", "dog dog bird", "fish fish fish"))
    assert len(index) == 4
    average = (2 + 4 + 3 + 3) / 4
    cats = {1: bm25(2, 4, average, 2, 4), 0: bm25(1, 2, average, 2, 4)}
    hits = index.search("cat", 9)
    assert ids(hits) == [1, 0]
    assert dict(hits) == pytest.approx(cats)
    birds_and_dogs = {
        0: bm25(1, 2, average, 3, 4),
        1: bm25(1, 4, average, 3, 4) + bm25(1, 4, average, 2, 4),
        2: bm25(2, 3, average, 3, 4) + bm25(1, 3, average, 2, 4),
    }
    hits = index.search("bird dog", 9)
    assert ids(hits) == [2, 1, 0]
    assert dict(hits) == pytest.approx(birds_and_dogs)
    assert ids(index.search("bird dog", 2)) == [2, 1]


def test_a_word_said_twice_counts_once(build: Build) -> None:
    index = build(english("cat", "dog dog", "bird"))
    assert index.search("cat CAT cats dog", 3) == index.search("cat dog", 3)


def test_the_fullest_score_by_hand(build: Build) -> None:
    index = build(english("cats", "cat dog", "dog", "bird"))
    assert index.fullest("The cat, the CATS and a zebra?") == pytest.approx(0.4 * 2 * log(9))
    assert index.fullest("кто видел кота") == pytest.approx(0.4 * 3 * log(9))  # no Russian word says nothing here
    assert index.fullest("the") == index.fullest("") == 0


def test_idf(build: Build) -> None:
    index = build(english("cats", "cat dog", "dog", "bird"))
    assert index.idf("cat", "en") == pytest.approx(log(1 + 102.5 / 2.5))
    assert index.idf("bird", "en") == pytest.approx(log(1 + 103.5 / 1.5))
    assert index.idf("unheard", "en") == pytest.approx(log(1 + 104.5 / 0.5))
    assert index.idf("кот", "ru") == pytest.approx(log(1 + 104.5 / 0.5)), "no article is in that language"


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("The sanctions were lifted", "en", ["sanction", "lift"]),
        ("Санкции и санкциями", "ru", ["санкц", "санкц"]),
        ("Häuser und Straßen", "de", ["haus", "strass"]),
        ("the plain words", "sw", ["the", "plain", "words"]),
        ("the plain words", None, ["the", "plain", "words"]),
        ("Erdoğan's café", "en", ["erdogan", "cafe"]),
        ("下雨", "zh", ["下", "下雨", "雨"]),
        ("x" * 65, "en", []),  # no word is as long
        ("", "en", []),
    ],
)
def test_stems(text: str, language: str | None, expected: list[str]) -> None:
    assert stems(text, language) == expected


MIXED = [
    LexicalEntry(0, "New sanctions were announced on Friday.", "en", None, None),
    LexicalEntry(1, "Новые санкции объявлены в пятницу.", "ru", None, None),
    LexicalEntry(2, "北京宣布新的制裁措施。", "zh", None, None),
    LexicalEntry(3, "Neue Sanktionen gegen Erdoğan", "xx", None, None),
    LexicalEntry(4, "Cafés remained closed.", "en", None, None),
]


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("sanction", [0]),
        ("SANCTIONED", [0]),
        ("о санкциях", [1]),
        ("制裁", [2]),
        ("制裁 sanctions санкции", [2, 0, 1]),
        ("erdogan", [3]),
        ("cafe", [4]),
        ("café's", [4]),
        ("of the", []),
        ("nothing like it", []),
        ("", []),
        (" \n\t", []),
    ],
)
def test_each_language_by_its_own_rules(build: Build, question: str, found: list[int]) -> None:
    assert sorted(ids(build(MIXED).search(question, 9))) == sorted(found)


@pytest.fixture(scope="module")
def mixed() -> Iterator[LexicalIndex]:
    with tempfile.TemporaryDirectory() as folder:
        languages = {entry.language for entry in MIXED}
        LexicalIndex.build(Path(folder) / "words", languages, MIXED)
        yield LexicalIndex.open(Path(folder) / "words", languages)


@pytest.mark.parametrize(
    "question",
    [
        'C++ AND (foo "bar',
        "id:3",
        "day:[0 TO *]",
        "source:tass sanctions",
        "sanctions~2^3",
        "*",
        "NOT",
        "en:sanction",
        "/.*/",
        "sanctions\x00",
        "\\",
        "a" * 100_000,
        "word " * 5_000,
    ],
)
def test_a_question_is_text(mixed: LexicalIndex, question: str) -> None:
    found = mixed.search(question, 9)
    assert ids(found) == ([0] if "sanction" in question else [])


@given(st.text())
def test_any_text_may_be_asked(question: str) -> None:
    for language in ("en", "ru", "zh", None):
        assert all(stems(question, language))


@given(question=st.text())
def test_any_text_may_be_searched(mixed: LexicalIndex, question: str) -> None:
    scores = [score for _, score in mixed.search(question, 9)]
    assert scores == sorted(scores, reverse=True)
    assert all(score > 0 for score in scores)


APRIL = [
    LexicalEntry(0, "sanctions sanctions sanctions", "en", date(2022, 4, 1), "TASS"),
    LexicalEntry(1, "sanctions sanctions trade", "en", date(2022, 4, 2), "Reuters"),
    LexicalEntry(2, "sanctions trade talks", "en", date(2022, 4, 3), "Tass"),
    LexicalEntry(3, "sanctions sanctions sanctions", "en", None, "Straße"),
    LexicalEntry(4, "weather", "en", date(2022, 4, 2), None),
]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (ArticleFilters(), [0, 3, 1, 2]),
        (ArticleFilters(since=date(2022, 4, 2)), [1, 2]),
        (ArticleFilters(until=date(2022, 4, 2)), [0, 1]),
        (ArticleFilters(since=date(2022, 4, 2), until=date(2022, 4, 2)), [1]),
        (ArticleFilters(since=date(2022, 4, 4)), []),
        (ArticleFilters(since=date(2022, 4, 3), until=date(2022, 4, 1)), []),
        (ArticleFilters(until=date.max), [0, 1, 2]),  # an undated one passes no filter of days
        (ArticleFilters(source="tass"), [0, 2]),
        (ArticleFilters(source="STRASSE"), [3]),
        (ArticleFilters(source="tas"), []),
        (ArticleFilters(since=date(2022, 4, 2), source="TASS"), [2]),
    ],
)
def test_filters_come_before_ranking(build: Build, filters: ArticleFilters, found: list[int]) -> None:
    index = build(APRIL)
    unfiltered = dict(index.search("sanctions", 9))
    hits = index.search("sanctions", 9, filters)
    assert ids(hits) == found
    assert dict(hits) == {id: pytest.approx(unfiltered[id]) for id in found}, "a filter decides and does not score"
    assert ids(index.search("sanctions", 1, filters)) == found[:1], "the best one was filtered away, not the rest"


def test_filters_are_true_when_they_filter() -> None:
    assert not ArticleFilters()
    assert all((ArticleFilters(since=date.min), ArticleFilters(until=date.min), ArticleFilters(source="x")))


def test_the_same_articles_make_the_same_answers(tmp_path: Path) -> None:
    found = []
    for name in ("one", "two"):
        LexicalIndex.build(tmp_path / name, ["en"], english(*["cat dog"] * 30, "cat"))
        found.append(LexicalIndex.open(tmp_path / name, ["en"]).search("cat dog", 31))
    assert found[0] == found[1]
    assert ids(found[0]) == [*range(30), 30], "equal scores keep the order of the articles"


@pytest.mark.parametrize("content", [None, {}, {"meta.json": b"{"}, {"meta.json": b""}])
def test_what_tantivy_cannot_read(tmp_path: Path, content: dict[str, bytes] | None) -> None:
    if content is not None:
        (tmp_path / "words").mkdir()
        for name, raw in content.items():
            (tmp_path / "words" / name).write_bytes(raw)
    with pytest.raises(DamagedIndexError, match="words: not a word index that tantivy can read"):
        LexicalIndex.open(tmp_path / "words", ["en"])


def test_an_index_is_read_where_nothing_can_be_written(
    build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """tantivy makes a lock when it opens an index, and says so where it cannot."""
    build(english("cat", "dog"))
    usual, opened = tantivy.Index.open, []

    class ReadOnly:
        @staticmethod
        def open(path: str) -> tantivy.Index:
            opened.append(path)
            if Path(path) == tmp_path / "words":
                raise ValueError("Failed to acquire Lockfile: IoError(Os { code: 30, kind: ReadOnlyFilesystem })")
            return usual(path)

    monkeypatch.setattr("index.storage.lexical_index.tantivy.Index", ReadOnly)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "words").iterdir()}
    index = LexicalIndex.open(tmp_path / "words", ["en"])
    assert (ids(index.search("dog", 1)), len(index)) == ([1], 2)
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "words").iterdir()} == before
    assert len(opened) == 2
    assert not Path(opened[1]).exists()


def test_an_index_without_its_fields_is_refused(build: Build, tmp_path: Path) -> None:
    build(english("cat"))
    with pytest.raises(DamagedIndexError, match="words: not a word index that tantivy can read: it has no field ru"):
        LexicalIndex.open(tmp_path / "words", ["en", "ru"])


def test_an_index_outlives_its_files(build: Build, tmp_path: Path) -> None:
    index = build(english("cat", "dog"))
    for path in (tmp_path / "words").iterdir():
        path.unlink()
    assert ids(index.search("dog", 1)) == [1]


@pytest.mark.parametrize("language", sorted(STEMMED))
def test_every_language_that_is_stemmed_can_be_indexed_and_found(tmp_path: Path, language: str) -> None:
    LexicalIndex.build(tmp_path / "words", [language], [LexicalEntry(0, "Erdogan Ankara", language, None, None)])
    assert [id for id, _ in LexicalIndex.open(tmp_path / "words", [language]).search("Ankara", 5)] == [0]


NAMES = [
    LexicalEntry(0, "Canada’s space agency met Dmitry Rogozin of Roscosmos in Moscow.", "en", None, None),
    LexicalEntry(1, "Глава Роскосмоса Дмитрий Рогозин говорил с NASA о корабле «Союз-2.1а».", "ru", None, None),
    LexicalEntry(2, "The U.S. Air Force sent two F-16 jets, and 1,000 men followed.", "en", None, None),
    LexicalEntry(3, "COVID-19 cases rose by 2.5 % in May, AT&T said of its offices.", "en", None, None),
    LexicalEntry(4, "Programs in C++ and in C# run on it.", "en", None, None),
    LexicalEntry(5, "北京宣布新的制裁措施，NASA 和 F-16 不在其中。", "zh", None, None),
    LexicalEntry(6, "قال محمد بن سلمان إن 250 شركة شاركت في المعرض.", "ar", None, None),
    LexicalEntry(7, "Le ministre de l’Économie a vu 30 entreprises.", "fr", None, None),
    LexicalEntry(8, "Xi Jinping (习近平) visited Kazan.", "en", None, None),
    LexicalEntry(9, "Two dogs and five cats ran over the hill.", "en", None, None),
]


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("Что сказал Rogozin?", 0),
        ("Кто встретил Dmitry Rogozin в Moscow?", 0),
        ("What did Рогозин say?", 1),
        ("What happened to Рогозину?", 1),
        ("Who is 习近平?", 8),
        ("习近平访问了哪里？", 8),
        ("哪些制裁措施？", 5),
        ("What are the 制裁措施?", 5),
        ("ماذا قال مُحَمَّد بن سلمان؟", 6),
        ("Who is محمد?", 6),
        ("économie", 7),
        ("Canada's agency", 0),
        ("Canada’s agency", 0),
        ("US Air Force", 2),
        ("Сколько F-16?", 2),
        ("How many F16?", 2),
        ("1000 men", 2),
        ("1,000", 2),
        ("2.5", 3),
        ("COVID-19", 3),
        ("covid", 3),
        ("COVID19", 3),
        ("Что сделала AT&T?", 3),
        ("C++", 4),
        ("c#", 4),
        ("Союз-2.1а", 1),
        ("Сколько компаний: 250?", 6),
    ],
)
def test_names_and_numbers_are_found_from_any_language(build: Build, question: str, first: int) -> None:
    assert ids(build(NAMES).search(question, 1)) == [first]


@pytest.mark.parametrize("question", ["Путин", "USSR", "tell us", "ATC", "D#", "100", "。", " ", "东"])
def test_what_no_passage_holds_is_not_found(build: Build, question: str) -> None:
    assert build(NAMES).search(question, 9) == []
