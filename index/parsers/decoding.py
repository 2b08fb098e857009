"""Bytes of a whole file to its text."""

from __future__ import annotations

import codecs
import re
import stat
from collections.abc import Callable
from pathlib import Path

from index.limits import FILE
from index.parsers.encoding_guess import C1, encodings_of
from index.parsers.problems import Problem, Warn

_MEANT = {0x80 + byte: bytes([0x80 + byte]).decode("cp1252", "replace") for byte in range(0x20)}
_BROKEN = re.compile("[\ufffd\x80-\x9f]")

# UTF-32 first: its little-endian mark starts with that of UTF-16.
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def load_text(path: Path, warn: Warn, label_of: Callable[[bytes], str | None] = lambda _: None) -> str | None:
    """The text of a file, or None, with a warning, for one that is too large, empty or not text; raises OSError.

    `label_of` tells with which label bytes declare their encoding.
    """
    data = load_bytes(path, warn)
    text = decode(data, path, warn, label_of(data)) if data is not None else None
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


def decode(data: bytes, path: Path, warn: Warn, label: str | None = None) -> str | None:
    """The text that bytes stand for, or None, with a warning, for what is no text.

    What tells the encoding is, in this order: a byte-order mark, that they are UTF-8, the label that they are declared
    with, and a guess, of which a warning tells.
    """
    text = _decode(data, path, warn, label)
    return None if text is None else readable(text)


def readable(text: str) -> str:
    r"""Return a text with the characters that are meant by the control characters U+0080 to U+009F.

    As browsers read them they are bytes of windows-1252, and those that mean nothing there are shown as \ufffd.

    >>> readable("\x93Fish\x94")
    '“Fish”'
    """
    return text.translate(_MEANT) if C1.search(text) else text


def _decode(data: bytes, path: Path, warn: Warn, label: str | None) -> str | None:
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return _decode_marked(data, encoding, path, warn)
    if b"\0" in data:
        line = data.count(b"\n", 0, data.index(b"\0")) + 1
        warn(Problem(f"{path}:{line}", "holds a NUL byte, so it is no text; left out", True))
        return None
    label_codec = _codec(label)
    if label_codec and data.isascii():  # ISO-2022-JP is ASCII to look at
        return label_codec.decode(data, "replace")[0]
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        origin = f"{path}:{1 + data[: error.start].count(10)}"
    for codec in [codecs.lookup("utf-8"), *([label_codec] if label_codec else [])]:
        text = codec.decode(data, "replace")[0]
        broken = len(_BROKEN.findall(text))
        if sum(character > "\x7f" for character in text) > 10 * broken:
            if broken:
                shown = f"is {codec.name} with broken bytes, shown as \ufffd ({broken} in the file); mend them"
                warn(Problem(origin, shown, False))
            return text.removeprefix("\ufeff")
    return _guess(data, origin, warn)


def _decode_marked(data: bytes, encoding: str, path: Path, warn: Warn) -> str | None:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        warn(
            Problem(
                str(path),
                f"starts like {encoding.upper()} but is not {encoding.upper()}; left out; save it as UTF-8",
                True,
            )
        )
        return None
    warn(Problem(str(path), f"is read as {encoding.upper()}; save it as UTF-8 to be sure", False))
    return text


def _codec(label: str | None) -> codecs.CodecInfo | None:
    """Return what browsers take a label for, unless that is UTF-8 anyway."""
    # Only web pages have labels.
    from webencodings import lookup

    encoding = lookup(label) if label else None
    if encoding is None or encoding.name in ("utf-8", "utf-16le", "utf-16be", "replacement", "x-user-defined"):
        return None
    codec: codecs.CodecInfo = encoding.codec_info
    return codec


def _guess(data: bytes, origin: str, warn: Warn) -> str | None:
    for encoding in encodings_of(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        warn(Problem(origin, f"is not UTF-8 and is read as {encoding}, a guess; save it as UTF-8 to be sure", False))
        return text
    warn(Problem(origin, "is in no encoding that is known; left out; save it as UTF-8", True))
    return None
