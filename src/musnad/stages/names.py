"""Stage: names of persons (PER), organisations (ORG), places (LOC) and peoples (NORP), with exact boundaries.

Witnesses propose candidates: the gazetteer (`names_known`), patterns of the language for institutions, places and persons (`names_institutions`,
`names_places`, `names_people`), and the neural model where there is one. One table (`names_decide`) gives each rule its weight and chooses, so that no
two names overlap; what was found once is then looked for everywhere in the report in its short forms (`names_again`).
"""

from __future__ import annotations

from collections.abc import Iterator

from musnad.document import Document
from musnad.record.kinds import Found, Mention
from musnad.stages.names_again import short_forms
from musnad.stages.names_decide import certainty, choose, from_model
from musnad.stages.names_institutions import institutions, state_bodies
from musnad.stages.names_known import known_names
from musnad.stages.names_latin import latin
from musnad.stages.names_people import people
from musnad.stages.names_places import places
from musnad.stages.names_words import Words
from musnad.tools import Tools


def find(doc: Document, tools: Tools) -> Iterator[Found]:
    """Mentions of form name, in text order, none overlapping another."""
    words = Words(doc, tools)
    found = [*known_names(words), *state_bodies(words)]
    words.note(found)
    found += [*places(words), *institutions(words), *people(words), *latin(words)]
    found += from_model(words)
    chosen = choose(found)
    again = short_forms(words, chosen)
    if again:
        chosen = choose([*found, *again])
    for c in chosen:
        start, end = c.start, c.end
        yield Mention(
            id=doc.id("mentions", start, end, c.type),
            found_by=c.rule,
            confidence=round(certainty(c), 2),
            start=start,
            end=end,
            text=doc.source[start:end],
            type=c.type,
        )
