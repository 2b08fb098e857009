"""Generations: immutable folders, each a whole index with a manifest; CURRENT names the one that answers.

data/CURRENT                      "3\\n"
data/generations/000003/          manifest.json, manifest.sha256, articles.sqlite, words/, vectors/, draft/
data/generations/000004.building  what a build under way, or one that was killed, has written
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from index.errors import DamagedIndexError, NoIndexError, WrongModelError
from index.files import read_small, remove, sync, write_new
from index.storage.articles import ArticleStore, Summary
from index.storage.manifest import Manifest, check_files, read_manifest

if TYPE_CHECKING:  # loaded when a generation is opened; status needs neither FAISS nor tantivy
    from index.encoders.model_files import Model
    from index.storage.lexical_index import LexicalIndex
    from index.storage.vectors import VectorIndex

T = TypeVar("T")

ARTICLES, WORDS, VECTORS, DRAFT = "articles.sqlite", "words", "vectors", "draft"
_NUMBER = re.compile("[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Generation:
    """An opened generation; it stays whole however many others are published meanwhile."""

    folder: Path
    manifest: Manifest
    store: ArticleStore
    words: LexicalIndex
    vectors: VectorIndex  # of the model
    draft: VectorIndex  # of the static encoder, for the passages that `vectors` lacks


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
        text = read_small(root / "CURRENT").decode("ascii", "replace").strip()
    except (FileNotFoundError, NotADirectoryError):
        raise NoIndexError(f"there is no index in {root} yet; make one with: quotewire index") from None
    except OSError as error:
        raise DamagedIndexError(f"{root / 'CURRENT'}: {error.strerror}{_way_back(root, None)}") from None
    if not _NUMBER.fullmatch(text):
        raise DamagedIndexError(f"{root / 'CURRENT'} names no generation{_way_back(root, None)}")
    return int(text)


def current_folder(root: Path) -> Path:
    """Where the published generation lies; raises NoIndexError and DamagedIndexError."""
    return folder_of(root, current_number(root))


def current_manifest(root: Path) -> Manifest:
    """The manifest of the published generation; raises NoIndexError and DamagedIndexError."""
    return read_manifest(current_folder(root))


def open_generation(root: Path) -> Generation:
    """Open the published generation, with every checksum compared.

    Raises NoIndexError if there is none, and DamagedIndexError, which names the file and the generation to go
    back to, if anything in it is not what was published.
    """
    return _current(root, _open_generation)


def open_for(root: Path, model: Model) -> Generation:
    """Open the published generation; raises as `open_generation`, and WrongModelError if another model built it."""
    generation = open_generation(root)
    built = generation.manifest
    if built.fingerprint != model.fingerprint:
        other = f"another {built.model}" if built.model == model.name else built.model
        raise WrongModelError(
            f"the index in {root} was built with {other}, and the configuration names {model.name} "
            f"(fingerprints {built.fingerprint[:8]} and {model.fingerprint[:8]}); build it anew with: quotewire index"
        )
    return generation


def summarize(root: Path) -> tuple[Path, Manifest, Summary]:
    """The published generation's folder, and what it holds, at once: sizes are compared and checksums are not.

    Raises as `open_generation` does.
    """

    def read(folder: Path) -> tuple[Path, Manifest, Summary]:
        manifest = read_manifest(folder)
        with closing(_open_store(folder, manifest)) as store:
            return folder, manifest, store.summary()

    return _current(root, read)


def open_articles(root: Path) -> ArticleStore:
    """The articles of the published generation alone, at once: sizes are compared and checksums are not.

    Raises as `open_generation` does.
    """
    return _current(root, lambda folder: _open_store(folder, read_manifest(folder)))


def folder_of(root: Path, number: int) -> Path:
    """Where a published generation lies."""
    return root / "generations" / f"{number:06}"


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
    found = generation.store.problems()
    if not found and (what := generation.store.misshapen()):
        found = [f"holds {what} of another form than quotewire writes"]
    return [*_miscounted(generation), *(f"{folder / ARTICLES}: {problem}" for problem in found)]


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
    write_new(new, f"{number}\n")
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
        remove(path)


def clean_up(root: Path, keep: int) -> None:
    """Remove what killed builds left, and all but the current generation and the `keep` newest others.

    A draft that was completed is none to go back to.
    """
    remove_leftovers(root)
    current = current_number(root)
    others = [number for number in list_generations(root) if number != current]
    outdated = [number for number in others if number < current and _is_draft_of(root, number, current)]
    others = [number for number in others if number not in outdated]
    for number in [*outdated, *others[: max(0, len(others) - keep)]]:
        # Renamed first, so that a removal that is cut short leaves no half of a generation under its name.
        doomed = folder_of(root, number).rename(building_folder(root, number))
        remove(doomed)


def _is_draft_of(root: Path, number: int, completed: int) -> bool:
    try:
        draft, full = read_manifest(folder_of(root, number)), read_manifest(folder_of(root, completed))
    except DamagedIndexError:
        return False
    alike = (draft.content, draft.reading, draft.fingerprint) == (full.content, full.reading, full.fingerprint)
    return alike and draft.is_draft and draft.fine <= full.fine


def age(manifest: Manifest, now: datetime) -> str:
    """How long ago a generation was made, as people say it."""
    minutes = int((now - datetime.fromisoformat(manifest.created)).total_seconds() // 60)
    for unit, size in (("day", 1440), ("hour", 60), ("minute", 1)):
        if (count := minutes // size) >= 1:
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "just now"


def _current(root: Path, read: Callable[[Path], T]) -> T:
    """What is read of the published generation; if that is damaged, the error says which one to go back to."""
    number = current_number(root)
    try:
        return read(folder_of(root, number))
    except DamagedIndexError as error:
        if current_number(root) != number:  # it was replaced and cleaned up while we read it
            return _current(root, read)
        raise DamagedIndexError(f"{error}{_way_back(root, number)}") from None


def _open_store(folder: Path, manifest: Manifest) -> ArticleStore:
    for problem in check_files(folder, manifest, quick=True):
        raise DamagedIndexError(problem)
    return ArticleStore.open(folder / ARTICLES)


def _open_generation(folder: Path) -> Generation:
    manifest = read_manifest(folder)
    for problem in check_files(folder, manifest):
        raise DamagedIndexError(problem)
    generation = _open_parts(folder, manifest)
    if what := generation.store.misshapen():
        raise DamagedIndexError(f"{folder / ARTICLES}: holds {what} of another form than quotewire writes")
    for problem in _miscounted(generation):
        raise DamagedIndexError(problem)
    return generation


def _open_parts(folder: Path, manifest: Manifest) -> Generation:
    from index.storage.lexical_index import LexicalIndex
    from index.storage.vectors import VectorIndex

    store = ArticleStore.open(folder / ARTICLES)
    words = LexicalIndex.open(folder / WORDS, manifest.languages)
    # Segments can hold vectors of passages that are gone.
    has_dead = sum(segment["rows"] for segment in manifest.segments) > manifest.fine
    vectors = VectorIndex.open(folder / VECTORS, store.passage_ids() if has_dead else None)
    return Generation(folder, manifest, store, words, vectors, VectorIndex.open(folder / DRAFT))


def _miscounted(generation: Generation) -> Iterator[str]:
    """Yield which of the parts hold something else than the manifest says."""
    folder, manifest = generation.folder, generation.manifest
    try:
        ids, articles = generation.store.passage_ids(), generation.store.count()
    except sqlite3.Error as error:
        yield f"{folder / ARTICLES}: {error}"
        return
    fine = generation.vectors.has(ids)
    counts = (
        (ARTICLES, "articles", articles, manifest.articles),
        (ARTICLES, "passages", len(ids), manifest.passages),
        (VECTORS, "vectors", int(fine.sum()), manifest.fine),
        (VECTORS, "dimensions", generation.vectors.dimension or manifest.dimension, manifest.dimension),
        (DRAFT, "draft vectors", int(generation.draft.has(ids[~fine]).sum()), manifest.passages - manifest.fine),
        (WORDS, "passages", len(generation.words), manifest.passages),
    )
    for name, what, counted, wanted in counts:
        if counted != wanted:
            yield f"{folder / name}: {counted:,} {what}, and the manifest says {wanted:,}"


def _way_back(root: Path, damaged: int | None) -> str:
    """What to do next about a damaged generation: go back to the newest sound one, else build."""
    for number in reversed(list_generations(root)):
        if number != damaged and not verify(root, number):
            return f"; generation {number} is whole, go back to it with: quotewire index rollback {number}"
    return "; make a new one with: quotewire index"
