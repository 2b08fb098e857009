"""What a generation says of itself: its manifest, the checksums of its files, and the seal over both."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, TypeAdapter, ValidationError
from pydantic_core import from_json
from typing_extensions import TypedDict

from index.errors import DamagedIndexError
from index.files import read_small, sync

Count = Annotated[int, Field(ge=0)]


def _checked_moment(text: str) -> str:
    if datetime.fromisoformat(text).tzinfo is None:
        raise ValueError("must have a time zone")
    return text


FORMAT = 4  # raised when a reader of the last format could not read the new one
_MANIFEST, _SEAL = "manifest.json", "manifest.sha256"


class Part(TypedDict):
    """What index.storage.segments.SegmentReport says of a segment."""

    number: Count
    kind: Literal["exact", "approximate"]
    rows: Count
    factor: float
    recall: float | None


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation holds, and what it was made with."""

    format: int
    generation: Count
    created: Annotated[str, AfterValidator(_checked_moment)]  # ISO 8601, UTC
    model: str
    fingerprint: str
    dimension: Count
    passage_words: Count
    articles: Count
    passages: Count
    languages: tuple[str, ...]
    reading: str  # what else decided what was read from the sources: index.build.changes.reading_key
    content: str  # SHA-256 of the articles: equal content, read alike, needs no new generation
    fine: Count  # passages with a vector of the model; the others have a draft vector
    static: str | None  # the fingerprint of the draft vectors' encoder, if there are such
    segments: tuple[Part, ...]  # of the model's vectors
    files: dict[str, tuple[Count, str]]  # path: size in bytes, SHA-256

    @property
    def is_draft(self) -> bool:
        """Whether passages are still without a vector of the model."""
        return self.fine < self.passages


def read_manifest(folder: Path) -> Manifest:
    """Read a manifest and compare its own checksum; raises DamagedIndexError."""
    path = folder / _MANIFEST
    try:
        raw = read_small(path)
        seal = read_small(folder / _SEAL).decode("ascii", "replace")
    except OSError as error:
        raise DamagedIndexError(f"{error.filename}: {error.strerror}") from None
    if seal != _sealed(raw):
        raise DamagedIndexError(f"{path}: is not what {_SEAL} says")
    try:
        made_for = from_json(raw).get("format")
        if made_for != FORMAT:
            raise DamagedIndexError(
                f"{path}: format {made_for}, and this version reads {FORMAT}; make a new one with: quotewire index"
            )
        manifest = _adapter().validate_json(raw, strict=True)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise DamagedIndexError(f"{path}: is no manifest ({where}: {first['msg']})") from None
    except (ValueError, AttributeError):
        raise DamagedIndexError(f"{path}: is no object of JSON") from None
    for name in manifest.files:
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
            raise DamagedIndexError(f"{path}: names a file outside of its folder ({name!r})")
    return manifest


def check_files(folder: Path, manifest: Manifest, quick: bool = False) -> Iterator[str]:
    """Yield what is wrong with files: missing, another size, another SHA-256 (not looked at if quick), not listed."""
    there = []
    for name, (size, _) in manifest.files.items():
        path = folder / name
        try:
            found = path.stat().st_size if path.is_file() else None
        except OSError as error:  # a name that is too long, or a link that leads back to itself
            yield f"{path}: {error.strerror}"
            continue
        if found is None:
            yield f"{path}: is missing"
        elif found != size:
            yield f"{path}: has {found:,} bytes and should have {size:,}"
        elif not quick:
            there.append(name)
    with ThreadPoolExecutor(2) as pool:  # hashing runs beside Python
        for name, digest in zip(there, pool.map(_digest, (folder / name for name in there)), strict=True):
            if digest != manifest.files[name][1]:
                yield f"{folder / name}: SHA-256 differs from the manifest's"
    for path in _files(folder):
        if (name := path.relative_to(folder).as_posix()) not in manifest.files:
            yield f"{folder / name}: does not belong there"


def link(base: Path, folder: Path, part: str) -> None:
    """Give a file or folder of a published generation to one that is being built, without copying where that can be.

    Published files are never written to; but tantivy's and FAISS's own lists of files, which are small, are replaced.
    """
    source = base / part
    for path in [source] if source.is_file() else sorted(path for path in source.rglob("*") if path.is_file()):
        target = folder / path.relative_to(base)
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(path, target)
        except OSError:  # a file system without hard links
            shutil.copy2(path, target)


def seal(folder: Path, manifest: Manifest, base: Path | None = None) -> Manifest:
    """Add the files' sizes and checksums to a manifest, write it, and sync what is new of a built folder to disk.

    New files are read back before anyone is pointed to them; raises DamagedIndexError. What is linked from `base` was
    synced with it, and its checksums are taken over.
    """
    old = read_manifest(base).files if base else {}
    linked = {name for name in old if base and (folder / name).is_file() and (folder / name).samefile(base / name)}
    files = {}
    for path in _files(folder):
        name = path.relative_to(folder).as_posix()
        files[name] = old[name] if name in linked else (path.stat().st_size, _digest(path))
    manifest = replace(manifest, files=files)
    raw = (json.dumps(asdict(manifest), indent=1, ensure_ascii=False) + "\n").encode()
    (folder / _MANIFEST).write_bytes(raw)
    (folder / _SEAL).write_text(_sealed(raw), "ascii")
    mode = (folder / _MANIFEST).stat().st_mode & 0o777  # some of tantivy are for their owner alone
    for path in _files(folder):
        if path.relative_to(folder).as_posix() not in linked:
            path.chmod(mode)
    for path in [*folder.rglob("*"), folder]:
        if path.is_dir() or path.relative_to(folder).as_posix() not in linked:
            sync(path)
    return manifest


@cache
def _adapter() -> TypeAdapter[Manifest]:
    return TypeAdapter(Manifest)


def _files(folder: Path) -> list[Path]:
    """Every file but the manifest and its seal; a link or a device among them counts, and is none of ours."""
    own = {folder / _MANIFEST, folder / _SEAL}
    return sorted(path for path in folder.rglob("*") if not path.is_dir() and path not in own)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sealed(raw: bytes) -> str:
    """The seal of a manifest, in the format of sha256sum, so that `sha256sum -c` can check it too."""
    return f"{hashlib.sha256(raw).hexdigest()}  {_MANIFEST}\n"
