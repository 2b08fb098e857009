"""The reference: sentence-transformers, which knows how any model is to be loaded, prompted, pooled and normalised.

The only place that imports torch.
"""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np

from index import telemetry
from index.encoders.encoder import Vectors, unit
from index.encoders.model_files import Model
from index.encoders.unpack import unpacked
from index.errors import ModelError

_OPSET = 17  # the first with LayerNormalization, which the runtime has a quick kernel for


def prepare(threads: int = 0) -> None:
    """Import torch and transformers, without bars and warnings of their own, to run on so many threads (0: all)."""
    telemetry.disable()
    # Set before the import: no bars but our own, and no warning when a process forks.
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    import torch
    import transformers

    transformers.utils.logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    transformers.utils.logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    if threads:
        torch.set_num_threads(threads)


def reason(error: Exception) -> str:
    """The first line of what a library says is wrong."""
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__


class SentenceTransformerEncoder:
    """An Encoder over a sentence-transformers model, prompts, pooling and all."""

    def __init__(self, model: Model, threads: int = 0) -> None:
        prepare(threads)
        from sentence_transformers import SentenceTransformer

        self._folder = model.folder
        given = {"query": model.query_prompt, "document": model.document_prompt}
        try:
            with unpacked(model) as folder:
                self._model = SentenceTransformer(str(folder), local_files_only=True)
        except Exception as error:
            raise ModelError(
                f"{model.folder} cannot be loaded as a sentence-transformers model: {reason(error)}"
            ) from None
        own = self._model.prompts
        # The library prefers "document" to the other names of the role, even when it is empty, as it is unless set.
        own["document"] = own.get("document") or own.get("passage") or own.get("corpus") or ""
        own.update({role: prompt for role, prompt in given.items() if prompt is not None})
        self.query_prompt, self.document_prompt = own.get("query") or "", own["document"] or ""
        self.dimension = int(self._model.get_embedding_dimension() or 0)
        window = self._model.max_seq_length or 512
        self.window = sys.maxsize if window == math.inf else int(window)  # a static model sees everything

    @property
    def tokenizer(self) -> Any:
        """The tokenizer, of transformers or, for a static model, of the tokenizers library."""
        return self._model.tokenizer

    @property
    def network(self) -> Any:
        """The transformer, as transformers has it."""
        return self._model[0].auto_model

    @property
    def pooling(self) -> str:
        """How the vectors of tokens become one; only of a model that has a pooling module."""
        mode: Any = self._model[1].pooling_mode
        return mode if isinstance(mode, str) else "+".join(mode)

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        """Encode questions."""
        vectors = self._model.encode_query(list(texts), batch_size=max(1, len(texts)), show_progress_bar=False)
        return unit(vectors.reshape(-1, self.dimension))

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        """Encode passages."""
        vectors = self._model.encode_document(list(texts), batch_size=max(1, len(texts)), show_progress_bar=False)
        return unit(vectors.reshape(-1, self.dimension))

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """How many tokens of the window each text would take."""
        if callable(self.tokenizer):  # of transformers
            return [len(ids) for ids in self.tokenizer(list(texts), truncation=False, verbose=False)["input_ids"]]
        return [len(encoding.ids) for encoding in self.tokenizer.encode_batch(list(texts))]  # of a static model

    def encode_tokens(self, rows: Sequence[Sequence[int]]) -> Vectors:
        """Encode token ids; a module that would normalise is passed over."""
        import torch

        if callable(self.tokenizer):
            features = dict(self.tokenizer.pad({"input_ids": [list(row) for row in rows]}, return_tensors="pt"))
        else:  # a static model takes all rows in one, and where each begins
            starts = [0, *accumulate(map(len, rows))][:-1]
            features = {"input_ids": torch.tensor([id for row in rows for id in row]), "offsets": torch.tensor(starts)}
        with torch.inference_mode():
            for module in self._model:
                if type(module).__name__ != "Normalize":
                    features = module(features)
        vectors = features["sentence_embedding"].float().numpy()[:, : self.dimension]
        return np.asarray(vectors, dtype=np.float32)

    def tokenizer_json(self) -> str:
        """The tokenizer as the tokenizers library writes it."""
        tokenizer = getattr(self.tokenizer, "backend_tokenizer", self.tokenizer)
        if not hasattr(tokenizer, "to_str"):
            raise ModelError(f"{self._folder}: its tokenizer needs transformers; name another model")
        return str(tokenizer.to_str())

    def write_onnx(self, path: Path, words: bool = True) -> None:
        """Write the first two modules, transformer and pooling, as one graph from token ids and masks to vectors.

        Both axes of its inputs, texts and tokens, are of any size. Without the table of words the graph takes their
        embeddings instead of ids. Raises whatever torch does.
        """
        import torch

        class Graph(torch.nn.Module):
            def __init__(self, *modules: torch.nn.Module) -> None:
                super().__init__()
                self.steps = torch.nn.ModuleList(modules)

            def forward(self, *inputs: torch.Tensor) -> torch.Tensor:
                features: Any = dict(zip(names, inputs, strict=True))
                for step in self.steps:
                    features = step(features)
                vectors: torch.Tensor = features["sentence_embedding"]
                return vectors

        modules, network = list(self._model)[:2], self.network
        features = self._model.preprocess(["a short text", "and one that is a little longer"])
        if not words:
            embeddings = network.get_input_embeddings()(features["input_ids"]).detach()
            features = {"inputs_embeds": embeddings, "attention_mask": features["attention_mask"]}
        names = [name for name, value in features.items() if isinstance(value, torch.Tensor)]
        usual = network.config._attn_implementation
        network.set_attn_implementation("eager")  # the runtime knows attention by its plain steps, and fuses them
        try:
            torch.onnx.export(
                Graph(*modules).eval(),
                tuple(features[name] for name in names),
                str(path),
                input_names=names,
                output_names=["vectors"],
                dynamic_axes={**{name: {0: "texts", 1: "tokens"} for name in names}, "vectors": {0: "texts"}},
                opset_version=_OPSET,
                dynamo=False,  # the tracer: it needs no package beside torch, and seconds
            )
        finally:
            network.set_attn_implementation(usual)
