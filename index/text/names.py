"""Names as a text writes them: runs of words in capitals, and titles in quotation marks. Pure.

Scripts without capitals have no names here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

UPPER = "".join(sign for sign in map(chr, range(0x10000)) if sign.isupper() and sign.isalpha())
_REST = (
    r"[^\W_]*(?:(?:[-’'&](?![sS]\b)|\.(?=\w))[^\W_]+)*"
    rf"(?:\.(?:(?<=\b[{UPPER}]\.)|(?<=\b(?:Mr|Ms|Dr|St|Jr|Sr)\.)|(?<=\b(?:Mrs|Gov|Sen|Rep|Gen|Col|Rev)\.)))?"
)
_LINK = (
    r"(?:of|de|del|della|di|da|do|dos|du|des|la|le|van|von|der|den|bin|ibn|y|for|the|&)(?: (?:the|la|las|los|der|den))?"
)
_RUN = re.compile(
    rf"[{UPPER}](?<!\w.)(?<!\w[’'].){_REST}"  # a set first: the engine leaps from capital to capital
    rf"(?: (?:{_LINK} )?(?:al-|el-|d['’])?[{UPPER}]{_REST}| \d{{1,3}}(?![\w,.%-]))*"
)
_TITLE = re.compile(r"[“\"«„‘](?<!\w.)(?:([^“”\"«»„]{2,80})[”\"»“]|(?<=‘)([^‘’]{2,80})’)(?!\w)")
_TITLED = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*")
_OPENING = "“\"„«‘'([—–-"
_MARK = re.compile(r"[“\"«„‘]")

# Words that open sentences in capitals, or that are in capitals without naming anyone.
_OPENERS_TEXT = """
a about above according across actually additionally after afterwards again against all almost along already also
alternatively although always amid among an and another any anyone anything apart are around as aside ask asked at
back based be because before behind being below besides between beyond both but by can certainly clearly come
consequently conversely could currently days despite did do does don't during each earlier early either else elsewhere
especially even eventually ever every everybody everyone everything everywhere except few fewer finally first five
following for formerly fortunately four from further furthermore generally get given go good great had half has have
having he hence her here hers herself hi him his historically hours how however i i'd i'll i'm i've if immediately
importantly in indeed initially inside instead interestingly into is isn't it it's its itself just last late later
least less let let's like likewise look made make many may maybe me meanwhile might mine months more moreover most
mostly much must my near nearly neither never nevertheless new next nine no nobody none nonetheless nor not nothing
notably now nowhere obviously of off often oh ok okay old on once one only onto or originally other others otherwise
our ours out outside over overall part people per perhaps please possibly previously probably quite rather really
recent recently regardless right same second see seven several she should similarly since six slowly so some somebody
someone something sometimes somewhere soon still subsequently such suddenly sure take ten thank thanks that that's the
their theirs them then there there's thereafter therefore these they they're third this those though three through
throughout thus to today together tomorrow tonight too toward towards traditionally twice two typically ultimately
under unfortunately unless unlike until up upon us use usually very via was we we'll we're we've well were what what's
whatever when whenever where whereas whether which while who whoever whom whose why will with within without would
yeah years yes yesterday yet you you're your yours additional authorities children city companies construction critics
customers data doctors employees europeans evidence experts families fans government health investigators journalists
lawmakers leaders legislation local members men modern multiple national news officers officials parents passengers
police president prices prosecutors protesters public research researchers residents schools scientists senior
services staff state states students studies supporters teachers thousands traffic troops victims voters water women
work workers world а без более больше будет был была были было в вам вас весь во вот впрочем все всего всё всех вы где
да даже для до его ее её если есть еще ещё же за здесь и из или им их к как какой когда который кроме кто ли между
меня мне многие может можно мой мы на над надо нам нас наш не него нее неё нельзя нет ни никто них но ну о об однако
он она они оно от отсюда очень по под поэтому после потом потому почему почти при про ранее раньше с сам свой себя
сейчас сегодня со сначала снова также такой там тем теперь то тогда того тоже только том тот три ты у уже хотя чего
чей чем через что чтобы эта эти это этого этой этом этот этому я
"""
_OPENERS = frozenset(_OPENERS_TEXT.split())
_CALENDAR_TEXT = """
january february march april may june july august september october november december jan feb mar apr jun jul aug sep
sept oct nov dec monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays
fridays saturdays sundays bc bce ce ad am pm
"""
_CALENDAR = frozenset(_CALENDAR_TEXT.split())
_NO_NAMES = _CALENDAR | {"i", "i'm", "i've", "i'd", "i'll"}


class Name(NamedTuple):
    """Where a name stands; `is_title` says that it stands in quotation marks, which are not part of it."""

    start: int
    end: int
    is_title: bool = False


def names(text: str) -> list[Name]:
    """The names in a text, in order and disjoint, without the words that are in capitals only as the first.

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


def _titles(text: str) -> Iterator[Name]:
    """What stands in quotation marks and is written like a title: all long words in capitals."""
    for quoted in _TITLE.finditer(text):
        start, end = quoted.span(quoted.lastindex or 0)
        words = _TITLED.findall(text, start, end)
        if not words or len(words) > 8 or not (_is_high(words[0]) and _is_high(words[-1])):
            continue
        if all(_is_high(word) for word in words if len(word) > 4) and (
            words[1:] or words[0].casefold() not in _OPENERS
        ):
            inside = text[start:end]
            left = start + len(inside) - len(inside.lstrip())
            yield Name(left, start + len(inside.rstrip(" ,.!?")), True)


def _is_high(word: str) -> bool:
    return word[0].isupper() or word[0].isdigit()


def _parts(text: str, start: int, run: str) -> Iterator[Name]:
    """The run without the word that only opens the sentence, and in parts where a month or a weekday is in it."""
    words = run.split(" ")
    if _opens(text, start) and _lower(words[0]) in _OPENERS and not (words[1:] and words[0] in ("New", "Great")):
        start += len(words[0]) + 1
        del words[0]
    part: list[str] = []
    for word in [*words, "May"]:
        if _lower(word) in _NO_NAMES:
            while part and not part[0].removeprefix("al-").removeprefix("el-")[0].isupper():
                start += len(part.pop(0)) + 1
            length = len(" ".join(part))
            kept = part
            while kept and not _is_high(kept[-1].removeprefix("al-").removeprefix("el-").removeprefix("d'")):
                kept = kept[:-1]
            end = start + len(" ".join(kept))
            if end - start > 1:
                yield Name(start, end)
            start += length + bool(part) + len(word) + 1
            part = []
        else:
            part.append(word)


def _opens(text: str, start: int) -> bool:
    """Whether a word there is the first of a sentence, a quotation or an item."""
    before = text[max(0, start - 4) : start]
    return before[-1:] in _OPENING or before.rstrip(_OPENING + " ")[-1:] in (
        "",
        ".",
        "!",
        "?",
        ":",
        "…",
        "\n",
        "•",
        "►",
    )


def _lower(word: str) -> str:
    return word.casefold().replace("’", "'").rstrip(".")
