"""Find the elements of a page that are marked as boilerplate by their tags, roles, classes or ids.

Boilerplate is everything but the article: navigation, sidebars, footers, forms, other stories, comments, ads.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from lxml.etree import XPath
from lxml.html import HtmlElement

from index.parsers.page import WebPage

_BOILERPLATE_TAGS = frozenset(["nav", "aside", "footer", "menu", "figcaption", "form"])
_COMMENT_TYPES = ("/Comment", "/UserComments")  # the ends of microdata types
_LABEL_TAGS = frozenset(["button", "label", "legend"])
# fmt: off
_INLINE_TAGS = frozenset([
    "a", "abbr", "b", "cite", "code", "em", "font", "i", "mark", "small", "span", "strong", "sub", "sup", "time",
    "u",
])
# fmt: on
# fmt: off
_BOILERPLATE_ROLES = frozenset([
    "navigation", "complementary", "contentinfo", "banner", "search", "searchbox", "menu", "menubar", "toolbar",
    "tablist", "tree", "dialog", "alertdialog", "alert", "status", "tooltip", "button", "form", "switch", "doc-toc",
    "doc-pagelist",
])
# fmt: on
# Classes and ids of boilerplate, or their parts between hyphens.
_BOILERPLATE_NAMES = re.compile(
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
# Those of elements with metadata of the article (byline, tags, sharing), which may state its date.
_ARTICLE_METADATA_NAMES = re.compile(
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
_SCREEN_READER_NAMES = re.compile(
    r"(?:^|\s|-)(?:sr-only|visually-?hidden|screen-?reader|screen-reader-text|a11y-hidden|print-only|no-?print)(?=$|\s|-)"
)
# Names that describe a layout ("no-sidebar", "content-with-sidebar") rather than the content of the element.
_LAYOUT_NAMES = re.compile(r"\S*(?:^|\s|-)(?:has|no|with|without|hide|show)-\S+")
# Names of elements that hold the article, whatever other names they have.
_ARTICLE_NAMES = re.compile(
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
_contains_article = XPath(
    "boolean(descendant-or-self::main or descendant-or-self::*[@itemprop = 'articleBody'] or descendant::*["
    + " or ".join(
        f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')"
        for name in ["hentry", "post-body", "entry-content", "article-body", "article__body", "story-body", "e-content"]
    )
    + "])"
)
_CAMEL_CASE_BOUNDARY = re.compile(r"(?<=[a-z\d])(?=[A-Z])")
_SEPARATORS = re.compile(r"[_:./]+|-{2,}")
_MAX_NAMES_LENGTH = 1000  # code points of a class attribute or id; the rest is ignored
_MAX_NAME_WORDS = 5  # a longer id is made of a heading
CLOCK_TIME = re.compile(r"(?:[01]?\d|2[0-3])[:.h][0-5]\d(?:\s*[ap]\.?m\.?)?(?:\s*[A-Z]{1,4})?", re.IGNORECASE)


def find_boilerplate(page: WebPage, by_name: bool = True) -> set[HtmlElement]:
    """Return the outermost elements that are marked as boilerplate or article metadata, such as a byline.

    Elements around the headline and those that contain the article are never among them.

    With `by_name` off, classes and ids are ignored, and so are forms, since one may be around the whole page.
    """
    headline = next((h1 for h1 in page.body.iter("h1") if h1 not in page.not_shown), None)

    def is_marked(element: HtmlElement) -> bool:
        if not by_name:
            return _has_boilerplate_tag(element, ignore=("form",))
        names = _BOILERPLATE_NAMES, _ARTICLE_METADATA_NAMES, _SCREEN_READER_NAMES
        return _has_name(element, *names) or _has_boilerplate_tag(element)

    return _outermost(page, headline, is_marked)


def find_unrelated(page: WebPage, headline: HtmlElement | None) -> set[HtmlElement]:
    """Return the outermost elements for which `is_unrelated` is true, except those around the headline or article."""
    return _outermost(page, headline, is_unrelated)


def is_unrelated(element: HtmlElement) -> bool:
    """Return whether an element is marked as boilerplate; unlike in `find_boilerplate`, metadata does not count."""
    return _has_boilerplate_tag(element) or _has_name(element, _BOILERPLATE_NAMES)


def is_for_screen_readers(element: HtmlElement) -> bool:
    """Return whether the class or id of an element says that it is not displayed on a screen."""
    return _has_name(element, _SCREEN_READER_NAMES)


def _outermost(
    page: WebPage, headline: HtmlElement | None, is_marked: Callable[[HtmlElement], bool]
) -> set[HtmlElement]:
    """Return the outermost marked elements, except those around the headline and those that contain the article."""
    around_headline = set() if headline is None else {headline, *headline.iterancestors()}
    found: set[HtmlElement] = set()
    elements = [page.body]
    while elements:
        for element in elements.pop():
            if element in page.not_shown:
                continue
            if is_marked(element) and element not in around_headline and not _contains_article(element):
                found.add(element)
            else:
                elements.append(element)
    return found


def _has_boilerplate_tag(element: HtmlElement, ignore: Collection[str] = ()) -> bool:
    """Return whether the tag, role or type of an element is one of boilerplate; tags in `ignore` are not."""
    if element.tag in ignore:
        return False
    if element.get("itemtype", "").endswith(_COMMENT_TYPES):
        return True
    if element.tag in _BOILERPLATE_TAGS or element.get("role", "").strip().lower() in _BOILERPLATE_ROLES:
        return element.tag != "footer" or next(element.iterancestors("blockquote"), None) is None
    if element.tag == "header":
        return next(element.iterancestors("article", "main", "section"), None) is None
    return element.tag in _LABEL_TAGS and not _is_within_line(element)


def _has_name(element: HtmlElement, *patterns: re.Pattern[str]) -> bool:
    """Return whether the class or id of an element matches one of the patterns and is not that of the article."""
    names = " ".join(_normalized_names(element.get(attribute, "")) for attribute in ("class", "id"))
    return (
        any(pattern.search(names) for pattern in patterns)
        and _ARTICLE_NAMES.search(names) is None
        and not (element.tag in _INLINE_TAGS and _is_within_line(element))
        and not CLOCK_TIME.fullmatch(element.text_content().strip())  # the time of an entry in a live blog
    )


def _normalized_names(names: str) -> str:
    """Return names in lower case, with hyphens between their words, without names of layouts and long names."""
    hyphenated = _SEPARATORS.sub("-", _CAMEL_CASE_BOUNDARY.sub("-", names[:_MAX_NAMES_LENGTH])).lower()
    return _LAYOUT_NAMES.sub("", " ".join(name for name in hyphenated.split() if name.count("-") < _MAX_NAME_WORDS))


def _is_within_line(element: HtmlElement) -> bool:
    """Return whether there are words directly before or after an element."""
    before = element.getprevious()
    around = (element.getparent().text if before is None else before.tail, element.tail)
    return any(text and any(letter.isalnum() for letter in text) for text in around)
