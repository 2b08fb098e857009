"""Paths of the files that tests read, and helpers that write and compare folders."""

from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
CASES = ROOT / "tests" / "cases"
SEEDS = ROOT / "seeds"
SEED = SEEDS / "000_1f241362353919f8.txt"
OLD_STATE = ROOT / "tests" / "data" / "state-v1.sqlite"  # a bot's database, as described in test_migration.py
SHARED = ROOT.parent / "shared"


def write_articles(folder: Path, **texts: str) -> None:
    """Write articles as text files, by name."""
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, "utf-8")


def tree(folder: Path) -> dict[str, tuple[int, bytes]]:
    """All that is in a folder: the time of each file's last change, and its bytes."""
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_mtime_ns, path.read_bytes() if path.is_file() else b"")
        for path in sorted(folder.rglob("*"))
    }
