"""All parsers on random and damaged files: they raise nothing and yield articles that later stages can rely on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.limits import FIELD, FIELD_ITEMS
from index.parsers.field_markup import strip_markup
from index.parsers.isolation import article_from_json
from index.parsers.problems import Problem
from index.parsers.source_files import read_file
from index.parsers.worker import article_to_json
from index.text.links import http_link
from index.types import Article
from tests.support import fuzzing
from tests.support.fuzzing import (
    JSON,
    MARKDOWN,
    PAGE,
    PROSE,
    ROWS,
    TOML,
    encoded,
    fuzzed,
    mutated,
    no_hang,
    packed,
    pages,
    written,
)

C1 = re.compile("[\x80-\x9f]")


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with TemporaryDirectory() as name:
        yield Path(name)


def read(folder: Path, data: bytes, ending: str) -> list[Article]:
    """Read a file; check its warnings and articles, at least one of which there must be."""
    path, problems = written(folder, data, ending), list[Problem]()
    with no_hang():
        articles = list(read_file(path, path.name, problems.append))
    path.unlink()
    assert articles or problems
    for problem in problems:
        assert problem.origin.startswith(str(path))
        assert problem.message
    for article in articles:
        check(article)
    return articles


def check(article: Article) -> None:
    assert article.text.strip()
    assert "\0" not in article.text
    lines = [article.title, article.source, article.published_text, article.place, article.url, article.id]
    lines += [*article.authors, *article.tags]
    for line in lines:
        assert line is None or (line == line.strip() != "" and len(line) <= FIELD and len(line.splitlines()) == 1)
    for shown in [article.text, article.origin, *filter(None, lines)]:
        shown.encode()  # no lone surrogate
        assert not C1.search(shown)
    assert article.published is None or article.published_text is None
    assert article.url is None or http_link(article.url) == article.url
    assert article.language is None or re.fullmatch("[a-z]{2}", article.language)
    assert max(len(article.authors), len(article.tags)) <= FIELD_ITEMS
    assert article_from_json(json.loads(json.dumps(article_to_json(article)))) == article


@fuzzed(120)
@given(encoded(mutated([PAGE])))
def test_damaged_page(folder: Path, data: bytes) -> None:
    read(folder, data, ".html")


@fuzzed(250)
@given(encoded(pages()))
def test_page_of_random_markup(folder: Path, data: bytes) -> None:
    read(folder, data, ".htm")


@fuzzed(150)
@given(encoded(mutated([MARKDOWN, MARKDOWN, TOML, JSON, PROSE[0], PAGE])))
def test_markdown(folder: Path, data: bytes) -> None:
    read(folder, data, ".md")


@fuzzed(150)
@given(encoded(mutated([MARKDOWN, TOML, JSON]) | fuzzing.texts))
def test_plain_text(folder: Path, data: bytes) -> None:
    read(folder, data, ".txt")


@fuzzed(150)
@given(encoded(mutated([ROWS])) | encoded(fuzzing.rows()))
def test_rows(folder: Path, data: bytes) -> None:
    read(folder, data, ".jsonl")


@fuzzed(100)
@given(packed(encoded(mutated([ROWS]))) | st.binary(max_size=200))
def test_packed_rows(folder: Path, data: bytes) -> None:
    read(folder, data, ".jsonl.gz")


@fuzzed(100)
@given(pages() | fuzzing.texts)
def test_markup_in_a_field(text: str) -> None:
    with no_hang():
        strip_markup(text)
