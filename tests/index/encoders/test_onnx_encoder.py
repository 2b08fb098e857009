"""Exported models against sentence-transformers, number for number, and without torch."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from index.encoders.encoder import Vectors
from index.encoders.model_files import E5, MINILM, find_model
from index.encoders.onnx_encoder import OnnxEncoder
from index.encoders.onnx_export import load_export
from index.encoders.sentence_transformer import SentenceTransformerEncoder
from index.settings import IndexSettings
from tests.support.fake_models import make_bert_model

TEXTS = [
    "the cat sat on the mat",
    "dog",
    "",
    "the dog ran . the cat sat : rain fell on the mat and sanctions on the dog . the cat",  # more than the window
    "rain fell",
    "zzz",
]


def pair(
    folder: Path, root: Path, query_prompt: str | None = None, document_prompt: str | None = None
) -> tuple[SentenceTransformerEncoder, OnnxEncoder]:
    """A model with torch, and without."""
    model = find_model(str(folder), query_prompt, document_prompt)
    reference = SentenceTransformerEncoder(model)
    return reference, load_export(model, IndexSettings(path=root, batch_size=4), lambda: reference)


def agree(one: Vectors, other: Vectors) -> None:
    np.testing.assert_allclose(one, other, atol=2e-6)


@pytest.mark.parametrize("side", ["right", "left"])
@pytest.mark.parametrize("pooling", ["mean", "cls", "max", "mean_sqrt_len_tokens", "weightedmean", "lasttoken"])
def test_every_pooling(tmp_path: Path, pooling: str, side: str) -> None:
    reference, encoder = pair(make_bert_model(tmp_path / "model", pooling=pooling, side=side), tmp_path)
    assert (encoder.dimension, encoder.window) == (reference.dimension, reference.window) == (16, 16)
    agree(encoder.encode_document(TEXTS), reference.encode_document(TEXTS))
    assert encoder.count_tokens(TEXTS) == reference.count_tokens(TEXTS) == [8, 3, 2, 23, 4, 3]
    rows = [[2, 7, 8, 3], [2, 9, 3]]
    agree(encoder.encode_tokens(rows), reference.encode_tokens(rows))


@pytest.mark.parametrize(
    ("own", "given"),
    [
        (None, (None, None)),
        (None, ("query : ", "passage : ")),
        ({"query": "query : ", "passage": "passage : "}, (None, None)),
        ({"query": "query : ", "document": "passage : "}, ("dog ", "")),
    ],
)
def test_prompts(tmp_path: Path, own: dict[str, str] | None, given: tuple[str | None, str | None]) -> None:
    reference, encoder = pair(make_bert_model(tmp_path / "model", own), tmp_path, *given)
    agree(encoder.encode_query(TEXTS), reference.encode_query(TEXTS))
    agree(encoder.encode_document(TEXTS), reference.encode_document(TEXTS))
    is_same = reference.query_prompt == reference.document_prompt
    assert np.allclose(encoder.encode_query(TEXTS), encoder.encode_document(TEXTS)) == is_same
    assert encoder.count_tokens(TEXTS) == reference.count_tokens(TEXTS)


def test_more_texts_than_a_batch_keep_their_order(tmp_path: Path) -> None:
    reference, encoder = pair(make_bert_model(tmp_path / "model"), tmp_path)
    texts = [" ".join(["cat", "dog", "rain", "the"][: 1 + n % 4]) for n in range(3000)]
    agree(encoder.encode_document(texts)[::100], reference.encode_document(texts[::100]))


def test_no_texts(tmp_path: Path) -> None:
    _, encoder = pair(make_bert_model(tmp_path / "model"), tmp_path)
    assert encoder.encode_query([]).shape == encoder.encode_document([]).shape == encoder.encode_tokens([]).shape
    assert encoder.encode_tokens([]).shape == (0, 16)
    assert encoder.count_tokens([]) == []


def test_the_default_model(minilm: SentenceTransformerEncoder, minilm_onnx: OnnxEncoder) -> None:
    texts = ["Who is under sanctions?", "Rain fell on Moscow. " * 80, "санкции 制裁", "", "x" * 500]
    cosines = (minilm_onnx.encode_document(texts) * minilm.encode_document(texts)).sum(axis=1)
    assert cosines.min() > 0.999999


def test_int8_is_close_and_is_another_model(
    tmp_path: Path, minilm: SentenceTransformerEncoder, minilm_onnx: OnnxEncoder
) -> None:
    model = find_model("all-MiniLM-L6-v2", None, None, "int8")
    encoder = load_export(model, IndexSettings(path=tmp_path), lambda: minilm)
    folder = tmp_path / "models" / f"{model.fingerprint[:16]}-int8"
    assert (folder / "model.onnx").stat().st_size < 25e6
    texts = ["Who is under sanctions?", "The Federal Reserve raised interest rates by 0.75 points.", "Rain fell."]
    cosines = (encoder.encode_document(texts) * minilm_onnx.encode_document(texts)).sum(axis=1)
    assert 0.98 < cosines.min() < 0.9999


Both = tuple[SentenceTransformerEncoder, OnnxEncoder]


def test_the_packed_model(e5: Both, e5_root: Path) -> None:
    reference, encoder = e5
    assert (encoder.dimension, encoder.window) == (384, 512)
    texts = ["Who is under sanctions?", "санкции 制裁", "", " x\n y "]
    long = ["Rain fell on Moscow. " * 150]
    cosines = [(encoder.encode_document(each) * reference.encode_document(each)).sum(axis=1) for each in (texts, long)]
    cosines.append((encoder.encode_query(texts) * reference.encode_query(texts)).sum(axis=1))
    assert min(each.min() for each in cosines) > 0.999999
    assert encoder.count_tokens(texts + long) == reference.count_tokens(texts + long)
    rows = [[0, 7401, 2], [0, 12489, 4620, 41, 2]]
    np.testing.assert_allclose(encoder.encode_tokens(rows), reference.encode_tokens(rows), atol=1e-4)
    [folder] = (e5_root / "models").glob("*-fp32")
    assert sorted(path.name for path in folder.iterdir()) == ["export.json", "model.onnx"]
    assert (folder / "model.onnx").stat().st_size < 90e6  # without the table of words


def test_the_packed_model_knows_several_languages(e5: Both) -> None:
    _, encoder = e5
    [question] = encoder.encode_query(["Кто находится под санкциями?"])
    cosines = (
        encoder.encode_document(
            ["The Mission Control Center is under sanctions.", "Rain fell on Moscow.", "В Москве прошёл дождь."]
        )
        @ question
    )
    assert cosines[0] > cosines[1:].max() + 0.05


PROGRAM = """
import json
import os
import sys
from pathlib import Path
from index.encoders.encoder_loading import load_encoder
from index.encoders.model_files import E5, MINILM, find_model
from index.settings import IndexSettings

encoder = load_encoder(find_model(sys.argv[2]), IndexSettings(path=Path(sys.argv[1])))
print(json.dumps([encoder.encode_query(["rain"])[0].tolist(), encoder.encode_document(["rain"])[0].tolist()]))
print(sorted({"torch", "transformers", "sentence_transformers", "onnx", "huggingface_hub"} & set(sys.modules)))
"""


@pytest.mark.parametrize("name", [MINILM, E5])
def test_torch_is_not_even_imported(
    exported: IndexSettings, e5: Both, e5_root: Path, minilm_onnx: OnnxEncoder, name: str
) -> None:
    root, expected = (e5_root, e5[1]) if name == E5 else (exported.path, minilm_onnx)
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, root, name], capture_output=True, text=True, timeout=60, check=True
    )
    assert run.stderr == ""
    vectors, modules = run.stdout.splitlines()
    assert modules == "[]"
    question, document = json.loads(vectors)
    np.testing.assert_allclose(question, expected.encode_query(["rain"])[0], atol=1e-5)
    np.testing.assert_allclose(document, expected.encode_document(["rain"])[0], atol=1e-5)


@pytest.mark.parametrize("call", ["open_session(path)", "quantize(path, path)"])
def test_the_runtime_reports_to_nobody(tmp_path: Path, call: str) -> None:
    """The variable is there when the library is imported, which is when it looks."""
    program = (
        "import builtins, os, sys\n"
        "from pathlib import Path\n"
        "from index.encoders.onnx_encoder import open_session, quantize\n"
        "path, usual, seen = Path(sys.argv[1]), builtins.__import__, []\n"
        "def watched(name, *rest):\n"
        "    if name.split('.')[0] == 'onnxruntime' and not seen:\n"
        "        seen.append(os.environ.get('ORT_DISABLE_TELEMETRY'))\n"
        "    return usual(name, *rest)\n"
        "builtins.__import__ = watched\n"
        "try:\n"
        f"    {call}\n"
        "except Exception:\n"  # there is no such graph
        "    print(seen)\n"
    )
    environment = {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"}
    command = [sys.executable, "-c", program, str(tmp_path / "none.onnx")]
    run = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    assert run.stdout == "['1']\n"
