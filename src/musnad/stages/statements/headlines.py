"""Headlines that quote: «الوزير: سنواصل العمل»."""

from __future__ import annotations

from musnad.stages.statements.cues import Cues
from musnad.stages.statements.draft import Draft
from musnad.stages.statements.extent import trimmed
from musnad.stages.statements.parties import noun_phrase_end
from musnad.stages.statements.scene import Scene
from musnad.stages.statements.speakers import speaker_of
from musnad.stages.statements.words import RELATIVES

_LONGEST_SUBHEAD = 140


def headline(scene: Scene, a: int, b: int, segment: int, number: int, cues: Cues) -> Draft | None:
    """The statement of a headline, or of a line of the body like one: a party, a colon, what it says."""
    colon = next((k for k in range(a, min(b, a + 14)) if scene.forms[k] == ":"), None)
    if colon is None or colon == a or colon + 1 >= b:
        return None
    text = scene.doc.text
    kind = text.segments[segment].kind if segment < len(text.segments) else "body"
    own_line = (a == 0 or scene.tokens[a - 1].kind == "line") and (b >= len(scene.tokens) or scene.tokens[b].kind == "line")
    end = scene.tokens[b - 1].end
    if kind == "body" and not (
        (own_line and end - scene.tokens[a].start <= _LONGEST_SUBHEAD and scene.source[end - 1] not in ".")
        or (colon + 1 in scene.quotes and own_line)
    ):
        return None
    first = a + 1 if scene.forms[a] in ('"', "#", "-") else a
    reach = scene.phrases.get(first)
    if reach is None or reach.last > colon or reach.phrase.clitics or reach.phrase.type in ("LOC", "NORP"):
        return None
    last = noun_phrase_end(scene, first, colon)
    between = scene.forms[last:colon]
    if (
        any(f in RELATIVES for f in between)
        or len(between) > 8
        or (between and between[0] not in ("ل", "عن", "حول", "بشان", "في", '"', "لـ", "(") and not between[0].startswith("ل"))
    ):
        return None
    if scene.forms[colon - 1].isdigit() and scene.forms[colon + 1].isdigit():
        return None
    body = colon + 1
    quote = scene.quotes.get(body)
    start, stop = trimmed(scene.source, scene.tokens[body].start, end)
    if stop - start < 6:
        return None
    token = scene.tokens[colon]
    draft = Draft((token.start, token.end), colon, "colon", ":", "say", "colon", speaker_of(scene, first, last), body, start, quote, number)
    draft.stop, draft.pieces = b, [(start, stop)]
    return draft
