"""ASSAULT and PROTEST sentences: F1 of "yes" against the rest (ambiguous ones left out) of a fold of documents that the model wasn't trained on.

    python training/evaluate_sentences.py --data DATA --model .train/ship --fold 0 --folds 7

A whole cross-validation is this for every fold, each with a model trained by `training/train.py --fold K --folds N`. The threshold is fixed beforehand (`--least`), not chosen on the fold.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from data import fold_of
from musnad.tagger.model import Tagger


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--fold", type=int, required=True)
    parser.add_argument("--folds", type=int, default=7)
    parser.add_argument("--least", type=float, default=0.5)
    args = parser.parse_args()
    tagger = Tagger.read(args.model)
    for kind in ("ASSAULT", "PROTEST"):
        lines = (args.data / "events" / f"{kind.lower()}_dev.jsonl").read_text(encoding="utf-8").splitlines()
        rows = [
            r for r in map(json.loads, lines) if r["label"] != "ambiguous" and fold_of(r["id"].rsplit("-", 1)[0], args.folds) == args.fold
        ]
        told = [x[kind] >= args.least for x in tagger.classify([r["text"] for r in rows])]
        yes = [r["label"] == "yes" for r in rows]
        right = sum(a and b for a, b in zip(told, yes, strict=True))
        p, r = right / max(sum(told), 1), right / max(sum(yes), 1)
        print(f"{kind}: {len(rows)} sentences, {sum(yes)} yes; precision {p:.3f} recall {r:.3f} F1 {2 * p * r / max(p + r, 1e-9):.3f}")


if __name__ == "__main__":
    main()
