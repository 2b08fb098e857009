"""Loads the reader that the configuration names: the built-in one, or another model by its folder or hub name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from index.encoders.model_files import READER, find_folder, module_types
from index.encoders.sentence_transformer import prepare
from index.errors import ModelError
from index.files import expanded
from retrieval.params import RankingParams
from retrieval.reader.calibration import CALIBRATION, read_calibration
from retrieval.reader.reading import CARD, Reader
from retrieval.settings import BUILT_IN

WEIGHTS = Path(__file__).parent / "weights"  # of the built-in reader


def load_reader(name: str, threads: int = 0, params: RankingParams = RankingParams()) -> Reader | None:
    """Load the built-in reader, or another by its folder or its name on the Hugging Face hub; return None for "".

    A model is a reader of the built-in kind, an extractive question-answering model, or a cross-encoder. It is only
    downloaded if it is not on this machine. Raises ModelError if there is no such model, or if it cannot be loaded.
    """
    if not name:
        return None
    folder = folder_of(name)
    if folder == WEIGHTS or (folder / CARD).is_file():
        from retrieval.reader.onnx_reader import OnnxReader

        return OnnxReader(folder, threads)
    kind = _kind(folder)
    if kind is None:
        raise ModelError(
            f"{name} is neither a question-answering model nor a cross-encoder; name one in {READER.setting}, "
            f"or {READER.instead}"
        )
    calibration = read_calibration(folder / CALIBRATION)
    prepare(threads)
    if kind == "answers":
        from retrieval.reader.extractive_reader import ExtractiveReader

        return ExtractiveReader(folder, calibration)
    from retrieval.reader.cross_encoder_reader import CrossEncoderReader

    return CrossEncoderReader(folder, calibration, params)


def folder_of(name: str) -> Path:
    """Return the folder of a reader; raises ModelError if there is none."""
    if name == BUILT_IN:
        return WEIGHTS
    folder = expanded(name)
    return folder if (folder / CARD).is_file() else find_folder(name, READER)


def _kind(folder: Path) -> str | None:
    """Return the kind of a model, "answers" or "passages", by its files; None if it is no reader.

    A library would load any other model too, with random weights in its last layer.
    """
    if module_types(folder):  # saved by sentence-transformers
        kind = _read(folder / "config_sentence_transformers.json").get("model_type")
        return "passages" if kind == "CrossEncoder" else None
    named = _read(folder / "config.json").get("architectures")
    head = named[0] if isinstance(named, list) and named else ""
    if str(head).endswith("ForQuestionAnswering"):
        return "answers"
    return "passages" if str(head).endswith(("ForSequenceClassification", "ForCausalLM")) else None


def _read(path: Path) -> dict[str, Any]:
    """Return the JSON object of a file; an empty one if it cannot be read."""
    try:
        values = json.loads(path.read_bytes())
    except (OSError, ValueError):  # missing or invalid
        return {}
    return values if isinstance(values, dict) else {}
