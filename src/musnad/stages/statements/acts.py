"""Which act a statement is: the cue's own, or what the words said show.

Signs of both kinds are weighed by a log-linear model (`arabic/weights/acts.tsv`): the cue's own act, words of blame, warning, thanks … in the words
said (`speech_acts.tsv`), and how the words said begin (`rules/statements.yaml`). A cue that names its act itself (accuse, warn, promise …) decides alone. The
setting `plain` makes a plain "say" that much less likely than fitted: a page whose annotator passed over what is done with the words outnumbers the rest.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import cast

from musnad.grammar.loglinear import Model, models_of
from musnad.record.kinds import Act
from musnad.stages.statements.draft import Draft
from musnad.stages.statements.scene import Scene
from musnad.tools import ARABIC, Tools

OPEN = ("say", "confirm", "explain", "announce")
"""Acts of cues that leave open what is done with the words said."""
_FAR = 45
_EARLY = 10
"""Tokens of the words said that are looked at, and those that count as their beginning: what words do is said early."""


def act_of(scene: Scene, d: Draft, tools: Tools) -> Act:
    """The likeliest act, given the cue and the words said."""
    own = cast(Act, d.act)
    model = weights(tools)
    if own not in OPEN or not d.pieces or model is None:
        return own
    found = signs(scene, d, tools)
    chances = model.probabilities(found)
    plain = model.settings.get("plain", 1.0)
    best = max(chances, key=lambda a: chances[a] * (plain if a == "say" else 1.0))
    return cast(Act, best)


def weights(tools: Tools) -> Model | None:
    """The model of acts, or None where no folder has one."""
    return models_of("acts", (ARABIC, *tools.folders)).get("act")


def signs(scene: Scene, d: Draft, tools: Tools) -> list[str]:
    """The features of a statement: `a=` the cue's own act, `w=ACT.FORCE.early|late` words, `r=` openings."""
    out = [f"a={d.act}"]
    start, end = d.pieces[0][0], d.pieces[-1][1]
    first = scene.holding(start)
    last = min(scene.index(end), first + _FAR)
    speaker = scene.phrases.get(d.speaker.first) if d.speaker else None
    if speaker is not None:
        out.extend(f"s={sector}" for sector in speaker.phrase.sectors[:1] or (speaker.phrase.kind,))
    topic = next((reach for k in range(first, first + 3) if (reach := scene.phrases.get(k)) is not None), None)
    if topic is not None:
        own = speaker is not None and topic.phrase.entity is not None and topic.phrase.entity == speaker.phrase.entity
        out.append(f"t={topic.phrase.type}.{'own' if own else topic.phrase.kind}")
    if d.quote is not None:
        out.append("direct")
    seen = set()
    for hit in scene.acts[bisect_left(scene.act_starts, first) : bisect_left(scene.act_starts, last)]:
        early = "early" if hit.first < first + _EARLY else "late"
        seen.add(f"w={hit.entry.get('act')}.{hit.entry.get('force')}.{early}")
    out.extend(sorted(seen))
    rules = tools.rules.get("statements")
    if rules is not None:
        folded = scene.doc.text.folded
        a = folded.shadow_at(start)
        b = min(folded.shadow_at(end), a + 300)
        for rule in rules.rules:
            if d.lemma in rule.get("only", (d.lemma,)) and rule.regex.match(folded.text, a, b):
                out.append(f"r={rule['act']}.{rule.id.partition('.')[2]}")
    return out
