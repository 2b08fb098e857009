"""The headline of a page: the one that stands over the article."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml.html import HtmlElement

from index.furniture import is_furniture
from index.readers.blocks import Block, shown_lines
from index.readers.boilerplate import is_beside
from index.readers.linked_data import share_a_word
from index.readers.page import Page, names_of, text_of
from index.readers.page_outlet import is_site, strip_site

LONGEST = 400  # code points
SECTION = 3  # words of a section's name
LOGO = frozenset(
    ["logo", "brand", "branding", "masthead", "site-title", "site-name", "sitename", "blog-title", "navbar-brand"]
)
EMPTY = frozenset(["home", "homepage", "untitled", "index", "article", "news", "menu", "search"])


def find_page_headline(
    page: Page, stated: Sequence[str], sites: Sequence[str]
) -> tuple[str | None, HtmlElement | None]:
    """The headline that readers see and the element that it stands in.

    It is the h1 that is no logo; of several the one that agrees best with what the page states as its headline, the
    first of equals. Without one it is what the page states, in the words of the element that shows it, if one does.
    """
    titles = [title for text in stated if (title := clean(text, sites))]
    best: tuple[float, str, HtmlElement] | None = None
    for heading in page.body.iter("h1"):
        text = clean(text_of(page, heading), sites)
        if not text or len(text) > LONGEST or _is_no_headline(page, heading):
            continue
        agreement = max((_agreement(text, title) for title in titles), default=0.0)
        if best is None or agreement > best[0]:
            best = agreement, text, heading
    # A heading with no word of the page's titles may be the name of a section.
    if best and (best[0] or not titles):
        return best[1], best[2]
    for title in titles:
        if block := _shown(page, title):
            return block.text, block.element
    if best and len(best[1].split()) > SECTION:
        return best[1], best[2]
    return (titles[0] if titles else None), None


def clean(title: str, sites: Sequence[str]) -> str | None:
    """A title without the site's name; None where nothing is left that a headline could be."""
    text = strip_site(" ".join(title.split()), sites).strip(" -|–—·•»«").rstrip("¶# ")
    if not text or text.lower() in EMPTY or is_site(text, sites) or is_furniture(text):
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


def _is_no_headline(page: Page, heading: HtmlElement) -> bool:
    """Whether a heading is a logo, hidden or in furniture; a <header> may be the article's own."""
    for element in (heading, *heading.iterancestors()):
        if element.tag in ("body", "html"):
            return False
        if element in page.not_shown or (element.tag != "header" and is_beside(element)):
            return True
        if LOGO.intersection(names_of(element)):
            return True
    return False


def _shown(page: Page, title: str) -> Block | None:
    """The last block that says a title and nothing else; those before it may be of a menu or a teaser."""
    wanted = words_of(title)
    lines = (line for line in shown_lines(page.body, page.not_shown) if len(line.text) <= LONGEST)
    found = [line for line in lines if words_of(line.text) == wanted]
    headings = [line for line in found if line.heading]
    return next(reversed(headings or found), None)
