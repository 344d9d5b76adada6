"""Fit the log-linear models of the events stage and write them as one readable file.

    fit_events.py GOLD_DIR… [--out src/musnad/arabic/weights/events.tsv] [--folds 5 [--records FILE.jsonl]]

GOLD_DIR holds *.gold.json and pages/. Candidates and phrases come from the reader itself, what is right from gold. With --folds N the models are
fitted N times on the other pages and score the pages held out, so that what is printed is what to expect on pages never seen; --records writes what was found there, for the gold scorer's --errors. Needs numpy.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from gold_events import (
    Example,
    Page,
    days_examples,
    event_examples,
    guessed_examples,
    load_pages,
    role_choices,
    score,
    wording_examples,
    write_records,
)
from musnad.grammar.loglinear import Model
from musnad.tools import load
from ranking import fit_choices


class Recipe(NamedTuple):
    """How a model is fitted: ridge penalty, how often a feature must occur, rounds of descent."""

    ridge: float
    least: int
    rounds: int


INNER = 3
"""Folds within the training pages, for what a model says of pages it hasn't seen."""
RECIPES = {
    "events": Recipe(2.5, 2, 90),
    "status": Recipe(3.0, 2, 90),
    "mode": Recipe(1.0, 2, 90),
    "roles": Recipe(4.0, 2, 80),
    "days": Recipe(4.0, 2, 90),
    "wording": Recipe(1.0, 1, 90),
}


PRIORS: dict[str, dict[str, dict[str, float]]] = {
    "status": {
        "pc1=neg": {"denied": 3.0},
        "pc1=deny": {"denied": 1.5},
        "te=future": {"planned": 3.0},
        "gt=future|1": {"planned": 2.0},
        "gt=future|2": {"planned": 1.5},
        "pc=cond": {"hypothetical": 0.7},
        "pc1=cond": {"hypothetical": 1.0},
        "pc=future": {"planned": 1.0},
        "pc=ongoing": {"ongoing": 1.0},
        "te=present": {"ongoing": 0.5},
        "te=past": {"happened": 1.0},
        "gneg": {"denied": 2.0},
        "act=deny": {"denied": 1.5},
        **{f"T={t}": {"happened": 1.5, "planned": -1.0} for t in ("THREATEN", "REJECT", "REQUEST", "ACCUSE")},
    }
}
"""What grammar says before any example is seen: weights towards which the fit is drawn."""


def prior_of(name: str, feature: str) -> Mapping[str, float]:
    """The weights that a feature has before any example; a lemma's own mode and the words of a mode count for that mode."""
    if name == "mode" and feature.startswith("own="):
        return {feature[4:]: 3.0}
    if name == "mode" and feature.startswith("m="):
        return {feature[2:]: 0.7}
    return PRIORS.get(name, {}).get(feature, {})


def fit(
    examples: Sequence[Example], recipe: Recipe, name: str = "", prior_of: Callable[[str, str], Mapping[str, float]] = prior_of
) -> Model:
    """The log-linear model of these examples, each among its own options, with weights drawn by a ridge towards what grammar says beforehand."""
    classes = sorted({c for e in examples for c in (e.options or (e.label,))} | {e.label for e in examples})
    number = {c: k for k, c in enumerate(classes)}
    count = Counter(f for e in examples for f in set(e.features))
    names = ["=", *(f for f, n in count.items() if (n >= recipe.least or prior_of(name, f)) and f != "=")]
    names += [f for f in PRIORS.get(name, {}) if f not in count]
    column = {f: k for k, f in enumerate(names)}
    rows = [[0, *sorted({column[f] for f in e.features if f in column})] for e in examples]
    lengths = np.array([len(r) for r in rows])
    flat = np.array([k for r in rows for k in r])
    starts = np.concatenate(([0], np.cumsum(lengths)[:-1]))
    owner = np.repeat(np.arange(len(rows)), lengths)
    order = np.argsort(flat, kind="stable")
    by_feature, feature_starts = owner[order], np.searchsorted(flat[order], np.arange(len(names)))
    empty = np.bincount(flat, minlength=len(names)) == 0
    feature_starts = np.minimum(feature_starts, len(flat) - 1)
    closed = np.zeros((len(rows), len(classes)), np.float32)
    right = np.zeros_like(closed)
    for i, e in enumerate(examples):
        if e.options:
            closed[i] = -1e9
            closed[i, [number[o] for o in e.options]] = 0.0
        right[i, number[e.label]] = 1.0
    weight = np.array([e.weight for e in examples], np.float32)[:, None]
    drawn = np.zeros((len(names), len(classes)), np.float32)
    for k, f in enumerate(names):
        for c, value in prior_of(name, f).items():
            if c in number:
                drawn[k, number[c]] = value
    w = drawn.copy()
    first, second = np.zeros_like(w), np.zeros_like(w)
    for step in range(1, recipe.rounds + 1):
        s = np.add.reduceat(w[flat], starts, axis=0) + closed
        p = np.exp(s - s.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        g = np.add.reduceat(((p - right) * weight)[by_feature], feature_starts, axis=0)
        g[empty] = 0.0
        g += recipe.ridge * (w - drawn)
        first = 0.9 * first + 0.1 * g
        second = 0.999 * second + 0.001 * g * g
        rate = 0.1 * (1 - 0.7 * step / recipe.rounds)
        w -= rate * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    model = Model(classes=classes)
    for k, f in enumerate(names):
        kept = [(c, round(float(w[k, j]), 2)) for j, c in enumerate(classes) if abs(w[k, j]) >= (0.0 if f == "=" else 0.06)]
        if kept:
            model.weights[f] = kept
    return model


def bare(e: Example) -> list[Example]:
    """The example with its lemma and without it: the weights must also serve lemmas that training never saw."""
    plain = [f for f in e.features if not f.startswith(("l=", "f=")) and "|l=" not in f]
    return [e._replace(weight=0.6 * e.weight), e._replace(features=plain, weight=0.4 * e.weight)]


def fit_detection(pages: Sequence[Page], told: Sequence[Example], threshold: float) -> Model:
    """The model of event and type: half of its examples know gold's event before them, half what a model of other pages takes for it."""
    guessed: list[Example] = []
    for k in range(INNER):
        other = [e for i, p in enumerate(pages) if i % INNER != k for e in event_examples([p])[0]]
        first = fit(other, RECIPES["events"])
        guessed += guessed_examples([p for i, p in enumerate(pages) if i % INNER == k], first, threshold)
    return fit([b._replace(weight=b.weight / 2) for e in (*told, *guessed) for b in bare(e)], RECIPES["events"])


def fit_all(pages: Sequence[Page], settings: dict[str, dict[str, float]]) -> dict[str, Model]:
    """The six models of these pages."""
    events, status, mode = event_examples(pages)
    out = {
        "events": fit_detection(pages, events, settings["events"]["threshold"]),
        "status": fit(status, RECIPES["status"], "status"),
        "mode": fit(mode, RECIPES["mode"], "mode"),
    }
    out["roles"] = fit_choices(role_choices(pages), *RECIPES["roles"])
    out["days"] = fit(days_examples(pages), RECIPES["days"])
    out["wording"] = fit(wording_examples(pages), RECIPES["wording"])
    for name, values in settings.items():
        out[name].settings.update(values)
    return out


def held_out(pages: Sequence[Page], folds: int, settings: dict[str, dict[str, float]]) -> list[tuple[Page, dict[str, Model]]]:
    """Each page with models that never saw it."""
    out: list[tuple[Page, dict[str, Model]]] = []
    for k in range(folds):
        models = fit_all([p for i, p in enumerate(pages) if i % folds != k], settings)
        out += [(p, models) for i, p in enumerate(pages) if i % folds == k]
    return out


def write(models: dict[str, Model], path: Path, stage: str = "events") -> None:
    """The models as rows of model, feature, weights by class."""
    lines = [
        f"# Weights of the {stage} stage, fitted by training/fit_{stage}.py: model, feature, CLASS:WEIGHT …; feature `=` holds the classes' own weights, `!` settings."
    ]
    for name, model in models.items():
        if model.settings:
            lines.append(f"{name}\t!\t" + " ".join(f"{k}:{v:g}" for k, v in sorted(model.settings.items())))
        for feature in ["=", *sorted(f for f in model.weights if f != "=")]:
            lines.append(f"{name}\t{feature}\t" + " ".join(f"{c}:{w:g}" for c, w in model.weights[feature]))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


SETTINGS: dict[str, dict[str, float]] = {
    "events": {"threshold": 0.34},
    "roles": {"actor": 0.2, "recipient": 0.2, "place": 0.2, "beside": 0.6, "partner": 0.07},
    "days": {"threshold": 0.22},
    "mode": {"keen": 2.0},
}


EXTRA = 0.5
"""What pages that one of us annotated, fast and once, count beside gold: out of fold on gold .656 (events), .651 counting full, .624 without them."""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("gold", type=Path, nargs="+")
    parser.add_argument("--extra", type=Path, nargs="*", default=[], help="further annotated pages, whose events count half")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--records", type=Path, help="with --folds: write the events found on the pages held out")
    parser.add_argument("--given", action="store_true", help="names, times, statements and figures from gold, not from the reader")
    args: Any = parser.parse_args()
    tools = load(model=False)
    pages = load_pages(args.gold, tools, args.given) + [p._replace(weight=EXTRA) for p in load_pages(args.extra, tools, args.given)]
    if args.folds:
        tried = held_out(pages, args.folds, SETTINGS)
        for threshold in (0.29, 0.35, 0.41):
            for _, models in tried:
                models["events"].settings["threshold"] = threshold
            print(threshold, score(tried, tools))
        if args.records:
            for _, models in tried:
                models["events"].settings.update(SETTINGS["events"])
            write_records(tried, tools, args.records)
    if args.out:
        write(fit_all(pages, SETTINGS), args.out)


if __name__ == "__main__":
    main()
