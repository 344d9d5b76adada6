"""The record from above, on the little affair of `told`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from musnad.batch.adding import add_pages
from musnad.codes import plover
from musnad.resolve.refresh import refresh
from musnad.store import overview, queries, schema
from musnad.store.judgements import judge
from musnad.store.queries import Filter
from musnad.store.store import Store, open_store

PAGES = {
    "first": "وزير الدفاع الفرنسي يصل إلى بغداد\n\nبغداد - وصل وزير الدفاع الفرنسي جان إيف لودريان إلى بغداد الخميس 14 نيسان/أبريل 2016 في زيارة رسمية. "
    "وتعهدت فرنسا بتدريب القوات العراقية قبل نهاية العام 2016.\nوقتل 12 شخصا في هجوم شنه تنظيم داعش على مدينة الرمادي الأربعاء 13 نيسان/أبريل 2016.\n",
    "second": "مقتل 20 شخصا في الرمادي\n\nقال مصدر أمني إن 20 شخصا قتلوا في هجوم شنه تنظيم داعش على مدينة الرمادي الأربعاء 13 نيسان/أبريل 2016. "
    "والتقى وزير الدفاع الفرنسي جان إيف لودريان في بغداد وزير الدفاع العراقي خالد العبيدي الخميس 14 نيسان/أبريل 2016.\n",
}


@pytest.fixture
def told(store: Store, tmp_path: Path) -> Store:
    for name, text in PAGES.items():
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    metadata = tmp_path / "metadata.csv"
    metadata.write_text("page,published,outlet,url\nfirst.txt,2016-04-15,الصباح,\nsecond.txt,2016-04-16,المدى,\n", encoding="utf-8")
    list(add_pages(store, [str(tmp_path / "*.txt")], metadata=metadata, model=False))
    refresh(store)
    return store


def test_overview_says_what_is_new_contested_and_due(told: Store) -> None:
    seen = queries.overview(told, on="2016-12-15")
    assert seen["counts"]["reports"] == 2 and seen["counts"]["events"] == len(queries.events(told, Filter(limit=0)))
    assert seen["days"] == [("2016-04-16", 1), ("2016-04-15", 1)]
    assert [r["outlet"] for r in seen["newest"]] == ["المدى", "الصباح"]
    assert any("figures" in h["contested"] for h in seen["contested"])
    assert any("تدريب" in m["action"] for m in seen["due"]) and not seen["overdue"]
    later = queries.overview(told, on="2017-02-01")
    assert any("تدريب" in m["action"] for m in later["overdue"]) and not later["due"]


def test_happenings_by_day_add_up_to_the_list(told: Store) -> None:
    for wanted in (Filter(limit=0), Filter(type="ASSAULT", limit=0), Filter(status="contested", limit=0)):
        listed = [e for e in queries.events(told, wanted) if e["day"]]
        assert sum(row["count"] for row in queries.by_day(told, wanted)) == len(listed) > 0
    assert {row["day"] for row in queries.by_day(told, Filter(type="ASSAULT"))} == {"2016-04-13"}


def test_months_of_a_type_are_those_of_all(told: Store) -> None:
    every = overview._by_month(told, Filter(limit=0))
    for type in {type for _, type, _ in every}:
        of_type = Filter(type=type.lower(), limit=0)
        assert overview._by_month(told, of_type) == overview._counted(told, of_type, schema.MONTH) == [x for x in every if x[1] == type]


def test_points_stand_where_the_places_are(told: Store) -> None:
    found = queries.points(told, Filter(type="ASSAULT"))
    assert found
    for row in found:
        assert row["place"] == "الرمادي" and row["precision"] == "place"
        assert 33 < row["lat"] < 34 and 43 < row["lon"] < 44


def test_dealings_count_by_quad_class(told: Store) -> None:
    seen = queries.dealings(told, Filter(actor="لودريان"))
    names = {n["id"]: n["name"] for n in seen["nodes"]}
    edge = next(e for e in seen["edges"] if {"خالد العبيدي", "جان إيف لودريان"} == {names[e["a"]], names[e["b"]]})
    assert edge["quads"] == {"verbal_cooperation": edge["count"]}
    assert plover()["CONSULT"].quad in edge["quads"]


def test_offices_with_the_reports_that_say_so(told: Store) -> None:
    (minister,) = queries.actors(told, Filter(type="PER", actor="لودريان"))
    (office,) = [o for o in queries.actor_offices(told, minister["id"]) if "وزير الدفاع" in o["title"]]
    assert (office["first"], office["last"]) == ("2016-04-15", "2016-04-16")
    with told.reading() as c:
        from musnad.store.corrections import source_of

        for said in office["reports"]:
            assert source_of(c, said["report"])[said["start"] : said["end"]] == said["text"]


def test_the_mark_changes_with_every_write_by_anyone(told: Store, where: str) -> None:
    seen = [told.mark()]
    judge(told, "editor", "reports", "r1", "comment", why="first")
    seen.append(told.mark())
    with open_store(where) as other:
        assert other.mark() == seen[-1]  # opening writes nothing
        judge(other, "editor", "reports", "r1", "comment", why="second")
    seen.append(told.mark())
    assert len(set(seen)) == 3 and all(seen)
    with told.writing(marked=False):
        pass
    with pytest.raises(RuntimeError), told.writing():
        raise RuntimeError
    assert told.mark() == seen[-1]


@pytest.mark.parametrize("ask", [queries.reports, queries.events, queries.statements, queries.actors, queries.commitments])
def test_pages_follow_each_other_without_gap_or_repetition(told: Store, ask: Callable[[Store, Filter], queries.Rows]) -> None:
    whole = [row["id"] for row in ask(told, Filter(limit=0))]
    paged, after = [], None
    for _ in range(len(whole) + 1):
        rows = ask(told, Filter(limit=1, after=after))
        paged += [row["id"] for row in rows]
        after = rows.after
        if after is None:
            break
    assert whole and paged == whole


def test_pages_of_overdue_commitments_are_full(told: Store) -> None:
    late = queries.commitments(told, Filter(status="overdue", limit=1), on="2017-02-01")
    assert [m["state"] for m in late] == ["overdue"]
    assert not queries.commitments(told, Filter(status="overdue"), on="2016-05-01")
    assert not queries.commitments(told, Filter(status="pledged", limit=0, since="2016-01-01"), on="2017-02-01") or all(
        not m["deadline_to"] for m in queries.commitments(told, Filter(status="pledged", limit=0), on="2017-02-01")
    )
