"""Where the sentences of a text start and end: what libraries find, mended for what news is written like.

They are sentencex, and razdel for Russian and Ukrainian (cyrillic.py). They are asked about one paragraph at a time, in
a copy that hides what misleads them: quotation marks and brackets are blank, and what ends a sentence inside of them is
a comma. Then a few rules say which of the cuts join again, and which ends were missed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from sentencex import get_sentence_boundaries

from index.text.cyrillic_sentences import LANGUAGES, LETTER, cyrillic_ends
from index.text.datelines import LONGEST as LONGEST_DATELINE
from index.text.datelines import parse_dateline
from index.text.long_sentences import piece_ends
from index.text.normalize import HALF
from index.types import Span

LONGEST_QUOTATION = 300  # code points; a quotation or bracket up to this long is not cut inside
NARROWEST, WIDEST = 40, 120  # code points; between them, a line may have been ended by its width
SEEN = 40  # code points after a cut that the rules look at

BLANK_LINE = re.compile(r"\n[^\S\n]*(?=\n)")
MARK = re.compile(r"[“”„«»‹›「」『』`\"()\[\]\u200b\ufeff\n‘'’](?:(?<![‘'’])|(?<!\w.)|(?!\w))")  # not an apostrophe
CLOSING = re.compile(r"(?:[”’»›“\"')\]」』\u200b\u200c\u200e\u200f\u202c\u2069\ufeff]|[^\S\n]»|\[\d{1,3}\])+")
ENCLOSED = re.compile(
    "|".join(
        [
            r"(?P<aside>(?:(?<=[\w,;] )|(?<=[^.!?…][”\"] ))\([^()]{1,N}\))",  # a bracket inside of a sentence
            r"\([^()]{1,N}\)|\[[^\[\]]{1,N}\]|“[^“”]{1,N}”|„[^„“”]{1,N}[“”]|«[^«»]{1,N}»|‹[^‹›]{1,N}›|「[^「」]{1,N}」|『[^『』]{1,N}』",
            r"‘(?:[^‘’]|’(?=\w)){1,N}’|``[^`]{1,N}?''",
            r"(?<![^\s(\[—–-])\"(?=\S)[^\"]{1,N}(?<!\s)\"(?!\w)",
        ]
    ).replace("N", str(LONGEST_QUOTATION))
)
END = re.compile(r"[.!?…。！？؟।]")
INNER_END = re.compile(r"[.!?…。！？؟।](?=\W*\w)")

# Ends that the library misses: an ellipsis, "No." where no number follows, and a war.
MISSED_END = re.compile(
    r"(?:…(?<=\w…)|[Nn]o\.(?<=\b[Nn]o\.)|War II?\.)(?=\s+(?!(?:One|Two|Three|Four|Five|Six)\b)[A-ZА-ЯЁ])"
)
DATELINE_SIGN = re.compile(r"[(/—–_]|-(?!\w)")  # every dateline has one; most paragraphs are spared the parsing
LIST_MARKER = re.compile(r"\(?(?:\d{1,3}|[A-Za-z])[.)]")
LINKS = frozenset(["http", "https", "www"])
BULLET = re.compile(r"\s*[•▪*]\s")
NEW_SENTENCE = re.compile(r"\W*[A-ZА-ЯЁ\d]")


class Join(NamedTuple):
    """The library's cut is wrong after such a last word and before such a start."""

    word: re.Pattern[str]
    start: re.Pattern[str]


# Mr, Dr, Prof., Rs. and the like in Hindi and Marathi, Bengali, Gujarati, Punjabi, Tamil, Telugu, Kannada, Malayalam,
# Urdu, Persian and Arabic, Hebrew, Greek and Armenian.
HONORIFICS = (
    "श्री|श्रीमती|सुश्री|कु|कुमारी|डॉ|डा|प्रो|पं|पद्म|स्व|मो|मौ|ले|कै|जन|ब्रिग|इंजी|एड|रु|रू|नं|क्र|सं|ता|ई|"
    "শ্রী|শ্রীমতী|ডা|ড|ডঃ|মো|মোঃ|মোছা|প্রফে|অধ্যা|ইঞ্জি|অ্যাড|রু|નં|શ્રી|શ્રીમતી|ડૉ|ડો|પ્રો|રૂ|ਸ|ਸ਼੍ਰੀ|ਡਾ|ਪ੍ਰੋ|ਰੁ|"
    "திரு|திருமதி|செல்வி|டாக்டர்|டாக்|பேரா|முனைவர்|ரூ|శ్రీ|శ్రీమతి|డా|ప్రొ|రూ|ಶ್ರೀ|ಶ್ರೀಮತಿ|ಡಾ|ಪ್ರೊ|ರೂ|ശ്രീ|ശ്രീമതി|ഡോ|പ്രൊ|രൂ|"
    "أ\\.?\\s?د|ا\\.?\\s?د|دكتور|دکتر|ڈاکٹر|پروفیسر|مهندس|السيد|الشيخ|"
    'ד״ר|ד"ר|פרופ|מר|גב|עו״ד|κ|κα|κκ|κ\\.κ|Δρ|καθ|αρ|σελ|π\\.χ|δηλ|դր|պրոֆ'
)

JOINS = [
    Join(re.compile(word), re.compile(rf"\s*(?:{start})"))
    for word, start in [
        # A title or a first name cut short belongs to the name that follows: Ms. Ng, Ft. Worth, J.D. Vance.
        (r"\W*(?:Ms|Mx|Ste|Ft|Amb|Atty|Spc|Govs|Fmr|Wm|Alex|Chas|Geo|J\.D)\.", r"[^\W\d_]"),
        # So does the side of a street: 12 N. Second Ave.
        (r"\W*[NSEW]\.", r"(?:First|Second|Third)\b"),
        # Initials and codes in one word are not cut inside: D-N.Y.
        (r".*\b[^\W\d_]\.", r"(?<!\s)\w"),
        # An hour goes on with its day, its zone or what it is elsewhere: 5 p.m. Monday, 6 p.m. (noon ET).
        (r".*[AaPp]\.[Mm]\.", r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|[A-Z]{2,4}\b|[A-Z]\w+ [Tt]ime\b|\("),
        # These stand before a number: Vol. 3, est. 1821.
        (r"\W*(?:Vol|Ch|approx|est|pt)\.", r"\d"),
        # Half of a name that is joined with "and": the Com. & Adm. building.
        (r".*\.", r"&"),
        # A single letter of a script without capitals is an initial or cut short: د. خالد, א. ב. יהושע.
        (r"[^\w.]*ו?(?:[\u05d0-\u05ea\u0621-\u064a\u10d0-\u10f0]ـ?\.\s?)+", r"[^\W\d_]"),
        (r"\W*(?:ص|ق|م|ج|ط|هـ|ת|עמ|ס)\.", r"\d"),
        (rf"\W*(?:{HONORIFICS})\.", r"\w"),
        # Thai has full stops in abbreviations only.
        (r".*[\u0e01-\u0e4e]\.", r"."),
        # Whoever asks or cries is named behind it: “Why?” Mary Smith asked.
        (r".*[?!][”’\"'»]+", r"(?:[A-Z][\w.’'-]+\s){1,3}(?:said|says|asked|asks|wrote|tweeted|added|replied)\b"),
        # A joiner ties the signs on either side into one.
        (r".*", r"(?<!\s)\u200d"),
    ]
]

# The same for single languages: how the sentence ends so far, and what follows.
JOINS_OF = {
    language: [Join(re.compile(rf"(?:.*\s)?{end}", re.DOTALL), re.compile(rf"\s*(?:{start})")) for end, start in joins]
    for language, joins in {
        "de": [
            # An ordinal after an article, or what has one in it: der 33. Jahrestag, am 1. Mai.
            (
                r"(?i:d(?:er|ie|as|en|em|es)|[ai]m|vom|zu[mr]|beim|(?:(?:k?ein|mein|sein|ihr|unser|jed)e[nrms]?))\s\d{1,3}\.",
                r"[A-ZÄÖÜ]",
            ),
            (r"(?:Fa|Hr|Nr|Bd|Art|Abs|Str)\.", r"\w"),
        ],
        "pl": [
            (r"(?i:ks|bp|abp|gen|płk|mjr|kpt|sierż|prof|mgr|inż|ul|al|św|im|tzw)\.", r"\w"),
            (r"(?i:godz|nr|str|art)\.", r"\d"),
            # A year with which the sentence only begins: W 1945 r. Niemcy skapitulowały.
            (r"(?<!\S)(?:W|Od|Do|Po|Przed)\s(?:\w+\s)?\d{4}\sr\.", r"\w"),
        ],
    }.items()
}

WIDE_SPACE = re.compile(r"[^\S\x00-\x7f]")  # spaces of several bytes, which the library cuts through


def sentence_spans(text: str, language: str | None = None) -> list[Span]:
    """Every sentence of the text in order, without the white space around it.

    Together the spans cover every code point that is not white space. No sentence crosses a blank line, and a dateline
    is a sentence of its own. One that is too long is cut into pieces (long_sentences.py). Offsets are code points;
    language is ISO 639-1, and an unknown one is read as English.

    >>> text = "OSLO (AP) — Sen. Moe left at 5 p.m. Monday. “Why?” Ms. Bye asked."
    >>> [text[start:end] for start, end in sentence_spans(text)]
    ['OSLO (AP) —', 'Sen. Moe left at 5 p.m. Monday.', '“Why?” Ms. Bye asked.']
    """
    return list(_within(text, whole_sentence_spans(text, language), piece_ends))


def whole_sentence_spans(text: str, language: str | None = None) -> list[Span]:
    """Every sentence of the text, however long it is."""
    language = language or ("ru" if LETTER.search(text[:500]) else "en")
    blocks = _between(text, (blank.end() for blank in BLANK_LINE.finditer(text)))
    paragraphs = _within(text, blocks, _written_line_ends)
    return list(_within(text, paragraphs, lambda paragraph: _sentence_ends(paragraph, language)))


def _within(text: str, spans: Iterable[Span], cuts: Callable[[str], Iterable[int]]) -> Iterator[Span]:
    """Each of the spans in the parts that the cuts make of it."""
    for span in spans:
        part = text[span.start : span.end]
        for start, end in _between(part, cuts(part)):
            yield Span(span.start + start, span.start + end)


def _between(text: str, cuts: Iterable[int]) -> Iterator[Span]:
    """What stands between the cuts, less the white space around it and less what is nothing else."""
    start = 0
    for cut in [*cuts, len(text)]:
        part = text[start:cut]
        if stripped := part.strip():
            first = start + len(part) - len(part.lstrip())
            yield Span(first, first + len(stripped))
        start = cut


def _written_line_ends(block: str) -> Iterator[int]:
    """The line ends that a writer put after a heading, an item or a paragraph, and that do not only wrap the text."""
    lines = block.split("\n")
    wrapped = len(max(lines, key=len)) <= WIDEST
    at = 0
    for line, following in pairwise(lines):
        at += len(line) + 1
        heading = len(line) < NARROWEST and line.rstrip()[-1:] not in ".!?…,;–—-" and NEW_SENTENCE.match(following)
        if not wrapped or heading or BULLET.match(following):
            yield at


def _sentence_ends(paragraph: str, language: str) -> list[int]:
    """Where a paragraph is cut into sentences, in order."""
    dateline = parse_dateline(paragraph) if DATELINE_SIGN.search(paragraph, 0, LONGEST_DATELINE) else None
    cuts = [dateline.span.end if dateline else 0]
    for cut in sorted(_candidates(paragraph, language)):
        if cut > cuts[-1] and not _goes_on(paragraph, cuts[-1], cut, language):
            cuts.append(cut)
    return cuts


def _candidates(paragraph: str, language: str) -> set[int]:
    """The ends that the library sees in the paragraph and those that it misses, behind what closes the sentence."""
    hidden = WIDE_SPACE.sub(" ", MARK.sub(" ", ENCLOSED.sub(_hide_ends, HALF.sub("\ufffd", paragraph))))
    hidden = hidden.replace("‘", "’")  # within words; what opens a quotation takes the library quadratic time
    if language in LANGUAGES and LETTER.search(hidden):
        ends = list(cyrillic_ends(hidden))
    else:
        seen = get_sentence_boundaries(language, hidden)[:-1]
        ends = [end["start_index"] + len(end["text"].rstrip()) for end in seen]
    ends += [end.end() for end in MISSED_END.finditer(hidden)]
    return {_behind_closing_marks(paragraph, end) for end in ends}


def _hide_ends(enclosed: re.Match[str]) -> str:
    """A quotation keeps the end that its last sentence has; a bracket inside of a sentence has none."""
    return (END if enclosed["aside"] else INNER_END).sub(",", enclosed[0])


def _behind_closing_marks(paragraph: str, end: int) -> int:
    """The end, moved behind the quotation marks, brackets and footnotes that close there and past combining marks."""
    if closing := CLOSING.match(paragraph, end):
        end = closing.end()
    while end < len(paragraph) and unicodedata.category(paragraph[end])[0] == "M":
        end += 1
    return end


def _goes_on(paragraph: str, start: int, cut: int, language: str) -> bool:
    """Whether the sentence from start goes on behind the cut."""
    if _starts_small(paragraph, cut) and not _starts_small(paragraph, start):
        return True
    sentence = paragraph[max(start, cut - SEEN) : cut].split()
    if len(sentence) == 1 and LIST_MARKER.fullmatch(sentence[0]):
        return True  # "1." stands before the item that it counts
    if any(join.word.fullmatch(sentence[-1]) and join.start.match(paragraph, cut) for join in JOINS):
        return True
    end = paragraph[max(start, cut - SEEN) : cut].strip()
    return any(join.word.fullmatch(end) and join.start.match(paragraph, cut) for join in JOINS_OF.get(language, ()))


def _starts_small(paragraph: str, at: int) -> bool:
    """Whether the first word from there is in small letters, as a sentence's is only where all are; not iPhone."""
    word = re.search(r"[^\W_]+", paragraph[at : at + SEEN])
    return word is not None and word[0][0].islower() and word[0].islower() and word[0] not in LINKS
