"""What tells whether an event happened, goes on, is planned, denied or supposed: features beyond those of its trigger."""

from __future__ import annotations

from musnad.stages.events.roles import RELATIVE
from musnad.stages.events.scene import Scene, Sentence, governor
from musnad.stages.events.triggers import Candidate

STATUSES = ("happened", "ongoing", "planned", "denied", "hypothetical", "historical")
NEAR = 12
"""How many tokens off a time may stand to tell something."""


def describe_status(
    scene: Scene, sentence: Sentence, c: Candidate, type: str, time: str, before: tuple[str, Candidate] | None
) -> list[str]:
    """The features of a trigger for its status; `time` is the verb's tense, `before` the sentence's last event with its type."""
    tokens, kind = scene.tokens, c.kind
    out = [f"T={type}", f"T={type}|{kind}|{time}"]
    statement = scene.statement_at(c.start)
    if statement is not None:
        out += [f"act={statement.act}", f"act={statement.act}|{kind}|{time}"]
    if sentence.title:
        out.append(f"title|{kind}|{time}")
    previous = tokens[c.first - 1].form if c.first > sentence.first else "^"
    out.append(f"p1={previous}|{time or kind}")
    out.append(f"first={tokens[sentence.first].form}")
    out += _negated(scene, sentence, c)
    for j in (c.last, c.last + 1):
        if j + 1 < sentence.last and tokens[j].form in RELATIVE:
            form = tokens[j + 1].form
            when = "future" if form[:2] in ("سي", "ست", "سن") or form == "سوف" else "present" if form[:1] in "يتن" else "past"
            out += [f"rel={when}", f"rel={form}"]
            break
    if before is not None:
        gap = c.first - before[1].last
        out.append(f"pl={before[1].lexeme.id}|{0 if gap <= 1 else 1 if gap <= 3 else 2}")
    return out + _dated(scene, sentence, c, time or kind)


def _negated(scene: Scene, sentence: Sentence, c: Candidate) -> list[str]:
    """Negation of the verb on which the trigger hangs, and denial before it in the sentence."""
    out = []
    j = governor(scene, sentence, c.first) if c.kind != "verb" else None
    if j is not None:
        light = scene.light[j]
        assert light is not None
        before = scene.classes[j - 1] if j > sentence.first else ()
        if "neg" in before:
            out += ["gneg", f"gneg|{light.subject}", f"gneg|{c.first - j <= 2}"]
    if any("deny" in scene.classes[k] for k in range(max(sentence.first, c.first - 8), c.first)):
        out.append(f"denies|{c.kind}")
    return out


def _dated(scene: Scene, sentence: Sentence, c: Candidate, time: str) -> list[str]:
    """How the nearest time of the sentence lies to the day of publication."""
    day, best = scene.doc.published, None
    for t in sentence.times:
        if t.from_:
            gap = abs(scene.doc.text.token_index(t.start) - c.first)
            if gap <= NEAR and (best is None or gap < best[0]):
                best = (gap, t)
    if best is None or day is None:
        return [f"when=none|{time}"]
    gap, t = best
    assert t.from_ is not None
    last = t.to or t.from_
    where = "future" if t.from_ > day else "now" if last >= day else "long ago" if last < f"{int(day[:4]) - 1:04d}{day[4:]}" else "past"
    return [f"when={where}|{gap // 4}", f"when={where}|{time}", f"when={where}|{t.grain}"]
