"""From the heads' numbers to guesses: legal label sequences, anchors above their thresholds, and the spans that belong to each anchor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np

from musnad.record.guess import CommitmentGuess, EventGuess, Guess, StatementGuess, Tagging
from musnad.tagger.labels import ANCHORS, FAR, RELATIONS, SPAN_HEADS, WORD_HEADS
from musnad.tagger.pieces import Word

BEFORE, AFTER = 90, 260
"""How many words before and after an anchor may belong to it."""


@dataclass(frozen=True)
class Settings:
    """What was measured on held-out pages: a temperature for each head, how its anchors' log odds become the probability that word and class are right (factor, shift), from which probability an anchor is one, and for "kind part" how sure a phrase's best word and its other words must be."""

    temperature: Mapping[str, float] = field(default_factory=dict)
    trust: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    phrase: Mapping[str, tuple[float, float]] = field(default_factory=lambda: {"statement speaker": (0.5, 0.2)})
    least: Mapping[str, float] = field(default_factory=lambda: {"event": 0.4, "statement": 0.4, "commitment": 0.3})


def log_softmax(x: np.ndarray) -> np.ndarray:
    x = x - x.max(-1, keepdims=True)
    out: np.ndarray = x - np.log(np.exp(x).sum(-1, keepdims=True))
    return out


def trusted(scores: np.ndarray, factor: float, shift: float) -> np.ndarray:
    """Probability of being an anchor of the likeliest class, from log probabilities (words, classes) whose first column is none."""
    nothing = scores[:, 0]
    odds = np.log(-np.expm1(np.minimum(nothing, -1e-6))) - nothing
    out: np.ndarray = 1 / (1 + np.exp(-(factor * odds + shift)))
    return out


def _legal(labels: Sequence[str]) -> np.ndarray:
    """Which BIOES label may follow which: (from, to), 0 or minus infinity."""
    table = np.full((len(labels), len(labels)), -np.inf, np.float32)
    for i, a in enumerate(labels):
        for j, b in enumerate(labels):
            inside = a[0] in "BI"
            if (inside and b[0] in "IE" and a[2:] == b[2:]) or (not inside and b[0] in "OBS"):
                table[i, j] = 0
    return table


ALWAYS = frozenset({"speaker"})
"""Parts that an anchor nearly always has: the likeliest word is taken where none is sure."""


def _parts(labels: Sequence[str]) -> list[tuple[str, list[int], int]]:
    """The parts of a relation: name, the labels that belong to it, the label that begins one (-1 for none)."""
    names = dict.fromkeys(n[2:] if n[1:2] == "-" else n for n in labels if n != "O")
    return [
        (p, [i for i, n in enumerate(labels) if n == p or n[2:] == p], labels.index("B-" + p) if "B-" + p in labels else -1) for p in names
    ]


_PARTS = {kind: _parts(labels) for kind, labels in RELATIONS.items()}
_LEGAL = {head: _legal(labels) for head, labels in SPAN_HEADS.items()}


def best_path(scores: np.ndarray, head: str) -> np.ndarray:
    """The likeliest legal label sequence of (words, labels) log probabilities; only stretches in doubt are searched."""
    out = np.zeros(len(scores), np.int64)
    doubt = np.flatnonzero(scores[:, 0] < np.log(0.995))
    if not len(doubt):
        return out
    for stretch in np.split(doubt, np.flatnonzero(np.diff(doubt) > 1) + 1):
        out[stretch] = _viterbi(scores[stretch], head)
    return out


def _viterbi(scores: np.ndarray, head: str) -> np.ndarray:
    labels, legal = SPAN_HEADS[head], _LEGAL[head]
    start = np.array([0 if n[0] in "OBS" else -np.inf for n in labels])
    stop = np.array([0 if n[0] in "OES" else -np.inf for n in labels])
    score = scores[0] + start
    back = np.zeros((len(scores), len(labels)), np.int64)
    for i in range(1, len(scores)):
        ways = score[:, None] + legal
        back[i] = ways.argmax(0)
        score = ways[back[i], np.arange(len(labels))] + scores[i]
    path = np.zeros(len(scores), np.int64)
    path[-1] = int((score + stop).argmax())
    for i in range(len(scores) - 1, 0, -1):
        path[i - 1] = back[i, path[i]]
    return path


def spans_of(path: np.ndarray, head: str) -> list[tuple[int, int, str]]:
    """The names of a legal label sequence: words a..b with their type."""
    labels, out, start = SPAN_HEADS[head], [], 0
    for i, n in enumerate(path):
        tag = labels[n][0]
        if tag in "BS":
            start = i
        if tag in "ES":
            out.append((start, i + 1, labels[n][2:]))
    return out


def names_in(scores: np.ndarray, head: str) -> list[tuple[int, int, str, float]]:
    """Names of one head with their probability: words a..b, type, the geometric mean of their labels' probabilities."""
    path = best_path(scores, head)
    chosen = scores[np.arange(len(path)), path]
    return [(a, b, kind, float(np.exp(chosen[a:b].mean()))) for a, b, kind in spans_of(path, head)]


@dataclass
class Reading:
    """All heads' numbers for one text: `heads[name]` are log probabilities (words, labels), `anchor` and `other` projections (words, PAIR)."""

    words: Sequence[Word]
    heads: dict[str, np.ndarray]
    anchor: dict[str, np.ndarray]
    other: dict[str, np.ndarray]


class Decoder:
    """Turns readings into guesses. `relations` holds, for each kind of anchor, `far` (2 FAR + 1, PAIR), `weight` (labels, PAIR) and `bias`."""

    def __init__(self, relations: Mapping[str, Mapping[str, np.ndarray]], settings: Settings) -> None:
        self.relations = relations
        self.settings = settings

    def tagging(self, reading: Reading, model: str) -> Tagging:
        """Everything that the model says of the text, over source offsets."""
        return Tagging(
            model=model,
            names=tuple(self._guess(reading, a, b, kind, p) for a, b, kind, p in names_in(reading.heads["names"], "names")),
            events=tuple(self._events(reading)),
            statements=tuple(self._statements(reading)),
            commitments=tuple(self._commitments(reading)),
        )

    def related(self, reading: Reading, kind: str, at: int) -> tuple[int, np.ndarray]:
        """The first word looked at, and log probabilities (words, labels) of what each word is to the anchor at word `at`."""
        a, b = max(0, at - BEFORE), min(len(reading.words), at + AFTER)
        part = self.relations[kind]
        far = part["far"][np.clip(np.arange(a, b) - at, -FAR, FAR) + FAR]
        hidden = np.maximum(reading.anchor[kind][at] + reading.other[kind][a:b] + far, 0)
        return a, log_softmax((hidden @ part["weight"].T + part["bias"]) / self.settings.temperature.get(f"{kind} relation", 1.0))

    def _anchors(self, reading: Reading, kind: str) -> list[tuple[int, str, float]]:
        """Anchor words of a kind with their class: those whose probability of being one reaches the threshold."""
        scores = reading.heads[kind]
        some = trusted(scores, *self.settings.trust.get(kind, (1.0, 0.0)))
        found = np.flatnonzero(some >= self.settings.least[kind])
        best = scores[:, 1:].argmax(-1) + 1
        return [(int(i), WORD_HEADS[kind][best[i]], float(some[i])) for i in found]

    def _guess(self, reading: Reading, a: int, b: int, label: str, p: float, strip: bool = True) -> Guess:
        """Words a..b as a range of the source, the first word's proclitics left out where the model says so."""
        first, last = reading.words[a], reading.words[b - 1]
        skip = int(reading.heads["skip"][a].argmax()) if strip else 0
        start = first.start + skip if first.start + skip + 1 < first.end else first.start
        return Guess(start=start, end=last.end, label=label, p=round(min(max(p, 0.0), 1.0), 4))

    def _runs(self, reading: Reading, kind: str, at: int) -> dict[str, list[Guess]]:
        """The phrases that belong to an anchor, by label. A phrase grows from a sure word over less sure neighbours; a new one starts where the model says so and the writing allows it (a comma, و)."""
        first, scores = self.related(reading, kind, at)
        chance = np.exp(scores)
        out: dict[str, list[Guess]] = {}
        for part, columns, begins in _PARTS[kind]:
            p = chance[:, columns].sum(-1)
            sure, weak = self.settings.phrase.get(f"{kind} {part}", (0.5, 0.3))
            if part in ALWAYS and p.max(initial=0) < sure:
                sure = max(float(p.max(initial=0)), weak)
            runs = _stretches(p, sure, weak)
            if begins >= 0:
                fresh = chance[:, begins] > 0.5 * p
                runs = [
                    piece
                    for a, b in runs
                    for piece in _split(a, b, [i for i in range(a + 1, b) if fresh[i] and _may_begin(reading.words, first + i)])
                ]
            else:
                runs = _bridged(p, runs, at - first)
            for a, b in runs:
                if any(c.isalnum() for w in reading.words[first + a : first + b] for c in w.text):
                    x, y = _without_marks(reading.words, first + a, first + b)
                    out.setdefault(part, []).append(self._guess(reading, x, y, part, float(p[a:b].mean())))
        return out

    def _events(self, reading: Reading) -> list[EventGuess]:
        out = []
        more = reading.heads["more"]
        for at, kind, p in self._anchors(reading, "event"):
            end = at + 1
            while end < len(reading.words) and end < at + 4 and more[end, 1] > more[end, 0]:
                end += 1
            roles = self._runs(reading, "event", at)
            status, mode = reading.heads["status"][at], reading.heads["mode"][at]
            s, m = int(status.argmax()), int(mode.argmax())
            out.append(
                EventGuess(
                    trigger=self._guess(reading, at, end, kind, p),
                    roles=tuple(g for part in ("actor", "recipient", "place") for g in roles.get(part, [])),
                    status=(WORD_HEADS["status"][s], round(float(np.exp(status[s])), 4)),
                    mode=(WORD_HEADS["mode"][m], round(float(np.exp(mode[m])), 4)),
                )
            )
        return out

    def _statements(self, reading: Reading) -> list[StatementGuess]:
        out = []
        for at, act, p in self._anchors(reading, "statement"):
            parts = self._runs(reading, "statement", at)
            content = parts.get("content", [])
            speaker = max(parts.get("speaker", []), key=lambda g: g.p, default=None)
            out.append(StatementGuess(cue=self._guess(reading, at, at + 1, act, p), speaker=speaker, content=tuple(content)))
        return out

    def _commitments(self, reading: Reading) -> list[CommitmentGuess]:
        out = []
        for at, stance, p in self._anchors(reading, "commitment"):
            parts = self._runs(reading, "commitment", at)
            start = self._guess(reading, at, at + 1, stance, p)
            pieces = [g for g in parts.get("action", []) if g.end > start.start]
            end = pieces[0].end if pieces else start.end
            action = Guess(start=start.start, end=max(end, start.end), label=stance, p=start.p)
            out.append(CommitmentGuess(action=action, by=tuple(parts.get("by", [])), to=tuple(parts.get("to", []))))
        return out


def _without_marks(words: Sequence[Word], a: int, b: int) -> tuple[int, int]:
    """Words a..b without marks at the edges."""
    while b > a + 1 and not any(c.isalnum() for c in words[b - 1].text):
        b -= 1
    while a < b - 1 and not any(c.isalnum() for c in words[a].text):
        a += 1
    return a, b


def _stretches(p: np.ndarray, sure: float, weak: float) -> list[tuple[int, int]]:
    """Runs of words of at least `weak` that hold one of at least `sure`."""
    out = []
    alive = np.flatnonzero(p >= weak)
    for run in np.split(alive, np.flatnonzero(np.diff(alive) > 1) + 1):
        if len(run) and p[run].max() >= sure:
            out.append((int(run[0]), int(run[-1]) + 1))
    return out


def _split(a: int, b: int, begins: Sequence[int]) -> list[tuple[int, int]]:
    """The run a..b cut before each word that begins a phrase."""
    return list(pairwise((a, *begins, b)))


def _bridged(p: np.ndarray, runs: Sequence[tuple[int, int]], anchor: int) -> list[tuple[int, int]]:
    """Runs of long content with the gaps between them closed where that gains more than it costs; never over the anchor. Far smaller pieces are left out."""
    gain = np.clip(np.log(p + 1e-6) - np.log(1 - p + 1e-6), -4, 4)
    out: list[tuple[int, int]] = []
    for a, b in runs:
        if out and not out[-1][1] <= anchor < a and gain[out[-1][1] : a].sum() + min(gain[slice(*out[-1])].sum(), gain[a:b].sum()) > 0:
            out[-1] = (out[-1][0], b)
        else:
            out.append((a, b))
    longest = max((b - a for a, b in out), default=0)
    return [(a, b) for a, b in out if (b - a) * 5 >= longest]


def _may_begin(words: Sequence[Word], i: int) -> bool:
    """True where a coordinated phrase may begin: after a mark, with و or ف, or after a free-standing و, أو, مع, بين."""
    if i == 0 or words[i].text[:1] in "وف":
        return True
    before = words[i - 1].text
    return not any(c.isalnum() for c in before) or before in ("و", "أو", "او", "مع", "بين", "ثم")


def readings(
    outputs: Sequence[Mapping[str, Any]], placed: Sequence[tuple[int, int, int]], words: Sequence[Word], settings: Settings
) -> Reading:
    """One text's numbers from its windows: `outputs[k]` holds row `placed[k]` = (row, a, b) for words a..b; of two windows a word is read where it stands farther from the edge."""
    size = len(words)
    owner = np.zeros(size, np.int64)
    margin = np.full(size, -1.0)
    for k, (_, a, b) in enumerate(placed):
        inner = np.minimum(np.arange(b - a) + (1e6 if a == 0 else 0), np.arange(b - a)[::-1] + (1e6 if b == size else 0)).astype(float)
        better = inner > margin[a:b]
        owner[a:b][better] = k
        margin[a:b][better] = inner[better]

    def whole(name: str) -> np.ndarray:
        if len(placed) == 1:
            row, a, b = placed[0]
            return np.asarray(outputs[0][name][row, : b - a])
        first = outputs[0][name]
        out = np.zeros((size, first.shape[-1]), np.float32)
        for k, (row, a, b) in enumerate(placed):
            mine = owner[a:b] == k
            out[a:b][mine] = outputs[k][name][row, : b - a][mine]
        return out

    heads = {n: log_softmax(whole(n) / settings.temperature.get(n, 1.0)) for n in (*SPAN_HEADS, *WORD_HEADS) if n in outputs[0]}
    return Reading(words, heads, {k: whole(f"anchor_{k}") for k in ANCHORS}, {k: whole(f"other_{k}") for k in ANCHORS})
