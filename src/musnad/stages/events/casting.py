"""Who plays which role in an event: the phrases of its sentence compete for each role, with nobody as one of the competitors.

The weights `roles` score every phrase (`Attachment.features`) and nobody (`Attachment.nobody`) for actor, recipient and place; scores become shares of one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from musnad.grammar.loglinear import Model
from musnad.record.guess import EventGuess, Guess
from musnad.stages.events.roles import Attachment, Memory, coordinated
from musnad.stages.events.scene import Placed

ACTOR, RECIPIENT, PLACE = ROLES = ("actor", "recipient", "place")
TRUST = 0.4
"""The neural model's part in a joint opinion on a role."""
UNNAMED = 0.45
"""How likely it is that a phrase it names for no role has one all the same."""


_WITH = ("مع", "بين", "من")
_OPPOSED = frozenset(("ASSAULT", "COERCE", "SANCTION", "THREATEN", "ACCUSE", "PROTEST"))
_AGAINST = frozenset(("علي", "ضد", "الي"))
"""Nobody who stands behind these does what such an event tells."""


class Part(NamedTuple):
    """A phrase in a role: its number in the sentence (None for a place inside a longer phrase), the phrase, the role, its share."""

    number: int | None
    placed: Placed
    role: str
    share: float


def contenders(attachment: Attachment) -> list[tuple[Placed, int, bool]]:
    """Who competes: the sentence's phrases, and the places named inside them, as (phrase, number of the phrase, True for an inner one)."""
    sentence = attachment.sentence
    out = [(p, k, False) for k, p in enumerate(sentence.phrases)]
    return out + [(p, k, True) for k, p in attachment.scene.places_inside(sentence)]


def shares(model: Model, attachment: Attachment, parties: Sequence[tuple[Placed, int, bool]]) -> list[dict[str, float]]:
    """For each contender its share in each role; an inner place only in `place`."""
    rows = [model.sums(attachment.nobody()), *(model.sums(attachment.features(p, k)) for p, k, _ in parties)]
    out: list[dict[str, float]] = [{} for _ in parties]
    for role in ROLES:
        scores = [r.get(role, 0.0) if role == PLACE or n == 0 or not parties[n - 1][2] else -math.inf for n, r in enumerate(rows)]
        top = max(scores)
        power = [math.exp(s - top) for s in scores]
        total = sum(power)
        for n, share in enumerate(power[1:]):
            out[n][role] = share / total
    return out


def cast(model: Model, attachment: Attachment, guess: EventGuess | None = None, sure: float = 1.0) -> list[Part]:
    """The phrases with their roles, actors first, each role in text order. A party is actor or recipient, never both; a recipient may be the place, too.

    How `sure` the event itself is counts, too: a doubtful one names only who is clear. A neural model's guesses for the event join in: a phrase it names for a role, and one that it leaves out.
    """
    parties = contenders(attachment)
    found = shares(model, attachment, parties)
    if guess is not None:
        for (placed, _, _), share in zip(parties, found, strict=True):
            named = [g for g in guess.roles if _names(g, placed)]
            for role in ROLES:
                said = [g.p for g in named if g.label in (role, "both" if role != ACTOR else role)]
                share[role] = (1 - TRUST) * share[role] + TRUST * (max(said) if said else UNNAMED * share[role])
    sentence, settings = attachment.sentence, model.settings
    out = []
    taken: dict[int, str] = {}
    for role in (ACTOR, RECIPIENT):
        own = [
            0.0 if role == ACTOR and attachment.type in _OPPOSED and p.prep in _AGAINST else f[role]
            for p, f in zip(sentence.phrases, found, strict=False)
        ]
        for k in _chosen(attachment, own, settings.get(role, 0.2) / sure, settings):
            if k not in taken or found[k][role] > found[k][taken[k]]:
                taken[k] = role
    for role in (ACTOR, RECIPIENT):
        out += [Part(k, sentence.phrases[k], role, found[k][role]) for k in sorted(taken) if taken[k] == role]
    best = max(range(len(parties)), key=lambda n: found[n][PLACE], default=None)
    if best is not None and found[best][PLACE] * sure >= settings.get(PLACE, 0.2):
        placed, k, inner = parties[best]
        out.append(Part(None if inner else k, placed, PLACE, found[best][PLACE]))
    return out


def remember(parts: Sequence[Part], attachment: Attachment, roles: dict[int, tuple[str, str]], memory: Memory) -> None:
    """Write down who played which role: for the sentence's further events by phrase, for the report's by entity."""
    type, lemma = attachment.type, attachment.c.lexeme.id
    for part in reversed(parts):
        if part.number is not None:
            roles[part.number] = (part.role, type)
        if part.placed.phrase.entity:
            memory.setdefault(part.placed.phrase.entity, {}).setdefault(part.role, set()).update((type, lemma))


def _chosen(attachment: Attachment, share: Sequence[float], threshold: float, settings: Mapping[str, float]) -> set[int]:
    """The phrase with the greatest share, those coordinated with it, those nearly as likely, and who meets with it; none where it falls short of the threshold."""
    top = max(range(len(share)), key=share.__getitem__, default=None)
    if top is None or share[top] < threshold:
        return set()
    sentence, out = attachment.sentence, {top}
    beside, partner = settings.get("beside", 0.6), settings.get("partner", 0.2)
    for k, s in enumerate(share):
        mutual = (attachment.mutual or attachment.type == "CONSULT") and _meets(attachment, top, k)
        if s >= (partner if mutual else beside) * share[top]:
            out.add(k)
    for k in sorted(out):
        for step, stop in ((1, len(share)), (-1, -1)):
            for j in range(k + step, stop, step):
                if not coordinated(sentence, max(j, j - step)) or share[j] < 0.03 * share[j - step]:
                    break
                out.add(j)
    return out


def _meets(attachment: Attachment, top: int, k: int) -> bool:
    """True where phrase `k` may be the other side of a meeting with the phrase `top`: behind مع، بين، من beside a bare one, or the verb's object."""
    phrases = attachment.sentence.phrases
    one, other = phrases[top].prep, phrases[k].prep
    if other in _WITH:
        return True
    return not other and (one in _WITH or (attachment.c.kind == "verb" and k > top))


def _names(guess: Guess, placed: Placed) -> bool:
    """True where a guessed span and a phrase share half of the shorter, the phrase not many times longer."""
    a, b = placed.phrase.start, placed.phrase.end
    shared = min(b, guess.end) - max(a, guess.start)
    return shared * 2 >= min(b - a, guess.end - guess.start) > 0 and shared * 6 >= max(b - a, guess.end - guess.start)
