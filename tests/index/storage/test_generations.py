"""Nothing but what was published is ever opened, and there is a way back."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePath

import pytest

from index.build.builder import build_index
from index.encoders.encoder import Vectors
from index.errors import DamagedIndexError, NoIndexError
from index.files import sync
from index.settings import IndexSettings
from index.storage import generations as module
from index.storage import manifest as manifest_module
from index.storage.generations import (
    age,
    building_folder,
    clean_up,
    current_number,
    folder_of,
    list_generations,
    next_number,
    open_generation,
    point_to,
    publish,
    remove_leftovers,
    roll_back,
    verify,
)
from index.storage.manifest import link, read_manifest, seal
from tests.support.fake_models import FAKE_MODEL, FakeEncoder
from tests.support.paths import tree, write_articles

FILES = (
    "manifest.json",
    "manifest.sha256",
    "articles.sqlite",
    "vectors/*.faiss",
    "vectors/*.ids.npy",
    "words/.managed.json",
    "words/.tantivy-meta.lock",
    "words/.tantivy-writer.lock",
    "words/meta.json",
    "words/*.fast",
    "words/*.fieldnorm",
    "words/*.idx",
    "words/*.pos",
    "words/*.store",
    "words/*.term",
)
RAIN, SNOW, SUN = "Rain fell on the city on Friday.", "Snow fell in the hills on Saturday.", "The sun shone on Sunday."


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of two generations: 1 holds one article, 2 two."""
    folder = tmp_path_factory.mktemp("published")
    (folder / "news").mkdir()
    settings = IndexSettings(sources=[folder / "news"], path=folder / "data", language="en")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.build.builder.find_model", lambda *_: FAKE_MODEL)
        patch.setattr("index.build.builder.load_encoder", lambda *_: FakeEncoder())
        write_articles(folder / "news", rain=RAIN)
        build_index(settings)
        write_articles(folder / "news", snow=SNOW)
        build_index(settings)
    return folder / "data"


@pytest.fixture
def root(published: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(published, tmp_path / "data"))


def texts(root: Path) -> list[str]:
    return [passage.text for passage in open_generation(root).store.all_passages()]


def question(text: str) -> Vectors:
    return FakeEncoder().encode_query([text])


def test_an_opened_generation(root: Path) -> None:
    opened = open_generation(root)
    assert opened.folder == root / "generations" / "000002"
    assert [passage.text for passage in opened.store.all_passages()] == [RAIN, SNOW]
    assert opened.vectors.search(question("snow hills"), 1)[0].tolist() == [1]
    assert [id for id, _ in opened.words.search("snowing", 5)] == [1]
    assert verify(root, 1) == verify(root, 2) == []


def test_the_manifest(root: Path) -> None:
    manifest = read_manifest(folder_of(root, 2))
    assert replace(manifest, created="", content="", segments=(), files={}) == manifest_module.Manifest(
        format=4,
        generation=2,
        created="",
        model="fake",
        fingerprint="f" * 64,
        dimension=64,
        passage_words=110,
        articles=2,
        passages=2,
        languages=("en",),
        reading="4 en 110 {}",
        content="",
        fine=2,
        static=None,
        segments=(),
        files={},
    )
    assert [(segment["kind"], segment["rows"]) for segment in manifest.segments] == [("exact", 2)]
    assert datetime.now(UTC) - datetime.fromisoformat(manifest.created) < timedelta(minutes=5)
    on_disk = {path.relative_to(folder_of(root, 2)).as_posix() for path in folder_of(root, 2).rglob("*.*")}
    assert set(manifest.files) == on_disk - {"manifest.json", "manifest.sha256"}
    assert {file for file in FILES if not list(folder_of(root, 2).glob(file))} == set()
    assert {name for name in on_disk if not any(PurePath(name).match(file) for file in FILES)} == set()


def test_sha256sum_can_check_the_manifest(root: Path) -> None:
    checked = subprocess.run(["sha256sum", "-c", "manifest.sha256"], cwd=folder_of(root, 2), capture_output=True)
    assert checked.stdout == b"manifest.json: OK\n"


Damage = Callable[[Path], object]


def flip(at: Callable[[int], int]) -> Damage:
    def damage(path: Path) -> None:
        raw = bytearray(path.read_bytes())
        if raw:
            raw[at(len(raw))] ^= 1
        else:
            raw.append(0)
        path.write_bytes(raw)

    return damage


def cut(path: Path) -> None:
    raw = path.read_bytes()
    path.write_bytes(raw[:-1] or b"x")


def replace_by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGES: dict[str, Damage] = {
    "first byte": flip(lambda size: 0),
    "middle byte": flip(lambda size: size // 2),
    "last byte": flip(lambda size: size - 1),
    "cut": cut,
    "emptied": lambda path: path.write_bytes(b"" if path.stat().st_size else b"x"),
    "longer": lambda path: path.write_bytes(path.read_bytes() + b"\n"),
    "deleted": lambda path: path.unlink(),
    "a folder": replace_by_folder,
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
@pytest.mark.parametrize("file", FILES)
def test_damage_to_any_file_is_refused_by_name_and_can_be_left(root: Path, file: str, damage: Damage) -> None:
    path = sorted(folder_of(root, 2).glob(file))[-1]
    damage(path)
    with pytest.raises(DamagedIndexError) as raised:
        open_generation(root)
    said = str(raised.value)
    assert path.name in said
    assert said.endswith("; generation 1 is whole, go back to it with: quotewire index rollback 1")
    assert "\n" not in said
    assert any(path.name in problem for problem in verify(root, 2))
    assert current_number(root) == 2, "nothing is decided without the user"

    assert roll_back(root, 1) == 1
    assert texts(root) == [RAIN]


@pytest.mark.parametrize(
    "name", ["extra", ".hidden", "words/extra.idx", "words/manifest.json", "words/manifest.sha256"]
)
def test_a_file_that_does_not_belong_there(root: Path, name: str) -> None:
    path = folder_of(root, 2) / name
    path.write_text("x")
    with pytest.raises(DamagedIndexError, match=f"{re.escape(str(path))}: does not belong there; generation 1 is"):
        open_generation(root)


def test_a_link_that_does_not_belong_there(root: Path) -> None:
    (folder_of(root, 2) / "words" / "link").symlink_to("nowhere")
    with pytest.raises(DamagedIndexError, match="words/link: does not belong there"):
        open_generation(root)


@pytest.mark.parametrize("content", [b"", b"\n", b"x\n", b"-1\n", b"2.0\n", b"\xff\xfe", "²\n".encode(), b"9" * 5000])
def test_a_damaged_current(root: Path, content: bytes) -> None:
    (root / "CURRENT").write_bytes(content)
    with pytest.raises(DamagedIndexError) as raised:
        open_generation(root)
    assert str(raised.value) == (
        f"{root / 'CURRENT'} names no generation; generation 2 is whole, go back to it with: quotewire index rollback 2"
    )
    assert roll_back(root) == 2  # the newest, where none is known to be the one before
    assert texts(root) == [RAIN, SNOW]
    (root / "CURRENT").write_bytes(content)
    assert roll_back(root, 1) == 1


def test_a_current_that_names_what_is_not_there(root: Path) -> None:
    (root / "CURRENT").write_text("7\n")
    with pytest.raises(DamagedIndexError, match=r"000007/manifest.json: No such file .*index rollback 2$"):
        open_generation(root)


def test_when_nothing_is_whole_a_new_one_is_offered(root: Path) -> None:
    for number in (1, 2):
        cut(next(folder_of(root, number).glob("vectors/*.faiss")))
    with pytest.raises(DamagedIndexError, match=r"faiss: has [\d,]+ bytes and should have .*; make a new one "):
        open_generation(root)
    with pytest.raises(DamagedIndexError, match=r"generation 1 cannot answer: .*000001.faiss"):
        roll_back(root, 1)
    assert current_number(root) == 2


def test_no_index(tmp_path: Path) -> None:
    with pytest.raises(NoIndexError) as raised:
        open_generation(tmp_path)
    assert str(raised.value) == f"there is no index in {tmp_path} yet; make one with: quotewire index"
    assert list_generations(tmp_path) == []
    assert next_number(tmp_path) == 1
    (tmp_path / "file").touch()
    with pytest.raises(NoIndexError):
        open_generation(tmp_path / "file")


def resealed(root: Path, **changes: object) -> None:
    """Change generation 2's manifest, with a seal that fits."""
    folder = folder_of(root, 2)
    raw = (json.dumps({**asdict(read_manifest(folder)), **changes}) + "\n").encode()
    (folder / "manifest.json").write_bytes(raw)
    (folder / "manifest.sha256").write_text(manifest_module._sealed(raw))


def test_another_format(root: Path) -> None:
    resealed(root, format=99, unheard_of=1)
    with pytest.raises(DamagedIndexError, match="format 99, and this version reads 4; make a new one with: quotewire"):
        open_generation(root)


def reshaped(root: Path, statement: str) -> None:
    """Change generation 2's articles, with a manifest and a seal that fit."""
    folder = folder_of(root, 2)
    path = folder / "articles.sqlite"
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(statement)
    raw = path.read_bytes()
    files = {**read_manifest(folder).files, path.name: (len(raw), hashlib.sha256(raw).hexdigest())}
    resealed(root, files=files)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"fine": "2"}, "is no manifest (fine: Input should be a valid integer)"),
        ({"passages": -1}, "is no manifest (passages: Input should be greater than or equal to 0)"),
        ({"created": "yesterday"}, "is no manifest (created: Value error, Invalid isoformat string: 'yesterday')"),
        ({"created": "2022-04-02T10:00:00"}, "is no manifest (created: Value error, must have a time zone)"),
        ({"languages": None}, "is no manifest (languages: Input should be a valid array)"),
        ({"languages": [1]}, "is no manifest (languages.0: Input should be a valid string)"),
        ({"segments": [7]}, "is no manifest (segments.0: Input should be an object)"),
        ({"segments": [{"rows": 1}]}, "is no manifest (segments.0.number: Field required)"),
        ({"files": ["articles.sqlite"]}, "is no manifest (files: Input should be an object)"),
        ({"files": {"../../CURRENT": [2, "x"]}}, "names a file outside of its folder ('../../CURRENT')"),
        ({"files": {"/etc/passwd": [2, "x"]}}, "names a file outside of its folder ('/etc/passwd')"),
    ],
)
def test_a_sealed_manifest_that_is_none_is_refused(root: Path, changes: dict[str, object], problem: str) -> None:
    resealed(root, **changes)
    with pytest.raises(DamagedIndexError) as raised:
        open_generation(root)
    path = folder_of(root, 2) / "manifest.json"
    back = "generation 1 is whole, go back to it with: quotewire index rollback 1"
    assert str(raised.value) == f"{path}: {problem}; {back}"
    assert verify(root, 2) == [f"{path}: {problem}"]


@pytest.mark.parametrize("raw", ["", "[]", "7", "nul", "[" * 100_000, '{"format": 3}', '{"format": 3, "format": []}'])
def test_a_sealed_manifest_of_any_bytes_is_refused(root: Path, raw: str) -> None:
    folder = folder_of(root, 2)
    (folder / "manifest.json").write_text(raw)
    (folder / "manifest.sha256").write_text(manifest_module._sealed(raw.encode()))
    with pytest.raises(DamagedIndexError, match=r"manifest\.json: .*; generation 1 is whole"):
        open_generation(root)


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE articles SET text = x'00ff'", "holds an article of another form than quotewire writes"),
        ("UPDATE articles SET title = 7", None),  # which SQLite keeps as text
        ("UPDATE articles SET title = x'07'", "holds an article of another form than quotewire writes"),
        ("UPDATE articles SET authors = '{}'", "holds an article of another form than quotewire writes"),
        ("UPDATE articles SET tags = '[[['", "holds an article of another form than quotewire writes"),
        ("UPDATE articles SET day = '2022-13-01'", "holds an article of another form than quotewire writes"),
        ("UPDATE articles SET day = '2022-02-30'", "holds an article of another form than quotewire writes"),
        ("UPDATE articles SET published = 'April'", "holds an article of another form than quotewire writes"),
        ("UPDATE passages SET start = 'a'", "holds a passage of another form than quotewire writes"),
        ("UPDATE passages SET start = -5", "holds a passage of another form than quotewire writes"),
        ("UPDATE passages SET article = 99", "holds a passage of another form than quotewire writes"),
        ("DELETE FROM passages", "0 passages, and the manifest says 2"),
        ("ALTER TABLE articles RENAME COLUMN tags TO labels", "holds no such column: tags"),
    ],
)
def test_a_sealed_store_that_is_none_is_refused_by_name(root: Path, statement: str, problem: str | None) -> None:
    reshaped(root, statement)
    if problem is None:
        assert open_generation(root).manifest.generation == 2
        return
    with pytest.raises(DamagedIndexError) as raised:
        open_generation(root)
    assert str(raised.value).startswith(f"{folder_of(root, 2) / 'articles.sqlite'}: {problem}")
    assert "go back to it with: quotewire index rollback 1" in str(raised.value)
    assert verify(root, 2) != []


@pytest.mark.parametrize("name", ["CURRENT", "generations/000002/manifest.json", "generations/000002/manifest.sha256"])
@pytest.mark.parametrize("kind", ["pipe", "link", "folder"])
def test_what_stands_in_the_place_of_a_file_is_refused_and_holds_nobody_up(root: Path, name: str, kind: str) -> None:
    path = root / name
    path.rename(root / "kept")
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "link":
        path.symlink_to(root / "kept")
    else:
        path.mkdir()
    with pytest.raises(DamagedIndexError, match=path.name):
        open_generation(root)


def test_a_link_in_the_place_of_what_is_written_is_replaced_and_not_followed(root: Path) -> None:
    kept = root / "kept"
    kept.write_text("mine")
    (root / "CURRENT.new").symlink_to(kept)
    point_to(root, 1)
    assert (kept.read_text(), current_number(root)) == ("mine", 1)
    assert not (root / "CURRENT").is_symlink()


def test_leftovers_of_any_kind_are_removed(root: Path) -> None:
    folder = root / "generations"
    (folder / "000007.building").write_text("a file")
    (folder / "000008.building").symlink_to(root)
    (folder / "000009.building").mkdir()
    remove_leftovers(root)
    assert sorted(path.name for path in folder.iterdir()) == ["000001", "000002"]
    assert (root / "CURRENT").is_file()


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        ({"articles": 3}, ["articles.sqlite: 2 articles, and the manifest says 3"]),
        ({"dimension": 65}, ["vectors: 64 dimensions, and the manifest says 65"]),
        (
            {"passages": 1, "fine": 1},
            [
                "articles.sqlite: 2 passages, and the manifest says 1",
                "vectors: 2 vectors, and the manifest says 1",
                "words: 2 passages, and the manifest says 1",
            ],
        ),
    ],
)
def test_verify_counts(root: Path, changes: dict[str, object], problems: list[str]) -> None:
    resealed(root, **changes)
    assert verify(root, 2) == [f"{folder_of(root, 2)}/{problem}" for problem in problems]


def test_opening_changes_nothing(root: Path) -> None:
    before = tree(root)
    opened = open_generation(root)
    opened.words.search("rain", 5)
    opened.store.summary()
    verify(root, 2)
    assert tree(root) == before


def test_an_opened_generation_outlives_its_removal(root: Path) -> None:
    opened = open_generation(root)
    shutil.rmtree(opened.folder)
    assert opened.vectors.search(question("snow"), 1)[0].tolist() == [1]
    assert [id for id, _ in opened.words.search("snow", 5)] == [1]
    assert opened.store.passages([1])[0].text == SNOW


def test_a_generation_that_is_replaced_while_it_is_opened(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that finds its generation gone looks again before it complains."""
    read = manifest_module.read_manifest

    def replaced_meanwhile(folder: Path) -> manifest_module.Manifest:
        monkeypatch.setattr(module, "read_manifest", read)
        point_to(root, 1)
        shutil.rmtree(folder)
        return read(folder)

    monkeypatch.setattr(module, "read_manifest", replaced_meanwhile)
    assert open_generation(root).manifest.generation == 1


def test_publishing(root: Path) -> None:
    assert next_number(root) == 3
    building = building_folder(root, 3)
    shutil.copytree(folder_of(root, 2), building)
    assert list_generations(root) == [1, 2]
    seal(building, replace(read_manifest(building), generation=3))
    assert publish(root, building) == 3
    assert not building.exists()
    assert (root / "CURRENT").read_text() == "3\n"
    assert list_generations(root) == [1, 2, 3]
    assert verify(root, 3) == []


def test_sealed_files_are_synced_before_current_names_them(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    events: list[str] = []
    rename = os.replace

    def noted_sync(path: Path) -> None:
        events.append(f"sync {path.name}")
        sync(path)

    def noted_rename(old: Path, new: Path) -> None:
        events.append(f"to {new.name}")
        rename(old, new)

    monkeypatch.setattr(module, "sync", noted_sync)
    monkeypatch.setattr(manifest_module, "sync", noted_sync)
    monkeypatch.setattr(os, "replace", noted_rename)
    building = building_folder(root, 3)
    shutil.copytree(folder_of(root, 2), building)
    seal(building, read_manifest(building))
    written = {path.name for path in building.rglob("*")} | {building.name}
    assert {event.removeprefix("sync ") for event in events} == written
    events.clear()
    publish(root, building)
    assert events == ["to 000003", "sync generations", "sync CURRENT.new", "to CURRENT", "sync data"]


def test_what_stays_is_linked_and_neither_hashed_nor_synced_again(
    root: Path, published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base, building = folder_of(root, 2), building_folder(root, 3)
    building.mkdir()
    for part in ("articles.sqlite", "words", "vectors"):
        link(base, building, part)
    (building / "vectors" / "new").write_bytes(b"new")
    touched: list[str] = []
    digest = manifest_module._digest

    def noted_sync(path: Path) -> None:
        touched.append(path.name)
        sync(path)

    def noted_digest(path: Path) -> str:
        touched.append(path.name)
        return digest(path)

    monkeypatch.setattr(module, "sync", noted_sync)
    monkeypatch.setattr(manifest_module, "sync", noted_sync)
    monkeypatch.setattr(manifest_module, "_digest", noted_digest)
    manifest = seal(building, replace(read_manifest(base), generation=3), base)
    assert sorted(touched) == sorted(
        ["new", "new", "manifest.json", "manifest.sha256", "vectors", "words", "000003.building"]
    )
    assert {name: manifest.files[name] for name in read_manifest(base).files} == read_manifest(base).files
    assert set(manifest.files) - set(read_manifest(base).files) == {"vectors/new"}
    assert (building / "articles.sqlite").samefile(base / "articles.sqlite")


def test_a_file_system_without_links_gets_copies(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no links here")

    monkeypatch.setattr(os, "link", refuse)
    base, building = folder_of(root, 2), building_folder(root, 3)
    building.mkdir()
    link(base, building, "words")
    assert not (building / "words" / "meta.json").samefile(base / "words" / "meta.json")
    assert (building / "words" / "meta.json").read_bytes() == (base / "words" / "meta.json").read_bytes()


def test_a_draft_that_was_completed_is_not_kept(root: Path) -> None:
    copies(root, 4)
    point_to(root, 4)
    folder = folder_of(root, 3)
    raw = (json.dumps({**asdict(read_manifest(folder)), "fine": 1}) + "\n").encode()
    (folder / "manifest.json").write_bytes(raw)
    (folder / "manifest.sha256").write_text(manifest_module._sealed(raw))
    clean_up(root, 9)
    assert list_generations(root) == [1, 2, 4]


def test_rolling_back(root: Path) -> None:
    assert roll_back(root) == 1
    assert texts(root) == [RAIN]
    with pytest.raises(NoIndexError, match="there is no generation before 1 to go back to"):
        roll_back(root)
    with pytest.raises(NoIndexError, match="there is no generation 5; kept are 1, 2"):
        roll_back(root, 5)
    assert roll_back(root, 2) == 2
    assert next_number(root) == 3


def copies(root: Path, count: int) -> None:
    for number in range(3, count + 1):
        shutil.copytree(folder_of(root, 2), folder_of(root, number))


@pytest.mark.parametrize(
    ("current", "keep", "left"),
    [(5, 2, [3, 4, 5]), (5, 0, [5]), (5, 9, [1, 2, 3, 4, 5]), (2, 1, [2, 5]), (1, 0, [1]), (1, 2, [1, 4, 5])],
)
def test_cleaning_up(root: Path, current: int, keep: int, left: list[int]) -> None:
    copies(root, 5)
    point_to(root, current)
    building_folder(root, 9).mkdir()
    clean_up(root, keep)
    assert list_generations(root) == left
    assert len(os.listdir(root / "generations")) == len(left)


def test_what_is_no_generation_is_left_alone(root: Path) -> None:
    for name in ("notes", "²", "000002 copy"):
        (root / "generations" / name).mkdir()
    assert list_generations(root) == [1, 2]
    clean_up(root, 0)
    assert sorted(os.listdir(root / "generations")) == ["000002", "000002 copy", "notes", "²"]


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-5, "just now"),
        (59, "just now"),
        (60, "1 minute ago"),
        (3599, "59 minutes ago"),
        (3600, "1 hour ago"),
        (86_399, "23 hours ago"),
        (86_400, "1 day ago"),
        (864_000, "10 days ago"),
    ],
)
def test_age(published: Path, seconds: int, said: str) -> None:
    manifest = read_manifest(folder_of(published, 2))
    assert age(manifest, datetime.fromisoformat(manifest.created) + timedelta(seconds=seconds)) == said
