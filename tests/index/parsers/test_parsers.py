"""Files of every format to articles: text, Markdown, pages and JSON Lines, with links, dates and folders."""

from __future__ import annotations

import codecs
import gzip
import json
import os
import subprocess
import sys
import tempfile
import tracemalloc
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import index.parsers.decoding
import index.parsers.jsonl
from index.errors import SourceError
from index.parsers.date_values import parse_published
from index.parsers.markdown import render_markdown
from index.parsers.problems import Problem
from index.parsers.source_files import find_files, list_files, read_file
from index.types import Article
from tests.support.paths import SEED

CONTROLS = "".join(map(chr, range(0x80, 0xA0)))  # replaced by the characters that windows-1252 has there


def read(path: Path) -> tuple[list[Article], list[Problem]]:
    problems: list[Problem] = []
    return list(read_file(path, path.name, problems.append)), problems


def read_bytes(folder: Path, name: str, data: bytes) -> tuple[list[Article], list[Problem]]:
    path = folder / name
    path.write_bytes(data)
    return read(path)


def read_text(folder: Path, name: str, text: str) -> Article:
    """Return the one article of a file, which must give no warning."""
    articles, problems = read_bytes(folder, name, text.encode())
    assert problems == []
    (article,) = articles
    return article


def rows(*values: object) -> bytes:
    return b"".join(json.dumps(value).encode() + b"\n" for value in values)


# Plain text


def test_seed() -> None:
    articles, problems = read(SEED)
    text = SEED.read_bytes().decode()
    title = "Canada vows to continue work with state bodies for further ISS cooperation — Roscosmos"
    assert problems == []
    assert articles == [
        Article(SEED.name, text, str(SEED), title, source="TASS", published_text="April 2", place="MOSCOW")
    ]


def test_front_matter_takes_precedence_over_the_dateline(tmp_path: Path) -> None:
    article = read_text(
        tmp_path,
        "a.txt",
        "---\nid: 0042\ntitle: 2022\nurl: https://example.org/a\npublished: 2022-04-03\nsource: The Post\n"
        "language: en-GB\nauthors: [Jane Doe, John Roe]\ntags: Rain\nlayout: post\n---\n\n"
        "LEEDS, April 2, 2021 (Reuters) - It rained.\r\n",
    )
    assert article == Article(
        id="0042",
        text="LEEDS, April 2, 2021 (Reuters) - It rained.\r\n",
        origin=str(tmp_path / "a.txt"),
        title="2022",
        url="https://example.org/a",
        source="The Post",
        published=date(2022, 4, 3),
        place="LEEDS",
        language="en",
        authors=("Jane Doe", "John Roe"),
        tags=("Rain",),
    )


def test_complete_date_of_a_dateline(tmp_path: Path) -> None:
    article = read_text(tmp_path, "a.txt", "LEEDS, April 2, 2021 (Reuters) - It rained.")
    assert (article.published, article.published_text, article.source) == (date(2021, 4, 2), None, "Reuters")


@pytest.mark.parametrize(
    "text",
    [
        "---\nIt rained.\n---\nIt stopped.",
        "---\nIt rained: hard\n---\nIt stopped.",
        "---\nIt rained.",
        "---- It rained.",
        '---\nHe said: "foo": bar\n---\nIt stopped.',
        "---\n---\nIt rained.",
        "---\n- a\n---\nIt rained.",
    ],
)
def test_dashes_without_front_matter_are_text(tmp_path: Path, text: str) -> None:
    assert read_text(tmp_path, "a.txt", text).text == text


def test_invalid_yaml_is_reported_with_its_line(tmp_path: Path) -> None:
    (article,), (problem,) = read_bytes(tmp_path, "a.txt", b"---\ntitle: Rain\nurl: [a\n---\nIt rained.\n")
    assert (article.text, article.title) == ("It rained.\n", None)
    assert problem.origin == f"{tmp_path / 'a.txt'}:4"
    assert not problem.skipped


def test_front_matter_field_of_the_wrong_type_is_ignored(tmp_path: Path) -> None:
    (article,), (problem,) = read_bytes(tmp_path, "a.txt", b"---\ntitle: {a: b}\nsource: The Post\n---\nIt rained.\n")
    assert (article.title, article.source) == (None, "The Post")
    assert problem == Problem(
        str(tmp_path / "a.txt"), "front matter: title: must be a string, not an object; the field is ignored", False
    )


@pytest.mark.parametrize(
    ("data", "text", "warning"),
    [
        (b"It rained.\r\n  Hard.\n", "It rained.\r\n  Hard.\n", None),
        (codecs.BOM_UTF8 + "Été.".encode(), "Été.", None),
        ("Été.".encode("utf-16"), "Été.", "UTF-16"),
        ("Été.".encode("utf-32"), "Été.", "UTF-32"),
        ("Il a plu à Orléans, les élèves étaient fâchés.".encode("latin-1"), None, "cp1252"),
        ("Дождь остановил игру в субботу, сообщили журналистам.".encode("cp1251"), None, "cp1251"),
        ("Дождь ".encode() * 20 + b"\xff it rained.", "Дождь " * 20 + "\ufffd it rained.", "invalid bytes"),
    ],
)
def test_encodings(tmp_path: Path, data: bytes, text: str | None, warning: str | None) -> None:
    (article,), problems = read_bytes(tmp_path, "a.txt", data)
    assert article.text == (text or data.decode(warning or ""))
    assert [problem.skipped for problem in problems] == ([False] if warning else [])
    assert all(warning in problem.message and "a.txt" in problem.origin for problem in problems if warning)


@pytest.mark.parametrize(
    ("name", "data", "line"),
    [
        ("a.txt", b"", ""),
        ("a.txt", b" \n\t\n", ""),
        ("a.txt", codecs.BOM_UTF8, ""),
        ("a.txt", b"---\ntitle: Rain\n---\n", ""),
        ("a.txt", b"It rained.\nIt\0stopped.", ":2"),
        ("a.txt", codecs.BOM_UTF16_LE + b"a", ""),
        ("a.md", b"", ""),
        ("a.md", b"![rain](rain.png)", ""),
        ("a.html", b"", ""),
        ("a.html", b"\0", ":1"),
        ("a.jsonl", b"", ""),
        ("a.jsonl", b"\n \n", ""),
        ("a.jsonl.gz", b"", ""),
        ("a.jsonl.gz", gzip.compress(b"", mtime=0), ""),
        ("a.jsonl.gz", b"It rained.", ":1"),
        ("a.jsonl", "{}".encode("utf-16"), ":1"),
    ],
)
def test_file_without_content_gives_one_warning(tmp_path: Path, name: str, data: bytes, line: str) -> None:
    articles, (problem,) = read_bytes(tmp_path, name, data)
    assert articles == []
    assert problem.origin == f"{tmp_path / name}{line}"
    assert problem.skipped


def test_case_55_empty_files_and_rows(tmp_path: Path) -> None:
    for name, data in {
        "e1.txt": b"",
        "e2.txt": b" \n\t\n",
        "e3.txt": codecs.BOM_UTF8,
        "r.jsonl": rows({"id": "1", "text": ""}, {"id": "2", "text": None}, {"id": "3", "title": "x"}),
    }.items():
        (tmp_path / name).write_bytes(data)
    problems: list[Problem] = []
    files = list_files([tmp_path], [])
    assert [article for path, name in files for article in read_file(path, name, problems.append)] == []
    assert [problem.origin.removeprefix(f"{tmp_path}/") for problem in problems] == [
        "e1.txt",
        "e2.txt",
        "e3.txt",
        "r.jsonl:1",
        "r.jsonl:2",
        "r.jsonl:3",
    ]
    assert all(problem.skipped for problem in problems)
    assert [problem.message.partition(";")[0] for problem in problems] == [
        *["is empty"] * 3,
        "text: is empty",
        "text: is missing",
        "text: is missing",
    ]


NOTICES = {
    "nothing": "",
    "a script": '<noscript>You need to enable JavaScript to run this app.</noscript><div id="root"></div>',
    "a check": "<h1>Just a moment</h1><p>Please enable JS and disable any ad blocker</p><p>Checking your browser.</p>",
    "consent": "<h1>We value your privacy</h1><p>We and our 842 partners store information such as cookies"
    " and process personal data.</p><button>Accept all</button>",
    "a paywall": "<article><h1>Fish market to close</h1><p>Subscribe to read this article. Log in.</p></article>",
    "Russian": "<h1>Рынок закроют</h1><p>Этот материал доступен только для подписчиков.</p>",
    "German": "<p>Bitte aktivieren Sie JavaScript in Ihrem Browser.</p>",
}


@pytest.mark.parametrize("body", NOTICES.values(), ids=NOTICES)
def test_page_without_an_article_gives_a_warning_that_is_no_fault(tmp_path: Path, body: str) -> None:
    page = f"<html><head><title>Bay Post</title></head><body>{body}</body></html>"
    articles, (problem,) = read_bytes(tmp_path, "a.html", page.encode())
    assert (articles, problem.skipped, problem.no_article) == ([], False, True)
    assert problem.message.startswith("no article found: ")


@pytest.mark.parametrize(
    "text",
    [
        "The council enabled cookies on its site on Tuesday, the mayor said. " * 3,
        "Rain fell on Leeds. Browsers that have JavaScript disabled are rare, and "
        + "the town has many of them. " * 30,
        "Marrow Bay closed its fish market on Tuesday.",
    ],
)
def test_article_about_cookies_is_no_notice(tmp_path: Path, text: str) -> None:
    (article,), problems = read_bytes(tmp_path, "a.html", f"<html><body><p>{text}</p></body></html>".encode())
    assert (article.text.split(), problems) == (text.split(), [])


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html"])
def test_file_that_is_too_large_is_left_out(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index.parsers.decoding, "FILE", 2_000)
    assert len(read_bytes(tmp_path, name, b"<p>" + b"It rained. " * 100)[0]) == 1
    articles, (problem,) = read_bytes(tmp_path, name, b"It rained. " * 200)
    assert (articles, problem.skipped) == ([], True)
    assert "too large" in problem.message


def test_unreadable_files_give_warnings(tmp_path: Path) -> None:
    (tmp_path / "loop.txt").symlink_to("loop.txt")
    (tmp_path / "gone.md").symlink_to("nowhere.md")
    os.mkfifo(tmp_path / "pipe.txt")
    os.mkfifo(tmp_path / "pipe.jsonl")
    (tmp_path / "folder.txt").mkdir()
    (tmp_path / "folder.txt" / "a.txt").write_text("It rained.")
    problems: list[Problem] = []
    files = list_files([tmp_path], [])
    found = [article.id for path, name in files for article in read_file(path, name, problems.append)]
    assert found == ["folder.txt/a.txt"]
    assert [Path(problem.origin).name for problem in problems] == ["gone.md", "loop.txt", "pipe.jsonl", "pipe.txt"]
    assert all(problem.skipped for problem in problems)
    assert [problem.skipped for problem in read(tmp_path / "folder.txt")[1]] == [True]


# Markdown


@pytest.mark.parametrize(
    ("markdown", "text", "title"),
    [
        ("It *rained* **hard**.", "It rained hard.", None),
        ("# Rain *in* Leeds\n\nIt rained.", "Rain in Leeds\n\nIt rained.", "Rain in Leeds"),
        (f"# {'x' * 1001}\n\n# Rain", f"{'x' * 1001}\n\nRain", "Rain"),
        ("It rained.\n\nLeeds\n=====\n\n# Two", "It rained.\n\nLeeds\n\nTwo", "Leeds"),
        ("See [the report](http://example.org) ![rain](a.png)on `rain`.", "See the report on rain.", None),
        ("one\ntwo  \nthree<br>four", "one\ntwo\nthree\nfour", None),
        ("Q&amp;A \\*rain\\*", "Q&A *rain*", None),
        ("a\n\n- b\n- c\n  1. d\n  2. e\n\nf\n\n- g", "a\n\nb\nc\n1. d\n2. e\n\nf\n\ng", None),
        ("- a\n\n<!-- -->\n\n- b", "a\n\nb", None),
        ("> It rained.", "It rained.", None),
        ("```\nx  = 1\n\ny = 2\n```", "x  = 1\n\ny = 2", None),
        ("|a|b|\n|-|-|\n|1|2|\n\nc", "a | b\n1 | 2\n\nc", None),
        ("<div>It <b>rained</b> &amp; hailed</div>\n\n<script>x</script>", "It rained & hailed", None),
        ("a\n\n---\n\nb", "a\n\nb", None),
        ("", "", None),
    ],
)
def test_markdown(markdown: str, text: str, title: str | None) -> None:
    page = render_markdown(markdown)
    assert (page.text, page.title) == (text, title)


def test_markdown_file(tmp_path: Path) -> None:
    article = read_text(tmp_path, "a.md", "---\nsource: The Post\n---\n# Rain\n\nLEEDS, April 2 (AP) — It *rained*.")
    assert article.text == "Rain\n\nLEEDS, April 2 (AP) — It rained."
    assert (article.title, article.source, article.place) == ("Rain", "The Post", "LEEDS")
    assert read_text(tmp_path, "b.md", "---\ntitle: Hail\n---\n# Rain\n\nIt rained.").title == "Hail"
    assert read_text(tmp_path, "c.markdown", "Rain stops play\n\nIt *rained*.").title == "Rain stops play"


# Web pages

PAGE = """<html lang="en-GB"><head><title>Rain stops play | The Post</title>
<meta property="og:site_name" content="The Post"><link rel="canonical" href="https://example.org/a">
<meta property="article:published_time" content="2022-04-02T10:00:00+02:00"><meta name="author" content="Jane Doe">
</head><body><nav>All news</nav><article><h1>Rain stops play</h1>
<p>LEEDS, England (AP) — Rain fell over the whole of Yorkshire on Saturday and stopped the match.</p>
<p>It is said to go on until Monday, the weather service told reporters.</p></article></body></html>"""


def test_page(tmp_path: Path) -> None:
    assert read_text(tmp_path, "fragment.html", "<p>It rained. It stopped.").text == "It rained. It stopped."
    assert read_text(tmp_path, "a.html", PAGE) == Article(
        id="https://example.org/a",
        text="LEEDS, England (AP) — Rain fell over the whole of Yorkshire on Saturday and stopped the match.\n\n"
        "It is said to go on until Monday, the weather service told reporters.",
        origin=str(tmp_path / "a.html"),
        title="Rain stops play",
        url="https://example.org/a",
        source="The Post",
        published=date(2022, 4, 2),
        place="LEEDS, England",
        language="en",
        authors=("Jane Doe",),
    )


def test_day_of_the_last_change(tmp_path: Path) -> None:
    changed = '<meta property="article:modified_time" content="2022-04-03T10:00:00+02:00">'
    article = read_text(tmp_path, "a.html", PAGE.replace("<nav>", f"{changed}<nav>"))
    assert (article.day, article.modified, article.updated) == (date(2022, 4, 2), date(2022, 4, 3), date(2022, 4, 3))
    row = {"text": "It rained.", "published": "2022-04-02", "modified": "3 April 2022"}
    (article,), problems = read_bytes(tmp_path, "a.jsonl", rows(row))
    assert (article.modified, problems) == (date(2022, 4, 3), [])
    (article,), problems = read_bytes(tmp_path, "a.jsonl", rows({**row, "modified": "April 3"}))
    assert (article.modified, article.updated, problems) == (None, None, [])


@pytest.mark.parametrize(
    "text",
    ["0001-01-01T00:00:00Z", "0000-00-00 00:00:00", "1970-01-01", "1969-12-31T19:00:00-05:00", "1900-01-01T00:00:00",
     "9999-12-31T23:59:59Z"],
)  # fmt: skip
def test_placeholder_is_not_a_date(text: str) -> None:
    assert parse_published(text) == (None, None)


def test_page_in_its_declared_encoding(tmp_path: Path) -> None:
    story = "Дождь остановил игру в субботу, сообщили журналистам в Лидсе."
    page = f"<html><head><meta charset='windows-1251'></head><body><p>{story}</p></body></html>"
    (article,), problems = read_bytes(tmp_path, "a.htm", page.encode("cp1251"))
    assert (article.text, article.id, problems) == (story, "a.htm", [])
    (article,), problems = read_bytes(tmp_path, "b.htm", page.replace("windows-1251", "rain").encode())
    assert (article.text, problems) == (story, [])


# Links


@pytest.mark.parametrize(
    ("stated", "id", "url"),
    [
        ("https://x.org/a", "https://x.org/a", "https://x.org/a"),
        ("https://x.org/é", "https://x.org/é", "https://x.org/%C3%A9"),
        ('https://x.org/?y=<b>"q"', 'https://x.org/?y=<b>"q"', "https://x.org/?y=%3Cb%3E%22q%22"),
        ("https://x.org/\n  a b", "https://x.org/a b", "https://x.org/a%20b"),
        (" ", "a.jsonl:1", None),
    ],
)
def test_url_is_normalized(tmp_path: Path, stated: str, id: str, url: str | None) -> None:
    (article,), problems = read_bytes(tmp_path, "a.jsonl", rows({"text": "It rained.", "url": stated}))
    assert (article.id, article.url, problems) == (id, url, [])


@pytest.mark.parametrize(
    ("stated", "shown"),
    [("n/a", "'n/a'"), ("/news/é", "'/news/é'"), ("ftp://x.org/\x1b", r"'ftp://x.org/\x1b'"),
     ("x" * 101, f"'{'x' * 100}…'")],
)  # fmt: skip
def test_invalid_url_gives_a_warning_and_the_article_is_kept(tmp_path: Path, stated: str, shown: str) -> None:
    (article,), (problem,) = read_bytes(tmp_path, "a.jsonl", rows({"text": "It rained.", "url": stated}))
    assert (article.id, article.url) == ("a.jsonl:1", None)
    assert problem.message == f"url: {shown} is not an http or https address; the article has no link"
    assert not problem.skipped
    _, (problem,) = read_bytes(tmp_path, "a.md", f"---\nurl: {stated!r}\n---\nIt rained.".encode())
    assert problem.origin == str(tmp_path / "a.md")


# JSON Lines


def test_rows(tmp_path: Path) -> None:
    data = rows(
        {"id": 7, "title": "Rain", "text": "(CNN) It rained.", "url": None, "published": "2022-04-02", "score": 1.5},
        {"url": "https://example.org/b", "text": "It  rained.\u2028", "source": "The Post", "tags": ["a", None, " b "]},
        {"url": "javascript:alert(1)", "text": "It rained.", "published": "April 2", "authors": "Jane Doe"},
    )
    path = tmp_path / "a.jsonl"
    articles, problems = read_bytes(tmp_path, "a.jsonl", codecs.BOM_UTF8 + b"\n" + data)
    said = "url: 'javascript:alert(1)' is not an http or https address; the article has no link"
    assert problems == [Problem(f"{path}:4", said, False)]
    assert articles == [
        Article("7", "(CNN) It rained.", f"{path}:2", "Rain", source="CNN", published=date(2022, 4, 2)),
        Article(
            "https://example.org/b",
            "It  rained.\u2028",
            f"{path}:3",
            url="https://example.org/b",
            source="The Post",
            tags=("a", "b"),
        ),
        Article("a.jsonl:4", "It rained.", f"{path}:4", published_text="April 2", authors=("Jane Doe",)),
    ]
    assert [a.text for a in read_bytes(tmp_path, "a.jsonl.gz", gzip.compress(data))[0]] == [a.text for a in articles]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (b"{", "invalid JSON"),
        (b'{"text": "a\0b"}', "invalid JSON"),
        (b'{"text": NaN}', "invalid JSON: NaN"),
        (b'{"id": 1' + b"0" * 5000 + b', "text": "a"}', "invalid JSON"),
        (b"[" * 100_000, "invalid JSON"),
        (b'{"text": "\xff"}', "not UTF-8 at byte 11"),
        (b"[]", "must be a JSON object"),
        (b'"text"', "must be a JSON object"),
        (b"{}", "text: is missing"),
        (b'{"text": null}', "text: is missing"),
        (b'{"text": " "}', "text: is empty"),
        (b'{"text": 7}', "text: must be a string, not a number"),
        (b'{"text": "a\\ud800"}', "text: contains half a character (\\ud800)"),
        (b'{"text": "a\\u0000"}', "text: contains a NUL"),
        (b'{"text": "a", "title": ["b"]}', "title: must be a string, not a list"),
        (b'{"text": "a", "title": "\\udfff"}', "title: contains half"),
        (b'{"text": "a", "id": true}', "id: must be a string, not a boolean"),
        (b'{"text": "a", "id": "' + b"x" * 1001 + b'"}', "id: is longer"),
        (b'{"text": "a", "published": 2022}', "published: must be a string"),
        (b'{"text": "a", "authors": [1]}', "authors: must be a string"),
    ],
)
def test_invalid_row_is_skipped_and_the_rest_is_read(tmp_path: Path, row: bytes, message: str) -> None:
    good = rows({"id": "x", "text": "It rained."})
    articles, (problem,) = read_bytes(tmp_path, "a.jsonl", b"\n" + row + b"\n" + good)
    assert [article.id for article in articles] == ["x"]
    assert problem.origin == f"{tmp_path / 'a.jsonl'}:2"
    assert message in problem.message
    assert problem.skipped


def test_long_row_is_not_held_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index.parsers.jsonl, "ROW", 2**20)
    good = rows({"id": "x", "text": "It rained."})
    data = good + b'{"text": "' + b"x" * 50_000_000 + b'"}\n' + rows({"id": "y", "text": "It rained."})
    path = tmp_path / "a.jsonl"
    path.write_bytes(data)
    del data
    tracemalloc.start()
    articles, (problem,) = read(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [article.id for article in articles] == ["x", "y"]
    assert problem == Problem(f"{path}:2", "the row is longer than 1 MB; skipped", True)
    assert peak < 10 * 2**20


def test_rows_before_corrupt_gzip_data_are_kept(tmp_path: Path) -> None:
    data = rows(*({"id": n, "text": os.urandom(500).hex()} for n in range(100)))
    articles, (problem,) = read_bytes(tmp_path, "a.jsonl.gz", gzip.compress(data)[:-30_000])
    assert [article.id for article in articles] == [str(n) for n in range(len(articles))]
    assert 20 < len(articles) < 80
    assert problem.origin == f"{tmp_path / 'a.jsonl.gz'}:{len(articles) + 1}"
    assert "gzip" in problem.message


# Dates


@pytest.mark.parametrize(
    ("text", "published"),
    [
        ("2022-04-02", date(2022, 4, 2)),
        ("20220402", date(2022, 4, 2)),
        ("2022-04-02T10:00:00", date(2022, 4, 2)),
        ("2022-04-02 10:00:00Z", datetime(2022, 4, 2, 10, tzinfo=UTC)),
        ("2022-04-02T10:00+02:00", datetime(2022, 4, 2, 10, tzinfo=timezone(timedelta(hours=2)))),
        ("Sat, 02 Apr 2022 10:00:00 GMT", datetime(2022, 4, 2, 10, tzinfo=UTC)),
        ("2 April 2022", date(2022, 4, 2)),
        ("Published: 2 April 2022, 14:30 GMT", date(2022, 4, 2)),
        ("2 апреля 2022, 17:30", date(2022, 4, 2)),
        ("02.04.2022", date(2022, 4, 2)),
        ("04/13/2022", date(2022, 4, 13)),
    ],
)
def test_published(text: str, published: date) -> None:
    assert parse_published(text) == (published, None)
    assert type(parse_published(text)[0]) is type(published)


@pytest.mark.parametrize("text", ["April 2", "03/04/2022", "2022", "2022-04", "2022-13-01", "2022-W13-6", "yesterday",
    "Wed, 04/06/2022 - 10:30", "Updated 2 April 2022", "2 April 2022 to 3 April 2022"])  # fmt: skip
def test_incomplete_or_ambiguous_date_is_kept_as_text(text: str) -> None:
    assert parse_published(text) == (None, text)


OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(
    st.datetimes(datetime(1971, 1, 1), datetime(9998, 1, 1), timezones=OFFSETS)
    | st.dates(date(1000, 1, 1), date(1899, 12, 31))
)
def test_iso_dates_round_trip(moment: date) -> None:
    assert parse_published(moment.isoformat()) == (moment, None)


# Folders and identity


def test_files_of_a_folder(tmp_path: Path) -> None:
    for name in [
        "b.txt",
        "a/z.MD",
        "a/.hidden.txt",
        ".git/x.txt",
        "drafts/x.txt",
        "a/y.pdf",
        "old/2021/x.html",
        "c.jsonl",
    ]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "link").symlink_to(tmp_path / "a")

    def names(*exclude: str) -> list[str]:
        return [path.relative_to(tmp_path).as_posix() for path in find_files(tmp_path, exclude)]

    assert names() == ["a/z.MD", "b.txt", "c.jsonl", "drafts/x.txt", "old/2021/x.html"]
    assert names("drafts", "*.jsonl", "old/2021/*") == ["a/z.MD", "b.txt"]
    assert names("drafts/", "**/2021/**") == names("**/drafts/*", "2021") == ["a/z.MD", "b.txt", "c.jsonl"]
    assert names("a/*.MD", "x.*") == ["b.txt", "c.jsonl"]
    assert list(find_files(tmp_path / ".git" / "x.txt", [])) == [tmp_path / ".git" / "x.txt"]
    with pytest.raises(SourceError, match=r"y\.pdf: the format is not supported; supported are \.txt, \.md"):
        list(find_files(tmp_path / "a" / "y.pdf", []))


def test_ids_are_paths_relative_to_the_source(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.txt").write_text("It rained.")
    (tmp_path / "a" / "y.jsonl").write_bytes(rows({"text": "It rained."}))

    def ids(source: Path) -> list[str]:
        return [a.id for path, name in list_files([source], []) for a in read_file(path, name, problems.append)]

    problems: list[Problem] = []
    assert ids(tmp_path) == ["a/x.txt", "a/y.jsonl:1"]
    assert ids(tmp_path / "a" / "x.txt") == ["x.txt"]
    assert problems == []


def test_missing_source_is_reported_before_any_is_listed(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("It rained.")
    with pytest.raises(SourceError, match="nowhere: no such file or folder"):
        next(list_files([tmp_path, tmp_path / "nowhere"], []))


def test_file_with_an_undecodable_name_gives_a_warning(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.txt"))
    path.write_text("It rained.")
    problems: list[Problem] = []
    assert list(list_files([tmp_path], [], problems.append)) == []
    assert [problem.origin for problem in problems] == [f"{tmp_path}/\\xff.txt"]


def test_import_is_cheap() -> None:
    code = "import sys, index.parsers.source_files; print([m for m in sys.argv[1:] if m in sys.modules])"
    slow = ["cssselect", "razdel", "markdown_it", "frontmatter", "yaml", "charset_normalizer", "lxml"]
    run = subprocess.run([sys.executable, "-c", code, *slow], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


# Any bytes

ENDINGS = [".txt", ".md", ".html", ".jsonl", ".jsonl.gz"]
PIECES = st.sampled_from(
    [b"---\n", b"title: a\n", b"a: [\n", b"# b\n", b"- c\n", b"|d|\n|-|\n", b"<p>", b"<html lang=en>", b"</p>", b"\n",
     b"\xef\xbb\xbf", b"\xff\xfe", b"\xe9", b"\0", b"It rained.", b'{"text": "a"}\n', b'{"text": "\\ud800"}',
     b"\x1f\x8b\x08\0", b"&#0;", b"&#xd800;"]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(ENDINGS), st.lists(PIECES | st.binary(max_size=8)).map(b"".join), st.booleans())
def test_any_bytes_give_articles_or_a_problem(ending: str, data: bytes, zipped: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        zipped = zipped and ending.endswith(".gz")
        articles, problems = read_bytes(Path(folder), f"a{ending}", gzip.compress(data) if zipped else data)
    assert articles or problems
    for article in articles:
        assert article.text.strip()
        assert "\0" not in article.text
        for value in (article.id, article.text, article.title or "", article.source or "", *article.tags):
            value.encode()
    for problem in problems:
        assert problem.origin.startswith(f"{folder}/a{ending}")


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0<&" + CONTROLS)))
def test_text_of_a_row_round_trips(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        articles, problems = read_bytes(Path(folder), "a.jsonl", rows({"text": text}))
    assert [article.text for article in articles] == ([text] if text.strip() else [])
    assert len(problems) == 1 - len(articles)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff" + CONTROLS)))
def test_text_of_a_file_round_trips(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        articles, problems = read_bytes(Path(folder), "a.txt", b"It rained.\n" + text.encode())
    assert [article.text for article in articles] == ["It rained.\n" + text]
    assert problems == []
