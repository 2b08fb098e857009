"""The record of a language: everything that the rules for texts and questions know of it.

A rule combines a field of all records, so a new language needs a module and an entry in `LANGUAGES`, but no change to a
rule. Every field is optional. Patterns are regular expressions, joined with "|" where there are several. Other strings
hold words separated by white space.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class CalendarName(NamedTuple):
    """A month or a weekday."""

    names: tuple[str, ...]  # as in a date: "March", "марта"
    short: tuple[str, ...]  # abbreviations without a full stop
    forms: tuple[str, ...]  # every grammatical form, `names` included
    stem: str  # pattern of the common beginning of its forms; empty if that is not enough to recognise it
    also_short: tuple[str, ...]  # abbreviations that are not read in the dates of articles

    @classmethod
    def of(cls, names: str, short: str = "", forms: str = "", stem: str = "", also_short: str = "") -> CalendarName:
        """Make a name from words separated by spaces."""
        words = tuple(names.split())
        return cls(words, tuple(short.split()), tuple(forms.split()) or words, stem, tuple(also_short.split()))

    @property
    def all_short(self) -> tuple[str, ...]:
        """Return all abbreviations."""
        return self.short + self.also_short


@dataclass(frozen=True, slots=True)
class SentenceWords:
    """How sentences of a language end, and which of them cannot be understood without the one before.

    `joins` are pairs of patterns: how a sentence ends before a wrong cut, and what follows. Those in `joins_anywhere`
    apply to the last word alone, in a text of any language. `abbreviations` are patterns, by the kinds that
    cyrillic_sentences.py defines; only that module reads the fields from there to `nouns_like_verbs`.
    """

    joins: tuple[tuple[str, str], ...] = ()
    joins_anywhere: tuple[tuple[str, str], ...] = ()
    missed_ends: str = ""  # patterns of ends that the library misses, before a capital
    continuing_numbers: str = ""  # capitalised words that continue the sentence after such an end: No. Two
    abbreviations: Mapping[str, str] = field(default_factory=dict)
    starters: str = ""  # words that begin a sentence and are not names
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
    """Capitalised words that are not names, and words that belong to a name."""

    titles: str = ""  # abbreviated titles, whose full stop belongs to the name
    links: str = ""  # small words inside names
    openers: str = ""  # words that are capitalised as the first of a sentence
    naming_openers: str = ""  # those that also begin names, capitalised: New York
    never: str = ""  # words that are never part of a name
    calendar_has_capitals: bool = False  # whether months and weekdays are written with capitals


@dataclass(frozen=True, slots=True)
class SpeechWords:
    """The words by which a sentence names the person that it quotes."""

    verbs: str = ""  # patterns of the verbs that quote somebody
    verbs_with_object: str = ""  # those followed by the person who is told
    title_openings: str = ""  # patterns before a title in quotation marks
    according: str = ""  # patterns before the name of a speaker: According to Ann Lee
    citing: str = ""  # patterns of verbs before the name of a speaker whom somebody else quotes
    no_role: str = ""  # words that are not part of a role between a verb and a name
    adverbs: str = ""  # patterns of adverbs between a name and its verb
    relative: str = ""  # pronouns between a name and its verb
    prepositions: str = ""  # words after which a name is not the subject
    determiners: str = ""  # words between such a preposition and the name
    office_genitive: str = ""  # pattern of a capitalised genitive between an office and a name
    patronymic: str = ""  # pattern of the name after a first name


@dataclass(frozen=True, slots=True)
class PageWords:
    """The words around the story on pages and in copies of articles. Lines are separated by "|" or line ends."""

    lines: str = ""  # boilerplate: navigation, sharing, advertisements
    website_lines: str = ""  # boilerplate of sites whose pages are copied by hand
    line_patterns: str = ""  # verbose patterns of other boilerplate lines
    labels: str = ""  # verbose patterns; a line that begins with one and a colon is boilerplate
    tag_headings: str = ""  # lines above a closing list of tags
    releases: str = ""  # patterns of a press release's first line
    header_labels: Mapping[str, str] = field(
        default_factory=dict
    )  # labels by the kind of their value, as in header_lines.py
    published: str = ""  # patterns before the day of publication
    date_words: str = ""  # whole words around a date that add nothing to it
    date_stems: str = ""  # patterns of the beginnings of such words
    weekday_stems: str = ""  # patterns of the beginnings of weekdays, for a record without `weekdays`
    updated: str = ""  # patterns of the beginnings of words before the day of a change
    other_dates: str = ""  # patterns of labels before the day of something else
    other_dates_anywhere: str = ""  # the same for words that need not begin a label
    label_links: str = ""  # words between such a label and its date
    date_labels: str = ""  # patterns of a label's last word if it only means "date"
    publication_labels: str = ""  # patterns of a label's last word before the day of publication
    ranges: str = ""  # words between the first and the last day of a range


@dataclass(frozen=True, slots=True)
class QuestionWords:
    """The words in which people ask, apart from what they ask about."""

    small_talk: Mapping[str, str] = field(
        default_factory=dict
    )  # phrases by kind, between "|" or line ends; without accents and marks
    bare_replies: str = ""  # words that alone ask nothing
    addressees: str = ""  # patterns of words that may follow small talk
    openings: str = ""  # words that begin a question
    about_anything: str = ""  # words of a question that asks for any news
    ago: str = ""  # patterns of words for how long ago something was
    newest: tuple[str, ...] = ()  # patterns of questions for the newest, with a group "name" for the subject
    besides: str = ""  # words by which a question asks for more than the newest, or that begin a clause
    polite_openings: str = ""
    polite_endings: str = ""
    articles: str = ""  # in grammar: the, a
    asked_speaker: tuple[str, ...] = ()  # patterns of questions for what somebody said, with a group "name"
    light: str = ""  # words in a name that do not identify anybody
    pronouns: str = ""
    described: str = ""  # patterns of a description in place of a name


@dataclass(frozen=True, slots=True)
class Language:
    """Everything that the rules know of a language."""

    code: str  # ISO 639-1, or empty for the record that combines several languages
    capitals: str = ""  # capitals that English does not have, as in a set of a pattern
    months: tuple[CalendarName, ...] = ()
    weekdays: tuple[CalendarName, ...] = ()  # from Monday
    counts: Mapping[str, int] = field(default_factory=dict)  # numbers in words; 0 for "a few"
    ordinals: Mapping[str, int] = field(default_factory=dict)  # ordinals in words, or their stems
    stop_words: str = ""  # empty to use the lexical index's own list
    sentences: SentenceWords = field(default_factory=SentenceWords)
    names: NameWords = field(default_factory=NameWords)
    speech: SpeechWords = field(default_factory=SpeechWords)
    pages: PageWords = field(default_factory=PageWords)
    questions: QuestionWords = field(default_factory=QuestionWords)
