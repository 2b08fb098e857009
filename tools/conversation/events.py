"""What happens in a conversation, in the order in which it does."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from tests.support.telegram import Entity

Buttons: TypeAlias = tuple[tuple[str, ...], ...]  # what is on them, row by row


@dataclass(frozen=True, slots=True)
class Said:
    """A person's message; `where` is the title of a group, or "" for a private chat with the bot."""

    who: str
    where: str
    text: str
    number: int
    attached: str = ""  # what comes with the text, or instead of it
    reply_to: int | None = None
    edited: bool = False


@dataclass(frozen=True, slots=True)
class Pressed:
    """A person's press of a button."""

    who: str
    where: str
    button: str
    number: int | None = None  # of the message that it is under


@dataclass(frozen=True, slots=True)
class Posted:
    """The bot's message as it is from now on; `whom` names the person whose chat it is in."""

    whom: str
    where: str
    number: int
    text: str
    entities: tuple[Entity, ...]
    buttons: Buttons = ()
    reply_to: int | None = None
    edited: str = ""  # what has changed: "text" or "buttons"
    sent_on: bool = False  # by a person, who chose it from what was offered


@dataclass(frozen=True, slots=True)
class Told:
    """What pops up when a button was pressed: for a moment, or in a box that has to be closed."""

    text: str
    box: bool


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person types behind the bot's name in any chat, and what is offered to be sent: titles, descriptions."""

    who: str
    query: str
    offered: tuple[tuple[str, str], ...]
    button: str


@dataclass(frozen=True, slots=True)
class Happened:
    """What is neither said nor pressed: a remark in plain words, or what a command prints."""

    text: str
    printed: str = ""


Event: TypeAlias = Said | Pressed | Posted | Told | Typed | Happened


@dataclass(slots=True)
class Section:
    """A part of the conversation with one theme."""

    title: str
    about: str
    events: list[Event] = field(default_factory=list)
