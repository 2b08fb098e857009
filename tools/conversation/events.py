"""The events of a conversation, in their order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from tests.support.telegram import Entity

Buttons: TypeAlias = tuple[tuple[str, ...], ...]  # their labels, row by row


@dataclass(frozen=True, slots=True)
class Said:
    """A person's message; `where` is the title of a group, or "" for a private chat with the bot."""

    who: str
    where: str
    text: str
    number: int
    attached: str = ""  # an attachment, with the text or instead of it
    reply_to: int | None = None
    edited: bool = False


@dataclass(frozen=True, slots=True)
class Pressed:
    """A person's press of a button."""

    who: str
    where: str
    button: str
    number: int | None = None  # the number of the message that has the button


@dataclass(frozen=True, slots=True)
class Posted:
    """A message of the bot, new or edited; `whom` names the person whose chat it is in."""

    whom: str
    where: str
    number: int
    text: str
    entities: tuple[Entity, ...]
    buttons: Buttons = ()
    reply_to: int | None = None
    edited: str = ""  # what has changed: "text" or "buttons"
    sent_on: bool = False  # sent by a person, who chose it from the offered results


@dataclass(frozen=True, slots=True)
class Told:
    """The reply to a pressed button: a notice that disappears, or a box that has to be closed."""

    text: str
    box: bool


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person types after the bot's name in any chat, and the results that are offered: titles, descriptions."""

    who: str
    query: str
    offered: tuple[tuple[str, str], ...]
    button: str


@dataclass(frozen=True, slots=True)
class Happened:
    """A remark in plain words, or the output of a command."""

    text: str
    printed: str = ""


Event: TypeAlias = Said | Pressed | Posted | Told | Typed | Happened


@dataclass(slots=True)
class Section:
    """A section of the conversation, with one theme."""

    title: str
    about: str
    events: list[Event] = field(default_factory=list)
