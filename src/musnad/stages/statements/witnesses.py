"""Rules and the neural tagger are both witnesses of a statement: the table here decides what is kept, and how sure it is."""

from __future__ import annotations

from musnad.grammar.quotes import Quote
from musnad.record.guess import StatementGuess
from musnad.stages.statements.draft import Draft
from musnad.stages.statements.extent import trimmed
from musnad.stages.statements.scene import Scene
from musnad.stages.statements.speakers import Speaker

_COMPLEMENT = {
    "that": "that",
    "quote": "quote",
    "colon": "quote",
    "obj": "object",
    "pron": "pronoun",
    "blame": "object",
    "attribution": "after",
    "initial": "before",
}

MEASURED = {
    "past-that": 0.89,
    "past-quote": 0.88,
    "past-object": 0.59,
    "past-preposition": 0.72,
    "past-pronoun": 0.5,
    "present-that": 0.68,
    "present-quote": 0.45,
    "present-object": 0.5,
    "present-preposition": 0.29,
    "participle-that": 0.92,
    "participle-quote": 0.88,
    "participle-object": 0.8,
    "participle-preposition": 0.86,
    "masdar-object": 0.75,
    "masdar-preposition": 0.4,
    "noun-preposition": 0.3,
    "attribution-after": 0.77,
    "attribution-before": 0.9,
    "colon-quote": 0.95,
}
"""The share of each pattern's statements that were right on 100 annotated pages; patterns seen fewer than five times are left at OTHER."""
OTHER = 0.4

TABLE = (
    # rules say, model says (its probability at least): keep what, of whom
    ("rule", "agrees", 0.0, "rule"),
    ("rule", "other speaker", 0.98, "model's speaker"),
    ("rule", "silent", 0.0, "rule"),
    ("silent", "statement", 0.95, "model"),
)
"""Read from the top; the first row that fits a statement decides. where a model is at work and silent, a rule's statement is kept
from KEPT on. The thresholds are the best of a dozen tried on pages that neither rules nor model were made from; the act is always the rules'."""
KEPT = 0.5


def decide(scene: Scene, drafts: list[Draft]) -> list[Draft]:
    """The statements to keep, in the order of their cues, with `witness` and `confidence` set."""
    for d in drafts:
        pattern = f"{d.kind}-{_COMPLEMENT.get(d.took, 'preposition')}"
        d.witness, d.confidence = f"statements.{pattern}", MEASURED.get(pattern, OTHER)
    tagging = scene.doc.tagging
    if tagging is None:
        return sorted(drafts, key=lambda d: d.cue)
    least = {(rule, model): p for rule, model, p, _ in TABLE}
    out: list[Draft] = []
    used: set[int] = set()
    for d in drafts:
        n = next((n for n, g in enumerate(tagging.statements) if n not in used and _same(d, g)), None)
        if n is None:
            if d.confidence >= KEPT:
                out.append(d)
            continue
        used.add(n)
        guess = tagging.statements[n]
        d.witness = f"{d.witness} {tagging.model}"
        if guess.speaker is not None and not _meets(d.speaker, guess) and guess.speaker.p >= least["rule", "other speaker"]:
            d.speaker = _speaker(scene, guess)
        d.confidence = 1 - (1 - d.confidence) * (1 - guess.cue.p)
        out.append(d)
    for n, guess in enumerate(tagging.statements):
        if n not in used and guess.cue.p >= least["silent", "statement"] and (found := _draft(scene, guess)) is not None:
            found.witness, found.confidence = tagging.model, guess.cue.p
            out.append(found)
    return sorted(out, key=lambda d: d.cue)


def _same(d: Draft, g: StatementGuess) -> bool:
    """True where rule and model mean the same cue, or more than half of the same words."""
    if d.cue[0] < g.cue.end and g.cue.start < d.cue[1]:
        return True
    shared = sum(max(0, min(b, c.end) - max(a, c.start)) for a, b in d.pieces for c in g.content)
    return 2 * shared > max(sum(b - a for a, b in d.pieces), sum(c.end - c.start for c in g.content))


def _meets(speaker: Speaker | None, g: StatementGuess) -> bool:
    return speaker is not None and g.speaker is not None and speaker.start < g.speaker.end and g.speaker.start < speaker.end


def _speaker(scene: Scene, g: StatementGuess) -> Speaker | None:
    if g.speaker is None:
        return None
    first = scene.holding(g.speaker.start)
    reach = scene.phrases.get(first)
    entity = reach.phrase.entity if reach is not None else None
    return Speaker(first, max(first + 1, scene.index(g.speaker.end)), g.speaker.start, g.speaker.end, "", "", entity)


def _draft(scene: Scene, g: StatementGuess) -> Draft | None:
    """The model's statement as a draft, or None where it says nothing."""
    pieces = [p for p in (trimmed(scene.source, c.start, c.end) for c in g.content) if p[1] - p[0] > 2]
    if not pieces:
        return None
    token, body = scene.holding(g.cue.start), scene.holding(pieces[0][0])
    sentence = next((n for n, (a, b, _) in enumerate(scene.sentences) if a <= token < b), 0)
    quote: Quote | None = next((q for q in scene.quotes.values() if q.start <= pieces[0][0] and pieces[-1][1] <= q.outer_end), None)
    found = Draft(
        (g.cue.start, g.cue.end), token, "model", "", g.cue.label, "model", _speaker(scene, g), body, pieces[0][0], quote, sentence
    )
    found.stop, found.pieces = scene.index(pieces[-1][1]), pieces
    return found
