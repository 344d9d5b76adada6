"""The labels of every head: the one place that training and reading share."""

from __future__ import annotations

NAME_TYPES = ("PER", "ORG", "LOC", "NORP")
ACTS = ("say", "confirm", "deny", "promise", "demand", "warn", "accuse", "praise", "announce", "explain")
STATUSES = ("happened", "ongoing", "planned", "denied", "hypothetical", "historical")
STANCES = ("pledged", "reaffirmed", "extended", "denied", "fulfilled", "withdrawn")
TYPES = (
    "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST", "ACCUSE", "REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
)  # fmt: skip
MODES = (
    "visit", "multilateral", "third-party", "phone", "disapprove", "allege", "investigate", "demo", "strike", "obstruct", "riot", "arrest", "restrict", "seize", "deport", "withhold",
    "convict", "expel", "withdraw", "discontinue", "resign", "release", "disarm", "ceasefire", "aerial", "firearms", "targeted", "unconventional", "abduct", "heavy-weapons", "crowd-control",
    "destroy", "beat", "explosives", "suicide-attack", "torture", "sexual", "change", "assist", "yield", "meet", "violence", "troops", "militia", "weapons", "police", "relations",
    "boycott", "misinformation",
)  # fmt: skip


def bioes(types: tuple[str, ...]) -> tuple[str, ...]:
    """O, then B I E S of each type."""
    return ("O", *(f"{p}-{t}" for t in types for p in "BIES"))


SPAN_HEADS = {
    "names": bioes(NAME_TYPES),
    "anercorp": bioes(("PERS", "ORG", "LOC", "MISC")),
    "wojood": bioes(("PERS", "ORG", "GPE", "NORP")),
}
"""Names by our own convention, and by those of two corpora that helped to train the encoder."""

CLITICS = ("0", "1", "2", "3")
"""How many characters of a word stand before the name, trigger or action that begins in it (proclitics)."""

WORD_HEADS = {
    "skip": CLITICS,
    "event": ("", *TYPES),
    "more": ("no", "yes"),
    "status": STATUSES,
    "mode": ("", *MODES),
    "statement": ("", *ACTS),
    "commitment": ("", *STANCES),
}
"""Classes of a word: the event that it names, whether its trigger goes on, the statement whose cue it is, the commitment whose action begins with it."""

ANCHORS = ("event", "statement", "commitment")
RELATIONS = {
    "event": ("O", "B-actor", "I-actor", "B-recipient", "I-recipient", "B-place", "I-place"),
    "statement": ("O", "B-speaker", "I-speaker", "content"),
    "commitment": ("O", "B-by", "I-by", "B-to", "I-to", "action"),
}
"""What a word is to an anchor."""

FAR = 40
"""Distances in words beyond this look alike."""
