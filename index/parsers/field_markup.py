"""Convert HTML within a field, as feeds and content management systems export it, to the text that is displayed."""

from __future__ import annotations

import html
import re

_TAG = re.compile(
    r"</(?:p|div|span|a|b|i|u|em|strong|li|ul|ol|h[1-6]|blockquote|figure|table|tr|td|section|article)\s*>"
    r"|<(?:br|hr|p)\s*/?>|<(?:p|div|img)\s[^<>]*>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,30});", re.IGNORECASE)


def strip_markup(text: str) -> str:
    """Return a text without its markup; a text that has none is returned as it is.

    >>> strip_markup("<p>It&rsquo;s&nbsp;2AM.</p><p>Rain <b>fell</b>.</p>"), strip_markup("1 < 2 & 3 > 2")
    ('It’s 2AM.\\n\\nRain fell.', '1 < 2 & 3 > 2')
    """
    return html_to_text(text) if _TAG.search(text) else _unescape_entities(text)


def _unescape_entities(text: str) -> str:
    """Return a text with its character references, such as &amp; or &#8217;, replaced by characters."""
    return _ENTITY.sub(lambda entity: html.unescape(entity[0]).replace("\xa0", " "), text)


def html_to_text(markup: str) -> str:
    """Return the text of an HTML fragment as a browser displays it."""
    # Slow to import, and hardly any row needs it.
    from index.parsers.blocks import join_blocks, shown_blocks
    from index.parsers.page import parse_page

    page = parse_page(f"<div>{markup}</div>")
    return join_blocks(shown_blocks(page.body, page.not_shown)) if page else ""
