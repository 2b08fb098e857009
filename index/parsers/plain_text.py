"""Parser of plain text files, which are laid out like wire copy: a headline, a dateline and the story."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from index.parsers.article_assembly import make_article
from index.parsers.decoding import load_text
from index.parsers.field_aliases import NO_CUSTOM_KEYS, CustomKeys
from index.parsers.fields import FieldError, check_text
from index.parsers.front_matter import split_front_matter
from index.parsers.problems import Problem, Warn
from index.types import Article


def read(path: Path, name: str, warn: Warn, custom_keys: CustomKeys = NO_CUSTOM_KEYS) -> Iterator[Article]:
    """Yield the one article of a text file; raises OSError."""
    text = load_text(path, warn)
    if text is None:
        return
    fields, text = split_front_matter(text, str(path), warn, custom_keys)
    try:
        check_text(text)
    except FieldError as error:
        warn(Problem(str(path), f"{error}; left out", True))
        return
    yield make_article(fields, text, name, str(path), warn, use_header=True)
