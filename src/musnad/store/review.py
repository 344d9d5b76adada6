"""The review queue: what nobody has looked at, least certain first; what was decided about an item; how far reviewers agree."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import msgspec
import sqlalchemy as sa

from musnad.record.errors import StoreError
from musnad.store import schema
from musnad.store.filters import Filter, Row, Rows, actor_ids
from musnad.store.judgements import held
from musnad.store.redaction import veil_for
from musnad.store.store import Store

TABLES = {"events": schema.event, "statements": schema.statement, "commitments": schema.commitment, "figures": schema.figure}
"""Layers whose items stand in the queue by themselves."""
PAIRS = {"entities": 0.75}
"""Layers of which pairs stand in the queue, those nearest to the score from which two are one."""
LAYERS = (*TABLES, *PAIRS)
_FEW = 3000
"""Reports up to which a filter by outlet or days is followed from the reports, not from the least certain item."""


def queue(store: Store, by: str, layer: str, wanted: Filter) -> Rows:
    """Items of a layer that `by` hasn't judged, least certain first: `id`, `report`, `confidence`, for pairs of actors `a` and `b` with `score` and `why`.
    `wanted.type` is an event's type, a statement's act, a commitment's stance or a figure's unit. What an open batch holds is left to its coders."""
    if layer in PAIRS:
        return _pairs(store, by, layer, wanted)
    if layer not in TABLES:
        raise StoreError(f"the queue holds {', '.join(LAYERS)}, not {layer}")
    t, r, j, b = TABLES[layer].c, schema.report.c, schema.judgement.c, schema.batch_item.c
    mine = sa.exists().where(j.item == t.id, j.by == by, j.verdict.in_(schema.OF_ITEMS), held())
    coded = sa.exists().where(b.item == t.id, b.batch == schema.batch.c.id, schema.batch.c.closed.is_(None))
    query: sa.Select[Any] = sa.select(t.id, t.report, t.confidence, r.title, r.outlet, r.published).join_from(TABLES[layer], schema.report)
    query = query.where(~mine, ~coded)
    kind = {"events": "type", "statements": "act", "commitments": "stance", "figures": "unit"}[layer]
    if wanted.type:
        query = query.where(t[kind] == (wanted.type.upper() if layer == "events" else wanted.type))
    if wanted.status and layer == "events":
        query = query.where(t.status == wanted.status)
    with store.reading() as c:
        query, sure = _narrowed(c, layer, query, wanted)
        if wanted.after:
            at, _, id = wanted.after.partition(":")
            query = query.where(sa.tuple_(sure, t.id) > sa.tuple_(sa.literal(_number(at)), sa.literal(id)))
        query = query.order_by(sure, t.id).limit(wanted.limit + 1 if wanted.limit else None)
        found = [dict(x) for x in c.execute(query).mappings()]
    rows = Rows(map(veil_for(store), found))
    if wanted.limit and len(rows) > wanted.limit:
        del rows[wanted.limit :]
        rows.after = f"{rows[-1]['confidence']!r}:{rows[-1]['id']}"
    return rows


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise StoreError(f"that is no cursor: {text}") from error


def _narrowed(c: sa.Connection, layer: str, query: sa.Select[Any], wanted: Filter) -> tuple[sa.Select[Any], sa.ColumnElement[Any]]:
    """The query with actor, outlet and days applied, and what it is ordered by: where few reports fit, not the indexed column, so that the store goes
    from those reports to their items instead of through all items."""
    t, r = TABLES[layer].c, schema.report.c
    fits: list[sa.ColumnElement[bool]] = []
    if wanted.outlet:
        fits.append(r.outlet == wanted.outlet)
    if wanted.since:
        fits.append(r.published >= wanted.since)
    if wanted.until:
        fits.append(r.published <= wanted.until + "~")
    sure: sa.ColumnElement[Any] = t.confidence
    if fits:
        query = query.where(*fits)
        few = sa.select(r.id).where(*fits).limit(_FEW + 1).subquery()
        if c.execute(sa.select(sa.func.count()).select_from(few)).scalar_one() <= _FEW:
            query, sure = query.where(t.report.in_(sa.select(r.id).where(*fits))), t.confidence + 0.0
    if wanted.actor:
        ids = actor_ids(c, wanted.actor)
        entities = sa.select(schema.cluster.c.item).where(schema.cluster.c.layer == "entities", schema.cluster.c.cluster.in_(ids))
        if layer == "statements":
            query = query.where(t.speaker_entity.in_(entities))
        elif layer == "figures":
            query = query.where(t.report.in_(sa.select(schema.entity.c.report).where(schema.entity.c.id.in_(entities))))
        else:
            query = query.where(t.id.in_(sa.select(schema.party.c.item).where(schema.party.c.entity.in_(entities))))
        sure = t.confidence + 0.0
    return query, sure


def _pairs(store: Store, by: str, layer: str, wanted: Filter) -> Rows:
    """Pairs of actors that the decisions left nearest to the border, those first that are nearest; pairs judged by anyone are left out."""
    p, j, border = schema.pair.c, schema.judgement.c, PAIRS[layer]
    start = _number(wanted.after.partition(":")[0]) if wanted.after else 0.0
    after = tuple(wanted.after.split(":")[1:3]) if wanted.after else ("", "")
    asked = sa.exists().where(
        j.layer == layer,
        j.verdict.in_(("same", "different")),
        sa.or_(sa.and_(j.item == p.a, j.other == p.b), sa.and_(j.item == p.b, j.other == p.a)),
        held(),
    )
    base = sa.select(p.a, p.b, p.score, p.kind, p.why).where(p.layer == layer, ~asked)
    found: list[Row] = []
    limit = wanted.limit or 1000
    with store.reading() as c:
        if wanted.actor:
            actors = actor_ids(c, wanted.actor)
            items = sa.select(schema.cluster.c.item).where(schema.cluster.c.layer == layer, schema.cluster.c.cluster.in_(actors))
            base = base.where(sa.or_(p.a.in_(items), p.b.in_(items)))
        for side in (
            base.where(p.score >= border + start - 1e-9).order_by(p.score, p.a, p.b),
            base.where(p.score < border - start + 1e-9, p.score < border).order_by(p.score.desc(), p.a, p.b),
        ):
            found += map(dict, c.execute(side.limit(limit * 2 + 2)).mappings())
    for row in found:
        row["distance"] = round(abs(row["score"] - border), 4)
    found.sort(key=lambda row: (row["distance"], row["a"], row["b"]))
    found = [row for row in found if (row["distance"], row["a"], row["b"]) > (start, *after)] if wanted.after else found
    rows = Rows(map(veil_for(store), found[:limit]))
    if len(found) > limit:
        rows.after = "{distance!r}:{a}:{b}".format(**rows[-1])
    return rows


def left(store: Store, by: str) -> dict[str, int]:
    """How many items of each layer there are, and under `judged` how many this reviewer has judged."""
    j = schema.judgement.c

    def count() -> dict[str, int]:
        with store.reading() as c:
            return {name: int(c.execute(sa.select(sa.func.count()).select_from(t)).scalar_one()) for name, t in TABLES.items()}

    out = dict(store.kept("review: counts", count))
    with store.reading() as c:
        mine = sa.select(sa.func.count(sa.distinct(j.item))).where(j.by == by, j.verdict.in_((*schema.OF_ITEMS, "same", "different")))
        out["judged"] = int(c.execute(mine).scalar_one())
    return out


def history(store: Store, item: str, by: str | None = None) -> list[Row]:
    """Everything that was ever decided or said about an item, oldest first: who, when, what, before, after, and by whom and when it was undone.
    What coders say of it in a batch that is still open only they see themselves (`by`)."""
    return histories(store, [item], by)[item]


def histories(store: Store, items: Iterable[str], by: str | None = None) -> dict[str, list[Row]]:
    """The history of each of these items."""
    found: dict[str, list[Row]] = {item: [] for item in items}
    j, u = schema.judgement, schema.judgement.alias("u")
    query = (
        sa.select(j, u.c.by.label("undone_by"), u.c.at.label("undone_at"))
        .outerjoin(u, u.c.undoes == j.c.id)
        .where(sa.or_(j.c.item.in_(found), j.c.other.in_(found)), j.c.verdict != "undo")
        .order_by(j.c.id)
    )
    k, b = schema.coding.c, schema.batch.c
    coded = sa.select(k.at, k.by, k.item, k.verdict, k.after, k.why, b.name.label("batch")).join_from(schema.coding, schema.batch)
    coded = coded.where(k.item.in_(found), sa.or_(b.closed.is_not(None), k.by == (by or ""))).order_by(k.id)
    veil = veil_for(store)
    with store.reading() as c:
        rows = [{**x, "batch": None} for x in c.execute(query).mappings()]
        rows += [
            {"id": None, "undone_by": None, "undone_at": None, "before": None, "other": None, **x} for x in c.execute(coded).mappings()
        ]
    rows.sort(key=lambda x: (x["at"], x["id"] or 0))
    for x in rows:
        for item in {x["item"], x["other"]} & found.keys():
            found[item].append(veil(dict(x)))
    return found


def recent(store: Store, limit: int = 50, by: str | None = None) -> list[Row]:
    """The newest judgements, undos left out, each with who undid it."""
    j, u = schema.judgement, schema.judgement.alias("u")
    query = sa.select(j, u.c.by.label("undone_by")).outerjoin(u, u.c.undoes == j.c.id).where(j.c.verdict != "undo").order_by(j.c.id.desc())
    if by:
        query = query.where(j.c.by == by)
    veil = veil_for(store)
    with store.reading() as c:
        return [veil(dict(x)) for x in c.execute(query.limit(limit)).mappings()]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far reviewers agree on what several of them judged: `raw` is the share of pairs of answers that are the same, `alpha` Krippendorff's (nominal),
    `kappas` Cohen's by pair of reviewers with the number of items that both judged. None where chance alone leaves nothing to agree about."""

    layer: str
    items: int
    raw: float
    alpha: float | None
    kappas: tuple[tuple[str, str, int, float | None], ...]


def agreement(store: Store, batch: int | None = None) -> list[Agreement]:
    """The agreement by layer over accept, reject and correct; two corrections are the same answer where they say the same. With `batch`: of one batch."""
    answers: defaultdict[str, defaultdict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    j, k, i = schema.judgement.c, schema.coding.c, schema.batch_item.c
    verdicts = ("accept", "reject", "correct")
    with store.reading() as c:
        if batch is None:
            query = sa.select(j.layer, j.item, j.by, j.verdict, j.after).where(j.verdict.in_(verdicts), held()).order_by(j.id)
            for x in c.execute(query):
                answers[x.layer][x.item][x.by] = _answer(x.verdict, x.after)
        coded = sa.select(i.layer, k.item, k.by, k.verdict, k.after).join_from(
            schema.coding, schema.batch_item, sa.and_(i.batch == k.batch, i.item == k.item)
        )
        coded = coded.join(schema.batch, schema.batch.c.id == k.batch).where(k.verdict.in_(verdicts)).order_by(k.id)
        coded = coded.where(k.batch == batch) if batch is not None else coded.where(schema.batch.c.closed.is_not(None))
        for x in c.execute(coded):
            answers[x.layer][x.item][x.by] = _answer(x.verdict, x.after)
    return [found for layer in sorted(answers) if (found := _agreement(layer, answers[layer]))]


def _answer(verdict: str, after: Any) -> str:
    return verdict if verdict != "correct" else "correct " + msgspec.json.encode(after, order="deterministic").decode()


def _agreement(layer: str, answers: Mapping[str, Mapping[str, str]]) -> Agreement | None:
    shared = [a for a in answers.values() if len(a) > 1]
    if not shared:
        return None
    pairs = [(x, y) for a in shared for x, y in combinations(a.values(), 2)]
    people = sorted({p for a in shared for p in a})
    kappas = []
    for p, q in combinations(people, 2):
        both = [(a[p], a[q]) for a in shared if p in a and q in a]
        if both:
            kappas.append((p, q, len(both), kappa(both)))
    raw = sum(x == y for x, y in pairs) / len(pairs)
    return Agreement(layer, len(shared), round(raw, 4), _rounded(alpha([list(a.values()) for a in shared])), tuple(kappas))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def kappa(answers: Sequence[tuple[str, str]]) -> float | None:
    """Cohen's kappa of two people's answers; None where both always give the same one answer."""
    n = len(answers)
    first, second = Counter(x for x, _ in answers), Counter(y for _, y in answers)
    chance = sum(first[v] * second[v] for v in first) / n**2
    observed = sum(x == y for x, y in answers) / n
    return None if chance == 1 else round((observed - chance) / (1 - chance), 4)


def alpha(units: Iterable[Sequence[str]]) -> float | None:
    """Krippendorff's alpha for nominal answers; None where all answers are one."""
    shared = [u for u in units if len(u) > 1]
    totals = Counter(v for u in shared for v in u)
    n = sum(totals.values())
    expected = n * n - sum(m * m for m in totals.values())
    if not expected:
        return None
    differing = sum((len(u) ** 2 - sum(m * m for m in Counter(u).values())) / (len(u) - 1) for u in shared)
    return 1 - (n - 1) * differing / expected
