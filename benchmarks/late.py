"""Whether late interaction over the model's own token vectors, or vectors of sentences, would be worth their time.

    python -m benchmarks.late questions.jsonl --config FILE [--limit N] [--json FILE]

Two tables, over the answerable questions. Order: the first 20 passages once more in order, their score s mixed with
MaxSim m (Khattab and Zaharia 2020) as (1 - w) s + w m; m is the mean over the question's tokens, or over those of its
terms by idf, of the highest cosine to a token of the passage. passage@1: the first passage holds the answer. Choice:
the sentence of the first passage by each signal; right: it holds the answer; if found: of those passages that hold one.
The last lines say what the parts take by the runtime that answers, in processor time, the median of 10 questions.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.measure import show
from index.encoder import Vectors, unit
from index.models import find_model
from index.reference import SentenceTransformerEncoder
from index.settings import IndexSettings
from index.types import Passage, Span
from retrieval.answer import Answerer
from retrieval.evaluation.judge import holds
from retrieval.evaluation.labels import Labelled, read_labelled, spread
from retrieval.fit import Lexicon, Term, overlaps, terms
from retrieval.ranking import Fitted
from retrieval.settings import RetrievalSettings

REORDERED, TIMED = 20, 10
WEIGHTS = (0.1, 0.2, 0.3, 0.5, 0.7)
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Tokens:
    """The unit vectors of a text's tokens, and where in the text each stands; special ones are left out."""

    vectors: Vectors
    spans: tuple[Span, ...]

    def within(self, span: Span) -> NDArray[np.bool_]:
        """Which tokens begin in a slice of the text."""
        return np.array([span.start <= own.start < span.end for own in self.spans], dtype=bool)


class TokenEncoder:
    """The model's token vectors, by sentence-transformers."""

    def __init__(self, encoder: SentenceTransformerEncoder) -> None:
        self._encoder = encoder
        self._kept: dict[str, Tokens] = {}

    def __call__(self, text: str) -> Tokens:
        """The tokens of one text, kept for a while."""
        if text not in self._kept:
            if len(self._kept) >= 500:
                self._kept.clear()
            self._kept[text] = self.encode([text])[0]
        return self._kept[text]

    def encode(self, texts: list[str]) -> list[Tokens]:
        """The tokens of each text, as far as the window goes."""
        found = self._encoder._model.encode_document(texts, output_value="token_embeddings", show_progress_bar=False)
        limit = self._encoder.window
        spans = self._encoder.tokenizer(texts, truncation=True, max_length=limit, return_offsets_mapping=True)
        tokens = []
        for vectors, places in zip(found, spans["offset_mapping"], strict=True):
            real = [at for at, (start, end) in enumerate(places) if end > start]
            tokens.append(Tokens(unit(vectors.numpy()[real]), tuple(Span(*places[at]) for at in real)))
        return tokens


def token_weights(text: str, tokens: Tokens, asked: Sequence[Term]) -> Floats:
    """Of each token of a question, the idf of the term that it is a part of; the same for all if there is no term."""
    weights = np.zeros(len(tokens.spans))
    for term in asked:
        at = text.lower().find(term.word)
        if at >= 0:
            weights[tokens.within(Span(at, at + len(term.word)))] = term.weight
    return weights if weights.any() else np.ones(len(tokens.spans))


def max_sim(question: Vectors, text: Vectors, weights: Floats) -> float:
    """The weighted mean over the question's tokens of the highest cosine to one of the text's."""
    return float(np.average((question @ text.T).max(axis=1), weights=weights)) if len(text) else 0.0


def each_max_sim(question: Vectors, texts: Sequence[Vectors]) -> list[float]:
    return [max_sim(question, text, np.ones(len(question))) for text in texts]


def is_right(text: str, span: Span, passage: Passage, one: Labelled) -> bool:
    """Whether a slice of a passage's article holds the answer: where it is known to stand, else anywhere."""
    if passage.article.id not in one.articles:
        return False
    if one.spans:
        return any(span.start <= start < span.end for start, _ in one.spans)
    return holds(text, one)


class Bench:
    """The answerer, both encoders, and the figures."""

    def __init__(self, answerer: Answerer, encoder: SentenceTransformerEncoder) -> None:
        self.answerer, self.encode, self.tokens = answerer, answerer._encoder.encode_document, TokenEncoder(encoder)
        self.order: defaultdict[str, list[tuple[float, float, float]]] = defaultdict(list)  # passage@1, hit@1, 1/rank
        self.choice: defaultdict[str, list[tuple[bool, bool]]] = defaultdict(list)  # found, right
        self.times: defaultdict[str, list[float]] = defaultdict(list)

    def timed(self, name: str, call: Callable[[], object]) -> None:
        """Call and measure, for the first questions only."""
        if len(self.times[name]) < TIMED:
            started = time.process_time()
            call()
            self.times[name].append((time.process_time() - started) * 1000)

    def ask(self, one: Labelled) -> None:
        """Measure both with one question."""
        fitted = self.answerer._find(one.question, 30).fitted
        if not fitted:
            return
        passage = fitted[0].hit.passage
        asked = terms(
            one.question.text,
            passage.article.language,
            partial(self.answerer._generation.words.idf, language=passage.article.language),
        )
        question = self.tokens.encode([one.question.text])[0]
        weights = token_weights(one.question.text, question, asked)
        self.reorder(one, fitted, question.vectors, weights)
        self.choose(one, fitted[0], asked, question.vectors, weights)

    def reorder(self, one: Labelled, fitted: list[Fitted], question: Vectors, weights: Floats) -> None:
        """Judge each order of the first passages."""
        first = sorted(fitted, key=lambda each: -each.hit.score)[:REORDERED]
        self.judge(one, "search: words and vectors", first, [each.hit.score for each in first])
        today = fitted[:REORDERED]
        self.judge(one, "today: with sentences, article, place", today, [each.score for each in today])
        equal = np.ones(len(weights))
        for base, of in (("search", first), ("today", today)):
            texts = [self.tokens(each.hit.passage.text).vectors for each in of]
            self.timed("MaxSim of 20 passages", partial(each_max_sim, question, texts))
            scores = np.array([each.hit.score if base == "search" else each.score for each in of])
            for kind, by in (("all tokens", equal), ("idf", weights)):
                similar = np.array([max_sim(question, text, by) for text in texts])
                for weight in WEIGHTS:
                    mixed = ((1 - weight) * scores + weight * similar).tolist()
                    self.judge(one, f"{base}, MaxSim by {kind}, {weight:g}", of, mixed)
        self.timed("encoding 20 passages", partial(self.encode, [each.hit.passage.text for each in today]))

    def judge(self, one: Labelled, name: str, fitted: Sequence[Fitted], scores: Iterable[float]) -> None:
        """Judge one order: the first passage, and the articles."""
        pairs = sorted(zip(scores, fitted, strict=True), key=lambda pair: -pair[0])
        passages = [each.hit.passage for _, each in pairs]
        articles = list(dict.fromkeys(passage.article.id for passage in passages))
        rank = next((at for at, id in enumerate(articles, 1) if id in one.articles), 0)
        best = passages[0]
        right = is_right(best.text, Span(best.start, best.end), best, one)
        self.order[name].append((float(right), float(rank == 1), 1 / rank if rank else 0.0))

    def choose(self, one: Labelled, first: Fitted, asked: Sequence[Term], question: Vectors, weights: Floats) -> None:
        """Judge the sentence that each signal chooses."""
        passage, spans = first.hit.passage, first.spans
        texts = [passage.article.text[slice(*span)] for span in spans]
        rights = [is_right(text, span, passage, one) for text, span in zip(texts, spans, strict=True)]
        vector = self.answerer._encoder.encode_query([one.question.text])[0]
        equal = overlaps(asked, texts, passage.article.language, Lexicon(None)) @ first.weights
        alone = self.encode(texts) @ vector
        self.timed("encoding a passage's sentences", partial(self.encode, texts))
        whole = self.tokens(passage.text)
        self.timed("encoding a passage", partial(self.encode, [passage.text]))
        own = [whole.within(Span(start - passage.start, end - passage.start)) for start, end in spans]
        pooled = unit(np.array([whole.vectors[held].sum(axis=0) for held in own])) @ vector
        similar = np.array([max_sim(question, whole.vectors[held], weights) for held in own])
        all_tokens = np.array([max_sim(question, whole.vectors[held], np.ones(len(weights))) for held in own])
        shares, fits = first.shares, first.fits
        signals = {
            "first sentence": -np.arange(len(spans)),
            "equal stems, by idf": equal,
            "… and words near in meaning": shares,
            "… and what is asked for (today)": fits,
            "cosine of the sentence alone": alone,
            "cosine of its tokens in the passage, pooled": pooled,
            "MaxSim of its tokens, all": all_tokens,
            "MaxSim of its tokens, idf": similar,
            **{f"today + {w:g} cosine alone": fits + w * alone for w in (0.25, 0.5, 1.0)},
            **{f"today + {w:g} pooled": fits + w * pooled for w in (0.25, 0.5, 1.0)},
            **{f"today + {w:g} MaxSim, idf": fits + w * similar for w in (0.25, 0.5, 1.0)},
        }
        for name, values in signals.items():
            self.choice[name].append((any(rights), rights[int(np.argmax(values))]))

    def tables(self) -> tuple[list[dict[str, object]], list[dict[str, object]], list[dict[str, object]]]:
        """What was found: order, choice, times."""
        order: list[dict[str, object]] = []
        for name, rows in self.order.items():
            passage, hit, reciprocal = (f"{value:.3f}" for value in np.mean(rows, axis=0))
            order.append({"order": name, "passage@1": passage, "hit@1": hit, "MRR": reciprocal})
        choice: list[dict[str, object]] = []
        for name, pairs in self.choice.items():
            found = [right for held, right in pairs if held]
            over_all = statistics.mean(right for _, right in pairs)
            choice.append({"choice": name, "if found": f"{statistics.mean(found):.3f}", "over all": f"{over_all:.3f}"})
        times: list[dict[str, object]] = [
            {"part": name, "cpu ms": f"{statistics.median(values):.1f}"} for name, values in self.times.items()
        ]
        return order, choice, times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--config", type=Path)
    parser.add_argument("--limit", type=int, help="take so many questions at even distances")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    index = IndexSettings.load(options.config)
    model = find_model(index.model, index.query_prompt, index.document_prompt, index.precision)
    answerer = Answerer.open(index, RetrievalSettings.load(options.config))
    bench = Bench(answerer, SentenceTransformerEncoder(model, threads=1))
    labelled = [one for one in read_labelled(options.questions, partial(print, file=sys.stderr)) if one.answerable]
    labelled = spread(labelled, options.limit)
    for one in labelled:
        bench.ask(one)
    print(f"{len(labelled)} questions\n")
    for number, table in enumerate(bench.tables()):
        path = options.json and options.json.with_suffix(f".{number}.json")
        show(table, path)
        print()


if __name__ == "__main__":
    main()
