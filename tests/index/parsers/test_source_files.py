"""Which files of a source are read: symbolic links, unprintable names, deep folders."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.build.builder import build_index
from index.parsers.problems import Problem
from index.parsers.source_files import list_files
from index.settings import IndexSettings
from tests.support.fake_models import FakeEncoder


def listed(*sources: Path, follow_links: bool = False) -> tuple[list[str], list[tuple[str, str]]]:
    """The names of the files, and of what was left out the last part of the name and why."""
    problems: list[Problem] = []
    names = [name for _, name in list_files(sources, [], problems.append, follow_links)]
    assert all(problem.skipped for problem in problems)
    return names, [(problem.origin.rpartition("/")[2], problem.message) for problem in problems]


OUT = "is a link to a file outside its source; left out; see [index] follow_links"
UNSHOWN = "has unprintable characters in its name; left out; rename it"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "outside.txt").write_text("A secret.")
    (tmp_path / "in" / "below").mkdir(parents=True)
    (tmp_path / "in" / "rain.txt").write_text("Rain fell.")
    yield tmp_path / "in"
    subprocess.run(["rm", "-rf", tmp_path / "in"], check=True)  # pytest cannot remove what is nested so deep


@pytest.mark.parametrize("to", ["/etc/passwd", "../outside.txt", "/proc/kmsg", "/dev/zero", "../nothing.txt", "../in2"])
def test_a_symbolic_link_out_of_its_source_is_not_followed(folder: Path, to: str) -> None:
    (folder.parent / "in2").write_text("Its name begins like the source's.")
    (folder / "link.txt").symlink_to(to)
    (folder / "below" / "chain.txt").symlink_to("../link.txt")
    assert listed(folder) == (["rain.txt"], [("chain.txt", OUT), ("link.txt", OUT)])


def test_a_link_to_another_source_is_one_out_of_its_own(folder: Path) -> None:
    (folder / "below" / "link.txt").symlink_to(folder / "rain.txt")
    assert listed(folder / "below", folder / "rain.txt") == (["rain.txt"], [("link.txt", OUT)])


def test_links_within_a_source_and_the_sources_themselves_are_followed(folder: Path) -> None:
    (folder / "below" / "link.md").symlink_to(folder / "rain.txt")
    (folder.parent / "other name").symlink_to(folder)
    (folder.parent / "named.txt").symlink_to(folder / "rain.txt")
    assert listed(folder.parent / "other name", folder.parent / "named.txt") == (
        ["below/link.md", "rain.txt", "named.txt"],
        [],
    )


def test_follow_links_follows_them(folder: Path) -> None:
    (folder / "link.txt").symlink_to("../outside.txt")
    assert listed(folder, follow_links=True) == (["link.txt", "rain.txt"], [])


def test_a_folder_beyond_a_link_is_not_entered(folder: Path) -> None:
    (folder / "folder.txt").symlink_to(folder.parent)
    (folder / "loop").symlink_to(folder)
    assert listed(folder) == (["rain.txt"], [])


@pytest.mark.parametrize(
    "name", [b"\xff.txt", b"a\xc3.md", b"line\nbreak.txt", b"\x1b[31m.html", "\u202e.txt".encode()]
)
def test_a_name_that_cannot_be_shown_is_left_out(folder: Path, name: bytes) -> None:
    path = Path(os.fsdecode(os.fsencode(folder) + b"/" + name))
    path.write_text("Snow fell.")
    assert listed(folder) == (["rain.txt"], [(name.decode("utf-8", "backslashreplace"), UNSHOWN)])


def test_so_is_what_is_in_a_folder_with_such_a_name_and_a_source_that_has_one(folder: Path) -> None:
    bad = Path(os.fsdecode(os.fsencode(folder) + b"/d\xff"))
    bad.mkdir()
    for n in range(3):
        (bad / f"{n}.txt").write_text("Snow fell.")
    assert listed(folder) == (["rain.txt"], [("d\\xff", UNSHOWN)])
    assert listed(folder / "rain.txt", bad / "0.txt") == (["rain.txt"], [("0.txt", UNSHOWN)])


def nested(folder: Path, count: int, name: str = "n") -> None:
    """So many folders in one another, with a file in the last one."""
    here = os.getcwd()
    os.chdir(folder)
    try:
        for _ in range(count):
            os.mkdir(name)
            os.chdir(name)
        Path("deep.txt").write_text("Snow fell.")
    finally:
        os.chdir(here)


@pytest.mark.parametrize(("count", "is_read"), [(1, True), (99, True), (100, True), (101, False), (1200, False)])
def test_folders_that_are_nested_too_deep_are_left_out(folder: Path, count: int, is_read: bool) -> None:
    nested(folder, count)
    names, problems = listed(folder)
    if is_read:
        assert (names, problems) == (["n/" * count + "deep.txt", "rain.txt"], [])
    else:
        assert (names, problems) == (["rain.txt"], [("n", "is nested in more than 100 folders; left out")])


def test_so_are_those_whose_path_is_too_long(folder: Path) -> None:
    nested(folder, 20, "n" * 250)
    names, [(_, message)] = listed(folder)
    assert (names, message) == (["rain.txt"], "the path is too long; left out")


def test_nothing_of_all_this_stops_a_build(folder: Path, tmp_path: Path, fake: FakeEncoder) -> None:
    (folder / "link.txt").symlink_to("/etc/passwd")
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff.txt")).write_text("Snow fell.")
    os.mkfifo(folder / "pipe.txt")
    nested(folder, 150)
    settings = IndexSettings(sources=[folder], path=tmp_path / "data")
    built = build_index(settings)
    assert (built.summary.articles, len(built.problems)) == (1, 4)
    again = build_index(settings)
    assert (again.published, len(again.problems)) == (False, 4)
