"""The headline of a page: the one above the article."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from lxml.html import HtmlElement

from index.parsers.blocks import TextBlock
from index.parsers.linked_data import share_a_word
from index.parsers.marked_boilerplate import is_beside, is_for_screen_readers
from index.parsers.page import WebPage, names_of, text_of
from index.parsers.page_outlet import SEPARATOR, is_site, strip_after, strip_site
from index.text.boilerplate import is_boilerplate
from index.text.links import host_of, path_of

LONGEST = 400  # code points
SECTION = 3  # words of a section's name
HOMES = ("/", "./", "index.html", "index.php")
# Of what is in a heading and no part of the headline.
KICKERS = frozenset(["kicker", "eyebrow", "overline", "topline", "dachzeile", "badge", "supertitle", "pretitle"])
LABELS = frozenset(["live", "exclusive", "breaking", "watch", "video", "share", "print", "save", "updated", "premium"])
# The same, unless the page states it as part of its headline.
BESIDE = frozenset(["date", "time", "timestamp", "published", "byline", "author", "share", "sharing", "comments"])
LOGO = frozenset(
    ["logo", "brand", "branding", "masthead", "site-title", "site-name", "sitename", "blog-title", "navbar-brand"]
)
HOME = frozenset(
    ["home", "homepage", "home page", "startseite", "главная", "главная страница", "головна", "accueil", "inicio"]
)
EMPTY = HOME | frozenset(
    ["untitled", "untitled document", "index", "article", "news", "новости", "новини", "nachrichten", "document"]
)


def find_page_headline(
    page: WebPage, stated: Sequence[str], sites: Sequence[str], sections: Sequence[str]
) -> tuple[str | None, HtmlElement | None]:
    """The headline that readers see and the element that it is in.

    It is the h1 that is no logo; of several the one that agrees best with what the page states as its headline, the
    first of equals. Without one it is what the page states, in the words of the element that shows it, if one does, and
    without the sections and authors that are named before the site.
    """
    titles = [_without_section(title, text, sections) for text in stated if (title := clean(text, sites))]
    best: tuple[float, str, HtmlElement] | None = None
    for heading in page.body.iter("h1"):
        said = _words_of_heading(page, heading, titles)
        text = clean(said, sites) if len(said) <= LONGEST else None
        if not text or _is_no_headline(page, heading) or _is_home_link(page, heading):
            continue
        agreement = max((_agreement(text, title) for title in titles), default=0.0)
        if best is None or agreement > best[0]:
            best = agreement, text, heading
    # A heading with no word of the page's titles may be the name of a section.
    if best and (best[0] or not titles):
        names = [name for title in titles for name in (title, SEPARATOR.split(title)[0])]
        return next((name for name in names if _is_within(name, best[1])), best[1]), best[2]
    shown = _shown(page)
    for title in titles:
        if block := _saying(shown, title):
            return block.text, block.element
    if best and len(best[1].split()) > SECTION:
        return best[1], best[2]
    return (titles[0] if titles else None), None


def clean(title: str, sites: Sequence[str]) -> str | None:
    """A title without the site's name; None where nothing is left that a headline could be."""
    text = strip_site(" ".join(title.split()), sites).strip(" -|–—·•»«").rstrip("¶# ")
    first = SEPARATOR.split(text)[0].lower()
    if not text or text.lower() in EMPTY or first in HOME or is_site(text, sites) or is_boilerplate(text):
        return None
    return text


def _without_section(title: str, whole: str, sections: Sequence[str]) -> str:
    """A title without the section or author named after it, by links or by how the site's name was after that."""
    title = strip_after(title, sections)
    cuts, site = list(SEPARATOR.finditer(title)), SEPARATOR.match(whole, len(title))
    if cuts and site and site[0] == cuts[-1][0]:
        head, last = title[: cuts[-1].start()], title[cuts[-1].end() :]
        if len(last.split()) < SECTION <= len(head.split()) and last[0].isupper():
            return head
    return title


def words_of(text: str) -> list[str]:
    """The words of a headline, for comparing."""
    return re.findall(r"\w+", text.lower().replace("’", "").replace("'", ""))


def _agreement(one: str, other: str) -> float:
    if not share_a_word(one, [other]):
        return 0.0
    mine, theirs = set(words_of(one)), set(words_of(other))
    return len(mine & theirs) / max(1, len(mine | theirs))


def _is_within(title: str, heading: str) -> bool:
    """Whether a heading is a title and, besides, only a label or what a page sets next to it without a space."""
    before, found, after = heading.partition(title)
    if not found or not (before or after) or len(title.split()) < SECTION:
        return False
    is_label = f"{before} {after}".strip().lower() in LABELS
    is_fused = before[-1:].isalnum() or after[:1].isalnum()
    return is_label or (is_fused and len(f"{before} {after}".split()) <= SECTION)


def _is_no_headline(page: WebPage, heading: HtmlElement) -> bool:
    """Whether a heading is a logo, hidden or in furniture; a <header> may be the article's own."""
    for element in (heading, *heading.iterancestors()):
        if element.tag in ("body", "html"):
            return False
        if element in page.not_shown or (element.tag != "header" and is_beside(element)):
            return True
        if LOGO.intersection(names_of(element)) or is_for_screen_readers(element):
            return True
    return False


def _is_home_link(page: WebPage, heading: HtmlElement) -> bool:
    """Whether a heading is a link to the first page of the site."""
    for link in heading.iter("a"):
        address = (link.get("href") or "").strip()
        is_home = address in HOMES or (host_of(address) is not None and path_of(address) in ("", "/"))
        if is_home and text_of(page, link) == text_of(page, heading):
            return True
    return False


def _words_of_heading(page: WebPage, heading: HtmlElement, titles: Sequence[str]) -> str:
    """The words of a heading without what is in it besides the headline; all, where there are no others.

    That is a section or label, a button and, unless one of the titles has it, too, a date or who wrote it.
    """
    inside = list(heading.iterdescendants())
    kickers = {each for each in inside if each.tag == "button" or KICKERS.intersection(names_of(each))}
    others = {each for each in inside if each.tag == "time" or BESIDE.intersection(names_of(each))}
    whole = text_of(page, heading, kickers)
    if others and not any(words_of(title) == words_of(whole) for title in titles):
        whole = text_of(page, heading, kickers | others) or whole
    return whole or text_of(page, heading)


def _shown(page: WebPage) -> dict[tuple[str, ...], list[TextBlock]]:
    """The lines that a headline may be in, by their words."""
    found: dict[tuple[str, ...], list[TextBlock]] = {}
    for line in page.lines:
        if len(line.text) <= LONGEST:
            found.setdefault(tuple(words_of(line.text)), []).append(line)
    return found


def _saying(shown: Mapping[tuple[str, ...], list[TextBlock]], title: str) -> TextBlock | None:
    """The last line that says a title and nothing else; those before it may be of a menu or a teaser."""
    found = shown.get(tuple(words_of(title)), [])
    headings = [line for line in found if line.heading]
    return next(reversed(headings or found), None)
