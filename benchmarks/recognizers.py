"""How much of a peer's test suite our readers find: the Arabic specs of Microsoft Recognizers-Text (MIT).

    python benchmarks/recognizers.py FOLDER [--misses] [--json]

FOLDER holds NumberModel.json, PercentModel.json, DateParser.json and DatePeriodParser.json (`Specs/` of the peer's repository). Nothing of
the specs is kept here. A number counts as found when its value and its span agree; a date when the days of its past or of its future reading
agree and the spans share at least half of the longer one. The peer's conventions are put into ours before comparing: its ends are exclusive,
its weeks run from Monday, its early, middle and late parts are halves where ours are thirds (design/record.md): a part of ours counts when it
lies in the peer's part of the same period and begins or ends with it. Cases without a day, and kinds that are no news Arabic, are set aside, the
kinds with their reasons in recognizers_set_aside.tsv; both are counted.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from musnad.document import Document
from musnad.grammar.folding import Folded, fold
from musnad.grammar.numbers import NumberReader
from musnad.grammar.numbers_joined import join_fractions
from musnad.grammar.text import Text
from musnad.record.kinds import Published, Report, Segment, Time
from musnad.stages import figures, times
from musnad.tools import Tools, load

MODELS = ("NumberModel", "PercentModel", "DateParser", "DatePeriodParser")
GOALS = {"NumberModel": 0.85, "PercentModel": 0.85, "DateParser": 0.70, "DatePeriodParser": 0.70}
MOST_ASIDE = 0.15


@dataclass
class Count:
    """Expected values found, wanted and set aside; the misses as (input, what was expected, what was found)."""

    found: int = 0
    wanted: int = 0
    aside: int = 0
    misses: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def share(self) -> float:
        return self.found / self.wanted if self.wanted else 0.0


def read(text: str, published: str | None, tools: Tools) -> Document:
    """The text as a document with its times and figures."""
    segments = (Segment(start=0, end=len(text), text=text, kind="body"),) if text else ()
    stated = Published(date=published, basis="metadata") if published else None
    report = Report(id="benchmark", page="benchmark", part=0, sha256="", published=stated, segments=segments)
    doc = Document(text, report, Text(Folded(text), segments, tools.lexicon))
    doc.add("times", times.find(doc, tools))
    doc.add("figures", figures.find(doc, tools))
    return doc


def aside(folder: Path) -> list[tuple[str, re.Pattern[str], str]]:
    """The kinds set aside: model, pattern over the folded input, reason."""
    out = []
    for line in (folder / "recognizers_set_aside.tsv").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith(("#", "model\t")):
            model, pattern, reason = line.split("\t")
            out.append((model, re.compile(pattern), reason))
    return out


def expected(case: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for result in case.get("Results") or ():
        value = result.get("Resolution") or result.get("Value") or {}
        if isinstance(value, dict) and value:
            yield {"text": result["Text"], "start": result.get("Start"), **value}


def span_of(source: str, item: dict[str, Any]) -> tuple[int, int]:
    """Where the expected words stand; the specs' own offsets are off now and then, the words aren't."""
    start = source.find(item["text"], max(0, (item["start"] or 0) - 3))
    start = start if start >= 0 else source.find(item["text"])
    return (start, start + len(item["text"])) if start >= 0 else (item["start"] or 0, (item["start"] or 0) + len(item["text"]))


def numbers(source: str, tools: Tools) -> list[tuple[int, int, float]]:
    folded = Folded(source)
    text = Text(folded, (Segment(start=0, end=len(source), text=source, kind="body"),), tools.lexicon)
    reader = NumberReader(text.tokens, text.hits_of["numbers"], folded.text)
    return [(n.start, n.end, n.low) for n in join_fractions(text.tokens, reader.all())]


def near(a: float, b: float) -> bool:
    return abs(a - b) <= 1e-6 * max(1.0, abs(a), abs(b))


def score_numbers(name: str, case: dict[str, Any], tools: Tools, count: Count) -> None:
    source = case["Input"]
    if name == "PercentModel":
        given = [(f.start, f.end, f.low) for f in read(source, None, tools).figures if f.kind == "percent"]
    else:
        given = numbers(source, tools)
    for item in expected(case):
        raw = str(item.get("value", "")).rstrip("%")
        start, end = span_of(source, item)
        count.wanted += 1
        if any(near(v, float(raw)) and fold(source[a:b]) == fold(source[start:end]) and abs(a - start) <= 1 for a, b, v in given):
            count.found += 1
        else:
            count.misses.append((source, f"{item['text']} = {raw}", str([(source[a:b], v) for a, b, v in given])))


def readings(item: dict[str, Any]) -> set[tuple[str, str]]:
    """The days of the past and of the future reading, both ends inside; a week also as ours, a day earlier."""
    out = set()
    for key in ("PastResolution", "FutureResolution"):
        value = item.get(key) or {}
        if "date" in value:
            out.add((value["date"], value["date"]))
        elif "startDate" in value and "endDate" in value:
            try:
                first, last = date.fromisoformat(value["startDate"]), date.fromisoformat(value["endDate"])
            except ValueError:
                continue
            whole = re.fullmatch(r"(\d{4}|XXXX|XX\d0)(-\d\d)?(-W\d\d)?(-WE)?|\d{4}-W\d\d.*", item.get("Timex", "")) or last.day == 1
            out.add((first.isoformat(), (last - timedelta(days=1)).isoformat()))
            if not whole or (last - first).days not in (1, 7):
                out.add((first.isoformat(), last.isoformat()))
            if item.get("Timex", "").startswith("(") and first.month == first.day == last.month == last.day == 1:
                out.add((first.isoformat(), date(last.year, 12, 31).isoformat()))
            if first.isoweekday() == 1 and (last - first).days == 7:
                out.add(((first - timedelta(days=1)).isoformat(), (last - timedelta(days=2)).isoformat()))
    season = re.fullmatch(r"(\d{4})-(SP|SU|FA|WI)", item.get("Timex", ""))
    if season:
        year, (a, b) = int(season[1]), {"SP": (3, 5), "SU": (6, 8), "FA": (9, 11), "WI": (12, 2)}[season[2]]
        end = date(year + (b < a), b, 28) if b == 2 else date(year, b, 30 if b in (11,) else 31)
        out.add((date(year, a, 1).isoformat(), end.isoformat()))
    return out


PARTS = re.compile(r"(?:^|\b)(?:اوائل|بدايه|مطلع|اواخر|نهايه|ختام)\b")


def agrees(time: Time, days: set[tuple[str, str]], item: dict[str, Any]) -> bool:
    """True where a time has one of the readings, or is our part of the peer's part of a period."""
    if (time.from_, time.to) in days:
        return True
    if not PARTS.search(fold(item["text"])) or not time.from_ or not time.to:
        return False
    return any(a <= time.from_ and time.to <= b and (a == time.from_ or b == time.to) for a, b in days)


def half_shared(a: tuple[int, int], b: tuple[int, int]) -> bool:
    shared = min(a[1], b[1]) - max(a[0], b[0])
    return shared * 2 >= max(a[1] - a[0], b[1] - b[0]) > 0


def score_dates(case: dict[str, Any], tools: Tools, count: Count) -> None:
    source = case["Input"]
    published = str((case.get("Context") or {}).get("ReferenceDateTime") or "")[:10] or None
    given = read(source, published, tools).times
    for item in expected(case):
        span, days = span_of(source, item), readings(item)
        if not days or any(a.startswith("0001") for a, _ in days):
            count.aside += 1  # the peer itself gives no day
            continue
        count.wanted += 1
        if any(half_shared((t.start, t.end), span) and agrees(t, days, item) for t in given):
            count.found += 1
        else:
            count.misses.append((source, f"{item['text']} = {sorted(days)}", str([(t.text, t.from_, t.to) for t in given])))


def measure(folder: Path, tools: Tools) -> dict[str, Count]:
    """The counts of each model whose file is there."""
    kinds = aside(Path(__file__).parent)
    out: dict[str, Count] = {}
    for name in MODELS:
        path = folder / f"{name}.json"
        if not path.exists():
            continue
        count = out[name] = Count()
        for case in json.loads(path.read_text(encoding="utf-8-sig")):
            folded = fold(case["Input"])
            if any(model in (name, "*") and pattern.search(folded) for model, pattern, _ in kinds):
                count.aside += sum(1 for _ in expected(case))
            elif name in ("NumberModel", "PercentModel"):
                score_numbers(name, case, tools, count)
            else:
                score_dates(case, tools, count)
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--misses", action="store_true", help="print every expected value that wasn't found")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    counts = measure(args.folder, load(model=False)) if args.folder.is_dir() else {}
    if not counts:
        sys.exit(f"recognizers: no specs in {args.folder}; get them from github.com/microsoft/Recognizers-Text (Specs)")
    if args.json:
        print(
            json.dumps({k: {"found": c.found, "wanted": c.wanted, "aside": c.aside, "share": round(c.share, 3)} for k, c in counts.items()})
        )
        return
    for name, count in counts.items():
        total = count.wanted + count.aside
        print(
            f"{name:17} {count.found:4}/{count.wanted:<4} {count.share:6.1%}  goal {GOALS[name]:.0%}   set aside {count.aside}/{total} ({count.aside / max(1, total):.0%})"
        )
        if args.misses:
            for source, want, got in count.misses:
                print(f"   {source}\n      want {want}\n      got  {got}")


if __name__ == "__main__":
    main()
