"""The headline of a page: the one that stands over the article."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from lxml import html

from index.furniture import is_furniture as is_furniture_line
from index.readers.linked_data import share_a_word
from index.readers.page import Block, find_blocks, is_furniture, is_hidden, names_of, text_of
from index.readers.page_outlet import is_site, strip_site

LONGEST = 400  # code points
SECTION = 3  # words of a section's name
LOGO = frozenset(
    ["logo", "brand", "branding", "masthead", "site-title", "site-name", "sitename", "blog-title", "navbar-brand"]
)
EMPTY = frozenset(["home", "homepage", "untitled", "index", "article", "news", "menu", "search"])


def find_headline(
    tree: html.HtmlElement, stated: Sequence[str], sites: Sequence[str]
) -> tuple[str | None, html.HtmlElement | None]:
    """The headline that readers see and the element that it stands in.

    It is the h1 that is no logo; of several the one that agrees best with what the page states as its headline, the
    first of equals. Without one it is what the page states, in the words of the element that shows it, if one does.
    """
    titles = [title for text in stated if (title := clean(text, sites))]
    best: tuple[float, str, html.HtmlElement] | None = None
    for heading in tree.iter("h1"):
        said = text_of(heading)
        text = clean(said, sites) if len(said) <= LONGEST else None
        if not text or _is_beside(heading):
            continue
        agreement = max((_agreement(text, title) for title in titles), default=0.0)
        if best is None or agreement > best[0]:
            best = agreement, text, heading
    # A heading with no word of the page's titles may be the name of a section.
    if best and (best[0] or not titles):
        return best[1], best[2]
    shown = _shown(tree)
    for title in titles:
        if block := _saying(shown, title):
            return block.text, block.element
    if best and len(best[1].split()) > SECTION:
        return best[1], best[2]
    return (titles[0] if titles else None), None


def clean(title: str, sites: Sequence[str]) -> str | None:
    """A title without the site's name; None where nothing is left that a headline could be."""
    text = strip_site(" ".join(title.split()), sites).strip(" -|–—·•»«").rstrip("¶# ")
    if not text or text.lower() in EMPTY or is_site(text, sites) or is_furniture_line(text):
        return None
    return text


def words_of(text: str) -> list[str]:
    """The words of a headline, for comparing."""
    return re.findall(r"\w+", text.lower().replace("’", "").replace("'", ""))


def _agreement(one: str, other: str) -> float:
    if not share_a_word(one, [other]):
        return 0.0
    mine, theirs = set(words_of(one)), set(words_of(other))
    return len(mine & theirs) / max(1, len(mine | theirs))


def _is_beside(heading: html.HtmlElement) -> bool:
    """Whether a heading is a logo, hidden or in furniture; a <header> may be the article's own."""
    for element in (heading, *heading.iterancestors()):
        if element.tag in ("body", "html"):
            return False
        if is_hidden(element) or (element.tag != "header" and is_furniture(element)):
            return True
        if LOGO.intersection(names_of(element)):
            return True
    return False


def _shown(tree: html.HtmlElement) -> dict[tuple[str, ...], list[Block]]:
    """The blocks that a headline may stand in, by their words."""
    found: dict[tuple[str, ...], list[Block]] = {}
    for block in find_blocks(tree):
        if len(block.text) <= LONGEST:
            found.setdefault(tuple(words_of(block.text)), []).append(block)
    return found


def _saying(shown: Mapping[tuple[str, ...], list[Block]], title: str) -> Block | None:
    """The last block that says a title and nothing else; those before it may be of a menu or a teaser."""
    found = shown.get(tuple(words_of(title)), [])
    headings = [block for block in found if re.fullmatch("h[1-6]", str(block.element.tag))]
    return next(reversed(headings or found), None)
