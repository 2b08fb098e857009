"""Which blocks of a page are its article, where its makers have not said so."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import zip_longest

from lxml.html import HtmlElement

from index.parsers.blocks import CELLS, ITEMS, LISTS, TextBlock, shown_blocks
from index.parsers.marked_boilerplate import CLOCK, marked
from index.parsers.page import WebPage
from index.text.boilerplate import is_boilerplate
from index.text.datelines import is_credit
from index.text.word_count import word_count

PROSE = 10  # words; a block of so many is running text, if it is no link
LONG = 20  # words of running text that is not left out for being outside of the article's container…
SELDOM = 0.3  # …unless so much of it is links
LEAST_AFTER = 0.25  # of the running text follows a headline that is the article's
MAIN = 0.75  # of the running text; what holds more of it is the article's container
SHORTEST_HEADLINE = 3  # words; what has fewer is the name of a site or of a section
LONGEST_TEASER = 120  # words of a headline that is a link, with what is said of its story
SHORTEST_LEAD = 5  # words
ENDS = tuple(".!?…:;”\"'’»)]。！？")
CONTAINERS = frozenset(["article", "center", "div", "form", "main", "section", "table", "tbody", "td", "tr"])
LETTERS = re.compile(r"\W+")


def find_story(page: WebPage) -> list[TextBlock]:
    """Return the blocks of a page's article, none where none is found."""
    for by_name in (True, False):
        without = page.not_shown | marked(page, by_name)
        if story := story_blocks(shown_blocks(page.body, without), page):
            return story
    return []


def story_blocks(blocks: Sequence[TextBlock], page: WebPage) -> list[TextBlock]:
    """Return those of a page's blocks that are its article, in order."""
    found = _without_teasers(blocks, page.body)
    root = _container(found, page.body)
    headline = _headline(found, page.title)
    if headline is not None:
        after = found[found.index(headline) + 1 :]
        if LEAST_AFTER * sum(map(prose_letters, found)) <= sum(map(prose_letters, after)):
            found = after
    if root is not page.body:
        inside = set(root.iter())
        found = [block for block in found if block.element in inside or _is_surely_said(block)]
    found = [block for block in found if block is not headline and not is_boilerplate(block.text)]
    return _trimmed(_without_links(found))


def prose_letters(block: TextBlock) -> int:
    """Return the letters of a block of running text, 0 for what is not such."""
    return len(block.text) if not block.is_link and not block.heading and word_count(block.text) >= PROSE else 0


def _is_surely_said(block: TextBlock) -> bool:
    """Whether a block is running text wherever on the page it is."""
    return bool(prose_letters(block)) and word_count(block.text) >= LONG and block.linked < SELDOM * len(block.text)


def find_title_heading(found: Sequence[TextBlock], title: str) -> TextBlock | None:
    """Return the heading that says at least half of the page's title, if one does."""
    said = letters_of(title)
    for levels in (("h1",), ("h2", "h3")):
        for block in found:
            words = letters_of(block.text) if block.heading in levels else ""
            if 2 * len(words) >= len(said) > 0 and words in said and word_count(block.text) >= SHORTEST_HEADLINE:
                return block
    return None


def letters_of(text: str) -> str:
    """Return the letters and figures of a text, for comparing."""
    return LETTERS.sub("", text).casefold()


def _headline(found: Sequence[TextBlock], title: str) -> TextBlock | None:
    """The heading that says at least half of the page's title, else the first of the first level."""
    return find_title_heading(found, title) or next((block for block in found if block.heading == "h1"), None)


def _without_teasers(found: Sequence[TextBlock], body: HtmlElement) -> list[TextBlock]:
    """The blocks but for lists of other stories: two and more items side by side, each a headline that is a link."""
    words: Counter[HtmlElement] = Counter()
    headed: set[HtmlElement] = set()  # elements whose first block is a link, or with a heading that is one
    for block in found:
        count = word_count(block.text)
        leads = block.is_link and count >= SHORTEST_HEADLINE
        for element in (block.element, *block.element.iterancestors()):
            if leads and (block.heading or not words[element]):
                headed.add(element)
            words[element] += count
    teasers: set[HtmlElement] = set()
    for element in body.iter():
        items = [child for child in element if words[child]]
        kinds: dict[tuple[object, object], list[HtmlElement]] = {}
        for child in items:
            if child in headed and words[child] <= LONGEST_TEASER:
                kinds.setdefault((child.tag, (child.get("class") or "").split(" ")[0]), []).append(child)
        stories = [child for kind in kinds.values() if len(kind) >= 2 for child in kind]
        if 2 * len(stories) >= len(items):
            teasers.update(stories)
    return [
        block for block in found if teasers.isdisjoint((block.element, *block.element.iterancestors()))
    ]  # fmt: skip


def _without_links(found: Sequence[TextBlock]) -> list[TextBlock]:
    """The blocks but for those that are links alone; not what is one among other items, or heads running text."""
    links: Counter[HtmlElement] = Counter()  # minus the blocks that are not links, of each group
    for block in found:
        links[_group(block)] += 1 if block.is_link else -1
    kept = []
    for block, following in zip_longest(found, found[1:]):
        if (
            not block.is_link
            or (_group(block) is not block.element and links[_group(block)] <= 0)
            or (block.heading and following and prose_letters(following))
        ):
            kept.append(block)
    return kept


def _group(block: TextBlock) -> HtmlElement:
    """The list or table that a block is an item of, else its element."""
    if block.element.tag in (*ITEMS, *CELLS):
        return next(block.element.iterancestors(*LISTS, "table"), block.element)
    return block.element


def _container(found: Sequence[TextBlock], body: HtmlElement) -> HtmlElement:
    """The innermost element that holds nearly all running text."""
    weights: Counter[HtmlElement] = Counter()
    for block in found:
        if weight := prose_letters(block):
            weights.update(dict.fromkeys((block.element, *block.element.iterancestors()), weight))
    root = body
    while True:
        inner = max((child for child in root if child.tag in CONTAINERS), key=lambda one: weights[one], default=None)
        if inner is None or not weights[inner] or weights[inner] < MAIN * weights[root]:
            return root
        root = inner


def _says(block: TextBlock) -> bool:
    """Whether a block is running text or a sentence; a short heading is neither."""
    return bool(prose_letters(block)) or (
        block.text.endswith(ENDS) and (not block.heading or word_count(block.text) >= PROSE) and not block.is_link
    )


def _leads(block: TextBlock, following: TextBlock) -> bool:
    """Whether a short paragraph is of the article that begins below it."""
    return (
        block.element.tag == "p"
        and block.element.getparent() is following.element.getparent()
        and word_count(block.text) >= SHORTEST_LEAD
        and not is_credit(block.text)
    )


def _trimmed(found: list[TextBlock]) -> list[TextBlock]:
    """The blocks from the first to the last that is a sentence or running text, with the time and heading above."""
    says = [n for n, block in enumerate(found) if _says(block)]
    if not says:
        return [block for block in found if block.element.tag == "p"]
    start, end = says[0], says[-1] + 1
    above = start
    while above and (found[above - 1].heading or CLOCK.fullmatch(found[above - 1].text)):
        above -= 1
    if any(CLOCK.fullmatch(block.text) for block in found[above:start]):
        start = above
    while start and _leads(found[start - 1], found[start]):
        start -= 1
    while end < len(found) and found[end].element.tag in ("li", "td", "th", "dd", "pre"):
        end += 1
    return found[start:end]
