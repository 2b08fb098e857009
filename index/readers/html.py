"""Web pages, read for their article and what they state about it."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import Path

from index.readers.address import article_address
from index.readers.decoding import decode, load_bytes
from index.readers.fields import FieldError, Fields, check_fields, check_text, make_article
from index.readers.labels import declared_label
from index.readers.problems import Problem, Warn
from index.readers.stubs import is_stub
from index.types import Article

NO_ARTICLE = "no article is found in the page: is it made by scripts, a notice or a list of stories? left out"
ROOT = re.compile(r"<html\b", re.IGNORECASE)
LANGUAGE = re.compile(r"<html\b[^>]{0,1000}?\slang\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)


def read(path: Path, name: str, warn: Warn) -> Iterator[Article]:
    """Read the one article of a page; raises OSError."""
    data = load_bytes(path, warn)
    page = decode(data, path, warn, declared_label(data)) if data is not None else None
    if page is None:
        return
    if not page.strip():
        warn(Problem(str(path), "is empty; left out", True))
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


def _extract(page: str) -> tuple[Fields, str]:
    """What the page states about its article, and the article's text, "" where none is found; raises FieldError."""
    # Slow to import, and only web pages need it.
    import trafilatura
    from trafilatura.settings import Document

    if not ROOT.search(page):  # trafilatura takes no fragments
        page = f"<html><body>{page}</body></html>"
    # A page without an article is a warning of ours, not a line of its log.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL + 1)
    logging.getLogger("htmldate").setLevel(logging.CRITICAL + 1)
    document = trafilatura.bare_extraction(
        page,
        with_metadata=True,
        include_comments=False,
        # The extensive search takes any date on the page for that of the article.
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    if not isinstance(document, Document) or not (document.text or "").strip():
        return Fields(), ""
    text = check_text(document.text)
    language = LANGUAGE.search(page)
    stated = check_fields(
        {
            "title": document.title,
            "url": article_address(page, document.url),
            "published": document.date,
            "source": document.sitename or document.hostname,
            "language": language[1] if language else None,
            "authors": document.author.split("; ") if document.author else None,
            "tags": document.tags,
        }
    )
    return stated, text
