"""Articles in: files and folders of text, Markdown, web pages and JSON Lines."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from importlib import import_module
from pathlib import Path

from index.errors import SourceError
from index.limits import FOLDERS, PATH
from index.parsers.field_aliases import NO_NAMES, Names
from index.parsers.problems import Problem, Warn
from index.types import Article

# The module of this package that reads the files of an ending.
PARSERS = {
    ".txt": "plain_text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".jsonl": "jsonl",
    ".jsonl.gz": "jsonl",
}


def list_files(
    sources: Sequence[Path], exclude: Sequence[str], warn: Warn = lambda _: None, follow_links: bool = False
) -> Iterator[tuple[Path, str]]:
    """The files of the sources that can be read, each with its path relative to its source, in the sources' order.

    What `find_files` leaves out goes to `warn`. Raises SourceError for a source that does not exist or is in no known
    format.
    """
    for source in sources:
        if not os.path.exists(source):  # unlike Path.exists, never an error of its own
            raise SourceError(f"{source}: no such file or folder; correct [index] sources")
    for source in sources:
        for path in find_files(source, exclude, warn, follow_links):
            yield path, path.relative_to(source).as_posix() if path != source else path.name


def find_files(
    source: Path, exclude: Sequence[str], warn: Warn = lambda _: None, follow_links: bool = False
) -> Iterator[Path]:
    """The files of a folder that can be read, sorted by path; or the source itself, where it is a file.

    Hidden files and folders are passed over, and so is what a glob matches, by its path relative to the source or by
    its name ("drafts", "*.md", "2021/*"); "*" matches "/" as well. A folder behind a symbolic link is not entered.
    Left out with a warning is what has a name that cannot be shown or is nested too deep and, unless `follow_links`, a
    link to a file that is not within the source. Raises SourceError for a folder that cannot be listed and for a file
    in no known format.
    """
    if source.is_dir():
        root = None if follow_links else os.path.realpath(source)
        yield from filter(_parser_of, _walk(source, "", _globs(exclude), warn, root))
    elif _parser_of(source):
        if _is_showable(source, str(source), warn):
            yield source
    else:
        raise SourceError(f"{source}: is in no known format; known are {', '.join(PARSERS)}")


def read_file(path: Path, name: str, warn: Warn, names: Names = NO_NAMES) -> Iterator[Article]:
    """Read the articles of a file; `name`, its path relative to the source, is the id of one that states none.

    `names` are the keys under which rows and front matter have fields, where those are none of the usual ones. What
    cannot be read is left out with a warning. Raises SourceError for a file in no known format.
    """
    reader = _parser_of(path)
    if reader is None:
        raise SourceError(f"{path}: is in no known format; known are {', '.join(PARSERS)}")
    try:
        read = import_module(f"index.parsers.{reader}").read
        yield from read(path, name, warn) if reader == "html" else read(path, name, warn, names)
    except OSError as error:
        warn(Problem(str(path), f"cannot be read: {error.strerror or error}; left out", True))


def unsupported_files(sources: Sequence[Path], exclude: Sequence[str]) -> Iterator[Path]:
    """The files of the folders among the sources that no reader knows; raises SourceError."""
    for source in sources:
        if source.is_dir():
            found = _walk(source, "", _globs(exclude), lambda _: None, None)
            yield from (path for path in found if _parser_of(path) is None)


def is_page(path: Path) -> bool:
    """Whether a file is read as a web page."""
    return _parser_of(path) == "html"


def _globs(exclude: Sequence[str]) -> list[str]:
    globs = [pattern.rstrip("/") for pattern in exclude]
    # fnmatch knows no "**", which otherwise means the same as its "*" but for none at the start.
    return globs + [glob.removeprefix("**/") for glob in globs]


def _walk(folder: Path, below: str, exclude: Sequence[str], warn: Warn, root: str | None) -> Iterator[Path]:
    """The files of a folder; `root` is where links may lead, None for anywhere."""
    try:
        names = sorted(os.listdir(folder))
    except OSError as error:
        raise SourceError(f"{folder}: cannot be listed: {error.strerror}; see to it or add it to exclude") from None
    for name in names:
        path, relative = folder / name, f"{below}{name}"
        if name.startswith(".") or any(fnmatchcase(part, glob) for part in (relative, name) for glob in exclude):
            continue
        is_folder, is_read = os.path.isdir(path), _parser_of(path) is not None
        if len(os.fsencode(path)) > PATH:
            warn(Problem(str(path), "has a path that is too long; left out", True))
        elif not is_folder and not is_read:
            yield path
        elif not _is_showable(path, name, warn):
            continue
        elif is_folder and relative.count("/") >= FOLDERS:
            warn(Problem(str(path), f"is nested in more than {FOLDERS} folders; left out", True))
        elif is_folder and not path.is_symlink():
            yield from _walk(path, f"{relative}/", exclude, warn, root)
        elif not is_folder and (root is None or _is_within(path, root)):
            yield path
        elif not is_folder:
            warn(Problem(str(path), "is a link out of its source; left out; see [index] follow_links", True))


def _is_showable(path: Path, name: str, warn: Warn) -> bool:
    """Whether a name is text in one line, with a warning if not."""
    if not name.isprintable():
        shown = os.fsencode(path).decode("utf-8", "backslashreplace")
        warn(Problem(shown, "has a name that cannot be shown; left out; rename it", True))
    return name.isprintable()


def _is_within(path: Path, root: str) -> bool:
    """Whether a path is no link, or one to what is within a folder, whose own path has no links."""
    return not path.is_symlink() or Path(os.path.realpath(path)).is_relative_to(root)


def _parser_of(path: Path) -> str | None:
    """The name of the module that reads a file, by the file's ending in any case."""
    name = path.name.lower()
    return next((reader for ending, reader in PARSERS.items() if name.endswith(ending)), None)
