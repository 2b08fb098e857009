"""Bytes of a whole file to its text."""

from __future__ import annotations

import codecs
import stat
from pathlib import Path

from index.limits import FILE
from index.readers.problems import Problem, Warn

# UTF-32 first: its little-endian mark starts with that of UTF-16.
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def load_text(path: Path, warn: Warn) -> str | None:
    """The text of a file, or None, with a warning, for one that is too large, empty or not text; raises OSError."""
    data = load_bytes(path, warn)
    text = decode(data, path, warn) if data is not None else None
    if text is None or text.strip():
        return text
    warn(Problem(str(path), "is empty; left out", True))
    return None


def load_bytes(path: Path, warn: Warn) -> bytes | None:
    """The bytes of a file, or None, with a warning, for one that is too large or is no file; raises OSError."""
    status = path.stat()
    if not is_regular(status.st_mode, path, warn):
        return None
    if status.st_size >= FILE:
        size = f"{status.st_size / 1e6:.0f} MB"
        warn(Problem(str(path), f"is too large for one article ({size}); split it, or make it JSON Lines", True))
        return None
    return path.read_bytes()


def is_regular(mode: int, path: Path, warn: Warn) -> bool:
    """Whether a mode is that of a file, with a warning if not; opening a pipe would wait for ever."""
    if not stat.S_ISREG(mode):
        warn(Problem(str(path), "is not a regular file; left out", True))
    return stat.S_ISREG(mode)


def decode(data: bytes, path: Path, warn: Warn) -> str | None:
    """The text that bytes stand for; UTF-8 as it is, any other encoding with a warning, None for what is no text."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return _decode_marked(data, encoding, path, warn)
    if b"\0" in data:
        line = data.count(b"\n", 0, data.index(b"\0")) + 1
        warn(Problem(f"{path}:{line}", "holds a NUL byte, so it is no text; left out", True))
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return _guess(data, f"{path}:{line}", warn)


def _decode_marked(data: bytes, encoding: str, path: Path, warn: Warn) -> str | None:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        warn(Problem(str(path), f"starts like {encoding.upper()} and is none; left out; save it as UTF-8", True))
        return None
    warn(Problem(str(path), f"is read as {encoding.upper()}; save it as UTF-8 to be sure", False))
    return text


def _guess(data: bytes, origin: str, warn: Warn) -> str | None:
    """The text of bytes that are not UTF-8: UTF-8 with a few broken bytes, else what detection makes of them."""
    text = data.decode("utf-8", "replace").removeprefix("\ufeff")
    broken = text.count("\ufffd")
    if sum(character > "\x7f" for character in text) > 10 * broken:
        warn(Problem(origin, f"is UTF-8 with broken bytes, shown as \ufffd ({broken} in the file); mend them", False))
        return text

    # Slow to import, and hardly ever needed.
    import charset_normalizer

    matches = charset_normalizer.from_bytes(data)
    best = matches.best()
    if best is None or "\0" in str(best):
        warn(Problem(origin, "is in no encoding that is known; left out; save it as UTF-8", True))
        return None
    # Of encodings that fit equally well it names the first by alphabet, cp1250; cp1252 is by far the commonest.
    equal = [match for match in matches if (match.chaos, match.coherence) == (best.chaos, best.coherence)]
    western = next((match for match in equal if "cp1252" in match.could_be_from_charset), None)
    text, encoding = (str(western), "cp1252") if western else (str(best), best.encoding)
    warn(Problem(origin, f"is not UTF-8 and is read as {encoding}; save it as UTF-8 to be sure", False))
    return text
