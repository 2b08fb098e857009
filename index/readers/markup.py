"""HTML inside of a field, as feeds and content systems export it: the text that a reader sees."""

from __future__ import annotations

import html
import re

TAG = re.compile(
    r"</(?:p|div|span|a|b|i|u|em|strong|li|ul|ol|h[1-6]|blockquote|figure|table|tr|td|section|article)\s*>"
    r"|<(?:br|hr|p)\s*/?>|<(?:p|div|img)\s[^<>]*>",
    re.IGNORECASE,
)
ENTITY = re.compile(r"&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,30});", re.IGNORECASE)
# fmt: off
BLOCKS = frozenset([
    "address", "article", "aside", "blockquote", "details", "div", "dl", "figcaption", "figure", "footer", "h1", "h2",
    "h3", "h4", "h5", "h6", "header", "hr", "main", "nav", "ol", "p", "pre", "section", "table", "ul",
])
# fmt: on
LINES = frozenset(["br", "dd", "dt", "li", "tr"])
UNSEEN = ("script", "style", "template", "noscript", "iframe", "svg", "head")


def seen_text(text: str) -> str:
    """Return a text without its markup; one that has none is returned as it is.

    >>> seen_text("<p>It&rsquo;s&nbsp;2AM.</p><p>Rain <b>fell</b>.</p>"), seen_text("1 < 2 & 3 > 2")
    ('It’s 2AM.\\n\\nRain fell.', '1 < 2 & 3 > 2')
    """
    return _rendered(text) if TAG.search(text) else unescape(text)


def unescape(text: str) -> str:
    """Return a text with its entities, as &amp;amp; or &#8217;, replaced by what they mean."""
    return ENTITY.sub(lambda entity: html.unescape(entity[0]).replace("\xa0", " "), text)


def _rendered(markup: str) -> str:
    # Slow to import, and hardly any row needs it.
    from lxml import etree
    from lxml.html import HTMLParser, document_fromstring

    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        body = document_fromstring(f"<div>{markup}</div>".encode(), parser=parser)
    except (etree.ParserError, ValueError):  # nothing but comments
        return ""
    etree.strip_elements(body, *UNSEEN, with_tail=False)
    pieces: list[str] = []
    for event, element in etree.iterwalk(body, events=("start", "end")):
        edge = "\n\n" if element.tag in BLOCKS else "\n" if element.tag in LINES and event == "start" else ""
        words = (element.text if event == "start" else element.tail) or ""
        pieces += (edge, re.sub(r"\s+", " ", words))
    text = re.sub(r" *\n *", "\n", "".join(pieces))
    return re.sub(r"\n{3,}", "\n\n", text).strip()
