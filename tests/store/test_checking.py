"""A sound record, and one that was tampered with."""

from __future__ import annotations

import sqlalchemy as sa

import musnad
from musnad.ingest.page import Page
from musnad.store import schema
from musnad.store.checking import problems
from musnad.store.store import Store

TEXT = "أعلنت وزارة الصحة العراقية أن 15 شخصا أصيبوا في حادث سير قرب بابل أمس الأحد."


def test_what_is_wrong_is_told(store: Store) -> None:
    docs = musnad.read_text(TEXT, published="2019-03-04", name="a", model=False)
    store.add([(Page("a", docs[0].source, docs[0].report.sha256), [d.line() for d in docs])])
    assert list(problems(store)) == []
    with store.writing() as c:
        c.execute(sa.update(schema.page).values(source=TEXT.replace("بابل", "كابل")))
        c.execute(sa.text("DELETE FROM words"))
    found = list(problems(store))
    assert any("can't be searched" in f for f in found)
    assert any("where the source has" in f for f in found)
