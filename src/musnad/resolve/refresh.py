"""Brings the decisions of a record up to date with its reports and with what people judged: after every `add` and every judgement, safe to repeat."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
import sqlalchemy as sa

from musnad.grammar.folding import fold
from musnad.grammar.shingles import Hashes, shingles
from musnad.grammar.stemming import stems
from musnad.resolve import claims, commitments, entities, events
from musnad.resolve.derive import happening_rows, ledger_rows, matter_rows
from musnad.resolve.lineage import Pair, Telling, families, find_pairs
from musnad.store import schema
from musnad.store.judgements import pairs_judged
from musnad.store.reports import text_of
from musnad.store.store import Store

T = TypeVar("T")
_COMPARED = "lineage.compared"
_KEEP_PAIR = {"entities": 0.2, "events": 0.5}
"""Machine decisions below this score aren't kept: nobody would look at them."""


def refresh(store: Store) -> dict[str, int]:
    """Everything: copies, entities, happenings, commitments. Gives how many pairs or clusters each made."""
    return {
        "copies": refresh_lineage(store),
        "actors": refresh_entities(store),
        "happenings": refresh_events(store),
        "commitments": refresh_commitments(store),
        "claims": refresh_claims(store),
    }


def refresh_lineage(store: Store) -> int:
    """Compare the reports that are new since the last time with all; returns how many pairs were found. Families are derived anew."""
    r = schema.report.c
    done = int(store.value(_COMPARED) or 0)
    with store.reading() as c:
        rows = c.execute(sa.select(r.seq, r.id, r.shingles, r.published, r.outlet, r.republisher, r.credits).order_by(r.seq)).all()
        fresh = [n for n, row in enumerate(rows) if row.seq > done]
        if not fresh:
            return 0
        pairs = list(find_pairs([_telling(c, row) for row in rows], fresh if done else None))
        same, different = pairs_judged(c, "reports")
    with store.writing() as c:
        _write_lineage(c, pairs)
        c.execute(sa.delete(schema.meta).where(schema.meta.c.key == _COMPARED))
        c.execute(sa.insert(schema.meta), [{"key": _COMPARED, "value": str(rows[-1].seq)}])
        p = schema.pair.c
        known = [
            Pair(a=x.a, b=x.b, kind=x.kind, original=x.original, score=x.score, jaccard=0.0, containment=0.0)
            for x in c.execute(sa.select(p.a, p.b, p.kind, p.original, p.score).where(p.layer == "reports"))
            if (x.a, x.b) not in set(different)
        ]
        known += [Pair(a=a, b=b, kind="copy", original=None, score=1.0, jaccard=1.0, containment=1.0) for a, b in same]
        _write_clusters(c, "reports", families(known))
    return len(pairs)


def _telling(c: sa.Connection, row: Any) -> Telling:
    def whole() -> Hashes:
        return shingles(text_of(c, row.id))

    return Telling(
        id=row.id,
        sketch=np.frombuffer(row.shingles, dtype=np.uint64),
        shingles=whole,
        published=row.published,
        outlet=fold(row.outlet) if row.outlet else None,
        credits=frozenset(row.credits),
        republished=bool(row.republisher),
    )


def _write_lineage(c: sa.Connection, pairs: Sequence[Pair]) -> None:
    table = schema.pair
    for chunk in _chunks(pairs, 300):
        keys = [tuple(sorted((p.a, p.b))) for p in chunk]
        c.execute(sa.delete(table).where(table.c.layer == "reports", sa.tuple_(table.c.a, table.c.b).in_(keys)))
        rows = [
            {
                "layer": "reports",
                "a": a,
                "b": b,
                "kind": p.kind,
                "original": p.original,
                "score": p.score,
                "features": {"jaccard": p.jaccard, "containment": p.containment},
                "why": " ".join(p.why),
            }
            for (a, b), p in zip(keys, chunk, strict=True)
        ]
        c.execute(sa.insert(table), rows)


def refresh_entities(store: Store) -> int:
    """Decide anew who is who over all reports; returns the number of actors. One row of table actor is derived for each. Entities that no report
    names (الوزير، السفير الأميركي) are nobody in particular across reports, unless the dictionary knows who held the office that day."""
    e, r = schema.entity.c, schema.report.c
    with store.reading() as c:
        rows = c.execute(
            sa.select(e.id, e.report, e.type, e.name, e.name_en, e.country, e.known, e.data, r.published).join_from(
                schema.entity, schema.report
            )
        ).all()
        same, different = pairs_judged(c, "entities")
    locals_ = [
        entities.Local(
            id=x.id,
            report=x.report,
            type=x.type,
            name=x.name,
            name_en=x.name_en,
            country=x.country,
            known=x.known,
            sectors=tuple(x.data["sectors"]),
            offices=tuple((fold(o["title"]), x.country or "") for o in x.data["offices"]),
            aliases=tuple(x.data["aliases"]),
            day=x.published,
        )
        for x in rows
    ]
    found = entities.profiles(locals_)
    decisions = entities.decide(found)
    clusters = entities.cluster(found, decisions, same, different)
    places = {x.id: x.data["place"] for x in rows if x.data["place"]}
    actors = _actors(locals_, clusters, places)
    with store.writing() as c:
        _write_clusters(c, "entities", clusters)
        _write_decisions(c, "entities", [d for d in decisions if d.score >= _KEEP_PAIR["entities"]], "same")
        _rewrite(c, schema.actor, actors)
    return len(actors)


def _actors(locals_: Iterable[entities.Local], clusters: Mapping[str, str], places: Mapping[str, Any]) -> list[dict[str, Any]]:
    groups: defaultdict[str, list[entities.Local]] = defaultdict(list)
    for x in locals_:
        groups[clusters[x.id]].append(x)
    out = []
    for id, members in groups.items():
        names = Counter(x.name for x in members)
        words = Counter(n for x in members for n in {x.name, *x.aliases})
        english = Counter(x.name_en for x in members if x.name_en)
        countries = Counter(x.country for x in members if x.country)
        days = sorted(x.day for x in members if x.day)
        out.append(
            {
                "id": id,
                "type": Counter(x.type for x in members).most_common(1)[0][0],
                "name": max(names, key=lambda n: (len(n.split()) > 1, names[n], len(n), n)),
                "name_en": english.most_common(1)[0][0] if english else "",
                "key": "|".join(sorted({fold(n) for n in words} | {n.lower() for n in english})),
                "country": countries.most_common(1)[0][0] if countries else None,
                "known": next((x.known for x in members if x.known), None),
                "sectors": sorted({s for x in members for s in x.sectors}),
                "aliases": [n for n, _ in words.most_common(20)],
                "place": next((places[x.id] for x in members if x.id in places), None),
                "reports": len({x.report for x in members}),
                "first": days[0] if days else None,
                "last": days[-1] if days else None,
            }
        )
    return out


def refresh_events(store: Store) -> int:
    """Merge the tellings of all reports into happenings; returns their number."""
    v, r = schema.event.c, schema.report.c
    with store.reading() as c:
        who = _clusters(c, "entities")
        actors, recipients = _parties(c, "actor", who), _parties(c, "recipient", who)
        f = schema.figure.c
        figures = {x.id: (x.unit or "", x.low, x.high) for x in c.execute(sa.select(f.id, f.unit, f.low, f.high))}
        tellings = [
            events.Telling(
                id=x.id,
                report=x.report,
                type=x.type,
                mode=x.mode,
                start=x._mapping["from"],
                end=x.to,
                published=x.published,
                status=x.status,
                place=who.get(x.place_entity, x.place and fold(x.place)),
                actors=actors.get(x.id, frozenset()),
                recipients=recipients.get(x.id, frozenset()),
                trigger=fold(x.text),
                figures=tuple(figures[i] for i in x.data["figures"] if i in figures),
            )
            for x in c.execute(
                sa.select(
                    v.id, v.report, v.type, v.mode, v["from"], v.to, v.status, v.place, v.place_entity, v.text, v.data, r.published
                ).join_from(schema.event, schema.report)
            )
        ]
        same, different = pairs_judged(c, "events")
        sources, names = _sources(c), _names(c)
        confidence = {x.id: x.confidence for x in c.execute(sa.select(v.id, v.confidence))}
        credit = _credits(c)
    merged, decisions = events.merge(tellings, same, different)
    happenings, parties = happening_rows(tellings, merged, sources.__getitem__, credit, confidence, names)
    with store.writing() as c:
        _write_clusters(c, "events", merged)
        _rewrite(c, schema.happening, happenings)
        _rewrite(c, schema.took_part, parties)
        _write_decisions(c, "events", [d for d in decisions if d.score >= _KEEP_PAIR["events"]], "same")
    return len(set(merged.values()))


def refresh_commitments(store: Store) -> int:
    """Thread the commitments of all reports by matter; returns the number of threads."""
    with store.reading() as c:
        steps = commitment_steps(c)
        same, different = pairs_judged(c, "commitments")
        names = _names(c)
        action = {x.id: x.text for x in c.execute(sa.select(schema.commitment.c.id, schema.commitment.c.text))}
    threads = commitments.threads(steps, same, different)
    with store.writing() as c:
        _write_clusters(c, "commitments", threads)
        _rewrite(c, schema.matter, matter_rows(steps, threads, action, names))
    return len(set(threads.values()))


def refresh_claims(store: Store) -> int:
    """Line up the figures of all reports; returns the number of lines of the ledger."""
    f, r = schema.figure.c, schema.report.c
    with store.reading() as c:
        who, happening = _clusters(c, "entities"), _clusters(c, "events")
        sources = _sources(c)
        said: dict[str, tuple[str | None, str | None]] = {}
        v, s = schema.event.c, schema.statement.c
        speakers = {x.id: x.speaker for x in c.execute(sa.select(s.id, s.speaker))}
        for x in c.execute(sa.select(v.id, v.statement, v.data)):
            for figure in x.data["figures"]:
                said[figure] = happening.get(x.id), speakers.get(x.statement)
        found = [
            claims.Claim(
                id=x.id,
                report=x.report,
                family=sources[x.report][0],
                published=x.published,
                unit=x.unit,
                low=x.low,
                high=x.high,
                bound=x.bound,
                text=x.text,
                source=said.get(x.id, (None, None))[1] or sources[x.report][1],
                happening=said.get(x.id, (None, None))[0],
                about=frozenset(who.get(e, e) for e in x.about),
            )
            for x in c.execute(
                sa.select(f.id, f.report, f.unit, f.low, f.high, f.bound, f.text, f.about, r.published)
                .join_from(schema.figure, schema.report)
                .where(f.unit.is_not(None), f.kind != "measure")
            )
        ]
    lines = claims.ledger(found)
    with store.writing() as c:
        _rewrite(c, schema.ledger, ledger_rows(lines))
    return len(lines)


def _sources(c: sa.Connection) -> dict[str, tuple[str, str | None]]:
    """Report → its family (itself where it has no copies) and its outlet."""
    family = _clusters(c, "reports")
    r = schema.report.c
    return {x.id: (family.get(x.id, x.id), x.outlet) for x in c.execute(sa.select(r.id, r.outlet))}


def _names(c: sa.Connection) -> dict[str, str]:
    a = schema.actor.c
    return {x.id: x.name for x in c.execute(sa.select(a.id, a.name))}


def _credits(c: sa.Connection) -> dict[str, str]:
    """Event → the agency that the statement it stands in came through, folded."""
    v, s = schema.event.c, schema.statement.c
    chains = {
        x.id: next((fold(link["name"]) for link in x.chain if link["link"] == "agency"), None) for x in c.execute(sa.select(s.id, s.chain))
    }
    return {x.id: agency for x in c.execute(sa.select(v.id, v.statement)) if x.statement and (agency := chains.get(x.statement))}


def _rewrite(c: sa.Connection, table: sa.Table, rows: Sequence[dict[str, Any]]) -> None:
    c.execute(sa.delete(table))
    for chunk in _chunks(rows, 1000):
        c.execute(sa.insert(table), chunk)


def commitment_steps(c: sa.Connection, ids: Sequence[str] | None = None) -> list[commitments.Step]:
    """The commitments of the record (or those of `ids`) as steps."""
    m, r = schema.commitment.c, schema.report.c
    who, happening = _clusters(c, "entities"), _clusters(c, "events")
    by, to = _parties(c, "by", who), _parties(c, "to", who)
    query = sa.select(m.id, m.report, m.stance, m.text, m.deadline_from, m.deadline_to, m.event, r.published).join_from(
        schema.commitment, schema.report
    )
    if ids is not None:
        query = query.where(m.id.in_(ids))
    return [
        commitments.Step(
            id=x.id,
            report=x.report,
            published=x.published,
            stance=x.stance,
            by=by.get(x.id, frozenset()),
            to=to.get(x.id, frozenset()),
            stems=frozenset(s for s, _ in stems(x.text) if len(s) > 2),
            deadline=(x.deadline_from, x.deadline_to) if x.deadline_from or x.deadline_to else None,
            happening=happening.get(x.event),
        )
        for x in c.execute(query)
    ]


def _clusters(c: sa.Connection, layer: str) -> dict[str, str]:
    t = schema.cluster.c
    return {x.item: x.cluster for x in c.execute(sa.select(t.item, t.cluster).where(t.layer == layer))}


def _parties(c: sa.Connection, role: str, who: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """Item → its parties in a role: clusters where the phrase is resolved, else the folded name of whom the report means, else the folded phrase."""
    p, e = schema.party.c, schema.entity
    out: defaultdict[str, set[str]] = defaultdict(set)
    query = sa.select(p.item, p.entity, p.text, e.c.name).outerjoin(e, e.c.id == p.entity).where(p.role == role)
    for x in c.execute(query):
        out[x.item].add(who.get(x.entity) or fold(x.name or x.text))
    return {item: frozenset(found) for item, found in out.items()}


def _write_clusters(c: sa.Connection, layer: str, clusters: Mapping[str, str]) -> None:
    c.execute(sa.delete(schema.cluster).where(schema.cluster.c.layer == layer))
    rows = [{"layer": layer, "item": item, "cluster": cluster} for item, cluster in clusters.items()]
    for chunk in _chunks(rows, 2000):
        c.execute(sa.insert(schema.cluster), chunk)


def _write_decisions(c: sa.Connection, layer: str, decisions: Sequence[entities.Decision | events.Decision], kind: str) -> None:
    c.execute(sa.delete(schema.pair).where(schema.pair.c.layer == layer))
    rows = [
        {
            "layer": layer,
            "a": d.a,
            "b": d.b,
            "kind": kind if d.same else "different",
            "original": None,
            "score": d.score,
            "features": d.features,
            "why": ", ".join(d.features),
        }
        for d in decisions
    ]
    for chunk in _chunks(rows, 1000):
        c.execute(sa.insert(schema.pair), chunk)


def _chunks(items: Sequence[T], size: int) -> Iterable[Sequence[T]]:
    return (items[i : i + size] for i in range(0, len(items), size))
