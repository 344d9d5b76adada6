"""Pages to record to answers, on both stores: our own little reports of one invented affair."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from musnad.batch.adding import add_pages
from musnad.export import coded, ftm, tables
from musnad.export.dossier import dossier
from musnad.record.errors import StoreError
from musnad.resolve.compare import compare_table, read_coded
from musnad.resolve.refresh import refresh
from musnad.store import queries
from musnad.store.judgements import judge, standing, undo
from musnad.store.queries import Filter
from musnad.store.redaction import redact
from musnad.store.store import Store

FIRST = """وزير الدفاع الفرنسي يصل إلى بغداد

بغداد - وصل وزير الدفاع الفرنسي جان إيف لودريان إلى بغداد الخميس 14 نيسان/أبريل 2016 في زيارة رسمية. وقال لودريان إن بلاده ستواصل دعم القوات العراقية.
وقتل 12 شخصا في هجوم شنه تنظيم داعش على مدينة الرمادي الأربعاء 13 نيسان/أبريل 2016. وتعهدت فرنسا بتدريب القوات العراقية قبل نهاية العام 2016.
"""
COPY = FIRST.replace("إلى بغداد الخميس", "الى بغداد الخميس") + "\nنقلا عن صحيفة «الصباح» العراقية.\n"
OTHER = """مقتل 20 شخصا في الرمادي

قال مصدر أمني إن 20 شخصا قتلوا في هجوم شنه تنظيم داعش على مدينة الرمادي الأربعاء 13 نيسان/أبريل 2016. والتقى لو دريان في بغداد وزير الدفاع العراقي خالد العبيدي الخميس 14 نيسان/أبريل 2016.
وروت الشاهدة سعاد كريم البحراني أنها رأت الدخان، وقالت سعاد البحراني إن أسرتها نجت.
"""


@pytest.fixture
def told(store: Store, tmp_path: Path) -> Store:
    for name, text in (("first", FIRST), ("copy", COPY), ("other", OTHER)):
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    metadata = tmp_path / "metadata.csv"
    metadata.write_text(
        "page,published,outlet,url\nfirst.txt,2016-04-15,الصباح,\ncopy.txt,2016-04-16,المدى,\nother.txt,2016-04-15,رويترز,\n",
        encoding="utf-8",
    )
    (counts,) = list(add_pages(store, [str(tmp_path / "*.txt")], metadata=metadata, model=False))
    assert (counts.pages, counts.failed) == (3, 0)
    refresh(store)
    return store


def test_adding_again_reads_nothing(told: Store, tmp_path: Path) -> None:
    (counts,) = list(add_pages(told, [str(tmp_path / "first.txt")], metadata=tmp_path / "metadata.csv", model=False))
    assert (counts.pages, counts.there) == (0, 1)


def test_the_copy_is_known_and_counted_once(told: Store) -> None:
    (pair,) = queries.lineage(told, Filter())
    assert pair["kind"] == "copy"
    assert pair["original"].endswith("first.txt")
    attack = [e for e in queries.events(told, Filter(type="ASSAULT")) if e["from"] == "2016-04-13"]
    assert max(e["independent"] for e in attack) <= 2
    assert len(queries.family(told, queries.reports(told, Filter(query="وصل"))[0]["id"])) == 2


def test_spellings_of_a_minister_are_one_actor(told: Store) -> None:
    found = [a for a in queries.actors(told, Filter(actor="لودريان")) if a["type"] == "PER"]
    assert len(found) == 1
    assert found[0]["reports"] == 3
    assert found[0]["country"] == "FRA"


def test_contradicting_dead_are_lined_up(told: Store) -> None:
    (line,) = [x for x in queries.claims(told, Filter(type="person killed")) if x["count"] >= 3]
    assert (line["low"], line["high"], line["contested"], line["independent"]) == (12, 20, True, 2)


def test_a_commitment_falls_due(told: Store) -> None:
    pledges = queries.commitments(told, Filter(), on="2017-06-01")
    assert any(p["state"] == "overdue" and "تدريب" in p["action"] for p in pledges)
    assert all(p["state"] != "overdue" for p in queries.commitments(told, Filter(), on="2016-05-01"))


def test_people_split_and_join_and_undo(told: Store) -> None:
    people = {a["name"]: a["id"] for a in queries.actors(told, Filter(type="PER"))}
    a, b = sorted(people.values())[:2]
    made = judge(told, "editor", "entities", a, "same", other=b)
    refresh(told)
    assert len(queries.actors(told, Filter(type="PER"))) == len(people) - 1
    undo(told, made, "editor")
    refresh(told)
    assert len(queries.actors(told, Filter(type="PER"))) == len(people)
    with told.reading() as c:
        assert standing(c) == []
    with pytest.raises(StoreError, match="undone already"):
        undo(told, made, "editor")


def test_redacted_names_are_gone_from_all_that_is_shown(told: Store, tmp_path: Path) -> None:
    redact(told, "سعاد كريم البحراني", "editor", "test")
    redact(told, "سعاد البحراني", "editor", "test")
    tables.write_csv(told, tmp_path / "csv")
    shown = dossier(told, Filter()) + "".join(p.read_text(encoding="utf-8") for p in (tmp_path / "csv").glob("*.csv"))
    assert "البحراني" not in shown and "لودريان" in shown
    tables.write_jsonl(told, tmp_path / "out.jsonl")
    for text in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines():
        assert "البحراني" not in text
        for m in json.loads(text)["mentions"]:
            assert len(m["text"]) == m["end"] - m["start"]


def test_exports_load(told: Store, tmp_path: Path) -> None:
    counts = tables.write_csv(told, tmp_path / "csv")
    with (tmp_path / "csv" / "events.csv").open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == counts["events"] > 0
    tables.write_xlsx(told, tmp_path / "all.xlsx")
    book = load_workbook(tmp_path / "all.xlsx")
    assert book["events"].max_row == counts["events"] + 1
    assert any(row["best"] for row in coded.ucdp(told))
    assert all(row["time_precision"] in (1, 2, 3) for row in coded.acled(told))
    assert all(row["quad_class"] for row in coded.plover(told))
    places = coded.geojson(told)["features"]
    assert any(43 < f["geometry"]["coordinates"][0] < 45 for f in places)


def test_follow_the_money_entities_load_with_its_own_library(told: Store) -> None:
    library = pytest.importorskip("followthemoney")
    found = [library.model.get_proxy(e) for e in ftm.entities(told)]
    for proxy in found:
        proxy.schema.validate(proxy.to_dict())
    assert {p.schema.name for p in found} >= {"Article", "Person", "Event"}


def test_parquet_carries_its_dictionary(told: Store, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    tables.write_parquet(told, tmp_path, ["events"])
    schema = pq.read_schema(tmp_path / "events.parquet")
    assert schema.field("independent").metadata[b"meaning"].startswith(b"independent sources")


def test_formulas_stay_text(tmp_path: Path) -> None:
    assert tables.harmless("=1+1") == "'=1+1"
    assert tables.harmless("@x") == "'@x"
    assert tables.harmless(-5) == -5


def test_a_hand_coded_table_is_compared(told: Store, tmp_path: Path) -> None:
    table = tmp_path / "coded.csv"
    table.write_text(
        "date,event_type,actor1,location,fatalities\n2016-04-13,ASSAULT,داعش,الرمادي,50\n2016-04-14,CONSULT,جان إيف لودريان,بغداد,\n2016-04-20,ASSAULT,داعش,تكريت,\n",
        encoding="utf-8",
    )
    result = compare_table(told, read_coded(table))
    assert [m["row"] for m in result["matched"]] == [2, 3]
    assert any("deaths: 50 by hand" in d for d in result["matched"][0]["differences"])
    assert result["matched"][0]["evidence"]
    assert [c["row"] for c in result["only_coded"]] == [4]
