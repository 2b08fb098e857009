"""The program's own files are read and written without following links or waiting for pipes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from index.files import read_json, read_small, remove, write_new
from index.limits import SMALL_FILE


def test_json_that_is_nested_too_deep_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").write_text('{"a": [1]}')
    assert read_json(tmp_path / "a") == {"a": [1]}
    for text in ("[" * 200_000, "{"):
        (tmp_path / "a").write_text(text)
        with pytest.raises(ValueError, match=r"nested too deep|Expecting"):
            read_json(tmp_path / "a")


def test_a_file_is_read_and_written(tmp_path: Path) -> None:
    write_new(tmp_path / "a", "Zoë\n")
    write_new(tmp_path / "a", "Zoë")
    assert read_small(tmp_path / "a") == b"Zo\xc3\xab"


@pytest.mark.parametrize("kind", ["pipe", "link", "dangling link", "folder", "device", "nothing", "large"])
def test_only_small_regular_files_are_read(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "link":
        (tmp_path / "b").write_text("x")
        path.symlink_to(tmp_path / "b")
    elif kind == "dangling link":
        path.symlink_to(tmp_path / "b")
    elif kind == "folder":
        path.mkdir()
    elif kind == "device":
        path = Path("/dev/zero")
    elif kind == "large":
        with path.open("wb") as file:
            file.truncate(SMALL_FILE + 1)
    with pytest.raises(OSError, match=str(path)):
        read_small(path)


@pytest.mark.parametrize("kind", ["file", "link", "dangling link", "pipe", "folder", "nothing"])
def test_writing_replaces_whatever_is_at_the_path(tmp_path: Path, kind: str) -> None:
    path, other = tmp_path / "a", tmp_path / "b"
    other.write_text("mine")
    if kind == "file":
        path.write_text("old")
    elif kind == "link":
        path.symlink_to(other)
    elif kind == "dangling link":
        path.symlink_to(tmp_path / "c")
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
        (path / "x").write_text("x")
    write_new(path, "new")
    assert (path.read_text(), path.is_symlink(), other.read_text()) == ("new", False, "mine")
    assert sorted(child.name for child in tmp_path.iterdir()) == ["a", "b"]


def test_removing_a_link_to_a_folder_keeps_the_folder(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "a")
    remove(tmp_path / "link")
    remove(tmp_path / "nothing")
    assert [child.name for child in tmp_path.iterdir()] == ["a"]
