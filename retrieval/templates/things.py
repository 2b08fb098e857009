"""Which people, days, places, numbers, sums and names a sentence holds. Pure."""

from __future__ import annotations

import re
from enum import StrEnum

from index.text.names import Name, names
from index.types import Span
from retrieval.templates.amounts import numbers, sums
from retrieval.templates.dates_in_text import dates


class ThingKind(StrEnum):
    """A kind of thing that a sentence may hold."""

    PERSON = "person"
    DATE = "date"
    PLACE = "place"
    NUMBER = "number"
    MONEY = "money"
    NAME = "name"  # of anything: a name in capitals, or a title in quotation marks


# No single person is called by a name that ends like this, nor by one in a place.
_NO_PERSON_TEXT = """
university college school institute academy company corporation inc corp ltd co group bank party council court army
navy force forces police department ministry office agency association union committee commission parliament congress
senate house government church museum library hospital center centre park street road avenue square river lake sea
ocean island islands mountain mountains war battle act treaty agreement law award prize cup league club team airport
station county state states city village province region district empire republic kingdom times post news network
games festival day
"""
_NO_PERSON = frozenset(_NO_PERSON_TEXT.split())
DEMONYM = re.compile(
    r"(?:[A-Z][a-z]+(?:ish|ese|[bcdfglmnrstvwz]ians?|[nk]eans?|[rl]eans?)|Americans?|Africans?|Mexicans?|Germans?|French|"
    r"Dutch|Greeks?|Czechs?|Swiss|Thai|Iraqis?|Israelis?|Pakistanis?|Saudis?|Arabs?|Arabic|Islamic|Muslims?|Christians?|"
    r"Catholics?|Jews|Republicans?|Democrats?|Democratic|Nazis?|Soviets?|Western|Eastern|Northern|Southern|Internet)"
)
_WHERE_TEXT = """
in at from near to into outside across around through throughout via toward towards between inside within off over of
в во из под около на у близ до
"""
_WHERE = frozenset(_WHERE_TEXT.split())
_SIDE_TEXT = "the northern southern eastern western north south east west central downtown nearby"
_NOBODY_IN = frozenset(["in", "at", "near", "into", "inside", "outside", "across", "around", "в", "на", "близ", "под"])
_SIDE = frozenset(_SIDE_TEXT.split())
_AND = re.compile(r"(?:,|,? and| и|/) ?(?:the )?")


def things(sentence: str, kind: ThingKind) -> list[Span]:
    """Return the spans of the sentence that are such a thing, in order and disjoint.

    Of names, those of a place are the ones after a preposition, if there are any; those of a person are not.

    >>> [slice(*span) for span in things("He left Oslo for Rome on 5 March 2022.", ThingKind.DATE)]
    [slice(25, 37, None)]
    """
    match kind:
        case ThingKind.DATE:
            found = dates(sentence)
        case ThingKind.MONEY:
            found = sums(sentence)
        case ThingKind.NUMBER:
            found = _numbers(sentence)
        case ThingKind.NAME:
            found = [(name.start, name.end) for name in names(sentence)]
        case ThingKind.PERSON:
            found = [(name.start, name.end) for name in names(sentence) if _may_be_a_person(sentence, name)]
        case ThingKind.PLACE:
            found = _places(sentence)
    return [Span(*at) for at in found]


def _numbers(sentence: str) -> list[tuple[int, int]]:
    """The numbers that are of no date and no sum. Pounds may be either."""
    found = numbers(sentence)
    taken = [at for at in sums(sentence) if not sentence.endswith("pounds", *at)]
    taken += dates(sentence) if found else []
    return [at for at in found if not any(at[0] < end and start < at[1] for start, end in taken)]


def _may_be_a_person(sentence: str, name: Name) -> bool:
    text = sentence[name.start : name.end]
    words = text.split()
    if name.is_title or words[-1].casefold() in _NO_PERSON or (len(words) == 1 and DEMONYM.fullmatch(text)):
        return False
    if _is_behind(_NOBODY_IN, sentence, name.start):
        return False
    return not (text.isupper() and "." not in text and len(words) == 1)


def _places(sentence: str) -> list[tuple[int, int]]:
    """The names after a preposition of place, and those that follow them as in "Paris, France"; else all names."""
    every = [
        name for name in names(sentence) if not name.is_title and not DEMONYM.fullmatch(sentence[name.start : name.end])
    ]
    found: list[tuple[int, int]] = []
    for name in every:
        follows = found and _AND.fullmatch(sentence, found[-1][1], name.start)
        if follows or _is_behind(_WHERE, sentence, name.start):
            found.append((name.start, name.end))
    return found or [(name.start, name.end) for name in every]


def _is_behind(prepositions: frozenset[str], sentence: str, at: int) -> bool:
    before = sentence[max(0, at - 30) : at].casefold().split()
    while before and before[-1] in _SIDE:
        before.pop()
    return bool(before) and before[-1] in prepositions
