"""The record of a language: everything that the rules for texts and questions know of it.

A rule combines a field of all records, so a new language needs a module and an entry in `LANGUAGES`, but no change to a
rule. Every field is optional. Patterns are regular expressions, joined with "|" where there are several. Other strings
hold words separated by white space.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class CalendarName(NamedTuple):
    """A month or a weekday."""

    names: tuple[str, ...]  # as in a date: "March", "марта"
    short: tuple[str, ...]  # abbreviations without a full stop
    forms: tuple[str, ...]  # every grammatical form, `names` included
    stem: str  # pattern of the beginning that its forms share; empty if other words begin like it
    also_short: tuple[str, ...]  # abbreviations that are not read in the dates of articles

    @classmethod
    def of(cls, names: str, short: str = "", forms: str = "", stem: str = "", also_short: str = "") -> CalendarName:
        """Make a name from words separated by spaces."""
        parts = (tuple(part.split()) for part in (names, short, forms or names))
        return cls(*parts, stem, tuple(also_short.split()))

    @property
    def all_short(self) -> tuple[str, ...]:
        """Return all abbreviations."""
        return self.short + self.also_short


@dataclass(frozen=True, slots=True)
class SentenceWords:
    """How sentences of a language end, and which of them cannot be understood without the one before.

    Each pair in `joins` says how a sentence ends so far and what follows, where this is not the end: patterns. Those in
    `joins_anywhere` look only at the last word, in texts of every language. `abbreviations` are patterns by what
    they precede; the kinds are those of cyrillic_sentences.py, as are the fields below them.
    """

    joins: tuple[tuple[str, str], ...] = ()
    joins_anywhere: tuple[tuple[str, str], ...] = ()
    missed_ends: str = ""  # patterns of ends that the library misses, before a capital
    continuing_numbers: str = ""  # words after which such an end is none: No. Two
    abbreviations: Mapping[str, str] = field(default_factory=dict)
    starters: str = ""  # words that begin a sentence and name nobody
    years: str = ""  # patterns of abbreviations after a year or a century
    eras: str = ""  # patterns of abbreviations for "before Christ"
    units: str = ""  # patterns of units after a number
    time_openings: str = ""  # patterns of the first words of a sentence that begins with a time
    verb_endings: str = ""  # patterns
    participle_endings: str = ""  # patterns, for words with at least four more letters
    nouns_like_verbs: str = ""  # words with such endings, as they occur before a year
    dependent: str = ""  # patterns that begin a sentence which needs the one before
    reversing_words: str = ""  # patterns that begin a sentence which reverses the one before
    reversing_phrases: str = ""  # the same, where more words than the first count
    reversals: str = ""  # patterns that say so anywhere in the sentence


@dataclass(frozen=True, slots=True)
class NameWords:
    """What begins with a capital and is no name, and what belongs to a name."""

    titles: str = ""  # abbreviated ones, which keep their full stop
    links: str = ""  # small words inside names
    openers: str = ""  # words that open sentences, or are capitalised without naming anyone
    naming_openers: str = ""  # those that also begin names, with their capitals: New York
    never: str = ""  # words that are never part of a name
    calendar_has_capitals: bool = False  # whether months and weekdays are written with capitals


@dataclass(frozen=True, slots=True)
class SpeechWords:
    """How a sentence says who is quoted."""

    verbs: str = ""  # patterns of the verbs that quote somebody
    verbs_with_object: str = ""  # those after which the person who is told is named
    title_openings: str = ""  # patterns before a title in quotation marks
    according: str = ""  # patterns before the name of who says something, without quoting
    citing: str = ""  # patterns of verbs before the name of who is quoted by somebody else
    no_role: str = ""  # words that are not part of a role between a verb and a name
    adverbs: str = ""  # patterns of what may be between a name and its verb
    relative: str = ""  # pronouns between a name and its verb
    prepositions: str = ""  # words after which a name is not the subject
    determiners: str = ""  # words between such a preposition and the name
    office_genitive: str = ""  # pattern of a capitalised genitive between an office and a name
    patronymic: str = ""  # pattern


@dataclass(frozen=True, slots=True)
class PageWords:
    """What pages and copies of articles say around the story. Whole lines are separated by "|" or line ends."""

    lines: str = ""  # navigation, sharing, advertisements
    website_lines: str = ""  # the same, of sites whose pages are copied by hand
    line_patterns: str = ""  # verbose patterns of further whole lines
    labels: str = ""  # verbose patterns before a colon: the whole line is boilerplate
    tag_headings: str = ""  # lines above a closing list of tags
    releases: str = ""  # patterns of a press release's first line
    header_labels: Mapping[str, str] = field(
        default_factory=dict
    )  # labels by the kind of their value, as in header_lines.py
    published: str = ""  # patterns before the day of publication
    date_words: str = ""  # whole words around a date that add nothing to it
    date_stems: str = ""  # patterns: beginnings of such words
    weekday_stems: str = ""  # patterns: beginnings of weekdays, of a language without `weekdays`
    updated: str = ""  # patterns: beginnings of what says that the article changed on a day
    other_dates: str = ""  # patterns at the start of a label: the day is that of something else
    other_dates_anywhere: str = ""  # the same, wherever the label starts
    label_links: str = ""  # words between such a label and its date
    date_labels: str = ""  # patterns of a label's last word that means only "date"
    publication_labels: str = ""  # patterns of a label's last word: the day is that of publication
    ranges: str = ""  # words between the first and the last day of a range


@dataclass(frozen=True, slots=True)
class QuestionWords:
    """What people say to ask, besides what they ask about."""

    small_talk: Mapping[str, str] = field(
        default_factory=dict
    )  # phrases by kind, separated by "|" or line ends; no accents, no marks
    bare_replies: str = ""  # words that ask nothing when they are alone
    addressees: str = ""  # patterns of words that may follow small talk
    openings: str = ""  # words that begin a question
    about_anything: str = ""  # words of a question for whatever happened
    ago: str = ""  # patterns of how long ago something was
    newest: tuple[str, ...] = ()  # patterns of a question for the newest about <name>
    besides: str = ""  # words that ask for something besides, or begin a clause
    polite_openings: str = ""
    polite_endings: str = ""
    articles: str = ""
    asked_speaker: tuple[str, ...] = ()  # patterns of a question for what <name> said
    light: str = ""  # words that name nobody by themselves
    pronouns: str = ""
    described: str = ""  # patterns of a description in place of a name


@dataclass(frozen=True, slots=True)
class Language:
    """One language; `code` is its ISO 639-1 code, empty for the record that pools the words of several."""

    code: str
    capitals: str = ""  # a set of letters, as in a pattern, that tells a text in this language from English
    months: tuple[CalendarName, ...] = ()
    weekdays: tuple[CalendarName, ...] = ()  # from Monday
    counts: Mapping[str, int] = field(default_factory=dict)  # numbers in words; 0 for "a few"
    ordinals: Mapping[str, int] = field(default_factory=dict)  # the same, or their stems
    stop_words: str = ""  # empty to use those of the lexical index's library
    sentences: SentenceWords = field(default_factory=SentenceWords)
    names: NameWords = field(default_factory=NameWords)
    speech: SpeechWords = field(default_factory=SpeechWords)
    pages: PageWords = field(default_factory=PageWords)
    questions: QuestionWords = field(default_factory=QuestionWords)


def split_lines(lines: str) -> list[str]:
    """Split phrases that are separated by "|" or line ends.

    >>> split_lines("all news|latest news\\n    top news")
    ['all news', 'latest news', 'top news']
    """
    return [line.strip() for line in re.split(r"[|\n]", lines) if line.strip()]
