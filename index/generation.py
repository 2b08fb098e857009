"""Generations: immutable folders, each a whole index with a manifest; CURRENT names the one that answers.

data/CURRENT                      "3\\n"
data/generations/000003/          manifest.json, manifest.sha256, articles.sqlite, vectors.faiss, words/
data/generations/000004.building  what a build under way, or one that was killed, has written
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from index.errors import DamagedIndexError, NoIndexError
from index.store import PassageStore
from index.vectors import VectorIndex
from index.words import WordIndex

FORMAT = 1  # raised when a reader of the last format could not read the new one
ARTICLES, VECTORS, WORDS = "articles.sqlite", "vectors.faiss", "words"
_MANIFEST, _SEAL = "manifest.json", "manifest.sha256"
_NUMBER = re.compile("[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation holds, and what it was made with."""

    format: int
    generation: int
    created: str  # ISO 8601, UTC
    model: str
    fingerprint: str
    dimension: int
    passage_words: int
    articles: int
    passages: int
    languages: tuple[str, ...]
    content: str  # SHA-256 of the articles and their passages: equal content needs no new generation
    files: dict[str, tuple[int, str]]  # path: size in bytes, SHA-256


@dataclass(frozen=True, slots=True)
class Generation:
    """An opened generation; it stays whole however many others are published meanwhile."""

    folder: Path
    manifest: Manifest
    store: PassageStore
    vectors: VectorIndex
    words: WordIndex


def building_folder(root: Path, number: int) -> Path:
    """Where a build writes; its name is never one that a reader opens."""
    return root / "generations" / f"{number:06}.building"


def next_number(root: Path) -> int:
    """One more than the highest number in use."""
    return max(list_generations(root), default=0) + 1


def list_generations(root: Path) -> list[int]:
    """The numbers of the generations that there are, ascending."""
    folder = root / "generations"
    return (
        sorted(int(path.name) for path in folder.iterdir() if _NUMBER.fullmatch(path.name)) if folder.is_dir() else []
    )


def current_number(root: Path) -> int:
    """The number of the published generation; raises NoIndexError and DamagedIndexError."""
    try:
        text = (root / "CURRENT").read_text("ascii", errors="replace").strip()
    except (FileNotFoundError, NotADirectoryError):
        raise NoIndexError(f"there is no index in {root} yet; make one with: quotewire index") from None
    if not _NUMBER.fullmatch(text):
        raise DamagedIndexError(f"{root / 'CURRENT'} names no generation{_way_back(root, None)}")
    return int(text)


def open_generation(root: Path) -> Generation:
    """Open the published generation, with every checksum compared.

    Raises NoIndexError if there is none, and DamagedIndexError, which names the file and the generation to go
    back to, if anything in it is not what was published.
    """
    number = current_number(root)
    try:
        return _open(folder_of(root, number))
    except DamagedIndexError as error:
        if current_number(root) != number:  # it was replaced and cleaned up while we read it
            return open_generation(root)
        raise DamagedIndexError(f"{error}{_way_back(root, number)}") from None


def folder_of(root: Path, number: int) -> Path:
    """Where a published generation lies."""
    return root / "generations" / f"{number:06}"


def read_manifest(folder: Path) -> Manifest:
    """Read a manifest and compare its own checksum; raises DamagedIndexError."""
    path = folder / _MANIFEST
    try:
        raw = path.read_bytes()
        seal = (folder / _SEAL).read_text("ascii", errors="replace")
    except OSError as error:
        raise DamagedIndexError(f"{error.filename}: {error.strerror}") from None
    if seal != _sealed(raw):
        raise DamagedIndexError(f"{path}: is not what {_SEAL} says")
    values = json.loads(raw)
    if values["format"] != FORMAT:
        raise DamagedIndexError(
            f"{path}: format {values['format']}, and this version reads {FORMAT}; make a new one with: quotewire index"
        )
    files = {name: (size, digest) for name, (size, digest) in values.pop("files").items()}
    return Manifest(**{**values, "languages": tuple(values["languages"])}, files=files)


def check_files(folder: Path, manifest: Manifest) -> Iterator[str]:
    """Yield what is wrong with a generation's files: missing, another size, another SHA-256, or not listed."""
    for name, (size, digest) in manifest.files.items():
        path = folder / name
        if not path.is_file():
            yield f"{path}: is missing"
        elif path.stat().st_size != size:
            yield f"{path}: has {path.stat().st_size:,} bytes and should have {size:,}"
        elif _digest(path) != digest:
            yield f"{path}: SHA-256 differs from the manifest's"
    for path in _files(folder):
        if (name := path.relative_to(folder).as_posix()) not in manifest.files:
            yield f"{folder / name}: does not belong there"


def verify(root: Path, number: int) -> list[str]:
    """Everything that is wrong with a generation, checksums first, then every count; nothing if it is sound."""
    folder = folder_of(root, number)
    try:
        manifest = read_manifest(folder)
    except DamagedIndexError as error:
        return [str(error)]
    if found := list(check_files(folder, manifest)):
        return found
    try:
        generation = _open_parts(folder, manifest)
    except DamagedIndexError as error:
        return [str(error)]
    summary = generation.store.summary()
    counts = (
        (ARTICLES, "articles", summary.articles, manifest.articles),
        (ARTICLES, "passages", summary.passages, manifest.passages),
        (VECTORS, "vectors", len(generation.vectors), manifest.passages),
        (VECTORS, "dimensions", generation.vectors.dimension, manifest.dimension),
        (WORDS, "passages", len(generation.words), manifest.passages),
    )
    found = [
        f"{folder / name}: {counted:,} {what}, and the manifest says {wanted:,}"
        for name, what, counted, wanted in counts
        if counted != wanted
    ]
    return found + [f"{folder / ARTICLES}: {problem}" for problem in generation.store.problems()]


def seal(folder: Path, manifest: Manifest) -> Manifest:
    """Add the files' sizes and checksums to a manifest, write it, and sync all of a built folder to disk."""
    files = {path.relative_to(folder).as_posix(): (path.stat().st_size, _digest(path)) for path in _files(folder)}
    manifest = replace(manifest, files=files)
    raw = (json.dumps(asdict(manifest), indent=1, ensure_ascii=False) + "\n").encode()
    (folder / _MANIFEST).write_bytes(raw)
    (folder / _SEAL).write_text(_sealed(raw), "ascii")
    for path in [*folder.rglob("*"), folder]:
        sync(path)
    return manifest


def publish(root: Path, building: Path) -> int:
    """Give a sealed folder its name and point CURRENT to it; returns its number."""
    number = int(building.name.removesuffix(".building"))
    os.replace(building, folder_of(root, number))
    sync(root / "generations")
    point_to(root, number)
    return number


def point_to(root: Path, number: int) -> None:
    """Make a generation the one that answers, in one rename."""
    new = root / "CURRENT.new"
    new.write_text(f"{number}\n", "ascii")
    sync(new)
    os.replace(new, root / "CURRENT")
    sync(root)


def roll_back(root: Path, number: int | None = None) -> int:
    """Make an earlier generation (None: the one before the current) the one that answers; returns its number.

    Raises NoIndexError if it is not there, and DamagedIndexError if it is not whole.
    """
    kept = list_generations(root)
    if number is None:
        try:
            current = current_number(root)
        except DamagedIndexError:  # CURRENT names none: the newest is the one to go back to
            current = next_number(root)
        earlier = [kept_number for kept_number in kept if kept_number < current]
        if not earlier:
            raise NoIndexError(f"there is no generation before {current} to go back to")
        number = earlier[-1]
    if number not in kept:
        raise NoIndexError(f"there is no generation {number}; kept are {', '.join(map(str, kept)) or 'none'}")
    for problem in verify(root, number):
        raise DamagedIndexError(f"generation {number} cannot answer: {problem}")
    point_to(root, number)
    return number


def remove_leftovers(root: Path) -> None:
    """Remove what builds that were killed have left; only for the holder of the build lock."""
    for path in (root / "generations").glob("*.building"):
        shutil.rmtree(path)


def clean_up(root: Path, keep: int) -> None:
    """Remove what killed builds left, and all but the current generation and the `keep` newest others."""
    remove_leftovers(root)
    others = [number for number in list_generations(root) if number != current_number(root)]
    for number in others[: max(0, len(others) - keep)]:
        # Renamed first, so that a removal that is cut short leaves no half of a generation under its name.
        doomed = folder_of(root, number).rename(building_folder(root, number))
        shutil.rmtree(doomed)


def sync(path: Path) -> None:
    """Wait until a file or folder is on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def age(manifest: Manifest, now: datetime) -> str:
    """How long ago a generation was made, as people say it."""
    minutes = int((now - datetime.fromisoformat(manifest.created)).total_seconds() // 60)
    for unit, size in (("day", 1440), ("hour", 60), ("minute", 1)):
        if (count := minutes // size) >= 1:
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "just now"


def _open(folder: Path) -> Generation:
    manifest = read_manifest(folder)
    for problem in check_files(folder, manifest):
        raise DamagedIndexError(problem)
    return _open_parts(folder, manifest)


def _open_parts(folder: Path, manifest: Manifest) -> Generation:
    store = PassageStore.open(folder / ARTICLES)
    vectors = VectorIndex.load(folder / VECTORS)
    return Generation(folder, manifest, store, vectors, WordIndex.open(folder / WORDS, manifest.languages))


def _way_back(root: Path, damaged: int | None) -> str:
    """What to do next about a damaged generation: go back to the newest sound one, else build."""
    for number in reversed(list_generations(root)):
        if number != damaged and not verify(root, number):
            return f"; generation {number} is whole, go back to it with: quotewire index rollback {number}"
    return "; make a new one with: quotewire index"


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
