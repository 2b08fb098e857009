"""A web page as a tree: its blocks of text in order, and which of its elements are furniture."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from lxml import etree, html

# fmt: off
BLOCKS = frozenset([
    "address", "article", "aside", "blockquote", "body", "br", "button", "center", "dd", "details", "dialog", "div",
    "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header",
    "hr", "li", "main", "menu", "nav", "ol", "option", "p", "pre", "section", "summary", "table", "tbody", "td",
    "tfoot", "th", "thead", "tr", "ul",
])
SILENT = frozenset([
    "head", "iframe", "math", "noscript", "object", "script", "select", "style", "svg", "template", "textarea",
])
FURNITURE_TAGS = frozenset(["aside", "button", "figcaption", "footer", "form", "header", "nav"])
FURNITURE_ROLES = frozenset([
    "banner", "complementary", "contentinfo", "dialog", "form", "menu", "navigation", "search",
])
# fmt: on
LONGEST = 1_000  # code points that a meta element is read for
# Words of class names and ids; "site-footer" has two words, and "commentary" is none of them.
FURNITURE = re.compile(
    r"(?:(?:site|page|global|main|top)[_-]?)?(?:footer|nav|navbar|navigation|menu|masthead|banner)|bottom[_-]?bar"
    r"|(?:side|top)[_-]?bar|(?:user|reader)?comments?|commentlist|disqus\w*|respond|replies"
    r"|related|recirc\w*|recommend\w*|popular|trending|latest|most[_-]?\w+|more[_-](?:from|on|stories|news)"
    r"|teasers?|promo\w*|widgets?|newsletter|subscribe|breadcrumbs?|pagination|pager|cookies?"
    r"|ads?|advert\w*|sponsor\w*|outbrain|taboola|caption|copyright|site[_-]?info|modal|popup",
    re.IGNORECASE,
)
ITEMPROPS = ("datePublished", "dateModified")
HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Block:
    """What stands in a block of its own, white space folded, and the innermost element that holds all of it."""

    text: str
    element: html.HtmlElement
    marks: tuple[html.HtmlElement, ...] = ()  # the elements in it that are marked as times


def parse_page(page: str) -> html.HtmlElement | None:
    """The tree of a page, or None where there is not one element in it."""
    try:
        return html.document_fromstring(page.encode(), parser=html.HTMLParser(encoding="utf-8"))
    except etree.ParserError:
        return None


def text_of(element: html.HtmlElement) -> str:
    """The words of an element that is shown, white space folded."""
    return " ".join(block.text for block in find_blocks(element) if block.text)


def find_blocks(tree: html.HtmlElement, inside: Collection[html.HtmlElement] = ()) -> Iterator[Block]:
    """The blocks that are shown, in the order of the page.

    With `inside`, a headline and the elements around it, what is marked as no part of its article is left out:
    furniture, and articles within the article or beside it.
    """
    own = {element for element in inside if element.tag == "article"}
    pieces: list[str] = []
    marks: list[html.HtmlElement] = []
    owner = tree

    def flush() -> Iterator[Block]:
        text = " ".join("".join(pieces).split())
        if text or marks:
            yield Block(text, owner, tuple(marks))
        pieces.clear()
        marks.clear()

    skipped: html.HtmlElement | None = None
    for event, element in etree.iterwalk(tree, events=("start", "end", "comment", "pi")):
        if event == "start" and skipped is None and element is not tree and _is_left_out(element, inside, own):
            skipped = element
        if skipped is None and event in ("start", "end"):
            if element.tag in BLOCKS or element is tree:
                yield from flush()
                around = None if element is tree else element.getparent()
                owner = element if event == "start" or around is None else around
            if event == "start":
                pieces.append(element.text or "")
                if element.tag == "time" or element.get("itemprop") in ITEMPROPS or "published" in names_of(element):
                    marks.append(element)
        if event != "start":
            if skipped is not None and element is skipped:
                yield from flush() if element.tag in BLOCKS else ()
                skipped = None
            if skipped is None and element is not tree:
                pieces.append(element.tail or "")
    yield from flush()


def is_hidden(element: html.HtmlElement) -> bool:
    """Whether a browser shows nothing of an element, or a screen reader nothing."""
    if element.tag in SILENT or "hidden" in element.attrib or element.get("aria-hidden") == "true":
        return True
    return HIDDEN.search(element.get("style", "")) is not None


def is_furniture(element: html.HtmlElement) -> bool:
    """Whether an element is marked as no part of an article: by its tag, its role, a word of its class or its id."""
    if element.tag in FURNITURE_TAGS or element.get("role") in FURNITURE_ROLES:
        return True
    if element.get("itemtype", "").endswith(("Comment", "Comments")):
        return True
    return any(FURNITURE.fullmatch(word) for word in names_of(element))


def _is_left_out(
    element: html.HtmlElement, inside: Collection[html.HtmlElement], own: Collection[html.HtmlElement]
) -> bool:
    """Whether an element is hidden, or marked as no part of the article; a header in the article is its own."""
    if is_hidden(element):
        return True
    if not inside or element in inside:
        return False
    if element.tag == "header":
        return not any(around in own for around in element.iterancestors("article"))
    return is_furniture(element) or (element.tag == "article" and bool(own))


def names_of(element: html.HtmlElement) -> list[str]:
    """The words of an element's classes and id, and the parts of those that are made of several ("site-footer")."""
    names = f"{element.get('class', '')} {element.get('id', '')}".split()
    parts = [part for name in names for part in re.split(r"__|[_-]+", name)]
    return names + parts


def metas(tree: html.HtmlElement) -> Iterator[tuple[str, str]]:
    """What the page's meta elements say: (name in lower case, content)."""
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or ""
        content = " ".join((meta.get("content") or "").split())
        if name and content and len(content) <= LONGEST:
            yield name.lower(), content
