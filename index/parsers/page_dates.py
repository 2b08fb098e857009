"""Find the days on which a page says that its article was published and last changed.

A day is taken only from these places: the JSON-LD entry of the article, article:published_time and similar meta
elements, microdata, a <time> that is marked as published, and the byline. The result is the day that readers see: if
the byline differs by one day from the metadata, which may be in UTC, the byline is right. Moments in UTC are converted
to the time zone of the page if it shows or states one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone, tzinfo
from itertools import islice
from zoneinfo import ZoneInfo

from lxml.html import HtmlElement

from index.parsers.blocks import TextBlock, shown_lines
from index.parsers.date_values import parse_published
from index.parsers.linked_data import LinkedEntry
from index.parsers.marked_boilerplate import find_unrelated
from index.parsers.page import WebPage, names_of, text_of
from index.text.days import LONGEST, UPDATED, StatedDate, find_days, has_date, words_outside_dates

_PUBLISHED_META_NAMES = re.compile(
    r"(?:.*[:._-])?(?:first)?[_-]?pub(?:lish(?:ed)?|lication)?[:._-]?(?:date|time|at|on)?(?:[_-]time)?"
    r"|(?:.*[:._-])?date[:._-]?published|(?:.*\.)?issued|sailthru\.date"
)
_MODIFIED_META_NAMES = re.compile(
    r"(?:.*[:._-])?(?:modified|updated)[_-]?(?:time|date|at)?|(?:.*[:._-])?date[:._-]?modified"
)
_PUBLISHED_CLASSES = frozenset(
    ["published", "publish", "publish-date", "published-date", "publish-time", "entry-published", "pubdate"]
)
_DATE_PROPERTIES = ("datePublished", "dateModified")
_MODIFIED_CLASSES = frozenset(["updated", "modified"])

_MAX_BYLINE_WORDS = 25  # a longer block is prose
_STORY_BLOCKS = 2  # blocks of prose after the headline; the byline is before the last of them
_BLOCKS_AFTER_HEADLINE, _BLOCKS_BEFORE_HEADLINE = 40, 6  # within which the byline is
_MAX_LABEL_WORDS = 3  # of a block that only labels the next ("Last updated:")
_HEADER_LEVELS = 3  # ancestors of the headline that may be the header of the article
_MAX_HEADER_WORDS = 60  # of an element that holds no more than the header of an article
_MAX_OTHER_WORDS = 10  # of a byline, besides its date
_MAX_LOWERCASE = 4  # of these words; the words of names are capitalized
_SENTENCE_LOWERCASE = 3  # a line with so many and a full stop is a sentence
_REPEATED_TIMES = 3  # so many unmarked times of one kind belong to the entries of a live blog, or to teasers
_ONE_DAY = timedelta(days=1)

_US_ZONES = {"E": "America/New_York", "C": "America/Chicago", "M": "America/Denver", "P": "America/Los_Angeles"}
_UTC_OFFSETS = {
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "HST": -10, "AKST": -9,
    "AKDT": -8, "BRT": -3, "GMT": 0, "UTC": 0, "BST": 1, "WAT": 1, "CET": 1, "CEST": 2, "MEZ": 1, "MESZ": 2, "SAST": 2,
    "EET": 2, "EEST": 3, "EAT": 3, "MSK": 3, "МСК": 3, "IST": 5.5, "PKT": 5, "ICT": 7, "WIB": 7, "HKT": 8, "SGT": 8,
    "AWST": 8, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
}  # fmt: skip
_ZONE = re.compile(rf"\d[:.]\d\d(?:[:.]\d\d)?\s?(?:[apAP]\.?[mM]\.?)?,?\s?\(?({'|'.join(_UTC_OFFSETS)}|[ECMP]T)\b")


@dataclass(frozen=True, slots=True)
class PageDates:
    """The dates of an article; at most one of `published` and `published_text` is not None."""

    published: date | None = None
    published_text: str | None = None  # the page's words for an incomplete or ambiguous date
    modified: date | None = None  # None if it is the day of publication


def find_dates(page: WebPage, entry: LinkedEntry, headline: HtmlElement | None) -> PageDates:
    """Return the day of publication and the day of the last change that the page states."""
    inside = {page.root} if headline is None else {headline, *headline.iterancestors()}
    unrelated = find_unrelated(page, headline)
    if any(element.tag == "article" for element in inside):
        unrelated.update(article for article in page.body.iter("article") if article not in inside)
    found = _FoundDates(
        [*entry.published, *_meta(page, inside, unrelated, "datePublished", _PUBLISHED_META_NAMES)],
        [*entry.modified, *_meta(page, inside, unrelated, "dateModified", _MODIFIED_META_NAMES)],
    )
    _collect_shown_dates(page, unrelated, headline, found)
    zones = (_zone_of(text) for text in (*found.published, *found.modified))
    zone = found.zone or next((zone for zone in zones if zone), None)
    modified = _choose_day(found.modified, found.shown_modified, zone, None)
    day = _choose_day(found.published, found.shown, zone, modified)
    texts = [*found.published, *(reading.text for reading in found.shown)] if day is None else []
    published_text = next((text for text in texts if len(text) <= LONGEST and _is_unclear(text)), None)
    return PageDates(day, published_text, modified if modified != day else None)


@dataclass(slots=True)
class _FoundDates:
    """All dates that a page states: as text in its markup, and in the displayed byline."""

    published: list[str]
    modified: list[str]
    shown: list[StatedDate] = field(default_factory=list)
    shown_modified: list[StatedDate] = field(default_factory=list)
    zone: tzinfo | None = None  # of the displayed times


def _choose_day(stated: list[str], shown: list[StatedDate], zone: tzinfo | None, other: date | None) -> date | None:
    """Return the first stated day, else the first shown one.

    A stated day is replaced by a shown day next to it, unless that is `other`, the day of the last change.
    """
    day = next((day for text in stated if (day := _day(text, zone))), None)
    if day is None:
        return next((reading.day for reading in shown[:1]), None)
    near = (candidate for reading in shown for candidate in reading.days if abs(candidate - day) <= _ONE_DAY)
    return next((candidate for candidate in near if candidate == day or candidate != other), day)


def _is_unclear(text: str) -> bool:
    """Return whether a text has a date, perhaps an ambiguous one, that is not a placeholder."""
    return any(find_days(text)) and parse_published(text) != (None, None)


def _day(text: str, zone: tzinfo | None) -> date | None:
    """Return the day of a stated date; a moment in UTC is converted to the page's time zone, if that is known."""
    moment, _ = parse_published(text)
    if not isinstance(moment, datetime):
        return moment
    try:
        return (moment if moment.utcoffset() or zone is None else moment.astimezone(zone)).date()
    except OverflowError:  # the last evening of the year 9999
        return moment.date()


def _zone_of(text: str) -> tzinfo | None:
    """Return the time zone of a stated moment, None if it has none or is in UTC."""
    moment, _ = parse_published(text)
    return moment.tzinfo if isinstance(moment, datetime) and moment.utcoffset() else None


def _meta(
    page: WebPage, inside: set[HtmlElement], unrelated: set[HtmlElement], itemprop: str, names: re.Pattern[str]
) -> Iterator[str]:
    """Yield the dates in meta elements with one of the names, or with an itemprop of microdata.

    The latter count if they are in an item around the headline (`inside`) or not in an `unrelated` element.
    """
    yield from (content for name, content in page.metas if names.fullmatch(name))
    for meta in page.root.iter("meta"):
        if meta.get("itemprop") == itemprop and meta.get("content"):
            item = next((outer for outer in meta.iterancestors() if "itemscope" in outer.attrib), page.root)
            if item in inside or unrelated.isdisjoint(meta.iterancestors()):
                yield meta.get("content").strip()


def _collect_shown_dates(
    page: WebPage, unrelated: set[HtmlElement], headline: HtmlElement | None, found: _FoundDates
) -> None:
    """Add to `found` the dates in the byline and the dates that are marked as such anywhere in the article."""
    blocks = shown_lines(page.body, page.not_shown | unrelated, _may_be_date)
    if headline is None and len({_marked_day(page, block) for block in blocks if block.marks} - {None}) > 1:
        return  # the page has several posts
    byline = set(_byline(page, blocks, headline))
    kinds = Counter(_repeat_key(mark) for block in blocks for mark in block.marks)
    for number, block in enumerate(blocks):
        marks = [mark for mark in block.marks if _marked_as(mark)]
        is_repeated = not marks and any(kinds[_repeat_key(mark)] >= _REPEATED_TIMES for mark in block.marks)
        if is_repeated or (not marks and number not in byline):
            continue
        label = blocks[number - 1].text if number and len(blocks[number - 1].text.split()) <= _MAX_LABEL_WORDS else ""
        text = f"{label} {block.text}" if label and not any(find_days(label)) else block.text
        readings = list(find_days(text))
        if not (marks or readings) and has_date(text):  # the date of a birth, a deadline or an event
            continue
        is_update = all(reading.is_update for reading in readings) if readings else UPDATED.search(text) is not None
        is_update = is_update or (bool(marks) and all(_marked_as(mark) == "modified" for mark in marks))
        for mark in marks or block.marks:
            is_modified = is_update or _marked_as(mark) == "modified"
            (found.modified if is_modified else found.published).append(_date_text(page, mark))
        if readings and (marks or _is_byline(text, readings)):
            found.shown.extend(reading for reading in readings if not (reading.is_update or is_update))
            found.shown_modified.extend(reading for reading in readings if reading.is_update or is_update)
        if found.zone is None and (zone := _ZONE.search(text)):
            found.zone = _zone(zone[1])


def _byline(page: WebPage, blocks: list[TextBlock], headline: HtmlElement | None) -> Iterator[int]:
    """Yield the numbers of blocks that may be a byline: between headline and story, or just above the headline."""
    if headline is None:
        return
    position = next((n for n, block in enumerate(blocks) if _contains(headline, block.element)), None)
    if position is None:
        return
    prose = 0
    for number in range(position + 1, min(position + _BLOCKS_AFTER_HEADLINE, len(blocks))):
        prose += len(blocks[number].text.split()) > _MAX_BYLINE_WORDS
        if prose >= _STORY_BLOCKS:
            break
        yield number
    header = set(_header_elements(page, headline)) if position else set()
    for number in range(position - 1, max(position - _BLOCKS_BEFORE_HEADLINE, -1), -1):
        element = blocks[number].element
        if not header.intersection({element, *element.iterancestors()}):
            break
        yield number


def _marked_day(page: WebPage, line: TextBlock) -> date | None:
    """Return the day in a line that is marked as the day of publication."""
    texts = (_date_text(page, mark) for mark in line.marks if _marked_as(mark) == "published")
    return next((day for text in texts if (day := _day(text, None))), None)


def _date_text(page: WebPage, mark: HtmlElement) -> str:
    """Return the date that an element states in an attribute, else its displayed text."""
    return mark.get("datetime") or mark.get("content") or mark.get("title") or text_of(page, mark)


def _header_elements(page: WebPage, headline: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the nearest ancestors of the headline whose content all belongs to the article, such as its header."""
    is_short = True
    for element in islice(headline.iterancestors(), _HEADER_LEVELS):
        # An element around a long one is long, too, and need not be counted.
        is_short = is_short and len(text_of(page, element).split()) <= _MAX_HEADER_WORDS
        if is_short or element.tag in ("article", "header", "hgroup"):
            yield element


def _contains(element: HtmlElement, other: HtmlElement) -> bool:
    return element is other or any(outer is element for outer in other.iterancestors())


def _may_be_date(element: HtmlElement) -> bool:
    return element.tag == "time" or _date_property(element) in _DATE_PROPERTIES or "published" in names_of(element)


def _date_property(element: HtmlElement) -> str:
    """Return the date property of an element in microdata or RDFa, "" if it has none."""
    properties = f"{element.get('itemprop', '')} {element.get('property', '')}".split()
    return next((name for text in properties if (name := re.split("[:/]", text)[-1]) in _DATE_PROPERTIES), "")


def _marked_as(element: HtmlElement) -> str | None:
    """Return "published" or "modified" if an element is marked as such a date, else None."""
    names, property = set(names_of(element)), _date_property(element)
    if property == "datePublished" or "pubdate" in element.attrib or names & _PUBLISHED_CLASSES:
        return "published"
    return "modified" if property == "dateModified" or names & _MODIFIED_CLASSES else None


def _repeat_key(element: HtmlElement) -> tuple[str, ...]:
    """Return a key that repeated elements share: their tag and class, and those of their parent."""
    parent = element.getparent()
    return element.tag, element.get("class", ""), parent.tag, parent.get("class", "")


def _is_byline(text: str, readings: list[StatedDate]) -> bool:
    """Return whether a block has a date and little else but names, unlike prose and captions."""
    words = words_outside_dates(text, readings)
    small = sum(word.islower() for word in words)
    is_sentence = text.endswith((".", "!", "?", "…")) and small >= _SENTENCE_LOWERCASE
    return (
        len(text.split()) <= _MAX_BYLINE_WORDS
        and len(words) <= _MAX_OTHER_WORDS
        and small <= _MAX_LOWERCASE
        and not is_sentence
    )


def _zone(name: str) -> tzinfo:
    return timezone(timedelta(hours=_UTC_OFFSETS[name])) if name in _UTC_OFFSETS else ZoneInfo(_US_ZONES[name[0]])
