"""Fields of rows and front matter under aliases and custom keys."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.parsers.field_aliases import FIELD_ALIASES, known_fields, normalize_key
from index.parsers.problems import Problem
from index.parsers.source_files import read_file
from index.types import Article

TEXT = "The ferry to Fenn will cost nine euros."


def read(path: Path, data: str, **names: str) -> tuple[list[Article], list[Problem]]:
    path.write_text(data, "utf-8")
    problems: list[Problem] = []
    return list(read_file(path, path.name, problems.append, names)), problems


def stated(article: Article) -> tuple[str | None, ...]:
    published = article.day.isoformat() if article.day else article.published_text
    return article.title, published, article.url, article.source, "; ".join(article.authors) or None


@pytest.mark.parametrize(
    "row",
    [
        {"body": TEXT, "headline": "Ferry", "date": "2022-03-08", "link": "https://b.example/f",
         "publisher": "Bay Post", "author": "Jane Doe"},
        {"content": TEXT, "title": "Ferry", "pubDate": "Tue, 08 Mar 2022 10:00:00 GMT", "permalink": "https://b.example/f",
         "site": "Bay Post", "byline": "By Jane Doe"},
        {"article": TEXT, "headline": "Ferry", "published_at": "2022-03-08", "url": "https://b.example/f",
         "outlet": "Bay Post", "author": ["Jane Doe"]},
        {"articleBody": TEXT, "headline": "Ferry", "datePublished": "2022-03-08", "webUrl": "https://b.example/f",
         "publisher": {"@type": "Organization", "name": "Bay Post"}, "author": [{"name": "Jane Doe"}]},
        {"content": TEXT, "title": "Ferry", "publishedAt": "2022-03-08", "url": "https://b.example/f",
         "source": {"id": None, "name": "Bay Post"}, "author": {"name": "Jane Doe"}},
        {"Text": TEXT, "Headline": "Ferry", "Publication Date": "2022-03-08", "source": "https://b.example/f",
         "Site-Name": "Bay Post", "AUTHORS": "Jane Doe"},
        {"full_text": TEXT, "title": None, "headline": "Ferry", "published": " ", "date_published": "2022-03-08",
         "Link": "https://b.example/f", "newspaper": "Bay Post", "authors": [], "author": "Jane Doe"},
        {"article_text": TEXT, "title": "Ferry", "publish_date": "2022-03-08", "url": "/f", "permalink":
         "https://b.example/f", "publication": "Bay Post", "author": "Jane Doe"},
        {"_id": {"$oid": "5f"}, "body": TEXT, "title": "Ferry", "date": {"$date": "2022-03-08"}, "source_url":
         "https://b.example/f", "source_name": "Bay Post", "byline": "by Jane Doe"},
        {"content_html": f"<p>{TEXT}</p>", "title": "Ferry", "webPublicationDate": "2022-03-08", "webUrl":
         "https://b.example/f", "website": "Bay Post", "author": "Jane Doe"},
        {"mainText": TEXT, "title": "Ferry", "isoDate": "2022-03-08", "link": "https://b.example/f",
         "source": "https://b.example", "publisherName": "Bay Post", "author": "Jane Doe"},
    ],
)  # fmt: skip
def test_rows(tmp_path: Path, row: dict[str, object]) -> None:
    (article,), problems = read(tmp_path / "a.jsonl", json.dumps(row))
    assert (article.text, problems) == (TEXT, [])
    assert stated(article) == ("Ferry", "2022-03-08", "https://b.example/f", "Bay Post", "Jane Doe")


FIELDS = ("Ferry", "2022-03-08", "https://b.example/f", "Bay Post", "Jane Doe")


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("---\nheadline: Ferry\ndate: 2022-03-08\nauthor: Jane Doe\npublisher: Bay Post\nlink: https://b.example/f\n---\n",
         FIELDS),
        ("---\ntitle: Ferry\ndate: 2022-03-08\nauthor: [Jane Doe]\nsite: Bay Post\nsource: https://b.example/f\n---\n",
         FIELDS),
        ('+++\ntitle = "Ferry"\ndate = 2022-03-08\nauthor = "Jane Doe"\noutlet = "Bay Post"\nlink = "https://b.example/f"\n'
         "draft = false\n+++\n", FIELDS),
        ('+++\r\ntitle = "Ferry"\r\nsource = "https://b.example/f"\r\n+++\r\n', ("Ferry", None, "https://b.example/f",
         None, None)),
        ('+++\ntitle = 2022\n[author]\nname = "Jane Doe"\n+++\n\n', ("2022", None, None, None, "Jane Doe")),
        ('{"title": "Ferry", "date": "2022-03-08", "author": ["Jane Doe"], "publisher": {"name": "Bay Post"},\n'
         '"link": "https://b.example/f"}\n\n', FIELDS),
        ("---\ntitle: Ferry\nurl: https://b.example/f\nsource: https://elsewhere.example\n---\n",
         ("Ferry", None, "https://b.example/f", None, None)),
        ("---\ntitle: Ferry\nlayout: post\nDate: 3 March\n---\n", ("Ferry", "3 March", None, None, None)),
        ("\n\n---\ntitle: Ferry\n---\n", ("Ferry", None, None, None, None)),
        ("---\ntitle: Ferry\ndate: 2022-03-08\n...\n", ("Ferry", "2022-03-08", None, None, None)),
        ("--- \ntitle: Ferry\nurl: /f\npermalink: https://b.example/f\n--- \n",
         ("Ferry", None, "https://b.example/f", None, None)),
        ("---\r\ntitle: Ferry\r\npublished_at: March 8, 2022\r\nauthor: {name: Jane Doe}\r\n---\r\n",
         ("Ferry", "2022-03-08", None, None, "Jane Doe")),
        ("---\ntitle: 'Ferry: a story'\ndate: 03/04/2022\n---\n", ("Ferry: a story", "03/04/2022", None, None, None)),
    ],
)  # fmt: skip
def test_front_matter(tmp_path: Path, head: str, expected: tuple[str | None, ...]) -> None:
    for name in ("a.txt", "a.md"):
        (article,), problems = read(tmp_path / name, head + TEXT)
        assert (article.text.strip(), problems) == (TEXT, [])
        assert stated(article) == expected


@pytest.mark.parametrize(
    "text",
    ["---\nIt rained.\n...\nIt stopped.", "+++ It rained.", "+++\nIt rained.",
     "+++\nIt rained.\n+++\nIt stopped.",
     "{It rained.}\nIt stopped.",
     '{"title": "Rain"} fell.', "{}\nIt rained."],
)  # fmt: skip
def test_text_that_looks_like_front_matter_is_kept(tmp_path: Path, text: str) -> None:
    (article,), problems = read(tmp_path / "a.txt", text)
    assert (article.text, problems) == (text, [])


def test_invalid_toml_is_reported_with_its_line(tmp_path: Path) -> None:
    (article,), (problem,) = read(tmp_path / "a.txt", f'+++\ntitle = "Ferry"\ndate = March\n+++\n{TEXT}')
    assert (article.text, article.title) == (TEXT, None)
    assert problem.origin == f"{tmp_path / 'a.txt'}:3"
    assert problem.message.startswith("the front matter is not valid TOML: ")


@pytest.mark.parametrize(
    ("head", "message"),
    [
        ("---\ntitle: &a [*a]\n---\n", "the front matter is not valid YAML: aliases are not supported"),
        ("---\ntitle: &a Ferry\nid: *a\n---\n", "the front matter is not valid YAML: aliases are not supported"),
        ("---\nid: &t0 [x, x]\n" + "".join(f"t{n}: &t{n} [*t{n - 1}, *t{n - 1}]\n" for n in range(1, 99)) + "---\n",
         "the front matter is not valid YAML: aliases are not supported"),
        (f"+++\ntitle = {'9' * 5000}\n+++\n", "the front matter is not valid TOML: Exceeds the limit (4300 digits)"),
        (f"+++\ntitle = 0x{'f' * 5000}\n+++\n", "front matter: title: must be a string, not a number; the field is"),
        ('{"authors": ' + "[" * 600 + "]" * 600 + "}\n", "front matter: authors: must be a string, not a list; "),
        ("+++\ntags = " + "[" * 99 + "]" * 99 + "\n+++\n", "front matter: tags: must be a string, not a list; "),
    ],
)  # fmt: skip
def test_hostile_front_matter_is_ignored_and_the_text_is_kept(tmp_path: Path, head: str, message: str) -> None:
    (article,), (problem,) = read(tmp_path / "a.txt", head + TEXT)
    assert (article.text, problem.skipped) == (TEXT, False)
    assert problem.message.startswith(message)


@pytest.mark.parametrize("key", ["authors", "author", "tags", "publisher", "title"])
def test_nested_lists_in_a_field_cost_at_most_their_own_row(tmp_path: Path, key: str) -> None:
    row = f'{{"text": "{TEXT}", "{key}": {"[" * 600}{"]" * 600}}}\n' + json.dumps({"text": TEXT})
    articles, problems = read(tmp_path / "a.jsonl", row)
    assert [article.origin for article in articles][-1] == f"{tmp_path / 'a.jsonl'}:2"
    assert [problem.message for problem in problems] == (
        [] if key in ("author", "publisher") else [f"{key}: must be a string, not a list; the row is skipped"]
    )


def test_custom_keys_take_precedence(tmp_path: Path) -> None:
    row = json.dumps({"story": TEXT, "content": "Not this.", "kop": "Ferry", "title": "Not this."})
    (article,), problems = read(tmp_path / "a.jsonl", row, text="story", title="kop")
    assert (article.text, article.title, problems) == (TEXT, "Ferry", [])
    (article,), _ = read(tmp_path / "a.txt", f"---\nkop: Ferry\n---\n{TEXT}", title="kop")
    assert article.title == "Ferry"
    (article,), _ = read(tmp_path / "a.jsonl", json.dumps({"body": TEXT}), text="story")
    assert article.text == TEXT


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            {"id": "3", "title": "x"},
            "text: is missing; the row has id, title; if one of them is the text, name it",
        ),
        ({"story": TEXT, "score": 3}, "text: is missing; the row has story, score; if one of them is the text"),
        ({"text": "", "story": TEXT}, "text: is empty; the row has text, story; if one of them is the text"),
        ({"text": 7, "story": TEXT}, "text: must be a string, not a number; the row is skipped"),
        ({"\x1b[31m" + "k" * 99: 1}, "the row has \\x1b[31m" + "k" * 32 + "; if"),
        ({str(n): n for n in range(20)}, "10, 11 and 8 more; if"),
        ({}, "text: is missing; the row is empty; the row is skipped"),
    ],
)
def test_warning_for_a_row_without_text_names_its_keys(tmp_path: Path, row: dict[str, object], message: str) -> None:
    articles, (problem,) = read(tmp_path / "a.jsonl", json.dumps(row))
    assert (articles, problem.skipped) == ([], True)
    assert message in problem.message


def test_alias_with_a_value_of_the_wrong_type_is_ignored(tmp_path: Path) -> None:
    row = {"text": TEXT, "date": 1646697600, "site": 5, "author": {"id": 3}, "link": ["https://b.example"], "body": 1}
    (article,), problems = read(tmp_path / "a.jsonl", json.dumps(row))
    assert (stated(article), problems) == ((None,) * 5, [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<p>It&rsquo;s 2AM&nbsp;now.</p><p>Rain <b>fell</b>.<br/>Hard.</p>", "It’s 2AM now.\n\nRain fell.\nHard."),
        ("Rain<br>fell on <a href='x'>Fenn</a>.", "Rain\nfell on Fenn."),
        ("<div><script>x()</script><!-- no --><ul><li>One</li><li>Two</li></ul></div>", "One\nTwo"),
        ("AT&amp;T said &quot;no&quot; &#8212; twice.", 'AT&T said "no" — twice.'),
        ("1 < 2 and 3 > 2, R&D; a<b>c", "1 < 2 and 3 > 2, R&D; a<b>c"),
    ],
)
def test_markup_in_a_row_is_removed(tmp_path: Path, text: str, expected: str) -> None:
    (article,), problems = read(tmp_path / "a.jsonl", json.dumps({"text": text, "title": "A &amp; B"}))
    assert (article.text, article.title, problems) == (expected, "A & B", [])


def test_row_of_nothing_but_markup_has_no_text(tmp_path: Path) -> None:
    articles, (problem,) = read(tmp_path / "a.jsonl", json.dumps({"text": "<p> <br> </p>"}))
    assert (articles, problem.skipped) == ([], True)
    assert problem.message.startswith("text: is empty")


@settings(deadline=None)
@given(st.sampled_from([(field, name) for field, names in FIELD_ALIASES.items() for name in names]), st.text())
def test_every_alias_in_any_spelling_states_its_field(name: tuple[str, str], value: str) -> None:
    field, key = name
    spellings = {key, key.upper(), key.replace("_", "-"), key.title().replace("_", "")}
    assert len({normalize_key(spelling) for spelling in spellings}) == 1
    for spelling in spellings:
        found = known_fields({spelling: value, "score": 1}, {})
        assert set(found) <= {field, "url"}
        assert found.get(field, "").strip() in (value.strip(), "") or field == "authors"  # type: ignore[attr-defined]


def test_own_name_takes_precedence_over_aliases() -> None:
    assert known_fields({"date": "2", "published": "1", "body": "b", "text": "t"}, {}) == {
        "text": "t",
        "published": "1",
    }
