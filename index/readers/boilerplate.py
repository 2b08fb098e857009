"""What of a page its makers mark as not the article: navigation, sidebars, footers, forms, related stories, comments."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from index.readers.visible import cut

TAGS = ("nav", "aside", "footer", "menu", "figcaption")
ROLES = frozenset(
    """
    navigation complementary contentinfo banner search searchbox menu menubar toolbar tablist tree dialog alertdialog
    alert status tooltip button form switch doc-toc doc-pagelist
    """.split()
)
# Parts of class names and ids, as they are written with hyphens between their words.
NAMES = re.compile(
    r"""
    (?:^|\s|-)(?:
        nav | navbar | navigation | subnav | topnav | breadcrumbs? | bread-crumbs? | menu | submenu | megamenu | toolbar
      | sidebar | side-bar | sidebars | footer | colophon | masthead | topbar | pagination | pager | skip-link
      | ads? | advert | adverts | advertisement | advertisements | advertising | adsense | adslot | ad-?unit | dfp
      | sponsor | sponsors | sponsored | promo | promos | promotion | promotions | promoted | outbrain | taboola | revcontent
      | share | sharing | sharebar | sharedaddy | shares | social | socials | follow-us | addthis | addtoany
      | newsletter | newsletters | subscribe | subscription | signup | sign-up | mailing-list | optin
      | cookie | cookies | consent | gdpr | cookiebar | popup | pop-up | modal | lightbox | toast | interstitial
      | related | recommended | recommendation | recommendations | recirc | recirculation | more-on
      | more-stories | more-news | more-from | also-read | read-also | read-next | see-also | up-next | next-up
      | you-may-(?:also-)?like | you-might-like | most-(?:read|popular|viewed|shared|recent) | popular | trending
      | latest-(?:news|posts|stories|articles) | recent-(?:posts|news|articles|stories|comments) | top-stories
      | related-\w+ | teaser | teasers | jp-relatedposts | yarpp | zergnet
      | comments? | comment-(?:list|form|section|area|thread|respond) | commentlist | comments-area | disqus
      | disqus-thread | respond | livefyre | replies
      | infobox | factbox | fact-box | navbox | byline | bylines | author-(?:bio|box|info|card|profile) | about-(?:the-)?author
      | bio | tags | tag-list | taglist | tagcloud | tag-links | post-tags | entry-meta | post-meta | article-meta
      | toc | table-of-contents | print-only | noprint | no-print | sr-only | visually-hidden | visuallyhidden
      | screen-reader-text | screenreader | a11y-hidden | wp-caption-text | caption | captions | credit | credits | copyright
      | disclaimer | donate | donation | paywall-\w+ | app-download | feedback | rating | ratings | poll | quiz
    )(?=$|\s|-)
      | (?:^|\s)widget(?=$|\s|-)
    """,
    re.VERBOSE,
)
# Names that speak of a layout, not of what the element is.
LAYOUT = re.compile(r"\S*(?:^|\s|-)(?:has|no|with|without|hide|show)-\S+")
# Names of what holds the article, whatever else the element is named.
ARTICLE = re.compile(
    r"(?:^|\s|-)(?:(?:article|entry|story|post|page|main|blog|news|single)-?(?:body|content|text|copy|wrap|wrapper)|articlebody"
    r"|storybody|h-entry|e-content|hentry)(?=$|\s|-)"
)
WEAK = re.compile(r"(?:^|\s|-)(?:read-?more|overlay|expand)(?=$|\s|-)")
CAMEL = re.compile(r"(?<=[a-z\d])(?=[A-Z])")
SEPARATORS = re.compile(r"[_:./]+|-{2,}")
MOST_WORDS = 5  # of a name; an id of more is made of a heading
WIDEST = 1000  # letters of class names that are looked at


def cut_marked(body: HtmlElement) -> None:
    """Take out of a page what is marked as not the article, unless the article itself is in it."""
    for element in list(_marked(body)):
        if element.getparent() is not None:
            cut(element)


def _marked(body: HtmlElement) -> Iterator[HtmlElement]:
    headline = next(body.iter("h1"), None)
    for element in body.iterdescendants():
        if _is_marked(element) and not _holds_article(element, headline):
            yield element


def _is_marked(element: HtmlElement) -> bool:
    if element.tag in TAGS or element.get("role", "").strip().lower() in ROLES:
        return element.tag != "footer" or next(element.iterancestors("blockquote"), None) is None
    if element.tag == "header":
        return next(element.iterancestors("article", "main"), None) is None
    if element.tag in ("button", "label", "legend"):
        return not _is_in_a_line(element)
    if element.tag == "form":
        return True
    return is_named(element)


def is_named(element: HtmlElement) -> bool:
    """Whether the class or id of an element names what is not the article."""
    names = [_words(element.get(attribute, "")) for attribute in ("class", "id")]
    return any(map(NAMES.search, names)) and not any(map(ARTICLE.search, names))


def _words(names: str) -> str:
    """Names as words with hyphens between them, in lower case, without ids that are sentences."""
    spread = SEPARATORS.sub("-", CAMEL.sub("-", names[:WIDEST])).lower()
    return LAYOUT.sub("", " ".join(name for name in spread.split() if name.count("-") < MOST_WORDS))


def _is_in_a_line(element: HtmlElement) -> bool:
    """Whether an element stands among the words of a line."""
    before = element.getprevious()
    around = (element.getparent().text if before is None else before.tail, element.tail)
    return any(text and any(letter.isalnum() for letter in text) for text in around)


def _holds_article(element: HtmlElement, headline: HtmlElement | None) -> bool:
    if headline is not None and (element is headline or element in headline.iterancestors()):
        return True
    return bool(element.xpath("boolean(descendant-or-self::main or descendant-or-self::*[@itemprop = 'articleBody'])"))
