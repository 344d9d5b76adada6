"""Fit the log-linear model of statements' acts and write it as a readable file.

    fit_acts.py GOLD_DIR… [--out src/musnad/arabic/weights/acts.tsv] [--folds 8]

Examples are the statements that the rules find and gold has too (content overlap of half or more), with the signs of `stages/statements/acts.py`. What
grammar says before any example (PRIORS) is drawn on strongly: annotated pages are few, and annotators differ in how much a plain "said" must show
before it counts as more. With --folds N the share of right acts on pages held out is printed. Needs numpy.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from fit_events import Recipe, fit, write
from gold_events import Example, load_pages
from musnad.document import Document
from musnad.grammar.loglinear import Model
from musnad.stages.statements.acts import OPEN, signs
from musnad.stages.statements.draft import Draft
from musnad.stages.statements.scene import Scene
from musnad.stages.statements.walk import Walk
from musnad.tools import Tools, load

RECIPE = Recipe(ridge=6.0, least=2, rounds=150)
OWN = {"say": 1.8, "confirm": 3.2, "explain": 3.0, "announce": 3.6}
WORDS = {"strong.early": 2.3, "strong.late": 1.3, "weak.early": 1.0, "weak.late": 0.4}
OPENINGS = {
    "announces-shall": 1.2,
    "announces-decision": 1.6,
    "explains-cause": 1.4,
    "demands-must": 3.0,
    "promises-we-shall": 2.4,
    "negates": 1.0,
}
OPENING = 2.6
PLAIN = 0.37
"""What the probability of a plain "say" is multiplied by before the likeliest act is taken: any value from 0.2 to 1 is as good on pages held out."""


def prior_of(name: str, feature: str) -> dict[str, float]:
    """What a sign says before any example is seen."""
    kind, _, value = feature.partition("=")
    act, _, rest = value.partition(".")
    if kind not in ("a", "w", "r"):
        return {}
    if kind == "a":
        return {act: OWN.get(act, 3.0)}
    return {act: WORDS.get(rest, 0.5) if kind == "w" else OPENINGS.get(rest, OPENING)} if act else {}


class Page(NamedTuple):
    examples: list[Example]
    settled: list[tuple[str, str]]


def shared(pieces: Sequence[tuple[int, int]], content: Sequence[dict[str, Any]]) -> float:
    """Intersection over union of two contents, in code points."""
    a = {k for x, y in pieces for k in range(x, y)}
    b = {k for c in content for k in range(c["start"], c["end"])}
    return len(a & b) / len(a | b) if a | b else 0.0


def page_of(doc: Document, gold: dict[str, Any], tools: Tools) -> Page:
    """The examples of a report, and (found, gold) of the statements whose cue alone decides."""
    scene = Scene(doc, tools)
    out: list[Example] = []
    settled: list[tuple[str, str]] = []
    left: list[Draft] = Walk(scene, tools).drafts()
    for wanted in gold["statements"]:
        best = max(left, key=lambda d: shared(d.pieces, wanted["content"]), default=None)
        if best is None or shared(best.pieces, wanted["content"]) < 0.5:
            continue
        left.remove(best)
        if best.act in OPEN:
            out.append(Example(signs(scene, best, tools), None, wanted["act"]))
        else:
            settled.append((best.act, wanted["act"]))
    return Page(out, settled)


def model_of(pages: Sequence[Page]) -> Model:
    """The model of these pages."""
    model = fit([e for p in pages for e in p.examples], RECIPE, "act", prior_of)
    model.settings["plain"] = PLAIN
    return model


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("gold", type=Path, nargs="+")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--folds", type=int, default=0)
    args: Any = parser.parse_args()
    tools = load(model=False)
    pages = [page_of(p.doc, p.gold, tools) for p in load_pages(args.gold, tools, False)]
    tally = Counter[str]()
    for k in range(args.folds):
        held = pages[k :: args.folds]
        model = model_of([p for i, p in enumerate(pages) if i % args.folds != k])
        for page in held:
            for e in page.examples:
                chances = model.probabilities(e.features)
                given = max(chances, key=lambda a: chances[a] * (PLAIN if a == "say" else 1.0))
                tally["right" if given == e.label else "wrong"] += 1
                if given != e.label:
                    tally[f"  {e.label} taken for {given}"] += 1
            for given, label in page.settled:
                tally["settled right" if given == label else "settled wrong"] += 1
    if args.folds:
        for what, n in tally.most_common():
            print(n, what)
    if args.out:
        write({"act": model_of(pages)}, args.out, "acts")


if __name__ == "__main__":
    main()
