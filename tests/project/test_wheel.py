"""The wheel: it holds what it needs, and works outside of the checkout as the README says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.support.paths import ROOT, SEEDS

PACKAGES = ("quotewire", "index", "retrieval", "bot", "training")
FILES = ("pyproject.toml", "README.md", "LICENSE")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of the sources."""
    folder = tmp_path_factory.mktemp("wheel")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / "source" / package, ignore=shutil.ignore_patterns("__pycache__"))
    for file in FILES:
        shutil.copy(ROOT / file, folder / "source")
    pip("wheel", "--no-build-isolation", "--no-deps", "--wheel-dir", str(folder), str(folder / "source"))
    [path] = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of a new environment that has the wheel, and sees the dependencies of this one."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    python = folder / "bin" / "python"
    pip("--python", str(python), "install", "--no-deps", "--no-index", str(wheel))
    [site] = folder.glob("lib/python*/site-packages")
    (site / "dependencies.pth").write_text(f"{sysconfig.get_paths()['purelib']}\n")
    return python


def pip(*words: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "pip", *words, "--quiet", "--disable-pip-version-check"], check=True, capture_output=True
    )


def run(*command: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "QUOTEWIRE_"))}
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment)


def test_it_holds_every_module_and_no_test(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    sources = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {name for name in names if ".dist-info/" not in name} == sources
    assert {f"{package}/py.typed" for package in PACKAGES[:4]} <= names


def test_the_lines_of_the_readme_work_outside_of_the_checkout(python: Path, e5_root: Path, tmp_path: Path) -> None:
    [lines] = re.findall(r"^```python\n(.*?)^```$", (ROOT / "README.md").read_text("utf-8"), re.DOTALL | re.MULTILINE)
    shutil.copytree(SEEDS, tmp_path / "articles")
    shutil.copytree(e5_root / "models", tmp_path / "data" / "models")
    ended = run(python, "-c", f"{lines}\nprint(quotewire.__file__)", folder=tmp_path)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "which is also under sanctions" in ended.stdout
    assert Path(ended.stdout.splitlines()[-1]).is_relative_to(python.parent.parent)


def test_the_command_heeds_no_folder_of_the_name_of_a_package(python: Path, tmp_path: Path) -> None:
    for package in PACKAGES:
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").write_text("raise AssertionError")
    command = python.with_name("quotewire")
    ended = run(command, "--version", folder=tmp_path)
    assert ended.returncode == 0
    assert re.fullmatch(r"quotewire \d+\.\d+\.\d+ \(index format \d+\)\n", ended.stdout)
    ended = run(command, "index", "status", folder=tmp_path)
    assert ended.returncode == 1
    assert "no index in data" in ended.stderr
