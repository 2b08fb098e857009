"""JSON Lines, plain or gzipped: one article a row."""

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
from index.parsers.decoding import MARKS, is_regular
from index.parsers.field_aliases import NO_NAMES, Names, known_fields
from index.parsers.field_markup import seen_text
from index.parsers.fields import FieldError, check_fields, check_text, make_article
from index.parsers.problems import Problem, Warn
from index.types import Article

_SHOWN, _MOST = 40, 12  # characters of a key, and keys, that a warning names


def read(path: Path, name: str, warn: Warn, names: Names = NO_NAMES) -> Iterator[Article]:
    """Read the articles of the rows, one at a time; raises OSError."""
    if not is_regular(path.stat().st_mode, path, warn):
        return
    with gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb") as file:
        for number, row in _rows(file, path, warn):
            origin = f"{path}:{number}"
            if row is None:
                warn(Problem(origin, f"the row is longer than {ROW // 1_000_000} MB; skipped", True))
                continue
            try:
                yield _article(row, f"{name}:{number}", origin, warn, names)
            except (FieldError, RowError) as error:
                warn(Problem(origin, f"{error}; the row is skipped", True))


class RowError(ValueError):
    """A row that is no JSON object."""


def _rows(file: GzipFile | BufferedReader, path: Path, warn: Warn) -> Iterator[tuple[int, bytes | None]]:
    """The rows that are not blank with their numbers from 1; None stands for one that is too long."""
    number = unpacked = 0
    is_empty = True
    most = max(UNPACKED, UNPACKED_TIMES * path.stat().st_size)
    try:
        while row := file.readline(ROW):
            number += 1
            unpacked += len(row)
            if unpacked > most:
                message = f"unpacks to more than {most / 1e6:,.0f} MB; the rows before are kept, the rest is left out"
                warn(Problem(f"{path}:{number}", message, True))
                return
            if number == 1:
                if row.startswith(tuple(mark for mark, _ in MARKS)):
                    warn(Problem(f"{path}:1", "is not UTF-8; left out; save it as UTF-8", True))
                    return
                row = row.removeprefix(b"\xef\xbb\xbf")
            if len(row) == ROW and not row.endswith(b"\n"):
                while unpacked <= most and (rest := file.readline(ROW)) and not rest.endswith(b"\n"):
                    unpacked += len(rest)
                is_empty = False
                yield number, None
            elif row.strip():
                is_empty = False
                yield number, row
        if is_empty:
            warn(Problem(str(path), "has no rows; left out", True))
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        message = f"the gzip data is broken ({error}); the rows before are kept, the rest is lost"
        warn(Problem(f"{path}:{number + 1}", message, True))


def _article(row: bytes, name: str, origin: str, warn: Warn, names: Names) -> Article:
    try:
        values = json.loads(row.decode(), parse_constant=_refuse)
    except UnicodeDecodeError as error:
        raise RowError(f"not UTF-8 at byte {error.start + 1} of the row") from None
    except json.JSONDecodeError as error:
        raise RowError(f"invalid JSON: {error.msg} at character {error.pos + 1} of the row") from None
    except (ValueError, RecursionError) as error:  # NaN, a number of thousands of digits, brackets in brackets
        raise RowError(f"invalid JSON: {error}") from None
    if not isinstance(values, dict):
        raise RowError("the row must be an object")
    stated = known_fields(values, names)
    try:
        text = check_text(stated.get("text", values.get("text")))
    except FieldError as error:
        raise RowError(f"{error}; {_keys(values)}" if "text" not in stated else str(error)) from None
    text = check_text(seen_text(text))
    if isinstance(title := stated.get("title"), str):
        stated["title"] = seen_text(title)
    return make_article(check_fields(stated), text, name, origin, warn)


def _keys(values: Mapping[str, object]) -> str:
    """Say which keys a row without a text has, since one of them may be the text under another name."""
    keys = [repr(key)[1:-1][:_SHOWN] for key in values]
    if not keys:
        return "the row is empty"
    more = f" and {len(keys) - _MOST:,} more" if len(keys) > _MOST else ""
    return f"the row has {', '.join(keys[:_MOST])}{more}, and [index] fields can name the one that is the text"


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")
