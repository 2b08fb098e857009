"""Split a page into the blocks that a browser displays: paragraphs, headings, list items and cells, with their text."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from lxml.etree import iterwalk
from lxml.html import HtmlElement

# All other elements, including custom ones, are displayed inline.
# fmt: off
_BLOCK_TAGS = frozenset([
    "html", "body", "address", "article", "aside", "blockquote", "caption", "center", "dd", "details", "dialog",
    "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5",
    "h6", "header", "hgroup", "hr", "legend", "li", "main", "menu", "nav", "ol", "p", "pre", "search", "section",
    "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
])
# fmt: on
_HEADING_TAGS = ("h1", "h2", "h3", "h4", "h5", "h6")
CELL_TAGS = ("td", "th")
_MAX_SHORT_BLOCK = 150  # code points of a cell in a data table, or of an item in a list of short ones
ITEM_TAGS = ("li", "dt", "dd")
LIST_TAGS = ("ul", "ol", "menu", "dir", "dl")
# A block (or heading) is a link if a larger share of its text is in links.
LINK_SHARE, _HEADING_LINK_SHARE = 0.75, 0.5

_WHITE_SPACE = re.compile(r"\s+")
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]+")  # soft hyphens and zero-width characters
_CLOSING_PUNCTUATION = re.compile(r"\s*[,.;:!?)\]…]")
_SUPERSCRIPTS = str.maketrans("0123456789+-−=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾")
_SUBSCRIPTS = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_FORMULA_SCRIPTS = {"msup": {1: "sup"}, "msub": {1: "sub"}, "msubsup": {1: "sub", 2: "sup"}}
_OPENING_QUOTE = re.compile(r"\s*[“”„«»「『‹›\"‘]")

# The quotation marks that browsers put around <q>, and around a <q> within another.
_QUOTATION_MARKS = {
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
_ENGLISH_QUOTATION_MARKS = "“”‘’"


@dataclass(frozen=True, slots=True, eq=False)
class TextBlock:
    """A run of text between two block boundaries, and the innermost block element around it."""

    text: str
    element: HtmlElement
    heading: str | None  # the tag of the heading that it is in, "h1" to "h6"
    link_length: int  # code points of the text that are links to other pages
    marks: tuple[HtmlElement, ...] = ()  # the elements in it for which `is_mark` of shown_lines is true

    @property
    def is_link(self) -> bool:
        """Return whether most of the text is a link to another page."""
        return self.link_length > (_HEADING_LINK_SHARE if self.heading else LINK_SHARE) * len(self.text)


def shown_blocks(root: HtmlElement, without: Collection[HtmlElement]) -> list[TextBlock]:
    """Return the blocks of an element that have text, in document order, leaving out the elements in `without`."""
    return _walk(root, without, _BlockCollector(root))


def shown_lines(
    root: HtmlElement, without: Collection[HtmlElement], is_mark: Callable[[HtmlElement], bool] = lambda _: False
) -> list[TextBlock]:
    """Return the blocks of an element as `shown_blocks` does, but end a block at every line break.

    Each block lists the elements in it for which `is_mark` is true. A block that has marks may have no text.
    """
    return _walk(root, without, _BlockCollector(root, is_mark))


def _walk(root: HtmlElement, without: Collection[HtmlElement], collector: _BlockCollector) -> list[TextBlock]:
    if root in without:
        return []
    walker = iterwalk(root, events=("start", "end"))
    for event, element in walker:
        if event == "start" and element in without:
            walker.skip_subtree()
        elif event == "start":
            collector.enter(element)
        elif element in without:
            collector.pass_over(element)
        else:
            collector.leave(element)
    collector.end()
    return collector.blocks


def join_blocks(blocks: Sequence[TextBlock]) -> str:
    """Return the text of blocks, with blank lines between them but not within a list or table, and tabs in rows."""
    texts = [block.text for block in blocks[:1]]
    for before, block in pairwise(blocks):
        texts += _separator(before, block), block.text
    return "".join(texts)


class _BlockCollector:
    """Collects text while a tree is walked, and makes a block of it at each block boundary."""

    def __init__(self, root: HtmlElement, is_mark: Callable[[HtmlElement], bool] | None = None):
        self.blocks: list[TextBlock] = []
        self._root, self._is_mark = root, is_mark  # with `is_mark`, a line break ends a block
        self._marks: list[HtmlElement] = []
        self._pieces: list[str] = []
        self._link_length = 0
        # The open elements of each kind: their number, or a stack.
        self._links = self._pre = self._quotations = self._formulas = 0
        self._block_elements = [root]
        self._scripts: list[dict[int, int] | None] = [None]  # translation tables of sup and sub
        self._heading: list[str | None] = [None]
        self._is_quotation_empty = False  # whether a quotation has just been opened and has no text yet

    def enter(self, element: HtmlElement) -> None:
        """Open an element and add the text before its first child."""
        tag = element.tag
        if tag in _BLOCK_TAGS:
            self.end()
            self._block_elements.append(element)
            self._heading.append(tag if tag in _HEADING_TAGS else self._heading[-1])
            self._pre += tag == "pre"
        elif tag == "br":
            self._break()
        elif tag == "q":
            mark = _quotation_mark(element, self._quotations, 0)
            self._pieces.append(mark)
            self._is_quotation_empty = bool(mark)
            self._quotations += 1
        elif tag in ("sup", "sub"):
            self._scripts.append(_script(element, tag))
        elif tag == "math":
            self._formulas += 1
        elif self._formulas:
            self._enter_formula(element)
        if self._is_mark and self._is_mark(element):
            self._marks.append(element)
        self._links += _is_link(element)
        self._add(element.text)

    def leave(self, element: HtmlElement) -> None:
        """Close an element and add the text after it."""
        tag = element.tag
        self._links -= _is_link(element)
        if tag in _BLOCK_TAGS:
            self.end()
            self._block_elements.pop()
            self._heading.pop()
            self._pre -= tag == "pre"
        elif tag == "q":
            self._quotations -= 1
            self._strip_end()
            self._pieces.append(_quotation_mark(element, self._quotations, 1))
            self._is_quotation_empty = False
        elif tag == "math":
            self._formulas -= 1
        elif tag in ("sup", "sub") or (self._formulas and _formula_script(element)):
            self._scripts.pop()
        if element is not self._root:
            self._add(element.tail)

    def pass_over(self, element: HtmlElement) -> None:
        """Add the text after an element that is left out."""
        # Punctuation after it belongs to the word before it.
        if _CLOSING_PUNCTUATION.match(element.tail or ""):
            self._strip_end()
        if element.tag in _BLOCK_TAGS:
            self.end()
        self._add(element.tail)

    def end(self) -> None:
        """End the block: make a TextBlock of the text so far, if there is any."""
        text = _shown("".join(self._pieces), self._pre > 0)
        if text or self._marks:
            length = min(self._link_length, len(text))
            element, heading = self._block_elements[-1], self._heading[-1]
            self.blocks.append(TextBlock(text, element, heading, length, tuple(self._marks)))
        self._pieces.clear()
        self._marks.clear()
        self._link_length = 0

    def _enter_formula(self, element: HtmlElement) -> None:
        """Open an element of MathML: a superscript or subscript, a root or a denominator."""
        if script := _formula_script(element):
            self._scripts.append(_script(element, script))
        elif element.tag == "msqrt":
            self._pieces.append("√")
        elif element.getparent().tag == "mfrac" and _position(element) == 1:
            self._pieces.append("/")

    def _break(self) -> None:
        """Handle a line break: the second of two in a row ends the block; with `is_mark`, each does."""
        last = next((piece for piece in reversed(self._pieces) if piece.strip(" ")), "")
        if last == "\n" or self._is_mark:
            self.end()
        else:
            self._pieces.append("\n")

    def _add(self, text: str | None) -> None:
        if not text:
            return
        text = text if self._pre else _WHITE_SPACE.sub(" ", text)
        if self._is_quotation_empty:
            text = text.lstrip()
            self._is_quotation_empty = not text
        self._pieces.append(text.translate(self._scripts[-1]) if self._scripts[-1] else text)
        self._link_length += len(text.strip()) + 1 if self._links and not text.isspace() else 0

    def _strip_end(self) -> None:
        """Remove the spaces at the end of the text."""
        while self._pieces and self._pieces[-1].isspace() and "\n" not in self._pieces[-1]:
            self._pieces.pop()
        if self._pieces:
            self._pieces[-1] = self._pieces[-1].rstrip(" ")


def _shown(text: str, is_pre: bool) -> str:
    """Return the text of a block with its white space as a browser displays it."""
    text = _INVISIBLE.sub("", text)
    if is_pre:
        return "\n".join(line.rstrip() for line in text.splitlines()).strip("\n")
    return "\n".join(" ".join(line.split()) for line in text.split("\n")).strip("\n")


def _is_link(element: HtmlElement) -> bool:
    """Return whether an element is a link to another page."""
    return element.tag == "a" and "#" not in element.get("href", "#")


def _formula_script(element: HtmlElement) -> str | None:
    """Return "sup" or "sub" for an element of MathML that is one by its position in its parent, else None."""
    parent = element.getparent()
    scripts = _FORMULA_SCRIPTS.get(parent.tag) if parent is not None else None
    return scripts.get(_position(element)) if scripts else None


def _position(element: HtmlElement) -> int:
    """Return the number of siblings before an element, at most 3."""
    return sum(1 for _ in islice(element.itersiblings(preceding=True), 3))


def _script(element: HtmlElement, script: str) -> dict[int, int] | None:
    """Return the translation to Unicode superscripts or subscripts, None if the element has other characters."""
    table = _SUPERSCRIPTS if script == "sup" else _SUBSCRIPTS
    letters = element.text_content().split()
    return table if letters and all(ord(letter) in table for letter in "".join(letters)) else None


def _quotation_mark(element: HtmlElement, depth: int, side: int) -> str:
    """Return the mark before (side 0) or after (side 1) a quotation, "" if the text has marks of its own."""
    if _OPENING_QUOTE.match(element.text_content()):
        return ""
    language = next((outer.get("lang") for outer in (element, *element.iterancestors()) if outer.get("lang")), "")
    marks = _QUOTATION_MARKS.get(re.split("[-_]", language.lower())[0], _ENGLISH_QUOTATION_MARKS)
    return marks[2 * (depth % 2) + side]


def _separator(before: TextBlock, after: TextBlock) -> str:
    """Return what to put between two blocks: a tab, a line break or a blank line."""
    is_short = max(len(before.text), len(after.text)) <= _MAX_SHORT_BLOCK
    first, second = before.element, after.element
    if first.tag in CELL_TAGS and second.tag in CELL_TAGS and first is not second:
        if not is_short:
            return "\n\n"  # the table lays out the page
        if first.getparent() is second.getparent():
            return "\t"
        return "\n" if _enclosing(first, ("table",))[-1:] == _enclosing(second, ("table",))[-1:] else "\n\n"
    items = _enclosing(first, ITEM_TAGS)[:1], _enclosing(second, ITEM_TAGS)[:1]
    is_same_list = _enclosing(first, LIST_TAGS)[-1:] == _enclosing(second, LIST_TAGS)[-1:]
    return "\n" if items[0] and items[1] and items[0] != items[1] and is_same_list and is_short else "\n\n"


def _enclosing(element: HtmlElement, tags: Collection[str]) -> list[HtmlElement]:
    """Return the element and its ancestors that have one of the tags, innermost first."""
    return [outer for outer in (element, *element.iterancestors()) if outer.tag in tags]
