"""Stage: who is meant. Joins the names, offices, nominals and pronouns of one report into entities, each link with its reason.

Names first (`coreference_names`: known ids, the same form, short and full names, spelling variants, names in brackets), then what stands for a name
(`coreference_links`: offices, nominals, states and capitals that act for their governments, pronouns). What is left unlinked stays without an
entity: a wrong link costs more than a missing one.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from musnad.document import Document
from musnad.grammar.folding import fold
from musnad.phrases import phrases
from musnad.record.kinds import Entity, Found
from musnad.romanize import romanize
from musnad.stages.coreference_links import Linker
from musnad.stages.coreference_names import Cluster, cluster_names
from musnad.tools import Tools


def find(doc: Document, tools: Tools) -> Iterator[Found]:
    """The mentions with their entities, mentions of the other forms, and the entities in the order of their first mention."""
    names = [m for m in doc.mentions if m.form == "name"]
    clusters, of_mention = cluster_names(doc, tools, names)
    linker = Linker(doc, tools, clusters, of_mention)
    others = list(linker.link(phrases(doc, tools)))
    for mention in names:
        cluster, why = linker.acting.get(mention.id) or of_mention[mention.id]
        yield msgspec.structs.replace(mention, entity=cluster.id(doc), why=why)
    yield from others
    for cluster in linker.clusters:
        yield _entity(doc, tools, cluster)


def _entity(doc: Document, tools: Tools, cluster: Cluster) -> Entity:
    known = cluster.known
    name = cluster.name()
    sectors = list(cluster.sectors)
    if known is not None:
        sectors += tools.gazetteer.sectors(known, doc.published)
    found_by = "coreference.known" if known is not None else "coreference.text"
    return Entity(
        id=cluster.id(doc),
        found_by=found_by,
        confidence=0.95 if known is not None else 0.85,
        why=None if known is None else f"known as {known.id}",
        type=cluster.type,
        name=name,
        name_en=_english(tools, cluster),
        aliases=tuple(f for f in cluster.forms if f != name),
        country=cluster.country or (known.country if known is not None else None),
        sectors=tuple(dict.fromkeys(sectors)),
        offices=tuple(cluster.offices),
        known=known.id if known is not None else None,
    )


def _english(tools: Tools, cluster: Cluster) -> str:
    """The English name: the known one, of an office its title, else the Arabic name in Latin letters."""
    known = cluster.known
    if known is not None and known.name_en:
        return known.name_en
    name = cluster.name()
    if cluster.given is not None and cluster.country is not None:
        words = [w for w in fold(name).split() if tools.gazetteer.nationality(w) is None and tools.gazetteer.country(w) is None]
        office, state = tools.gazetteer.office(" ".join(words)), tools.gazetteer.by_id(cluster.country)
        if office is not None and state is not None:
            return f"{office.title_en} of {state.name_en}"
    return romanize(name)
