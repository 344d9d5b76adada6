"""B-cubed precision and recall of who is who over the seed pages: gold mentions, gold clusters by hand, the record's clusters.

    python benchmarks/entity_clusters.py GOLD_DIR [--model]

GOLD_DIR holds *.gold.json, pages/ and metadata.csv (the seeds'). A gold mention is found where the reader has a mention that shares at least half of it; one
that isn't found stands alone. B-cubed: A. Bagga and B. Baldwin, Algorithms for Scoring Coreference Chains, 1998.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import defaultdict
from pathlib import Path

import sqlalchemy as sa

from musnad.batch.adding import add_pages
from musnad.resolve.refresh import refresh
from musnad.store import schema
from musnad.store.reports import unpack
from musnad.store.store import open_store

CLUSTERS = Path(__file__).parent / "data" / "seed_entities.tsv"


def gold_clusters() -> dict[tuple[str, str | None], str]:
    """(name, page prefix or None) → cluster."""
    out: dict[tuple[str, str | None], str] = {}
    for line in CLUSTERS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#") and line != "names":
            for name in line.split("|"):
                form, _, page = name.partition("@")
                out[form, page or None] = line
    return out


def measure(folder: Path, model: bool) -> dict[str, float]:
    wanted = gold_clusters()
    gold: dict[tuple[str, int], str] = {}
    spans: dict[tuple[str, int], int] = {}
    for path in sorted(folder.glob("*.gold.json")):
        page = json.loads(path.read_text(encoding="utf-8"))
        for m in (m for r in page["reports"] for m in r["mentions"] if m["type"] != "NORP"):
            cluster = wanted.get((m["text"], page["page"][:3])) or wanted.get((m["text"], None))
            if cluster is None:
                raise SystemExit(f"no cluster for {m['text']} of {page['page']}")
            gold[page["page"], m["start"]] = cluster
            spans[page["page"], m["start"]] = m["end"]
    with tempfile.TemporaryDirectory() as work, open_store(Path(work) / "seeds.db") as store:
        list(add_pages(store, [str(folder / "pages")], metadata=folder / "metadata.csv", model=model))
        refresh(store)
        with store.reading() as c:
            cluster_of = {x.item: x.cluster for x in c.execute(sa.select(schema.cluster).where(schema.cluster.c.layer == "entities"))}
            lines = [unpack(x) for x in c.execute(sa.select(schema.report.c.line)).scalars()]
    found: dict[tuple[str, int], str] = {}
    for line in lines:
        page_name = Path(line.report.page).name
        for (page, start), end in spans.items():
            if page != page_name:
                continue
            for m in line.mentions:
                shared = min(end, m.end) - max(start, m.start)
                if m.form == "name" and m.entity and shared * 2 >= max(end - start, m.end - m.start):
                    found[page, start] = cluster_of.get(m.entity, m.entity)
    answer = {key: found.get(key, f"alone {key}") for key in gold}
    return {"mentions": len(gold), "found": len(found), **_b_cubed(gold, answer)}


def _b_cubed(gold: dict[tuple[str, int], str], answer: dict[tuple[str, int], str]) -> dict[str, float]:
    groups: tuple[defaultdict[str, set[tuple[str, int]]], ...] = (defaultdict(set), defaultdict(set))
    for key in gold:
        groups[0][gold[key]].add(key)
        groups[1][answer[key]].add(key)
    shared = {k: len(groups[0][gold[k]] & groups[1][answer[k]]) for k in gold}
    p = sum(shared[k] / len(groups[1][answer[k]]) for k in gold) / len(gold)
    r = sum(shared[k] / len(groups[0][gold[k]]) for k in gold) / len(gold)
    return {"precision": round(p, 3), "recall": round(r, 3), "f1": round(2 * p * r / (p + r), 3)}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--model", action="store_true")
    options = parser.parse_args()
    print(json.dumps(measure(options.folder, options.model)))
