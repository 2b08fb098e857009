"""Which blocks of a page are its article, where its makers have not said so."""

from __future__ import annotations

from collections.abc import Sequence

from lxml.html import HtmlElement

from index.furniture import is_furniture
from index.passages import word_count
from index.readers.blocks import Block, blocks

MOSTLY = 0.75  # of a block's letters; with more of them in links, it is a link
PROSE = 10  # words; a block of so many is running text, if it is no link
SHORTEST_LINK = 3  # words; a link of fewer is no headline
LONGEST_TEASER = 120  # words of a headline that is a link, with what is said of its story
MAIN = 0.9  # of the running text; what holds more of it is the article's container
ENDS = tuple(".!?…:;”\"'’»)]。！？")


def story_blocks(body: HtmlElement) -> list[Block]:
    """Return the blocks of a body that are its article, in order."""
    found = _without_teasers(body, blocks(body))
    root = _container(body, found)
    inside = set(root.iter()) if root is not body else None
    found = [block for block in found if inside is None or block.element in inside]
    found = [block for block in found if not _is_headline(block, body) and not is_furniture(block.text)]
    return _trimmed([block for block in found if not _is_link(block)])


def _is_link(block: Block) -> bool:
    return block.linked > MOSTLY * len(block.text)


def _is_prose(block: Block) -> bool:
    return not _is_link(block) and not block.is_heading and word_count(block.text) >= PROSE


def _is_headline(block: Block, body: HtmlElement) -> bool:
    return block.element.tag == "h1" or next(block.element.iterancestors("h1"), None) is not None


def _without_teasers(body: HtmlElement, found: Sequence[Block]) -> list[Block]:
    """The blocks but for lists of other stories: two and more items side by side, each a headline that is a link."""
    words: dict[HtmlElement, int] = {}
    headlines: dict[HtmlElement, int] = {}
    for block in found:
        for element in (block.element, *block.element.iterancestors()):
            words[element] = words.get(element, 0) + word_count(block.text)
            if _is_link(block) and word_count(block.text) >= SHORTEST_LINK:
                headlines[element] = headlines.get(element, 0) + 1
    teasers: set[HtmlElement] = set()
    for element in body.iter():
        items = [child for child in element if child in words]
        stories = [child for child in items if headlines.get(child) and words[child] <= LONGEST_TEASER]
        if len(stories) >= 2 and 2 * len(stories) >= len(items):
            teasers.update(stories)
    return [
        block for block in found
        if not teasers.intersection((block.element, *block.element.iterancestors()))
    ]  # fmt: skip


def _container(body: HtmlElement, found: Sequence[Block]) -> HtmlElement:
    """The innermost element that holds nearly all running text."""
    weights: dict[HtmlElement, int] = {}
    for block in found:
        if _is_prose(block):
            for element in (block.element, *block.element.iterancestors()):
                weights[element] = weights.get(element, 0) + len(block.text)
    root = body
    while True:
        inner = max(root, key=lambda child: weights.get(child, 0), default=None)
        if inner is None or weights.get(inner, 0) < MAIN * weights.get(root, 0) or not weights.get(inner):
            return root
        root = inner


def _trimmed(found: list[Block]) -> list[Block]:
    """The blocks from the first to the last that is a sentence or running text."""
    says = [n for n, block in enumerate(found) if _is_prose(block) or block.text.endswith(ENDS)]
    return found[says[0] : says[-1] + 1] if says else found
