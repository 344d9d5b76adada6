"""Brings the decisions of a record up to date with its reports and with what people judged: after every `add` and every judgement, safe to repeat."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
import sqlalchemy as sa

from musnad.grammar.folding import fold
from musnad.grammar.shingles import Hashes, shingles
from musnad.resolve import claims, commitments, entities, events, gather
from musnad.resolve.derive import happening_rows, ledger_rows, matter_rows
from musnad.resolve.lineage import Pair, Telling, families, find_pairs
from musnad.store import schema
from musnad.store.judgements import pairs_judged
from musnad.store.reports import text_of
from musnad.store.store import Store

T = TypeVar("T")
_COMPARED = "lineage.compared"
EVERYDAY = "commitments.everyday"
"""Where table meta keeps the stems that say nothing of a commitment."""
STALE = "resolve.stale"
"""Set in table meta where one act reached further than was followed at once."""
KEEP_PAIR = {"entities": 0.2, "events": 0.5}
"""Machine decisions below this score aren't kept: nobody would look at them."""


def refresh(store: Store) -> dict[str, int]:
    """Everything: copies, entities, happenings, commitments. Gives how many pairs or clusters each made. What people do meanwhile isn't lost: it is
    followed once more at the end."""
    from musnad.resolve.touch import follow_since  # which is made of parts of this module

    with store.reading() as c:
        newest = c.execute(sa.select(sa.func.max(schema.judgement.c.id))).scalar() or 0
    made = {
        "copies": refresh_lineage(store),
        "actors": refresh_entities(store),
        "happenings": refresh_events(store),
        "commitments": refresh_commitments(store),
        "claims": refresh_claims(store),
    }
    with store.writing() as c:
        c.execute(sa.delete(schema.meta).where(schema.meta.c.key == STALE))
        follow_since(c, newest)
    store.survey()
    return made


def refresh_lineage(store: Store) -> int:
    """Compare the reports that are new since the last time with all; returns how many pairs were found. Families are derived anew in any case."""
    r = schema.report.c
    done = int(store.value(_COMPARED) or 0)
    with store.reading() as c:
        rows = c.execute(sa.select(r.seq, r.id, r.shingles, r.published, r.outlet, r.republisher, r.credits).order_by(r.seq)).all()
        fresh = [n for n, row in enumerate(rows) if row.seq > done]
        pairs = list(find_pairs([_telling(c, row) for row in rows], fresh if done else None)) if fresh else []
        same, different = pairs_judged(c, "reports")
    with store.writing() as c:
        _write_lineage(c, pairs)
        if fresh:
            set_value(c, _COMPARED, str(rows[-1].seq))
        _write_clusters(c, "reports", families(known_copies(c, same, different)))
    return len(pairs)


def known_copies(
    c: sa.Connection, same: Iterable[tuple[str, str]], different: Iterable[tuple[str, str]], reports: Sequence[str] | None = None
) -> list[Pair]:
    """The pairs of copies in the record (or those among `reports`), as people left them."""
    p, apart = schema.pair.c, set(different)
    query = sa.select(p.a, p.b, p.kind, p.original, p.score).where(p.layer == "reports")
    if reports is not None:
        query = query.where(p.a.in_(reports), p.b.in_(reports))
    known = [
        Pair(a=x.a, b=x.b, kind=x.kind, original=x.original, score=x.score, jaccard=0.0, containment=0.0)
        for x in c.execute(query)
        if (x.a, x.b) not in apart
    ]
    return known + [Pair(a=a, b=b, kind="copy", original=None, score=1.0, jaccard=1.0, containment=1.0) for a, b in same]


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
    with store.reading() as c:
        locals_, places = gather.locals_of(c)
        same, different = pairs_judged(c, "entities")
    found = entities.profiles(locals_)
    decisions = entities.decide(found)
    clusters = entities.cluster(found, decisions, same, different)
    actors = actor_rows(locals_, clusters, places)
    with store.writing() as c:
        _write_clusters(c, "entities", clusters)
        _write_decisions(c, "entities", [d for d in decisions if d.score >= KEEP_PAIR["entities"]], "same")
        _rewrite(c, schema.actor, actors)
    return len(actors)


def actor_rows(locals_: Iterable[entities.Local], clusters: Mapping[str, str], places: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Rows of table actor, one a cluster."""
    groups: defaultdict[str, list[entities.Local]] = defaultdict(list)
    for x in locals_:
        groups[clusters[x.id]].append(x)
    out = []
    for id, members in groups.items():
        names = Counter(x.name for x in members)
        words = Counter(n for x in members for n in dict.fromkeys((x.name, *x.aliases)))
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
    with store.reading() as c:
        tellings = gather.tellings_of(c)
        same, different = pairs_judged(c, "events")
        sources, names, confidence, credit = gather.sources(c), gather.names(c), gather.certainty(c), gather.credits(c)
    merged, decisions = events.merge(tellings, same, different)
    happenings, parties = happening_rows(tellings, merged, sources.__getitem__, credit, confidence, names)
    with store.writing() as c:
        _write_clusters(c, "events", merged)
        _rewrite(c, schema.happening, happenings)
        _rewrite(c, schema.took_part, parties)
        _write_decisions(c, "events", [d for d in decisions if d.score >= KEEP_PAIR["events"]], "same")
    return len(set(merged.values()))


def refresh_commitments(store: Store) -> int:
    """Thread the commitments of all reports by matter; returns the number of threads."""
    with store.reading() as c:
        steps = gather.steps_of(c)
        same, different = pairs_judged(c, "commitments")
        names, action = gather.names(c), gather.actions(c)
    common = commitments.everyday(steps)
    threads = commitments.threads(steps, same, different, common)
    with store.writing() as c:
        _write_clusters(c, "commitments", threads)
        _rewrite(c, schema.matter, matter_rows(steps, threads, action, names))
        set_value(c, EVERYDAY, json.dumps(sorted(common)))
    return len(set(threads.values()))


def refresh_claims(store: Store) -> int:
    """Line up the figures of all reports; returns the number of lines of the ledger."""
    with store.reading() as c:
        found = gather.claims_of(c)
    lines = claims.ledger(found)
    with store.writing() as c:
        _rewrite(c, schema.ledger, ledger_rows(lines))
    return len(lines)


def set_value(c: sa.Connection, key: str, value: str) -> None:
    """Write a value of table meta."""
    c.execute(sa.delete(schema.meta).where(schema.meta.c.key == key))
    c.execute(sa.insert(schema.meta), [{"key": key, "value": value}])


def _rewrite(c: sa.Connection, table: sa.Table, rows: Sequence[dict[str, Any]]) -> None:
    c.execute(sa.delete(table))
    for chunk in _chunks(rows, 1000):
        c.execute(sa.insert(table), chunk)


def _write_clusters(c: sa.Connection, layer: str, clusters: Mapping[str, str]) -> None:
    c.execute(sa.delete(schema.cluster).where(schema.cluster.c.layer == layer))
    for chunk in _chunks(sorted(clusters.items()), 2000):
        c.execute(sa.insert(schema.cluster), [{"layer": layer, "item": item, "cluster": cluster} for item, cluster in chunk])


def _write_decisions(c: sa.Connection, layer: str, decisions: Sequence[entities.Decision | events.Decision], kind: str) -> None:
    c.execute(sa.delete(schema.pair).where(schema.pair.c.layer == layer))
    for chunk in _chunks(decisions, 1000):
        c.execute(sa.insert(schema.pair), decision_rows(layer, chunk, kind))


def decision_rows(layer: str, decisions: Iterable[entities.Decision | events.Decision], kind: str = "same") -> list[dict[str, Any]]:
    """Rows of table pair."""
    return [
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


def _chunks(items: Sequence[T], size: int) -> Iterable[Sequence[T]]:
    return (items[i : i + size] for i in range(0, len(items), size))
