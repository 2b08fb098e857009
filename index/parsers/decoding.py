"""Read a file and decode its bytes, whatever their encoding is."""

from __future__ import annotations

import codecs
import re
import stat
from collections.abc import Callable
from pathlib import Path

from index.limits import FILE
from index.parsers.encoding_guess import C1_CONTROL, likely_encodings
from index.parsers.problems import Problem, Warn

# The C1 control characters, as browsers show them: as the bytes of windows-1252.
_C1_REPLACEMENTS = {0x80 + byte: bytes([0x80 + byte]).decode("cp1252", "replace") for byte in range(0x20)}
_BROKEN = re.compile("[\ufffd\x80-\x9f]")

# UTF-32 first: its little-endian mark starts with the one of UTF-16.
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def load_text(path: Path, warn: Warn, label_of: Callable[[bytes], str | None] = lambda _: None) -> str | None:
    """Return the text of a file, or None and warn if it is too large, empty or not text; raises OSError.

    `label_of` returns the encoding label that the bytes declare.
    """
    data = _load_bytes(path, warn)
    text = decode(data, path, warn, label_of(data)) if data is not None else None
    if text is None or text.strip():
        return text
    warn(Problem(str(path), "is empty; left out", True))
    return None


def _load_bytes(path: Path, warn: Warn) -> bytes | None:
    """Return the bytes of a file, or None and warn if it is too large or not a regular file; raises OSError."""
    status = path.stat()
    if not is_regular(status.st_mode, path, warn):
        return None
    if status.st_size >= FILE:
        size = f"{status.st_size / 1e6:.0f} MB"
        warn(Problem(str(path), f"is too large for one article ({size}); split it or convert it to JSON Lines", True))
        return None
    return path.read_bytes()


def is_regular(mode: int, path: Path, warn: Warn) -> bool:
    """Return whether a mode is that of a regular file, and warn if not; opening a pipe would block forever."""
    if not stat.S_ISREG(mode):
        warn(Problem(str(path), "is not a regular file; left out", True))
    return stat.S_ISREG(mode)


def decode(data: bytes, path: Path, warn: Warn, label: str | None = None) -> str | None:
    """Return the text of bytes, or None and warn if they are not text.

    The encoding is found in this order: a byte-order mark; UTF-8, if the bytes are valid or nearly so; the declared
    label; a guess, with a warning.
    """
    text = _decode(data, path, warn, label)
    return None if text is None else replace_c1_controls(text)


def replace_c1_controls(text: str) -> str:
    r"""Replace the control characters U+0080 to U+009F by the characters that were meant, as browsers do.

    They are taken for bytes of windows-1252; those without a meaning there become \ufffd.

    >>> replace_c1_controls("\x93Fish\x94")
    '“Fish”'
    """
    return text.translate(_C1_REPLACEMENTS) if C1_CONTROL.search(text) else text


def _decode(data: bytes, path: Path, warn: Warn, label: str | None) -> str | None:
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decode_marked(data, encoding, path, warn)
    if b"\0" in data:
        line = data.count(b"\n", 0, data.index(b"\0")) + 1
        warn(Problem(f"{path}:{line}", "contains a NUL byte, so it is not text; left out", True))
        return None
    label_codec = _codec(label)
    if label_codec and data.isascii():  # ISO-2022-JP consists of ASCII bytes
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
                message = f"is {codec.name} with invalid bytes, shown as \ufffd ({broken} in the file); fix them"
                warn(Problem(origin, message, False))
            return text.removeprefix("\ufeff")
    return _guess(data, origin, warn)


def _decode_marked(data: bytes, encoding: str, path: Path, warn: Warn) -> str | None:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        name = encoding.upper()
        warn(Problem(str(path), f"has a {name} byte-order mark but is not {name}; left out; save it as UTF-8", True))
        return None
    warn(Problem(str(path), f"is read as {encoding.upper()}; save it as UTF-8 to be sure", False))
    return text


def _codec(label: str | None) -> codecs.CodecInfo | None:
    """Return the codec that browsers use for a label; None for UTF-8, which was tried before, and unusable ones."""
    # Only web pages have labels.
    from webencodings import lookup

    encoding = lookup(label) if label else None
    if encoding is None or encoding.name in ("utf-8", "utf-16le", "utf-16be", "replacement", "x-user-defined"):
        return None
    codec: codecs.CodecInfo = encoding.codec_info
    return codec


def _guess(data: bytes, origin: str, warn: Warn) -> str | None:
    for encoding in likely_encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        warn(Problem(origin, f"is not UTF-8 and is read as {encoding}, a guess; save it as UTF-8 to be sure", False))
        return text
    warn(Problem(origin, "the encoding is unknown; left out; save it as UTF-8", True))
    return None
