"""Pages annotated by us beyond the gold sets, kept as offsets without a word of their text.

    annotations.py unpack training/annotations.jsonl --data DATA --out DIR     pages and *.gold.json, for fit_events.py and train.py
    annotations.py pack GOLD_DIR --meta META.json --data DATA --out FILE       the way back (for who annotates more)

A line is {"page", "corpus": "ant2018" | "wikinews", "id": the report's id or the numbers of its lines, "sha256" of the page's text, "reports": gold without `text`}.
DATA holds news/ant2018.jsonl.gz and news/wikinews_qcri_plain.txt. What the annotation layers are: events, statements, commitments; names, times and figures were
not annotated (`mentions` is null).
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any


def texts(data: Path) -> Iterator[tuple[str, Any, str]]:
    """(corpus, id, page text) of the reports that annotations may name; wikinews pages are found by their first line's number."""
    with gzip.open(data / "news" / "ant2018.jsonl.gz", "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            yield "ant2018", row["id"], f"{row['title'].strip()}\n{row['text'].strip()}\n"


def wikinews(data: Path, numbers: list[int]) -> str:
    lines = (data / "news" / "wikinews_qcri_plain.txt").read_text(encoding="utf-8").split("\n")
    return "\n".join(lines[n].strip() for n in numbers) + "\n"


def strip(value: Any) -> Any:
    """Gold without its text."""
    if isinstance(value, dict):
        return {k: strip(v) for k, v in value.items() if k != "text"}
    return [strip(v) for v in value] if isinstance(value, list) else value


def fill(value: Any, source: str) -> Any:
    """Gold with its text again."""
    if isinstance(value, dict):
        out = {k: fill(v, source) for k, v in value.items()}
        return {**out, "text": source[out["start"] : out["end"]]} if isinstance(out.get("start"), int) else out
    return [fill(v, source) for v in value] if isinstance(value, list) else value


def unpack(file: Path, data: Path, out: Path) -> int:
    """Write pages/ and *.gold.json; gives the number of pages. Raises SystemExit where a page's text isn't the one that was annotated."""
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    wanted = {r["id"] for r in rows if r["corpus"] == "ant2018"}
    news = {id: text for _, id, text in texts(data) if id in wanted}
    (out / "pages").mkdir(parents=True, exist_ok=True)
    for row in rows:
        source = news[row["id"]] if row["corpus"] == "ant2018" else wikinews(data, row["id"])
        if sha256(source.encode()).hexdigest() != row["sha256"]:
            raise SystemExit(f"{row['page']}: the text in {data} isn't the one that was annotated")
        (out / "pages" / row["page"]).write_text(source, encoding="utf-8")
        gold = {"page": row["page"], "reports": fill(row["reports"], source)}
        (out / f"{Path(row['page']).stem}.gold.json").write_text(json.dumps(gold, ensure_ascii=False), encoding="utf-8")
    return len(rows)


def pack(gold: Path, meta: Path, data: Path, out: Path) -> int:
    """Write the annotations of a gold folder as offsets; `meta` is a list of [page, corpus, id, day]."""
    origin = {page: (corpus, id) for page, corpus, id, _ in json.loads(meta.read_text(encoding="utf-8"))}
    lines = (data / "news" / "wikinews_qcri_plain.txt").read_text(encoding="utf-8").split("\n")
    with out.open("w", encoding="utf-8") as file:
        paths = sorted(gold.glob("*.gold.json"))
        for path in paths:
            page = json.loads(path.read_text(encoding="utf-8"))
            source = (gold / "pages" / page["page"]).read_text(encoding="utf-8")
            corpus, id = origin[page["page"]]
            row: dict[str, Any] = {"page": page["page"], "corpus": "ant2018" if corpus == "ant" else "wikinews", "id": id}
            if corpus != "ant":
                row["id"] = _numbers(lines, source)
            row |= {"sha256": sha256(source.encode()).hexdigest(), "reports": strip(page["reports"])}
            file.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")
    return len(paths)


def _numbers(lines: list[str], source: str) -> list[int]:
    wanted = source.rstrip("\n").split("\n")
    for start, line in enumerate(lines):
        if line.strip() == wanted[0]:
            numbers, at = [start], start + 1
            while len(numbers) < len(wanted) and at < len(lines):
                if lines[at].strip():
                    numbers.append(at)
                at += 1
            return numbers
    raise SystemExit(f"{wanted[0][:40]!r} isn't in the corpus")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("do", choices=("pack", "unpack"))
    parser.add_argument("source", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--meta", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    count = pack(given.source, given.meta, given.data, given.out) if given.do == "pack" else unpack(given.source, given.data, given.out)
    print(f"{count} pages")
