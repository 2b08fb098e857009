"""Find the elements of a page that readers do not see, and apply style sheets to the tags of the others."""

from __future__ import annotations

from lxml.html import HtmlElement

from index.parsers.styles import ComputedStyle

# fmt: off
_NEVER_SHOWN_TAGS = frozenset([
    "script", "style", "template", "noscript", "head", "title", "meta", "link", "base", "object", "embed", "iframe",
    "frame", "frameset", "noframes", "applet", "canvas", "audio", "video", "map", "area", "svg", "datalist",
    "select", "option", "optgroup", "textarea", "input", "rp", "annotation", "annotation-xml",
])
# fmt: on
_STRUCK_OUT_TAGS = frozenset(["del", "s", "strike"])
_MIN_SHOWN_SHARE = 0.25  # of the text in paragraphs; if style sheets hide more, a script is meant to show it
_BLOCK_DISPLAYS = ("block", "flex", "grid", "list-item", "table")
_SIDE_BY_SIDE_DISPLAYS = (
    "flex",
    "grid",
    "inline-flex",
    "inline-grid",
)  # their children are displayed apart from each other
_SCRIPT_TAGS = {"super": "sup", "sub": "sub"}  # by the value of vertical-align


def find_not_shown(body: HtmlElement, styles: dict[HtmlElement, ComputedStyle]) -> set[HtmlElement]:
    """Return the elements that are hidden, struck out or never displayed as text, such as scripts."""
    hidden = {element for element, style in styles.items() if style.hides}
    if _paragraph_length(body, hidden) < _MIN_SHOWN_SHARE * _paragraph_length(body, set()):
        hidden = {element for element in hidden if not styles[element].hides_by_sheet}
    struck = {element for element, style in styles.items() if style.strikes}
    others = set(body.iter(*_NEVER_SHOWN_TAGS, *_STRUCK_OUT_TAGS))
    return hidden | struck | others | set(body.xpath(".//*[@aria-hidden = 'true']"))


def _paragraph_length(body: HtmlElement, hidden: set[HtmlElement]) -> int:
    """Return the length of the text in paragraphs that are not hidden, in code points."""
    return sum(
        len(paragraph.text_content())
        for paragraph in body.iter("p")
        if hidden.isdisjoint((paragraph, *paragraph.iterancestors()))
    )


def apply_display(styles: dict[HtmlElement, ComputedStyle]) -> None:
    """Change the tags of elements to match the styles that make them blocks, inline, superscripts or subscripts.

    Children that are displayed side by side get spaces between them.
    """
    for element, style in styles.items():
        display = style.get("display")
        if display == "inline" and element.tag in ("div", "p", "li", "section"):
            element.tag = "span"
        elif display in _BLOCK_DISPLAYS and element.tag in ("span", "b", "strong", "em", "i", "small", "time"):
            element.tag = "div"
        elif element.tag in ("span", "small", "b", "i", "font"):
            element.tag = _SCRIPT_TAGS.get(style.get("vertical-align") or "", element.tag)
        if display in _SIDE_BY_SIDE_DISPLAYS and len(element):
            element.text = f"{element.text or ''} "
            for child in element:
                child.tail = f" {child.tail or ''}"
