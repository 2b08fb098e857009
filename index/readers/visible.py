"""What a page shows: its tree without what no reader sees, and with what only the eye tells written out."""

from __future__ import annotations

import re

from lxml.html import HtmlElement, HTMLParser, document_fromstring

from index.readers.styles import Style, computed_styles

NEVER_SHOWN = (
    "script style template noscript head title meta link base object embed iframe frame frameset noframes applet canvas"
    " audio video map area svg datalist select option optgroup textarea input rp annotation annotation-xml"
).split()
STRUCK_OUT = ("del", "s", "strike")
SHOWN_AT_LEAST = 0.25  # of a page's paragraphs; a sheet that hides more awaits a script that shows them

SUPERSCRIPT = str.maketrans("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ")
SUBSCRIPT = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")

# The marks that browsers put around <q>, and around one within another.
MARKS = {
    language: marks
    for languages, marks in [
        ("be bg ca el es eu fr hy it no nb nn pt ro ru sq tr uk", "«»“”"),
        ("cs de et is lt sk sl", "„“‚‘"),
        ("hr hu pl sr", "„”«»"),
        ("da", "»«›‹"),
        ("fi sv", "””’’"),
        ("ja zh", "「」『』"),
    ]
    for language in languages.split()
}
ENGLISH = "“”‘’"
INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]+")  # soft hyphens, and what has no width
BEFORE_A_CUT, AFTER_A_CUT = re.compile(r"\s+\Z"), re.compile(r"\s*[,.;:!?)\]]")


def visible_body(page: str) -> HtmlElement:
    """Return the body of a page as it is shown; raises ValueError where there is none."""
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    tree = document_fromstring(page.encode("utf-8", "replace"), parser=parser, ensure_head_body=True)
    body = tree.find("body")
    if body is None:
        raise ValueError("the page has no body")
    styles = computed_styles(tree)
    for element in list(body.iter(*NEVER_SHOWN)):
        cut(element)
    _hide(body, {element: style for element, style in styles.items() if element is not body})
    for element in body.xpath(".//*[@aria-hidden = 'true']"):
        cut(element)
    _write_out(body)
    return body


def cut(element: HtmlElement) -> None:
    """Take an element out of its tree, and the space before it where a mark follows that joins the word before."""
    parent = element.getparent()
    if parent is None:
        return
    before = element.getprevious()
    text = (parent.text if before is None else before.tail) or ""
    if AFTER_A_CUT.match(element.tail or ""):
        text = BEFORE_A_CUT.sub("", text)
    if before is None:
        parent.text = text + (element.tail or "")
    else:
        before.tail = text + (element.tail or "")
    element.tail = None
    parent.remove(element)


def _hide(body: HtmlElement, styles: dict[HtmlElement, Style]) -> None:
    """Take out what is hidden and struck out, and tell blocks from what is in line as the styles do."""
    hidden = [element for element, style in styles.items() if style.hides]
    if _prose(body) and _prose(body, set(hidden)) < SHOWN_AT_LEAST * _prose(body):
        hidden = []
    struck = [element for element, style in styles.items() if style.strikes]
    for element in (*hidden, *struck, *list(body.iter(*STRUCK_OUT))):
        cut(element)
    for element, style in styles.items():
        display = style.get("display") or ""
        if display == "inline" and element.tag in ("div", "p", "li"):
            element.tag = "span"
        elif display in ("block", "flex", "grid") and element.tag in ("span", "a", "b", "strong", "em", "i"):
            element.tag = "div" if element.tag == "span" else element.tag


def _prose(body: HtmlElement, without: set[HtmlElement] = frozenset()) -> int:  # type: ignore[assignment]
    """The letters in the paragraphs that are in none of some elements."""
    return sum(
        len(paragraph.text_content())
        for paragraph in body.iter("p")
        if paragraph not in without and not any(outer in without for outer in paragraph.iterancestors())
    )


def _write_out(body: HtmlElement) -> None:
    """Write quotation marks around <q>, and raised and lowered figures, as characters."""
    for element in body.iter("sup", "sub"):
        letters = element.text_content().strip()
        table = SUPERSCRIPT if element.tag == "sup" else SUBSCRIPT
        if letters and all(ord(letter) in table for letter in letters):
            for part in element.iter():
                part.text = part.text.translate(table) if part.text else None
                if part is not element:
                    part.tail = part.tail.translate(table) if part.tail else None
    for element in body.iter("q"):
        depth = sum(1 for _ in element.iterancestors("q"))
        stated = next((outer.get("lang") for outer in (element, *element.iterancestors()) if outer.get("lang")), "")
        marks = MARKS.get(re.split("[-_]", stated.lower())[0], ENGLISH)
        opening, closing = marks[:2] if depth % 2 == 0 else marks[2:]
        if not element.text_content().lstrip().startswith(tuple("“”‘„«»\"'「『‹›")):
            element.text = opening + (element.text or "").lstrip()
            if len(element):
                element[-1].tail = (element[-1].tail or "").rstrip() + closing
            else:
                element.text = element.text.rstrip() + closing
