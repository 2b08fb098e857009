"""Find the headline above the article of a page."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from lxml.html import HtmlElement

from index.parsers.blocks import TextBlock
from index.parsers.linked_data import shares_word
from index.parsers.marked_boilerplate import is_for_screen_readers, is_unrelated
from index.parsers.page import WebPage, names_of, text_of
from index.parsers.page_outlet import TITLE_SEPARATOR, is_site_name, strip_site_name, strip_suffixes
from index.text.boilerplate import is_boilerplate
from index.text.links import host_of, path_of

_MAX_LENGTH = 400  # code points of a headline
_SECTION_WORDS = 3  # about the longest name of a section and the shortest headline
_HOME_URLS = ("/", "./", "index.html", "index.php")
# Classes of elements in a heading that are not part of the headline.
_KICKER_CLASSES = frozenset(
    ["kicker", "eyebrow", "overline", "topline", "dachzeile", "badge", "supertitle", "pretitle"]
)
_LABEL_WORDS = frozenset(
    ["live", "exclusive", "breaking", "watch", "video", "share", "print", "save", "updated", "premium"]
)
# The same, unless a title of the page has their text, too.
_BYLINE_CLASSES = frozenset(
    ["date", "time", "timestamp", "published", "byline", "author", "share", "sharing", "comments"]
)
_LOGO_CLASSES = frozenset(
    ["logo", "brand", "branding", "masthead", "site-title", "site-name", "sitename", "blog-title", "navbar-brand"]
)
_HOME_TITLES = frozenset(
    ["home", "homepage", "home page", "startseite", "главная", "главная страница", "головна", "accueil", "inicio"]
)
_EMPTY_TITLES = _HOME_TITLES | frozenset(
    ["untitled", "untitled document", "index", "article", "news", "новости", "новини", "nachrichten", "document"]
)


def find_page_headline(
    page: WebPage, stated: Sequence[str], sites: Sequence[str], sections: Sequence[str]
) -> tuple[str | None, HtmlElement | None]:
    """Return the headline that readers see and the element that it is in, None where there is none.

    The headline is the h1 that is not a logo or boilerplate; if there are several, the one most similar to the titles
    in `stated`, or the first of equals. If no h1 shares a word with them, the headline is the first title that a line
    on the page repeats, else an h1 that is too long for the name of a section, else the first title. Names of the site
    (`sites`) and names of sections and authors (`sections`) are removed from titles.
    """
    titles = [_without_section(title, text, sections) for text in stated if (title := _clean_title(text, sites))]
    best: tuple[float, str, HtmlElement] | None = None
    for heading in page.body.iter("h1"):
        heading_text = _heading_text(page, heading, titles)
        text = _clean_title(heading_text, sites) if len(heading_text) <= _MAX_LENGTH else None
        if not text or _is_logo_or_boilerplate(page, heading) or _is_home_link(page, heading):
            continue
        similarity = max((_similarity(text, title) for title in titles), default=0.0)
        if best is None or similarity > best[0]:
            best = similarity, text, heading
    # A heading that shares no word with the titles may be the name of a section.
    if best and (best[0] or not titles):
        names = [name for title in titles for name in (title, TITLE_SEPARATOR.split(title)[0])]
        return next((name for name in names if _is_title_with_label(name, best[1])), best[1]), best[2]
    lines = _lines_by_words(page)
    for title in titles:
        if block := _line_of_title(lines, title):
            return block.text, block.element
    if best and len(best[1].split()) > _SECTION_WORDS:
        return best[1], best[2]
    return (titles[0] if titles else None), None


def _clean_title(title: str, sites: Sequence[str]) -> str | None:
    """Return a title without the name of the site, None if the rest cannot be a headline."""
    text = strip_site_name(" ".join(title.split()), sites).strip(" -|–—·•»«").rstrip("¶# ")
    if not text or text.lower() in _EMPTY_TITLES or TITLE_SEPARATOR.split(text)[0].lower() in _HOME_TITLES:
        return None
    return None if is_site_name(text, sites) or is_boilerplate(text) else text


def _without_section(title: str, whole: str, sections: Sequence[str]) -> str:
    """Return a title without a section or author after it.

    They are recognized by name, or by the separator that is also before the name of the site in the `whole` title.
    """
    title = strip_suffixes(title, sections)
    cuts, site = list(TITLE_SEPARATOR.finditer(title)), TITLE_SEPARATOR.match(whole, len(title))
    if cuts and site and site[0] == cuts[-1][0]:
        head, last = title[: cuts[-1].start()], title[cuts[-1].end() :]
        if len(last.split()) < _SECTION_WORDS <= len(head.split()) and last[0].isupper():
            return head
    return title


def _words_of(text: str) -> list[str]:
    """Return the words of a headline in lower case, to compare headlines."""
    return re.findall(r"\w+", text.lower().replace("’", "").replace("'", ""))


def _similarity(first: str, second: str) -> float:
    """Return the Jaccard similarity of the words of two headlines, 0 if they share no significant word."""
    if not shares_word(first, [second]):
        return 0.0
    words, others = set(_words_of(first)), set(_words_of(second))
    return len(words & others) / max(1, len(words | others))


def _is_title_with_label(title: str, heading: str) -> bool:
    """Return whether a heading consists of a title and a label, or a few words joined to it without a space."""
    before, match, after = heading.partition(title)
    if not match or not (before or after) or len(title.split()) < _SECTION_WORDS:
        return False
    is_label = f"{before} {after}".strip().lower() in _LABEL_WORDS
    is_fused = before[-1:].isalnum() or after[:1].isalnum()
    return is_label or (is_fused and len(f"{before} {after}".split()) <= _SECTION_WORDS)


def _is_logo_or_boilerplate(page: WebPage, heading: HtmlElement) -> bool:
    """Return whether a heading is a logo, hidden or in boilerplate; a <header> may be the article's own."""
    for element in (heading, *heading.iterancestors()):
        if element.tag in ("body", "html"):
            return False
        if element in page.not_shown or (element.tag != "header" and is_unrelated(element)):
            return True
        if _LOGO_CLASSES.intersection(names_of(element)) or is_for_screen_readers(element):
            return True
    return False


def _is_home_link(page: WebPage, heading: HtmlElement) -> bool:
    """Return whether a heading is a link to the home page of the site."""
    for link in heading.iter("a"):
        url = (link.get("href") or "").strip()
        is_home = url in _HOME_URLS or (host_of(url) is not None and path_of(url) in ("", "/"))
        if is_home and text_of(page, link) == text_of(page, heading):
            return True
    return False


def _heading_text(page: WebPage, heading: HtmlElement, titles: Sequence[str]) -> str:
    """Return the text of a heading without kickers, buttons, dates and bylines; all of it if nothing else is there.

    Dates and bylines are kept if the text is the same as a title with them.
    """
    inside = list(heading.iterdescendants())
    kickers = {each for each in inside if each.tag == "button" or _KICKER_CLASSES.intersection(names_of(each))}
    bylines = {each for each in inside if each.tag == "time" or _BYLINE_CLASSES.intersection(names_of(each))}
    text = text_of(page, heading, kickers)
    if bylines and not any(_words_of(title) == _words_of(text) for title in titles):
        text = text_of(page, heading, kickers | bylines) or text
    return text or text_of(page, heading)


def _lines_by_words(page: WebPage) -> dict[tuple[str, ...], list[TextBlock]]:
    """Return the displayed lines that are short enough to be a headline, by their words."""
    lines: dict[tuple[str, ...], list[TextBlock]] = {}
    for line in page.lines:
        if len(line.text) <= _MAX_LENGTH:
            lines.setdefault(tuple(_words_of(line.text)), []).append(line)
    return lines


def _line_of_title(lines: Mapping[tuple[str, ...], list[TextBlock]], title: str) -> TextBlock | None:
    """Return the last line, or heading if any, with the words of a title; others may be in a menu or teaser."""
    matches = lines.get(tuple(_words_of(title)), [])
    headings = [line for line in matches if line.heading]
    return next(reversed(headings or matches), None)
