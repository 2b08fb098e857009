"""Web pages, read for their article and what they state about it."""

from __future__ import annotations

import codecs
import logging
import re
from collections.abc import Iterator
from pathlib import Path

from index.readers.decoding import decode, load_bytes
from index.readers.fields import FieldError, Fields, check_fields, check_text, make_article
from index.readers.problems import Problem, Warn
from index.types import Article

CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w:.-]+)", re.IGNORECASE)
CHARSET_WITHIN = 4096  # bytes; browsers look at the first 1024, and pages get it wrong
ROOT = re.compile(r"<html\b", re.IGNORECASE)
LANGUAGE = re.compile(r"<html\b[^>]{0,1000}?\slang\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)


def read(path: Path, name: str, warn: Warn) -> Iterator[Article]:
    """Read the one article of a page; raises OSError."""
    data = load_bytes(path, warn)
    page = _decode(data, path, warn) if data is not None else None
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
    yield make_article(fields, text, name, str(path), warn)


def _decode(data: bytes, path: Path, warn: Warn) -> str | None:
    """The page in the encoding that it declares, if it is in that one."""
    declared = CHARSET.search(data, 0, CHARSET_WITHIN)
    if declared and b"\0" not in data:
        try:
            return data.decode(codecs.lookup(declared[1].decode()).name)
        except (LookupError, ValueError):
            pass
    return decode(data, path, warn)


def _extract(page: str) -> tuple[Fields, str]:
    """What the page states about its article, and the article's text; raises FieldError where there is none."""
    # Slow to import, and only web pages need them.
    import trafilatura

    from index.readers.metadata import read_metadata
    from index.readers.story import story_text
    from index.readers.visible import parse_page

    tree = parse_page(page)
    text = story_text(tree) if tree else ""
    if not text:
        raise FieldError("text", "is not found in the page")
    text = check_text(text)
    if not ROOT.search(page):  # trafilatura takes no fragments
        page = f"<html><body>{page}</body></html>"
    logging.getLogger("htmldate").setLevel(logging.CRITICAL + 1)
    # The extensive search takes any date on the page for that of the article.
    document = trafilatura.extract_metadata(page, date_config={"extensive_search": False, "original_date": True})
    language = LANGUAGE.search(page)
    about = read_metadata(page)
    stated = check_fields(
        {
            "title": about.title,
            "url": document.url,
            "published": about.published,
            "modified": about.modified.isoformat() if about.modified else None,
            "source": about.source or document.hostname,
            "language": language[1] if language else None,
            "authors": document.author.split("; ") if document.author else None,
            "tags": document.tags,
        }
    )
    return stated, text
