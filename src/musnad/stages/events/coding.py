"""The smaller parts of an event: party codes, contexts, figures, the name of an operation."""

from __future__ import annotations

from collections.abc import Sequence

from musnad.phrases import Phrase
from musnad.record.kinds import Party
from musnad.stages.events.scene import Placed, Scene, Sentence
from musnad.stages.events.triggers import Candidate, classes_of

AROUND = 8
_CASUALTIES = ("person killed", "person injured", "person killed or injured", "person missing", "person captured", "person displaced")
_HARM = frozenset(("ASSAULT", "COERCE", "SANCTION", "RETREAT"))


def party(scene: Scene, phrase: Phrase) -> Party:
    """The phrase as a party, with its country and sector."""
    country, sector = scene.code_of(phrase)
    return Party(
        start=phrase.start,
        end=phrase.end,
        text=scene.doc.source[phrase.start : phrase.end],
        entity=phrase.entity,
        country=country,
        sector=sector,
    )


def contexts_of(scene: Scene, sentence: Sentence, c: Candidate) -> tuple[str, ...]:
    """The contexts that the words near the trigger give, nearest first, three at most."""
    found: dict[str, None] = {}
    for distance in range(AROUND + 1):
        for j in (c.first - distance, c.first + distance):
            if sentence.first <= j < sentence.last and scene.tokens[j].kind == "word":
                found.update(dict.fromkeys(classes_of(scene.tokens[j].form, scene.index.topics)))
    return tuple(found)[:3]


def figures_of(scene: Scene, sentence: Sentence, c: Candidate, type: str, parties: Sequence[Placed]) -> tuple[str, ...]:
    """The ids of the figures that belong to the event: those in its parties, and casualties told in its sentence after it."""
    spans = [(p.phrase.start, p.phrase.end) for p in parties]
    out = []
    for f in scene.figures_in(sentence):
        inside = any(a <= f.start < b for a, b in spans)
        casualty = type in _HARM and f.unit in _CASUALTIES
        if inside or casualty:
            out.append(f.id)
    return tuple(dict.fromkeys(out))


def operation_of(scene: Scene, sentence: Sentence, c: Candidate) -> str | None:
    """The name in quotation marks or brackets right after the trigger: عملية «نبع السلام»."""
    tokens, i = scene.tokens, c.last
    if i + 1 >= sentence.last or tokens[i].form not in ('"', "(", "'"):
        return None
    close = {'"': '"', "(": ")", "'": "'"}[tokens[i].form]
    for j in range(i + 1, min(sentence.last, i + 7)):
        if tokens[j].form == close:
            return scene.doc.source[tokens[i + 1].start : tokens[j - 1].end] if j > i + 1 else None
    return None
