"""Parser of JSON Lines files, plain or gzipped, with one article per row."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from gzip import GzipFile
from io import BufferedReader
from pathlib import Path
from typing import NoReturn

from index.limits import ROW, UNPACKED, UNPACKED_TIMES
from index.parsers.article_assembly import make_article
from index.parsers.decoding import BYTE_ORDER_MARKS, is_regular
from index.parsers.field_aliases import NO_CUSTOM_KEYS, CustomKeys, known_fields
from index.parsers.field_markup import strip_markup
from index.parsers.fields import FieldError, check_fields, check_text
from index.parsers.problems import Problem, Warn
from index.types import Article

_MAX_KEYS, _MAX_KEY_LENGTH = 12, 40  # keys of a row that a warning names, and characters of each


def read(path: Path, name: str, warn: Warn, custom_keys: CustomKeys = NO_CUSTOM_KEYS) -> Iterator[Article]:
    """Yield the articles of the rows, reading one row at a time; raises OSError."""
    if not is_regular(path.stat().st_mode, path, warn):
        return
    with gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb") as file:
        for number, row in _rows(file, path, warn):
            origin = f"{path}:{number}"
            if row is None:
                warn(Problem(origin, f"the row is longer than {ROW // 1_000_000} MB; skipped", True))
                continue
            try:
                yield _article(row, f"{name}:{number}", origin, warn, custom_keys)
            except (FieldError, _RowError) as error:
                warn(Problem(origin, f"{error}; the row is skipped", True))


class _RowError(ValueError):
    """Raised for a row that is not a JSON object or has no text."""


def _rows(file: GzipFile | BufferedReader, path: Path, warn: Warn) -> Iterator[tuple[int, bytes | None]]:
    """Yield the number, from 1, and the bytes of each row that is not blank; None for the bytes of one too long."""
    number = unpacked = 0
    is_empty = True
    limit = max(UNPACKED, UNPACKED_TIMES * path.stat().st_size)
    try:
        while row := file.readline(ROW):
            number += 1
            unpacked += len(row)
            if unpacked > limit:
                message = f"unpacks to more than {limit / 1e6:,.0f} MB; earlier rows are kept, the rest is left out"
                warn(Problem(f"{path}:{number}", message, True))
                return
            if number == 1:
                if row.startswith(tuple(mark for mark, _ in BYTE_ORDER_MARKS)):
                    warn(Problem(f"{path}:1", "is not UTF-8; left out; save it as UTF-8", True))
                    return
                row = row.removeprefix(b"\xef\xbb\xbf")
            if len(row) == ROW and not row.endswith(b"\n"):
                while unpacked <= limit and (rest := file.readline(ROW)) and not rest.endswith(b"\n"):
                    unpacked += len(rest)
                is_empty = False
                yield number, None
            elif row.strip():
                is_empty = False
                yield number, row
        if is_empty:
            warn(Problem(str(path), "has no rows; left out", True))
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        message = f"the gzip data is corrupt ({error}); earlier rows are kept, the rest is lost"
        warn(Problem(f"{path}:{number + 1}", message, True))


def _article(row: bytes, name: str, origin: str, warn: Warn, custom_keys: CustomKeys) -> Article:
    """Return the article of a row; raises _RowError and FieldError."""
    try:
        values = json.loads(row.decode(), parse_constant=_reject_constant)
    except UnicodeDecodeError as error:
        raise _RowError(f"not UTF-8 at byte {error.start + 1} of the row") from None
    except json.JSONDecodeError as error:
        raise _RowError(f"invalid JSON: {error.msg} at character {error.pos + 1} of the row") from None
    except (ValueError, RecursionError) as error:  # NaN, a number of thousands of digits, deep nesting
        raise _RowError(f"invalid JSON: {error}") from None
    if not isinstance(values, dict):
        raise _RowError("the row must be a JSON object")
    fields = known_fields(values, custom_keys)
    try:
        text = check_text(fields.get("text", values.get("text")))
    except FieldError as error:
        raise _RowError(f"{error}; {_describe_keys(values)}" if "text" not in fields else str(error)) from None
    text = check_text(strip_markup(text))
    if isinstance(title := fields.get("title"), str):
        fields["title"] = strip_markup(title)
    return make_article(check_fields(fields), text, name, origin, warn)


def _describe_keys(values: Mapping[str, object]) -> str:
    """Return a message that names the keys of a row without a text, one of which may be its text."""
    keys = [repr(key)[1:-1][:_MAX_KEY_LENGTH] for key in values]
    if not keys:
        return "the row is empty"
    more = f" and {len(keys) - _MAX_KEYS:,} more" if len(keys) > _MAX_KEYS else ""
    return f"the row has {', '.join(keys[:_MAX_KEYS])}{more}; if one of them is the text, name it in [index] fields"


def _reject_constant(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not valid JSON")
