"""The blocks that a tree is shown as: paragraphs, headings, items and rows, each with its text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from lxml.etree import iterwalk
from lxml.html import HtmlElement

from index.readers.visible import INVISIBLE

# Whatever else there is, custom elements included, stands in the line that it is in.
BLOCK_TAGS = frozenset(
    """
    address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure
    footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol p pre search section summary table tbody
    td tfoot th thead tr ul optgroup html
    """.split()
)
LIST_TAGS = ("ul", "ol", "menu", "dir", "dl")


@dataclass(frozen=True, slots=True)
class Block:
    """A run of text between two ends of blocks, and the innermost block that holds it."""

    text: str
    element: HtmlElement
    linked: int  # characters of the text that are links

    @property
    def is_heading(self) -> bool:
        """Whether the block is a heading."""
        return any(e.tag in ("h1", "h2", "h3", "h4", "h5", "h6") for e in (self.element, *self.element.iterancestors()))

    @property
    def words(self) -> int:
        """How many words the text has."""
        return len(self.text.split())


def blocks(body: HtmlElement) -> list[Block]:
    """Return the blocks of a tree that have text, in order."""
    found: list[Block] = []
    pieces: list[str] = []
    linked = links = pre = 0
    holder = body

    def end() -> None:
        nonlocal linked
        text = _shown("".join(pieces), pre > 0)
        if text:
            found.append(Block(text, holder, min(linked, len(text))))
        pieces.clear()
        linked = 0

    def add(text: str | None) -> None:
        nonlocal linked
        if text:
            pieces.append(text if pre else " ".join(text.split()).join((_edge(text[0]), _edge(text[-1]))) or " ")
            linked += len(" ".join(text.split())) if links else 0

    for event, element in iterwalk(body, events=("start", "end")):
        is_block = element.tag in BLOCK_TAGS
        if event == "start":
            if is_block:
                end()
                holder = element
                pre += element.tag == "pre"
            elif element.tag == "br":
                pieces.append("\n")
            links += _is_link(element)
            add(element.text)
        else:
            links -= _is_link(element)
            if is_block:
                end()
                pre -= element.tag == "pre"
                holder = element.getparent() if element is not body else body
                while holder is not None and holder.tag not in BLOCK_TAGS:
                    holder = holder.getparent()
                holder = body if holder is None else holder
            if element is not body:
                add(element.tail)
    end()
    return found


def join_blocks(chosen: Sequence[Block]) -> str:
    """The text of blocks: a blank line between them, a line end between items of a list, a tab between cells of a row.

    What follows one another in a list or a table is kept together, as a browser shows it.
    """
    texts = [block.text for block in chosen[:1]]
    for before, block in pairwise(chosen):
        texts += _between(before.element, block.element), block.text
    return "".join(texts)


def _between(before: HtmlElement, after: HtmlElement) -> str:
    if before.tag in ("td", "th") and after.tag in ("td", "th") and before.getparent() is after.getparent():
        return "\t"
    rows = [next(_outer(element, "tr"), None) for element in (before, after)]
    if rows[0] is not None and rows[1] is not None and rows[0].getparent() is rows[1].getparent():
        return "\n"
    lists = [next(_outer(element, *LIST_TAGS), None) for element in (before, after)]
    return "\n" if lists[0] is not None and lists[0] is lists[1] else "\n\n"


def _is_link(element: HtmlElement) -> bool:
    """Whether an element leads to another page."""
    return element.tag == "a" and element.get("href", "#")[:1] != "#"


def _outer(element: HtmlElement, *tags: str) -> Iterator[HtmlElement]:
    if element.tag in tags:
        yield element
    yield from element.iterancestors(*tags)


def _edge(character: str) -> str:
    return " " if character.isspace() else ""


def _shown(text: str, is_pre: bool) -> str:
    """The text with its white space as it is shown, without characters that have no width."""
    text = INVISIBLE.sub("", text)
    if is_pre:
        return "\n".join(line.rstrip() for line in text.strip("\n").splitlines())
    lines = [" ".join(line.split()) for line in text.split("\n")]
    return "\n".join(lines).strip("\n")
