"""When: which of the report's times an event happened at, in its sentence or plainly carried over from the one before."""

from __future__ import annotations

from collections.abc import Sequence

from musnad.grammar.loglinear import Model
from musnad.record.kinds import Time
from musnad.stages.events.scene import Scene, Sentence, between
from musnad.stages.events.triggers import Candidate

YES, NO = "yes", "no"
BACK = 2
"""How many sentences back a day may be carried over from."""
_STEPS = (0, 1, 3, 6, 10, 16, 25)
_SINCE = frozenset(("منذ", "ابتداء", "بدءا"))


def near_times(scene: Scene, sentence: Sentence) -> list[tuple[int, Time]]:
    """The times that an event of the sentence may have: (sentences back, time), resolved ones only."""
    out = []
    for back in range(BACK + 1):
        if sentence.number - back < 0:
            break
        out += [(back, t) for t in scene.sentences[sentence.number - back].times if t.from_]
    return out


def describe_time(
    scene: Scene,
    sentence: Sentence,
    c: Candidate,
    type: str,
    status: str,
    back: int,
    time: Time,
    earlier: Sequence[tuple[str, str, str | None]],
) -> list[str]:
    """The features of one event against one time; `earlier` holds (lemma, type, id of the time) of the report's events before it."""
    tokens = scene.tokens
    i = scene.doc.text.token_index(time.start)
    j = scene.doc.text.token_index(time.end - 1) + 1
    word = tokens[i - 1].form if i > 0 and tokens[i - 1].kind != "line" else "^"
    kind = c.kind
    total = len(sentence.times)
    out = [
        f"back={back}",
        f"back={back}|{type}",
        f"back={back}|{status}",
        f"word={word}",
        f"word={word}|{status}",
        f"grain={time.grain}|{back}",
        f"k={kind}|{back}|{'D' if c.definite else ''}",
    ]
    if back == 0:
        side, a, b = ("before", j, c.first) if j <= c.first else ("after", c.last, i)
        step = next((k for k, s in enumerate(_STEPS) if b - a <= s), len(_STEPS))
        verbs = scene.verbs_between(a, b)
        triggers = sum(1 for d in sentence.candidates if a <= d.first < b)
        out += [
            f"{side}|{step}", f"{side}|{step}|{kind}", f"only={total == 1}|{side}", f"{side}|v{min(verbs, 2)}|{between(tokens, a, b)}", f"{side}|n{min(triggers, 3)}|{kind}", f"{side}|n{min(triggers, 3)}|only={total == 1}",
            f"title={sentence.title}", f"{side}|{type}", f"{side}|{status}", f"first={i == sentence.first or i == sentence.first + 1}",
        ]  # fmt: skip
        said = [k for k in range(a, b) if (light := scene.light[k]) is not None and light.subject == "said"]
        if said:
            out.append(f"said|{side}")
        before = next((light for k in range(i - 1, sentence.first - 1, -1) if (light := scene.light[k]) is not None), None)
        if before is not None:
            out.append(f"verb={before.subject}|{side}")
        closer = sum(1 for t in sentence.times if t is not time and _closer(scene, t, time, c))
        out.append(f"closer={min(closer, 2)}")
        mine, its = scene.statement_at(c.start), scene.statement_at(time.start)
        out.append(f"content={'same' if mine is its else 'event' if its is None else 'time' if mine is None else 'other'}")
    else:
        out += [
            f"own={min(total, 1)}|{back}",
            f"back={back}|{kind}|{status}",
            f"back={back}|st={scene.statement_at(c.start) is not None}",
            f"last={time is scene.sentences[sentence.number - back].times[-1]}|{back}",
        ]
        out.append(f"title={scene.sentences[sentence.number - back].title}")
        if any("past" in scene.classes[k] for k in range(max(sentence.first, c.first - 4), c.first)):
            out.append(f"past|{back}")
    year = (scene.doc.published or "")[:4]
    if year and time.from_:
        out += [
            f"year={time.from_[:4] == year}|{status}",
            f"day={time.from_ == scene.doc.published}|{back}",
            f"future={time.from_ > (scene.doc.published or '')}|{status}",
        ]
    for lemma, other, held in earlier[-12:]:
        if held == time.id:
            out.append(f"held|{back}")
            out += (
                [f"held-lemma|{back}|{'D' if c.definite else ''}"]
                if lemma == c.lexeme.id
                else [f"held-type|{back}"]
                if other == type
                else []
            )
    return list(dict.fromkeys(out))


def _closer(scene: Scene, other: Time, time: Time, c: Candidate) -> bool:
    return abs(other.start - c.start) < abs(time.start - c.start)


def choose_time(
    model: Model,
    scene: Scene,
    sentence: Sentence,
    c: Candidate,
    type: str,
    status: str,
    earlier: Sequence[tuple[str, str, str | None]],
    sure: float = 1.0,
) -> tuple[Time | None, float]:
    """The time of the event with its probability, or None; how `sure` the event itself is counts, too."""
    best: tuple[Time | None, float] = (None, model.settings.get("threshold", 0.2) / sure)
    for back, time in near_times(scene, sentence):
        p = model.probabilities(describe_time(scene, sentence, c, type, status, back, time, earlier)).get(YES, 0.0)
        if p > best[1]:
            best = (time, p)
    return best


def days_of(scene: Scene, time: Time, status: str) -> tuple[str | None, str | None]:
    """The days of an event at this time: what goes on since a day has no end."""
    i = scene.doc.text.token_index(time.start)
    word = scene.tokens[i - 1].form if i > 0 else ""
    if word.lstrip("و") in _SINCE or scene.tokens[i].form.lstrip("و") in _SINCE:
        return time.from_, None
    return time.from_, time.to
