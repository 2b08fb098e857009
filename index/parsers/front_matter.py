"""The block of YAML, TOML or JSON that a text may open with."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from index.limits import FRONT_MATTER
from index.parsers.field_aliases import FIELD_KEYS, Names, known_fields, plain_key
from index.parsers.fields import FieldError, Fields, check_fields
from index.parsers.problems import Problem, Warn

if TYPE_CHECKING:
    import yaml

_TOO_LONG = f"is longer than {FRONT_MATTER:,} characters"
KEY = re.compile(r"[a-z_][a-z0-9_.-]*")
# As YAML may end a document.
CLOSED_BY_DOTS = re.compile(r"\A(---[^\S\n]*\n(?:(?!---|\.\.\.).*\n){1,999}?)\.\.\.(?=[^\S\n]*(?:\n|\Z))")
NULLS = ("", "~", "null")
LARGEST = 10**300  # of a number; of one with thousands of digits Python makes no text
TOML = re.compile(r"\+\+\+[^\S\n]*\n(.*?\n|)\+\+\+[^\S\n]*(?:\n|\Z)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """Front matter before it is known to be some: what it holds, and where the text after it begins."""

    values: object
    end: int


class BrokenError(ValueError):
    """A block that is marked as front matter and cannot be parsed; the line is counted from the text's first."""

    def __init__(self, problem: str, line: int, block: str, end: int) -> None:
        super().__init__(f"the front matter {problem}; the text is read without it")
        self.line, self.block, self.end = line, block, end


def split_front_matter(text: str, origin: str, warn: Warn, names: Names) -> tuple[Fields, str]:
    """What the front matter states, and the text after it.

    Dashes that open no front matter, as a rule above a story does, are text. Broken front matter is left out with
    a warning, and so is a field of the wrong type.
    """
    blank = len(text) - len(text.lstrip("\r\n"))
    marked = text[blank:]
    if marked.startswith("---"):
        marked = CLOSED_BY_DOTS.sub(r"\1---", marked)
    keys = FIELD_KEYS | {plain_key(key) for key in names.values()}
    try:
        block = _block(marked)
    except BrokenError as error:
        if not any(plain_key(key) in keys for key in re.findall(r"(?m)^\s*\"?([\w-]+)\"?\s*[:=]", error.block)):
            return Fields(), text
        warn(Problem(f"{origin}:{text.count(chr(10), 0, blank) + error.line}", str(error), False))
        return Fields(), _after_break(text[blank + error.end :])
    if block is None or not isinstance(block.values, dict) or not _is_front_matter(block.values, keys):
        return Fields(), text
    values = known_fields({key: _plain(value) for key, value in block.values.items()}, names)
    return _check(values, origin, warn), _after_break(text[blank + block.end :])


def _block(text: str) -> FrontMatter | None:
    if text.startswith("---"):
        return _yaml(text)
    if text.startswith("+++") and (match := TOML.match(text)):
        if len(match[1]) > FRONT_MATTER:
            raise BrokenError(_TOO_LONG, 1, match[1], match.end())
        try:
            return FrontMatter(tomllib.loads(match[1]), match.end())
        except (ValueError, RecursionError) as error:  # TOML's own errors, and a number of thousands of digits
            where = re.search(r"at line (\d+)", str(error))
            line = int(where[1]) + 1 if where else 1
            raise BrokenError(f"is no TOML: {error}", line, match[1], match.end()) from None
    if text.startswith("{"):
        try:
            values, end = json.JSONDecoder().raw_decode(text[:FRONT_MATTER])
        except (ValueError, RecursionError):  # a text that opens with a brace
            return None
        return FrontMatter(values, end) if re.match(r"[^\S\n]*(?:\n|\Z)", text[end:]) else None
    return None


def _yaml(text: str) -> FrontMatter | None:
    # Slow to import, and only texts that open with dashes need them.
    import yaml
    from frontmatter.default_handlers import YAMLHandler

    handler = YAMLHandler()
    try:
        block, body = handler.split(text)
    except ValueError:  # nothing closes it, or it does not start with three dashes alone
        return None
    if not handler.detect(text):
        return None
    end = len(text) - len(body)
    if len(block) > FRONT_MATTER:
        raise BrokenError(_TOO_LONG, 1, block, end)
    try:
        # As strings: YAML's own ideas of numbers, dates and "no" would change what is written.
        return FrontMatter(handler.load(block, Loader=_loader()), end)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = text[: text.index(block)].count("\n") + (mark.line if mark else 0) + 1
        reason = getattr(error, "problem", None) or "nested too deep"
        raise BrokenError(f"is no YAML: {reason}", line, block, end) from None


def _loader() -> type[yaml.BaseLoader]:
    """Return YAML's plainest loader, without aliases: some lines of them can stand for any number of values."""
    import yaml

    class Loader(yaml.BaseLoader):
        def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
            if self.check_event(yaml.AliasEvent):
                mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
                raise yaml.composer.ComposerError(None, None, "aliases are not read", mark)
            return super().compose_node(parent, index)

    return Loader


def _is_front_matter(values: dict[object, object], keys: frozenset[str]) -> bool:
    """Whether it is a mapping that states a known field, or that has only keys which look like fields."""
    if not values or not all(isinstance(key, str) for key in values):
        return False
    return any(plain_key(key) in keys for key in values) or all(KEY.fullmatch(str(key)) for key in values)


def _plain(value: object) -> object:
    """A value as it is written: TOML and JSON have numbers and dates, of which YAML's are left as strings.

    What is nested in lists and objects of lists and objects is of no field, and is left as it is.
    """
    if isinstance(value, list):
        return [_plain_in_one(item) for item in value]
    return _plain_in_one(value)


def _plain_in_one(value: object) -> object:
    return {key: _scalar(item) for key, item in value.items()} if isinstance(value, dict) else _scalar(value)


def _scalar(value: object) -> object:
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < LARGEST:
        return str(value)
    return None if value in NULLS else value


def _check(values: dict[str, object], origin: str, warn: Warn) -> Fields:
    """The fields, without those that cannot be used."""
    while True:
        try:
            return check_fields(values)
        except FieldError as error:
            warn(Problem(origin, f"front matter: {error}; the field is ignored", False))
            values = {key: value for key, value in values.items() if key != error.field}


def _after_break(body: str) -> str:
    """The body without the end of the line that closed the front matter."""
    return re.sub(r"\A\r?\n", "", body)
