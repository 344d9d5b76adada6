"""Fit the weights by which the phrases of a sentence compete for the roles of an event. Needs numpy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from gold_events import Choice
from musnad.grammar.loglinear import Model
from musnad.stages.events.casting import PLACE, ROLES


def fit_choices(choices: Sequence[Choice], ridge: float, least: int, rounds: int) -> Model:
    """The model whose sums, made shares among a sentence's contenders and nobody, come nearest to gold; several right ones share alike."""
    count = Counter(f for c in choices for row in (c.nobody, *c.rows) for f in set(row))
    names = [f for f, n in count.items() if n >= least]
    column = {f: k for k, f in enumerate(names)}
    flat: list[int] = []
    lengths, firsts = [], []
    right, barred = [], []
    for c in choices:
        firsts.append(len(lengths))
        for row in (c.nobody, *c.rows):
            known = sorted({column[f] for f in row if f in column}) or [0]
            flat += known
            lengths.append(len(known))
        target, closed = np.zeros((len(c.rows) + 1, len(ROLES)), np.float32), np.zeros((len(c.rows) + 1, len(ROLES)), np.float32)
        for j, role in enumerate(ROLES):
            for n in c.right[role]:
                target[n + 1, j] = 1 / len(c.right[role])
            if not c.right[role]:
                target[0, j] = 1.0
            if role != PLACE:
                closed[1:][c.inner, j] = -1e9
        right.append(target)
        barred.append(closed)
    flat_, starts = np.array(flat), np.concatenate(([0], np.cumsum(lengths)[:-1]))
    group = np.repeat(np.arange(len(firsts)), np.diff([*firsts, len(lengths)]))
    order = np.argsort(flat_, kind="stable")
    by_feature = np.repeat(np.arange(len(lengths)), lengths)[order]
    feature_starts = np.searchsorted(flat_[order], np.arange(len(names)))
    target, closed = np.concatenate(right), np.concatenate(barred)
    w = np.zeros((len(names), len(ROLES)), np.float32)
    first, second = np.zeros_like(w), np.zeros_like(w)
    for step in range(1, rounds + 1):
        s = np.add.reduceat(w[flat_], starts, axis=0) + closed
        p = np.exp(s - np.maximum.reduceat(s, firsts, axis=0)[group])
        p /= np.add.reduceat(p, firsts, axis=0)[group]
        g = np.add.reduceat((p - target)[by_feature], feature_starts, axis=0) + ridge * w
        first = 0.9 * first + 0.1 * g
        second = 0.999 * second + 0.001 * g * g
        rate = 0.1 * (1 - 0.7 * step / rounds)
        w -= rate * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    model = Model(classes=list(ROLES), weights={"=": [(r, 0.0) for r in ROLES]})
    for k, f in enumerate(names):
        kept = [(r, round(float(w[k, j]), 2)) for j, r in enumerate(ROLES) if abs(w[k, j]) >= 0.04]
        if kept:
            model.weights[f] = kept
    return model
