"""The network: one encoder over pieces, word vectors, and the heads.

A word's vector comes from its first and last piece; word features (lexicon bits and corpus vectors) are added to the pieces' embeddings and to the word's vector.
Anchors (event triggers, statement cues, first words of commitments) are words with a class; everything that belongs to an anchor (roles, speaker, content, who is bound)
is a label of a word relative to it, so one pass over the text serves all of them.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from musnad.tagger.labels import ANCHORS, FAR, RELATIONS, SPAN_HEADS, WORD_HEADS

WIDTH, INNER, HEADS, LONGEST = 384, 1536, 12, 512
PAIR = 128


class Layer(nn.Module):
    """One post-norm transformer layer of BERT."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.norm1 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.up = nn.Linear(WIDTH, INNER)
        self.down = nn.Linear(INNER, WIDTH)
        self.norm2 = nn.LayerNorm(WIDTH, eps=1e-12)

    def forward(self, x: Tensor, bias: Tensor, plain: bool) -> Tensor:
        batch, length, _ = x.shape
        q, k, v = (t.view(batch, length, HEADS, WIDTH // HEADS).transpose(1, 2) for t in self.qkv(x).split(WIDTH, -1))
        if plain:  # the form that exports to a small ONNX graph
            weight = torch.softmax(torch.matmul(q, k.transpose(-1, -2)) / math.sqrt(WIDTH // HEADS) + bias, -1)
            seen = torch.matmul(weight, v)
        else:
            seen = F.scaled_dot_product_attention(q, k, v, attn_mask=bias.to(q.dtype))
        x = self.norm1(x + self.out(seen.transpose(1, 2).reshape(batch, length, WIDTH)))
        return self.norm2(x + self.down(F.gelu(self.up(x))))


class Encoder(nn.Module):
    """Pieces (batch, T) to vectors (batch, T, 384)."""

    def __init__(self, vocabulary: int, layers: int, features: int) -> None:
        super().__init__()
        self.word = nn.Embedding(vocabulary, WIDTH)
        self.position = nn.Embedding(LONGEST, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(layers))
        self.features = nn.Linear(features, WIDTH, bias=False)
        nn.init.zeros_(self.features.weight)

    def forward(self, ids: Tensor, mask: Tensor, of_word: Tensor, features: Tensor, plain: bool = False) -> Tensor:
        length = ids.shape[1]
        told = gather(self.features(features), of_word)
        x = self.word(ids) + self.position.weight[:length] + told
        x = self.norm(x)
        bias = (1.0 - mask.to(x.dtype))[:, None, None, :] * -10000.0
        for layer in self.layers:
            x = layer(x, bias, plain)
        return x


def gather(x: Tensor, index: Tensor) -> Tensor:
    """Rows of x (batch, N, D) by index (batch, M)."""
    return torch.gather(x, 1, index.unsqueeze(-1).expand(-1, -1, x.shape[-1]))


class Reader(nn.Module):
    """The encoder with all heads. `forward` gives a dict of logits and projections over words."""

    def __init__(self, vocabulary: int, layers: int, features: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.encoder = Encoder(vocabulary, layers, features)
        self.first = nn.Linear(WIDTH, WIDTH)
        self.last = nn.Linear(WIDTH, WIDTH, bias=False)
        self.told = nn.Linear(features, WIDTH, bias=False)
        self.norm = nn.LayerNorm(WIDTH)
        self.dropout = nn.Dropout(dropout)
        self.heads = nn.ModuleDict({name: nn.Linear(WIDTH, len(labels)) for name, labels in (WORD_HEADS | SPAN_HEADS).items()})
        self.anchor = nn.ModuleDict({kind: nn.Linear(WIDTH, PAIR) for kind in ANCHORS})
        self.other = nn.ModuleDict({kind: nn.Linear(WIDTH, PAIR) for kind in ANCHORS})
        self.far = nn.ParameterDict({kind: nn.Parameter(torch.randn(2 * FAR + 1, PAIR) * 0.02) for kind in ANCHORS})
        self.relation = nn.ModuleDict({kind: nn.Linear(PAIR, len(RELATIONS[kind])) for kind in ANCHORS})
        self.whole = nn.Linear(WIDTH, 2)
        with torch.no_grad():
            self.first.weight.copy_(torch.eye(WIDTH) * 0.5)
            self.last.weight.copy_(torch.eye(WIDTH) * 0.5)
            nn.init.zeros_(self.told.weight)
            for part in (*self.heads.values(), *self.relation.values()):
                part.bias.zero_()
                if part.out_features > 4 or part in self.relation.values():
                    part.bias[0] = 2.0  # most words are nothing: start from there

    def words(self, batch: dict[str, Tensor], plain: bool = False) -> Tensor:
        x = self.encoder(batch["ids"], batch["mask"], batch["of_word"], batch["features"], plain)
        w = self.first(gather(x, batch["first"])) + self.last(gather(x, batch["last"])) + self.told(batch["features"][:, :-1])
        return self.norm(w)

    def forward(self, batch: dict[str, Tensor], plain: bool = False) -> dict[str, Tensor]:
        w = self.dropout(self.words(batch, plain))
        out = {name: head(w) for name, head in self.heads.items()}
        for kind in ANCHORS:
            out[f"anchor_{kind}"], out[f"other_{kind}"] = self.anchor[kind](w), self.other[kind](w)
        alive = batch["alive"].unsqueeze(-1).to(w.dtype)
        out["whole"] = self.whole((w * alive).sum(1) / alive.sum(1).clamp(min=1))
        return out

    def related(self, kind: str, out: dict[str, Tensor], rows: Tensor, at: Tensor) -> Tensor:
        """Logits (anchors, W, labels) of every word of text `rows[i]` relative to its word `at[i]`."""
        a = out[f"anchor_{kind}"][rows, at].unsqueeze(1)
        b = out[f"other_{kind}"][rows]
        place = torch.arange(b.shape[1], device=b.device).unsqueeze(0) - at.unsqueeze(1)
        far = self.far[kind][place.clamp(-FAR, FAR) + FAR]
        return self.relation[kind](F.relu(a + b + far))


def start(base: dict[str, Any], layers: int, features: int) -> Reader:
    """A reader over the base weights of `training/base.py`; with fewer layers than the base has, its first ones."""
    model = Reader(base["word.weight"].shape[0], layers, features)
    own = {k: torch.from_numpy(np.asarray(v, np.float32)) for k, v in base.items()}
    own = {k: v for k, v in own.items() if not k.startswith("layers.") or int(k.split(".")[1]) < layers}
    missing, extra = model.encoder.load_state_dict(own, strict=False)
    if extra or any(not m.startswith("features") for m in missing):
        raise ValueError(f"the base doesn't fit: {missing} {extra}")
    return model
