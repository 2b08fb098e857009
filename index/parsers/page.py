"""A web page as a tree: which of its elements are not shown, and what its head says."""

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

LONGEST = 1_000  # code points that a meta element is read for


@dataclass(frozen=True, eq=False)
class WebPage:
    """A page as a tree, the elements of it that are not shown, and what its head says.

    `metas` are the names of meta elements, in lower case, with their contents.
    """

    root: HtmlElement
    body: HtmlElement
    not_shown: frozenset[HtmlElement]
    title: str
    metas: tuple[tuple[str, str], ...]

    @cached_property
    def lines(self) -> list[TextBlock]:
        """The lines that are shown."""
        return shown_lines(self.body, self.not_shown)

    def meta(self, name: str) -> str:
        """Return the first content of that name, empty where there is none."""
        return next((content for one, content in self.metas if one == name), "")


def parse_page(markup: str) -> WebPage | None:
    """Return the page that markup makes, None where it makes none."""
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = document_fromstring(markup.encode("utf-8", "replace"), parser=parser, ensure_head_body=True)
    except ParserError:
        return None
    body = root.find("body")
    if body is None:
        return None
    styles = computed_styles(root)
    styles.pop(body, None)  # which a script shows when it is ready
    apply_display(styles)
    title = " ".join((root.findtext("head/title") or "").split())
    return WebPage(root, body, frozenset(find_not_shown(body, styles)), title, tuple(_metas(root)))


def text_of(page: WebPage, element: HtmlElement, without: Collection[HtmlElement] = ()) -> str:
    """Return the words of an element that are shown, white space folded, without some of the elements in it."""
    hidden = page.not_shown.union(without) if without else page.not_shown
    return " ".join(" ".join(block.text.split()) for block in shown_blocks(element, hidden))


def _metas(root: HtmlElement) -> Iterator[tuple[str, str]]:
    for meta in root.iter("meta"):
        name = meta.get("property") or meta.get("name") or ""
        content = " ".join((meta.get("content") or "").split())
        if name and content and len(content) <= LONGEST:
            yield name.lower(), content


def names_of(element: HtmlElement) -> list[str]:
    """Return the words of an element's classes and id, and the parts of those that are made of several."""
    names = f"{element.get('class', '')} {element.get('id', '')}".split()
    parts = [part for name in names for part in re.split(r"__|[_-]+", name)]
    return names + parts
