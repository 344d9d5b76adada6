"""The story that the sample tells in its own words (public facts of 2014 to 2024), asked of the record: what happened, who with whom, by when, and
who denies it. Meaning is asked for, not wording."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from musnad.batch.adding import add_pages
from musnad.resolve.refresh import refresh
from musnad.store import queries, schema
from musnad.store.queries import Filter
from musnad.store.store import Store, open_store

SAMPLE = Path(__file__).parents[1] / "src" / "musnad" / "sample"


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    where = tmp_path_factory.mktemp("story") / "story.db"
    with open_store(str(where), create=True) as store:
        for _ in add_pages(store, [str(SAMPLE / "pages")], metadata=SAMPLE / "metadata.csv", model=False, jobs=1):
            pass
        refresh(store)
        yield store


def named(row: dict[str, Any], *words: str) -> bool:
    """Whether the event's parties hold all these words."""
    people = " ".join(p["name"] for p in [*row["actors"], *row["recipients"]])
    return all(w in people for w in words)


def test_the_chief_of_staff_and_the_french_delegation_talk_in_baghdad(story: Store) -> None:
    found = queries.events(story, Filter(type="CONSULT", since="2014-09-20", until="2014-09-24", limit=0))
    assert any(x["status"] == "happened" and x["place"] == "بغداد" and named(x, "غومار") for x in found)
    assert any(named(x, "الأركان") for x in found)


def test_strikes_are_approved_and_ground_troops_are_not(story: Store) -> None:
    kept = queries.commitments(story, Filter(actor="هولاند", until="2014-09-30", limit=0))
    assert any("ترسل" in x["action"] and any(w in x["action"] for w in ("ألا", "لن", "عدم")) for x in kept)
    agreed = queries.events(story, Filter(actor="هولاند", since="2014-09-17", until="2014-09-19", limit=0))
    assert any(x["type"] in ("AGREE", "CONCEDE", "AID", "SUPPORT") for x in agreed)


def test_combat_troops_leave_by_the_end_of_2021_and_an_extension_is_denied(story: Store) -> None:
    kept = queries.commitments(story, Filter(since="2021-11-01", until="2021-12-31", limit=0))
    assert any(x["deadline_to"] == "2021-12-31" and x["state"] == "pledged" for x in kept)
    denied = [x for x in kept if x["state"] == "denied"]
    assert any("تمديد" in x["action"] and any("الخفاجي" in b or "المتحدث" in b for b in x["by"]) for x in denied)


def test_the_foreign_ministers_speak_on_the_phone(story: Store) -> None:
    found = queries.events(story, Filter(type="CONSULT", since="2020-06-21", until="2020-06-24", limit=0))
    calls = [x for x in found if named(x, "لودريان")]
    assert any(named(x, "فؤاد حسين") or named(x, "وزير") for x in calls)
    assert any(x["tellings"] > x["independent"] for x in calls), "the copied report counts once"


def test_seven_ministers_decide_and_announce_brussels(story: Store) -> None:
    kept = queries.commitments(story, Filter(since="2016-01-19", until="2016-01-24", limit=0))
    assert len(kept) >= 3
    assert any("بروكسل" in x["action"] and (x["deadline_to"] or "").startswith("2016-02") for x in kept)


def test_the_coalition_ends_in_september_2025(story: Store) -> None:
    assert any((x["deadline_to"] or "").startswith("2025-09") for x in queries.commitments(story, Filter(since="2024-09-01", limit=0)))
    found = queries.events(story, Filter(since="2025-09-01", until="2025-09-30", limit=0))
    assert found and all(x["status"] == "planned" for x in found)


def test_the_dead_of_december_2021_with_total_and_parts(story: Store) -> None:
    f, r = schema.figure.c, schema.report.c
    query = sa.select(f.low, f.unit, r.id).join_from(schema.figure, schema.report).where(r.published.like("2021-12-03%"))
    with story.reading() as c:
        told = {(x.low, x.unit): x.id for x in c.execute(query)}
    assert told.keys() >= {
        (13, "person killed"),
        (5, "person injured"),
        (18, "person killed or injured"),
        (9, "person killed"),
        (12, "person killed"),
    }
    assert told[13, "person killed"] != told[9, "person killed"], "two reports, two counts"
