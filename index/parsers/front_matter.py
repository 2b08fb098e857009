"""Front matter: the block of YAML, TOML or JSON at the start of a text that states its fields."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from index.limits import FRONT_MATTER
from index.parsers.field_aliases import KNOWN_KEYS, CustomKeys, known_fields, normalize_key
from index.parsers.fields import FieldError, Fields, check_fields
from index.parsers.problems import Problem, Warn

if TYPE_CHECKING:
    import yaml

_TOO_LONG = f"is longer than {FRONT_MATTER:,} characters"
_FIELD_LIKE_KEY = re.compile(r"[a-z_][a-z0-9_.-]*")
# A block that ends with three dots, as a YAML document may.
_CLOSED_BY_DOTS = re.compile(r"\A(---[^\S\n]*\n(?:(?!---|\.\.\.).*\n){1,999}?)\.\.\.(?=[^\S\n]*(?:\n|\Z))")
_NULLS = ("", "~", "null")
_MAX_NUMBER = 10**300  # Python refuses to convert numbers of thousands of digits to text
_TOML_BLOCK = re.compile(r"\+\+\+[^\S\n]*\n(.*?\n|)\+\+\+[^\S\n]*(?:\n|\Z)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Block:
    """A parsed block that may be front matter, and the offset of the text after it."""

    values: object
    end: int


class _InvalidFrontMatterError(ValueError):
    """Raised for a block that is delimited as front matter and cannot be parsed; `line` is its line in the text."""

    def __init__(self, problem: str, line: int, block: str, end: int) -> None:
        super().__init__(f"the front matter {problem}; it is ignored")
        self.line, self.block, self.end = line, block, end


def split_front_matter(text: str, origin: str, warn: Warn, custom_keys: CustomKeys) -> tuple[Fields, str]:
    """Return the fields that the front matter states, and the text after it.

    Dashes that do not open front matter, such as a rule above a story, are part of the text. Invalid front matter and
    fields of the wrong type are ignored with a warning.
    """
    blank = len(text) - len(text.lstrip("\r\n"))
    start = text[blank:]
    if start.startswith("---"):
        start = _CLOSED_BY_DOTS.sub(r"\1---", start)
    keys = KNOWN_KEYS | {normalize_key(key) for key in custom_keys.values()}
    try:
        block = _parse_block(start)
    except _InvalidFrontMatterError as error:
        if not any(normalize_key(key) in keys for key in re.findall(r"(?m)^\s*\"?([\w-]+)\"?\s*[:=]", error.block)):
            return Fields(), text
        warn(Problem(f"{origin}:{text.count(chr(10), 0, blank) + error.line}", str(error), False))
        return Fields(), _strip_line_break(text[blank + error.end :])
    if block is None or not isinstance(block.values, dict) or not _is_front_matter(block.values, keys):
        return Fields(), text
    values = known_fields({key: _to_strings(value) for key, value in block.values.items()}, custom_keys)
    return _check_each(values, origin, warn), _strip_line_break(text[blank + block.end :])


def _parse_block(text: str) -> _Block | None:
    """Return the block that a text starts with, None where it has none; raises _InvalidFrontMatterError."""
    if text.startswith("---"):
        return _parse_yaml(text)
    if text.startswith("+++") and (match := _TOML_BLOCK.match(text)):
        if len(match[1]) > FRONT_MATTER:
            raise _InvalidFrontMatterError(_TOO_LONG, 1, match[1], match.end())
        try:
            return _Block(tomllib.loads(match[1]), match.end())
        except (ValueError, RecursionError) as error:  # also for a number of thousands of digits
            where = re.search(r"at line (\d+)", str(error))
            line = int(where[1]) + 1 if where else 1
            raise _InvalidFrontMatterError(f"is not valid TOML: {error}", line, match[1], match.end()) from None
    if text.startswith("{"):
        try:
            values, end = json.JSONDecoder().raw_decode(text[:FRONT_MATTER])
        except (ValueError, RecursionError):  # a text that starts with a brace
            return None
        return _Block(values, end) if re.match(r"[^\S\n]*(?:\n|\Z)", text[end:]) else None
    return None


def _parse_yaml(text: str) -> _Block | None:
    # Slow to import, and only texts that start with dashes need them.
    import yaml
    from frontmatter.default_handlers import YAMLHandler

    handler = YAMLHandler()
    try:
        block, body = handler.split(text)
    except ValueError:  # not closed, or more than three dashes on the first line
        return None
    if not handler.detect(text):
        return None
    end = len(text) - len(body)
    if len(block) > FRONT_MATTER:
        raise _InvalidFrontMatterError(_TOO_LONG, 1, block, end)
    try:
        # All scalars are loaded as strings: YAML's rules for numbers, dates and "no" would change what is written.
        return _Block(handler.load(block, Loader=_loader()), end)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = text[: text.index(block)].count("\n") + (mark.line if mark else 0) + 1
        reason = getattr(error, "problem", None) or "nested too deeply"
        raise _InvalidFrontMatterError(f"is not valid YAML: {reason}", line, block, end) from None


def _loader() -> type[yaml.BaseLoader]:
    """Return YAML's loader of strings without aliases, a few lines of which can expand to billions of values."""
    import yaml

    class Loader(yaml.BaseLoader):
        def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
            if self.check_event(yaml.AliasEvent):
                mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
                raise yaml.composer.ComposerError(None, None, "aliases are not supported", mark)
            return super().compose_node(parent, index)

    return Loader


def _is_front_matter(values: dict[object, object], keys: frozenset[str]) -> bool:
    """Return whether a block states a known field, or all of its keys look like fields."""
    if not values or not all(isinstance(key, str) for key in values):
        return False
    if any(normalize_key(key) in keys for key in values):
        return True
    return all(_FIELD_LIKE_KEY.fullmatch(str(key)) for key in values)


def _to_strings(value: object) -> object:
    """Return a value with its scalars as strings: unlike the YAML loader, TOML and JSON return numbers and dates.

    Scalars are converted in the value itself, in its list items and in objects among these; no field nests deeper.
    """
    if isinstance(value, list):
        return [_object_to_strings(item) for item in value]
    return _object_to_strings(value)


def _object_to_strings(value: object) -> object:
    if isinstance(value, dict):
        return {key: _scalar_to_string(item) for key, item in value.items()}
    return _scalar_to_string(value)


def _scalar_to_string(value: object) -> object:
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _MAX_NUMBER:
        return str(value)
    return None if value in _NULLS else value


def _check_each(values: dict[str, object], origin: str, warn: Warn) -> Fields:
    """Return the fields without those that cannot be used, with a warning for each of these."""
    while True:
        try:
            return check_fields(values)
        except FieldError as error:
            warn(Problem(origin, f"front matter: {error}; the field is ignored", False))
            values = {key: value for key, value in values.items() if key != error.field}


def _strip_line_break(body: str) -> str:
    """Return the body without the end of the line that closed the front matter."""
    return re.sub(r"\A\r?\n", "", body)
