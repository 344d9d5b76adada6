"""How fast the model reads: reports of 300 words a second, words and pieces a second, and the share of this machine's own int8 peak.

    python benchmarks/model_speed.py [--reports 60] [--threads 2] [--json FILE]

The peak is the best rate that onnxruntime reaches, in the same run and with as many threads, on a bare dynamic int8 product of 1024 × 384 by 384 × 1536, the largest shape in the encoder.
Each report counts with the best of five readings, as the peak does with the best of its runs, so that a busy machine disturbs both alike.
The text is made here: newspaper sentences of our own, drawn anew for each report.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import time
from pathlib import Path
from typing import Any

import numpy as np

WORDS = 300
ENCODER_PRODUCTS = 12 * (4 * 384 * 384 + 2 * 384 * 1536)
"""Multiplications of the encoder's weight products for one piece (attention's own products not counted)."""
SENTENCES = (
    "قال وزير الداخلية إن قوات الأمن أوقفت خمسة أشخاص يشتبه في ضلوعهم في الهجوم على مركز الشرطة.",
    "وأعلن الرئيس التونسي أمس الثلاثاء في ختام زيارته إلى روما توقيع اتفاق للتعاون في مجال الطاقة.",
    "وخرج مئات العمال في مسيرة وسط العاصمة احتجاجا على تأخر صرف الأجور منذ ثلاثة أشهر.",
    "من جهته نفى المتحدث باسم الحركة أن تكون هناك مفاوضات مباشرة مع الحكومة بشأن تبادل الأسرى.",
    "وأضاف المصدر أن الطائرات قصفت مواقع للمسلحين قرب الحدود دون أن يشير إلى سقوط ضحايا.",
    "ودعت الأمم المتحدة جميع الأطراف إلى وقف إطلاق النار وفتح ممرات آمنة للمدنيين في المدينة المحاصرة.",
    "وتعهدت الشركة بتسليم المشروع قبل نهاية العام المقبل بعد أن واجهت انتقادات واسعة من سكان المنطقة.",
)


def reports(count: int) -> list[str]:
    chance = random.Random(7)
    out = []
    for _ in range(count):
        words: list[str] = []
        while len(words) < WORDS:
            words += chance.choice(SENTENCES).split()
        out.append(" ".join(words[:WORDS]))
    return out


def peak(threads: int) -> float:
    """The best rate of the bare int8 product, in multiply-adds a second: a graph of 16 such products, quantised activations in, 32-bit sums out."""
    import onnxruntime
    from onnx import TensorProto, helper, numpy_helper

    weight = np.random.default_rng(0).integers(-60, 60, (384, 1536)).astype(np.int8)
    count = 16
    nodes = [helper.make_node("MatMulInteger", ["x", f"w{i}", "zero"], [f"y{i}"]) for i in range(count)]
    given = [numpy_helper.from_array(np.roll(weight, i, 0), f"w{i}") for i in range(count)] + [
        numpy_helper.from_array(np.uint8(128), "zero")
    ]
    out = [helper.make_tensor_value_info(f"y{i}", TensorProto.INT32, [1024, 1536]) for i in range(count)]
    graph = helper.make_graph(nodes, "peak", [helper.make_tensor_value_info("x", TensorProto.UINT8, [1024, 384])], out, given)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    x = np.random.default_rng(1).integers(0, 255, (1024, 384)).astype(np.uint8)
    best = float("inf")
    for _ in range(12):
        began = time.perf_counter()
        session.run(None, {"x": x})
        best = min(best, time.perf_counter() - began)
    return count * 1024 * 384 * 1536 / best


def measure(count: int, threads: int) -> dict[str, Any]:
    os.environ["MUSNAD_THREADS"] = str(threads)
    from musnad import tagger
    from musnad.grammar.folding import Folded
    from musnad.grammar.lexicon import Lexicon
    from musnad.grammar.text import Text
    from musnad.record.kinds import Segment
    from musnad.tagger.windows import words_of

    began = time.perf_counter()
    loaded = tagger.load()
    start = time.perf_counter() - began

    def texts() -> list[Text]:
        return [Text(Folded(s), [Segment(start=0, end=len(s), text=s, kind="body")], Lexicon()) for s in reports(count)]

    loaded.tag(texts()[0])
    each = [float("inf")] * count
    best_all = float("inf")
    for _ in range(5):
        made = texts()
        for i, text in enumerate(made):
            began = time.perf_counter()
            loaded.tag(text)
            each[i] = min(each[i], time.perf_counter() - began)
        made = texts()
        began = time.perf_counter()
        loaded.tag_all(made)
        best_all = min(best_all, time.perf_counter() - began)
    best_one = sum(each)
    pieces = sum(len(loaded.pieces(w.text, w.spaced)) for t in made for w in words_of(t))
    top = peak(threads)
    rate = pieces / best_one
    return {
        "machine": platform.processor() or platform.machine(),
        "cpu": tagger.health(),
        "threads": threads,
        "reports_per_second": round(count / best_one, 1),
        "reports_per_second_batched": round(count / best_all, 1),
        "words_per_second": round(count * WORDS / best_one),
        "pieces_per_second": round(rate),
        "start_seconds": round(start, 2),
        "peak_int8_gmac_per_second": round(top / 1e9, 1),
        "share_of_peak": round(rate * ENCODER_PRODUCTS / top, 3),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=60)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    found = measure(args.reports, args.threads)
    print(json.dumps(found, indent=1))
    if args.json:
        args.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
