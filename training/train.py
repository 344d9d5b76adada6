"""Train the reader: all heads together, from the base encoder of `training/base.py`.

    python training/train.py --data DATA --gold GOLD --work .train --out .train/reader.pt [--extra DIR] [--fold 0 --folds 7 [--hold extra]]

`--fold K` keeps fold K of the pages, the documents and ANERcorp's sentences out of training and measures on them; without it everything is used. `--hold` says which corpora this is about.
`--extra` is a folder of more annotated pages (`annotations.py unpack`), the corpus "extra": where names weren't annotated, it teaches none.
"""

from __future__ import annotations

import argparse
import json
import math
import pickle
import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

from data import (
    IGNORE,
    Example,
    column_examples,
    common_names,
    cut,
    event_sentences,
    fold_of,
    gold_examples,
    span_sentences,
    varied,
)
from model import Reader, start
from musnad.tagger.decode import log_softmax, names_in, spans_of
from musnad.tagger.features import SIZE, Features
from musnad.tagger.labels import ANCHORS, SPAN_HEADS, WORD_HEADS
from musnad.tagger.pieces import UNK, Pieces
from musnad.tagger.windows import LONGEST, Window, arrays, batches, windows

WEIGHTS = {
    "names": 1.0, "anercorp": 1.0, "wojood": 0.4, "skip": 0.3, "event": 4.0, "more": 0.5, "status": 0.5, "mode": 0.6, "statement": 2.0, "commitment": 1.5,
    "event relation": 3.0, "statement relation": 1.5, "commitment relation": 1.0, "whole": 0.5,
}  # fmt: skip
YES_WEIGHT = 2.5
NOTHING_WEIGHT = 0.5
"""Weight of a word that has nothing to do with an anchor: there are thirty of them for one that has."""


def load(data: Path, gold: Path, work: Path, extra: Path | None = None) -> dict[str, list[Example]]:
    """All corpora by name."""
    silver = pickle.loads((work / "silver.pkl").read_bytes()) if (work / "silver.pkl").is_file() else []
    return {
        "gold": gold_examples(gold / "train") + gold_examples(gold / "seeds"),
        "extra": gold_examples(extra) if extra else [],
        "anercorp": column_examples(data / "ner" / "anercorp_train.txt", "anercorp", {}),
        "wojood": column_examples(data / "ner" / "wojood_train.txt", "wojood", {"LOC": "GPE", "FAC": "GPE"}),
        "assault": event_sentences(data / "events", "ASSAULT"),
        "protest": event_sentences(data / "events", "PROTEST"),
        "spans": span_sentences(data / "events", "ASSAULT") + span_sentences(data / "events", "PROTEST"),
        "silver": silver,
    }


def held_out(name: str, examples: Sequence[Example], fold: int, folds: int) -> list[bool]:
    """Which examples belong to the fold: pages and documents by hash, ANERcorp by blocks of its running text."""
    if name == "anercorp":
        return [i * folds // len(examples) == fold for i in range(len(examples))]
    if name in ("wojood", "silver"):
        return [False] * len(examples)
    key = (lambda e: e.name.split("#")[0]) if name in ("gold", "extra") else (lambda e: e.name.rsplit("-", 1)[0])
    return [fold_of(key(e), folds) == fold for e in examples]


class Feeder:
    """Examples to tensors."""

    def __init__(self, pieces: Pieces, features: Features) -> None:
        self.pieces, self.features = pieces, features

    def window(self, example: Example) -> tuple[Window, np.ndarray]:
        return windows(0, self.pieces.rows(example.words), LONGEST, 0)[0], self.features(example.words)

    def batch(self, examples: Sequence[Example]) -> dict[str, Tensor]:
        made = [self.window(e) for e in examples]
        return {k: torch.from_numpy(v) for k, v in arrays([w for w, _ in made], [f for _, f in made]).items()}


def loss_of(model: Reader, batch: dict[str, Tensor], examples: Sequence[Example]) -> Tensor:
    """The weighted sum of the losses that the examples' labels allow."""
    out = model(batch)
    width = batch["first"].shape[1]
    total = torch.zeros(())
    for head in (*SPAN_HEADS, *WORD_HEADS):
        rows = [i for i, e in enumerate(examples) if head in e.targets]
        if not rows:
            continue
        target = torch.full((len(rows), width), IGNORE)
        for r, i in enumerate(rows):
            t = examples[i].targets[head][:width]
            target[r, : len(t)] = torch.from_numpy(t)
        if not (target != IGNORE).any():
            continue
        logits = out[head][rows].float()
        some = F.cross_entropy(logits.flatten(0, 1), target.flatten(), ignore_index=IGNORE)
        total = total + WEIGHTS[head] * some
    for kind in ANCHORS:
        anchors = [(i, x) for i, e in enumerate(examples) for x in e.anchors if x.kind == kind and x.at < width]
        if not anchors:
            continue
        rows, at = torch.tensor([i for i, _ in anchors]), torch.tensor([x.at for _, x in anchors])
        logits = model.related(kind, out, rows, at).float()
        target = torch.full(logits.shape[:2], IGNORE)
        for r, (_, x) in enumerate(anchors):
            target[r, : len(x.labels)] = torch.from_numpy(x.labels)
        scale = torch.ones(logits.shape[-1])
        scale[0] = NOTHING_WEIGHT
        each = F.cross_entropy(logits.flatten(0, 1), target.flatten(), scale, ignore_index=IGNORE, reduction="none").view(target.shape)
        counted = (target > 0).sum(1) + 3.0  # words inside phrases, so that short phrases weigh like long ones
        total = total + WEIGHTS[f"{kind} relation"] * (each.sum(1) / counted).mean() * 0.5
    whole = torch.tensor([e.whole for e in examples])
    if (whole != IGNORE).any():
        known = whole != IGNORE
        each = F.binary_cross_entropy_with_logits(
            out["whole"].float(), whole.clamp(min=0), pos_weight=torch.tensor(YES_WEIGHT), reduction="none"
        )
        total = total + WEIGHTS["whole"] * (each * known).sum() / known.sum()
    return total


def plan(
    corpora: dict[str, list[Example]], feeder: Feeder, chance: random.Random, budget: int, shares: dict[str, float], names: Sequence[str]
) -> list[list[Example]]:
    """One epoch's batches: each corpus `shares[name]` times (a part: drawn anew), windows of like length together."""
    out = []
    for name, examples in corpora.items():
        share = shares.get(name, 1.0)
        picked = [e for _ in range(int(share)) for e in examples]
        rest = share - int(share)
        if rest:
            keep = [e for e in examples if max(e.whole) == 1.0]
            others = [e for e in examples if max(e.whole) != 1.0]
            picked += keep + chance.sample(others, int(len(others) * rest))
        made = [w for e in picked for w in cut(varied(e, names, chance), feeder.pieces, LONGEST, chance)]
        sizes = [sum(len(r) for r in feeder.pieces.rows(e.words)) + 2 for e in made]
        shown = [Window(0, 0, 0, [0] * n, [], []) for n in sizes]
        chance.shuffle(made)
        order = sorted(range(len(made)), key=lambda i: sizes[i] + chance.random() * 8)
        made, shown = [made[i] for i in order], [shown[i] for i in order]
        sizes = [sum(len(r) for r in feeder.pieces.rows(e.words)) + 2 for e in made]
        shown = [Window(0, 0, 0, [0] * n, [], []) for n in sizes]
        out += [[made[i] for i in group] for group in batches(shown, budget)]
    chance.shuffle(out)
    return out


def train(args: argparse.Namespace) -> None:
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    chance = random.Random(args.seed)
    pieces, features = Pieces.read(args.work / "tokenizer.json"), Features.read(args.work / "features.bin.gz")
    feeder = Feeder(pieces, features)
    base = np.load(args.work / "base.npz")
    model = start({k: base[k] for k in base.files}, args.layers, SIZE)
    if args.init:
        model.load_state_dict(torch.load(args.init)["state"])
    corpora = load(args.data, args.gold, args.work, args.extra)
    held = [] if args.fold < 0 else args.hold or list(corpora)
    out_of = {n: held_out(n, e, args.fold, args.folds) if n in held else [False] * len(e) for n, e in corpora.items()}
    learn = {n: [x for x, out in zip(e, out_of[n], strict=True) if not out] for n, e in corpora.items() if n in args.corpora}
    check = {n: [x for x, out in zip(e, out_of[n], strict=True) if out] for n, e in corpora.items() if n in args.corpora}
    names = common_names(features, args.data / "names" / "google_ar2en.tsv")
    shares = json.loads(args.shares)
    print({n: (len(learn[n]), len(check[n])) for n in learn}, flush=True)

    for fixed in (model.encoder.word, model.encoder.position):  # good as they are, and a fifth of the optimiser's work
        fixed.weight.requires_grad_(False)
    body = [p for n, p in model.named_parameters() if n.startswith("encoder.") and "features" not in n and p.requires_grad]
    late = ("anchor.", "other.", "far.", "relation.")  # what learns from few examples learns faster
    heads = [p for n, p in model.named_parameters() if (not n.startswith("encoder.") or "features" in n) and not n.startswith(late)]
    pairs = [p for n, p in model.named_parameters() if n.startswith(late)]
    groups = [{"params": body, "lr": args.rate}, {"params": heads, "lr": args.rate * 10}, {"params": pairs, "lr": args.rate * 20}]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    rates = [g["lr"] for g in optimiser.param_groups]
    average: dict[str, Tensor] | None = None
    steps = len(plan(learn, feeder, random.Random(0), args.budget, shares, names)) * args.epochs
    step, seen, began = 0, 0, time.time()
    for epoch in range(args.epochs):
        model.train()
        summed = 0.0
        for group in plan(learn, feeder, chance, args.budget, shares, names):
            factor = min(1.0, (step + 1) / (0.08 * steps)) * max(0.02, (steps - step) / steps)
            for g, rate in zip(optimiser.param_groups, rates, strict=True):
                g["lr"] = rate * factor
            batch = feeder.batch(group)
            dropped = (torch.rand(batch["ids"].shape) < args.drop) & (batch["ids"] > UNK)
            batch["ids"] = torch.where(dropped, UNK, batch["ids"])
            if chance.random() < 0.1:
                batch["features"] = batch["features"] * (torch.rand(batch["features"].shape[:2]).unsqueeze(-1) > 0.3)
            with torch.autocast("cpu", torch.bfloat16):
                loss = loss_of(model, batch, group)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            step, seen, summed = step + 1, seen + int(batch["mask"].sum()), summed + loss.item()
            if step % 100 == 0:
                print(f"  step {step}/{steps} {seen / (time.time() - began):.0f} pieces/s", flush=True)
            if step > 0.75 * steps and step % 5 == 0:  # the mean of the last weights, a small steady gain
                state = {k: v.detach().clone() for k, v in model.state_dict().items()}
                average = (
                    state
                    if average is None
                    else {k: average[k] * 0.96 + v * 0.04 if v.is_floating_point() else v for k, v in state.items()}
                )
        print(
            f"epoch {epoch} loss {summed / max(1, step) * (epoch + 1):.4f} {time.time() - began:.0f}s {seen / (time.time() - began):.0f} pieces/s",
            flush=True,
        )
        if args.fold >= 0 and (epoch % 2 == 1 or epoch == args.epochs - 1):
            print(json.dumps(measure(model, feeder, check)), flush=True)
        save(model, args)
    if average is not None:
        model.load_state_dict(average)
        if args.fold >= 0:
            print("averaged", json.dumps(measure(model, feeder, check)), flush=True)
    save(model, args)


def save(model: Reader, args: argparse.Namespace) -> None:
    """Write the weights (float16) with how they were made."""
    state = {k: v.half() if v.is_floating_point() else v for k, v in model.state_dict().items()}
    torch.save({"state": state, "layers": args.layers, "args": {k: str(v) for k, v in vars(args).items()}}, args.out)


@torch.no_grad()
def outputs(model: Reader, feeder: Feeder, examples: Sequence[Example]) -> list[dict[str, np.ndarray]]:
    """Raw numbers for each example (one window each), in order."""
    model.eval()
    made = [feeder.window(e) for e in examples]
    out: list[Any] = [None] * len(examples)
    for group in batches([w for w, _ in made]):
        batch = {k: torch.from_numpy(v) for k, v in arrays([made[i][0] for i in group], [made[i][1] for i in group]).items()}
        with torch.autocast("cpu", torch.bfloat16):
            found = model(batch)
        for r, i in enumerate(group):
            count = made[i][0].b
            out[i] = {k: (v[r].float().numpy() if k == "whole" else v[r, :count].float().numpy()) for k, v in found.items()}
    return out


def f1(right: int, given: int, wanted: int) -> float:
    return round(2 * right / (given + wanted), 4) if given + wanted else math.nan


def measure(model: Reader, feeder: Feeder, check: dict[str, list[Example]]) -> dict[str, Any]:
    """Scores on the held-out fold: strict name F1 of each convention, anchors, relations by word, sentences."""
    told: dict[str, Any] = {}
    flat = {n: [w for e in ex for w in cut(e, feeder.pieces, LONGEST)] for n, ex in check.items()}
    flat["pages"] = flat.pop("gold", []) + flat.pop("extra", [])
    for corpus, head in (("pages", "names"), ("anercorp", "anercorp")):
        if not flat.get(corpus):
            continue
        examples = flat[corpus]
        found = outputs(model, feeder, examples)
        right = given = wanted = 0
        for e, o in zip(examples, found, strict=True):
            if head not in e.targets:
                continue
            gold = {x for x in spans_of(e.targets[head], head) if x[2] != "MISC"}
            mine = {(a, b, k) for a, b, k, _ in names_in(log_softmax(o[head]), head) if k != "MISC"}
            right, given, wanted = right + len(gold & mine), given + len(mine), wanted + len(gold)
        told[head] = f1(right, given, wanted)
        if corpus != "pages":
            continue
        for kind in ANCHORS:
            counts = np.zeros(6, int)
            hit = all_ = 0
            for e, o in zip(examples, found, strict=True):
                p = log_softmax(o[kind])
                some, best = 1 - np.exp(p[:, 0]) > 0.5, p[:, 1:].argmax(-1) + 1
                gold_labels = e.targets[kind]
                counts += [
                    int((some & (gold_labels > 0)).sum()),
                    int(some.sum()),
                    int((gold_labels > 0).sum()),
                    int((some & (best == gold_labels)).sum()),
                    0,
                    0,
                ]
                rel = [x for x in e.anchors if x.kind == kind]
                if rel:
                    out = {k: torch.from_numpy(v).unsqueeze(0) for k, v in o.items() if k.startswith(("anchor", "other"))}
                    with torch.no_grad():
                        r = (
                            model.related(kind, out, torch.zeros(len(rel), dtype=torch.long), torch.tensor([x.at for x in rel]))
                            .argmax(-1)
                            .numpy()
                        )
                    for x, mine_ in zip(rel, r, strict=True):
                        hit += int(((mine_ == x.labels) & (x.labels > 0)).sum()) * 2
                        all_ += int((mine_ > 0).sum() + (x.labels > 0).sum())
            told[kind] = (f1(counts[0], counts[1], counts[2]), f1(counts[3], counts[1], counts[2]), round(hit / max(all_, 1), 4))
        for head in ("status", "mode", "skip"):
            pairs = [
                (o[head].argmax(-1)[i], e.targets[head][i])
                for e, o in zip(examples, found, strict=True)
                for i in np.flatnonzero(e.targets[head] != IGNORE)
            ]
            told[head] = round(float(np.mean([a == b for a, b in pairs])), 4) if pairs else None
    for n, corpus in enumerate(("assault", "protest")):
        if flat.get(corpus):
            p = np.array([o["whole"][n] for o in outputs(model, feeder, flat[corpus])])
            y = np.array([e.whole[n] for e in flat[corpus]])
            told[corpus] = max(
                (f1(int((p >= c)[y == 1].sum()), int((p >= c).sum()), int(y.sum())), round(float(c), 2)) for c in np.unique(p)
            )
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--extra", type=Path, help="a folder of more annotated pages")
    parser.add_argument("--init", type=Path)
    parser.add_argument("--layers", type=int, default=12)
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--budget", type=int, default=1024, help="pieces a step")
    parser.add_argument("--drop", type=float, default=0.05, help="share of pieces hidden")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fold", type=int, default=-1)
    parser.add_argument("--folds", type=int, default=7)
    parser.add_argument("--hold", nargs="+", help="corpora of which the fold is left out; all if not given")
    parser.add_argument("--corpora", nargs="+", default=["gold", "extra", "anercorp", "wojood", "assault", "protest", "spans"])
    parser.add_argument("--shares", default='{"gold": 2, "wojood": 0.5, "assault": 0.4, "protest": 0.4}')
    train(parser.parse_args())


if __name__ == "__main__":
    main()
