"""Confidences worked out by hand, and files of calibrations, valid and invalid."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import ModelError
from retrieval.reader.calibration import Calibration, read_calibration, sigmoid
from tests.support.fake_readers import CALIBRATION


def test_confidence() -> None:
    """0.5 · 4 − 1 = 1, whose probability is e / (1 + e)."""
    assert Calibration(**CALIBRATION).confidence(4.0) == pytest.approx(math.e / (1 + math.e))
    assert Calibration(**CALIBRATION).confidence(2.0) == 0.5


@given(st.floats(0.05, 5), st.floats(-5, 5), st.floats(1e-6, 1 - 1e-6))
def test_odds_is_the_inverse_of_confidence(slope: float, bias: float, confidence: float) -> None:
    by = Calibration(slope, bias, 8.0, 0.4, 0.2, 0.05, 0.5)
    assert by.confidence(by.odds(confidence)) == pytest.approx(confidence, rel=1e-6, abs=1e-9)


@given(st.floats(0.05, 5), st.floats(-5, 5), st.floats(-100, 100), st.floats(-100, 100))
def test_higher_log_odds_never_have_a_lower_confidence(slope: float, bias: float, one: float, other: float) -> None:
    by = Calibration(slope, bias, 8.0, 0.4, 0.2, 0.05, 0.5)
    assert by.confidence(max(one, other)) >= by.confidence(min(one, other))


def test_the_threshold_of_further_sentences() -> None:
    by = Calibration(1.0, 0.0, 8.0, 0.4, 0.2, 0.05, 0.5)
    assert (by.further_quote_threshold(3.0, 9.0, True), by.further_quote_threshold(-1.0, 0.0, False)) == (0.5, -3.5)
    by = replace(by, share=0.5, further=-1.0, same=0.75, gap=0.25)
    assert (by.further_quote_threshold(3.0, 0.0, False), by.further_quote_threshold(3.0, 0.0, True)) == (0.5, -0.25)
    assert (by.further_quote_threshold(3.0, 2.0, False), by.further_quote_threshold(3.0, 3.0, False)) == (0.0, -0.25)


@pytest.mark.parametrize(("confidence", "odds"), [(0.0, -math.inf), (1.0, math.inf)])
def test_no_log_odds_are_certain(confidence: float, odds: float) -> None:
    assert Calibration(**CALIBRATION).odds(confidence) == odds


@pytest.mark.parametrize(
    ("odds", "probability"), [(0, 0.5), (math.log(3), 0.75), (-math.log(3), 0.25), (9999, 1), (-9999, 0)]
)
def test_sigmoid(odds: float, probability: float) -> None:
    assert sigmoid(odds) == pytest.approx(probability)


def test_a_file(tmp_path: Path) -> None:
    path = tmp_path / "calibration.json"
    assert read_calibration(path) is None
    path.write_text(json.dumps(CALIBRATION))
    assert read_calibration(path) == Calibration(0.5, -1.0, 8.0, 0.4, 0.2, 0.05, 0.5)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (json.dumps({**CALIBRATION, "slope": None}), "slope: Input should be a valid number"),
        (json.dumps({**CALIBRATION, "margin": 1}), "margin: Unexpected keyword argument"),
        (json.dumps({"slope": 1}), "bias: Field required"),
        (json.dumps({**CALIBRATION, "bias": math.inf}), "bias: Input should be a finite number"),
        (json.dumps({**CALIBRATION, "slope": 0}), "slope: Input should be greater than 0"),
        (json.dumps({**CALIBRATION, "threshold": 7}), "threshold: Input should be less than or equal to 1"),
        ("", "Invalid JSON: EOF while parsing a value at line 1 column 0"),
    ],
)
def test_an_invalid_file(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "calibration.json"
    path.write_text(text)
    with pytest.raises(ModelError) as raised:
        read_calibration(path)
    assert str(raised.value) == f"{path}: {said}; create it again with: python -m training calibrate, or delete it"


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "calibration.json").mkdir()
    with pytest.raises(ModelError, match=r"calibration.json: cannot be read \(Is a directory\); create it again"):
        read_calibration(tmp_path / "calibration.json")
