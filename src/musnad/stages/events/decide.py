"""The one table that decides what is an event: the lists' candidates, weighed, beside the neural model's guesses.

lists and weights     neural model       comes out
yes                   none loaded        the weights' type, status, mode
yes or nearly         same place         the mean of both opinions, weighted by TRUST, decides on event and type
unsure                nothing            an event only where the weights alone are sure
nothing               sure               the model's event
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from musnad.grammar.loglinear import Model
from musnad.record.guess import EventGuess
from musnad.stages.events.features import NONE, base, describe, options, shifted, tense
from musnad.stages.events.scene import Scene, Sentence
from musnad.stages.events.status import STATUSES, describe_status
from musnad.stages.events.triggers import Candidate, Lexeme, Reading

TRUST = 0.3
"""The neural model's part in a joint opinion on event and type."""
HEARD = 0.5
"""Its part in a joint opinion on the status."""
SILENCE = 0.95
"""How sure the neural model is that there is no event where it says nothing: its guesses begin at a threshold, not at nought."""
JOINT = 0.26
"""From which joint opinion on a candidate is an event."""
ALONE = 0.8
"""How sure the neural model must be where the lists have no candidate."""


class Decision(NamedTuple):
    """An event: its candidate, type, mode, status, how sure, by whom, why, and the neural model's guess if it had one."""

    candidate: Candidate
    type: str
    mode: str | None
    status: str
    confidence: float
    found_by: str
    why: str
    guess: EventGuess | None


def decide(scene: Scene, sentence: Sentence, models: Mapping[str, Model]) -> Iterator[Decision]:
    """The events of a sentence, in text order."""
    tagging = scene.doc.tagging
    guesses = [g for g in tagging.events if sentence.start <= g.trigger.start < sentence.end] if tagging is not None else []
    events = models["events"]
    threshold = events.settings.get("threshold", 0.5)
    used: set[int] = set()
    found: list[Decision] = []
    before: tuple[str, Candidate] | None = None
    for c in sentence.candidates:
        if scene.in_name(c):
            continue
        features = describe(scene, sentence, c, before)
        p = events.probabilities(features, options(c))
        guess = next((g for g in guesses if id(g) not in used and g.trigger.start < c.end and c.start < g.trigger.end), None)
        by = c.lexeme.id
        if tagging is not None:
            p = joined(c, p, guess)
            if guess is not None:
                used.add(id(guess))
                by = f"{by} {tagging.model}"
        sure = 1.0 - p.get(NONE, 0.0)
        if sure < (threshold if tagging is None else JOINT):
            continue
        type = max((t for t in p if t != NONE), key=p.__getitem__)
        more = describe_status(scene, sentence, c, type, tense(scene, sentence, c), before)
        found.append(_decision(scene, c, type, features, more, sure, by, guess, models))
        before = (type, c)
    if tagging is not None:
        for guess in guesses:
            if id(guess) not in used and guess.trigger.p >= ALONE:
                c = _bare(scene, guess)
                label, features = guess.trigger.label, describe(scene, sentence, c)
                more = describe_status(scene, sentence, c, label, "", None)
                found.append(_decision(scene, c, label, features, more, guess.trigger.p, tagging.model, guess, models))
    yield from sorted(found, key=lambda d: d.candidate.start)


def joined(c: Candidate, p: dict[str, float], guess: EventGuess | None) -> dict[str, float]:
    """The weights' opinion and the neural model's as one; no guess is an opinion, too."""
    label = base(c, guess.trigger.label, guess.status[0] if guess.status is not None else "planned") if guess is not None else ""
    other = {NONE: SILENCE} if guess is None else {NONE: 1.0 - guess.trigger.p, label: guess.trigger.p}
    if guess is None:
        event = 1.0 - p.get(NONE, 0.0)
        other.update({t: (1.0 - SILENCE) * v / event for t, v in p.items() if t != NONE and event > 0})
    return {t: (1 - TRUST) * p.get(t, 0.0) + TRUST * other.get(t, 0.0) for t in (*p, *(t for t in other if t not in p))}


def _decision(
    scene: Scene,
    c: Candidate,
    type: str,
    features: list[str],
    more: list[str],
    sure: float,
    by: str,
    guess: EventGuess | None,
    models: Mapping[str, Model],
) -> Decision:
    status = models["status"].probabilities([*features, *more], STATUSES)
    if guess is not None and guess.status is not None:
        status = {s: (1 - HEARD) * v + HEARD * (guess.status[1] if s == guess.status[0] else 0.0) for s, v in status.items()}
    best = "denied" if negated(scene, c) and type not in ("REJECT", "THREATEN") else max(status, key=status.__getitem__)
    why = ", ".join(models["events"].reasons(features, type, NONE))
    type = shifted(type, best)
    mode = mode_of(c, type, [*features, f"T={type}"], models["mode"])
    if guess is not None and guess.mode is not None and guess.mode[1] >= ALONE:
        mode = guess.mode[0] or None
    return Decision(c, type, mode, best, sure, f"events.{by}", f"{type}: {why}" if why else type, guess)


def negated(scene: Scene, c: Candidate) -> bool:
    """True right after a particle that denies the verb (لم، لن، لا، ما) or the noun (عدم)."""
    before = scene.tokens[c.first - 1].form if c.first else ""
    before = before[1:] if before[:1] in "وف" and len(before) > 2 else before
    return before in (("لم", "لن", "لا", "ما") if c.kind == "verb" else ("عدم",))


def modes_of(type: str, model: Model) -> list[str]:
    """The modes that a type may have, the empty one (`TYPE/`) first."""
    return [f"{type}/", *(c for c in model.classes if c.startswith(f"{type}/") and len(c) > len(type) + 1)]


def mode_of(c: Candidate, type: str, features: list[str], model: Model) -> str | None:
    """The likeliest mode of the type, by the lemma's own mode and the words around; None where the type stands without one."""
    choice = modes_of(type, model)
    if len(choice) == 1:
        return None
    own = [f"own={type}/{m or ''}" for r in c.readings for t, m in r.lexeme.codes if t == type]
    p = model.probabilities([*own, *features], choice)
    p[choice[0]] /= model.settings.get("keen", 1.0)
    best = max(p, key=p.__getitem__).partition("/")[2]
    listed = {m for r in c.readings for t, m in r.lexeme.codes if t == type and r.lexeme.sure == "h"}
    # A lemma that the lists are sure of and know in one mode only keeps it: اتصال هاتفي is by phone.
    return best or (next(iter(listed)) if len(listed) == 1 else None)


def _bare(scene: Scene, guess: EventGuess) -> Candidate:
    """A candidate for a trigger that only the neural model saw: a noun without a frame."""
    text = scene.doc.text
    first = text.token_index(guess.trigger.start)
    last = max(first + 1, text.token_index(guess.trigger.end - 1) + 1)
    lexeme = Lexeme("model", ((guess.trigger.label, None),), frozenset("-"), "m", frozenset())
    return Candidate(first, last, guess.trigger.start, guess.trigger.end, "", False, "", (Reading(lexeme, "noun", None),))
