"""A question understood in the light of the one before it: "what did he say about it?" Pure.

There is no grammar here, but a few signs: a pronoun that nothing in the question itself explains, an opening like "and"
or "what about", or no word that names a subject. Where they mislead, the note shows it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.rules.calendar_names import MONTHS, WEEKDAYS
from retrieval.rules.cues import (
    ABOUT,
    ASKING,
    AUXILIARIES,
    BREAKS,
    COMPLETE,
    IDLE,
    OPENING,
    PREPOSITIONS,
    PRONOUNS,
    SUBJECTS,
    is_light,
)
from retrieval.rules.smalltalk import without_small_talk

_TURNS = 3  # of the questions before: the first, which names the subject, and the last ones
_CARRIED = 200  # code points of each
_NOTED = 80
_BARE = 3  # words
_FEW = 2  # words with content: an "and" before more of them begins something new
_MANY = 6  # of these: more of them name a subject, whatever pronoun is among them
_TOKEN = re.compile(r"\w+|[^\w\s]")
_NOT = re.compile(r"n['’]t\b", re.IGNORECASE)
_NAME = re.compile(r"(?:[A-ZА-ЯЁ][\w-]*)(?:\s[A-ZА-ЯЁ][\w-]*)*")
_CALENDAR = re.compile(f"{MONTHS}|{WEEKDAYS}")


@dataclass(frozen=True, slots=True)
class Understood:
    """What is searched for, the questions carried over in lines of their own; `note` shows that, if there are any."""

    text: str
    note: str | None = None


def understand(text: str, earlier: str | None) -> Understood:
    """A question after `earlier`, which is the `text` that the question before it was understood as.

    >>> understand("and what did he say about it?", "who is under sanctions?").note
    'who is under sanctions? … and what did he say about it?'
    """
    question = " ".join(without_small_talk(text).split())
    turns = [" ".join(turn.split()) for turn in (earlier or "").splitlines() if re.search(r"\w", turn)]
    if not turns or not leans(question):
        return Understood(question)
    turns = _turns([_cut(turn, _CARRIED) for turn in turns], question)
    if turns == [question]:
        return Understood(question)
    return Understood("\n".join(turns), " … ".join(_cut(turn, _NOTED) for turn in turns))


def leans(question: str) -> bool:
    """Whether a question needs the one before it to be understood."""
    plain = _plain(question)
    words = _words(question)
    content = [word for word in words if _has_content(word)]
    if not any(word[0].isalnum() for word in words):
        return False
    if not content or ABOUT.match(plain) or (len(content) <= _MANY and _refers(words)):
        return True
    if COMPLETE.match(plain) and (len(content) >= _FEW or content[0][0].isupper()):
        return False
    return len(content) <= _FEW and (OPENING.match(plain) is not None or _is_fragment(plain))


def _turns(turns: list[str], question: str) -> list[str]:
    """The questions before and this one: what only puts another subject in does so instead of the last that did."""
    if turns[-1] == question:
        return turns
    turns = [turns[0], *(turn for turn in turns[1:] if not _is_bare(turn))]
    if _substitutes(question):
        name, *others = {name for turn in turns for name in _names(turn)} or {""}
        new = _subject(question)
        if name and new and not others and not _CALENDAR.fullmatch(name):
            if name.isascii() and new.isascii():
                return [turn.replace(name, new) for turn in turns]
            # In another case, as in Russian, the new name would not fit the old one's place.
            turns = [turns[0].replace(f" {name}", ""), *turns[1:]]
        if len(turns) > 1 and _substitutes(turns[-1]):
            turns = turns[:-1]
    return [turns[0], *turns[1:][1 - _TURNS :], question]


def _is_bare(turn: str) -> bool:
    """Whether it is a "why?" or "tell me more", which the next question needs no more."""
    return len(turn.split()) <= _BARE and not any(map(_has_content, _words(turn)))


def _substitutes(question: str) -> bool:
    """Whether it is "what about Canada?" or "and in Canada?"."""
    plain = _plain(question)
    if ABOUT.match(plain):
        return True
    return any(map(_has_content, _words(question))) and _is_fragment(plain)


def _subject(question: str) -> str | None:
    """The one name that a question like "what about Canada?" puts in, if that is all it does."""
    start = ABOUT.match(_plain(question)) or OPENING.match(_plain(question))
    rest = question[start.end() :].strip(" ?.!,") if start else ""
    return rest if _NAME.fullmatch(rest) and not _CALENDAR.fullmatch(rest) else None


def _names(turn: str) -> list[str]:
    """What is written with a capital after the first word; nothing in a text that has no small letters."""
    return [] if turn.isupper() else [name for name in _NAME.findall(turn, len(turn.split()[0])) if name != "I"]


def _is_fragment(plain: str) -> bool:
    """Whether it is no sentence, but "and Canada?", "in March?"."""
    tokens = _TOKEN.findall(plain)
    asks = any(token in ASKING or token in AUXILIARIES for token in tokens)
    return not asks and (tokens[0] in PREPOSITIONS or OPENING.match(plain) is not None)


def _refers(words: Sequence[str]) -> bool:
    """Whether a pronoun stands for something outside of the question."""
    return any(
        word in PRONOUNS and not _is_conjunction(words, at) and not _is_explained(words, at)
        for at, word in enumerate(words)
    )


def _is_conjunction(words: Sequence[str], at: int) -> bool:
    """Whether it is the that of "who said that it works?", the then of "then-minister", the это of "X это Y?"."""
    before, after = words[at - 1] if at else "", words[at + 1] if at + 1 < len(words) else "?"
    if words[at] == "это":
        return _has_content(before) and _has_content(after)
    if words[at] == "then":
        return after == "-" or after[0].isalnum()
    if words[at] != "that":
        return False
    return bool(before) and after[0].isalnum() and before not in AUXILIARIES | PREPOSITIONS


def _is_explained(words: Sequence[str], at: int) -> bool:
    """Whether what a pronoun stands for can be named earlier in the question.

    In its own clause only for a subject or a possessive, and not after an auxiliary: in "which letter did he send?"
    the letter did not.
    """
    first = next((place for place in range(at) if _has_content(words[place])), None)
    if first is None:
        return False
    before, after = words[at - 1], words[at + 1] if at + 1 < len(words) else "?"
    subject = words[at] in SUBJECTS if words[at] != "her" else _has_content(after)
    subject = subject or (words[at] == "it" and after in AUXILIARIES)
    if subject and before not in AUXILIARIES:
        return True
    return any(word in BREAKS for word in words[first:at])


def _words(question: str) -> list[str]:
    """The words and marks, in small letters but for names, without the idle uses of pronouns."""
    tokens = [token for token in _TOKEN.findall(_NOT.sub("", question)) if token not in "'’"]
    shouted = question.isupper()
    named = (not shouted and _is_name(token, before) for token, before in zip(tokens, [".", *tokens], strict=False))
    words = [token if name else _plain(token) for token, name in zip(tokens, named, strict=True)]
    return IDLE.sub(" ", " ".join(words)).split()


def _is_name(token: str, before: str) -> bool:
    """Whether a capital is that of a name, and not of a sentence's first word; IT is no "it"."""
    return token[0].isupper() and token != "I" and (before not in ".?!…" or (token.isupper() and len(token) > 1))


def _has_content(word: str) -> bool:
    return bool(word) and word[0].isalnum() and (word[0].isupper() or not is_light(word))


def _plain(text: str) -> str:
    return text.lower().replace("ё", "е")


def _cut(text: str, limit: int) -> str:
    """The text, or its beginning up to a space and an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1].rsplit(maxsplit=1)[0] + "…"
