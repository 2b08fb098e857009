"""Files are parsed in a worker process, which is killed if one takes too much time or memory."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from index.errors import SourceError
from index.parsers import isolation
from index.parsers.isolation import read_file
from index.parsers.problems import Problem
from index.parsers.source_files import read_file as read_here
from index.types import Article


@pytest.fixture(autouse=True)
def _no_worker_is_left() -> Iterator[None]:
    isolation._kill_idle_workers()
    yield
    isolation._kill_idle_workers()


def read(path: Path, name: str = "a") -> tuple[list[Article], list[Problem]]:
    problems: list[Problem] = []
    return list(read_file(path, name, problems.append)), problems


def test_articles_are_the_same_as_without_isolation(tmp_path: Path) -> None:
    rows = [
        {"id": 7, "text": "Rain fell on Zoë\u2019s town.", "title": "Rain", "published": "2022-04-02T10:00:00+03:00"},
        {"text": "Snow fell.", "published": "2022-04-02", "authors": ["Ann", "Bo"], "tags": "snow", "source": "TASS"},
        {"text": ""},
        {"text": "MOSCOW, April 2. /TASS/. Hail fell.", "url": "ftp://x"},
    ]
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    problems: list[Problem] = []
    assert read(path) == (list(read_here(path, "a", problems.append)), problems)
    first, second, _ = read(path)[0]
    assert isinstance(first.published, datetime)
    assert first.published.astimezone(UTC) == datetime(2022, 4, 2, 7, tzinfo=UTC)
    assert (type(second.published), second.published) == (date, date(2022, 4, 2))
    assert len(isolation._idle_workers) == 1  # one worker parsed everything


def test_first_warnings_are_passed_on_and_others_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("{}\n" * 25 + '{"text": "Rain fell."}\n' + "[]\n" * 10)
    articles, problems = read(path)
    assert [article.text for article in articles] == ["Rain fell."]
    assert [problem.origin for problem in problems] == [f"{path}:{number}" for number in range(1, 21)] + [str(path)]
    assert problems[-1].message == "15 more warnings are not shown; 15 more items were skipped"
    assert problems[-1].skipped


def test_paths_are_relative_to_the_callers_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in (tmp_path / "one", tmp_path / "two"):
        folder.mkdir()
        (folder / "a.txt").write_text(f"Rain fell on {folder.name}.")
        monkeypatch.chdir(folder)
        [article], _ = read(Path("a.txt"))
        assert (article.text, article.origin) == (f"Rain fell on {folder.name}.", "a.txt")
    assert len(isolation._idle_workers) == 1


def test_unsupported_format_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="the format is not supported"):
        list(read_file(tmp_path / "a.pdf", "a.pdf", print))


def patch_worker(monkeypatch: pytest.MonkeyPatch, lines: str) -> None:
    """Replace `read_file` in the worker by a function with these lines, and lower the limits of time and memory."""
    start, end = isolation._WORKER_PROGRAM.split("from index.parsers.worker import main; sys.exit(main())")
    program = (
        f"{start}\nimport index.parsers.worker as worker\nworker.SECONDS = 1\nworker.MEMORY = 2**30\n"
        f"def read_file(path, name, warn):\n"
        + "".join(f"    {line}\n" for line in lines.splitlines())
        + f"worker.read_file = read_file\nsys.exit(worker.main()){end}"
    )
    monkeypatch.setattr(isolation, "_WORKER_PROGRAM", program)


FIRST = "from index.types import Article\nyield Article('first', 'Rain fell.', 'a.txt')\n"


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("while True: pass", "takes more than 20 seconds to read; left out"),
        ("import re; re.match(r'(a+)+$', 'a' * 64 + 'b')", "takes more than 20 seconds to read; left out"),
        ("x = bytearray(2**31)", "takes more than 2 GB of memory to read, or crashes the parser; left out"),
        ("import os; os.abort()", "takes more than 2 GB of memory to read, or crashes the parser; left out"),
        ("import os; os._exit(0)", "takes more than 2 GB of memory to read, or crashes the parser; left out"),
        ("raise RuntimeError('\\ud800')", "cannot be read (RuntimeError: \ud800); left out"),
        ("def f(): f()\nf()", "cannot be read (RecursionError: maximum recursion depth exceeded"),
    ],
)
def test_earlier_articles_are_kept_if_one_takes_too_much(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: str, message: str
) -> None:
    patch_worker(monkeypatch, FIRST + lines)
    articles, [problem] = read(tmp_path / "a.txt")
    assert [article.id for article in articles] == ["first"]
    assert (problem.origin, problem.skipped) == (str(tmp_path / "a.txt"), True)
    assert problem.message.startswith(message)


def test_time_limit_is_per_article(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    patch_worker(
        monkeypatch,
        "from index.types import Article\nimport time\nfor n in range(8):\n"
        "    began = time.process_time()\n    while time.process_time() - began < 0.4: pass\n"
        "    yield Article(str(n), 'Rain fell.', 'a.txt')",
    )
    articles, problems = read(tmp_path / "a.txt")
    assert (len(articles), problems) == (8, [])


def test_worker_that_hangs_without_cpu_time_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation, "SILENT", 8.0)
    patch_worker(monkeypatch, FIRST + "import time; time.sleep(60)")
    articles, [problem] = read(tmp_path / "a.txt")
    assert (len(articles), problem.message) == (1, "takes more than 20 seconds to read; left out")


def test_worker_that_died_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patches:
        patch_worker(patches, "import os; os._exit(1)\nyield")
        assert len(read(tmp_path / "a.txt")[1]) == 1
    (tmp_path / "b.txt").write_text("Rain fell.")
    assert [article.text for article in read(tmp_path / "b.txt")[0]] == ["Rain fell."]


def test_abandoned_reading_leaves_no_worker(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "Rain fell."}\n' * 1000)
    articles = read_file(path, "a", print)
    next(articles)
    articles.close()  # type: ignore[attr-defined]
    assert isolation._idle_workers == []


def test_idle_worker_that_exited_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("Rain fell.")
    assert len(read(tmp_path / "b.txt")[0]) == 1
    [worker] = isolation._idle_workers
    worker._process.kill()
    worker._process.wait()
    assert len(read(tmp_path / "b.txt")[0]) == 1


@pytest.mark.parametrize("ends", ["raise SystemExit(75)", "input(); raise SystemExit(75)"])
def test_worker_that_exits_during_the_request_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ends: str
) -> None:
    """The idle timeout may pass before the request is sent, or before the worker has read it."""
    (tmp_path / "b.txt").write_text("Rain fell.")
    with monkeypatch.context() as patch:
        patch.setattr(isolation, "_WORKER_PROGRAM", ends)
        worker = isolation._Worker()
    if ends == "raise SystemExit(75)":
        worker._process.wait()
    monkeypatch.setattr(worker, "is_alive", lambda: True)
    isolation._idle_workers.append(worker)
    assert [len(found) for found in read(tmp_path / "b.txt")] == [1, 0]


def test_output_of_libraries_is_not_taken_for_a_reply(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    patch_worker(monkeypatch, "print('{}', flush=True)\n" + FIRST)
    assert len(read(tmp_path / "a.txt")[0]) == 1


def test_gzip_bomb_is_read_up_to_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    row = json.dumps({"text": "Rain fell. " * 9000})
    path.write_bytes(gzip.compress(f"{row}\n".encode() * 30))
    articles, problems = read(path)
    assert len(articles) == 10
    assert [problem.message for problem in problems] == [
        "unpacks to more than 1 MB; earlier rows are kept, the rest is left out"
    ]


def test_row_that_is_too_long_is_skipped(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "' + "x" * 5_100_000 + '"}\n{"text": "Rain fell."}\n')
    articles, [problem] = read(path)
    assert [article.text for article in articles] == ["Rain fell."]
    assert (problem.origin, problem.message) == (f"{path}:1", "the row is longer than 5 MB; skipped")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "x" * 1001),
        ("source", "x" * 5000),
        ("tags", ["x"] * 101),
        ("authors", ["x" * 1001]),
        ("url", "h" * 1001),
    ],
)
def test_field_that_is_too_long_is_ignored(tmp_path: Path, field: str, value: object) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"text": "Rain fell.", field: value}))
    [article], [problem] = read(path)
    assert not getattr(article, field)
    assert problem.message == f"{field}: is too long (at most 1,000 characters, or 100 items); it is ignored"
    assert not problem.skipped


def test_front_matter_that_is_too_long_is_not_parsed(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("---\ntitle: x\n" + "k: [a, b]\n" * 7000 + "---\nRain fell on Oslo.\n")
    [article], [problem] = read(path)
    assert (article.text, article.title) == ("Rain fell on Oslo.", None)
    assert problem.message == "the front matter is longer than 65,536 characters; it is ignored"
