"""After one act, the derived rows are those that a full refresh would write."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import musnad
from musnad.batch.adding import add_pages
from musnad.record.errors import StoreError
from musnad.resolve import acts, events
from musnad.resolve.refresh import refresh
from musnad.store import schema
from musnad.store.corrections import corrected_line
from musnad.store.store import Store, open_store

SAMPLE = Path(musnad.__file__).parent / "sample"
DERIVED = (schema.cluster, schema.actor, schema.happening, schema.took_part, schema.matter, schema.ledger)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record of the sample, resolved."""
    path = tmp_path_factory.mktemp("sample") / "record.db"
    with open_store(path) as store:
        list(add_pages(store, [str(SAMPLE / "pages")], metadata=SAMPLE / "metadata.csv", model=False))
        refresh(store)
    return path


@pytest.fixture
def store(sample: Path, tmp_path: Path) -> Iterator[Store]:
    shutil.copy(sample, tmp_path / "record.db")
    with open_store(tmp_path / "record.db") as opened:
        yield opened


def derived(store: Store) -> dict[str, set[str]]:
    """The derived rows by table, each as text."""
    with store.reading() as c:
        return {t.name: {str(sorted(dict(row).items(), key=str)) for row in c.execute(sa.select(t)).mappings()} for t in DERIVED}


def same_as_full(store: Store, tmp_path: Path, tables: tuple[sa.Table, ...] = DERIVED) -> None:
    store.backup(tmp_path / "full.db")
    with open_store(tmp_path / "full.db") as full:
        refresh(full)
        wanted = derived(full)
    (tmp_path / "full.db").unlink()
    found = derived(store)
    for t in tables:
        assert found[t.name] == wanted[t.name], (
            f"{t.name}: too many {found[t.name] - wanted[t.name]}, too few {wanted[t.name] - found[t.name]}"
        )


def reports(store: Store) -> list[str]:
    with store.reading() as c:
        return sorted(c.execute(sa.select(schema.report.c.id)).scalars())


class Reviewer:
    """Does something to the record, by chance."""

    def __init__(self, store: Store, seed: int) -> None:
        self.store = store
        self.chance = random.Random(seed)
        self.done: list[int] = []

    def act(self) -> str:
        what = self.chance.choice([self.reject, self.reject, self.correct, self.correct, self.add, self.pair, self.pair, self.undo])
        try:
            return f"{what.__name__}: {what()}"
        except StoreError as error:
            return f"{what.__name__} refused: {error}"

    def item(self, *layers: str) -> tuple[str, str, Any]:
        for _ in range(100):
            report, layer = self.chance.choice(reports(self.store)), self.chance.choice(layers)
            items = getattr(corrected_line(self.store, report), layer)
            if items:
                return report, layer, self.chance.choice(items)
        raise StoreError("nothing there")

    def keep(self, made: int) -> int:
        self.done.append(made)
        return made

    def reject(self) -> Any:
        report, layer, item = self.item("events", "events", "statements", "commitments", "figures")
        self.keep(acts.correct(self.store, "ann", report, layer, item.id, "reject"))
        return layer, item.id

    def correct(self) -> Any:
        report, layer, item = self.item("events", "events", "events", "commitments", "figures", "statements")
        day = f"2024-0{self.chance.randint(1, 9)}-1{self.chance.randint(0, 9)}"
        changes: dict[str, list[dict[str, Any]]] = {
            "events": [{"status": "denied"}, {"type": "ASSAULT", "mode": None}, {"from": day, "to": day}, {"actors": []}, {"place": None}],
            "commitments": [{"stance": "withdrawn"}, {"deadline": {"from": day, "to": day}}],
            "figures": [{"low": 7, "high": 7}, {"unit": "person killed"}],
            "statements": [{"act": "deny"}, {"chain": []}],
        }
        after = self.chance.choice(changes[layer])
        self.keep(acts.correct(self.store, "ben", report, layer, item.id, "correct", after))
        return layer, item.id, after

    def add(self) -> Any:
        report, _, item = self.item("events")
        other = self.chance.choice(corrected_line(self.store, report).events)
        value = {"type": self.chance.choice(["CONSULT", "AID"]), "trigger": span(item.trigger), "actors": [party(p) for p in other.actors]}
        made, id = acts.add(self.store, "ann", report, "events", value)
        self.keep(made)
        return id

    def pair(self) -> Any:
        layer = self.chance.choice(list(acts.PAIRED))
        with self.store.reading() as c:
            query = sa.select(schema.cluster.c.item, schema.cluster.c.cluster).where(schema.cluster.c.layer == layer)
            rows = sorted(map(tuple, c.execute(query)))
        if layer == "reports" or not rows:
            layer = "reports"
            rows = [(x, x) for x in reports(self.store)]
        a = self.chance.choice(rows)
        mates = [x for x in rows if x[1] == a[1] and x != a]
        verdict = self.chance.choice(["same", "different"])
        b = self.chance.choice(mates if verdict == "different" and mates else rows)
        self.keep(acts.pair(self.store, "ed", layer, a[0], b[0], verdict))
        return layer, verdict, a, b

    def undo(self) -> Any:
        if not self.done:
            return None
        id = self.done.pop(self.chance.randrange(len(self.done)))
        acts.undo(self.store, id, "ed")
        return id


def span(s: Any) -> dict[str, Any]:
    return {"start": s.start, "end": s.end, "text": s.text}


def party(p: Any) -> dict[str, Any]:
    return {**span(p), "entity": p.entity}


@pytest.mark.parametrize("seed", range(5))
def test_random_acts_leave_what_a_full_refresh_would(store: Store, tmp_path: Path, seed: int) -> None:
    reviewer = Reviewer(store, seed)
    told = [reviewer.act() for _ in range(12)]
    try:
        same_as_full(store, tmp_path)
    except AssertionError as error:
        raise AssertionError("\n".join([*told, str(error)])) from None


def test_a_corrected_name_joins_who_bears_it(store: Store, tmp_path: Path) -> None:
    with store.reading() as c:
        a = schema.actor.c
        taken, other = c.execute(
            sa.select(a.id, a.name, a.known).where(a.type == "LOC", a.known.is_not(None)).order_by(a.reports.desc()).limit(2)
        )
        e, t = schema.entity.c, schema.cluster.c
        mine = sa.select(e.id, e.report).join(schema.cluster, sa.and_(t.layer == "entities", t.item == e.id)).where(t.cluster == other.id)
        item, report = c.execute(mine.order_by(e.id).limit(1)).one()
        before = c.execute(sa.select(a.reports).where(a.id == taken.id)).scalar_one()
    made = acts.correct(store, "ann", report, "entities", item, "correct", {"name": taken.name, "known": taken.known})
    same_as_full(store, tmp_path, (schema.cluster, schema.actor, schema.happening, schema.took_part))
    with store.reading() as c:
        assert c.execute(sa.select(schema.cluster.c.cluster).where(schema.cluster.c.item == item)).scalar_one() == min(taken.id, item)
        assert c.execute(sa.select(a.reports).where(a.id == min(taken.id, item))).scalar_one() >= before
    acts.undo(store, made, "ann")
    same_as_full(store, tmp_path)


def test_a_page_read_again_keeps_what_people_decided(store: Store) -> None:
    report = next(r for r in reports(store) if len(corrected_line(store, r).events) > 1)
    first, second = corrected_line(store, report).events[:2]
    acts.correct(store, "ann", report, "events", first.id, "reject")
    acts.correct(store, "ann", report, "events", second.id, "correct", {"status": "denied"})
    with store.reading() as c:
        name = c.execute(sa.select(schema.page.c.name).join(schema.report).where(schema.report.c.id == report)).scalar_one()
    with store.writing() as c:
        c.execute(sa.update(schema.page).where(schema.page.c.name == name).values(reader="older"))
    (counts,) = list(add_pages(store, [name], metadata=SAMPLE / "metadata.csv", model=False))
    assert counts.pages == 1
    with store.reading() as c:
        v = schema.event.c
        rows = {x.id: x.status for x in c.execute(sa.select(v.id, v.status).where(v.report == report))}
    assert first.id not in rows
    assert rows[second.id] == "denied"


def test_two_that_are_not_there_cannot_be_one(store: Store) -> None:
    with pytest.raises(StoreError, match="no entities"):
        acts.pair(store, "ed", "entities", "e1", "e2", "same")
    with pytest.raises(StoreError, match="pairs are judged"):
        acts.pair(store, "ed", "figures", "f1", "f2", "same")


def test_what_people_do_while_everything_is_derived_is_not_lost(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reviewer = Reviewer(store, 3)
    merge = events.merge

    def meanwhile(*given: Any) -> Any:
        monkeypatch.setattr(events, "merge", merge)
        for _ in range(8):
            reviewer.act()
        return merge(*given)

    monkeypatch.setattr(events, "merge", meanwhile)
    refresh(store)
    assert reviewer.done
    same_as_full(store, tmp_path, (schema.cluster, schema.happening, schema.took_part, schema.matter, schema.ledger))
