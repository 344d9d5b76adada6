"""A report as its page shows it: its text and line as people left them, who checked what, and where its items lead in the record."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
import sqlalchemy as sa

from musnad.export.cards import sections
from musnad.record.kinds import LAYERS, Entity, Figure, Found, Line, Mention
from musnad.store import schema
from musnad.store.corrections import corrected
from musnad.store.filters import Row
from musnad.store.judgements import standing
from musnad.store.redaction import Veil, veiled_names, veiler
from musnad.store.reports import unpack
from musnad.store.store import Store

_SPAN = ("trigger", "cue", "action")


@dataclass(frozen=True, kw_only=True)
class Rejected:
    """What people took out: its layer, id, words (with their place, where it has one), and the judgement."""

    layer: str
    id: str
    text: str
    start: int | None
    end: int | None
    judgement: Row


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """All that is known of a report. The maps lead from an item of the line to its thing in the whole record; what isn't brought together yet leads nowhere."""

    row: Row
    source: str
    line: Line
    articles: Sequence[Row]
    """The reports of the same page, this one among them."""
    checked: Mapping[str, Sequence[Row]]
    rejected: Sequence[Rejected]
    actors: Mapping[str, str]
    happenings: Mapping[str, Row]
    matters: Mapping[str, Row]
    ledger: Mapping[str, Row]
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def groups(self) -> list[tuple[str, Sequence[Found]]]:
        """The cards, grouped: a key of `labels.SECTIONS` and its records."""
        return list(sections(self.line))

    def find(self, id: str) -> tuple[str, int | None, int | None] | None:
        """The card that an item is shown on, with the place of its words; None for an item that isn't in the report."""
        for layer in LAYERS:
            for item in getattr(self.line, layer):
                if item.id != id:
                    continue
                start, end = place(msgspec.to_builtins(item))
                if isinstance(item, Entity):
                    start, end = next(((m.start, m.end) for m in self.line.mentions if m.entity == id), (None, None))
                return (item.entity or id if isinstance(item, Mention) else id), start, end
        return None


def open_sheet(store: Store, id: str) -> Sheet | None:
    """The sheet of a report, redacted names veiled; None where there is no such report."""
    r, p = schema.report.c, schema.page.c
    query = sa.select(
        r.id, r.key, r.page, r.part, r.title, r.outlet, r.republisher, r.published, r.url, r.line, p.source, p.reader, p.added, p.captured,
    ).join_from(schema.report, schema.page)  # fmt: skip
    with store.reading() as c:
        found = c.execute(query.where(r.id == id)).mappings().first()
        if found is None:
            return None
        row = dict(found)
        judged = standing(c, report=id, verdicts=schema.OF_ITEMS)
        line = corrected(unpack(row.pop("line")), judged)
        names = [] if store.reveal else veiled_names(c)
        veil = veiler(names)
        siblings = sa.select(r.id, r.key, r.title, r.part).where(r.page == row["page"]).order_by(r.part)
        articles = [veil(dict(x)) for x in c.execute(siblings).mappings()]
        leads = _leads(c, line)
    source = veil(row.pop("source"))
    checked: defaultdict[str, list[Row]] = defaultdict(list)
    for j in judged:
        checked[j["item"]].append(j)
    kept = {item.id for layer in LAYERS for item in getattr(line, layer)}
    gone = [_rejected(items[-1], veil) for item, items in checked.items() if item not in kept and items[-1]["verdict"] == "reject"]
    return Sheet(
        row=veil(row),
        source=source,
        line=veiled(line, source, veil) if names else line,
        articles=articles,
        checked=checked,
        rejected=gone,
        counts=Counter(m.entity for m in line.mentions if m.entity),
        **leads,
    )


def veiled(line: Line, source: str, veil: Veil) -> Line:
    """A line under the veil: evidence is cut from the veiled source, so that half of a name isn't shown where the whole is hidden."""
    return msgspec.convert(_cut_anew(veil(msgspec.to_builtins(line)), source), Line)


def _cut_anew(value: Any, source: str) -> Any:
    if isinstance(value, dict):
        out = {k: _cut_anew(v, source) for k, v in value.items()}
        if isinstance(out.get("start"), int) and isinstance(out.get("end"), int) and "text" in out:
            out["text"] = source[out["start"] : out["end"]]
        return out
    if isinstance(value, list | tuple):
        return [_cut_anew(v, source) for v in value]
    return value


def place(item: Mapping[str, Any]) -> tuple[int | None, int | None]:
    """Where an item's own words stand."""
    span = next((item[k] for k in _SPAN if item.get(k)), item)
    return span.get("start"), span.get("end")


def _rejected(j: Row, veil: Veil) -> Rejected:
    item = j["before"] or {}
    start, end = place(item)
    span = next((item[k] for k in _SPAN if item.get(k)), item)
    return Rejected(
        layer=j["layer"], id=j["item"], text=veil(span.get("text") or item.get("name") or ""), start=start, end=end, judgement=j
    )


def _leads(c: sa.Connection, line: Line) -> dict[str, Mapping[str, Any]]:
    """Where items lead: entities to actors, events to happenings, commitments to matters, figures to lines of the ledger."""
    t, h, m, g = schema.cluster.c, schema.happening.c, schema.matter.c, schema.ledger.c
    ids = {
        "entities": [e.id for e in line.entities],
        "events": [v.id for v in line.events],
        "commitments": [k.id for k in line.commitments],
    }
    asked = [sa.and_(t.layer == layer, t.item.in_(found)) for layer, found in ids.items() if found]
    clusters: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for layer, item, cluster in c.execute(sa.select(t.layer, t.item, t.cluster).where(sa.or_(*asked))) if asked else ():
        clusters[layer][item] = cluster
    events, matters = clusters["events"], clusters["commitments"]
    told = _by_id(c, sa.select(h.id, h.tellings, h.independent, h.outlets, h.contested, h.denied_by), events.values())
    states = _by_id(c, sa.select(m.id, m.state, m.steps, m.deadline_to), matters.values())
    subjects = dict(_subjects(c, line, events, clusters["entities"]))
    lines = _by_id(c, sa.select(g.id, g.count, g.low, g.high, g.contested), subjects.values())
    return {
        "actors": clusters["entities"],
        "happenings": {item: told[x] for item, x in events.items() if x in told},
        "matters": {item: states[x] for item, x in matters.items() if x in states},
        "ledger": {item: lines[x] for item, x in subjects.items() if x in lines},
    }


def _by_id(c: sa.Connection, query: sa.Select[Any], ids: Iterable[str]) -> dict[str, Row]:
    wanted = set(ids)
    if not wanted:
        return {}
    column = query.selected_columns["id"]
    return {x["id"]: dict(x) for x in c.execute(query.where(column.in_(wanted))).mappings()}


def _subjects(c: sa.Connection, line: Line, events: Mapping[str, str], entities: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Figure → the id that its line of the ledger would have: of its happening, else of the actors named beside it."""
    counted: dict[str, Figure] = {f.id: f for f in line.figures if f.unit and f.kind != "measure"}
    if not counted:
        return
    happening = {f: events[v.id] for v in line.events if v.id in events for f in v.figures}
    about = {x.id: x.about for x in c.execute(sa.select(schema.figure.c.id, schema.figure.c.about).where(schema.figure.c.id.in_(counted)))}
    for id, figure in counted.items():
        subject = happening.get(id) or "+".join(sorted({entities.get(e, e) for e in about.get(id, ())}))
        if subject:
            yield id, f"{subject}:{figure.unit}"
