"""How much of a page's article the HTML reader finds, beside trafilatura alone: F1 of tokens against reference texts, both in one run.

    python benchmarks/html_text.py [FOLDER] [--json]

FOLDER (by default ../shared/data/html) holds pages NAME.html with a reference text NAME.txt (TREC-like: TITLE and TEXT) or NAME.gold.txt (the body).
"reader" is the text that `musnad text` prints, "kept" what the cleaning keeps of it, "trafilatura" its plain `extract`. A reference without a title is measured without ours.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from pathlib import Path


def f1(found: str, wanted: str) -> float:
    """F1 of the two texts' tokens as bags, 0 to 1."""
    a, b = (Counter(re.findall(r"\w+", t)) for t in (found, wanted))
    shared = sum((a & b).values())
    return 2 * shared / (sum(a.values()) + sum(b.values())) if shared else 0.0


def reference(path: Path) -> tuple[str, bool] | None:
    """The reference text of a page and whether it has the title in it; None where there is none."""
    body = path.with_suffix(".gold.txt")
    if body.exists():
        return body.read_text(encoding="utf-8"), False
    trec = path.with_suffix(".txt")
    if not trec.exists():
        return None
    raw = trec.read_text(encoding="utf-8")
    part = lambda tag: "\n".join(re.findall(rf"<{tag}>(.*?)</{tag}>", raw, re.DOTALL))  # noqa: E731
    return f"{part('TITLE')}\n{part('TEXT')}", True


def measure(path: Path) -> dict[str, float] | None:
    import trafilatura

    from musnad.grammar.folding import Folded
    from musnad.ingest.cleaning import find_reports
    from musnad.ingest.page import Page
    from musnad.ingest.sources import pages
    from musnad.tools import load

    found = reference(path)
    page = next(iter(pages([str(path)])))
    if found is None or not isinstance(page, Page):
        return None
    wanted, titled = found
    report = find_reports(page, Folded(page.source), load(model=False))[0]
    kept = "\n".join(s.text for s in report.segments if titled or s.kind != "title")
    source = page.source if titled else page.source.partition("\n")[2]
    other = trafilatura.extract(path.read_bytes()) or ""
    return {"reader": f1(source, wanted), "kept": f1(kept, wanted), "trafilatura": f1(other, wanted)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).parents[2] / "shared" / "data" / "html")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    rows = {p.name: row for p in sorted(args.folder.glob("*.html")) if (row := measure(p))} if args.folder.is_dir() else {}
    if not rows:
        print(f"html_text: no pages with reference texts in {args.folder}; give a folder that has some")
        return
    means = {k: sum(r[k] for r in rows.values()) / len(rows) for k in ("reader", "kept", "trafilatura")}
    if args.json:
        json.dump({"pages": rows, "mean": means}, sys.stdout, indent=1)
        print()
        return
    print(f"{'page':34} {'reader':>7} {'kept':>7} {'trafilatura':>12}")
    for name, row in {**rows, "mean": means}.items():
        print(f"{name:34} {row['reader']:7.3f} {row['kept']:7.3f} {row['trafilatura']:12.3f}")


if __name__ == "__main__":
    main()
