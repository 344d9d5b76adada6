"""Reports as arrays for the model: words, windows of pieces with overlap, batches of like length."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from musnad.grammar.text import Text
from musnad.tagger.pieces import BOS, EOS, PAD, Word

LONGEST = 448
"""Pieces of a window, the two at its ends included: a report of 300 words fits."""
OVERLAP = 96
"""Pieces that two neighbouring windows share."""
_CLOSING = frozenset(".,،؛:!؟?)]»”\"'")


def words_of(text: Text) -> list[Word]:
    """The words and marks of a report's kept text, in order."""
    source, out = text.source, []
    segment, ends = 0, [s.end for s in text.segments]
    for t in text.tokens:
        if t.kind == "line" or t.end <= t.start:
            continue
        while segment < len(ends) - 1 and t.start >= ends[segment]:
            segment += 1
        out.append(Word(t.start, t.end, source[t.start : t.end], t.start == 0 or source[t.start - 1].isspace(), segment))
    return out


def words_of_tokens(tokens: Sequence[str]) -> list[Word]:
    """Words of a text that comes as tokens; their ranges count over the tokens joined by single spaces."""
    out, at = [], 0
    for n, token in enumerate(tokens):
        out.append(Word(at, at + len(token), token, n == 0 or token not in _CLOSING, 1))
        at += len(token) + 1
    return out


class Window(NamedTuple):
    """Words a..b of one text, as pieces: `ids`, and for each word its first and last piece."""

    text: int
    a: int
    b: int
    ids: list[int]
    first: list[int]
    last: list[int]


def windows(text: int, rows: Sequence[tuple[int, ...]], longest: int = LONGEST, overlap: int = OVERLAP) -> list[Window]:
    """The windows of one text whose words have the piece ids `rows`. Every word is in one window at least."""
    out: list[Window] = []
    a = 0
    while a < len(rows):
        ids, first, last = [BOS], [], []
        b = a
        while b < len(rows) and len(ids) + len(rows[b]) < longest:
            first.append(len(ids))
            ids.extend(rows[b])
            last.append(len(ids) - 1)
            b += 1
        out.append(Window(text, a, b, [*ids, EOS], first, last))
        if b == len(rows):
            break
        back, shared = b, 0
        while back > a + 1 and shared + len(rows[back - 1]) <= overlap:
            back -= 1
            shared += len(rows[back])
        a = back
    return out


def arrays(batch: Sequence[Window], features: Sequence[np.ndarray]) -> dict[str, Any]:
    """The model's inputs for a batch: `ids`, `mask` and `of_word` (batch, T); `first`, `last`, `alive` (batch, W); `features` (batch, W, SIZE). `features` are those of each window's text."""
    n, length, width = len(batch), max(len(w.ids) for w in batch), max(w.b - w.a for w in batch)
    size = features[0].shape[1]
    out: dict[str, Any] = {
        "ids": np.full((n, length), PAD, np.int64),
        "mask": np.zeros((n, length), np.float32),
        "of_word": np.full((n, length), width, np.int64),
        "first": np.zeros((n, width), np.int64),
        "last": np.zeros((n, width), np.int64),
        "alive": np.zeros((n, width), np.float32),
        "features": np.zeros((n, width + 1, size), np.float32),
    }
    for i, (w, told) in enumerate(zip(batch, features, strict=True)):
        count = w.b - w.a
        out["ids"][i, : len(w.ids)] = w.ids
        out["mask"][i, : len(w.ids)] = 1
        sizes = np.array(w.last) - np.array(w.first) + 1
        out["of_word"][i, 1 : len(w.ids) - 1] = np.repeat(np.arange(count), sizes)
        out["first"][i, :count] = w.first
        out["last"][i, :count] = w.last
        out["alive"][i, :count] = 1
        out["features"][i, :count] = told[w.a : w.b]
    return out


def batches(all_windows: Sequence[Window], pieces: int = 3072) -> list[list[int]]:
    """Indexes of windows of like length together, at most about `pieces` pieces (padding counted) a batch."""
    order = sorted(range(len(all_windows)), key=lambda i: len(all_windows[i].ids))
    out: list[list[int]] = []
    for i in order:
        length = len(all_windows[i].ids)
        if out and (len(out[-1]) + 1) * length <= pieces and len(all_windows[out[-1][0]].ids) * 1.25 + 8 >= length:
            out[-1].append(i)
        else:
            out.append([i])
    return out
