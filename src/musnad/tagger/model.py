"""The model at work: words in, guesses out."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from musnad.grammar.folding import Folded
from musnad.grammar.lexicon import Lexicon
from musnad.grammar.text import Text
from musnad.record.guess import Tagging
from musnad.record.kinds import Segment
from musnad.tagger.decode import Decoder, Reading, Settings, names_in, readings
from musnad.tagger.features import Features
from musnad.tagger.labels import ANCHORS
from musnad.tagger.pieces import Pieces, Word
from musnad.tagger.windows import Window, arrays, batches, windows, words_of, words_of_tokens

INPUTS = ("ids", "mask", "of_word", "features", "first", "last", "alive")


def threads() -> int:
    """Threads of the session: MUSNAD_THREADS, else the processors this process may use, at most 4 (more pay little at 384 wide)."""
    told = os.environ.get("MUSNAD_THREADS", "")
    if told.isdigit() and int(told) > 0:
        return int(told)
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(allowed, 4)


class Tagger:
    """One loaded model; safe to use from several threads of a process."""

    def __init__(self, session: Any, pieces: Pieces, features: Features, decoder: Decoder, settings: Mapping[str, Any]) -> None:
        self.session = session
        self.pieces = pieces
        self.features = features
        self.decoder = decoder
        self.name: str = settings["model"]
        self._columns: list[tuple[str, int]] = [(n, int(w)) for n, w in settings["columns"]]
        self._types: tuple[str, ...] = tuple(settings["whole"])

    @classmethod
    def read(cls, folder: Path) -> Tagger:
        """From the folder of shipped files."""
        import onnxruntime

        settings = json.loads((folder / "settings.json").read_text(encoding="utf-8"))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads()
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        session = onnxruntime.InferenceSession(str(folder / "reader.onnx"), options, providers=["CPUExecutionProvider"])
        with np.load(folder / "relations.npz") as file:
            relations = {k: {p: file[f"{k}.{p}"].astype(np.float32) for p in ("far", "weight", "bias")} for k in ANCHORS}
        chosen = Settings(temperature=settings["temperature"], least=settings["least"], trust=settings.get("trust", {}))
        pieces = Pieces.read(folder / "tokenizer.json")
        return cls(session, pieces, Features.read(folder / "features.bin.gz"), Decoder(relations, chosen), settings)

    def tag(self, text: Text) -> Tagging:
        """All guesses for one report."""
        return self.tag_all([text])[0]

    def tag_all(self, texts: Sequence[Text]) -> list[Tagging]:
        """All guesses for several reports, batched by length. A very long report is read in stretches, so that memory stays small."""
        stretches = [list(_stretches(words_of(t)[:MOST])) for t in texts]
        told = (
            self.decoder.tagging(r, self.name) if r is not None else None
            for group in _groups([s for some in stretches for s in some])
            for r in self.read_words(group)
        )
        return [self._together([next(told) for _ in some]) for some in stretches]

    def _together(self, parts: Sequence[Tagging | None]) -> Tagging:
        found = [p for p in parts if p is not None]
        if len(found) == 1:
            return found[0]
        return Tagging(
            model=self.name,
            names=tuple(x for f in found for x in f.names),
            events=tuple(x for f in found for x in f.events),
            statements=tuple(x for f in found for x in f.statements),
            commitments=tuple(x for f in found for x in f.commitments),
        )

    def tag_tokens(self, sentences: Sequence[Sequence[str]]) -> list[list[str]]:
        """Tags (B-PERS, I-PERS, LOC, ORG, MISC or O) of tokenised sentences, in the manner of the ANERcorp corpus."""
        given = [words_of_tokens(s) for s in sentences]
        out = []
        for sentence, reading in zip(sentences, self.read_words(given), strict=True):
            tags = ["O"] * len(sentence)
            for a, b, kind, _ in names_in(reading.heads["anercorp"], "anercorp") if reading is not None else ():
                tags[a:b] = ["B-" + kind, *["I-" + kind] * (b - a - 1)]
            out.append(tags)
        return out

    def classify(self, sentences: Sequence[str]) -> list[dict[str, float]]:
        """For each sentence, the probability that it reports an event of a type (ASSAULT, PROTEST)."""
        texts = [Text(Folded(s), [Segment(start=0, end=len(s), text=s, kind="body")], Lexicon()) for s in sentences]
        words = [[w._replace(segment=1) for w in words_of(t)] for t in texts]
        out = [dict.fromkeys(self._types, 0.0) for _ in words]
        for window, found in self._run(words):
            for n, kind in enumerate(self._types):
                out[window.text][kind] = max(out[window.text][kind], 1 / (1 + float(np.exp(-found["whole"][n]))))
        return out

    def read_words(self, texts: Sequence[Sequence[Word]]) -> list[Reading | None]:
        """The heads' numbers for each text given as words; None for a text without any."""
        parts: list[list[tuple[Window, dict[str, np.ndarray]]]] = [[] for _ in texts]
        for window, found in self._run(texts):
            parts[window.text].append((window, found))
        out: list[Reading | None] = []
        for words, mine in zip(texts, parts, strict=True):
            if not words:
                out.append(None)
                continue
            mine.sort(key=lambda x: x[0].a)
            out.append(readings([f for _, f in mine], [(0, w.a, w.b) for w, _ in mine], words, self.decoder.settings))
        return out

    def _run(self, texts: Sequence[Sequence[Word]]) -> list[tuple[Window, dict[str, np.ndarray]]]:
        """Every window of the texts with its numbers, `name` → (1, words, labels), and `whole` → (types,)."""
        told = [self.features(words) for words in texts]
        found = [w for n, words in enumerate(texts) for w in windows(n, self.pieces.rows(words))]
        out = []
        for group in batches(found):
            batch = arrays([found[i] for i in group], [told[found[i].text] for i in group])
            words, whole = self.session.run(None, {k: batch[k] for k in INPUTS})
            for row, i in enumerate(group):
                count = found[i].b - found[i].a
                numbers: dict[str, np.ndarray] = {"whole": whole[row]}
                at = 0
                for name, width in self._columns:
                    numbers[name] = words[row : row + 1, :count, at : at + width]
                    at += width
                out.append((found[i], numbers))
        return out


LONG = 3000
"""Words read at a stretch."""
MOST = 30_000
"""Words of one report that the model reads, a hundred newspaper reports: what follows is left to the rules, so that no page takes minutes."""


def _stretches(words: list[Word]) -> Iterator[list[Word]]:
    """Words in stretches of at most LONG, cut at a segment's end or a full stop in the last third where there is one."""
    a = 0
    while len(words) - a > LONG:
        ends = (i for i in range(a + LONG, a + 2 * LONG // 3, -1) if words[i].segment != words[i - 1].segment or words[i - 1].text in ".!؟")
        b = next(ends, a + LONG)
        yield words[a:b]
        a = b
    yield words[a:]


def _groups(stretches: Sequence[list[Word]]) -> Iterator[list[list[Word]]]:
    """Stretches in groups of about 4 LONG words."""
    group: list[list[Word]] = []
    for stretch in stretches:
        group.append(stretch)
        if sum(map(len, group)) >= 4 * LONG:
            yield group
            group = []
    yield group
