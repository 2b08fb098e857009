"""Drafts and full generations: when a build publishes which, what it encodes in which order, and answers meanwhile."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.build.builder import build_index, complete_index
from index.build.preview import preview
from index.build.refine import EmbedResult, embed
from index.encoders.encoder import Vectors
from index.encoders.model_files import Model
from index.errors import DamagedIndexError, InterruptedBuildError, WrongModelError
from index.settings import IndexSettings
from index.storage.embedding_cache import EmbeddingCache
from index.storage.generations import current_number, folder_of, list_generations, open_generation, verify
from index.storage.manifest import read_manifest
from retrieval.answerer import Answerer
from retrieval.params import RankingParams
from retrieval.settings import RetrievalSettings
from retrieval.types import Question
from tests.support.fake_models import FAKE_MODEL, FakeEncoder, FakeStaticEncoder
from tests.support.paths import write_articles

WORDS = ("alpha", "bravo", "carbon", "delta", "echoes", "falcon")


@pytest.fixture
def static(monkeypatch: pytest.MonkeyPatch) -> FakeStaticEncoder:
    """Provide the encoder of draft embeddings; a build that has to encode two passages or more makes a draft."""
    static = FakeStaticEncoder()
    for module in ("index.build.builder", "retrieval.answerer"):
        monkeypatch.setattr(f"{module}.load_static", lambda *_: static)
    monkeypatch.setattr("index.build.builder.is_static", lambda _: False)
    monkeypatch.setattr("index.build.builder._AT_ONCE", 1)
    return static


@pytest.fixture
def news(settings: IndexSettings) -> Path:
    """Write six articles, newer ones later in the alphabet, the last one undated."""
    for day, word in enumerate(WORDS, 1):
        published = f"---\npublished: 2022-04-0{day}\n---\n" if word != "falcon" else ""
        (settings.sources[0] / f"{word}.txt").write_text(f"{published}{word} came home on a rainy evening.")
    return settings.sources[0]


def state(settings: IndexSettings) -> tuple[int, int, int]:
    """Return the published generation, its passages, and how many have a full-model embedding; it must be intact."""
    number = current_number(settings.path)
    assert verify(settings.path, number) == []
    manifest = read_manifest(folder_of(settings.path, number))
    return number, manifest.passages, manifest.fine


@pytest.mark.usefixtures("log_on_stderr")
def test_a_draft_and_then_the_full_index(
    settings: IndexSettings,
    news: Path,
    fake: FakeEncoder,
    static: FakeStaticEncoder,
    capsys: pytest.CaptureFixture[str],
) -> None:
    built = build_index(settings)
    assert (built.generation, built.embedded, built.published, built.to_embed) == (2, 6, True, 0)
    assert state(settings) == (2, 6, 6)
    assert list_generations(settings.path) == [2], "the completed draft is removed"
    assert (
        capsys.readouterr().err
        == "quotewire: the draft answers from 6 articles now; full-model embeddings follow, newest articles first\n"
    )
    manifest = open_generation(settings.path).manifest
    assert (manifest.static, manifest.is_draft, manifest.dimension) == (None, False, 64)


def test_ending_with_the_draft(
    settings: IndexSettings, news: Path, fake: FakeEncoder, static: FakeStaticEncoder
) -> None:
    built = build_index(settings, draft=True)
    assert (built.generation, built.embedded, built.published, built.to_embed) == (1, 0, True, 6)
    assert (fake.encoded, len(static.texts)) == ([], 6)
    assert state(settings) == (1, 6, 0)
    generation = open_generation(settings.path)
    assert generation.manifest.static == static.fingerprint
    ids, cosines = generation.draft.search(static.encode(["carbon came home on a rainy evening."])[0], 1)
    assert ([passage.article.id for passage in generation.store.passages(ids.tolist())]) == ["carbon.txt"]
    assert cosines.tolist() == pytest.approx([1], abs=1e-3)

    again = build_index(settings, draft=True)
    assert (again.published, again.to_embed) == (False, 6)
    full = build_index(settings)
    assert (full.generation, full.embedded, full.to_embed) == (2, 6, 0)
    assert state(settings) == (2, 6, 6)
    assert len(static.texts) == 7, "nothing was read or encoded again"


def test_the_newest_come_first(
    settings: IndexSettings, news: Path, fake: FakeEncoder, static: FakeStaticEncoder
) -> None:
    build_index(settings.model_copy(update={"batch_size": 1}))
    blocks = [text.split()[0] for text in fake.encoded]
    assert set(blocks) == set(WORDS)
    generation = open_generation(settings.path)
    order = generation.store.newest_first(generation.store.passage_ids())
    found = [passage.article.id for passage in generation.store.passages(order)]
    assert found == ["echoes.txt", "delta.txt", "carbon.txt", "bravo.txt", "alpha.txt", "falcon.txt"]


def test_only_what_is_encoded_together_is_sorted_by_length(
    settings: IndexSettings, fake: FakeEncoder, static: FakeStaticEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.build.refine._SORTED", 2)
    for day, length in enumerate((1, 5, 3, 2, 9, 4), 1):
        text = f"---\npublished: 2022-04-0{day}\n---\n{'word ' * length}ended."
        (settings.sources[0] / f"a{day}.txt").write_text(text)
    build_index(settings.model_copy(update={"batch_size": 1}))
    assert [len(text.split()) - 1 for text in fake.encoded] == [9, 4, 3, 2, 5, 1]


def test_ctrl_c_keeps_the_draft_and_the_encoded_batches(
    settings: IndexSettings, news: Path, fake: FakeEncoder, static: FakeStaticEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.build.builder.load_encoder", lambda *_: FakeEncoder(fail_at=1))
    with pytest.raises(InterruptedBuildError) as raised:
        build_index(settings)
    assert str(raised.value) == (
        "interrupted: 4 of 6 passages are embedded and kept; the draft answers meanwhile; go on with: quotewire index"
    )
    assert state(settings) == (1, 6, 0)
    monkeypatch.setattr("index.build.builder.load_encoder", lambda *_: fake)
    assert build_index(settings).embedded == 2
    assert state(settings) == (2, 6, 6)


def test_a_change_is_published_before_embedding_goes_on(
    settings: IndexSettings, news: Path, fake: FakeEncoder, static: FakeStaticEncoder
) -> None:
    batches = iter([False, True])
    built = build_index(settings, stop=lambda: next(batches))
    assert (built.generation, built.to_embed, len(fake.encoded)) == (1, 6, 4)
    (news / "alpha.txt").write_text("Nobody came home.")
    (news / "carbon.txt").unlink()
    before = len(static.texts)
    built = build_index(settings, draft=True)
    assert (built.generation, built.to_embed) == (2, 2), "the four that were encoded have full-model embeddings"
    assert state(settings) == (2, 5, 3)
    assert static.texts[before:] == ["Nobody came home."], "the other draft embedding is copied"
    assert build_index(settings).embedded == 2
    assert state(settings) == (3, 5, 5)


@pytest.mark.usefixtures("log_on_stderr")
def test_a_small_change_needs_no_draft(
    settings: IndexSettings,
    news: Path,
    fake: FakeEncoder,
    static: FakeStaticEncoder,
    capsys: pytest.CaptureFixture[str],
) -> None:
    build_index(settings)
    capsys.readouterr()
    write_articles(news, golf="golf came home.")
    built = build_index(settings)
    assert (built.generation, built.embedded, built.to_embed) == (3, 1, 0)
    assert capsys.readouterr().err == ""
    base, now = folder_of(settings.path, 2), folder_of(settings.path, 3)
    linked = {path.name for path in (base / "vectors").iterdir() if (now / "vectors" / path.name).samefile(path)}
    assert linked == {path.name for path in (base / "vectors").iterdir()} != set()


def test_rebuilding_publishes_a_draft_first(
    settings: IndexSettings, news: Path, fake: FakeEncoder, static: FakeStaticEncoder
) -> None:
    build_index(settings)
    built = build_index(settings, rebuild=True)
    assert (built.generation, built.embedded) == (4, 6)
    assert len(fake.encoded) == 12
    assert list_generations(settings.path) == [2, 4]


def test_a_static_model_needs_no_draft(
    settings: IndexSettings, news: Path, fake: FakeEncoder, static: FakeStaticEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.build.builder.is_static", lambda _: True)
    assert build_index(settings, draft=True).to_embed == 0
    assert (state(settings), static.texts) == ((1, 6, 6), [])


# Completing a draft while others build or answer


def test_completing(settings: IndexSettings, news: Path, fake: FakeEncoder, static: FakeStaticEncoder) -> None:
    build_index(settings, draft=True)
    assert complete_index(settings) == 6
    assert state(settings) == (2, 6, 6)
    assert complete_index(settings) == 0
    assert state(settings) == (2, 6, 6)


def test_completing_ends_when_another_generation_is_published(
    settings: IndexSettings, news: Path, fake: FakeEncoder, static: FakeStaticEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_index(settings, draft=True)
    encode = fake.encode_document

    def encode_while_another_builds(texts: Sequence[str]) -> Vectors:
        monkeypatch.setattr(fake, "encode_document", encode)
        write_articles(news, golf="golf came home.")
        build_index(settings, draft=True)
        return encode(texts)

    monkeypatch.setattr(fake, "encode_document", encode_while_another_builds)
    assert complete_index(settings) == 4
    assert state(settings) == (2, 7, 0)


HOLD = "import sys; from pathlib import Path; from index.lock import build_lock\n"
HOLD += "with build_lock(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"


def test_completing_leaves_the_publishing_to_a_build(
    settings: IndexSettings, news: Path, fake: FakeEncoder, static: FakeStaticEncoder
) -> None:
    build_index(settings, draft=True)
    command = [sys.executable, "-c", HOLD, str(settings.path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == b"held\n"
        assert complete_index(settings) == 6
        holder.communicate()
    assert state(settings) == (1, 6, 0)
    assert build_index(settings).embedded == 0


def test_what_another_process_has_encoded_is_not_encoded_again(
    settings: IndexSettings, news: Path, fake: FakeEncoder, static: FakeStaticEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_index(settings, draft=True)
    encode = fake.encode_document

    def encode_while_a_question_does(texts: Sequence[str]) -> Vectors:
        monkeypatch.setattr(fake, "encode_document", encode)
        cache = EmbeddingCache(settings.path / "embeddings.sqlite", FAKE_MODEL.fingerprint)
        text = next(f"{word} came home on a rainy evening." for word in WORDS if not any(word in t for t in texts))
        cache.put([EmbeddingCache.key(text)], encode([text]))
        cache.close()
        return encode(texts)

    monkeypatch.setattr(fake, "encode_document", encode_while_a_question_does)
    complete_index(settings)
    assert state(settings) == (2, 6, 6)
    assert len(fake.encoded) == len(set(fake.encoded)) == 6


# Answers from a draft


@pytest.fixture
def answerer(
    settings: IndexSettings, news: Path, fake: FakeEncoder, static: FakeStaticEncoder, monkeypatch: pytest.MonkeyPatch
) -> Answerer:
    build_index(settings, draft=True)
    monkeypatch.setattr("retrieval.answerer.find_model", lambda *_: FAKE_MODEL)
    monkeypatch.setattr("retrieval.answerer.load_encoder", lambda *_: fake)
    return Answerer.open(settings, RetrievalSettings(min_confidence=0))


def ask(text: str) -> Question:
    return Question(text, datetime(2022, 6, 1, tzinfo=UTC), until=date(2022, 4, 5))


def test_a_draft_and_the_full_index_give_the_same_answer(settings: IndexSettings, answerer: Answerer) -> None:
    draft = answerer.answer(ask("Did carbon come home?"))
    assert draft.generation == 1
    assert draft.quotes[0].article.id == "carbon.txt"
    build_index(settings)
    assert answerer.refresh()
    full = answerer.answer(ask("Did carbon come home?"))
    assert full.generation == 2
    assert [quote.id for quote in full.quotes] == [quote.id for quote in draft.quotes]
    assert [q.score for q in full.quotes] == pytest.approx([q.score for q in draft.quotes], abs=2e-3)


def test_embeddings_computed_for_a_question_are_kept(
    settings: IndexSettings, fake: FakeEncoder, answerer: Answerer
) -> None:
    answerer.answer(ask("Did carbon come home?"))
    passages = {text for text in fake.encoded if text.endswith("evening.")}
    assert len(passages) == 5, "those of the days that were asked for"
    fake.documents.clear()
    assert complete_index(settings) == 1
    assert fake.encoded == ["falcon came home on a rainy evening."]


def test_a_draft_without_its_static_encoder(
    settings: IndexSettings, answerer: Answerer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrieval.answerer.load_static", lambda *_: None)
    with pytest.raises(DamagedIndexError, match=r"models: the encoder of this draft's vectors is missing or another"):
        Answerer.open(settings, RetrievalSettings())


def test_draft_embeddings_are_in_the_order_of_their_passages(
    settings: IndexSettings, news: Path, fake: FakeEncoder, static: FakeStaticEncoder
) -> None:
    build_index(settings, draft=True)
    generation = open_generation(settings.path)
    ids = generation.store.passage_ids()
    texts = [passage.text for passage in generation.store.all_passages()]
    np.testing.assert_allclose(generation.draft.vectors(ids), static.encode(texts), atol=1e-3)


def test_a_draft_whose_static_encoder_is_gone_is_made_again(
    settings: IndexSettings, news: Path, fake: FakeEncoder, static: FakeStaticEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_index(settings, draft=True)
    monkeypatch.setattr("index.build.builder.load_static", lambda _model, _root, make: static if make else None)
    built = build_index(settings, draft=True)
    assert (built.generation, built.published, built.to_embed) == (2, True, 6)


def test_completing_with_another_model(
    settings: IndexSettings, news: Path, fake: FakeEncoder, static: FakeStaticEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_index(settings, draft=True)
    monkeypatch.setattr(
        "index.build.builder.find_model", lambda *_: Model("other", Path("other"), "0" * 64, None, None)
    )
    with pytest.raises(
        WrongModelError, match=r"was built with fake, and the configuration names other \(fingerprints "
    ):
        complete_index(settings)


def test_a_preview_counts_what_a_draft_and_another_model_lack(
    settings: IndexSettings, news: Path, fake: FakeEncoder, static: FakeStaticEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_index(settings, draft=True)
    assert preview(settings).to_embed == 6
    build_index(settings)
    assert preview(settings).to_embed == 0
    monkeypatch.setattr(
        "index.build.builder.find_model", lambda *_: Model("other", Path("other"), "0" * 64, None, None)
    )
    assert preview(settings).to_embed == 6
    (news / "alpha.txt").unlink()
    assert preview(settings).to_embed == 5


def test_a_stopped_rebuild_is_continued(
    settings: IndexSettings, news: Path, fake: FakeEncoder, static: FakeStaticEncoder
) -> None:
    build_index(settings)
    batches = iter([False, True])
    assert build_index(settings, rebuild=True, stop=lambda: next(batches)).to_embed == 6
    assert len(fake.encoded) == 10
    assert build_index(settings).embedded == 2
    assert state(settings) == (4, 6, 6)


def test_a_cache_that_is_deleted_during_a_build(
    settings: IndexSettings, news: Path, fake: FakeEncoder, static: FakeStaticEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def encode_and_lose(*arguments: Any) -> EmbedResult:
        result = embed(*arguments)
        for path in settings.path.glob("embeddings.sqlite*"):
            path.unlink()
        return result

    with monkeypatch.context() as patch:
        patch.setattr("index.build.builder.embed", encode_and_lose)
        with pytest.raises(DamagedIndexError, match="cache has lost vectors since this build began; run again: quotew"):
            build_index(settings)
    assert state(settings) == (1, 6, 0)
    build_index(settings)
    assert state(settings) == (2, 6, 6)


def test_more_quotes_than_usual_are_looked_for_in_a_draft(
    answerer: Answerer, settings: IndexSettings, fake: FakeEncoder
) -> None:
    answerer = Answerer.open(settings, RetrievalSettings(min_confidence=0), replace(RankingParams(), draft_depth=2))
    answerer.answer(ask("Did anyone come home?"), limit=1)
    assert len({text for text in fake.encoded if text.endswith("evening.")}) == 2
    answerer.answer(ask("Did anyone come home?"), limit=4)
    assert len({text for text in fake.encoded if text.endswith("evening.")}) == 4
