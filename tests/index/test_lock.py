"""Only one process at a time builds an index; the tests use real processes."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from index.errors import ConfigError, LockedError
from index.lock import build_lock

HOLD = """
import sys, time
from pathlib import Path
from index.lock import build_lock
with build_lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path: Path):  # type: ignore[no-untyped-def]
    """Start another process that holds the lock of data/ until its stdin ends."""
    command = [sys.executable, "-c", HOLD, str(tmp_path / "data")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
def test_whatever_is_at_the_path_of_the_holder_file_is_replaced(tmp_path: Path, kind: str) -> None:
    kept, holder = tmp_path / "kept", tmp_path / "data" / "lock.holder"
    kept.write_text("mine")
    holder.parent.mkdir()
    if kind == "link":
        holder.symlink_to(kept)
    elif kind == "pipe":
        os.mkfifo(holder)
    else:
        holder.mkdir()
    with build_lock(tmp_path / "data"):
        assert holder.read_text().startswith("process ")
    assert (kept.read_text(), holder.exists()) == ("mine", False)


def test_the_error_names_the_holder(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    said = re.escape(f"{tmp_path / 'data'} is being built by process {holder.pid} since ") + r"\d\d:\d\d:\d\d; wait"
    with pytest.raises(LockedError, match=said), build_lock(tmp_path / "data"):
        pytest.fail("two builds at once")


def test_the_lock_is_free_when_its_holder_has_finished(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    holder.communicate("")
    assert holder.returncode == 0
    with build_lock(tmp_path / "data"):
        pass


def test_the_lock_is_free_when_its_holder_was_killed(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    with build_lock(tmp_path / "data"):
        assert f"process {holder.pid} " not in (tmp_path / "data" / "lock.holder").read_text("utf-8")


def test_an_error_releases_the_lock(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), build_lock(tmp_path):
        raise ZeroDivisionError
    with build_lock(tmp_path):
        pass
    assert not (tmp_path / "lock.holder").exists()


def test_a_holder_that_is_just_ending(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    (tmp_path / "data" / "lock.holder").unlink()
    with pytest.raises(LockedError, match="is being built by another process;"), build_lock(tmp_path / "data"):
        pytest.fail("two builds at once")


def test_a_path_that_cannot_be_a_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = r"\[index\] path: .*/file/data cannot be made a folder: Not a directory"
    with pytest.raises(ConfigError, match=said), build_lock(tmp_path / "file" / "data"):
        pytest.fail("locked nothing")
