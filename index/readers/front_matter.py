"""The block of YAML that a text may open with."""

from __future__ import annotations

import re
from dataclasses import fields

from index.limits import FRONT_MATTER
from index.readers.fields import FieldError, Fields, check_fields
from index.readers.problems import Problem, Warn

KNOWN = frozenset(field.name for field in fields(Fields))
KEY = re.compile(r"[a-z_][a-z0-9_.-]*")
NULLS = ("", "~", "null")


def split_front_matter(text: str, origin: str, warn: Warn) -> tuple[Fields, str]:
    """What the front matter states, and the text after it.

    Dashes that open no front matter, as a rule above a story does, are text. Broken front matter is left out with
    a warning, and so is a field of the wrong type.
    """
    if not text.startswith("---"):
        return Fields(), text

    # Slow to import, and only texts that open with dashes need them.
    import yaml
    from frontmatter.default_handlers import YAMLHandler

    handler = YAMLHandler()
    try:
        block, body = handler.split(text)
    except ValueError:  # nothing closes it, or it does not start with three dashes alone
        return Fields(), text
    if not handler.detect(text):
        return Fields(), text
    if len(block) > FRONT_MATTER:
        message = f"the front matter is longer than {FRONT_MATTER:,} characters; the text is read without it"
        warn(Problem(origin, message, False))
        return Fields(), _after_break(body)
    try:
        # As strings: YAML's own ideas of numbers, dates and "no" would change what is written.
        values = handler.load(block, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError) as error:
        if not any(re.match(rf"\s*{key}\s*:", block) for key in KNOWN):
            return Fields(), text
        mark = getattr(error, "problem_mark", None)
        line = text[: text.index(block)].count("\n") + (mark.line if mark else 0) + 1
        reason = getattr(error, "problem", None) or "nested too deep"
        warn(Problem(f"{origin}:{line}", f"the front matter is no YAML: {reason}; the text is read without it", False))
        return Fields(), _after_break(body)
    if not _is_front_matter(values):
        return Fields(), text
    values = {key.lower(): None if value in NULLS else value for key, value in values.items()}
    return _check(values, origin, warn), _after_break(body)


def _is_front_matter(values: object) -> bool:
    """Whether it is a mapping that states a known field, or that has only keys which look like fields."""
    if not isinstance(values, dict) or not all(isinstance(key, str) for key in values):
        return False
    return any(key.lower() in KNOWN for key in values) or all(KEY.fullmatch(key) for key in values)


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
