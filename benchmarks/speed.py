"""How fast musnad is on this machine: start-up, reports a second on one core without the model, memory, and time by length of text.

    python benchmarks/speed.py [--long] [--json FILE]

Reports are made of 300 words of the built-in sample each, every one different. `--long` goes up to 10 MB of each shape of text (some minutes).
"""

from __future__ import annotations

import argparse
import json
import platform
import random
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import musnad
from musnad.grammar.folding import Folded
from musnad.grammar.text import Text
from musnad.ingest.cleaning import find_reports
from musnad.ingest.page import Page
from musnad.pipeline import STAGES, Document, read_page, run_stage
from musnad.tools import load

SAMPLE = Path(musnad.__file__).parent / "sample" / "pages"
SHAPES = {
    "news": "وقال وزير الدفاع الفرنسي جان إيف لودريان أمس إن نحو {n} جندي سيغادرون بغداد بحلول نهاية العام الحالي.\n\n",
    "one line": "وقال وزير الدفاع الفرنسي جان إيف لودريان أمس إن نحو {n} جندي سيغادرون بغداد بحلول نهاية العام الحالي. ",
    "only quotation marks": '"«»“”',
    "only digits": "7",
}


def start_up(times: int = 9) -> dict[str, float]:
    """Seconds of whole processes, the median of several: the interpreter alone, and `musnad --help`."""

    def median(code: str) -> float:
        taken = []
        for _ in range(times):
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
            taken.append(time.perf_counter() - start)
        return round(statistics.median(taken), 3)

    return {
        "python": median("pass"),
        "musnad --help": median("import sys; sys.argv = ['musnad', '--help']\nfrom musnad.cli import main\nmain()"),
    }


def reports(count: int, words: int = 300) -> list[Page]:
    """Pages of so many words, made of the sample's sentences in another order each."""
    sentences = [
        s
        for p in sorted(SAMPLE.glob("*.txt"))
        if p.name != "19-parliament.txt"
        for s in p.read_text(encoding="utf-8").split("\n")
        if len(s.split()) > 8
    ]
    dice = random.Random(2014)
    out = []
    for n in range(count):
        dice.shuffle(sentences)
        body: list[str] = []
        for sentence in sentences:
            body.append(sentence)
            if sum(len(s.split()) for s in body) >= words:
                break
        text = "\n\n".join(["بغداد وباريس تبحثان التعاون", " ".join(" ".join(body).split()[:words])])
        out.append(Page(f"p{n}", text, f"{n:064d}", published="2021-12-04"))
    return out


def speed(count: int = 200) -> dict[str, Any]:
    """Reports a second of process time on one core, and milliseconds a report of each step."""
    tools = load(model=False)
    pages = reports(count)
    for page in pages[:20]:
        read_page(page, tools)
    start = time.process_time()
    for page in pages:
        read_page(page, tools)
    taken = time.process_time() - start
    steps: dict[str, float] = {}

    def lap(name: str, since: float) -> float:
        now = time.process_time()
        steps[name] = steps.get(name, 0.0) + now - since
        return now

    for page in pages:
        at = time.process_time()
        folded = Folded(page.source)
        at = lap("folding", at)
        found = find_reports(page, folded, tools)
        at = lap("cleaning", at)
        for report in found:
            doc = Document(page.source, report, Text(folded, report.segments, tools.lexicon))
            _ = doc.text.hits_of, doc.text.sentences
            at = lap("tokens, sentences, word lists", at)
            for stage in STAGES:
                run_stage(stage, doc, tools)
                at = lap(stage.name, at)
    return {"reports/s": round(count / taken, 1), "ms/report": {k: round(1000 * v / count, 2) for k, v in steps.items()}}


def memory() -> dict[str, float]:
    """The largest size of this process so far, in MB."""
    unit = 1024 if sys.platform != "darwin" else 1024 * 1024
    return {"peak MB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit, 1)}


def by_length(long: bool) -> dict[str, dict[str, float]]:
    """Seconds of process time by shape and length of text (code points)."""
    out: dict[str, dict[str, float]] = {}
    for shape, unit in SHAPES.items():
        out[shape] = {}
        for size in (1_000, 10_000, 100_000, 1_000_000, *([10_000_000] if long else [])):
            text = "".join(unit.format(n=n) for n in range(size // len(unit) + 1))[:size]
            start = time.process_time()
            musnad.read_text(text, published="2021-12-04", model=False)
            out[shape][f"{size:,}"] = round(time.process_time() - start, 3)
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--long", action="store_true", help="texts of up to 10 MB")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    arguments = parser.parse_args()
    figures: dict[str, Any] = {
        "machine": {
            "python": platform.python_version(),
            "system": platform.platform(),
            "processor": _processor(),
            "musnad": musnad.__version__,
        },
        "start-up, s": start_up(),
        "one core, no model": speed(),
        "memory after 420 reports": memory(),
    }
    print(json.dumps(figures, ensure_ascii=False, indent=2), flush=True)
    figures["seconds by length"] = by_length(arguments.long)
    print(json.dumps(figures["seconds by length"], ensure_ascii=False, indent=2))
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


if __name__ == "__main__":
    main()
