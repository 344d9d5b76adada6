"""Which act a statement is: the cue's own, or what the words said show."""

from __future__ import annotations

from musnad.record.kinds import Act
from musnad.stages.statements.draft import Draft
from musnad.stages.statements.scene import Scene
from musnad.tools import Tools

_FAR = 300
"""Shadow characters of the words said that are looked at: what they do is said early."""


def act_of(scene: Scene, d: Draft, tools: Tools) -> Act:
    """The act by the first rule of `statements.yaml` that the words said meet and that may change the cue's own act; else the cue's own."""
    act: Act = d.act  # type: ignore[assignment]
    rules = tools.rules.get("statements")
    if rules is None or not d.pieces:
        return act
    start, end = d.pieces[0][0], d.pieces[-1][1]
    folded = scene.doc.text.folded
    a = folded.shadow_at(start)
    b = min(folded.shadow_at(end), a + _FAR)
    for rule in rules.rules:
        if act not in rule.get("over", ()) or d.lemma not in rule.get("only", (d.lemma,)):
            continue
        if (rule.regex.match if rule.get("at") == "start" else rule.regex.search)(folded.text, a, b):
            wanted: Act = rule["act"]
            return wanted
    return act
