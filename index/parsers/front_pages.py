"""Recognize front pages of sites and sections, which have many teasers (linked headlines, summaries), no article."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from lxml.html import HtmlElement

from index.parsers.blocks import LINK_SHARE, TextBlock, shown_blocks
from index.parsers.linked_data import LinkedEntry
from index.parsers.marked_boilerplate import find_boilerplate
from index.parsers.page import WebPage
from index.parsers.page_story import MIN_HEADLINE_WORDS, find_title_heading, letters_of, prose_length
from index.text.word_count import word_count

PageKind = Literal["article", "front"]

_MIN_TEASERS = 5  # of a front page
_MAX_TEASER_WORDS = 120  # of a teaser and its headline; anything longer is a whole post
_MAX_HEADLINE_WORDS = 25
_MAX_TEASER_PARAGRAPHS = 2
_MAX_LINK_LABEL_WORDS = 5  # of the link at the end of a teaser
_MAX_OTHER_WORDS = 40  # outside of teasers; articles have more, introductions of sections fewer
_FRONT_PAGE_TYPES = ("website", "blog", "profile")


def stated_kind(page: WebPage, entry: LinkedEntry) -> PageKind | None:
    """Return the kind of page that JSON-LD states, else og:type, which many sites set alike on all pages."""
    headline = letters_of(entry.headline or "")
    is_linked = any(letters_of(link.text_content()) == headline for link in page.body.iter("a")) if headline else False
    if entry.is_article and not is_linked:
        return "article"
    if entry.is_list:
        return "front"
    kind = page.meta("og:type").lower()
    if kind.startswith("article") or page.meta("article:published_time"):
        return "article"
    return "front" if kind in _FRONT_PAGE_TYPES else None


def is_front_page(page: WebPage, story: Sequence[TextBlock], kind: PageKind | None) -> bool:
    """Return whether a page is a front page: its story consists of teasers, and it does not claim to be an article.

    A brief article among teasers, under a heading of its own, counts as an article unless the page claims otherwise.
    """
    if kind == "article":
        return False
    blocks = shown_blocks(page.body, page.not_shown | find_boilerplate(page, by_name=False))
    heading = find_title_heading(blocks, page.title)
    segments = _segments(blocks, heading)
    last_links: dict[HtmlElement, str] = {}
    labels = [segment.label(last_links) for segment in segments]
    counts = Counter(labels)
    teasers: list[_Segment] = []
    others: list[_Segment] = []
    for segment, label in zip(segments, labels, strict=True):
        is_teaser = segment.is_short and (segment.is_linked or (label is not None and counts[label] >= _MIN_TEASERS))
        (teasers if is_teaser else others).append(segment)
    if len(teasers) < _MIN_TEASERS:
        return False
    in_teasers = {(block.element, block.text) for segment in teasers for block in segment.blocks}
    rest = [block for block in story if (block.element, block.text) not in in_teasers]
    if sum(word_count(block.text) for block in rest) > _MAX_OTHER_WORDS:
        return False
    return kind == "front" or not any(_is_brief(segment, heading) for segment in others)


@dataclass(frozen=True, slots=True, eq=False)
class _Segment:
    """The blocks from one headline to the next."""

    blocks: list[TextBlock]
    is_linked: bool = False  # whether the headline is a link

    @property
    def is_short(self) -> bool:
        """Return whether the segment is short enough to be a teaser."""
        prose = sum(prose_length(block) > 0 for block in self.blocks)
        words = sum(word_count(block.text) for block in self.blocks)
        return prose <= _MAX_TEASER_PARAGRAPHS and words <= _MAX_TEASER_WORDS

    def label(self, last_links: dict[HtmlElement, str]) -> str | None:
        """Return the letters of the first link at the end of a block ("Read more"), None if there is none.

        Teasers of a page end with the same link. `last_links` caches the text of the last link of each element.
        """
        for block in self.blocks:
            if block.element not in last_links:
                links = list(block.element.iter("a"))
                last_links[block.element] = " ".join(links[-1].text_content().split()) if links else ""
            text = last_links[block.element]
            if text and block.text.endswith(text) and word_count(text) <= _MAX_LINK_LABEL_WORDS:
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
    """Return whether a block is a linked headline, or has one as its first line."""
    first, _, rest = block.text.partition("\n")
    if not MIN_HEADLINE_WORDS <= word_count(first) <= _MAX_HEADLINE_WORDS:
        return False
    return block.is_link or (bool(rest) and block.link_length > LINK_SHARE * len(first))


def _is_brief(segment: _Segment, heading: TextBlock | None) -> bool:
    """Return whether a segment is a brief article: a headline that is not a link, and running text."""
    first = segment.blocks[0] if segment.blocks else None
    if first is None or word_count(first.text) < MIN_HEADLINE_WORDS:
        return False
    return (first is heading or first.heading == "h1") and any(map(prose_length, segment.blocks))
