"""Whether a question asks only for the newest on somebody or something, and on whom or what. Pure."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

from anyascii import anyascii

from index.text.names import names
from retrieval.query.periods import Period
from retrieval.query.small_talk import without_small_talk

_MOST_WORDS = 5
_ALIKE = 0.75  # of difflib's measure: Kiev and Kyiv
_OTHERS = 2  # words that are no names: the Tolva bridge
# What is asked in these ways, and nothing besides, asks for the newest on what follows.
_ASKED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?:so\s+)?what(?:['’]s|\s+is|\s+are|\s+has|\s+have|\s+was)?\s+(?:been\s+)?"
        r"(?:happened|happening|going\s+on|new|up)\s+(?:to|in|with|at|on|about|around|near|for|over)\s+(?P<name>.+)",
        r"what\s+(?:else\s+)?happen(?:s|ed)\s+(?:to|in|with|at|on|around|near)\s+(?P<name>.+)",
        r"(?:did|has|have|is)\s+(?:anything|something)\s+(?:new\s+)?(?:happen(?:ed|ing)?|going\s+on)\s+"
        r"(?:to|in|with|at|around|near)\s+(?P<name>.+)",
        r"(?:(?:what(?:['’]s|\s+is|\s+are)|is\s+there|are\s+there|tell\s+me|give\s+me|show\s+me|find\s+me|have\s+you)\s+)?"
        r"(?:(?:any|the|all|some|more|me)\s+)*(?:(?:latest|newest|recent|new|breaking|top|main)\s+)*"
        r"(?:news|headlines?|updates?|developments?|latest|newest|stories|articles|situation|anything(?:\s+new)?)\s+"
        r"(?:on|about|from|in|of|with|regarding|concerning|around)\s+(?P<name>.+)",
        r"(?:the\s+)?(?:latest|newest|recent)\s+(?P<name>.+?)\s+(?:news|headlines|updates?)",
        r"(?P<name>.+?)\s+(?:news|latest|headlines|updates?)",
        r"(?:а\s+|и\s+)?(?:что|чего|чё)(?:\s+там)?(?:\s+(?:нового|слышно|случилось|произошло|происходит|стало|было|творится))?"
        r"\s+(?:с|со|в|во|у|на|о|об|обо|про|по|из|вокруг)\s+(?P<name>.+)",
        r"(?:есть\s+(?:ли\s+)?|какие\s+|расскажи\s+|покажи\s+|дай\s+)?"
        r"(?:(?:последние|свежие|новые|главные|все|самые)\s+)*(?:новости|новое|новости\s+дня|события|известия|сводка)\s+"
        r"(?:(?:с|со|в|во|из|на|о|об|обо|про|по|от|вокруг)\s+)?(?P<name>.+)",
        r"(?:есть\s+)?что-?(?:то|нибудь)\s+нов(?:ое|ого)\s+(?:о|об|обо|про|в|во|из|с|со|по)\s+(?P<name>.+)",
    )
)
# Words that ask for something besides, or begin a clause
_BESIDES_TEXT = """
who whom whose what which when where why how that because since if while after before during until and or but nor than
with by at in to from for is are was were be been do does did has have had will would can could should may might must
not no into over under between against without about on as it this these those he she they we you i me us them his her
their our my your there here mean means meant called ever still yet again now and/or
кто что чем чего кому когда где куда откуда почему зачем как какой какая какие какое сколько чтобы если потому после до
перед и или но а не ни с со в во на по к ко о об от из у за для при без это этот эта эти тот та те он она оно они мы вы
я его её их нам вам был была было были есть ли же ещё уже мой твой наш ваш
"""
_BESIDES = frozenset(_BESIDES_TEXT.split())
_WORD = re.compile(r"[^\W_]+(?:[-’'.&][^\W_]+)*\.?")
_EDGES = " \t\n.,;:!?…\"“”„«»'’()—–-"


@dataclass(frozen=True, slots=True)
class Subject:
    """What the newest is asked for on."""

    name: str
    is_named: bool  # whether it is written as a name, and not as any thing: Norland, the ferry


def asked_subject(text: str, period: Period | None = None) -> Subject | None:
    """Return on what a question asks for the newest, and for nothing besides; None if it asks anything else.

    The words for its period are left out. A name may stand alone.

    >>> asked_subject("What happened to Lindqvist?")
    Subject(name='Lindqvist', is_named=True)
    >>> asked_subject("What happened to Lindqvist after the vote?")
    """
    rest = text
    if period:
        rest = f"{text[: period.span.start]} {text[period.span.end :]}"
    rest = " ".join(without_small_talk(rest).split()).strip(_EDGES)
    rest = re.sub(
        r"^(?:please|пожалуйста),?\s+|,?\s+(?:please|пожалуйста|recently|lately|недавно)$", "", rest, flags=re.I
    )
    for pattern in _ASKED:
        if (found := pattern.fullmatch(rest)) and (subject := _subject(found["name"])):
            return subject
    first = rest.split(" ", 1)[0]
    if first.casefold() in _BESIDES and not first.isupper():  # a question; WHO is a name
        return None
    subject = _subject(rest, others=0)
    return subject if subject and subject.is_named else None


def _subject(name: str, others: int = _OTHERS) -> Subject | None:
    """The subject of this name, which may have some words beside those that are written as names."""
    name = re.sub(r"^(?:the|a|an)\s+", "", name.strip(_EDGES), flags=re.IGNORECASE)
    name = re.sub(r"['’]s$", "", name)
    words = _WORD.findall(name)
    if not words or len(words) > _MOST_WORDS or "".join(words) != re.sub(r"\s", "", name):
        return None
    named = names(f"x {name}")  # not at the start of a sentence, where any word is in capitals
    inside = [name[max(0, start - 2) : end - 2] for start, end, _ in named]
    of_names = {word for one in inside for word in one.split()}
    beside = [word for word in words if word not in of_names and word.rstrip(".") not in of_names]
    if any(word.casefold() in _BESIDES for word in beside) or len(beside) > others:
        return None
    return Subject(name, bool(named))


def names_subject(words: list[str], held: list[str]) -> bool:
    """Whether a text with these words names what has the others; on either side an initial is enough for a first name.

    >>> names_subject(["jane", "doe"], ["j", "doe", "resigned"]), names_subject(["jane", "doe"], ["john", "doe"])
    (True, False)
    >>> names_subject(["j", "doe"], ["jane", "doe"])
    True
    """
    if not words:
        return False
    *before, last = words
    return any(
        word == last and all(one in held or (at > 0 and _is_initial(one, held[at - 1])) for one in before)
        for at, word in enumerate(held)
    )


def _is_initial(one: str, other: str) -> bool:
    """Whether one of two words is the first letter of the other."""
    return min(len(one), len(other)) == 1 and one[0] == other[0]


def resembles(name: str, text: str) -> bool:
    """Whether a text has a word that is spelt much as the last one of a name, or as it would be in Latin letters.

    >>> resembles("Zelensky", "Mr Zelenskyy spoke."), resembles("Kiev", "In Kyiv"), resembles("Foobar", "In Kyiv")
    (True, True, False)
    """
    *_, last = anyascii(name).lower().split() or [""]
    words = set(re.findall(r"\w+", anyascii(text).lower()))
    return bool(difflib.get_close_matches(last, words, 1, _ALIKE))
