"""Parser of web pages: their article and what they state about it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from index.parsers.article_assembly import make_article
from index.parsers.declared_encoding import declared_label
from index.parsers.decoding import load_text
from index.parsers.fields import FieldError, Fields, check_fields, check_text
from index.parsers.problems import Problem, Warn
from index.parsers.stubs import is_stub
from index.types import Article

NO_ARTICLE = "no article found: the page may be rendered by scripts, be a notice or only list stories; left out"


def read(path: Path, name: str, warn: Warn) -> Iterator[Article]:
    """Yield the one article of a page; raises OSError."""
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
    """Return the fields that a page states and the text of its article, "" if it has none; raises FieldError."""
    # Slow to import, and only web pages need them.
    from index.parsers.blocks import join_blocks
    from index.parsers.front_pages import is_front_page
    from index.parsers.metadata import read_metadata
    from index.parsers.page import parse_page
    from index.parsers.page_story import find_story

    page = parse_page(markup)
    story = find_story(page) if page else []
    if page is None or not story:
        return Fields(), ""
    metadata = read_metadata(page, markup)
    if is_front_page(page, story, metadata.kind):
        return Fields(), ""
    text = check_text(join_blocks(story))
    fields = check_fields(
        {
            "title": metadata.title,
            "url": metadata.url,
            "published": metadata.published,
            "modified": metadata.modified.isoformat() if metadata.modified else None,
            "source": metadata.source,
            "language": metadata.language,
            "authors": list(metadata.authors),
            "tags": list(metadata.tags),
        }
    )
    return fields, text
