"""What the heads alone would write: the model's guesses as records, for `score.py`.

    python training/evaluate_heads.py --gold GOLD/dev --model src/musnad/tagger/data > heads.jsonl

Kept text, title and day are taken from the gold page, so only the heads are measured (their `clean`, `head`, `times`, `figures` mean nothing).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from musnad.grammar.folding import Folded
from musnad.grammar.lexicon import Lexicon
from musnad.grammar.text import Text
from musnad.record.guess import Guess, Tagging
from musnad.record.kinds import Segment
from musnad.tagger.model import Tagger

LEAST_ROLE, LEAST_SPEAKER = 0.4, 0.35


def span(source: str, g: Guess) -> dict[str, Any]:
    return {"start": g.start, "end": g.end, "text": source[g.start : g.end]}


def record(source: str, gold: dict[str, Any], tagging: Tagging, best: Mapping[str, float]) -> dict[str, Any]:
    """One line in the shape of `musnad read`, made from guesses alone."""
    events = []
    for e in (e for e in tagging.events if e.trigger.p >= best["event"]):
        roles = {r: [span(source, g) for g in e.roles if g.label == r and g.p >= LEAST_ROLE] for r in ("actor", "recipient", "place")}
        events.append(
            {
                "type": e.trigger.label, "mode": (e.mode[0] or None) if e.mode else None, "trigger": span(source, e.trigger), "actors": roles["actor"], "recipients": roles["recipient"],
                "place": next(iter(roles["place"]), None), "from": None, "to": None, "status": e.status[0] if e.status else "happened",
            }
        )  # fmt: skip
    statements = [
        {
            "cue": span(source, s.cue), "act": s.cue.label, "kind": "indirect", "content": [span(source, g) for g in s.content], "chain": [],
            "speaker": span(source, s.speaker) if s.speaker and s.speaker.p >= LEAST_SPEAKER else None,
        }
        for s in tagging.statements
        if s.content and s.cue.p >= best["statement"]
    ]  # fmt: skip
    commitments = [
        {"by": [span(source, g) for g in c.by], "to": [], "action": span(source, c.action), "deadline": None, "stance": c.action.label}
        for c in tagging.commitments
        if c.by and c.action.p >= best["commitment"]
    ]
    mentions = [{**span(source, g), "type": g.label} for g in tagging.names]
    head = {k: gold.get(k) for k in ("segments", "title", "outlet", "published")}
    return {
        "mentions": mentions,
        "times": [],
        "figures": [],
        "statements": statements,
        "events": events,
        "commitments": commitments,
        "report": head,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    args = parser.parse_args()
    tagger = Tagger.read(args.model)
    best = json.loads((args.model / "settings.json").read_text(encoding="utf-8"))["best"]
    for path in sorted(args.gold.glob("*.gold.json")):
        page = json.loads(path.read_text(encoding="utf-8"))
        source = (args.gold / "pages" / page["page"]).read_text(encoding="utf-8")
        for n, gold in enumerate(page["reports"]):
            segments = [Segment(start=s["start"], end=s["end"], text=s["text"], kind="body") for s in gold["segments"]]
            line = record(source, gold, tagger.tag(Text(Folded(source), segments, Lexicon())), best)
            line["report"] |= {"page": page["page"], "part": n}
            json.dump(line, sys.stdout, ensure_ascii=False)
            sys.stdout.write("\n")


if __name__ == "__main__":
    main()
