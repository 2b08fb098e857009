"""Stand-ins that are quick and can be reckoned with: an encoder of word counts, models of a few kilobytes."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.encoders.encoder import Vectors
from index.encoders.model_files import Model
from index.storage.lexical_index import stems

if TYPE_CHECKING:
    from tokenizers import Tokenizer

FAKE_MODEL = Model("fake", Path("fake"), "f" * 64, None, None)
DISTILLING = "quotewire: distilling fake into a quick encoder of words and drafts, once\n"  # what its first build says

TINY_WORDS = ("query", "passage", "cat", "dog", "sat", "ran", "the", "on", "mat", "rain", "fell", "sanctions", ":", ".")
_BERT_WORDS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *TINY_WORDS)


class FakeEncoder:
    """Bags of English stems: texts with the same words are equal, texts without a common one (nearly) at right angles.

    `documents` and `queries` record each call. With a log, each text goes into that file, as a line of JSON, before
    its vector is given out; with a pause, each call takes that many seconds; `fail_at` raises `failure` at that call.
    """

    window = 256

    def __init__(
        self,
        dimension: int = 64,
        log: Path | None = None,
        pause: float = 0,
        fail_at: int | None = None,
        failure: type[BaseException] = KeyboardInterrupt,
    ) -> None:
        self.dimension = dimension
        self.documents: list[list[str]] = []
        self.queries: list[list[str]] = []
        self._log = log
        self._pause = pause
        self._fail_at = fail_at
        self._failure = failure

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        self.queries.append(list(texts))
        return self._encode(texts)

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        if len(self.documents) == self._fail_at:
            raise self._failure
        self.documents.append(list(texts))
        time.sleep(self._pause)
        if self._log:
            with self._log.open("a", encoding="utf-8") as log:
                log.writelines(f"{json.dumps(text)}\n" for text in texts)
        return self._encode(texts)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) + 2 for text in texts]

    def encode_tokens(self, rows: Sequence[Sequence[int]]) -> Vectors:
        return self._encode([" ".join(("[UNK]", *TINY_WORDS)[id] for id in row) for row in rows])

    def tokenizer_json(self) -> str:
        return tiny_tokenizer().to_str()

    @property
    def encoded(self) -> list[str]:
        """Every document text, in the order of the calls."""
        return [text for batch in self.documents for text in batch]

    def _encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for stem in stems(text, "en") or [text]:
                row[hashlib.sha256(stem.encode()).digest()[0] % self.dimension] += 1
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


class FakeStaticEncoder:
    """Vectors of words and drafts, of the fake encoder's kind; `texts` are those that were encoded."""

    fingerprint = "5" * 64

    def __init__(self, dimension: int = 32) -> None:
        self.dimension = dimension
        self.texts: list[str] = []
        self._encoder = FakeEncoder(dimension)

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.texts += texts
        return self._encoder.encode_document(texts)


def tiny_tokenizer() -> Tokenizer:
    """Words by spaces, in lower case, numbered from 1 in the order of TINY_WORDS; 0 is any other."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

    tokenizer = Tokenizer(models.WordLevel({word: at for at, word in enumerate(("[UNK]", *TINY_WORDS))}, "[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    return tokenizer


def make_static_model(folder: Path) -> Path:
    """Save a real sentence-transformers model: a StaticEmbedding of a few words, 8 numbers each."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding

    weights = torch.randn(len(TINY_WORDS) + 1, 8, generator=torch.Generator().manual_seed(7))
    module = StaticEmbedding(tiny_tokenizer(), embedding_weights=weights.numpy())
    SentenceTransformer(modules=[module]).save(str(folder))
    return folder


def make_bert_model(
    folder: Path, prompts: dict[str, str] | None = None, pooling: Any = "mean", side: str = "right"
) -> Path:
    """Save a real sentence-transformers model: a BERT of one layer with random weights, window 16, dimension 16."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertModel

    raw = folder.with_name(f"{folder.name}-raw")
    raw.mkdir(parents=True)
    tiny_bert_tokenizer(side).save_pretrained(raw)
    torch.manual_seed(7)
    BertModel(tiny_bert_config(16)).save_pretrained(raw)
    transformer = Transformer(str(raw), max_seq_length=16)
    model = SentenceTransformer(modules=[transformer, Pooling(16, pooling)], prompts=prompts)
    model.save(str(folder))
    return folder


def make_cross_encoder(folder: Path, outputs: int = 1) -> Path:
    """Save a real cross-encoder as transformers does: a BERT of one layer with random weights, window 32."""
    import torch
    from transformers import BertForSequenceClassification

    tiny_bert_tokenizer().save_pretrained(folder)
    torch.manual_seed(7)
    config = tiny_bert_config(32)
    config.num_labels = outputs
    BertForSequenceClassification(config).save_pretrained(folder)
    return folder


def tiny_bert_tokenizer(side: str = "right") -> Any:
    """The tokenizer of the tiny models: words by spaces, in lower case."""
    from transformers import BertTokenizer

    return BertTokenizer(vocab={word: at for at, word in enumerate(_BERT_WORDS)}, padding_side=side)


def tiny_bert_config(window: int) -> Any:
    """The sizes of the tiny models."""
    from transformers import BertConfig

    return BertConfig(
        vocab_size=len(_BERT_WORDS),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=window,
        initializer_range=1.0,
    )
