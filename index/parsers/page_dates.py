"""The day on which a page says that its article was published, and the day on which it was changed.

A day counts only where the page states it: in its own entry of JSON-LD, in article:published_time and its like, in
microdata, in a <time> that is marked as published, or in the byline. The day is the one that readers see: where the
byline is a day off the metadata, which may be in UTC, the byline is right; and where it shows a time zone, that tells.
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
from index.parsers.marked_boilerplate import marked_beside
from index.parsers.page import WebPage, names_of, text_of
from index.text.days import LONGEST, UPDATED, StatedDate, find_days, has_date, words_beside

PUBLISHED_NAMES = re.compile(
    r"(?:.*[:._-])?(?:first)?[_-]?pub(?:lish(?:ed)?|lication)?[:._-]?(?:date|time|at|on)?(?:[_-]time)?"
    r"|(?:.*[:._-])?date[:._-]?published|(?:.*\.)?issued|sailthru\.date"
)
MODIFIED_NAMES = re.compile(r"(?:.*[:._-])?(?:modified|updated)[_-]?(?:time|date|at)?|(?:.*[:._-])?date[:._-]?modified")
PUBLISHED_CLASSES = frozenset(
    ["published", "publish", "publish-date", "published-date", "publish-time", "entry-published", "pubdate"]
)
ITEMPROPS = ("datePublished", "dateModified")
MODIFIED_CLASSES = frozenset(["updated", "modified"])

PROSE = 25  # words; a longer block is no byline
PROSE_BLOCKS = 2  # blocks of prose after the headline before which the byline is
AFTER, BEFORE = 40, 6  # blocks
LABEL = 3  # words of a block that only labels the next ("Last updated:")
NEAR = 3  # steps up from a headline, within which what is above it belongs to it
HEAD = 60  # words of what holds no more than the head of an article
BESIDE = 10  # words of a byline that are not its date…
SMALL, SMALL_AT_MOST = 3, 4  # …and of a sentence, or of a line, those with a small letter: names have capitals
ENTRIES = 3  # times of one kind that are not marked as publication: those of the entries of a live blog, or of teasers
DAY_OFF = timedelta(days=1)

US = {"E": "America/New_York", "C": "America/Chicago", "M": "America/Denver", "P": "America/Los_Angeles"}
HOURS = {
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "HST": -10, "AKST": -9,
    "AKDT": -8, "BRT": -3, "GMT": 0, "UTC": 0, "BST": 1, "WAT": 1, "CET": 1, "CEST": 2, "MEZ": 1, "MESZ": 2, "SAST": 2,
    "EET": 2, "EEST": 3, "EAT": 3, "MSK": 3, "МСК": 3, "IST": 5.5, "PKT": 5, "ICT": 7, "WIB": 7, "HKT": 8, "SGT": 8,
    "AWST": 8, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
}  # fmt: skip
ZONE = re.compile(rf"\d[:.]\d\d(?:[:.]\d\d)?\s?(?:[apAP]\.?[mM]\.?)?,?\s?\(?({'|'.join(HOURS)}|[ECMP]T)\b")


@dataclass(frozen=True, slots=True)
class Dates:
    """What a page states: the day, or its words where it is no whole date, and the day of the last change."""

    published: date | None = None
    published_text: str | None = None
    modified: date | None = None


def find_dates(page: WebPage, entry: LinkedEntry, headline: HtmlElement | None) -> Dates:
    """The day of publication and that of the last change, as the page states them."""
    inside = {page.root} if headline is None else {headline, *headline.iterancestors()}
    beside = marked_beside(page, headline)
    if any(element.tag == "article" for element in inside):
        beside.update(article for article in page.body.iter("article") if article not in inside)
    found = _Stated(
        [*entry.published, *_meta(page, inside, beside, "datePublished", PUBLISHED_NAMES)],
        [*entry.modified, *_meta(page, inside, beside, "dateModified", MODIFIED_NAMES)],
    )
    _read_lines(page, beside, headline, found)
    offsets = (_offset(text) for text in (*found.published, *found.modified))
    offset = found.zone or next((one for one in offsets if one), None)
    changed = _settle(found.modified, found.shown_modified, offset, None)
    day = _settle(found.published, found.shown, offset, changed)
    words = [*found.published, *(reading.text for reading in found.shown)] if day is None else []
    unclear = next((text for text in words if len(text) <= LONGEST and _is_unclear(text)), None)
    return Dates(day, unclear, changed if changed != day else None)


@dataclass(slots=True)
class _Stated:
    published: list[str]
    modified: list[str]
    shown: list[StatedDate] = field(default_factory=list)
    shown_modified: list[StatedDate] = field(default_factory=list)
    zone: tzinfo | None = None  # that of the times that are shown


def _settle(stated: list[str], shown: list[StatedDate], offset: tzinfo | None, other: date | None) -> date | None:
    """The day that is stated first, corrected by a shown one that is a day off and not `other`; else the day shown."""
    day = next((day for text in stated if (day := _day(text, offset))), None)
    if day is None:
        return next((reading.day for reading in shown[:1]), None)
    near = (one for reading in shown for one in reading.days if abs(one - day) <= DAY_OFF)
    return next((one for one in near if one == day or one != other), day)


def _is_unclear(text: str) -> bool:
    """Whether words are a date, if not a whole and plain one; a placeholder is not."""
    return any(find_days(text)) and parse_published(text) != (None, None)


def _day(text: str, zone: tzinfo | None) -> date | None:
    """The day of a stated date; that of a moment in UTC is the one in the page's zone."""
    moment, _ = parse_published(text)
    if not isinstance(moment, datetime):
        return moment
    try:
        return (moment if moment.utcoffset() or zone is None else moment.astimezone(zone)).date()
    except OverflowError:  # the last evening of the year 9999
        return moment.date()


def _offset(text: str) -> tzinfo | None:
    moment, _ = parse_published(text)
    return moment.tzinfo if isinstance(moment, datetime) and moment.utcoffset() else None


def _meta(
    page: WebPage, inside: set[HtmlElement], beside: set[HtmlElement], itemprop: str, names: re.Pattern[str]
) -> Iterator[str]:
    """What meta elements state; microdata counts in the headline's own item, and elsewhere in what is not beside it."""
    yield from (content for name, content in page.metas if names.fullmatch(name))
    for meta in page.root.iter("meta"):
        if meta.get("itemprop") == itemprop and meta.get("content"):
            item = next((one for one in meta.iterancestors() if "itemscope" in one.attrib), page.root)
            if item in inside or beside.isdisjoint(meta.iterancestors()):
                yield meta.get("content").strip()


def _read_lines(page: WebPage, beside: set[HtmlElement], headline: HtmlElement | None, found: _Stated) -> None:
    """Add what the byline says, and what is marked anywhere in the article."""
    blocks = shown_lines(page.body, page.not_shown | beside, _may_be_a_time)
    if headline is None and len({_posted(page, block) for block in blocks if block.marks} - {None}) > 1:
        return  # of several posts
    byline = set(_byline(page, blocks, headline))
    kinds = Counter(_kind(mark) for block in blocks for mark in block.marks)
    for number, block in enumerate(blocks):
        marks = [mark for mark in block.marks if _mark(mark)]
        is_entry = not marks and any(kinds[_kind(mark)] >= ENTRIES for mark in block.marks)
        if is_entry or (not marks and number not in byline):
            continue
        label = blocks[number - 1].text if number and len(blocks[number - 1].text.split()) <= LABEL else ""
        text = f"{label} {block.text}" if label and not any(find_days(label)) else block.text
        readings = list(find_days(text))
        if not (marks or readings) and has_date(text):  # of a birth, a deadline or an event
            continue
        updated = all(one.is_update for one in readings) if readings else UPDATED.search(text) is not None
        updated = updated or (bool(marks) and all(_mark(mark) == "modified" for mark in marks))
        for mark in marks or block.marks:
            is_change = updated or _mark(mark) == "modified"
            (found.modified if is_change else found.published).append(_stated(page, mark))
        if readings and (marks or _is_byline(text, readings)):
            found.shown.extend(one for one in readings if not (one.is_update or updated))
            found.shown_modified.extend(one for one in readings if one.is_update or updated)
        if found.zone is None and (zone := ZONE.search(text)):
            found.zone = _zone(zone[1])


def _byline(page: WebPage, blocks: list[TextBlock], headline: HtmlElement | None) -> Iterator[int]:
    """The numbers of the blocks that may be a byline: after the headline and before the story, or just above it."""
    if headline is None:
        return
    position = next((n for n, block in enumerate(blocks) if _holds(headline, block.element)), None)
    if position is None:
        return
    prose = 0
    for number in range(position + 1, min(position + AFTER, len(blocks))):
        prose += len(blocks[number].text.split()) > PROSE
        if prose >= PROSE_BLOCKS:
            break
        yield number
    near = set(_heads(page, headline)) if position else set()
    for number in range(position - 1, max(position - BEFORE, -1), -1):
        element = blocks[number].element
        if not near.intersection({element, *element.iterancestors()}):
            break
        yield number


def _posted(page: WebPage, line: TextBlock) -> date | None:
    """The day of the mark of publication in a line."""
    stated = (_stated(page, mark) for mark in line.marks if _mark(mark) == "published")
    return next((day for text in stated if (day := _day(text, None))), None)


def _stated(page: WebPage, mark: HtmlElement) -> str:
    return mark.get("datetime") or mark.get("content") or mark.get("title") or text_of(page, mark)


def _heads(page: WebPage, headline: HtmlElement) -> Iterator[HtmlElement]:
    """The nearest elements around a headline in which all belongs to the article, as in its header, not to the page."""
    is_short = True
    for element in islice(headline.iterancestors(), NEAR):
        is_short = is_short and len(text_of(page, element).split()) <= HEAD  # what is around a longer one is longer
        if is_short or element.tag in ("article", "header", "hgroup"):
            yield element


def _holds(element: HtmlElement, other: HtmlElement) -> bool:
    return element is other or any(one is element for one in other.iterancestors())


def _may_be_a_time(element: HtmlElement) -> bool:
    return element.tag == "time" or _property(element) in ITEMPROPS or "published" in names_of(element)


def _property(element: HtmlElement) -> str:
    """What an element is marked as in microdata or RDFa, if that is a day."""
    said = f"{element.get('itemprop', '')} {element.get('property', '')}".split()
    return next((name for one in said if (name := re.split("[:/]", one)[-1]) in ITEMPROPS), "")


def _mark(element: HtmlElement) -> str | None:
    """Whether an element is marked as the day of publication, or as that of a change."""
    names, property = set(names_of(element)), _property(element)
    if property == "datePublished" or "pubdate" in element.attrib or names & PUBLISHED_CLASSES:
        return "published"
    return "modified" if property == "dateModified" or names & MODIFIED_CLASSES else None


def _kind(element: HtmlElement) -> tuple[str, ...]:
    """What is the same of elements that a page repeats: their tags and classes, and those of what they are in."""
    around = element.getparent()
    return element.tag, element.get("class", ""), around.tag, around.get("class", "")


def _is_byline(text: str, readings: list[StatedDate]) -> bool:
    """Whether a block says a date and little else but names; prose and captions say more."""
    words = words_beside(text, readings)
    small = sum(word.islower() for word in words)
    is_sentence = text.endswith((".", "!", "?", "…")) and small >= SMALL
    return len(text.split()) <= PROSE and len(words) <= BESIDE and small <= SMALL_AT_MOST and not is_sentence


def _zone(name: str) -> tzinfo:
    return timezone(timedelta(hours=HOURS[name])) if name in HOURS else ZoneInfo(US[name[0]])
