"""Builds publish what the sources hold and encode only new texts; previews tell what a build would do."""

from __future__ import annotations

import math
import os
import shutil
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from index.build.builder import build_index
from index.build.omissions import NO_OMISSIONS
from index.build.preview import BuildPreview, preview
from index.encoders.encoder import Encoder
from index.encoders.model_files import Model
from index.encoders.static_loading import load_static
from index.errors import (
    DamagedIndexError,
    InterruptedBuildError,
    ModelError,
    NoIndexError,
    SourceError,
    StorageError,
)
from index.parsers.problems import Problem
from index.settings import IndexSettings
from index.storage.embedding_cache import EmbeddingCache
from index.storage.generations import (
    current_number,
    folder_of,
    list_generations,
    open_articles,
    open_generation,
    verify,
)
from index.types import Article
from tests.support.fake_models import DISTILLING, FAKE_MODEL, FakeEncoder
from tests.support.paths import tree, write_articles

RAIN, SNOW, SUN = "Rain fell on the city on Friday.", "Snow fell in the hills on Saturday.", "The sun shone on Sunday."


def texts(settings: IndexSettings) -> list[str]:
    assert verify(settings.path, current_number(settings.path)) == []
    passages = open_generation(settings.path).store.all_passages()
    return [passage.text for passage in sorted(passages, key=lambda passage: (passage.article.id, passage.start))]


pytestmark = pytest.mark.usefixtures("log_on_stderr")


@pytest.fixture
def news(settings: IndexSettings) -> Path:
    """Return the source folder, with two articles in it."""
    write_articles(settings.sources[0], rain=RAIN, snow=SNOW)
    return settings.sources[0]


def test_a_first_build(settings: IndexSettings, news: Path, fake: FakeEncoder) -> None:
    built = build_index(settings)
    assert (built.generation, built.embedded, built.published, built.problems) == (1, 2, True, ())
    assert (built.summary.articles, built.summary.passages, built.summary.languages) == (2, 2, ("en",))
    assert texts(settings) == [RAIN, SNOW]
    assert sorted(os.listdir(settings.path)) == ["CURRENT", "embeddings.sqlite", "generations", "lock", "models"]
    assert os.listdir(settings.path / "generations") == ["000001"]


def test_both_indexes_find_each_passage_under_its_own_id(settings: IndexSettings, fake: FakeEncoder) -> None:
    """Batches are sorted by length, ids by the order of the articles: each passage must find itself."""
    words = ("alpha", "bravo", "carbon", "delta", "echoes", "falcon", "golf", "hotels", "indigo", "juliet")
    for at, word in enumerate(words):
        write_articles(settings.sources[0], **{word: f"{word} stood {'still ' * (at * 7 % 10)}there."})
    build_index(settings)
    generation = open_generation(settings.path)
    passages = list(generation.store.all_passages())
    assert [passage.article.id for passage in passages] == [f"{word}.txt" for word in words]
    for number, passage in enumerate(passages):
        [vector] = fake.encode_query([passage.text])
        expected = generation.vectors.cosines(vector, np.array([number]))
        assert expected.tolist() == pytest.approx([1], abs=1e-3)
        assert [id for id, _ in generation.words.search(passage.text.split()[0], 9)] == [number]


def test_batches_are_sorted_by_length(settings: IndexSettings, fake: FakeEncoder) -> None:
    for length in (3, 9, 1, 7, 5, 8, 2, 6, 4, 10):
        write_articles(settings.sources[0], **{f"a{length}": "word " * length + "ended."})
    build_index(settings)
    assert [len(batch) for batch in fake.documents] == [4, 4, 2]
    lengths = [len(text) for text in fake.encoded]
    assert lengths == sorted(lengths, reverse=True)


def test_a_build_without_changes_embeds_nothing(
    settings: IndexSettings, news: Path, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_index(settings)
    before = tree(settings.path)
    monkeypatch.delattr("index.build.builder.load_encoder")  # the model is not even loaded
    built = build_index(settings)
    assert (built.generation, built.embedded, built.published) == (1, 0, False)
    assert built.summary.articles == 2
    after = tree(settings.path)
    for changing in ("lock", "generations"):  # the time of the last build, and the folder that it wrote to
        before.pop(changing), after.pop(changing)
    assert after == before


def test_a_new_article(settings: IndexSettings, news: Path, fake: FakeEncoder) -> None:
    build_index(settings)
    write_articles(news, sun=SUN)
    built = build_index(settings)
    assert (built.generation, built.embedded, built.published) == (2, 1, True)
    assert fake.documents[1:] == [[SUN]]
    assert texts(settings) == [RAIN, SNOW, SUN]


def test_an_edited_article_replaces_its_old_text(settings: IndexSettings, news: Path, fake: FakeEncoder) -> None:
    build_index(settings)
    write_articles(news, rain=SUN)
    assert build_index(settings).embedded == 1
    assert texts(settings) == [SUN, SNOW]
    assert open_generation(settings.path).words.search("rain", 5) == []


def test_a_deleted_article_is_gone(settings: IndexSettings, news: Path, fake: FakeEncoder) -> None:
    build_index(settings)
    (news / "rain.txt").unlink()
    built = build_index(settings)
    assert (built.embedded, built.published) == (0, True)
    assert texts(settings) == [SNOW]
    assert open_generation(settings.path).store.article("rain.txt") is None
    assert open_generation(settings.path).words.search("rain", 5) == []
    assert len(open_generation(settings.path).vectors) == 1

    write_articles(news, rain=RAIN)
    assert build_index(settings).embedded == 0, "its vector was kept"
    assert texts(settings) == [RAIN, SNOW]


def test_a_renamed_file_is_another_article_with_the_same_text(
    settings: IndexSettings, news: Path, fake: FakeEncoder
) -> None:
    build_index(settings)
    (news / "rain.txt").rename(news / "weather.txt")
    built = build_index(settings)
    assert (built.embedded, built.published) == (0, True)
    assert texts(settings) == [SNOW, RAIN]


def test_equal_passages_are_embedded_once(settings: IndexSettings, fake: FakeEncoder) -> None:
    write_articles(settings.sources[0], one=RAIN, two=RAIN, three=SNOW)
    built = build_index(settings)
    assert (built.embedded, built.summary.passages) == (2, 3)
    assert sorted(fake.encoded) == [RAIN, SNOW]
    generation = open_generation(settings.path)
    assert generation.vectors.cosines(fake.encode_query([RAIN])[0], np.arange(3)).tolist()[::2] == pytest.approx(
        [1, 1], abs=1e-3
    )


def test_rebuild(settings: IndexSettings, news: Path, fake: FakeEncoder) -> None:
    build_index(settings)
    built = build_index(settings, rebuild=True)
    assert (built.generation, built.embedded, built.published) == (2, 2, True)
    assert len(fake.encoded) == 4


def test_another_model_embeds_everything(
    settings: IndexSettings, news: Path, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_index(settings)
    monkeypatch.setattr(
        "index.build.builder.find_model", lambda *_: Model("other", Path("other"), "0" * 64, None, None)
    )
    wider = FakeEncoder(dimension=32)
    monkeypatch.setattr("index.build.builder.load_encoder", lambda *_: wider)
    assert build_index(settings).embedded == 2
    manifest = open_generation(settings.path).manifest
    assert (manifest.generation, manifest.model, manifest.dimension) == (2, "other", 32)
    monkeypatch.setattr("index.build.builder.find_model", lambda *_: FAKE_MODEL)
    assert build_index(settings).embedded == 0, "the vectors of the first were kept"


def test_settings_that_change_passages_make_a_new_generation(settings: IndexSettings, fake: FakeEncoder) -> None:
    sentences = [f"Sentence {number} tells of the weather in the hills over the city." for number in range(6)]
    write_articles(settings.sources[0], long=" ".join(sentences))
    build_index(settings)
    assert texts(settings) == [" ".join(sentences)]
    narrow = settings.model_copy(update={"passage_words": 24})
    assert build_index(narrow).published
    assert texts(settings) == [" ".join(sentences[at : at + 2]) for at in (0, 2, 4)]
    assert not build_index(narrow).published


@pytest.mark.parametrize(("keep", "left"), [(0, [4]), (1, [3, 4]), (9, [1, 2, 3, 4])])
def test_earlier_generations_are_kept(settings: IndexSettings, fake: FakeEncoder, keep: int, left: list[int]) -> None:
    kept = settings.model_copy(update={"keep": keep})
    for word in ("one", "two", "three", "four"):
        write_articles(settings.sources[0], **{word: f"{word} came home."})
        build_index(kept)
    assert list_generations(settings.path) == left
    assert all(verify(settings.path, number) == [] for number in left)


def test_a_damaged_generation_is_built_again(settings: IndexSettings, news: Path, fake: FakeEncoder) -> None:
    build_index(settings)
    (folder_of(settings.path, 1) / "vectors.faiss").write_bytes(b"x")
    built = build_index(settings)
    assert (built.generation, built.embedded, built.published) == (2, 0, True)
    assert texts(settings) == [RAIN, SNOW]


@pytest.mark.parametrize("content", [b"", b"x", b"7\n"])
def test_a_damaged_current_file_is_repaired(
    settings: IndexSettings, news: Path, fake: FakeEncoder, content: bytes
) -> None:
    build_index(settings)
    (settings.path / "CURRENT").write_bytes(content)
    assert build_index(settings).generation == 2
    assert texts(settings) == [RAIN, SNOW]


# Errors


def test_no_article(settings: IndexSettings, fake: FakeEncoder) -> None:
    message = r"no article found in .*news; name folders or files of .*, on the command line or in \[index\] sources$"
    with pytest.raises(SourceError, match=message):
        build_index(settings)
    with pytest.raises(NoIndexError):
        open_generation(settings.path)
    assert os.listdir(settings.path / "generations") == []


def test_a_missing_source(settings: IndexSettings, news: Path, fake: FakeEncoder) -> None:
    gone = settings.model_copy(update={"sources": [news, news.with_name("olds")]})
    with pytest.raises(SourceError, match=r"olds: no such file or folder; correct \[index\] sources"):
        build_index(gone)


def test_two_articles_with_one_id(settings: IndexSettings, news: Path, fake: FakeEncoder) -> None:
    build_index(settings)
    rows = news / "dump.jsonl"
    rows.write_text('{"id": "x1", "text": "Rain fell."}\n{"id": "x1", "text": "Snow fell."}\n')
    built = build_index(settings)
    message = f"has the same id as {rows}:1, x1, and another text; it is kept under dump.jsonl:2"
    assert built.problems == (Problem(f"{rows}:2", message, False),)
    assert (current_number(settings.path), built.summary.articles) == (2, 4)
    rows.write_text(rows.read_text() + '{"id": "x1", "text": "Snow fell.", "published": "2022-03-08"}\n')
    assert build_index(settings).summary.articles == 4
    with closing(open_articles(settings.path)) as store:
        kept = store.article("dump.jsonl:3")
        assert kept
        assert kept.published == date(2022, 3, 8)


def test_a_skipped_file_is_reported_and_the_rest_is_published(
    settings: IndexSettings, news: Path, fake: FakeEncoder, capsys: pytest.CaptureFixture[str]
) -> None:
    (news / "empty.txt").touch()
    built = build_index(settings)
    [problem] = built.problems
    assert (problem.origin, problem.skipped) == (str(news / "empty.txt"), True)
    assert capsys.readouterr().err == f"quotewire: warning: {problem.origin}: {problem.message}\n{DISTILLING}"
    assert texts(settings) == [RAIN, SNOW]


def test_an_article_without_passages_is_skipped(
    settings: IndexSettings, news: Path, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.build.changes.split_article", lambda article, _: [])
    with pytest.raises(SourceError, match="no article found"):
        build_index(settings)
    assert preview(settings).problems == tuple(
        Problem(str(news / name), "holds a headline and no text; left out", skipped=True)
        for name in ("rain.txt", "snow.txt")
    )


def test_strict_publishes_nothing(settings: IndexSettings, news: Path, fake: FakeEncoder) -> None:
    build_index(settings, strict=True)
    (news / "empty.txt").touch()
    write_articles(news, sun=SUN)
    with pytest.raises(SourceError, match=r"empty.txt: .*\(--strict: nothing was published\)"):
        build_index(settings, strict=True)
    assert (current_number(settings.path), texts(settings)) == (1, [RAIN, SNOW])
    with pytest.raises(SourceError, match="--strict"):
        preview(settings, strict=True)


def failing(monkeypatch: pytest.MonkeyPatch, at: int, failure: type[BaseException]) -> FakeEncoder:
    encoder = FakeEncoder(fail_at=at, failure=failure)
    monkeypatch.setattr("index.build.builder.load_encoder", lambda *_: encoder)
    return encoder


def ten_more(news: Path) -> None:
    write_articles(news, **{f"day{number}": f"On day {number} rain fell." for number in range(10)})


def test_ctrl_c_keeps_the_batches(
    settings: IndexSettings, news: Path, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_index(settings)
    ten_more(news)
    first = failing(monkeypatch, 2, KeyboardInterrupt)
    with pytest.raises(InterruptedBuildError) as raised:
        build_index(settings)
    assert raised.value.exit_code == 130
    message = "interrupted: 8 of 10 passages are embedded and kept; go on with: quotewire index"
    assert str(raised.value) == message
    assert texts(settings) == [RAIN, SNOW], "the previous index keeps answering"
    assert os.listdir(settings.path / "generations") == ["000001"]

    second = failing(monkeypatch, 99, KeyboardInterrupt)
    assert build_index(settings).embedded == 2
    assert len(texts(settings)) == 12
    assert not set(first.encoded) & set(second.encoded)


def interrupt(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    "step",
    [
        "build.changes.with_language",
        "build.assembly.EmbeddingCache.get",
        "build.assembly.VectorIndex.write_segment",
        "build.assembly.LexicalIndex.update",
        "build.assembly.seal",
        "build.assembly.publish",
    ],
)
def test_ctrl_c_at_any_other_step(
    settings: IndexSettings, news: Path, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    build_index(settings)
    write_articles(news, sun=SUN)
    with monkeypatch.context() as patch:
        patch.setattr(f"index.{step}", interrupt)
        with pytest.raises(InterruptedBuildError, match=r"^interrupted; go on with: quotewire index$"):
            build_index(settings)
    assert texts(settings) == [RAIN, SNOW]
    assert os.listdir(settings.path / "generations") == ["000001"]
    assert build_index(settings).embedded == (1 if step == "build.changes.with_language" else 0)


def test_a_model_that_fails_keeps_the_batches(
    settings: IndexSettings, news: Path, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    ten_more(news)
    failing(monkeypatch, 1, ModelError)
    with pytest.raises(ModelError):
        build_index(settings)
    monkeypatch.setattr("index.build.builder.load_encoder", lambda *_: fake)
    assert build_index(settings).embedded == 8


def test_a_file_that_does_not_read_back_as_written(
    settings: IndexSettings, news: Path, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_index(settings)
    write_articles(news, sun=SUN)
    with monkeypatch.context() as patch:
        patch.setattr(
            "index.build.assembly.check_files", lambda folder, _: iter([f"{folder}/vectors.faiss: SHA-256 differs"])
        )
        with pytest.raises(DamagedIndexError, match="SHA-256 differs right after it was written; check the disk"):
            build_index(settings)
    assert current_number(settings.path) == 1
    assert list_generations(settings.path) == [1]


@pytest.mark.parametrize(
    ("window", "passages", "places"), [(8, "2 passages are", ("ten", "nine")), (9, "1 passage is", ("ten",))]
)
def test_passages_beyond_the_window_are_reported(
    settings: IndexSettings,
    fake: FakeEncoder,
    capsys: pytest.CaptureFixture[str],
    window: int,
    passages: str,
    places: tuple[str, ...],
) -> None:
    write_articles(settings.sources[0], nine=RAIN, ten=f"Today {RAIN.lower()}", seven=SUN)
    fake.window = window
    build_index(settings)
    texts = {"nine": RAIN, "ten": f"Today {RAIN.lower()}"}
    where = ", ".join(f"{settings.sources[0] / name}.txt [0:{len(texts[name])}]" for name in places)
    assert capsys.readouterr().err == (
        f"quotewire: {passages} longer than the model's window of {window} tokens: {where}; "
        f"the embedding covers only the beginning, the lexical index all of it\n{DISTILLING}"
    )


HOLD = "import sys; from pathlib import Path; from index.lock import build_lock\n"
HOLD += "with build_lock(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"


def test_a_preview_does_not_wait_for_a_build(settings: IndexSettings, news: Path, fake: FakeEncoder) -> None:
    build_index(settings)
    command = [sys.executable, "-c", HOLD, str(settings.path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == b"held\n"
        assert preview(settings).unchanged == 2
        holder.communicate()


# Previews


def changes(settings: IndexSettings) -> BuildPreview:
    return replace(preview(settings), omissions=NO_OMISSIONS)


def test_a_preview_reports_omissions_as_a_build_does(settings: IndexSettings, news: Path, fake: FakeEncoder) -> None:
    (news / "dump.jsonl").write_text('{"id": "x", "title": "Sun", "text": "It shone.", "published": "2022-04-02"}\n')
    (news / "page.html").write_text("<html><body></body></html>")
    for name in ("a.pdf", "b.PDF", "c.docx", "LICENSE", ".hidden.pdf"):
        (news / name).touch()
    lines = [
        "left out 4 files of unsupported types: 2 .pdf, 1 .docx, 1 without an ending",
        "left out 1 page in which no article was found: page.html",
        "2 of 3 articles have no whole date: rain.txt, snow.txt",
        "2 of 3 articles have no headline: rain.txt, snow.txt",
    ]
    assert list(preview(settings).omissions.lines()) == lines
    assert list(build_index(settings).omissions.lines()) == lines
    assert list(preview(settings).omissions.lines()) == lines
    (news / "rain.txt").unlink()
    (news / "snow.txt").write_text("---\ndate: 2022-03-08\n---\nSnow fell.")
    rest = ["1 of 2 articles has no headline: snow.txt"]
    assert list(preview(settings).omissions.lines()) == lines[:2] + rest
    assert list(build_index(settings).omissions.lines()) == lines[:2] + rest


def test_a_preview(settings: IndexSettings, news: Path, fake: FakeEncoder) -> None:
    assert changes(settings) == BuildPreview(("rain.txt", "snow.txt"), (), (), 0, 2, ())
    assert not settings.path.exists(), "not even the folder is made"
    build_index(settings)
    assert changes(settings) == BuildPreview((), (), (), 2, 0, ())
    write_articles(news, snow=SUN, twin=RAIN)
    (news / "rain.txt").unlink()
    assert changes(settings) == BuildPreview(("twin.txt",), ("snow.txt",), ("rain.txt",), 0, 1, ())


def leave_write_ahead_log(settings: IndexSettings) -> None:
    """Leave the cache as a killed build does, with its last batches in the write-ahead log."""
    program = "import os, sys; from pathlib import Path; import numpy as np\n"
    program += "from index.storage.embedding_cache import EmbeddingCache\n"
    program += "cache = EmbeddingCache(Path(sys.argv[1]), 'f' * 64)\n"
    program += "cache.put([EmbeddingCache.key(sys.argv[2])], np.ones((1, 64), dtype=np.float32)); os._exit(0)"
    subprocess.run([sys.executable, "-c", program, str(settings.path / "embeddings.sqlite"), SUN], check=True)
    assert (settings.path / "embeddings.sqlite-wal").stat().st_size > 0


@pytest.mark.parametrize("after_a_kill", [False, True])
def test_a_preview_writes_nothing(settings: IndexSettings, news: Path, fake: FakeEncoder, after_a_kill: bool) -> None:
    build_index(settings)
    write_articles(news, sun=SUN)
    if after_a_kill:
        leave_write_ahead_log(settings)
    before = tree(settings.path.parent)
    assert preview(settings).to_embed == (0 if after_a_kill else 1)
    after = tree(settings.path.parent)
    for shared in ("data/embeddings.sqlite-shm",):  # shared memory of SQLite's processes; no data
        before.pop(shared, None), after.pop(shared, None)
    assert after == before


def test_a_preview_of_a_damaged_index(settings: IndexSettings, news: Path, fake: FakeEncoder) -> None:
    build_index(settings)
    (folder_of(settings.path, 1) / "vectors.faiss").write_bytes(b"x")
    assert changes(settings) == BuildPreview(("rain.txt", "snow.txt"), (), (), 0, 0, ())


def test_every_field_counts_as_a_change(
    settings: IndexSettings, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = settings.sources[0] / "a.txt"
    given = [Article("a", RAIN, str(file), language="en")]
    monkeypatch.setattr("index.build.changes.read_file", lambda *_: iter(given))
    file.write_text("as it was")
    build_index(settings)
    changes = {"title": "Rain", "url": "https://x.org", "source": "TASS", "place": "MOSCOW", "authors": ("Ann",)}
    for field, value in changes.items():
        given[:] = [replace(given[0], **{field: value})]  # type: ignore[arg-type]
        file.write_text(f"with another {field}")
        assert preview(settings).changed == ("a",), field
        built = build_index(settings)
        assert (built.published, built.embedded) == (True, 0), field
        assert open_generation(settings.path).store.article("a") == given[0]


def test_builds_distil_the_static_encoder_once(
    settings: IndexSettings, news: Path, fake: FakeEncoder, capsys: pytest.CaptureFixture[str]
) -> None:
    build_index(settings)
    assert capsys.readouterr().err == DISTILLING
    made = load_static(FAKE_MODEL, settings.path)
    assert made is not None
    write_articles(news, sun=SUN)
    assert build_index(settings).published
    assert capsys.readouterr().err == ""
    again = load_static(FAKE_MODEL, settings.path)
    assert again is not None
    assert again.fingerprint == made.fingerprint


@pytest.mark.parametrize("damage", ["gone", "flipped"])
def test_a_build_without_changes_repairs_the_static_encoder(
    settings: IndexSettings, news: Path, fake: FakeEncoder, capsys: pytest.CaptureFixture[str], damage: str
) -> None:
    build_index(settings)
    [folder] = (settings.path / "models").iterdir()
    if damage == "gone":
        shutil.rmtree(folder)
    else:
        weights = folder / "model.safetensors"
        weights.write_bytes(weights.read_bytes()[:-1] + b"?")
    capsys.readouterr()
    built = build_index(settings)
    assert (built.generation, built.published, built.embedded) == (1, False, 0)
    assert capsys.readouterr().err == DISTILLING
    assert load_static(FAKE_MODEL, settings.path) is not None


def test_a_model_that_cannot_be_distilled_can_be_built_with(
    settings: IndexSettings, news: Path, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> str:
        raise ModelError("fake: its tokenizer is missing")

    monkeypatch.setattr(fake, "tokenizer_json", fail)
    assert build_index(settings).published
    assert verify(settings.path, 1) == []
    assert load_static(FAKE_MODEL, settings.path) is None


def test_a_static_model_is_not_distilled(
    settings: IndexSettings, news: Path, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.build.builder.is_static", lambda _: True)
    assert build_index(settings).published
    assert not (settings.path / "models").exists()


def test_with_the_real_model(
    settings: IndexSettings, news: Path, minilm: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.build.builder.load_encoder", lambda *_: minilm)
    write_articles(news, bank="The Federal Reserve raised interest rates.")
    build_index(settings)
    generation = open_generation(settings.path)
    assert (generation.manifest.model, generation.manifest.dimension) == ("multilingual-e5-small", 384)
    [query] = minilm.encode_query(["The central bank increased borrowing costs."])
    ids, cosines = generation.vectors.search(query, 1)
    assert generation.store.passages(ids.tolist())[0].article.id == "bank.txt"
    assert cosines.tolist() == pytest.approx([0.63041], abs=1e-3)
    [vector] = minilm.encode_document([RAIN])
    with closing(EmbeddingCache(settings.path / "embeddings.sqlite", generation.manifest.fingerprint)) as cache:
        np.testing.assert_allclose(cache.get([EmbeddingCache.key(RAIN)]), [vector], atol=1e-6)
    assert generation.vectors.cosines(vector, np.array([1])).tolist() == pytest.approx([1], abs=1e-3)


def test_a_full_disk_is_one_line_and_publishes_nothing(
    settings: IndexSettings, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_articles(settings.sources[0], a="Rain fell.")

    def fail(*_: object) -> None:
        raise RuntimeError("write error in void faiss::write_index")

    monkeypatch.setattr("index.build.assembly.VectorIndex.write_segment", fail)
    with pytest.raises(RuntimeError):  # the disk is not full: a bug keeps its traceback
        build_index(settings)
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=1000))
    with pytest.raises(StorageError, match="the disk is full; nothing more was published"):
        build_index(settings)
    assert not (settings.path / "CURRENT").exists()


def test_a_language_may_disappear_while_others_change(settings: IndexSettings, fake: FakeEncoder) -> None:
    """The lexical index keeps the field of a language without articles, and must still be able to write to it."""
    rows = [f'{{"id": "{at}", "text": "Rain fell on day {at}.", "language": "en"}}\n' for at in range(10)]
    german = '{"id": "de", "text": "Es regnete.", "language": "de"}\n'
    dump = settings.sources[0] / "dump.jsonl"
    dump.write_text("".join([*rows, german]))
    build_index(settings)
    dump.write_text("".join(rows))
    build_index(settings)
    dump.write_text("".join([*rows, rows[0].replace('"0"', '"new"')]))
    build_index(settings)
    assert len(texts(settings)) == 11
    dump.write_text("".join([*rows, german]))
    build_index(settings)
    assert len(open_generation(settings.path).words.search("regnen", 5)) == 1


def test_a_large_deletion_rebuilds_the_lexical_index(settings: IndexSettings, fake: FakeEncoder) -> None:
    """tantivy counts deleted passages in word frequencies, so they must not become many."""
    rows = [f'{{"id": "{at}", "text": "Rain fell on day {at}."}}\n' for at in range(300)]
    dump = settings.sources[0] / "dump.jsonl"
    dump.write_text("".join(rows))
    build_index(settings)
    dump.write_text("".join(rows[:20]))
    build_index(settings)
    words = open_generation(settings.path).words
    assert words.idf("rain", "en") == pytest.approx(math.log(1 + 100.5 / 20.5))
    dump.write_text("".join(rows[:18]))
    build_index(settings)
    words = open_generation(settings.path).words
    assert len(words) == 18
    assert words.idf("rain", "en") == pytest.approx(math.log(1 + 100.5 / 18.5))


def stories(settings: IndexSettings, *names: str) -> dict[str, str]:
    """Return, for each of these articles, the first letters of the names of the others in its story."""
    copies = open_generation(settings.path).store.copies(f"{name}.txt" for name in names)
    return {id.removesuffix(".txt"): "".join(sorted(other.id[0] for other in others)) for id, others in copies.items()}


def test_stories_are_kept_from_build_to_build(settings: IndexSettings, fake: FakeEncoder) -> None:
    folder = settings.sources[0]
    wire = " ".join(f"The word {number} was printed here." for number in range(20))
    write_articles(folder, a=wire, b=f"All news\n\n{wire}", c=RAIN)
    build_index(settings)
    assert stories(settings, "a", "b", "c") == {"a": "b", "b": "a", "c": ""}
    write_articles(folder, d=f"{wire} It was told again.")
    build_index(settings)
    assert stories(settings, "a", "d") == {"a": "bd", "d": "ab"}
    (folder / "a.txt").unlink()  # the first of the story
    build_index(settings)
    assert stories(settings, "b", "c", "d") == {"b": "d", "c": "", "d": "b"}
    write_articles(folder, b=SNOW)
    build_index(settings)
    assert stories(settings, "b", "d") == {"b": "", "d": ""}


def test_an_index_of_the_previous_format_is_built_again(
    settings: IndexSettings, news: Path, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr("index.build.assembly.FORMAT", 3)
        before.setattr("index.storage.manifest.FORMAT", 3)
        build_index(settings)
    with pytest.raises(DamagedIndexError, match=r"format 3, and this version reads 4; make a new one with: quotewire"):
        open_generation(settings.path)
    built = build_index(settings)
    assert (built.published, built.embedded) == (True, 0)  # the vectors are in the cache
    assert texts(settings) == [RAIN, SNOW]
