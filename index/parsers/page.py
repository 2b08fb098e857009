"""Parse a web page to a tree, with the elements that are not displayed and the metadata of its head."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

from lxml.etree import ParserError
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from index.parsers.blocks import TextBlock, shown_blocks, shown_lines
from index.parsers.styles import computed_styles
from index.parsers.visibility import apply_display, find_not_shown

_MAX_META_LENGTH = 1_000  # code points of the content of a meta element; longer ones are ignored


@dataclass(frozen=True, eq=False)
class WebPage:
    """A parsed page; `metas` are (name, content) of its meta elements, with names in lower case."""

    root: HtmlElement
    body: HtmlElement
    not_shown: frozenset[HtmlElement]
    title: str
    metas: tuple[tuple[str, str], ...]

    @cached_property
    def lines(self) -> list[TextBlock]:
        """Return the displayed lines."""
        return shown_lines(self.body, self.not_shown)

    def meta(self, name: str) -> str:
        """Return the content of the first meta element with a name, "" if there is none."""
        return next((content for meta_name, content in self.metas if meta_name == name), "")


def parse_page(markup: str) -> WebPage | None:
    """Return the page of some markup, None if it has no elements."""
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = document_fromstring(markup.encode("utf-8", "replace"), parser=parser, ensure_head_body=True)
    except ParserError:
        return None
    body = root.find("body")
    if body is None:
        return None
    styles = computed_styles(root)
    styles.pop(body, None)  # a hidden body is shown by a script when the page is ready
    apply_display(styles)
    title = " ".join((root.findtext("head/title") or "").split())
    return WebPage(root, body, frozenset(find_not_shown(body, styles)), title, tuple(_metas(root)))


def text_of(page: WebPage, element: HtmlElement, without: Collection[HtmlElement] = ()) -> str:
    """Return the displayed text of an element on one line, leaving out the elements in `without`."""
    hidden = page.not_shown.union(without) if without else page.not_shown
    return " ".join(" ".join(block.text.split()) for block in shown_blocks(element, hidden))


def _metas(root: HtmlElement) -> Iterator[tuple[str, str]]:
    for meta in root.iter("meta"):
        name = meta.get("property") or meta.get("name") or ""
        content = " ".join((meta.get("content") or "").split())
        if name and content and len(content) <= _MAX_META_LENGTH:
            yield name.lower(), content


def names_of(element: HtmlElement) -> list[str]:
    """Return an element's classes and ids, followed by their parts between hyphens and underscores."""
    names = f"{element.get('class', '')} {element.get('id', '')}".split()
    parts = [part for name in names for part in re.split(r"__|[_-]+", name)]
    return names + parts
