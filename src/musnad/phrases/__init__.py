"""Party phrases: the maximal phrases of a report that can name who speaks, acts or is acted upon.

    for phrase in phrases(doc, tools): ...        # in text order, none inside another

"وزير الدفاع الفرنسي جان إيف لودريان" is one phrase, "باريس" another; "مصادر دولية"، "ثلاثة أشخاص"، "الوفد الزائر" are phrases without a name.
Coordinated parties are phrases of their own; relative clauses stay outside. An adjective that names the party of a noun which is none
("الضربات الفرنسية") is a phrase by itself. Found once a document, after the names; `entity` is filled in once coreference has run.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from musnad.document import Document
from musnad.phrases.parse import Parser
from musnad.record.kinds import Form, MentionType
from musnad.tools import Tools


class Phrase(NamedTuple):
    """A party phrase, `start`..`end` in the source without its proclitics, which are in `clitics` (folded).

    `head` is the index of its head's token in `doc.text.tokens`; `kind` says what the head is: a name, an office that takes a complement, or another
    noun (nominal); a free personal pronoun is a phrase too. `gender` is m, f or empty, `number` s, d or p. `definite` is False for "مصدر أمني". `names` are the
    ids of the mentions inside, in text order; `main` the one that stands for the whole, if any; `sectors` are PLOVER codes of the head noun.
    """

    start: int
    end: int
    head: int
    kind: Form
    type: MentionType
    gender: str
    number: Literal["s", "d", "p"]
    definite: bool
    clitics: str
    names: tuple[str, ...]
    main: str | None
    sectors: tuple[str, ...]
    country: str | None
    entity: str | None


def phrases(doc: Document, tools: Tools) -> list[Phrase]:
    """The party phrases of the report, in text order."""
    linked = bool(doc.entities)
    cached: tuple[bool, list[Phrase]] | None = doc.phrases
    if cached is not None and (cached[0] or not linked):
        return cached[1]
    found = cached[1] if cached is not None else [Phrase(*p) for p in Parser(doc, tools).parse()]
    if linked:
        found = _linked(doc, found)
    doc.phrases = (linked, found)
    return found


def _linked(doc: Document, found: list[Phrase]) -> list[Phrase]:
    """The phrases with the entity of the mention of the same span, else of their main name."""
    by_span = {(m.start, m.end): m.entity for m in doc.mentions if m.entity}
    by_id = {m.id: m.entity for m in doc.mentions}
    country = {e.id: e.country for e in doc.entities}
    out = []
    for p in found:
        entity = by_span.get((p.start, p.end)) or (by_id.get(p.main) if p.main else None)
        out.append(p._replace(entity=entity, country=p.country or (country.get(entity) if entity else None)))
    return out
