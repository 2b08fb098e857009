"""The files and folders of the sources: find them, choose a parser by file ending and read their articles."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from importlib import import_module
from pathlib import Path

from index.errors import SourceError
from index.limits import FOLDERS, PATH
from index.parsers.field_aliases import NO_CUSTOM_KEYS, CustomKeys
from index.parsers.problems import Problem, Warn
from index.types import Article

# File ending -> the module of this package that parses such files; imported when first needed.
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
    """Yield each file of the sources that has a parser, with its path relative to its source, in the sources' order.

    Files and folders that `find_files` leaves out are reported to `warn`. Raises SourceError for a source that does
    not exist and for a source file without a parser.
    """
    for source in sources:
        if not os.path.exists(source):  # Path.exists may raise, for example for a name that is too long
            raise SourceError(f"{source}: no such file or folder; correct [index] sources")
    for source in sources:
        for path in find_files(source, exclude, warn, follow_links):
            yield path, path.relative_to(source).as_posix() if path != source else path.name


def find_files(
    source: Path, exclude: Sequence[str], warn: Warn = lambda _: None, follow_links: bool = False
) -> Iterator[Path]:
    """Yield the files of a folder that have a parser, sorted by path; or the source itself if it is a file.

    Hidden files and folders are skipped, as is everything that a glob in `exclude` matches, either by its path
    relative to the source or by its name ("drafts", "*.md", "2021/*"); "*" matches "/" too. Symbolic links to folders
    are not followed. Names that cannot be printed, paths that are nested too deeply and, unless `follow_links` is set,
    links to files outside the source are left out with a warning. Raises SourceError for a folder that cannot be
    listed and for a source file without a parser.
    """
    if source.is_dir():
        root = None if follow_links else os.path.realpath(source)
        yield from filter(_parser_of, _walk(source, "", _globs(exclude), warn, root))
    elif _parser_of(source):
        if _is_printable(source, str(source), warn):
            yield source
    else:
        raise _unknown_format(source)


def read_file(path: Path, name: str, warn: Warn, custom_keys: CustomKeys = NO_CUSTOM_KEYS) -> Iterator[Article]:
    """Yield the articles of a file; `name`, its path relative to the source, is the id of an article without one.

    `custom_keys` are the configured keys of fields in rows and front matter. Whatever cannot be read is left out with
    a warning. Raises SourceError for a file without a parser.
    """
    parser = _parser_of(path)
    if parser is None:
        raise _unknown_format(path)
    try:
        read = import_module(f"index.parsers.{parser}").read
        yield from read(path, name, warn) if parser == "html" else read(path, name, warn, custom_keys)
    except OSError as error:
        warn(Problem(str(path), f"cannot be read: {error.strerror or error}; left out", True))


def unsupported_files(sources: Sequence[Path], exclude: Sequence[str]) -> Iterator[Path]:
    """Yield the files without a parser in those sources that are folders; raises SourceError."""
    for source in sources:
        if source.is_dir():
            paths = _walk(source, "", _globs(exclude), lambda _: None, None)
            yield from (path for path in paths if _parser_of(path) is None)


def is_page(path: Path) -> bool:
    """Return whether a file is parsed as a web page."""
    return _parser_of(path) == "html"


def _globs(exclude: Sequence[str]) -> list[str]:
    globs = [pattern.rstrip("/") for pattern in exclude]
    # fnmatch has no "**", but its "*" matches "/" too, so that only a leading "**/" needs care: it may match nothing.
    return globs + [glob.removeprefix("**/") for glob in globs]


def _walk(folder: Path, prefix: str, exclude: Sequence[str], warn: Warn, root: str | None) -> Iterator[Path]:
    """Yield the files below a folder, `prefix` being its path within the source.

    Links may lead anywhere within `root`, or anywhere at all if it is None.
    """
    try:
        names = sorted(os.listdir(folder))
    except OSError as error:
        message = f"{folder}: cannot be listed: {error.strerror}; make it readable or add it to [index] exclude"
        raise SourceError(message) from None
    for name in names:
        path, relative = folder / name, f"{prefix}{name}"
        if name.startswith(".") or any(fnmatchcase(part, glob) for part in (relative, name) for glob in exclude):
            continue
        is_folder, has_parser = os.path.isdir(path), _parser_of(path) is not None
        if len(os.fsencode(path)) > PATH:
            warn(Problem(str(path), "the path is too long; left out", True))
        elif not is_folder and not has_parser:
            yield path
        elif not _is_printable(path, name, warn):
            continue
        elif is_folder and relative.count("/") >= FOLDERS:
            warn(Problem(str(path), f"is nested in more than {FOLDERS} folders; left out", True))
        elif is_folder and not path.is_symlink():
            yield from _walk(path, f"{relative}/", exclude, warn, root)
        elif not is_folder and (root is None or _is_within(path, root)):
            yield path
        elif not is_folder:
            warn(Problem(str(path), "is a link to a file outside its source; left out; see [index] follow_links", True))


def _is_printable(path: Path, name: str, warn: Warn) -> bool:
    """Return whether a name can be printed on one line, and warn if not."""
    if not name.isprintable():
        escaped = os.fsencode(path).decode("utf-8", "backslashreplace")
        warn(Problem(escaped, "has unprintable characters in its name; left out; rename it", True))
    return name.isprintable()


def _is_within(path: Path, root: str) -> bool:
    """Return whether a path is not a link, or leads to a file within `root`, a path without links."""
    return not path.is_symlink() or Path(os.path.realpath(path)).is_relative_to(root)


def _parser_of(path: Path) -> str | None:
    """Return the name of the module that parses a file, chosen by the file's ending in any case."""
    name = path.name.lower()
    return next((parser for ending, parser in PARSERS.items() if name.endswith(ending)), None)


def _unknown_format(path: Path) -> SourceError:
    return SourceError(f"{path}: the format is not supported; supported are {', '.join(PARSERS)}")
