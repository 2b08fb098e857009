"""What of a page no reader sees: what is hidden, struck out, or only there for machines."""

from __future__ import annotations

from lxml.html import HtmlElement

from index.parsers.styles import ComputedStyle

# fmt: off
NEVER_SHOWN = frozenset([
    "script", "style", "template", "noscript", "head", "title", "meta", "link", "base", "object", "embed", "iframe",
    "frame", "frameset", "noframes", "applet", "canvas", "audio", "video", "map", "area", "svg", "datalist",
    "select", "option", "optgroup", "textarea", "input", "rp", "annotation", "annotation-xml",
])
# fmt: on
STRUCK_OUT = frozenset(["del", "s", "strike"])
LEAST_SHOWN = 0.25  # of a page's paragraphs; a sheet that hides more of them awaits a script that shows them
BLOCKS = ("block", "flex", "grid", "list-item", "table")
APART = ("flex", "grid", "inline-flex", "inline-grid")  # values of display that lay out what is inside side by side
SCRIPTS = {"super": "sup", "sub": "sub"}  # by values of vertical-align


def find_not_shown(body: HtmlElement, styles: dict[HtmlElement, ComputedStyle]) -> set[HtmlElement]:
    """Return the elements that are hidden, struck out or only there for machines."""
    hidden = {element for element, style in styles.items() if style.hides}
    if _prose(body, hidden) < LEAST_SHOWN * _prose(body, set()):
        hidden = {element for element in hidden if not styles[element].hides_by_sheet}
    struck = {element for element, style in styles.items() if style.strikes}
    others = set(body.iter(*NEVER_SHOWN, *STRUCK_OUT))
    return hidden | struck | others | set(body.xpath(".//*[@aria-hidden = 'true']"))


def _prose(body: HtmlElement, hidden: set[HtmlElement]) -> int:
    """The letters in the paragraphs that are not hidden."""
    return sum(
        len(paragraph.text_content())
        for paragraph in body.iter("p")
        if hidden.isdisjoint((paragraph, *paragraph.iterancestors()))
    )


def apply_display(styles: dict[HtmlElement, ComputedStyle]) -> None:
    """Make blocks of what a style makes a block, and the reverse, so that what reads the tree sees it in the tags."""
    for element, style in styles.items():
        display = style.get("display")
        if display == "inline" and element.tag in ("div", "p", "li", "section"):
            element.tag = "span"
        elif display in BLOCKS and element.tag in ("span", "b", "strong", "em", "i", "small", "time"):
            element.tag = "div"
        elif element.tag in ("span", "small", "b", "i", "font"):
            element.tag = SCRIPTS.get(style.get("vertical-align") or "", element.tag)
        if display in APART and len(element):
            element.text = f"{element.text or ''} "
            for child in element:
                child.tail = f" {child.tail or ''}"
