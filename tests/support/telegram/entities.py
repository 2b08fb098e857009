"""Entities: pieces of a text with a meaning, counted in UTF-16 units, as they are sent and as Telegram finds them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.support.telegram.errors import bad

Json = dict[str, Any]

# The Bot API's name of each kind, by the HTML tag that says the same.
_TYPES = {
    "b": "bold", "i": "italic", "u": "underline", "s": "strikethrough", "tg-spoiler": "spoiler", "code": "code",
    "pre": "pre", "a": "text_link", "blockquote": "blockquote",
}  # fmt: skip
_KINDS = {kind: tag for tag, kind in _TYPES.items()} | {"expandable_blockquote": "blockquote"}
_SYNONYMS = {"strong": "b", "em": "i", "ins": "u", "strike": "s", "del": "s"}
_ALONE = {"code", "pre"}  # which take no other within them
_FOUND_BY_TELEGRAM = {"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number"}
_LINK = re.compile(r"(?:https?|tg)://\S+")

# Telegram's own patterns; what is beside a command or a mention decides whether it is one.
_COMMAND = r"(?<![\w/<>])/[a-zA-Z0-9_]{1,64}(?:@[a-zA-Z0-9_]{3,32}|(?!@))(?![\w/<>])"
_MENTION = r"(?<!\w)@[a-zA-Z0-9_]{2,32}(?!\w)"
_FOUND = re.compile(f"(?P<bot_command>{_COMMAND})|(?P<mention>{_MENTION})")


@dataclass(frozen=True)
class Entity:
    """`kind` is the HTML tag, `offset` where it begins in the message, in UTF-16 units."""

    kind: str
    text: str
    attribute: str = ""
    offset: int = field(default=0, compare=False)

    def json(self) -> Json:
        """As the Bot API shows it."""
        tag = _SYNONYMS.get(self.kind, self.kind)
        kind = "expandable_blockquote" if self.attribute == " expandable" else _TYPES[tag]
        shown: Json = {"type": kind, "offset": self.offset, "length": units(self.text)}
        return shown | ({"url": link} if (link := self.attribute.partition('"')[2].rstrip('"')) else {})


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def found_in(text: str) -> list[Json]:
    """The commands and mentions that Telegram finds in what a user writes."""
    return [
        {"type": match.lastgroup, "offset": units(text[: match.start()]), "length": units(match[0])}
        for match in _FOUND.finditer(text)
    ]


def check_link(link: str) -> None:
    """Telegram shows what is no link as plain text; here it is refused, since nobody wanted that."""
    if not _LINK.fullmatch(link):
        raise bad(f"Wrong HTTP URL specified: {link!r}")


def read_entities(text: str, given: Any) -> list[Entity]:
    """Entities that are given as a list; raises ApiError where they are not within the text, or cross one another."""
    if not isinstance(given, list):
        raise bad("can't parse MessageEntity: expected an Array")
    encoded = text.encode("utf-16-le", "surrogatepass")
    read = [entity for each in given for entity in _read(encoded, each)]
    read.sort(key=lambda entity: (entity.offset, -units(entity.text)))
    opened: list[tuple[int, str]] = []
    for entity in read:
        end = entity.offset + units(entity.text)
        while opened and opened[-1][0] <= entity.offset:
            opened.pop()
        if opened and end > opened[-1][0]:
            raise bad(f"entities cross at UTF-16 offset {entity.offset}")
        _check_nesting(entity.kind, [kind for _, kind in opened])
        opened.append((end, entity.kind))
    return read


def check_nesting_of_tag(name: str, opened: list[str]) -> str | None:
    """Why a tag may not stand within those that are open, if it may not."""
    if name in opened:
        return f"{name} within {name}"
    return next((f"{name} within {outer}" for outer in opened if outer in _ALONE), None)


def _check_nesting(name: str, opened: list[str]) -> None:
    if problem := check_nesting_of_tag(name, opened):
        raise bad(f"entities are nested that can't be: {problem}")


def _read(encoded: bytes, given: Any) -> Iterator[Entity]:
    if not isinstance(given, dict):
        raise bad("can't parse MessageEntity: expected an Object")
    for name, kind in (("offset", int), ("length", int), ("type", str)):
        if not isinstance(given.get(name), kind) or isinstance(given[name], bool):
            raise bad(f'can\'t parse MessageEntity: field "{name}" must be of type {kind.__name__}')
    start, length, kind = given["offset"], given["length"], given["type"]
    if kind in _FOUND_BY_TELEGRAM:
        return
    if kind not in _KINDS:
        raise bad("can't parse MessageEntity: unsupported type specified")
    if start < 0:
        raise bad(f"receive an entity with incorrect offset {start}")
    if length <= 0:
        raise bad(f"receive an entity with incorrect length {length}")
    end = start + length
    if 2 * start >= len(encoded):
        raise bad(f"entity begins after the end of the text at UTF-16 offset {start}")
    if 2 * end > len(encoded):
        raise bad(f"entity beginning at UTF-16 offset {start} ends after the end of the text at UTF-16 offset {end}")
    if _within_a_pair(encoded, start):
        raise bad(f"entity begins in a middle of a UTF-16 symbol at UTF-16 offset {start}")
    if _within_a_pair(encoded, end):
        raise bad(f"entity beginning at UTF-16 offset {start} ends in a middle of a UTF-16 symbol")
    attribute = " expandable" if kind == "expandable_blockquote" else ""
    if kind == "text_link":
        check_link(str(given.get("url", "")))
        attribute = f' href="{given["url"]}"'
    yield Entity(_KINDS[kind], encoded[2 * start : 2 * end].decode("utf-16-le"), attribute, start)


def _within_a_pair(encoded: bytes, unit: int) -> bool:
    return 2 * unit < len(encoded) and 0xDC <= encoded[2 * unit + 1] <= 0xDF
