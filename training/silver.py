"""Silver examples: news read by a trained model; labels that it is sure of are kept, doubtful words are left open.

    python training/silver.py --news ant2018.jsonl.gz --model .train/ship --out .train/silver.pkl --count 700

Reports are drawn at random from those in which the model finds at least three events.
"""

from __future__ import annotations

import argparse
import gzip
import json
import pickle
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from data import IGNORE, Anchor, Example
from musnad.grammar.folding import Folded
from musnad.grammar.lexicon import Lexicon
from musnad.grammar.text import Text
from musnad.record.kinds import Segment
from musnad.tagger.decode import Reading, spans_of
from musnad.tagger.labels import ANCHORS
from musnad.tagger.model import Tagger
from musnad.tagger.windows import words_of

SURE = {
    "names": 0.9,
    "anercorp": 0.9,
    "event": 0.85,
    "statement": 0.85,
    "commitment": 0.9,
    "more": 0.9,
    "skip": 0.95,
    "status": 0.8,
    "mode": 0.8,
}
SURE_RELATION, SURE_ANCHOR, LEAST_EVENTS, LONGEST_TEXT = 0.8, 0.7, 3, 2600


def texts(path: Path) -> list[tuple[str, Text]]:
    """Title and body of every report as two segments."""
    out = []
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            title, body = (row.get("title") or "").strip(), row["text"].strip()[:LONGEST_TEXT]
            if not title or len(body) < 400:
                continue
            source = f"{title}\n{body}"
            a = len(title)
            segments = [Segment(start=0, end=a, text=title, kind="title"), Segment(start=a + 1, end=len(source), text=body, kind="body")]
            out.append((row["id"], Text(Folded(source), segments, Lexicon())))
    return out


def example(name: str, reading: Reading, tagger: Tagger) -> Example | None:
    """The labels that the model is sure of; None for a report with too few events."""
    events = int(((1 - np.exp(reading.heads["event"][:, 0])) > SURE_ANCHOR).sum())
    if events < LEAST_EVENTS:
        return None
    targets = {}
    for head, least in SURE.items():
        p = np.exp(reading.heads[head])
        best = p.argmax(-1)
        targets[head] = np.where(p.max(-1) >= least, best, IGNORE)
    anchors = []
    for kind in ANCHORS:
        some = 1 - np.exp(reading.heads[kind][:, 0])
        for at in np.flatnonzero(some >= SURE_ANCHOR):
            first, scores = tagger.decoder.related(reading, kind, int(at))
            labels = np.zeros(len(reading.words), np.int64)
            labels[first : first + len(scores)] = np.where(scores.max(-1) >= np.log(SURE_RELATION), scores.argmax(-1), IGNORE)
            anchors.append(Anchor(kind, int(at), labels))
    doubtful = np.full(len(reading.words), True)
    doubtful[[a.at for a in anchors if a.kind == "event"]] = False
    for head in ("status", "mode"):
        targets[head][doubtful] = IGNORE
    persons = frozenset(
        i for a, b, kind in spans_of(np.where(targets["names"] < 0, 0, targets["names"]), "names") if kind == "PER" for i in range(a, b)
    )
    return Example(f"silver:{name}", list(reading.words), targets, anchors, persons=persons)


def read(tagger: Tagger, news: Path, count: int, seed: int) -> Iterator[Example]:
    given = texts(news)
    random.Random(seed).shuffle(given)
    made = 0
    for a in range(0, len(given), 16):
        part = given[a : a + 16]
        for (name, _), reading in zip(part, tagger.read_words([words_of(t) for _, t in part]), strict=True):
            found = example(name, reading, tagger) if reading else None
            if found:
                made += 1
                yield found
            if made >= count:
                return


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--news", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=700)
    parser.add_argument("--seed", type=int, default=3)
    args = parser.parse_args()
    made = list(read(Tagger.read(args.model), args.news, args.count, args.seed))
    with args.out.open("wb") as file:
        pickle.dump(made, file)
    kinds = {k: sum(x.kind == k for e in made for x in e.anchors) for k in ANCHORS}
    print(f"{len(made)} reports, {sum(len(e.words) for e in made)} words, anchors {kinds}")


if __name__ == "__main__":
    main()
