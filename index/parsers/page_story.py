"""Find the blocks of a page that are its article, by their length, links and position."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import zip_longest

from lxml.html import HtmlElement

from index.parsers.blocks import CELL_TAGS, ITEM_TAGS, LIST_TAGS, TextBlock, shown_blocks
from index.parsers.marked_boilerplate import CLOCK_TIME, find_boilerplate
from index.parsers.page import WebPage
from index.text.boilerplate import is_boilerplate
from index.text.datelines import is_credit
from index.text.word_count import word_count

_MIN_PROSE_WORDS = 10  # a block of so many words is running text, if it is not a link
_LONG_PROSE_WORDS = 20  # running text of so many words is kept even outside of the article's container…
_MAX_PROSE_LINK_SHARE = 0.3  # …if less than this share of it is links
_MIN_SHARE_AFTER_HEADLINE = 0.25  # of all running text; else the heading is not the article's
_MIN_CONTAINER_SHARE = 0.75  # of all running text is in the article's container
MIN_HEADLINE_WORDS = 3  # anything shorter is the name of a site or section
_MAX_TEASER_WORDS = 120  # of a linked headline and its summary
_MIN_LEAD_WORDS = 5  # of a short paragraph at the start of the article
_SENTENCE_ENDS = tuple(".!?…:;”\"'’»)]。！？")
_CONTAINER_TAGS = frozenset(["article", "center", "div", "form", "main", "section", "table", "tbody", "td", "tr"])
_NOT_LETTERS = re.compile(r"\W+")


def find_story(page: WebPage) -> list[TextBlock]:
    """Return the blocks of a page's article in order, [] if none is found.

    Elements with the classes or ids of boilerplate are left out at first; if nothing is left, they are included.
    """
    for by_name in (True, False):
        without = page.not_shown | find_boilerplate(page, by_name)
        if story := _story_blocks(shown_blocks(page.body, without), page):
            return story
    return []


def _story_blocks(blocks: Sequence[TextBlock], page: WebPage) -> list[TextBlock]:
    """Return those of the blocks that are the article."""
    story = _drop_teasers(blocks, page.body)
    container = _find_container(story, page.body)
    headline = _headline(story, page.title)
    if headline is not None:
        after = story[story.index(headline) + 1 :]
        if _MIN_SHARE_AFTER_HEADLINE * sum(map(prose_length, story)) <= sum(map(prose_length, after)):
            story = after
    if container is not page.body:
        inside = set(container.iter())
        story = [block for block in story if block.element in inside or _is_long_prose(block)]
    story = [block for block in story if block is not headline and not is_boilerplate(block.text)]
    return _trim(_drop_links(story))


def prose_length(block: TextBlock) -> int:
    """Return the length of a block of running text in code points, 0 for any other block."""
    return (
        len(block.text) if not block.is_link and not block.heading and word_count(block.text) >= _MIN_PROSE_WORDS else 0
    )


def _is_long_prose(block: TextBlock) -> bool:
    """Return whether a block is long running text, which is kept anywhere on the page."""
    return (
        bool(prose_length(block))
        and word_count(block.text) >= _LONG_PROSE_WORDS
        and block.link_length < _MAX_PROSE_LINK_SHARE * len(block.text)
    )


def find_title_heading(blocks: Sequence[TextBlock], title: str) -> TextBlock | None:
    """Return the first heading that is at least half of the page's title, an h1 before others; None without one."""
    title_letters = letters_of(title)
    for levels in (("h1",), ("h2", "h3")):
        for block in blocks:
            letters = letters_of(block.text) if block.heading in levels else ""
            is_long = 2 * len(letters) >= len(title_letters) > 0 and word_count(block.text) >= MIN_HEADLINE_WORDS
            if is_long and letters in title_letters:
                return block
    return None


def letters_of(text: str) -> str:
    """Return the letters and digits of a text, case-folded, to compare headlines."""
    return _NOT_LETTERS.sub("", text).casefold()


def _headline(blocks: Sequence[TextBlock], title: str) -> TextBlock | None:
    """Return the heading with at least half of the page's title, else the first h1."""
    return find_title_heading(blocks, title) or next((block for block in blocks if block.heading == "h1"), None)


def _drop_teasers(blocks: Sequence[TextBlock], body: HtmlElement) -> list[TextBlock]:
    """Return the blocks without lists of other stories, which are two or more adjacent items with a linked headline."""
    words: Counter[HtmlElement] = Counter()
    headed: set[HtmlElement] = set()  # elements that have a linked heading or start with a link
    for block in blocks:
        count = word_count(block.text)
        leads = block.is_link and count >= MIN_HEADLINE_WORDS
        for element in (block.element, *block.element.iterancestors()):
            if leads and (block.heading or not words[element]):
                headed.add(element)
            words[element] += count
    teasers: set[HtmlElement] = set()
    for element in body.iter():
        items = [child for child in element if words[child]]
        kinds: dict[tuple[object, object], list[HtmlElement]] = {}
        for child in items:
            if child in headed and words[child] <= _MAX_TEASER_WORDS:
                kinds.setdefault((child.tag, (child.get("class") or "").split(" ")[0]), []).append(child)
        stories = [child for kind in kinds.values() if len(kind) >= 2 for child in kind]
        if 2 * len(stories) >= len(items):
            teasers.update(stories)
    return [block for block in blocks if teasers.isdisjoint((block.element, *block.element.iterancestors()))]


def _drop_links(blocks: Sequence[TextBlock]) -> list[TextBlock]:
    """Return the blocks without links, except headings of running text and items in lists that are mostly not links."""
    surplus: Counter[HtmlElement] = Counter()  # of links over other blocks, in each list or table
    for block in blocks:
        surplus[_list_of(block)] += 1 if block.is_link else -1
    kept = []
    for block, following in zip_longest(blocks, blocks[1:]):
        if (
            not block.is_link
            or (_list_of(block) is not block.element and surplus[_list_of(block)] <= 0)
            or (block.heading and following and prose_length(following))
        ):
            kept.append(block)
    return kept


def _list_of(block: TextBlock) -> HtmlElement:
    """Return the list or table that a block is an item or cell of, else its own element."""
    if block.element.tag in (*ITEM_TAGS, *CELL_TAGS):
        return next(block.element.iterancestors(*LIST_TAGS, "table"), block.element)
    return block.element


def _find_container(blocks: Sequence[TextBlock], body: HtmlElement) -> HtmlElement:
    """Return the innermost element that holds most of the running text, going down from the body level by level."""
    lengths: Counter[HtmlElement] = Counter()  # of the running text in each element
    for block in blocks:
        if length := prose_length(block):
            lengths.update(dict.fromkeys((block.element, *block.element.iterancestors()), length))
    container = body
    while True:
        children = (child for child in container if child.tag in _CONTAINER_TAGS)
        inner = max(children, key=lambda child: lengths[child], default=None)
        if inner is None or not lengths[inner] or lengths[inner] < _MIN_CONTAINER_SHARE * lengths[container]:
            return container
        container = inner


def _is_story_text(block: TextBlock) -> bool:
    """Return whether a block is running text or a sentence; a short heading is neither."""
    return bool(prose_length(block)) or (
        block.text.endswith(_SENTENCE_ENDS)
        and (not block.heading or word_count(block.text) >= _MIN_PROSE_WORDS)
        and not block.is_link
    )


def _is_lead(block: TextBlock, following: TextBlock) -> bool:
    """Return whether a short paragraph is the lead of the article that continues in the next block."""
    return (
        block.element.tag == "p"
        and block.element.getparent() is following.element.getparent()
        and word_count(block.text) >= _MIN_LEAD_WORDS
        and not is_credit(block.text)
    )


def _trim(blocks: list[TextBlock]) -> list[TextBlock]:
    """Return the blocks from the first sentence or running text to the last; only paragraphs if there are none.

    The time and the heading of a live blog's first entry, a lead and list items at the end are kept, too.
    """
    story = [number for number, block in enumerate(blocks) if _is_story_text(block)]
    if not story:
        return [block for block in blocks if block.element.tag == "p"]
    start, end = story[0], story[-1] + 1
    above = start
    while above and (blocks[above - 1].heading or CLOCK_TIME.fullmatch(blocks[above - 1].text)):
        above -= 1
    if any(CLOCK_TIME.fullmatch(block.text) for block in blocks[above:start]):
        start = above
    while start and _is_lead(blocks[start - 1], blocks[start]):
        start -= 1
    while end < len(blocks) and blocks[end].element.tag in ("li", "td", "th", "dd", "pre"):
        end += 1
    return blocks[start:end]
