"""The blocks that a page is shown as: paragraphs, headings, items and cells, each with its text as a reader sees it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from lxml.etree import iterwalk
from lxml.html import HtmlElement

# Whatever else there is, custom elements included, is part of a line.
# fmt: off
BLOCK_TAGS = frozenset([
    "html", "body", "address", "article", "aside", "blockquote", "caption", "center", "dd", "details", "dialog",
    "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5",
    "h6", "header", "hgroup", "hr", "legend", "li", "main", "menu", "nav", "ol", "p", "pre", "search", "section",
    "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
])
# fmt: on
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
CELLS = ("td", "th")
LONGEST_CELL = 150  # code points of a cell in a table of figures, or of an item in a list of short ones
ITEMS = ("li", "dt", "dd")
LISTS = ("ul", "ol", "menu", "dir", "dl")
MOSTLY, MOSTLY_HEADING = 0.75, 0.5  # of the letters of a block; with more of them in links, it is a link

SPACE = re.compile(r"\s+")
INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]+")  # soft hyphens, and what has no width
JOINS_WORD_BEFORE = re.compile(r"\s*[,.;:!?)\]…]")
RAISED = str.maketrans("0123456789+-−=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾")
LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
FORMULA_SCRIPTS = {"msup": {1: "sup"}, "msub": {1: "sub"}, "msubsup": {1: "sub", 2: "sup"}}
QUOTED = re.compile(r"\s*[“”„«»「『‹›\"‘]")

# The marks that browsers put around <q>, and around one within another.
QUOTATION_MARKS = {
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


@dataclass(frozen=True, slots=True, eq=False)
class TextBlock:
    """A run of text between two ends of blocks, and the innermost block that holds it."""

    text: str
    element: HtmlElement
    heading: str | None  # the tag of the heading that it is
    linked: int  # code points of the text that lead to another page
    marks: tuple[HtmlElement, ...] = ()  # the elements in it that were asked for

    @property
    def is_link(self) -> bool:
        """Whether nearly all of the block leads to another page."""
        return self.linked > (MOSTLY_HEADING if self.heading else MOSTLY) * len(self.text)


def shown_blocks(root: HtmlElement, without: Collection[HtmlElement]) -> list[TextBlock]:
    """Return the blocks of an element that have text, in order, without some of the elements in it."""
    return _walk(root, without, _Run(root))


def shown_lines(
    root: HtmlElement, without: Collection[HtmlElement], is_mark: Callable[[HtmlElement], bool] = lambda _: False
) -> list[TextBlock]:
    """Return the same, but with a line break as the end of a block, and with the marks in each.

    One that has marks may have no text.
    """
    return _walk(root, without, _Run(root, is_mark))


def _walk(root: HtmlElement, without: Collection[HtmlElement], run: _Run) -> list[TextBlock]:
    if root in without:
        return []
    walker = iterwalk(root, events=("start", "end"))
    for event, element in walker:
        if event == "start" and element in without:
            walker.skip_subtree()
        elif event == "start":
            run.enter(element)
        elif element in without:
            run.pass_over(element)
        else:
            run.leave(element)
    run.end()
    return run.blocks


def join_blocks(blocks: Sequence[TextBlock]) -> str:
    """Return the text of blocks: blank lines between them, but none within a list or table; tabs between cells."""
    texts = [block.text for block in blocks[:1]]
    for before, block in pairwise(blocks):
        texts += _between(before, block), block.text
    return "".join(texts)


class _Run:
    """The text since the last end of a block, while a tree is walked through."""

    def __init__(self, root: HtmlElement, is_mark: Callable[[HtmlElement], bool] | None = None):
        self.blocks: list[TextBlock] = []
        self._root, self._is_mark = root, is_mark  # the latter where lines are asked for
        self._marks: list[HtmlElement] = []
        self._pieces: list[str] = []
        self._holders = [root]
        self._links = self._linked = self._pre = self._quotations = self._formulas = 0
        self._is_quotation_new = False  # whether nothing but its mark is there of it
        self._scripts: list[dict[int, int] | None] = [None]
        self._heading: list[str | None] = [None]

    def enter(self, element: HtmlElement) -> None:
        """Begin an element, with the text before its first child."""
        tag = element.tag
        if tag in BLOCK_TAGS:
            self.end()
            self._holders.append(element)
            self._heading.append(tag if tag in HEADINGS else self._heading[-1])
            self._pre += tag == "pre"
        elif tag == "br":
            self._break()
        elif tag == "q":
            mark = _quotation_mark(element, self._quotations, 0)
            self._pieces.append(mark)
            self._is_quotation_new = bool(mark)
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
        """End an element, and add the text after it."""
        tag = element.tag
        self._links -= _is_link(element)
        if tag in BLOCK_TAGS:
            self.end()
            self._holders.pop()
            self._heading.pop()
            self._pre -= tag == "pre"
        elif tag == "q":
            self._quotations -= 1
            self._close_up()
            self._pieces.append(_quotation_mark(element, self._quotations, 1))
            self._is_quotation_new = False
        elif tag == "math":
            self._formulas -= 1
        elif tag in ("sup", "sub") or (self._formulas and _formula_script(element)):
            self._scripts.pop()
        if element is not self._root:
            self._add(element.tail)

    def pass_over(self, element: HtmlElement) -> None:
        """Add the text after an element that is left out."""
        if JOINS_WORD_BEFORE.match(element.tail or ""):
            self._close_up()
        if element.tag in BLOCK_TAGS:
            self.end()
        self._add(element.tail)

    def end(self) -> None:
        """Make a block of the text so far."""
        text = _shown("".join(self._pieces), self._pre > 0)
        if text or self._marks:
            linked = min(self._linked, len(text))
            self.blocks.append(TextBlock(text, self._holders[-1], self._heading[-1], linked, tuple(self._marks)))
        self._pieces.clear()
        self._marks.clear()
        self._linked = 0

    def _enter_formula(self, element: HtmlElement) -> None:
        """Begin a part of a formula: a raised or lowered one, what is below a line, or what is under a root."""
        if script := _formula_script(element):
            self._scripts.append(_script(element, script))
        elif element.tag == "msqrt":
            self._pieces.append("√")
        elif element.getparent().tag == "mfrac" and _place(element) == 1:
            self._pieces.append("/")

    def _break(self) -> None:
        """End the line; a second time, or where lines are asked for, the block."""
        last = next((piece for piece in reversed(self._pieces) if piece.strip(" ")), "")
        if last == "\n" or self._is_mark:
            self.end()
        else:
            self._pieces.append("\n")

    def _add(self, text: str | None) -> None:
        if not text:
            return
        text = text if self._pre else SPACE.sub(" ", text)
        if self._is_quotation_new:
            text = text.lstrip()
            self._is_quotation_new = not text
        self._pieces.append(text.translate(self._scripts[-1]) if self._scripts[-1] else text)
        self._linked += len(text.strip()) + 1 if self._links and not text.isspace() else 0

    def _close_up(self) -> None:
        """Take away the space at the end of the text."""
        while self._pieces and self._pieces[-1].isspace() and "\n" not in self._pieces[-1]:
            self._pieces.pop()
        if self._pieces:
            self._pieces[-1] = self._pieces[-1].rstrip(" ")


def _shown(text: str, is_pre: bool) -> str:
    text = INVISIBLE.sub("", text)
    if is_pre:
        return "\n".join(line.rstrip() for line in text.splitlines()).strip("\n")
    return "\n".join(" ".join(line.split()) for line in text.split("\n")).strip("\n")


def _is_link(element: HtmlElement) -> bool:
    """Whether an element leads to another page."""
    return element.tag == "a" and "#" not in element.get("href", "#")


def _formula_script(element: HtmlElement) -> str | None:
    """Whether a part of a formula is raised (sup) or lowered (sub), by its place."""
    parent = element.getparent()
    places = FORMULA_SCRIPTS.get(parent.tag) if parent is not None else None
    return places.get(_place(element)) if places else None


def _place(element: HtmlElement) -> int:
    """How many elements are before one in what it is in; 3 for more."""
    return sum(1 for _ in islice(element.itersiblings(preceding=True), 3))


def _script(element: HtmlElement, script: str) -> dict[int, int] | None:
    """The raised or lowered figures that an element writes; None where it writes words."""
    table = RAISED if script == "sup" else LOWERED
    letters = element.text_content().split()
    return table if letters and all(ord(letter) in table for letter in "".join(letters)) else None


def _quotation_mark(element: HtmlElement, depth: int, side: int) -> str:
    """The mark before (0) or after (1) a quotation; none where the text has its own."""
    if QUOTED.match(element.text_content()):
        return ""
    stated = next((outer.get("lang") for outer in (element, *element.iterancestors()) if outer.get("lang")), "")
    marks = QUOTATION_MARKS.get(re.split("[-_]", stated.lower())[0], ENGLISH)
    return marks[2 * (depth % 2) + side]


def _between(before: TextBlock, after: TextBlock) -> str:
    one, other = before.element, after.element
    if one.tag in CELLS and other.tag in CELLS and one is not other:
        if max(len(before.text), len(after.text)) > LONGEST_CELL:
            return "\n\n"  # the table lays out the page
        if one.getparent() is other.getparent():
            return "\t"
        return "\n" if _around(one, ("table",))[-1:] == _around(other, ("table",))[-1:] else "\n\n"
    items = _around(one, ITEMS)[:1], _around(other, ITEMS)[:1]
    lists = _around(one, LISTS)[-1:], _around(other, LISTS)[-1:]
    short = max(len(before.text), len(after.text)) <= LONGEST_CELL
    return "\n" if items[0] and items[1] and items[0] != items[1] and lists[0] == lists[1] and short else "\n\n"


def _around(element: HtmlElement, tags: Collection[str]) -> list[HtmlElement]:
    """The element and those around it, from the inside, that have one of some tags."""
    return [outer for outer in (element, *element.iterancestors()) if outer.tag in tags]
