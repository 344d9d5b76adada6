"""Names in the manner of ANERcorp: strict F1 of PERS, LOC and ORG (MISC left out) of a token-a-line file, with the shipped model.

    python training/evaluate_ner.py FILE [--model DIR] [--fold K --folds N]

`--fold` measures on that block of the file only: with a model that was trained without it (training/train.py --fold K --folds N), this is one fold of a cross-validation.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from musnad.tagger import DATA
from musnad.tagger.model import Tagger

TYPES = ("PERS", "LOC", "ORG")


def sentences(path: Path) -> list[list[tuple[str, str]]]:
    """Sentences of (token, tag)."""
    out: list[list[tuple[str, str]]] = [[]]
    for line in path.read_text(encoding="utf-8").splitlines():
        parts = line.split()
        if parts:
            out[-1].append((parts[0], parts[1] if len(parts) > 1 else "O"))
        elif out[-1]:
            out.append([])
    return [s for s in out if s]


def names(tags: list[str]) -> set[tuple[int, int, str]]:
    """Names of IOB tags; an I- that follows nothing of its type begins a name, as in seqeval's default reading."""
    out, start, kind = set(), 0, ""
    for i, tag in enumerate([*tags, "O"]):
        if kind and (tag[0] != "I" or tag[2:] != kind):
            out.add((start, i, kind))
            kind = ""
        if tag != "O" and not kind:
            start, kind = i, tag[2:]
    return {n for n in out if n[2] in TYPES}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--model", type=Path, default=DATA)
    parser.add_argument("--fold", type=int, default=-1)
    parser.add_argument("--folds", type=int, default=7)
    args = parser.parse_args()
    given = sentences(args.file)
    if args.fold >= 0:
        given = [s for i, s in enumerate(given) if i * args.folds // len(given) == args.fold]
    found = Tagger.read(args.model).tag_tokens([[w for w, _ in s] for s in given])
    right: Counter[str] = Counter()
    told: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    for sentence, tags in zip(given, found, strict=True):
        gold, mine = names([t for _, t in sentence]), names(tags)
        for counter, some in ((right, gold & mine), (told, mine), (wanted, gold)):
            counter.update(n[2] for n in some)
            counter["all"] += len(some)
    print(f"{len(given)} sentences")
    for kind in (*TYPES, "all"):
        p, r = right[kind] / max(told[kind], 1), right[kind] / max(wanted[kind], 1)
        print(f"{kind:5} precision {p:.3f} recall {r:.3f} F1 {2 * p * r / max(p + r, 1e-9):.4f}")


if __name__ == "__main__":
    main()
