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


def seen_text(text: str) -> str:
    """Return a text without its markup; one that has none is returned as it is.

    >>> seen_text("<p>It&rsquo;s&nbsp;2AM.</p><p>Rain <b>fell</b>.</p>"), seen_text("1 < 2 & 3 > 2")
    ('It’s 2AM.\\n\\nRain fell.', '1 < 2 & 3 > 2')
    """
    return shown_text(text) if TAG.search(text) else unescape(text)


def unescape(text: str) -> str:
    """Return a text with its entities, as &amp;amp; or &#8217;, replaced by what they mean."""
    return ENTITY.sub(lambda entity: html.unescape(entity[0]).replace("\xa0", " "), text)


def shown_text(markup: str) -> str:
    """Return the text of a piece of HTML as a browser shows it."""
    # Slow to import, and hardly any row needs it.
    from index.parsers.blocks import join_blocks, shown_blocks
    from index.parsers.page import parse_page

    page = parse_page(f"<div>{markup}</div>")
    return join_blocks(shown_blocks(page.body, page.not_shown)) if page else ""
