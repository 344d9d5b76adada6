"""How well people and organisations are told apart across reports: 285 hard name pairs, judged by two readers apart from each other.

    python benchmarks/entity_pairs.py

Prints the readers' agreement (share and Cohen's kappa), and precision and recall of the table `resolve.entities.EVIDENCE` on the pairs that both judged
alike. Column `decided` is the score that the whole record gave when the pairs were drawn (with prominence, which a pair alone doesn't show).
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

from musnad.resolve.entities import SAME, Profile, judge

DATA = Path(__file__).parent / "data" / "name_pairs.tsv"


def profile(id: str, row: dict[str, str], side: str) -> Profile:
    country = row[f"{side}_country"] or None
    found = Profile(id, row[f"{side}_type"], row[side], [id], {id}, country=country)
    found.offices = {(o, country or "") for o in row[f"{side}_offices"].split(";") if o}
    found.aliases = Counter([row[side]])
    return found


def measure() -> dict[str, float]:
    with DATA.open(encoding="utf-8") as file:
        rows = list(csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE))
    first, second = Counter(r["first"] for r in rows), Counter(r["second"] for r in rows)
    agreed = sum(r["first"] == r["second"] for r in rows) / len(rows)
    chance = sum(first[k] * second[k] for k in first) / len(rows) ** 2
    out = {"pairs": len(rows), "agreement": agreed, "kappa": (agreed - chance) / (1 - chance)}
    for name in ("table", "record"):
        right = given = wanted = 0
        for r in rows:
            if r["first"] != r["second"] or r["first"] == "unsure":
                continue
            score = judge(profile("a", r, "a"), profile("b", r, "b")).score if name == "table" else float(r["decided"])
            right += score >= SAME and r["first"] == "same"
            given += score >= SAME
            wanted += r["first"] == "same"
        out |= {f"{name}_precision": right / max(1, given), f"{name}_recall": right / max(1, wanted)}
    return {k: round(v, 3) for k, v in out.items()}


if __name__ == "__main__":
    print(json.dumps(measure(), indent=1))
