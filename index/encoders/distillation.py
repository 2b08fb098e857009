"""A model distilled into a table of token vectors, after model2vec (Tulkens and van Dongen 2024), without training."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import shutil
import time
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.encoders.encoder import Encoder, Vectors
from index.encoders.model_files import Model
from index.encoders.static_encoder import MANIFEST, TABLE, TOKENIZER, VERSION, WEIGHTS, Distilled, TableEncoder
from index.errors import ModelError
from index.files import sync
from index.progress import progress

if TYPE_CHECKING:
    from tokenizers import Tokenizer

DIMENSION = 256
_SIF = 1e-4  # Arora, Liang and Ma 2017, and model2vec
_UNUSED = re.compile(r"\[unused\d+\]")  # the places that BERT's vocabularies keep free
_BATCH = 512  # tokens
_MODULES = [
    {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.StaticEmbedding"},
    {"idx": 1, "name": "1", "path": "1_Normalize", "type": "sentence_transformers.models.Normalize"},
]


def distill(model: Model, encoder: Encoder, folder: Path) -> None:
    """Encode every token of a model's vocabulary, and save the vectors in a folder as a StaticEmbedding model.

    The folder comes to be whole, in one rename, or not at all; one that is damaged is replaced. Where another process
    has made it meanwhile, that one's is kept.
    """
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_str(encoder.tokenizer_json())
    tokenizer.no_padding()
    tokenizer.no_truncation()
    ids = _ordinary(tokenizer)
    vectors = reduce(_encode(encoder, tokenizer, ids), DIMENSION) * weigh(len(ids))[:, None]
    table = np.zeros((max(tokenizer.get_vocab().values()) + 1, vectors.shape[1]), dtype=np.float32)
    table[ids] = vectors  # the others say nothing

    folder.parent.mkdir(parents=True, exist_ok=True)
    _remove_leftovers(folder.parent)
    building = _beside(folder)
    building.mkdir()
    try:
        _write(building, model, table, tokenizer)
        _publish(building, folder, model)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def reduce(vectors: Vectors, dimension: int) -> Vectors:
    """The first principal components, at most `dimension`, of float32 rows: centred, the widest axis first."""
    centred = vectors - vectors.mean(axis=0)
    _, axes = np.linalg.eigh((centred.T @ centred).astype(np.float64))  # ascending
    return np.asarray(centred @ axes[:, ::-1][:, :dimension].astype(np.float32))


def weigh(count: int) -> NDArray[np.float32]:
    """How much each of `count` tokens says, the most frequent first.

    Smooth inverse frequency, a / (a + p), with the frequencies p of Zipf's law: a vocabulary is in order of frequency,
    and the token of rank r, from 0, is taken to be 1 / (r + 2) of the texts, in proportion.
    """
    frequencies = 1 / (np.arange(count) + 2.0)
    return np.asarray(_SIF / (_SIF + frequencies / frequencies.sum()), dtype=np.float32)


def _ordinary(tokenizer: Tokenizer) -> list[int]:
    """The tokens that texts are made of, in the vocabulary's order."""
    special = {id for id, token in tokenizer.get_added_tokens_decoder().items() if token.special}
    unknown = getattr(tokenizer.model, "unk_token", None)  # which need not be among the added ones
    vocabulary = sorted((id, token) for token, id in tokenizer.get_vocab().items())
    return [id for id, token in vocabulary if id not in special and token != unknown and not _UNUSED.fullmatch(token)]


def _encode(encoder: Encoder, tokenizer: Tokenizer, ids: list[int]) -> Vectors:
    """Each token between those that the model expects around a text, as in [CLS] token [SEP]."""
    sample = tokenizer.encode("a")
    ordinary = [at for at, special in enumerate(sample.special_tokens_mask) if not special] or [len(sample)]
    before, after = sample.ids[: ordinary[0]], sample.ids[ordinary[-1] + 1 :]
    vectors = []
    with progress("distilling", "tokens", len(ids)) as advance:
        for at in range(0, len(ids), _BATCH):
            batch = ids[at : at + _BATCH]
            vectors.append(encoder.encode_tokens([[*before, id, *after] for id in batch]))
            advance(len(batch))
    return np.concatenate(vectors)


def _write(folder: Path, model: Model, table: Vectors, tokenizer: Tokenizer) -> None:
    """Write a model that SentenceTransformer(folder) loads, and its manifest, and sync it all to disk."""
    from safetensors.numpy import save

    raw = {WEIGHTS: save({TABLE: table}), TOKENIZER: tokenizer.to_str().encode()}
    files = {name: (len(content), hashlib.sha256(content).hexdigest()) for name, content in raw.items()}
    distilled = Distilled(VERSION, model.fingerprint, table.shape[1], files)
    raw[MANIFEST] = json.dumps({**asdict(distilled), "fingerprint": distilled.fingerprint}, indent=1).encode()
    raw["modules.json"] = json.dumps(_MODULES, indent=1).encode()
    for name, content in raw.items():
        (folder / name).write_bytes(content)
    (folder / "1_Normalize").mkdir()
    for path in [*folder.rglob("*"), folder]:
        sync(path)


def _publish(building: Path, folder: Path, model: Model) -> None:
    """Give a folder its name, unless a whole one has it."""
    while True:
        try:
            building.rename(folder)  # which fails where a folder with files has that name
            sync(folder.parent)
            return
        except OSError:
            if not folder.exists():
                raise
        try:
            TableEncoder(folder, model)
            return
        except ModelError:
            damaged = _beside(folder)
            with suppress(FileNotFoundError):  # another process was quicker
                folder.rename(damaged)
                shutil.rmtree(damaged)


def _beside(folder: Path) -> Path:
    """A new name, in the same folder, that no reader opens."""
    return folder.with_name(f"{folder.name}.{secrets.token_hex(8)}.distilling")


def _remove_leftovers(folder: Path) -> None:
    """Remove what killed distillations left; one under way has written for seconds, not for an hour."""
    for path in folder.glob("*.distilling"):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > 3600:
                shutil.rmtree(path)
