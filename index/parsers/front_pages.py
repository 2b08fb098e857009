"""Front pages of sites and sections: many headlines that are links, with a teaser each, and no article."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from lxml.html import HtmlElement

from index.parsers.blocks import MOSTLY, TextBlock, shown_blocks
from index.parsers.linked_data import LinkedEntry
from index.parsers.marked_boilerplate import marked
from index.parsers.page import WebPage
from index.parsers.page_story import SHORTEST_HEADLINE, find_title_heading, letters_of, prose_letters
from index.text.word_count import word_count

PageKind = Literal["article", "front"]

LEAST = 5  # teasers
LONGEST = 120  # words of a teaser with its headline; what is longer is a post, and read
LONGEST_HEADLINE = 25  # words
MOST_PROSE = 2  # paragraphs of a teaser
LONGEST_LABEL = 5  # words of the link at its end
MOST_ELSE = 40  # words that are in no teaser; articles have more, and what sections say of themselves is shorter
FRONT_TYPES = ("website", "blog", "profile")


def stated_kind(page: WebPage, entry: LinkedEntry) -> PageKind | None:
    """Return what a page says that it is: in JSON-LD, else in og:type, which many sites give all their pages alike."""
    headline = letters_of(entry.headline or "")
    is_linked = any(letters_of(link.text_content()) == headline for link in page.body.iter("a")) if headline else False
    if entry.is_article and not is_linked:
        return "article"
    if entry.is_list:
        return "front"
    kind = page.meta("og:type").lower()
    if kind.startswith("article") or page.meta("article:published_time"):
        return "article"
    return "front" if kind in FRONT_TYPES else None


def is_front(page: WebPage, story: Sequence[TextBlock], kind: PageKind | None) -> bool:
    """Whether what would be the story of a page is of teasers, and the page does not say that it is an article.

    A few words under a heading of their own are an article, unless the page says that it is not one.
    """
    if kind == "article":
        return False
    blocks = shown_blocks(page.body, page.not_shown | marked(page, by_name=False))
    heading = find_title_heading(blocks, page.title)
    segments = _segments(blocks, heading)
    last_links: dict[HtmlElement, str] = {}
    labels = [segment.label(last_links) for segment in segments]
    counts = Counter(labels)
    teasers: list[_Segment] = []
    others: list[_Segment] = []
    for segment, label in zip(segments, labels, strict=True):
        is_teaser = segment.is_short and (segment.is_linked or (label is not None and counts[label] >= LEAST))
        (teasers if is_teaser else others).append(segment)
    if len(teasers) < LEAST:
        return False
    in_teasers = {(block.element, block.text) for segment in teasers for block in segment.blocks}
    rest = [block for block in story if (block.element, block.text) not in in_teasers]
    if sum(word_count(block.text) for block in rest) > MOST_ELSE:
        return False
    return kind == "front" or not any(_is_brief(segment, heading) for segment in others)


@dataclass(frozen=True, slots=True, eq=False)
class _Segment:
    """Blocks from a headline to the next one."""

    blocks: list[TextBlock]
    is_linked: bool = False  # whether its headline is a link

    @property
    def is_short(self) -> bool:
        prose = sum(prose_letters(block) > 0 for block in self.blocks)
        return prose <= MOST_PROSE and sum(word_count(block.text) for block in self.blocks) <= LONGEST

    def label(self, last_links: dict[HtmlElement, str]) -> str | None:
        """The words of the first link that ends a block ("Read more"); the last links of elements are noted."""
        for block in self.blocks:
            if block.element not in last_links:
                links = list(block.element.iter("a"))
                last_links[block.element] = " ".join(links[-1].text_content().split()) if links else ""
            text = last_links[block.element]
            if text and block.text.endswith(text) and word_count(text) <= LONGEST_LABEL:
                return letters_of(text)
        return None


def _segments(blocks: Sequence[TextBlock], heading: TextBlock | None) -> list[_Segment]:
    segments = [_Segment([])]
    for block in blocks:
        is_linked = block is not heading and _is_linked_headline(block)
        if is_linked or block.heading:
            segments.append(_Segment([], is_linked))
        segments[-1].blocks.append(block)
    return segments


def _is_linked_headline(block: TextBlock) -> bool:
    """Whether a block is a headline that is a link, or has one as its first line."""
    first, _, rest = block.text.partition("\n")
    if not SHORTEST_HEADLINE <= word_count(first) <= LONGEST_HEADLINE:
        return False
    return block.is_link or (bool(rest) and block.linked > MOSTLY * len(first))


def _is_brief(segment: _Segment, heading: TextBlock | None) -> bool:
    """Whether blocks are a short article: a headline that is no link, and running text."""
    first = segment.blocks[0] if segment.blocks else None
    if first is None or word_count(first.text) < SHORTEST_HEADLINE:
        return False
    return (first is heading or first.heading == "h1") and any(map(prose_letters, segment.blocks))
