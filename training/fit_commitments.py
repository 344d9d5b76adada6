"""Fit the log-linear models of the commitments stage and write them as one readable file.

    fit_commitments.py GOLD_DIR… [--out src/musnad/arabic/weights/commitments.tsv] [--folds 4]

The events that commitments rest on are read with weights that never saw their page, so that the fit meets events as bad as they will be. With --folds N
the commitments of pages held out are scored, too. Needs numpy.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fit_events import EXTRA, PRIORS, SETTINGS, Recipe, fit, held_out, write
from gold_events import Example, Gold, Page, fits, load_pages
from musnad.grammar.loglinear import Model
from musnad.stages.commitments.anchors import Stretch, anchors, page_of, stretches
from musnad.stages.commitments.weighing import NO, STANCES, YES, candidates, commitments_of, describe, describe_stretch, stance_features
from musnad.stages.events.reading import events_of
from musnad.tools import Tools, load

PRIORS.setdefault(
    "stance",
    {
        "k=deny": {"denied": 3.5},
        "bk=deny": {"denied": 2.5},
        "act=deny": {"denied": 2.0},
        "k=extend": {"extended": 3.0},
        "bk=extend": {"extended": 1.5},
        "ik=extend": {"extended": 1.5},
        "k=reaffirm": {"reaffirmed": 2.5},
        "bk=reaffirm": {"reaffirmed": 1.0},
        "ik=reaffirm": {"reaffirmed": 1.0},
        "ik=withdraw|withdraw": {"withdrawn": 0.5},
        "bk=withdraw|agree": {"withdrawn": 2.0},
    },
)
"""What the words' kinds say of the stance before any example: few pages deny or extend anything, so that examples alone teach little."""
RARE = 1.5
"""How much more an example of another stance than the commonest counts."""
RECIPES = {"anchor": Recipe(2.5, 2, 100), "stretch": Recipe(3.5, 2, 100), "by": Recipe(4.0, 2, 100), "stance": Recipe(6.0, 2, 100)}


def shared(a: tuple[int, int], b: Gold) -> float:
    """Intersection over union of two ranges."""
    both = max(0, min(a[1], b["end"]) - max(a[0], b["start"]))
    return both / (max(a[1], b["end"]) - min(a[0], b["start"])) if both else 0.0


def examples(pages: Sequence[Page], tools: Tools) -> dict[str, list[Example]]:
    """The decisions of these pages by model: anchors (right where one of their stretches covers a gold action), the stretches of right anchors, who is
    bound by right stretches, and with what stance."""
    out: dict[str, list[Example]] = {name: [] for name in RECIPES}
    for gold_page in pages:
        page = page_of(gold_page.doc, tools)
        wanted, names = gold_page.gold["commitments"], gold_page.gold["mentions"] or []
        for n in range(len(page.spans)):
            for anchor in anchors(page, n, tools):
                tried: list[tuple[float, Stretch, Gold | None]] = []
                for s in stretches(page, n, anchor, tools):
                    end = page.tokens[s.last - 1].end
                    best = max(wanted, key=lambda c: shared((s.start, end), c["action"]), default=None)
                    tried.append((shared((s.start, end), best["action"]) if best is not None else 0.0, s, best))
                if not tried:
                    continue
                worth, top, gold = max(tried, key=lambda x: x[0])
                out["anchor"].append(
                    Example(describe(page, n, anchor, tools), [YES, NO], YES if worth >= 0.5 else NO, 0.6 if 0 < worth < 0.5 else 1.0)
                )
                if gold is None or worth < 0.5:
                    continue
                for value, s, _ in tried:
                    out["stretch"].append(
                        Example(describe_stretch(page, n, s), [YES, NO], YES if value >= 0.5 else NO, 0.3 + abs(value - 0.5))
                    )
                for x in candidates(page, n, top):
                    right = any(fits(names, b, x.start, x.end) for b in gold["by"])
                    out["by"].append(Example(x.features, [YES, NO], YES if right else NO))
                out["stance"].append(
                    Example(
                        stance_features(page, n, top, tools), list(STANCES), gold["stance"], 1.0 if gold["stance"] == "pledged" else RARE
                    )
                )
    return out


def fit_all(pages: Sequence[Page], tools: Tools, threshold: float) -> dict[str, Model]:
    """The models of these pages."""
    found: dict[str, list[Example]] = {name: [] for name in RECIPES}
    for page in pages:
        for name, some in examples([page], tools).items():
            found[name] += [e._replace(weight=e.weight * page.weight) for e in some]
    models = {name: fit(some, RECIPES[name], name) for name, some in found.items()}
    models["anchor"].settings["threshold"] = threshold
    return models


def score(tried: Sequence[tuple[Page, dict[str, Model]]], tools: Tools) -> str:
    """F1 of commitments and of their stances."""
    right = stance = given = wanted = bound = 0
    for page, models in tried:
        found = list(commitments_of(page.doc, tools, models))
        given, wanted = given + len(found), wanted + len(page.gold["commitments"])
        names, free = page.gold["mentions"] or [], list(found)
        for c in page.gold["commitments"]:
            near = [f for f in free if shared((f.action.start, f.action.end), c["action"]) >= 0.5]
            bound += bool(near)
            hit = next((f for f in near if any(fits(names, x, y.start, y.end) for x in c["by"] for y in f.by)), None)
            if hit is not None:
                free.remove(hit)
                right += 1
                stance += hit.stance == c["stance"]

    def f1(count: int) -> float:
        return 2 * count / max(1, given + wanted)

    return f"actions {f1(bound):.3f}  commitments {f1(right):.3f} ({right / max(1, given):.2f} {right / max(1, wanted):.2f})  stance {f1(stance):.3f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("gold", type=Path, nargs="+")
    parser.add_argument("--extra", type=Path, nargs="*", default=[], help="further annotated pages, which count half")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--folds", type=int, default=0)
    args: Any = parser.parse_args()
    tools = load(model=False)
    pages = load_pages(args.gold, tools, False) + [p._replace(weight=EXTRA) for p in load_pages(args.extra, tools, False)]
    read = held_out(pages, 4, SETTINGS)
    for page, models in read:
        page.doc.add("events", list(events_of(page.doc, tools, models)))
    pages = [p for p, _ in read]
    if args.folds:
        tried: list[tuple[Page, dict[str, Model]]] = []
        for k in range(args.folds):
            models = fit_all([p for i, p in enumerate(pages) if i % args.folds != k], tools, 0.5)
            tried += [(p, models) for i, p in enumerate(pages) if i % args.folds == k]
        for threshold in (0.25, 0.3, 0.35, 0.4, 0.45, 0.5):
            for _, models in tried:
                models["anchor"].settings["threshold"] = threshold
            print(threshold, score(tried, tools))
    if args.out:
        write(fit_all(pages, tools, 0.42), args.out)


if __name__ == "__main__":
    main()
