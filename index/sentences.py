"""Where the sentences of a text start and end: what the sentencex library finds, mended for what news is written like.

The library is asked about one paragraph at a time, in a copy that hides what misleads it: quotation marks and brackets
are blank, and what ends a sentence inside of them is a comma. Then a few rules say which of its cuts join again, and
which ends it missed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sentencex import get_sentence_boundaries

from index.types import Span

LONGEST_QUOTATION = 300  # code points; a quotation or bracket up to this long is not cut inside
WRAPPED = range(50, 120)  # code points; a line this long may have been ended by its width, not by its writer
SEEN = 40  # code points after a cut that the rules look at

PARAGRAPH_END = re.compile(r"\n[^\S\n]*(?=\n)")
MARK = re.compile(r"[“”„«»「」『』\"()\[\]\u200b\ufeff\n‘'’](?:(?<![‘'’])|(?<!\w.)|(?!\w))")  # not an apostrophe
CLOSING = re.compile(r"(?:[”’»“\"')\]」』\u200b-\u200f\u202c\u2069\ufeff]|[^\S\n]»|\[\d{1,3}\])+")
ENCLOSED = re.compile(
    r"(?P<aside>(?<=[\w,;”\"] )\([^()]{1,N}\))|\([^()]{1,N}\)|\[[^\[\]]{1,N}\]|“[^“”]{1,N}”|„[^„“”]{1,N}[“”]"
    r"|«[^«»]{1,N}»|「[^「」]{1,N}」|『[^『』]{1,N}』|‘(?:[^‘’]|’(?=\w)){1,N}’|(?<![^\s(\[—–-])\"(?=\S)[^\"]{1,N}(?<!\s)\"(?!\w)".replace(
        "N", str(LONGEST_QUOTATION)
    )
)
END = re.compile(r"[.!?…。！？؟।]")
INNER_END = re.compile(r"[.!?…。！？؟।](?=\W*\w)")

# Ends that the library misses: an ellipsis, "No." where no number follows, and a war.
MISSED_END = re.compile(r"(?:\w…|\bNo\.|\bWar II?\.)(?=\s+(?!One\b)[A-ZА-ЯЁ])")
LIST_MARKER = re.compile(r"\(?(?:\d{1,3}|[A-Za-z])[.)]")
NEW_LINE = re.compile(r"[•▪*–—-]\s|\(?\d{1,3}[.)]\s")

# The agencies' datelines: "MOSCOW, April 2. /TASS/.", "LONDON, Jan 5 (Reuters) -", "BUTTE, Mont. —", "(CNN)".
DATELINE = re.compile(
    r"""
    (?: (?P<place> [A-ZА-ЯЁ][\w.'’-]* (?:,?\s (?: [A-ZА-ЯЁ\d][\w.'’-]* | and ) ){0,6} ) \s )?
    (?: \( (?:CNN|AP|AFP|Reuters|UPI|dpa) (?:\s Business)? \) (?:\s? [—–-]{1,2})?
      | \( [A-Z]\w+ \) \s? [—–-]{1,2}
      | (?:CNN|AP|Reuters) (?:\s Business)? \s [—–-]{1,2}
      | /[\w -]+/\.? (?:\s? [—–-]{1,2})? ) (?=\s)
    | [A-ZА-ЯЁ]{2}[A-ZА-ЯЁ.'’]* (?:,?\s [A-ZА-ЯЁ][\w.'’]+){0,4} \s? [—–-]{1,2} (?=\s)
    """,
    re.VERBOSE,
)


class Join(NamedTuple):
    """The library's cut is wrong after such a last word and before such a start."""

    word: re.Pattern[str]
    start: re.Pattern[str]


JOINS = [
    Join(re.compile(word), re.compile(rf"\s*(?:{start})"))
    for word, start in [
        # A title or a first name cut short belongs to the name that follows: Ms. Ng, Ft. Worth, Wm. Wrigley.
        (r"\W*(?:Ms|Mx|Ste|Ft|Amb|Atty|Spc|Govs|Fmr|Wm|Alex|Chas|Geo)\.", r"[^\W\d_]"),
        # Initials and codes in one word are not cut inside: D-N.Y.
        (r".*\b[^\W\d_]\.", r"(?<!\s)\w"),
        # An hour goes on with its day, its zone or what it is elsewhere: 5 p.m. Monday, 6 p.m. (noon ET).
        (r".*[ap]\.m\.", r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|[A-Z]{2,4}\b|[A-Z]\w+ [Tt]ime\b|\("),
        # These stand before a number: Vol. 3, est. 1821.
        (r"\W*(?:Vol|Ch|approx|est|pt)\.", r"\d"),
        # Russian: 2020 г. Москва, ул. Ленина, 5 млрд. И т. д. ends a sentence as often as not and is left alone.
        (r"\W*(?:г|гг|им|ул|стр|млн|млрд|тыс|т\.\s?е)\.", r"."),
        # Whoever asks or cries is named behind it: “Why?” Mary Smith asked.
        (r".*[?!][”’\"'»]+", r"(?:[A-Z][\w.’'-]+ ){1,3}(?:said|says|asked|asks|wrote|tweeted|added|replied|told)\b"),
    ]
]


def sentence_spans(text: str, language: str | None = None) -> list[Span]:
    """Every sentence of the text in order, without the white space around it.

    Together the spans cover every code point that is not white space. No sentence crosses a blank line, and a dateline
    is a sentence of its own. Offsets are code points; language is ISO 639-1, and an unknown one is read as English.

    >>> text = "OSLO (AP) — Sen. Moe left at 5 p.m. Monday. “Why?” Ms. Bye asked."
    >>> [text[start:end] for start, end in sentence_spans(text)]
    ['OSLO (AP) —', 'Sen. Moe left at 5 p.m. Monday.', '“Why?” Ms. Bye asked.']
    """
    language = language or ("ru" if re.search(r"[а-я]", text[:500]) else "en")
    spans = []
    for start, end in _between((blank.end() for blank in PARAGRAPH_END.finditer(text)), text):
        paragraph = text[start:end]
        spans += [Span(start + s, start + e) for s, e in _between(_cuts(paragraph, language), paragraph)]
    return spans


def _between(cuts: Iterable[int], text: str) -> Iterator[Span]:
    """What stands between the cuts, less the white space around it and less what is nothing else."""
    start = 0
    for cut in [*cuts, len(text)]:
        part = text[start:cut]
        if stripped := part.strip():
            first = start + len(part) - len(part.lstrip())
            yield Span(first, first + len(stripped))
        start = cut


def _cuts(paragraph: str, language: str) -> list[int]:
    """Where one paragraph is cut into sentences, in order."""
    dateline = DATELINE.match(paragraph)
    start = dateline.end() if dateline else 0
    lines = {end.start() for end in re.finditer("\n", paragraph) if _ended_by_its_writer(paragraph, end.start())}
    cuts = [start]
    for cut in sorted(lines | _candidates(paragraph, language)):
        if cut in lines or cut > cuts[-1] and not _joins(paragraph, cuts[-1], cut):
            cuts.append(cut)
    return cuts


def _candidates(paragraph: str, language: str) -> set[int]:
    """The ends that the library sees in the paragraph and those that it misses, behind what closes the sentence."""
    hidden = MARK.sub(" ", ENCLOSED.sub(_hide_ends, paragraph))
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


def _joins(paragraph: str, start: int, cut: int) -> bool:
    """Whether the sentence from start goes on behind the cut."""
    sentence = paragraph[start:cut].strip()
    following = paragraph[cut : cut + SEEN]
    first = re.search(r"[^\W_]+", following)
    if first and first[0][0].islower() and first[0].islower() and not paragraph.islower():
        return True  # no sentence starts with a small letter, but for iPhone and where there are no capitals
    if LIST_MARKER.fullmatch(sentence):
        return True  # "1." stands before the item that it counts
    word = sentence[-SEEN:].rsplit(None, 1)[-1] if sentence else ""
    return any(join.word.fullmatch(word) and join.start.match(paragraph, cut) for join in JOINS)


def _ended_by_its_writer(paragraph: str, at: int) -> bool:
    """Whether the line end at this place ends a heading or an item of a list, and does not only wrap the text."""
    line = paragraph[paragraph.rfind("\n", 0, at) + 1 : at].strip()
    following = paragraph[at:].lstrip()
    if NEW_LINE.match(following):
        return True
    return len(line) not in WRAPPED and line[-1:] not in ".!?…,;–—-" and not following[:1].islower()
