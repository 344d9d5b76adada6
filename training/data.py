"""Examples for training: words with labels, from the gold pages and the open corpora. No text of them leaves the training machine: only weights do."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np

from musnad.grammar.folding import Folded
from musnad.grammar.lexicon import Lexicon
from musnad.grammar.text import Text
from musnad.record.kinds import Segment
from musnad.tagger.features import Features
from musnad.tagger.labels import CLITICS, RELATIONS, SPAN_HEADS, WORD_HEADS
from musnad.tagger.pieces import Pieces, Word
from musnad.tagger.windows import words_of, words_of_tokens

IGNORE = -100


@dataclass
class Anchor:
    """An anchor word and what every word of the text is to it (labels of RELATIONS[kind]; IGNORE where unknown)."""

    kind: str
    at: int
    labels: np.ndarray


@dataclass
class Example:
    """A text as words, with the labels known for it: `targets[head]` has one label a word."""

    name: str
    words: list[Word]
    targets: dict[str, np.ndarray]
    anchors: list[Anchor] = field(default_factory=list)
    whole: tuple[float, float] = (IGNORE, IGNORE)
    gold: dict[str, Any] | None = None
    persons: frozenset[int] = frozenset()

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        return [(w.start, w.end) for w in self.words]


def fold_of(name: str, folds: int) -> int:
    """The fold of a page or document: by a hash of its name, so that it never moves."""
    return int.from_bytes(blake2b(name.encode(), digest_size=4).digest(), "big") % folds


def covering(spans: Sequence[tuple[int, int]], start: int, end: int) -> tuple[int, int] | None:
    """The words that share a code point with start..end, as a half-open range of indexes."""
    inside = [i for i, (a, b) in enumerate(spans) if a < end and start < b]
    return (inside[0], inside[-1] + 1) if inside else None


def paint(labels: np.ndarray, at: tuple[int, int], kind: str, names: Sequence[str]) -> None:
    """Write one name of type `kind` into BIOES labels."""
    a, b = at
    index = {n: i for i, n in enumerate(names)}
    if b - a == 1:
        labels[a] = index["S-" + kind]
        return
    labels[a + 1 : b - 1] = index["I-" + kind]
    labels[a], labels[b - 1] = index["B-" + kind], index["E-" + kind]


def gold_examples(folder: Path) -> list[Example]:
    """One example a report of an annotated set."""
    out = []
    for path in sorted(folder.glob("*.gold.json")):
        page = json.loads(path.read_text(encoding="utf-8"))
        source = (folder / "pages" / page["page"]).read_text(encoding="utf-8")
        for n, report in enumerate(page["reports"]):
            segments = [Segment(start=s["start"], end=s["end"], text=s["text"], kind="body") for s in report["segments"]]
            text = Text(Folded(source), segments, Lexicon())
            out.append(gold_example(f"{page['page']}#{n}", words_of(text), report))
    return out


def gold_example(name: str, words: list[Word], report: dict[str, Any]) -> Example:
    """Labels of all heads for one annotated report; none for names where they weren't annotated (`mentions` is null)."""
    size, mentions = len(words), report["mentions"]
    heads = ("event", "more", "statement", "commitment") if mentions is None else ("names", "event", "more", "statement", "commitment")
    example = Example(name, words, {h: np.zeros(size, np.int64) for h in heads}, gold=report)
    for head in ("skip", "status", "mode"):
        example.targets[head] = np.full(size, IGNORE)
    spans, t = example.spans, example.targets

    def begin(span: dict[str, Any], firm: bool = False) -> tuple[int, int] | None:
        found = covering(spans, span["start"], span["end"]) if span.get("start") is not None else None
        if found and (firm or t["skip"][found[0]] == IGNORE):
            t["skip"][found[0]] = min(max(span["start"] - spans[found[0]][0], 0), len(CLITICS) - 1)
        return found

    persons = set()
    for m in mentions or ():
        if at := begin(m, True):
            paint(t["names"], at, m["type"], SPAN_HEADS["names"])
            if m["type"] == "PER":
                persons.update(range(*at))
    example.persons = frozenset(persons)

    def label(head: str, value: str) -> int:
        return WORD_HEADS[head].index(value) if value in WORD_HEADS[head] else 0

    def related(kind: str, at: int, parts: list[tuple[str, Sequence[dict[str, Any]]]]) -> None:
        names = RELATIONS[kind]
        labels = np.zeros(size, np.int64)
        for part, phrases in parts:
            for phrase in phrases:
                found = begin(phrase)
                if not found:
                    continue
                if part in names:
                    labels[found[0] : found[1]] = names.index(part)
                else:
                    labels[found[0] : found[1]] = names.index("I-" + part)
                    labels[found[0]] = names.index("B-" + part)
        example.anchors.append(Anchor(kind, at, labels))

    for e in report["events"]:
        if not (at := begin(e["trigger"])):
            continue
        t["event"][at[0]] = label("event", e["type"])
        t["more"][at[0] + 1 : at[1]] = 1
        t["status"][at[0]] = label("status", e["status"])
        t["mode"][at[0]] = label("mode", e["mode"] or "")
        place = [e["place"]] if e.get("place") else []
        related("event", at[0], [("place", place), ("recipient", e["recipients"]), ("actor", e["actors"])])
    for s in report["statements"]:
        if not (at := begin(s["cue"])):
            continue
        t["statement"][at[0]] = label("statement", s["act"])
        related("statement", at[0], [("content", s["content"]), ("speaker", [s["speaker"]] if s["speaker"] else [])])
    for c in report["commitments"]:
        if not (at := begin(c["action"])):
            continue
        t["commitment"][at[0]] = label("commitment", c["stance"])
        related("commitment", at[0], [("action", [c["action"]]), ("to", c["to"]), ("by", c["by"])])
    return example


def column_sentences(path: Path) -> list[list[tuple[str, list[str]]]]:
    """Sentences of a token-a-line file as (token, tags)."""
    out: list[list[tuple[str, list[str]]]] = [[]]
    for line in path.read_text(encoding="utf-8").splitlines():
        parts = line.split()
        if parts:
            out[-1].append((parts[0], parts[1:] or ["O"]))
        elif out[-1]:
            out.append([])
    return [s for s in out if s]


def column_examples(path: Path, head: str, merge: dict[str, str]) -> list[Example]:
    """Examples of a token-a-line corpus; `merge` maps its types to the head's, types that it leaves out are O. Of nested tags the first that counts is taken."""
    types = {n[2:] for n in SPAN_HEADS[head] if n != "O"}
    out = []
    for n, sentence in enumerate(column_sentences(path)):
        tags = []
        for _, options in sentence:
            mapped = [t[:2] + merge.get(t[2:], t[2:]) for t in options if t != "O"]
            tags.append(next((t for t in mapped if t[2:] in types), "O"))
        labels = np.zeros(len(tags), np.int64)
        start = 0
        for i in range(1, len(tags) + 1):
            goes_on = i < len(tags) and tags[i][0] == "I" and tags[i][2:] == tags[start][2:]
            if not goes_on:
                if tags[start] != "O":
                    paint(labels, (start, i), tags[start][2:], SPAN_HEADS[head])
                start = i
        persons = frozenset(i for i, t in enumerate(tags) if t[2:] in ("PERS", "PER"))
        out.append(Example(f"{path.stem}:{n}", words_of_tokens([w for w, _ in sentence]), {head: labels}, persons=persons))
    return out


def event_sentences(folder: Path, only: str) -> list[Example]:
    """Sentences judged for one PLOVER type: `whole` is 1 for yes, 0 for no; ambiguous ones are left out."""
    out = []
    for line in (folder / f"{only.lower()}_dev.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["label"] == "ambiguous":
            continue
        source = row["text"]
        text = Text(Folded(source), [Segment(start=0, end=len(source), text=source, kind="body")], Lexicon())
        yes = float(row["label"] == "yes")
        words = [w._replace(segment=1) for w in words_of(text)]
        out.append(Example(row["id"], words, {}, whole=(yes, IGNORE) if only == "ASSAULT" else (IGNORE, yes)))
    return out


PLACE_STARTS = {"في", "قرب", "وسط", "شمال", "جنوب", "شرق", "غرب", "داخل", "امام", "أمام"}


def span_sentences(folder: Path, only: str) -> list[Example]:
    """Sentences whose verbs and their source and target actors are marked by words: triggers and roles; what isn't marked stays open, words near a place too."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in json.loads((folder / f"{only.lower()}_spans_dev.json").read_text(encoding="utf-8")):
        rows.setdefault(row["text"], []).extend({**s, "id": row["source"]} for s in row["spans"])
    out = []
    for source, marked in rows.items():
        text = Text(Folded(source), [Segment(start=0, end=len(source), text=source, kind="body")], Lexicon())
        words = [w._replace(segment=1) for w in words_of(text)]
        forms = [w.text for w in words]
        example = Example(marked[0]["id"], words, {"event": np.full(len(words), IGNORE)})
        by_verb: dict[int, np.ndarray] = {}
        for span in marked:
            verb = run_of(forms, span["verb"])
            if verb is None:
                continue
            labels = by_verb.setdefault(verb[0], np.zeros(len(words), np.int64))
            for part, given in (("recipient", span["target_actor"]), ("actor", span["source_actor"])):
                found = run_of(forms, given)
                if found:
                    labels[found[0] : found[1]] = RELATIONS["event"].index("I-" + part)
                    labels[found[0]] = RELATIONS["event"].index("B-" + part)
        for at, labels in by_verb.items():
            for i, form in enumerate(forms):
                if form in PLACE_STARTS:
                    near = labels[i : i + 4]
                    near[near == 0] = IGNORE
            example.targets["event"][at] = WORD_HEADS["event"].index(only)
            example.anchors.append(Anchor("event", at, labels))
        if example.anchors:
            out.append(example)
    return out


def run_of(forms: Sequence[str], wanted: Sequence[str]) -> tuple[int, int] | None:
    """Where the words stand one after another, marks aside; None where they don't."""
    wanted = [w.strip('.,،؛:«»"') for w in wanted]
    for i in range(len(forms)):
        if wanted and list(forms[i : i + len(wanted)]) == wanted:
            return i, i + len(wanted)
    return None


SPELLINGS = (str.maketrans("أإآ", "ااا"), str.maketrans("ى", "ي"), str.maketrans("ة", "ه"))


def varied(example: Example, names: Sequence[str], chance: random.Random) -> Example:
    """The example with another spelling habit now and then, and some names of persons exchanged; labels stay."""
    texts = [w.text for w in example.words]
    if example.persons and chance.random() < 0.35:
        for i in example.persons:
            if len(texts[i]) > 3 and chance.random() < 0.6:
                skip = int(example.targets["skip"][i]) if "skip" in example.targets and example.targets["skip"][i] > 0 else 0
                texts[i] = texts[i][:skip] + chance.choice(names)
    if chance.random() < 0.15:
        table = chance.choice(SPELLINGS)
        texts = [t[:-1].translate(table) + t[-1:] if table is SPELLINGS[0] else t[:-1] + t[-1:].translate(table) for t in texts]
    return replace(example, words=[w._replace(text=t) if t != w.text else w for w, t in zip(example.words, texts, strict=True)])


def cut(example: Example, pieces: Pieces, longest: int, chance: random.Random | None = None) -> Iterator[Example]:
    """The example in windows of at most `longest` pieces; with `chance`, one window only, at a random place."""
    sizes = np.array([len(r) for r in pieces.rows(example.words)])
    ends = np.cumsum(sizes)
    if ends[-1] <= longest - 2:
        yield example
        return
    starts = [0]
    if chance:
        lines = [
            i
            for i in range(1, len(sizes))
            if example.words[i].segment != example.words[i - 1].segment or example.words[i - 1].text in ".!؟"
        ]
        starts = [chance.choice([0, 0, *lines])]
    while True:
        a = starts.pop()
        offset = ends[a - 1] if a else 0
        b = int(np.searchsorted(ends, offset + longest - 2, side="right"))
        yield Example(
            example.name,
            example.words[a:b],
            {k: v[a:b] for k, v in example.targets.items()},
            [Anchor(x.kind, x.at - a, x.labels[a:b]) for x in example.anchors if a <= x.at < b],
            example.whole,
            example.gold,
            frozenset(i - a for i in example.persons if a <= i < b),
        )
        if b >= len(sizes) or chance:
            return
        starts.append(int(np.searchsorted(ends, ends[b - 1] - longest // 3)))


def common_names(features: Features, path: Path) -> list[str]:
    """Arabic parts of persons' names for exchanging: Google's list (Apache-2.0)."""
    rows = (line.split("\t")[0] for line in path.read_text(encoding="utf-8").splitlines())
    return [w for r in rows for w in [r.strip()] if 3 < len(w) < 9 and " " not in w and "." not in w]
