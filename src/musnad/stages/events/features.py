"""The features of a trigger candidate: short strings, the words of which its weights in arabic/weights/events.tsv are written."""

from __future__ import annotations

from musnad.stages.events.scene import PREPOSITIONS, Scene, Sentence, between, governor
from musnad.stages.events.triggers import Candidate, classes_of

NONE = "NONE"
SHIFTS = {"CONSULT": "AGREE", "SUPPORT": "AGREE", "COOPERATE": "AGREE", "AID": "AGREE", "RETREAT": "CONCEDE"}
"""The fine print: such an act told as future is agreed to, or conceded."""
SHIFTING = {
    "CONSULT": ("planned", "hypothetical"),
    "SUPPORT": ("planned",),
    "COOPERATE": ("planned",),
    "AID": ("planned",),
    "RETREAT": ("planned",),
}
"""The statuses that make the shift; a meeting that may be held is no meeting, a retreat that may come is still a retreat."""
EXTRA = {"ASSAULT": ("THREATEN",), "AGREE": ("CONCEDE",), "SANCTION": ("THREATEN",), "RETREAT": ("SANCTION",)}
"""Types that context makes of others: a threatened assault is a threat."""
WINDOW = 4


def options(candidate: Candidate) -> list[str]:
    """The types a candidate may have, NONE among them."""
    out = {NONE: None}
    for reading in candidate.readings:
        for kind, _ in reading.lexeme.codes:
            out[kind] = None
            for extra in EXTRA.get(kind, ()):
                out[extra] = None
    return list(out)


def shifted(type: str, status: str) -> str:
    """The type by which an act of this status is coded."""
    return SHIFTS[type] if status in SHIFTING.get(type, ()) else type


def base(candidate: Candidate, type: str, status: str) -> str:
    """The type before the shift: what gold calls AGREE may be a meeting that the list calls CONSULT."""
    own = [t for r in candidate.readings for t, _ in r.lexeme.codes]
    if type in own:
        return type
    return next((t for t in own if SHIFTS.get(t) == type and status in SHIFTING[t]), type)


def tense(scene: Scene, sentence: Sentence, c: Candidate) -> str:
    """The tense of the trigger, or of the light verb before it."""
    verb = c.readings[0].verb
    if verb is not None:
        return "future" if "س" in c.clitics else verb.tense
    return ""


def describe(scene: Scene, sentence: Sentence, c: Candidate, before: tuple[str, Candidate] | None = None) -> list[str]:
    """All features of the candidate in its sentence; `before` is the sentence's last event so far, with its type."""
    tokens, lexeme = scene.tokens, c.lexeme
    kinds = "+".join(sorted({r.kind for r in c.readings}))
    type1 = lexeme.codes[0][0]
    time = tense(scene, sentence, c)
    shape = f"{c.kind}{'D' if c.definite else ''}{'P' if c.pronoun else ''}"
    form = tokens[c.first].form
    p1 = tokens[c.first - 1].form if c.first > sentence.first else "^"
    p2 = tokens[c.first - 2].form if c.first - 1 > sentence.first else "^"
    n1 = tokens[c.last].form if c.last < sentence.last else "$"
    n2 = tokens[c.last + 1].form if c.last + 1 < sentence.last else "$"
    out = [
        f"l={lexeme.id}", f"l={lexeme.id}|{shape}", f"f={form}", f"k={kinds}", f"t={type1}", f"t={type1}|{shape}", f"s={lexeme.sure}", f"s={lexeme.sure}|{shape}",
        f"p1={p1}", f"p2={p2}", f"n1={n1}", f"n2={n2}", f"p1={p1}|t={type1}", f"n1={n1}|t={type1}", f"len={min(c.last - c.first, 3)}", f"end={form[-2:]}",
    ]  # fmt: skip
    out += [f"t2={t}" for t in dict.fromkeys(t for r in c.readings for t, _ in r.lexeme.codes[1:])]
    if c.clitics:
        out.append(f"cl={c.clitics}|{c.kind}")
    if time:
        out += [f"te={time}", f"te={time}|{type1}", f"te={time}|l={lexeme.id}"]
    if n1 in PREPOSITIONS:
        out.append(f"np={n1}|{'frame' if n1 in lexeme.frame else ''}|{shape}")
    elif (n1[:1] in "بل" and n1[1:3] == "ال") or n1[:2] == "لل":
        out.append(f"np={n1[0]}|{'frame' if n1[0] in lexeme.frame else ''}|{shape}")
    if n1.startswith("ال"):
        out.append(f"nal|{shape}")
    if tokens[c.last].kind != "word" if c.last < sentence.last else True:
        out.append("nmark")
    verb = c.readings[0].verb
    if verb is not None:
        out += [f"vp={verb.person}{verb.number}", f"vp={verb.person}|{'q' if scene.statement_at(c.start) else ''}"]
    if before is not None:
        type0, d = before
        gap = c.first - d.last
        near = "0" if gap <= 1 else "1" if gap <= 3 else "2" if gap <= 8 else "3"
        out += [
            f"pe={type0}|{near}",
            f"pe={type0}|{near}|{c.kind}",
            f"pe={type0}|{type1}",
            f"pek={d.kind}|{near}|{shape}|{between(tokens, d.last, c.first)}",
        ]
        if d.lexeme.id == c.lexeme.id:
            out.append("pe=same")
    else:
        out.append("pe=no")
    out += [f"doc={name}" for name in scene.said_of(c.lexeme.id)]
    out += _coloured(scene, sentence, c, type1, shape)
    out += _governed(scene, sentence, c, type1, shape)
    out += _placed(scene, sentence, c, type1, shape)
    return out


def _coloured(scene: Scene, sentence: Sentence, c: Candidate, type1: str, shape: str) -> list[str]:
    """Context words before and after, the near ones apart from those of the clause."""
    out, classes, tokens = [], scene.classes, scene.tokens
    near: set[str] = set()
    for j in range(max(sentence.first, c.first - WINDOW), c.first):
        for name in classes[j]:
            if name not in near:
                near.add(name)
                out += [f"pc={name}", f"pc={name}|{type1}"]
            if j == c.first - 1:
                out += [f"pc1={name}", f"pc1={name}|{shape}"]
        form = tokens[j].form
        if form.startswith("س") and j >= c.first - 3 and scene.light[j] is not None and form not in scene.index.light:
            out.append("pfut")
    after: set[str] = set()
    for j in range(c.last, min(sentence.last, c.last + WINDOW + 2)):
        after.update(classes[j])
    out += [f"nc={name}" for name in sorted(after)]
    whole: set[str] = set()
    for j in range(max(sentence.first, c.first - 15), min(sentence.last, c.last + 12)):
        whole.update(classes[j])
    out += [f"sc={name}" for name in sorted(whole)]
    modes: set[str] = set()
    for j in range(max(sentence.first, c.first - 6), min(sentence.last, c.last + 7)):
        if scene.tokens[j].kind == "word" and not c.first <= j < c.last:
            modes.update(classes_of(tokens[j].form, scene.index.modes))
    out += [f"m={name}" for name in sorted(modes)]
    return out


def _governed(scene: Scene, sentence: Sentence, c: Candidate, type1: str, shape: str) -> list[str]:
    out = []
    j = governor(scene, sentence, c.first)
    if j is not None and c.kind != "verb":
        light = scene.light[j]
        assert light is not None
        near = "1" if c.first - j == 1 else "2" if c.first - j <= 3 else "3"
        when = "future" if scene.tokens[j].form.lstrip("وف").startswith("س") and light.id[:1] != "س" else light.verb.tense
        out += [f"g={light.id}", f"g={light.id}|{near}", f"gs={light.subject}|{near}|{shape}", f"gt={when}|{near}", f"gt={when}|{type1}"]
    elif c.kind != "verb":
        out.append(f"g=no|{shape}")
    previous = c.first - 1
    if previous >= sentence.first and scene.verb_at(previous):
        out.append(f"pv|{shape}")
    return out


def _placed(scene: Scene, sentence: Sentence, c: Candidate, type1: str, shape: str) -> list[str]:
    """Where it stands: title, place in the sentence, statements, party phrases, times, numbers, the same lemma before."""
    out = [f"sn={min(sentence.number, 3)}", f"pos={min(c.first - sentence.first, 3)}"]
    if sentence.title:
        out += ["title", f"title|{shape}"]
    for p in sentence.phrases:
        if p.last == c.first:
            out.append(f"pph={p.phrase.type}|{shape}")
        elif p.first == c.last:
            out += [f"nph={p.phrase.type}|{p.phrase.kind}|{shape}", f"nph|{shape}"]
        elif p.first == c.last + 1 and scene.tokens[c.last].kind == "word":
            out.append(f"nph2={p.phrase.type}|{p.prep}")
        elif p.first <= c.first < p.last:
            out.append(f"in={p.phrase.kind}|{'head' if p.first == c.first else 'rest'}")
            if p.phrase.names and any(m.start <= c.start < m.end for n in p.phrase.names if (m := scene.mentions.get(n)) is not None):
                out.append("inname")
    statement = scene.statement_at(c.start)
    if statement is not None:
        out.append(f"st={statement.kind}")
    if scene.cue_at(c.start, c.end) is not None:
        out += ["cue", f"cue|{type1}"]
    if sentence.times:
        out.append("time")
        if any(-3 <= scene.doc.text.token_index(t.start) - c.last <= 4 for t in sentence.times):
            out.append(f"time+|{shape}")
    for j in (c.first - 1, c.first - 2, c.last, c.last + 1):
        if sentence.first <= j < sentence.last and scene.tokens[j].kind == "number":
            out.append("num")
            break
    for d in sentence.candidates:
        if d.first >= c.first:
            break
        if d.lexeme.id == c.lexeme.id:
            out.append("dup")
        if d.lexeme.codes[0][0] == type1:
            out.append(f"dupt|{'near' if c.first - d.last <= 4 else 'far'}")
    return out
