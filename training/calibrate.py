"""Temperatures, thresholds and the reliability curve, from pages that the checkpoint wasn't trained on.

    python training/calibrate.py --data DATA --gold GOLD --work .train --model .train/fold0.pt --fold 0 --out .train/calibration.json

Temperatures make the held-out log loss smallest; thresholds make the F1 of (anchor word, class) largest; `reliability` counts names and events by the probability given.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression

from data import IGNORE, Example, cut
from export import read
from musnad.tagger.decode import log_softmax, names_in, spans_of, trusted
from musnad.tagger.features import Features
from musnad.tagger.labels import ANCHORS, WORD_HEADS
from musnad.tagger.pieces import Pieces
from musnad.tagger.windows import LONGEST
from train import Feeder, held_out, load, outputs

GRID = np.round(np.arange(0.6, 3.01, 0.05), 2)
TOLD = {"event": 0.1, "statement": 0.2, "commitment": 0.2}
"""From which probability on guesses are handed to the stages, which weigh them; `best` is what the heads alone would do best with."""
BINS = (0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0001)


def temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    """The temperature of the smallest mean log loss of (n, classes) logits."""
    losses = [-log_softmax(logits / t)[np.arange(len(labels)), labels].mean() for t in GRID]
    return float(GRID[int(np.argmin(losses))])


def fitted(scores: np.ndarray, right: np.ndarray, doubtful: float = 0.05) -> tuple[float, float]:
    """Factor and shift that make an anchor's log odds the log odds of being right, fitted on the words that aren't plainly nothing."""
    some = trusted(scores, 1.0, 0.0) >= doubtful
    p = trusted(scores[some], 1.0, 0.0).clip(1e-6, 1 - 1e-6)
    fit = LogisticRegression(C=10.0).fit(np.log(p / (1 - p))[:, None], right[some])
    return round(float(fit.coef_[0, 0]), 3), round(float(fit.intercept_[0]), 3)


def gathered(examples: Sequence[Example], found: Sequence[dict[str, np.ndarray]], head: str) -> tuple[np.ndarray, np.ndarray]:
    logits = [o[head][e.targets[head] != IGNORE] for e, o in zip(examples, found, strict=True) if head in e.targets]
    labels = [e.targets[head][e.targets[head] != IGNORE] for e in examples if head in e.targets]
    return np.concatenate(logits), np.concatenate(labels)


def reliability(pairs: Sequence[tuple[float, bool]]) -> list[dict[str, float]]:
    """For each bin of probability: how many, the mean probability and the share that was right."""
    out = []
    for low, high in pairwise(BINS):
        inside = [(p, ok) for p, ok in pairs if low <= p < high]
        if inside:
            out.append(
                {
                    "from": low,
                    "n": len(inside),
                    "told": round(float(np.mean([p for p, _ in inside])), 3),
                    "right": round(float(np.mean([ok for _, ok in inside])), 3),
                }
            )
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("data", "gold", "work", "model", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--fold", type=int, required=True)
    parser.add_argument("--folds", type=int, default=7)
    args = parser.parse_args()
    torch.set_num_threads(2)
    feeder = Feeder(Pieces.read(args.work / "tokenizer.json"), Features.read(args.work / "features.bin.gz"))
    model = read(args.model)
    corpora = load(args.data, args.gold, args.work)
    check = {
        n: [w for e, out in zip(x, held_out(n, x, args.fold, args.folds), strict=True) if out for w in cut(e, feeder.pieces, LONGEST)]
        for n, x in corpora.items()
    }
    gold = check["gold"]
    found = outputs(model, feeder, gold)
    warm: dict[str, float] = {h: temperature(*gathered(gold, found, h)) for h in ("names", *WORD_HEADS)}
    sentences = check["anercorp"]
    warm["anercorp"] = temperature(*gathered(sentences, outputs(model, feeder, sentences), "anercorp"))
    best: dict[str, float] = {}
    trust: dict[str, tuple[float, float]] = {}
    curves: dict[str, list[tuple[float, bool]]] = {"names": [], "event": [], "statement": []}
    for kind in ANCHORS:
        logits, labels = [], []
        some, right, wanted = [], [], 0
        for e, o in zip(gold, found, strict=True):
            p = log_softmax(o[kind] / warm[kind])
            some.append(p)
            hit = p[:, 1:].argmax(-1) + 1 == e.targets[kind]
            right.append(hit if kind == "event" else e.targets[kind] > 0)  # a cue is one whatever its act
            wanted += int((e.targets[kind] > 0).sum())
            anchors = [x for x in e.anchors if x.kind == kind]
            if anchors:
                numbers = {k: torch.from_numpy(v).unsqueeze(0) for k, v in o.items() if k.startswith(("anchor", "other"))}
                with torch.no_grad():
                    r = model.related(
                        kind, numbers, torch.zeros(len(anchors), dtype=torch.long), torch.tensor([x.at for x in anchors])
                    ).numpy()
                logits.append(r.reshape(-1, r.shape[-1]))
                labels.append(np.concatenate([x.labels for x in anchors]))
        warm[f"{kind} relation"] = temperature(np.concatenate(logits), np.concatenate(labels))
        every, ok = np.concatenate(some), np.concatenate(right)
        trust[kind] = fitted(every, ok)
        p = trusted(every, *trust[kind])
        scores = {float(c): 2 * int(ok[p >= c].sum()) / (int((p >= c).sum()) + wanted) for c in np.arange(0.15, 0.71, 0.05)}
        best[kind] = round(max(scores, key=lambda c: scores[c]), 2)
        print(kind, "threshold", best[kind], "F1", round(scores[max(scores, key=lambda c: scores[c])], 4))
        if kind in curves:
            curves[kind] = [(float(a), bool(b)) for a, b in zip(p[p >= 0.2], ok[p >= 0.2], strict=True)]
    for e, o in zip(gold, found, strict=True):
        true = set(spans_of(e.targets["names"], "names"))
        curves["names"] += [(p, (a, b, k) in true) for a, b, k, p in names_in(log_softmax(o["names"] / warm["names"]), "names")]
    out: dict[str, Any] = {
        "temperature": warm,
        "least": TOLD,
        "best": best,
        "trust": trust,
        "reliability": {k: reliability(v) for k, v in curves.items()},
    }
    args.out.write_text(json.dumps(out, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(out))


if __name__ == "__main__":
    main()
