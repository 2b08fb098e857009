"""Web pages, read for their article and what they state about it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from index.parsers.declared_encoding import declared_label
from index.parsers.decoding import load_text
from index.parsers.fields import FieldError, Fields, check_fields, check_text, make_article
from index.parsers.problems import Problem, Warn
from index.parsers.stubs import is_stub
from index.types import Article

NO_ARTICLE = "no article is found in the page: is it made by scripts, a notice or a list of stories? left out"


def read(path: Path, name: str, warn: Warn) -> Iterator[Article]:
    """Read the one article of a page; raises OSError."""
    page = load_text(path, warn, declared_label)
    if page is None:
        return
    try:
        fields, text = _extract(page)
    except FieldError as error:
        warn(Problem(str(path), f"{error}; left out", True))
        return
    if not text or is_stub(text):
        warn(Problem(str(path), NO_ARTICLE, False, no_article=True))
        return
    yield make_article(fields, text, name, str(path), warn)


def _extract(markup: str) -> tuple[Fields, str]:
    """What the page states about its article, and the article's text, "" where none is found; raises FieldError."""
    # Slow to import, and only web pages need them.
    from index.parsers.blocks import join_blocks
    from index.parsers.front_pages import is_front
    from index.parsers.metadata import read_metadata
    from index.parsers.page import parse_page
    from index.parsers.page_story import find_story

    page = parse_page(markup)
    story = find_story(page) if page else []
    if page is None or not story:
        return Fields(), ""
    about = read_metadata(page, markup)
    if is_front(page, story, about.kind):
        return Fields(), ""
    text = check_text(join_blocks(story))
    stated = check_fields(
        {
            "title": about.title,
            "url": about.address,
            "published": about.published,
            "modified": about.modified.isoformat() if about.modified else None,
            "source": about.source,
            "language": about.language,
            "authors": list(about.authors),
            "tags": list(about.tags),
        }
    )
    return stated, text
