"""Names in a text: runs of capitalised words, and titles in quotation marks. Pure.

Scripts without capitals have no names here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from index.text.languages import LANGUAGES, any_of, words_of
from index.types import Span

UPPER = "".join(sign for sign in map(chr, range(0x10000)) if sign.isupper() and sign.isalpha())
# A look-behind has to be of one length
_TITLES = [
    rf"(?<=\b(?:{'|'.join(titles)})\.)"
    for _, titles in groupby(sorted(words_of(lambda language: language.names.titles), key=len), key=len)
]
_REST = (
    r"[^\W_]*(?:(?:[-’'&](?![sS]\b)|\.(?=\w))[^\W_]+)*"
    rf"(?:\.(?:(?<=\b[{UPPER}]\.)|{'|'.join(_TITLES)}))?"
)
_LINK = rf"(?:{any_of(words_of(lambda language: language.names.links))})(?: (?:the|la|las|los|der|den))?"
_RUN = re.compile(
    rf"[{UPPER}](?<!\w.)(?<!\w[’'].){_REST}"  # begins with a set, so that the engine can skip to the next capital
    rf"(?: (?:{_LINK} )?(?:al-|el-|d['’])?[{UPPER}]{_REST}| \d{{1,3}}(?![\w,.%-]))*"
)
_TITLE = re.compile(r"[“\"«„‘](?<!\w.)(?:([^“”\"«»„]{2,80})[”\"»“]|(?<=‘)([^‘’]{2,80})’)(?!\w)")
_TITLE_WORD = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*")
_OPENING = "“\"„«‘'([—–-"
_BEFORE_OPENERS = ("", ".", "!", "?", ":", "…", "\n", "•", "►")
_MARK = re.compile(r"[“\"«„‘]")

_OPENERS = frozenset(words_of(lambda language: language.names.openers))
_NAMING_OPENERS = frozenset(words_of(lambda language: language.names.naming_openers))
_CAPITALISED = [language for language in LANGUAGES if language.names.calendar_has_capitals]
_NO_NAMES = frozenset(
    [
        *words_of(lambda language: language.names.never),
        *(form.lower() for language in _CAPITALISED for month in language.months for form in month.forms),
        *(short.lower() for language in _CAPITALISED for month in language.months for short in month.short),
        *(form.lower() for language in _CAPITALISED for day in language.weekdays for form in day.forms),
    ]
)
_END = "I"  # a word in _NO_NAMES, which ends the last part of a run


def names(text: str) -> list[Span]:
    """Return the places of names in a text, in order and disjoint.

    A word that is capitalised only as the first of a sentence is no name, and the quotation marks around a title are
    not part of it.

    >>> text = "In Oslo, the Duke of York's aide saw “The Crown”."
    >>> [text[name.start : name.end] for name in names(text)]
    ['Oslo', 'Duke of York', 'The Crown']
    """
    if text.isupper():
        return []
    found = list(_titles(text)) if _MARK.search(text) else []
    titles = tuple(found)
    for run in _RUN.finditer(text):
        start, end = run.span()
        if not any(title.start < end and start < title.end for title in titles):
            found += _parts(text, start, run[0])
    return sorted(found)


def _titles(text: str) -> Iterator[Span]:
    """Yield what is in quotation marks and written like a title: all long words begin with a capital."""
    for quoted in _TITLE.finditer(text):
        start, end = quoted.span(quoted.lastindex or 0)
        words = _TITLE_WORD.findall(text, start, end)
        if not words or len(words) > 8 or not (_is_capitalised(words[0]) and _is_capitalised(words[-1])):
            continue
        if all(_is_capitalised(word) for word in words if len(word) > 4) and (
            words[1:] or words[0].casefold() not in _OPENERS
        ):
            inside = text[start:end]
            left = start + len(inside) - len(inside.lstrip())
            yield Span(left, start + len(inside.rstrip(" ,.!?")))


def _is_capitalised(word: str) -> bool:
    return word[0].isupper() or word[0].isdigit()


def _parts(text: str, start: int, run: str) -> Iterator[Span]:
    """Yield the names in a run: without a word that only opens the sentence, and split at months and weekdays."""
    words = run.split(" ")
    if _opens(text, start) and _lower(words[0]) in _OPENERS and not (words[1:] and words[0] in _NAMING_OPENERS):
        start += len(words[0]) + 1
        del words[0]
    part: list[str] = []
    for word in [*words, _END]:
        if _lower(word) in _NO_NAMES:
            while part and not part[0].removeprefix("al-").removeprefix("el-")[0].isupper():
                start += len(part.pop(0)) + 1
            length = len(" ".join(part))
            kept = part
            while kept and not _is_capitalised(kept[-1].removeprefix("al-").removeprefix("el-").removeprefix("d'")):
                kept = kept[:-1]
            end = start + len(" ".join(kept))
            if end - start > 1:
                yield Span(start, end)
            start += length + bool(part) + len(word) + 1
            part = []
        else:
            part.append(word)


def _opens(text: str, start: int) -> bool:
    """Return whether a word at `start` is the first of a sentence, a quotation or an item."""
    before = text[max(0, start - 4) : start]
    return before[-1:] in _OPENING or before.rstrip(_OPENING + " ")[-1:] in _BEFORE_OPENERS


def _lower(word: str) -> str:
    return word.casefold().replace("’", "'").rstrip(".")
