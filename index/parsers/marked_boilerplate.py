"""What of a page its makers mark as not the article: navigation, sidebars, footers, forms, other stories, comments."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from lxml.etree import XPath
from lxml.html import HtmlElement

from index.parsers.page import WebPage

TAGS = frozenset(["nav", "aside", "footer", "menu", "figcaption", "form"])
COMMENTS = ("/Comment", "/UserComments")  # types of microdata
LABELS = frozenset(["button", "label", "legend"])
# fmt: off
IN_LINE = frozenset([
    "a", "abbr", "b", "cite", "code", "em", "font", "i", "mark", "small", "span", "strong", "sub", "sup", "time",
    "u",
])
# fmt: on
# fmt: off
ROLES = frozenset([
    "navigation", "complementary", "contentinfo", "banner", "search", "searchbox", "menu", "menubar", "toolbar",
    "tablist", "tree", "dialog", "alertdialog", "alert", "status", "tooltip", "button", "form", "switch", "doc-toc",
    "doc-pagelist",
])
# fmt: on
# Classes and ids, or parts of them at hyphens.
NAMES = re.compile(
    r"""
    (?: ^ | \s | - )
    (?: nav | navbar | navigation | subnav | topnav | breadcrumbs? | bread-crumbs? | menu | submenu | megamenu | toolbar
      | sidebars? | side-bar | footer | colophon | masthead | topbar | pagination | pager | skip-link | toc
      | table-of-contents
      | ads? | adverts? | advertisements? | advertising | adsense | adslot | ad-?unit | dfp | sponsor(?:s|ed)? | promos?
      | promotions? | promoted | outbrain | taboola | revcontent | zergnet | donate | donation | app-download
      | sharebar | sharedaddy | socials? | follow-us | addthis | addtoany
      | newsletters? | subscribe | subscription | sign-?up | mailing-list | optin | feedback | ratings? | poll | quiz
      | cookies? | cookiebar | consent | gdpr | pop-?up | modal | lightbox | toast | interstitial
      | related | related-\w+ | recommended | recommendations? | recirc | recirculation | more-(?:on|stories|news|from)
      | also-read | read-(?:also|next) | see-also | up-next | next-up | you-m(?:ay|ight)-(?:also-)?like | popular
      | most-(?:read|popular|viewed|shared|recent) | trending | latest-(?:news|posts|stories|articles) | top-stories
      | recent-(?:posts|news|articles|stories|comments) | teasers? | jp-relatedposts | yarpp
      | comments? | comment-(?:list|form|section|area|thread|respond) | commentlist | disqus | respond | livefyre
      | replies | infobox | fact-?box | navbox
      | wp-caption-text | captions? | copyright | disclaimer
    )
    (?= $ | \s | - )
      | (?: ^ | \s ) widget (?= $ | \s | - )
    """,
    re.VERBOSE,
)
# Those of what speaks of the article, where its day may be stated.
ABOUT = re.compile(
    r"""
    (?: ^ | \s | - )
    (?: bylines? | authors? | author-(?:bio|box|info|card|profile|content|name|meta) | bio | about-(?:the-)?author
      | share | shares | sharing | tags | tag-?list | tagcloud | tag-links | post-tags | credits?
      | (?:entry|post|article)-meta
    )
    (?= $ | \s | - )
    """,
    re.VERBOSE,
)
UNSEEN = re.compile(
    r"(?:^|\s|-)(?:sr-only|visually-?hidden|screen-?reader|screen-reader-text|a11y-hidden|print-only|no-?print)(?=$|\s|-)"
)
# Names that speak of a layout ("no-sidebar", "content-with-sidebar"), not of what an element is.
LAYOUT = re.compile(r"\S*(?:^|\s|-)(?:has|no|with|without|hide|show)-\S+")
# Names of what holds the article, whatever else the element is named.
ARTICLE = re.compile(
    r"""
    (?: ^ | \s | - )
    (?: (?: article | entry | story | post | page | main | blog | news | single )-?
        (?: body | content | text | copy | wrap | wrapper )
      | articlebody | storybody | h-?entry | e-content | type-post | type-page
    )
    (?= $ | \s | - )
    """,
    re.VERBOSE,
)
HOLDS_ARTICLE = XPath(
    "boolean(descendant-or-self::main or descendant-or-self::*[@itemprop = 'articleBody'] or descendant::*["
    + " or ".join(
        f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')"
        for name in ["hentry", "post-body", "entry-content", "article-body", "article__body", "story-body", "e-content"]
    )
    + "])"
)
CAMEL = re.compile(r"(?<=[a-z\d])(?=[A-Z])")
SEPARATORS = re.compile(r"[_:./]+|-{2,}")
WIDEST = 1000  # code points of class names that are looked at
LONGEST_NAME = 5  # words; an id of more is made of a heading
CLOCK = re.compile(r"(?:[01]?\d|2[0-3])[:.h][0-5]\d(?:\s*[ap]\.?m\.?)?(?:\s*[A-Z]{1,4})?", re.IGNORECASE)


def marked(page: WebPage, by_name: bool = True) -> set[HtmlElement]:
    """Return the elements that are marked as not the text of the article, without those that hold it.

    With `by_name` off, only tags and roles mark, and a form may be the whole page.
    """
    headline = next((h1 for h1 in page.body.iter("h1") if h1 not in page.not_shown), None)

    def is_marked(element: HtmlElement) -> bool:
        if not by_name:
            return _is_marked(element, but=("form",))
        return _is_named(element, NAMES, ABOUT, UNSEEN) or _is_marked(element)

    return _topmost(page, headline, is_marked)


def marked_beside(page: WebPage, headline: HtmlElement | None) -> set[HtmlElement]:
    """Return the elements that are marked as neither the article with a headline nor as what speaks of it."""
    return _topmost(page, headline, is_beside)


def is_beside(element: HtmlElement) -> bool:
    """Whether an element is marked as neither the article nor as what speaks of it."""
    return _is_marked(element) or _is_named(element, NAMES)


def is_for_screen_readers(element: HtmlElement) -> bool:
    """Whether the names of an element say that it is not seen on a screen."""
    return _is_named(element, UNSEEN)


def _topmost(page: WebPage, headline: HtmlElement | None, is_marked: Callable[[HtmlElement], bool]) -> set[HtmlElement]:
    """The outermost elements that are marked, but for those around the headline and those that hold the article."""
    heads = set() if headline is None else {headline, *headline.iterancestors()}
    found: set[HtmlElement] = set()
    elements = [page.body]
    while elements:
        for element in elements.pop():
            if element in page.not_shown:
                continue
            if is_marked(element) and element not in heads and not HOLDS_ARTICLE(element):
                found.add(element)
            else:
                elements.append(element)
    return found


def _is_marked(element: HtmlElement, but: Collection[str] = ()) -> bool:
    if element.tag in but:
        return False
    if element.get("itemtype", "").endswith(COMMENTS):
        return True
    if element.tag in TAGS or element.get("role", "").strip().lower() in ROLES:
        return element.tag != "footer" or next(element.iterancestors("blockquote"), None) is None
    if element.tag == "header":
        return next(element.iterancestors("article", "main", "section"), None) is None
    return element.tag in LABELS and not _is_in_a_line(element)


def _is_named(element: HtmlElement, *said: re.Pattern[str]) -> bool:
    names = " ".join(_words(element.get(attribute, "")) for attribute in ("class", "id"))
    return (
        any(one.search(names) for one in said)
        and ARTICLE.search(names) is None
        and not (element.tag in IN_LINE and _is_in_a_line(element))
        and not CLOCK.fullmatch(element.text_content().strip())  # the time of an entry in a live blog
    )


def _words(names: str) -> str:
    """Names in lower case with hyphens between their words, without those of a layout and those that are sentences."""
    spread = SEPARATORS.sub("-", CAMEL.sub("-", names[:WIDEST])).lower()
    return LAYOUT.sub("", " ".join(name for name in spread.split() if name.count("-") < LONGEST_NAME))


def _is_in_a_line(element: HtmlElement) -> bool:
    """Whether an element is among the words of a line."""
    before = element.getprevious()
    around = (element.getparent().text if before is None else before.tail, element.tail)
    return any(text and any(letter.isalnum() for letter in text) for text in around)
