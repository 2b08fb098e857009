"""What goes in comes out, to the code point, and in order."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.errors import DamagedIndexError
from index.keys import article_key
from index.storage.articles import ArticleStore, Summary
from index.storage.lexical_index import ArticleFilters
from index.text.duplicates import group, sign
from index.types import Article, Passage

Stored = list[tuple[Article, list[Passage]]]


@contextmanager
def stored(path: Path, content: Stored) -> Iterator[ArticleStore]:
    store = ArticleStore.create(path)
    for article, passages in content:
        store.add(article, passages)
    store.close()
    with closing(ArticleStore.open(path)) as store:
        yield store


def passages_of(article: Article, *spans: tuple[int, int]) -> tuple[Article, list[Passage]]:
    return article, [Passage(article, start, end) for start, end in spans]


EAST = timezone(timedelta(hours=10))
NEWS = [
    passages_of(
        Article("a", "Rain fell. It stopped.", "a.txt", source="TASS", published=date(2022, 4, 1), language="en"),
        (0, 10),
        (11, 22),
    ),
    passages_of(
        Article(
            "b", "Es regnete.", "b.txt", source="Tass", language="de", published=datetime(2022, 4, 3, 1, tzinfo=EAST)
        ),
        (0, 11),
    ),
    passages_of(Article("c", "Undated rain.", "c.txt", source="Reuters", language="en"), (0, 7), (8, 13)),
    passages_of(Article("d", "No outlet.", "d.txt", published=date(2022, 4, 2)), (0, 10)),
]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ArticleStore]:
    with stored(tmp_path / "articles.sqlite", NEWS) as store:
        yield store


def test_headlines_that_hold_a_word(tmp_path: Path) -> None:
    day, next_day = date(2022, 4, 2), date(2022, 4, 3)
    articles = [
        Article("a", "Rain fell.", "a.txt", title="Rain in Kiev", published=day, source="TASS"),
        Article("b", "Snow fell.", "b.txt", title="Мэр Киева приехал", published=next_day),
        Article("c", "Hail fell on Kiev.", "c.txt"),
    ]
    with stored(tmp_path / "s", [passages_of(article, (0, 10)) for article in articles]) as store:
        every = list(store.all_passages())
        assert store.in_headlines(["Kiev", "Киев"], ArticleFilters(), 9) == [every[1], every[0]]
        assert store.in_headlines(["Kiev", "Киев"], ArticleFilters(), 1) == [every[1]]
        assert store.in_headlines(["Киев"], ArticleFilters(source="tass"), 9) == []
        assert store.in_headlines(["kiev"], ArticleFilters(), 9) == []
        assert store.in_headlines([], ArticleFilters(), 9) == []


def test_texts_that_are_known(tmp_path: Path) -> None:
    rain, snow = Article("a", "Rain “fell”.\n", "a.txt"), Article("b", "Снег 😀", "b.txt")
    with stored(tmp_path / "s", [passages_of(rain, (0, 12)), passages_of(snow, (0, 4))]) as store:
        assert store.known_texts(["Rain “fell”.", "Снег 😀", "rain “fell”.\n", ""]) == {"Снег 😀"}
        assert store.known_texts([rain.text]) == {rain.text}
        assert store.known_texts([]) == set()


def test_order(store: ArticleStore) -> None:
    assert list(store.articles()) == [article for article, _ in NEWS]
    assert list(store.all_passages()) == [passage for _, passages in NEWS for passage in passages]
    assert len(store) == 6


def test_passages_in_the_order_asked(store: ArticleStore) -> None:
    every = list(store.all_passages())
    assert store.passages([5, 0, 3, 0]) == [every[5], every[0], every[3], every[0]]
    assert store.passages([]) == []
    with pytest.raises(DamagedIndexError, match="the index names passage 6 and does not hold it; see what else"):
        store.passages([0, 6])


def test_an_article_by_its_id(store: ArticleStore) -> None:
    assert store.article("b") == NEWS[1][0]
    assert store.article("B") is None


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        (ArticleFilters(), [0, 1, 2, 3, 4, 5]),
        (ArticleFilters(source="tass"), [0, 1, 2]),
        (ArticleFilters(source="TAS"), []),
        (ArticleFilters(since=date(2022, 4, 2)), [2, 5]),
        (ArticleFilters(until=date(2022, 4, 2)), [0, 1, 5]),
        (
            ArticleFilters(since=date(2022, 4, 3), until=date(2022, 4, 3)),
            [2],
        ),  # the source's own day, which is not UTC's
        (ArticleFilters(until=date.max), [0, 1, 2, 5]),  # an undated one passes no filter of days
        (ArticleFilters(since=date(2022, 4, 2), source="TASS"), [2]),
    ],
)
def test_filters(store: ArticleStore, filters: ArticleFilters, ids: list[int]) -> None:
    found = store.ids(filters)
    assert found.dtype == "int64"
    assert sorted(found.tolist()) == ids


@pytest.mark.parametrize(
    ("filters", "k", "ids"),
    [
        (ArticleFilters(), 9, [2, 5, 0, 3]),  # the first passage of each article, and the undated one last
        (ArticleFilters(), 2, [2, 5]),
        (ArticleFilters(until=date(2022, 4, 2)), 9, [5, 0]),
        (ArticleFilters(source="tass"), 9, [2, 0]),
        (ArticleFilters(since=date(2022, 4, 4)), 9, []),
    ],
)
def test_the_beginnings_of_the_newest_articles(
    store: ArticleStore, filters: ArticleFilters, k: int, ids: list[int]
) -> None:
    every = list(store.all_passages())
    assert store.latest(filters, k) == [every[id] for id in ids]


@pytest.mark.parametrize("ids", [[0, 1, 2, 3, 4, 5], [5, 3, 0, 2], [2, 2], []])
def test_days_in_the_order_asked(store: ArticleStore, ids: list[int]) -> None:
    first = date(2022, 4, 1).toordinal()
    days = [first, first, first + 2, 0, 0, first + 1]  # the source's own day; 0 where there is none
    found = store.days(ids)
    assert found.dtype == "int64"
    assert found.tolist() == [days[id] for id in ids]


def test_days_of_a_passage_that_there_is_not(store: ArticleStore) -> None:
    with pytest.raises(KeyError):
        store.days([0, 6])


def test_summary(store: ArticleStore) -> None:
    outlets = (("TASS", 2), ("Reuters", 1))
    days = (date(2022, 4, 1), date(2022, 4, 3))
    summary = store.summary()
    assert store.first_day() == summary.first_day
    assert summary == Summary(4, 6, 1, *days, ((summary.outlets[0][0], 2), outlets[1]), ("", "de", "en"))
    assert summary.outlets[0][0] in ("TASS", "Tass")


def test_an_empty_store(tmp_path: Path) -> None:
    with stored(tmp_path / "empty.sqlite", []) as store:
        assert store.summary() == Summary(0, 0, 0, None, None, (), ())
        assert store.first_day() is None
        assert list(store.all_passages()) == []
        assert list(store.articles()) == []
        assert store.problems() == []
        assert store.ids(ArticleFilters()).tolist() == []


TEXT = st.text(min_size=1)
NAMES = st.lists(st.text(), max_size=3).map(tuple)
ZONES = st.builds(timezone, st.timedeltas(timedelta(hours=-23), timedelta(hours=23)))
PUBLISHED = st.none() | st.dates() | st.datetimes(timezones=ZONES)
ARTICLES = st.builds(
    Article,
    id=TEXT,
    text=TEXT,
    origin=TEXT,
    title=st.none() | st.text(),
    url=st.none() | st.text(),
    source=st.none() | st.text(),
    published=PUBLISHED,
    published_text=st.none() | st.text(),
    place=st.none() | st.text(),
    language=st.none() | st.sampled_from(["en", "ru", "zh"]),
    authors=NAMES,
    tags=NAMES,
    modified=st.none() | st.dates(),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(ARTICLES, max_size=3, unique_by=lambda article: article.id), st.data())
@example(
    [
        Article(
            "😀",
            "One\r\ntwo\x00\u2028three 👩\u200d👩\u200d👧 \ufeff",
            "x",
            authors=("Ann\nLee", "", 'O"Neil'),
            tags=("",),
            published=datetime(1, 1, 1, tzinfo=UTC),
        )
    ],
    None,
)
def test_every_field_comes_back(articles: list[Article], data: st.DataObject | None) -> None:
    content = []
    for article in articles:
        start = data.draw(st.integers(0, len(article.text) - 1)) if data else 0
        content.append(passages_of(article, (0, len(article.text)), (start, len(article.text))))
    with TemporaryDirectory() as folder, stored(Path(folder) / "articles.sqlite", content) as store:
        assert list(store.articles()) == articles
        for article, back in zip(articles, store.articles(), strict=True):
            assert back.dated == article.dated
            assert store.article(article.id) == article
        assert list(store.all_passages()) == [passage for _, passages in content for passage in passages]
        assert store.problems() == []


def test_one_id_twice_is_refused(tmp_path: Path) -> None:
    store = ArticleStore.create(tmp_path / "articles.sqlite")
    store.add(*NEWS[0])
    with pytest.raises(sqlite3.IntegrityError):
        store.add(replace(NEWS[1][0], id="a"), [])
    store.close()


@pytest.mark.parametrize("name", ["it is 100% #1?.sqlite", "a%20b.sqlite", "日本.sqlite"])
def test_a_folder_may_have_any_name(tmp_path: Path, name: str) -> None:
    with stored(tmp_path / name, NEWS) as store:
        assert len(store) == 6


def test_a_store_is_only_read(store: ArticleStore, tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError):
        store.add(replace(NEWS[0][0], id="new"), [])
    assert [path.name for path in tmp_path.iterdir()] == ["articles.sqlite"], "no journal beside it"


def test_no_store(tmp_path: Path) -> None:
    for name, content in (("missing", None), ("empty", b""), ("text", b"rain " * 1000)):
        if content is not None:
            (tmp_path / name).write_bytes(content)
        with pytest.raises(DamagedIndexError, match=f"{name}: not a store of articles: "):
            ArticleStore.open(tmp_path / name)
    assert not (tmp_path / "missing").exists()


Damage = Callable[[sqlite3.Connection], object]


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE passages SET end = 23 WHERE id = 1", "passage 1: [11:23] is no slice of an article"),
        ("UPDATE passages SET start = -1 WHERE id = 0", "passage 0: [-1:10] is no slice of an article"),
        ("UPDATE passages SET start = end WHERE id = 4", "passage 4: [13:13] is no slice of an article"),
        ("DELETE FROM articles WHERE id = 'b'", "passage 2: [0:11] is no slice of an article"),
    ],
)
def test_problems(store: ArticleStore, tmp_path: Path, statement: str, problem: str) -> None:
    assert store.problems() == []
    with closing(sqlite3.connect(tmp_path / "articles.sqlite")) as db, db:
        db.execute(statement)
    with closing(ArticleStore.open(tmp_path / "articles.sqlite")) as damaged:
        assert damaged.problems() == [problem]


def test_problems_of_broken_pages(tmp_path: Path) -> None:
    path = tmp_path / "articles.sqlite"
    content = [passages_of(Article(str(n), "rain " * 200, "x"), (0, 1000)) for n in range(200)]
    with stored(path, content):
        raw = bytearray(path.read_bytes())
    for at in range(len(raw) // 2 // 4096 * 4096, len(raw), 4096):
        raw[at : at + 8] = bytes(8)
    path.write_bytes(raw)
    with closing(ArticleStore.open(path)) as store:
        assert store.problems()


def test_each_of_many(tmp_path: Path) -> None:
    """More than SQLite takes as parameters of one query."""
    article = Article("a", "Rain fell.", "a.txt")
    with stored(tmp_path / "many.sqlite", [(article, [Passage(article, 0, 4)] * 40_000)]) as store:
        passages = store.each(range(39_999, -1, -1))
        assert sum(passage == Passage(article, 0, 4) for passage in passages) == 40_000


WIRE = " ".join(f"word{n}" for n in range(100))


@contextmanager
def signed_store(path: Path, base: ArticleStore | None, **texts: str) -> Iterator[ArticleStore]:
    """A store to which articles were added, with their stories; it can be written to."""
    store = ArticleStore.create(path, base)
    for day, (id, text) in enumerate(texts.items(), 1):
        article, passages = passages_of(Article(id, text, "x", published=date(2022, 4, day)), (0, len(text)))
        store.add(article, passages, signature=sign(article, passages))
    store.put_stories(group(store.without_story(), store.firsts()))
    store.close()
    with closing(ArticleStore(sqlite3.connect(path))) as store:
        yield store


def copies(store: ArticleStore, *ids: str) -> dict[str, str]:
    return {id: "".join(article.id for article in others) for id, others in store.copies(ids).items()}


def test_copies_are_the_other_articles_of_a_story(tmp_path: Path) -> None:
    with signed_store(tmp_path / "a", None, b=WIRE, a="Rain fell.", c=f"{WIRE} more") as store:
        assert copies(store, "a", "b", "c", "none") == {"a": "", "b": "c", "c": "b", "none": ""}
        assert [article.text for article in store.copies(["b"])["b"]] == [f"{WIRE} more"]


def test_a_new_article_joins_a_story_and_one_that_is_gone_leaves_it(tmp_path: Path) -> None:
    with (
        signed_store(tmp_path / "a", None, a=WIRE, b=WIRE) as first,
        signed_store(tmp_path / "b", first, c=WIRE, d="Rain fell.") as second,
    ):
        assert copies(second, "a", "c", "d") == {"a": "cb", "c": "ab", "d": ""}  # c is of the first day too
        second.remove("b")
        assert copies(second, "a", "c") == {"a": "c", "c": "a"}


def test_a_story_whose_first_article_is_gone_has_another_first_one(tmp_path: Path) -> None:
    with signed_store(tmp_path / "a", None, a=WIRE, b=WIRE, c=WIRE, d="Rain fell.") as store:
        store.remove("a")
        store.remove("d")
        assert [signed.number for signed in store.without_story()] == [2, 3]
        assert list(store.firsts()) == []
        text = "Snow fell."
        snow, passages = passages_of(Article("e", text, "x"), (0, 10))
        store.add(snow, passages, signature=sign(snow, passages))  # its number may be that of an article that is gone
        store.put_stories(group(store.without_story(), store.firsts()))
        assert copies(store, "b", "c", "e") == {"b": "c", "c": "b", "e": ""}
        assert store.without_story() == []
        assert len(list(store.firsts())) == 2


def test_copies_are_in_the_order_of_their_days(tmp_path: Path) -> None:
    store = ArticleStore.create(tmp_path / "a")
    for id, day in (("a", 3), ("b", None), ("c", 1), ("d", 2)):
        article = Article(id, WIRE, "x", published=date(2022, 4, day) if day else None)
        store.add(article, [Passage(article, 0, 9)], signature=sign(article, [Passage(article, 0, len(WIRE))]))
    store.put_stories(group(store.without_story(), store.firsts()))
    assert copies(store, "a", "c") == {"a": "cdb", "c": "dab"}
    store.close()


def test_articles_by_their_key(store: ArticleStore) -> None:
    assert store.articles_by_key(article_key("b")) == [NEWS[1][0]]
    assert store.articles_by_key(article_key("nothing")) == []
    assert store.articles_by_key("") == []
