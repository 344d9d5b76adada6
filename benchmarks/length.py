"""How reading time and memory grow with length: seconds a megabyte for text from 1 kB to 10 MB, as paragraphs, as one line, of quotation marks, of digits.

    python benchmarks/length.py [--largest 10000000] [--kind paragraphs …]

Each size is read in a process of its own (rules, no model), so that its peak memory can be told. Time that grows with length keeps the last column level.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

SENTENCES = (
    "قال وزير الدفاع الفرنسي، خلال زيارته بغداد يوم الاثنين، إن بلاده ستواصل تدريب القوات العراقية حتى نهاية العام.",
    "وأعلن التحالف الدولي، في بيان، أن طائراته نفذت 12 ضربة قرب الموصل، وأسفرت عن مقتل 30 مسلحا بحسب بيان له.",
    "ونفى المتحدث باسم قيادة العمليات المشتركة، أمس، صحة الأنباء عن تمديد بقاء القوات القتالية بعد 31 كانون الأول 2021.",
    "والتقى رئيس الوزراء السفيرة الأميركية «في لقاء مطول»، وبحثا التعاون الأمني وإعادة إعمار المدن المحررة.",
)
KINDS = ("paragraphs", "line", "quotes", "digits")
_CHILD = """
import resource, sys, time
import musnad
from pathlib import Path
text = Path(sys.argv[1]).read_text(encoding="utf-8")
musnad.read_text("قال وزير الدفاع إن 12 جنديا قتلوا في هجوم أمس.", published="2018-01-01", model=False)
begin = time.process_time()
docs = musnad.read_text(text, published="2018-01-01", model=False)
print(time.process_time() - begin, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, sum(len(d.line().events) for d in docs))
"""


def text_of(kind: str, size: int) -> str:
    """About `size` bytes in UTF-8 of one kind of text."""
    if kind == "quotes":
        return ('"«»“”' * (size // 9 + 1))[: size // 2]
    if kind == "digits":
        return ("0123456789٠١٢٣٤" * (size // 19 + 1))[: size * 15 // 20]
    joint = " " if kind == "line" else "\n\n"
    out: list[str] = []
    length = n = 0
    while length < size:
        sentence = SENTENCES[n % len(SENTENCES)].replace("،", f" رقم {n}،", 1)
        out.append(sentence)
        length += len(sentence.encode()) + 2
        n += 1
    return joint.join(out)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--largest", type=int, default=10_000_000)
    parser.add_argument("--kind", nargs="*", choices=KINDS, default=list(KINDS))
    parser.add_argument("--out", type=Path, help="keep the figures as JSON")
    args = parser.parse_args()
    rows = []
    for kind in args.kind:
        size = 1_000
        while size <= args.largest:
            file = Path("/tmp") / f"musnad-length-{kind}-{size}.txt"
            file.write_text(text_of(kind, size), encoding="utf-8")
            done = subprocess.run([sys.executable, "-c", _CHILD, str(file)], capture_output=True, text=True, check=False)
            file.unlink()
            said = done.stdout.split() or ["nan", "nan", "0"]
            rows.append({"kind": kind, "bytes": size, "seconds": float(said[0]), "MB": float(said[1]), "ended": done.returncode == 0})
            print(
                f"{kind:12} {size:>10,} bytes  {float(said[0]):8.2f} s  {float(said[1]):6.0f} MB  {float(said[0]) / size * 1e6:7.2f} s/MB",
                flush=True,
            )
            if done.returncode:
                print(done.stderr.strip().splitlines()[-1])
            size *= 10
    if args.out:
        args.out.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
