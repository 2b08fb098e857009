"""Where the sentences of a text start and end: the ends that libraries find, corrected for news.

The libraries are sentencex, and razdel for Russian and Ukrainian (cyrillic_sentences.py). They read one paragraph at a
time, in a copy without what misleads them: quotation marks and brackets are replaced by spaces, and the ends of
sentences inside them by commas. Then a few rules undo wrong ends and add those that were missed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from sentencex import get_sentence_boundaries

from index.text.cyrillic_sentences import LETTER, SEGMENTED, cyrillic_ends
from index.text.datelines import LONGEST as LONGEST_DATELINE
from index.text.datelines import parse_dateline
from index.text.languages import LANGUAGES, alternatives, words_of
from index.text.long_sentences import piece_ends
from index.text.normalize import HALF
from index.types import Span

_LONGEST_QUOTATION = 300  # code points; a quotation or bracket up to this long is not cut inside
_NARROWEST, _WIDEST = 40, 120  # code points; a line of such a width may have been wrapped
_LOOK_AROUND = 40  # code points on either side of a cut that the rules look at

_BLANK_LINE = re.compile(r"\n[^\S\n]*(?=\n)")
_MARK = re.compile(r"[“”„«»‹›「」『』`\"()\[\]\u200b\ufeff\n‘'’](?:(?<![‘'’])|(?<!\w.)|(?!\w))")  # not an apostrophe
_CLOSING = re.compile(r"(?:[”’»›“\"')\]」』\u200b\u200c\u200e\u200f\u202c\u2069\ufeff]|[^\S\n]»|\[\d{1,3}\])+")
_ENCLOSED = re.compile(
    "|".join(
        [
            r"(?P<aside>(?:(?<=[\w,;] )|(?<=[^.!?…][”\"] ))\([^()]{1,N}\))",  # a bracket inside of a sentence
            r"\([^()]{1,N}\)|\[[^\[\]]{1,N}\]|“[^“”]{1,N}”|„[^„“”]{1,N}[“”]|«[^«»]{1,N}»|‹[^‹›]{1,N}›|「[^「」]{1,N}」|『[^『』]{1,N}』",
            r"‘(?:[^‘’]|’(?=\w)){1,N}’|``[^`]{1,N}?''",
            r"(?<![^\s(\[—–-])\"(?=\S)[^\"]{1,N}(?<!\s)\"(?!\w)",
        ]
    ).replace("N", str(_LONGEST_QUOTATION))
)
_END = re.compile(r"[.!?…。！？؟।]")
_INNER_END = re.compile(r"[.!?…。！？؟।](?=\W*\w)")

# Ends that the library misses: an ellipsis, and those of each language
_MISSED_END = re.compile(
    rf"(?:…(?<=\w…)|{alternatives(lambda language: language.sentences.missed_ends)})"
    rf"(?=\s+(?!(?:{'|'.join(words_of(lambda language: language.sentences.continuing_numbers))})\b)[A-ZА-ЯЁ])"
)
_DATELINE_SIGN = re.compile(r"[(/—–_]|-(?!\w)")  # every dateline has one, so other paragraphs need no parsing
_LIST_MARKER = re.compile(r"\(?(?:\d{1,3}|[A-Za-z])[.)]")
_LINKS = frozenset(["http", "https", "www"])
_BULLET = re.compile(r"\s*[•▪*]\s")
_NEW_SENTENCE = re.compile(r"\W*[A-ZА-ЯЁ\d]")


class _Join(NamedTuple):
    """What makes a cut wrong: how the sentence ends before it, and what follows."""

    end: re.Pattern[str]
    start: re.Pattern[str]


# "Mr", "Dr", "Prof.", "Rs." and similar words in Hindi and Marathi, Bengali, Gujarati, Punjabi, Tamil, Telugu, Kannada,
# Malayalam, Urdu, Persian and Arabic, Hebrew, Greek and Armenian
_HONORIFICS = (
    "श्री|श्रीमती|सुश्री|कु|कुमारी|डॉ|डा|प्रो|पं|पद्म|स्व|मो|मौ|ले|कै|जन|ब्रिग|इंजी|एड|रु|रू|नं|क्र|सं|ता|ई|"
    "শ্রী|শ্রীমতী|ডা|ড|ডঃ|মো|মোঃ|মোছা|প্রফে|অধ্যা|ইঞ্জি|অ্যাড|রু|નં|શ્રી|શ્રીમતી|ડૉ|ડો|પ્રો|રૂ|ਸ|ਸ਼੍ਰੀ|ਡਾ|ਪ੍ਰੋ|ਰੁ|"
    "திரு|திருமதி|செல்வி|டாக்டர்|டாக்|பேரா|முனைவர்|ரூ|శ్రీ|శ్రీమతి|డా|ప్రొ|రూ|ಶ್ರೀ|ಶ್ರೀಮತಿ|ಡಾ|ಪ್ರೊ|ರೂ|ശ്രീ|ശ്രീമതി|ഡോ|പ്രൊ|രൂ|"
    "أ\\.?\\s?د|ا\\.?\\s?د|دكتور|دکتر|ڈاکٹر|پروفیسر|مهندس|السيد|الشيخ|"
    'ד״ר|ד"ר|פרופ|מר|גב|עו״ד|κ|κα|κκ|κ\\.κ|Δρ|καθ|αρ|σελ|π\\.χ|δηλ|դր|պրոֆ'
)

# By the last word before the cut, in texts of any language
_JOINS_ANYWHERE = [
    _Join(re.compile(end), re.compile(rf"\s*(?:{start})"))
    for end, start in [
        *(join for language in LANGUAGES for join in language.sentences.joins_anywhere),
        # Initials and codes in one word are not cut inside: D-N.Y.
        (r".*\b[^\W\d_]\.", r"(?<!\s)\w"),
        # Half of a name that is joined with "and": the Com. & Adm. building.
        (r".*\.", r"&"),
        # A single letter of a script without capitals is an initial or an abbreviation: د. خالد, א. ב. יהושע.
        (r"[^\w.]*ו?(?:[\u05d0-\u05ea\u0621-\u064a\u10d0-\u10f0]ـ?\.\s?)+", r"[^\W\d_]"),
        (r"\W*(?:ص|ق|م|ج|ط|هـ|ת|עמ|ס)\.", r"\d"),
        (rf"\W*(?:{_HONORIFICS})\.", r"\w"),
        # Thai has full stops in abbreviations only.
        (r".*[\u0e01-\u0e4e]\.", r"."),
        # A joiner ties the characters on either side into one.
        (r".*", r"(?<!\s)\u200d"),
    ]
]
# By everything before the cut, in texts of one language
_JOINS = {
    language.code: [
        _Join(re.compile(rf"(?:.*\s)?{end}", re.DOTALL), re.compile(rf"\s*(?:{start})"))
        for end, start in language.sentences.joins
    ]
    for language in LANGUAGES
}

_WIDE_SPACE = re.compile(r"[^\S\x00-\x7f]")  # spaces of several bytes, which the library cuts through


def sentence_spans(text: str, language: str | None = None) -> list[Span]:
    """Return the spans of all sentences of a text, in order, without the white space around them.

    Together the spans cover every code point that is not white space. No sentence crosses a blank line, and a dateline
    is a sentence of its own. A sentence that is too long is cut into pieces (long_sentences.py). Offsets are code
    points. `language` is an ISO 639-1 code; an unknown one is treated as English, and None is guessed from the letters.

    >>> text = "OSLO (AP) — Sen. Moe left at 5 p.m. Monday. “Why?” Ms. Bye asked."
    >>> [text[start:end] for start, end in sentence_spans(text)]
    ['OSLO (AP) —', 'Sen. Moe left at 5 p.m. Monday.', '“Why?” Ms. Bye asked.']
    """
    return list(_within(text, whole_sentence_spans(text, language), piece_ends))


def whole_sentence_spans(text: str, language: str | None = None) -> list[Span]:
    """Return the spans of all sentences of a text, like `sentence_spans`, but without cutting long ones."""
    language = language or ("ru" if LETTER.search(text[:500]) else "en")
    blocks = _between(text, (blank.end() for blank in _BLANK_LINE.finditer(text)))
    paragraphs = _within(text, blocks, _written_line_ends)
    return list(_within(text, paragraphs, lambda paragraph: _sentence_ends(paragraph, language)))


def _within(text: str, spans: Iterable[Span], cuts: Callable[[str], Iterable[int]]) -> Iterator[Span]:
    """Yield the parts into which the cuts divide each span."""
    for span in spans:
        part = text[span.start : span.end]
        for start, end in _between(part, cuts(part)):
            yield Span(span.start + start, span.start + end)


def _between(text: str, cuts: Iterable[int]) -> Iterator[Span]:
    """Yield the spans between the cuts, without the white space around them and without empty ones."""
    start = 0
    for cut in [*cuts, len(text)]:
        part = text[start:cut]
        if stripped := part.strip():
            first = start + len(part) - len(part.lstrip())
            yield Span(first, first + len(stripped))
        start = cut


def _written_line_ends(block: str) -> Iterator[int]:
    """Yield the line ends after a heading, an item or a paragraph, but not those that only wrap the text."""
    lines = block.split("\n")
    wrapped = len(max(lines, key=len)) <= _WIDEST
    at = 0
    for line, following in pairwise(lines):
        at += len(line) + 1
        heading = len(line) < _NARROWEST and line.rstrip()[-1:] not in ".!?…,;–—-" and _NEW_SENTENCE.match(following)
        if not wrapped or heading or _BULLET.match(following):
            yield at


def _sentence_ends(paragraph: str, language: str) -> list[int]:
    """Return where a paragraph is cut into sentences, in order."""
    dateline = parse_dateline(paragraph) if _DATELINE_SIGN.search(paragraph, 0, LONGEST_DATELINE) else None
    cuts = [dateline.span.end if dateline else 0]
    for cut in sorted(_candidates(paragraph, language)):
        if cut > cuts[-1] and not _continues(paragraph, cuts[-1], cut, language):
            cuts.append(cut)
    return cuts


def _candidates(paragraph: str, language: str) -> set[int]:
    """Return the ends that the library finds in a paragraph and those that it misses, after any closing marks."""
    hidden = _WIDE_SPACE.sub(" ", _MARK.sub(" ", _ENCLOSED.sub(_hide_ends, HALF.sub("\ufffd", paragraph))))
    hidden = hidden.replace("‘", "’")  # in words; the library takes quadratic time for opening quotation marks
    if language in SEGMENTED and LETTER.search(hidden):
        ends = list(cyrillic_ends(hidden))
    else:
        seen = get_sentence_boundaries(language, hidden)[:-1]
        ends = [end["start_index"] + len(end["text"].rstrip()) for end in seen]
    ends += [end.end() for end in _MISSED_END.finditer(hidden)]
    return {_after_closing_marks(paragraph, end) for end in ends}


def _hide_ends(enclosed: re.Match[str]) -> str:
    """Replace the ends of sentences inside a quotation but its last, and all of them inside an aside in brackets."""
    return (_END if enclosed["aside"] else _INNER_END).sub(",", enclosed[0])


def _after_closing_marks(paragraph: str, end: int) -> int:
    """Return the end, moved past closing quotation marks and brackets, footnote numbers and combining marks."""
    if closing := _CLOSING.match(paragraph, end):
        end = closing.end()
    while end < len(paragraph) and unicodedata.category(paragraph[end])[0] == "M":
        end += 1
    return end


def _continues(paragraph: str, start: int, cut: int, language: str) -> bool:
    """Return whether the sentence from `start` continues after the cut."""
    if _starts_lower(paragraph, cut) and not _starts_lower(paragraph, start):
        return True
    sentence = paragraph[max(start, cut - _LOOK_AROUND) : cut].split()
    if len(sentence) == 1 and _LIST_MARKER.fullmatch(sentence[0]):
        return True  # "1." belongs to the item after it
    if any(join.end.fullmatch(sentence[-1]) and join.start.match(paragraph, cut) for join in _JOINS_ANYWHERE):
        return True
    end = paragraph[max(start, cut - _LOOK_AROUND) : cut].strip()
    return any(join.end.fullmatch(end) and join.start.match(paragraph, cut) for join in _JOINS.get(language, ()))


def _starts_lower(paragraph: str, at: int) -> bool:
    """Return whether the next word is wholly in lower case, unlike iPhone, and not part of a link.

    A sentence starts like that only in a text without capitals.
    """
    word = re.search(r"[^\W_]+", paragraph[at : at + _LOOK_AROUND])
    return word is not None and word[0][0].islower() and word[0].islower() and word[0] not in _LINKS
