"""The queue, an item's history, agreement, and batches that are coded blind."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import musnad
from musnad.export.gold import gold_pages, write_gold
from musnad.ingest.page import Page
from musnad.record.errors import StoreError
from musnad.resolve import acts
from musnad.resolve.refresh import refresh
from musnad.store import batches, review, schema
from musnad.store.corrections import corrected_line
from musnad.store.filters import Filter
from musnad.store.judgements import pairs_judged
from musnad.store.store import Store, open_store

TEXTS = (
    "قال وزير النفط حامد السامرائي أمس الأحد إن الإنتاج بلغ 4 ملايين برميل. والتقى السامرائي في بغداد السفير سامي العطار الاثنين الماضي.",
    "قتل 12 شخصا في هجوم على مدينة سامراء الأربعاء الماضي. ودان وزير الدفاع نزار الخالدي الهجوم، ووصل الخالدي إلى المدينة الخميس الماضي.",
    "التقى وزير الدفاع نزار الخالدى في بغداد وفدا فرنسيا الاثنين الماضي، وقال الخالدى إن بلاده تحتاج إلى السلاح.",
)


@pytest.fixture
def told(store: Store) -> Store:
    for n, text in enumerate(TEXTS):
        docs = musnad.read_text(text, published=f"2021-03-0{n + 1}", name=f"page{n}", model=False)
        store.add([(Page(f"page{n}", docs[0].source, docs[0].report.sha256), [d.line() for d in docs])])
    refresh(store)
    return store


def pages(store: Store, by: str, layer: str, **wanted: Any) -> list[str]:
    """The whole queue, a page at a time."""
    out: list[str] = []
    after = None
    while True:
        rows = review.queue(store, by, layer, Filter(limit=2, after=after, **wanted))
        out += [row["id"] for row in rows]
        if not (after := rows.after):
            return out


def test_the_least_certain_comes_first_and_what_i_judged_is_gone(told: Store) -> None:
    rows = review.queue(told, "ann", "events", Filter(limit=0))
    assert [r["confidence"] for r in rows] == sorted(r["confidence"] for r in rows)
    assert pages(told, "ann", "events") == [r["id"] for r in rows]
    first = rows[0]
    made = acts.correct(told, "ann", first["report"], "events", first["id"], "accept")
    assert first["id"] not in pages(told, "ann", "events")
    assert first["id"] in pages(told, "ben", "events")
    acts.undo(told, made, "ann")
    assert first["id"] in pages(told, "ann", "events")


def test_the_queue_is_narrowed_like_everything_else(told: Store) -> None:
    kinds = {r["id"]: r for r in review.queue(told, "ann", "events", Filter(limit=0))}
    with told.reading() as c:
        v = schema.event.c
        types = {x.id: (x.type, x.report) for x in c.execute(sa.select(v.id, v.type, v.report))}
        day = {x.id: x.published for x in c.execute(sa.select(schema.report.c.id, schema.report.c.published))}
    assert set(pages(told, "ann", "events", type="consult")) == {i for i in kinds if types[i][0] == "CONSULT"}
    assert set(pages(told, "ann", "events", since="2021-03-02")) == {i for i in kinds if day[types[i][1]] >= "2021-03-02"}
    assert pages(told, "ann", "events", outlet="none") == []
    with pytest.raises(StoreError, match="the queue holds"):
        review.queue(told, "ann", "times", Filter())
    with pytest.raises(StoreError, match="cursor"):
        review.queue(told, "ann", "events", Filter(after="x:y"))


def test_pairs_of_actors_come_nearest_to_the_border_first(told: Store) -> None:
    with told.writing() as c:
        c.execute(sa.delete(schema.pair).where(schema.pair.c.layer == "entities"))
        ids = sorted(c.execute(sa.select(schema.entity.c.id)).scalars())[:8]
        rows = [(ids[0], ids[1], 0.9), (ids[2], ids[3], 0.74), (ids[4], ids[5], 0.4), (ids[6], ids[7], 0.75)]
        c.execute(
            sa.insert(schema.pair),
            [
                {"layer": "entities", "a": a, "b": b, "score": s, "kind": "same" if s >= 0.75 else "different", "features": {}, "why": ""}
                for a, b, s in rows
            ],
        )
    found: list[float] = []
    after = None
    while True:
        part = review.queue(told, "ed", "entities", Filter(limit=1, after=after))
        found += [r["score"] for r in part]
        if not (after := part.after):
            break
    assert found == [0.75, 0.74, 0.9, 0.4]
    acts.pair(told, "ed", "entities", ids[7], ids[6], "different")
    assert [r["score"] for r in review.queue(told, "ben", "entities", Filter())] == [0.74, 0.9, 0.4]


def test_an_item_remembers_who_did_what(told: Store) -> None:
    row = review.queue(told, "ann", "events", Filter())[0]
    acts.correct(told, "ann", row["report"], "events", row["id"], "correct", {"status": "denied"}, why="see the text")
    made = acts.correct(told, "ben", row["report"], "events", row["id"], "reject")
    acts.comment(told, "cem", "events", row["id"], "really?", row["report"])
    acts.undo(told, made, "ed")
    lines = review.history(told, row["id"])
    assert [(x["by"], x["verdict"], x["undone_by"]) for x in lines] == [
        ("ann", "correct", None),
        ("ben", "reject", "ed"),
        ("cem", "comment", None),
    ]
    assert lines[0]["after"] == {"status": "denied"}
    assert lines[0]["before"]["status"] != "denied"
    assert [x["by"] for x in review.recent(told)] == ["cem", "ben", "ann"]


def test_four_reviewers_at_once(told: Store) -> None:
    items = review.queue(told, "ann", "events", Filter(limit=0))

    def work(who: str) -> int:
        for row in items:
            made = acts.correct(told, who, row["report"], "events", row["id"], "correct", {"from": "2021-02-2" + str(len(who)), "to": None})
            acts.undo(told, made, who)
        return len(items)

    before = review.queue(told, "nobody", "events", Filter(limit=0))
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, ("a", "bb", "ccc", "dddd"))) == [len(items)] * 4
    assert review.queue(told, "nobody", "events", Filter(limit=0)) == before
    with told.reading() as c:
        derived = [
            c.execute(sa.select(sa.func.count()).select_from(t)).scalar_one() for t in (schema.happening, schema.took_part, schema.cluster)
        ]
    refresh(told)
    with told.reading() as c:
        assert derived == [
            c.execute(sa.select(sa.func.count()).select_from(t)).scalar_one() for t in (schema.happening, schema.took_part, schema.cluster)
        ]


def derived(store: Store) -> list[Any]:
    """The derived rows, in order."""
    tables = (schema.cluster, schema.actor, schema.happening, schema.took_part, schema.matter, schema.ledger)
    with store.reading() as c:
        return [sorted(str(sorted(dict(x).items(), key=str)) for x in c.execute(sa.select(t)).mappings()) for t in tables]


@pytest.mark.parametrize("layer", acts.PAIRED)
def test_pairs_of_every_layer_on_both_stores(told: Store, layer: str) -> None:
    refresh(told)
    before = derived(told)
    with told.reading() as c:
        ids = sorted(c.execute(sa.select(acts.PAIRED[layer].c.id)).scalars())
    for a, b in ((ids[0], ids[-1]), (ids[-1], ids[len(ids) // 2])) if len(ids) > 2 else ():
        for verdict in ("same", "different"):
            made = acts.pair(told, "ed", layer, a, b, verdict)
            here = derived(told)
            refresh(told)
            assert here == derived(told), (verdict, a, b)
            acts.undo(told, made, "ed")
            assert derived(told) == before


def test_a_correction_holds_only_what_changes(told: Store) -> None:
    row = review.queue(told, "ann", "events", Filter())[0]
    item = next(e for e in corrected_line(told, row["report"]).events if e.id == row["id"])
    with pytest.raises(StoreError, match="says what changes"):
        acts.correct(told, "ann", row["report"], "events", row["id"], "correct", {"type": item.type})


def test_measures_of_agreement() -> None:
    # Worked by hand: 2 x 2 table 20, 5, 10, 15 → observed .7, chance .5; and Krippendorff's own example with two coders of ten binary units.
    answers = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15
    assert review.kappa(answers) == 0.4
    first, second = "0100000000", "1110010100"
    found = review.alpha([[x, y] for x, y in zip(first, second, strict=True)])
    assert found is not None
    assert round(found, 3) == 0.095
    assert review.alpha([["y", "y"], ["y", "y"]]) is None
    assert review.kappa([("y", "y")]) is None


def batch(store: Store) -> tuple[int, list[tuple[str, str, str]]]:
    with store.reading() as c:
        found = list(c.execute(sa.select(schema.report.c.id).order_by(schema.report.c.seq)).scalars())
    items = batches.items_of_reports(store, found[:1], ["events", "statements"])
    return batches.make_batch(store, "ed", "first week", items, ["ann", "ben"]), items


def test_a_batch_is_coded_blind_and_settled_by_an_editor(told: Store) -> None:
    id, items = batch(told)
    (layer, one, report), (_, two, _), *rest = items
    assert one not in pages(told, "cem", layer)  # what a batch holds is left to its coders
    for _, item, _ in [items[0], *rest]:
        batches.code(told, id, "ann", item, "accept")
    batches.code(told, id, "ann", two, "reject")
    assert batches.to_code(told, id, "ann") == []
    assert [row["mine"] for row in batches.to_code(told, id, "ben")] == [None] * len(items)
    assert review.history(told, one, "ben") == []
    assert [x["verdict"] for x in review.history(told, one, "ann")] == ["accept"]
    with pytest.raises(StoreError, match="aren't done"):
        batches.compared(told, id)
    for _, item, _ in items:
        batches.code(told, id, "ben", item, "accept")
    word = TEXTS[0].index("الإنتاج")
    value = {"type": "COOPERATE", "trigger": {"start": word, "end": word + 7, "text": "الإنتاج"}}
    missed = batches.code_added(told, id, "ben", report, "events", value)
    assert told.counts()["judgement"] == 0
    (found,) = [b for b in batches.batches(told) if b["id"] == id]
    assert found["complete"]
    rows = {row["id"]: row for row in batches.compared(told, id)}
    assert {i for i, row in rows.items() if not row["agreed"]} == {two, missed}
    assert {x.layer: x.raw for x in review.agreement(told, id)}[items[1][0]] < 1
    with pytest.raises(StoreError, match="2 items wait"):
        acts.settle(told, id, "ed", {})
    acts.settle(told, id, "ed", {two: ("reject", None), missed: ("add", None)})
    left = corrected_line(told, report)
    assert two not in {x.id for x in (*left.events, *left.statements)}
    assert missed in {x.id for x in left.events}
    assert [(x["by"], x["verdict"], x["batch"]) for x in review.history(told, two)] == [
        ("ann", "reject", "first week"),
        ("ben", "accept", "first week"),
        ("ed", "reject", None),
    ]
    with pytest.raises(StoreError, match="settled"):
        batches.code(told, id, "ann", one, "reject")


def test_who_is_no_coder_cannot_code(told: Store) -> None:
    id, items = batch(told)
    with pytest.raises(StoreError, match="no coder"):
        batches.code(told, id, "cem", items[0][1], "accept")
    with pytest.raises(StoreError, match="two coders"):
        batches.make_batch(told, "ed", "alone", items, ["ann", "ann"])
    with pytest.raises(StoreError, match="already"):
        batches.make_batch(told, "ed", "first week", items, ["ann", "ben"])


def test_gold_holds_what_people_reviewed(told: Store, tmp_path: Path) -> None:
    assert write_gold(told, tmp_path / "none", Filter()) == 0
    row = review.queue(told, "ann", "events", Filter())[0]
    acts.correct(told, "ann", row["report"], "events", row["id"], "correct", {"status": "denied", "from": "2021-02-28", "to": "2021-02-28"})
    assert write_gold(told, tmp_path / "gold", Filter()) == 1
    (path,) = (tmp_path / "gold").glob("*.gold.json")
    page = json.loads(path.read_text(encoding="utf-8"))
    text = (tmp_path / "gold" / "pages" / page["page"]).read_text(encoding="utf-8")
    events = page["reports"][0]["events"]
    assert ("denied", "2021-02-28") in {(e["status"], e["from"]) for e in events}
    assert all(text[e["trigger"]["start"] : e["trigger"]["end"]] == e["trigger"]["text"] for e in events)
    assert len(list(gold_pages(told, Filter(), everything=True))) == 3


def test_training_takes_exported_gold(told: Store, tmp_path: Path) -> None:
    write_gold(told, tmp_path, Filter(), everything=True)
    root = Path(__file__).parents[2]
    code = f"import sys, pathlib; sys.path.insert(0, {str(root / 'training')!r}); import data; print(len(data.gold_examples(pathlib.Path({str(tmp_path)!r}))))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "3"


def test_forgetting_a_page_forgets_its_codings(told: Store) -> None:
    id, items = batch(told)
    batches.code(told, id, "ann", items[0][1], "reject")
    told.forget("page0")
    with told.reading() as c:
        assert pairs_judged(c, "entities") == ([], [])
        assert c.execute(sa.select(sa.func.count()).select_from(schema.coding)).scalar_one() == 0
        assert c.execute(sa.select(sa.func.count()).select_from(schema.batch_item)).scalar_one() == 0


def test_decisions_of_a_first_record_still_hold(tmp_path: Path) -> None:
    """Judgements didn't know their report in the first version: it is found, also for what was rejected, and they hold when the page is read again."""
    docs = musnad.read_text(TEXTS[0], published="2021-03-01", name="page0", model=False)
    page, lines = Page("page0", docs[0].source, docs[0].report.sha256), [d.line() for d in docs]
    first = lines[0].events[0].id
    with open_store(tmp_path / "new.db") as new:
        new.add([(page, lines)])
        new.backup(tmp_path / "copy.db")
    old = sqlite3.connect(tmp_path / "old.db")
    old.executescript((Path(__file__).parent / "record_0001.sql").read_text(encoding="utf-8"))
    old.execute(f"ATTACH '{tmp_path / 'copy.db'}' AS new")
    for table in ("page", "report"):
        names = ", ".join(f'"{x[1]}"' for x in old.execute(f"PRAGMA main.table_info({table})"))
        old.execute(f"INSERT INTO main.{table} ({names}) SELECT {names} FROM new.{table}")
    old.execute("INSERT INTO judgement (at, by, layer, item, verdict) VALUES ('2020-01-01', 'ann', 'events', ?, 'reject')", (first,))
    old.commit()
    old.close()
    with open_store(tmp_path / "old.db") as store:
        (row,) = review.recent(store)
        assert row["report"] == lines[0].report.id
        store.add([(page, lines)], "newer")
        assert first not in {e.id for e in corrected_line(store, lines[0].report.id).events}
        with store.reading() as c:
            assert c.execute(sa.select(schema.event.c.id).where(schema.event.c.id == first)).first() is None
