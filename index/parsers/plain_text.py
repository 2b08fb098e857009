"""Plain text, read as wire copy is: a headline, a dateline, a story."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from index.parsers.decoding import load_text
from index.parsers.field_aliases import NO_NAMES, Names
from index.parsers.fields import FieldError, check_text, make_article
from index.parsers.front_matter import split_front_matter
from index.parsers.problems import Problem, Warn
from index.parsers.stated_headers import fill_in
from index.types import Article


def read(path: Path, name: str, warn: Warn, names: Names = NO_NAMES) -> Iterator[Article]:
    """Read the one article of a text file; raises OSError."""
    text = load_text(path, warn)
    if text is None:
        return
    fields, text = split_front_matter(text, str(path), warn, names)
    try:
        check_text(text)
    except FieldError as error:
        warn(Problem(str(path), f"{error}; left out", True))
        return
    yield make_article(fill_in(fields, text), text, name, str(path), warn)
