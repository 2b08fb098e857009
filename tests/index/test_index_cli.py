"""quotewire index: results on stdout, messages on stderr, exit codes, one line per error, never a traceback."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

import index.cli
from index.console import run
from index.errors import QuotewireError
from index.storage.generations import current_number, folder_of, list_generations, open_articles
from tests.support.fake_models import DISTILLING, FakeEncoder
from tests.support.paths import tree, write_articles

RAIN, SNOW, SUN = "Rain fell on the city on Friday.", "Snow fell in the hills on Saturday.", "The sun shone on Sunday."


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str


Command = Callable[..., Ended]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder with a config.toml, and two articles in news/."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.toml").write_text("[index]\nsources = ['news']\nlanguage = 'en'\nbatch_size = 4\n", "utf-8")
    (tmp_path / "news").mkdir()
    write_articles(tmp_path / "news", rain=RAIN, snow=SNOW)
    return tmp_path


@pytest.fixture
def command(folder: Path, fake: FakeEncoder, capsys: pytest.CaptureFixture[str]) -> Command:
    """Run the command in this process, with the fake encoder."""

    def command(*arguments: str) -> Ended:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            run(lambda: index.cli.app(list(arguments), prog_name="python -m index"))
        code = ended.value.code
        assert isinstance(code, int)
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return Ended(code, out, err)

    return command


def process(*arguments: str, **environment: str) -> Ended:
    """Run the command in a process of its own."""
    ended = subprocess.run(
        [sys.executable, "-m", "index", *arguments],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert "Traceback" not in ended.stdout + ended.stderr
    return Ended(ended.returncode, ended.stdout, ended.stderr)


OMISSIONS = (
    "quotewire: 2 of 2 articles have no whole date: rain.txt, snow.txt\n"
    "quotewire: 2 of 2 articles have no headline: rain.txt, snow.txt\n"
)


def test_building(command: Command, folder: Path, fake: FakeEncoder) -> None:
    assert command() == Ended(
        0, "published generation 1: 2 articles in 2 passages, 2 embedded\n", DISTILLING + OMISSIONS
    )
    unchanged = "nothing has changed: generation 1 holds 2 articles in 2 passages, 0 embedded\n"
    assert command() == Ended(0, unchanged, OMISSIONS)
    assert len(fake.encoded) == 2
    assert command("--rebuild") == Ended(0, "published generation 2: 2 articles in 2 passages, 2 embedded\n", OMISSIONS)


def test_a_skip_is_exit_code_3(command: Command, folder: Path) -> None:
    (folder / "news" / "empty.txt").touch()
    ended = command()
    assert (ended.code, ended.out) == (3, "published generation 1: 2 articles in 2 passages, 2 embedded\n")
    warning, distilling, *omissions, summary = ended.err.splitlines()
    assert "".join(f"{line}\n" for line in omissions) == OMISSIONS
    assert f"{distilling}\n" == DISTILLING
    assert warning.startswith(f"quotewire: warning: {Path('news') / 'empty.txt'}: ")
    assert summary == "quotewire: 1 was skipped, as warned above"
    (folder / "news" / "void.txt").touch()
    assert command().code == 3, "unchanged, and still skipped"
    assert command("--dry-run").err.endswith("quotewire: 2 were skipped, as warned above\n")


def test_strict(command: Command, folder: Path) -> None:
    command()
    (folder / "news" / "empty.txt").touch()
    write_articles(folder / "news", sun=SUN)
    ended = command("--strict")
    assert (ended.code, ended.out, ended.err.count("\n")) == (1, "", 1)
    assert "empty.txt: " in ended.err
    assert "(--strict: nothing was published)" in ended.err
    assert current_number(folder / "data") == 1


def test_a_dry_run_writes_nothing(command: Command, folder: Path) -> None:
    before = tree(folder)
    omissions = OMISSIONS.replace("quotewire: ", "")
    said = f"new      rain.txt\nnew      snow.txt\n{omissions}"
    said += "2 new, 0 changed, 0 gone, 0 unchanged articles; 2 passages to embed\n"
    assert command("--dry-run") == Ended(0, said, "")
    assert tree(folder) == before

    command()
    write_articles(folder / "news", rain=SUN, twin=SNOW)
    (folder / "news" / "snow.txt").unlink()
    before = tree(folder)
    said = "new      twin.txt\nchanged  rain.txt\ngone     snow.txt\n"
    said += omissions.replace("snow", "twin") + "1 new, 1 changed, 1 gone, 0 unchanged articles; 1 passages to embed\n"
    assert command("--dry-run") == Ended(0, said, "")
    assert tree(folder) == before


def test_a_long_dry_run_is_cut_short(command: Command, folder: Path) -> None:
    write_articles(folder / "news", **{f"a{number:02}": f"Day {number} saw rain." for number in range(23)})
    lines = command("--dry-run").out.splitlines()
    assert lines[19:] == [
        "new      a19.txt",
        "new      … and 5 more",
        "25 of 25 articles have no whole date: a00.txt, a01.txt, a02.txt, …",
        "25 of 25 articles have no headline: a00.txt, a01.txt, a02.txt, …",
        "25 new, 0 changed, 0 gone, 0 unchanged articles; 25 passages to embed",
    ]


def test_status(command: Command, folder: Path) -> None:
    (folder / "news" / "dump.jsonl").write_text(
        '{"id": "x", "text": "Storms came.", "source": "TASS", "published": "2022-04-02"}\n', "utf-8"
    )
    (folder / "news" / "page.html").write_text("<noscript>Please enable JavaScript.</noscript>")
    (folder / "news" / "scan.pdf").touch()
    assert command().code == 0
    lines = dict(line.split(maxsplit=1) for line in reversed(command("status").out.splitlines()))
    notes = [line for line in command("status").out.splitlines() if line.startswith("note")]
    assert notes == [
        "note        left out 1 file of unsupported types: 1 .pdf",
        "note        left out 1 page in which no article was found: page.html",
        "note        2 of 3 articles have no whole date: rain.txt, snow.txt",
        "note        3 of 3 articles have no headline: dump.jsonl:1, rain.txt, snow.txt",
    ]
    del lines["note"]
    size = sum(path.stat().st_size for path in folder_of(folder / "data", 1).rglob("*") if path.is_file())
    assert lines.pop("size").endswith(f" MB in {Path('data/generations/000001')}")
    assert lines == {
        "generation": "1, just now",
        "articles": "3",
        "passages": "3",
        "vectors": "3, exact",
        "dates": "2022-04-02 to 2022-04-02, 2 articles without a whole date",
        "outlets": "TASS (1)",
        "model": "fake, 64 dimensions",
    }
    values = json.loads(command("status", "--json").out)
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", values.pop("created"))
    manifests = sum(
        (folder_of(folder / "data", 1) / name).stat().st_size for name in ("manifest.json", "manifest.sha256")
    )
    assert values == {
        "generation": 1,
        "articles": 3,
        "passages": 3,
        "undated": 2,
        "untitled": 3,
        "without_date": ["rain.txt", "snow.txt"],
        "without_headline": ["dump.jsonl:1", "rain.txt", "snow.txt"],
        "pages_without_article": 1,
        "unsupported": {".pdf": 1},
        "first": "2022-04-02",
        "last": "2022-04-02",
        "outlets": {"TASS": 1},
        "languages": ["en"],
        "model": "fake",
        "fingerprint": "f" * 64,
        "dimension": 64,
        "draft": False,
        "fine": 3,
        "segments": [{"number": 1, "kind": "exact", "rows": 3, "factor": 1.0, "recall": 1.0}],
        "bytes": size - manifests,
        "path": "data/generations/000001",
    }


def test_status_without_dates_and_outlets(command: Command) -> None:
    command()
    out = command("status").out
    assert "dates       no article has a whole date\n" in out
    assert "outlets     no article names one\n" in out


def test_verify(command: Command, folder: Path) -> None:
    command()
    assert command("verify") == Ended(0, "generation 1 is intact\n", "")
    vectors = folder_of(folder / "data", 1) / "vectors" / "000001.faiss"
    vectors.write_bytes(vectors.read_bytes()[:-1] + b"x")
    assert command("verify") == Ended(
        1, "data/generations/000001/vectors/000001.faiss: SHA-256 differs from the manifest's\n", ""
    )


def test_list_and_rollback(command: Command, folder: Path) -> None:
    command()
    write_articles(folder / "news", sun=SUN)
    command()
    made = r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00"
    first, second = command("list").out.splitlines()
    assert re.fullmatch(rf"       1  {made}          2 articles            2 passages  fake", first)
    assert re.fullmatch(rf"\*      2  {made}          3 articles            3 passages  fake", second)
    rows = [json.loads(line) for line in command("list", "--json").out.splitlines()]
    assert [(row["generation"], row["current"], row["articles"]) for row in rows] == [(1, False, 2), (2, True, 3)]

    assert command("rollback") == Ended(0, "generation 1 answers now\n", "")
    assert [line[0] for line in command("list").out.splitlines()] == ["*", " "]
    first = "quotewire: error: there is no generation before 1 to go back to\n"
    assert command("rollback") == Ended(1, "", first)
    assert command("rollback", "2") == Ended(0, "generation 2 answers now\n", "")
    missing = "quotewire: error: there is no generation 9; kept are 1, 2\n"
    assert command("rollback", "9") == Ended(1, "", missing)
    assert command("rollback", "two").code == 2


def test_a_damaged_generation_is_listed_with_a_warning(command: Command, folder: Path) -> None:
    command()
    command("--rebuild")
    (folder_of(folder / "data", 1) / "manifest.json").write_text("{}")
    ended = command("list")
    assert (ended.code, len(ended.out.splitlines())) == (0, 1)
    assert ended.err == "quotewire: warning: data/generations/000001/manifest.json: is not what manifest.sha256 says\n"


NO_INDEX = "quotewire: error: there is no index in data yet; make one with: quotewire index\n"


@pytest.mark.parametrize("arguments", [["status"], ["status", "--json"], ["verify"], ["list"], ["rollback"]])
def test_without_an_index(command: Command, arguments: list[str]) -> None:
    assert command(*arguments) == Ended(1, "", NO_INDEX)


@pytest.mark.parametrize("arguments", [["status"], ["verify"], ["list"]])
def test_a_damaged_current_file(command: Command, folder: Path, arguments: list[str]) -> None:
    command()
    (folder / "data" / "CURRENT").write_text("?")
    ended = command(*arguments)
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == (
        "quotewire: error: data/CURRENT names no generation; generation 1 is whole, "
        "go back to it with: quotewire index rollback 1\n"
    )
    assert command("rollback", "1").code == 0
    assert command("status").code == 0


def test_the_status_of_a_damaged_index_says_what_to_do(command: Command, folder: Path) -> None:
    command()
    command("--rebuild")
    (folder_of(folder / "data", 2) / "articles.sqlite").write_bytes(b"x")
    ended = command("status")
    assert (ended.code, ended.out) == (1, "")
    assert re.fullmatch(
        r"quotewire: error: data/generations/000002/articles.sqlite: has 1 bytes and should have [\d,]+; "
        r"generation 1 is whole, go back to it with: quotewire index rollback 1\n",
        ended.err,
    )


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ("[index]\nkeeep = 3", "config.toml: [index] keeep: unknown key; did you mean keep?"),
        ("[index]\nkeep = 'x'", "config.toml: [index] keep: must be a whole number, and is 'x'"),
        ("[index]\nbatch_size = 0", "config.toml: [index] batch_size: should be greater than or equal to 1, and is 0"),
        ("[bott]", "config.toml: [bott]: unknown section; did you mean bot?"),
    ],
)
@pytest.mark.parametrize("arguments", [[], ["--dry-run"], ["status"], ["verify"], ["list"], ["rollback"]])
def test_a_mistake_in_the_configuration(
    command: Command, folder: Path, config: str, said: str, arguments: list[str]
) -> None:
    (folder / "config.toml").write_text(config)
    assert command(*arguments) == Ended(2, "", f"quotewire: error: {said}\n")


def test_a_configuration_by_name(command: Command, folder: Path) -> None:
    (folder / "other.toml").write_text("[index]\nsources = ['news']\npath = 'other'\nlanguage = 'en'\n")
    assert command("--config", "other.toml").code == 0
    assert list_generations(folder / "other") == [1]
    assert command("status", "--config", "other.toml").code == 0
    assert command("status") == Ended(1, "", NO_INDEX)
    missing = command("--config", "missing.toml")
    assert (missing.code, missing.err.count("\n")) == (2, 1)


@pytest.mark.parametrize("arguments", [["--wrong"], ["status", "--wrong"], ["rollback", "1", "2"]])
def test_wrong_use(command: Command, arguments: list[str]) -> None:
    ended = command(*arguments)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("Usage: python -m index")


# Sources on the command line


def test_folders_and_files_are_named_instead_of_the_configured_sources(command: Command, folder: Path) -> None:
    command()
    (folder / "more").mkdir()
    write_articles(folder / "more", sun=SUN)
    built = command("more", "news/rain.txt")
    assert (built.code, built.out) == (0, "published generation 2: 2 articles in 2 passages, 1 embedded\n")
    with closing(open_articles(folder / "data")) as store:
        assert {article.id: article.text for article in store.articles()} == {"sun.txt": SUN, "rain.txt": RAIN}
    assert command("more", "news/rain.txt").out.startswith("nothing has changed: generation 2 ")
    assert command().out == "published generation 3: 2 articles in 2 passages, 0 embedded\n"


def test_named_folders_are_relative_to_the_working_directory(
    command: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "more").mkdir()
    write_articles(folder / "more", sun=SUN)
    monkeypatch.chdir(folder / "more")
    assert command("--config", "../config.toml", ".").code == 0
    with closing(open_articles(folder / "data")) as store:
        assert [article.id for article in store.articles()] == ["sun.txt"]


@pytest.mark.parametrize("arguments", [("more", "--dry-run"), ("--dry-run", "more")])
def test_options_work_with_named_folders(command: Command, folder: Path, arguments: tuple[str, ...]) -> None:
    command()
    (folder / "more").mkdir()
    write_articles(folder / "more", sun=SUN)
    assert command(*arguments).out.splitlines() == [
        "new      sun.txt",
        "gone     rain.txt",
        "gone     snow.txt",
        "1 of 1 article has no whole date: sun.txt",
        "1 of 1 article has no headline: sun.txt",
        "1 new, 0 changed, 2 gone, 0 unchanged articles; 1 passages to embed",
    ]


def test_watching_named_folders(command: Command, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    watched: list[list[Path]] = []
    monkeypatch.setattr("index.build.source_watch.watch", lambda settings, *_: watched.append(settings.sources))
    assert command("news", "--watch").code == 0
    assert watched == [[Path("news")]]


def test_a_folder_with_the_name_of_a_subcommand(command: Command, folder: Path) -> None:
    (folder / "status").mkdir()
    write_articles(folder / "status", sun=SUN)
    assert command("status") == Ended(1, "", NO_INDEX)
    assert command("./status").out == "published generation 1: 1 article in 1 passage, 1 embedded\n"
    assert command("status").code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["stauts"], 2, "stauts: no such file, folder or subcommand; did you mean the subcommand status?"),
        (["news", "olds/"], 2, "olds: no such file, folder or subcommand; see quotewire index --help"),
        (
            ["a.pdf"],
            1,
            "a.pdf: the format is not supported; supported are .txt, .md, .markdown, .html, .htm, .jsonl, .jsonl.gz",
        ),
        (
            ["news", "news/rain.txt"],
            1,
            "news/rain.txt: is read twice; name it or its folder only once among the sources",
        ),
        (
            ["empty"],
            1,
            "no article found in empty; name folders or files of .txt, .md, .html, .jsonl or .jsonl.gz, on the command "
            "line or in [index] sources",
        ),
    ],
)
def test_wrong_sources_on_the_command_line(
    command: Command, folder: Path, arguments: list[str], code: int, message: str
) -> None:
    (folder / "a.pdf").touch()
    (folder / "empty").mkdir()
    assert command(*arguments) == Ended(code, "", f"quotewire: error: {message}\n")
    assert not (folder / "data" / "CURRENT").exists()


def test_help_tells_how_to_name_folders(command: Command) -> None:
    shown = " ".join(command("--help").out.split())
    assert "[OPTIONS] [FOLDER]... COMMAND [ARGS]..." in shown
    assert "The index then holds just these" in shown
    assert "A folder that has the name of a subcommand is given as ./status." in shown
    assert "Usage: python -m index status [OPTIONS] " in command("status", "--help").out.replace("\n", " ")


def test_a_missing_source(command: Command, folder: Path) -> None:
    (folder / "config.toml").write_text("[index]\nsources = ['olds']\n")
    ended = command()
    assert ended == Ended(1, "", "quotewire: error: olds: no such file or folder; correct [index] sources\n")


@pytest.mark.parametrize("path", ["file", "file/data"])
@pytest.mark.parametrize("arguments", [[], ["status"], ["list"], ["--dry-run"]])
def test_a_file_where_the_index_should_be(command: Command, folder: Path, path: str, arguments: list[str]) -> None:
    (folder / "file").touch()
    (folder / "config.toml").write_text(f"[index]\nsources = ['news']\npath = '{path}'\nlanguage = 'en'\n")
    ended = command(*arguments)
    if arguments != ["--dry-run"]:
        assert (ended.code, ended.out, ended.err.count("\n")) == (2 if not arguments else 1, "", 1)
        assert path in ended.err


def test_ctrl_c(command: Command, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_articles(folder / "news", **{f"a{number}": f"Day {number} saw rain." for number in range(8)})
    monkeypatch.setattr("index.build.builder.load_encoder", lambda *_: FakeEncoder(fail_at=1))
    said = "quotewire: error: interrupted: 4 of 10 passages are embedded and kept; go on with: quotewire index\n"
    assert command() == Ended(130, "", said)
    assert command("status") == Ended(1, "", NO_INDEX)


def test_a_bug_keeps_its_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(lambda: 1 / 0)
    out, err = capsys.readouterr()
    assert (ended.value.code, out) == (1, "")
    assert err.startswith("Traceback (most recent call last):\n")
    assert err.endswith("ZeroDivisionError: division by zero\n")


@pytest.mark.parametrize(("error", "code"), [(QuotewireError("what; do this"), 1), (BrokenPipeError(), 0), (None, 0)])
def test_running(error: Exception | None, code: int, capfd: pytest.CaptureFixture[str]) -> None:
    program = "import sys; from index.console import run; from index.errors import QuotewireError\n"
    program += f"def fail():\n    {'raise ' + repr(error) if error else 'pass'}\nrun(fail)"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    said = f"quotewire: error: {error}\n" if isinstance(error, QuotewireError) else ""
    assert (ended.returncode, ended.stdout, ended.stderr) == (code, "", said)


@pytest.mark.parametrize("kind", ["file", "loop"])
def test_a_file_in_place_of_the_generations_is_named(command: Command, folder: Path, kind: str) -> None:
    path = folder / "data" / "generations"
    path.parent.mkdir()
    if kind == "file":
        path.write_text("")
    else:
        path.symlink_to(path)
    ended = command()
    assert (ended.code, ended.out) == (1, "")
    last = ended.err.splitlines()[-1]
    assert last.startswith("quotewire: error: data/generations")
    assert last.endswith("; check the path and its permissions")


# Commands in processes of their own


@pytest.mark.parametrize("arguments", [["status"], ["--help"]])
def test_output_to_a_full_disk_is_an_error_of_one_line(command: Command, folder: Path, arguments: list[str]) -> None:
    command()
    with open("/dev/full", "wb") as full:
        run_ = [sys.executable, "-m", "index", *arguments]
        ended = subprocess.run(run_, stdout=full, stderr=subprocess.PIPE, text=True)
    said = "quotewire: error: the output cannot be written: No space left on device; make room, or send it elsewhere\n"
    assert (ended.returncode, ended.stderr) == (1, said)


def test_closed_streams_are_empty(command: Command, folder: Path) -> None:
    command()
    ended = subprocess.run(["sh", "-c", f"{sys.executable} -m index status <&- >&-"], stderr=subprocess.PIPE, text=True)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_all_commands_in_processes(folder: Path, e5_root: Path) -> None:
    shutil.copytree(e5_root / "models", folder / "data" / "models")
    built = process()
    assert built == Ended(0, "published generation 1: 2 articles in 2 passages, 2 embedded\n", OMISSIONS)
    assert process("status").out.startswith("generation  1, just now\narticles    2\n")
    values = json.loads(process("status", "--json").out)
    assert (values["model"], values["dimension"]) == ("multilingual-e5-small", 384)
    assert process("verify") == Ended(0, "generation 1 is intact\n", "")
    assert process("list").out.startswith("*      1  ")
    assert process("rollback", "1") == Ended(0, "generation 1 answers now\n", "")
    assert process("--dry-run").out == (
        OMISSIONS.replace("quotewire: ", "") + "0 new, 0 changed, 0 gone, 2 unchanged articles; 0 passages to embed\n"
    )


def test_mistakes_in_processes(folder: Path) -> None:
    assert process("--wrong").code == 2
    ended = process("status", QUOTEWIRE_INDEX_KEEP="x")
    assert ended == Ended(
        2,
        "",
        "quotewire: error: environment: QUOTEWIRE_INDEX_KEEP: should be a valid integer, "
        "unable to parse string as an integer, and is 'x'\n",
    )
    model = process(QUOTEWIRE_INDEX_MODEL="/no/model")
    assert (model.code, model.out) == (1, "")
    assert model.err == (
        "quotewire: error: /no/model: no such folder; [index] model takes a folder or a name from the model hub\n"
    )


HEAVY = {"numpy", "torch", "faiss", "tantivy", "sentence_transformers", "telegram", "sqlite3", "pydantic_settings"}


@pytest.mark.parametrize(
    ("module", "arguments", "heavy"),
    [
        ("index.cli", ["--help"], HEAVY | {"pydantic"}),
        ("bot.cli", ["--help"], HEAVY | {"pydantic"}),
        ("index.cli", ["status", "--help"], HEAVY),  # Typer itself imports pydantic for a nested command
        ("bot.cli", ["index", "--help"], HEAVY),
        ("bot.cli", ["index", "status", "--help"], HEAVY),
    ],
)
def test_help_loads_no_large_library(module: str, arguments: list[str], heavy: set[str]) -> None:
    program = (
        "import sys, atexit; atexit.register(lambda: print('modules:', *sys.modules))\n"
        f"from {module} import main; main()"
    )
    ended = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (0, "")
    said, loaded = ended.stdout.split("modules:")
    assert set(loaded.split()) & heavy == set()
    assert "Example: quotewire " in said


def test_two_builds_at_once(folder: Path) -> None:
    holding = "import sys; from pathlib import Path; from index.lock import build_lock\n"
    holding += "with build_lock(Path('data')): print('held', flush=True); sys.stdin.read()"
    holder = subprocess.Popen([sys.executable, "-c", holding], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with holder:
        assert holder.stdout
        assert holder.stdout.readline() == b"held\n"
        second = process()
        holder.kill()
    assert (second.code, second.out) == (1, "")
    who = rf"process {holder.pid} since \d\d:\d\d:\d\d"
    assert re.fullmatch(f"quotewire: error: data is being built by {who}; wait for it, or stop it\n", second.err)


def test_ctrl_c_in_a_process(folder: Path) -> None:
    """A signal while the sources are read, before the model is loaded."""
    os.mkfifo(folder / "pipe")
    stuck = (
        "import index.build.changes\n"
        "def slow(*_):\n    open('pipe', 'w').close(); open('pipe').read(); yield\n"
        "index.build.changes.list_files = slow\n"
        "from index.cli import main; main()"
    )
    with subprocess.Popen([sys.executable, "-c", stuck], stderr=subprocess.PIPE, text=True) as building:
        (folder / "pipe").read_text()
        time.sleep(0.1)
        building.send_signal(signal.SIGINT)
        try:
            _, err = building.communicate(timeout=20)
        finally:
            building.kill()
    assert (building.returncode, err) == (130, "quotewire: error: interrupted; go on with: quotewire index\n")
    assert os.listdir(folder / "data" / "generations") == []


@pytest.mark.parametrize("option", [("--dry-run",), ("--rebuild",), ("--strict",), ("--config", "config.toml")])
def test_an_option_before_a_subcommand_is_refused(command: Command, option: tuple[str, ...]) -> None:
    command()
    command("--rebuild")
    ended = command(*option, "rollback")
    assert ended.code == 2
    assert "put options after the subcommand: quotewire index rollback" in " ".join(ended.err.split())
    assert json.loads(command("status", "--json").out)["generation"] == 2


@pytest.mark.parametrize("text", ["", "x", "2\n3"])
def test_rollback_helps_when_current_is_damaged(command: Command, folder: Path, text: str) -> None:
    command()
    command("--rebuild")
    (folder / "data" / "CURRENT").write_text(text)
    assert command("rollback") == Ended(0, "generation 2 answers now\n", "")


def test_refining(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    assert command("refine").err.startswith("quotewire: error: there is no index in data yet")
    command()
    niceness: list[int] = []
    monkeypatch.setattr("os.nice", niceness.append)
    assert command("refine") == Ended(0, "generation 1 is complete: 0 embedded\n", "")
    assert niceness == []
    assert command("refine", "--gently").code == 0
    assert niceness == [19]
    assert command("--gently").code == 0
    assert niceness == [19, 19]
