"""Who is meant: golden reports with the names that must, and must not, be one entity."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from musnad.document import Document
from musnad.grammar.folding import Folded
from musnad.grammar.text import Text
from musnad.record.kinds import Entity, Mention, Published, Report, Segment
from musnad.stages import coreference, names, places
from musnad.tools import load

GOLDEN = Path(__file__).parent.parent / "golden" / "coreference"
CASES = [c for path in sorted(GOLDEN.glob("*.yaml")) for c in yaml.safe_load(path.read_text(encoding="utf-8"))]


def read(text: str, published: str | None = None) -> Document:
    report = Report(
        id="r0",
        page="page.txt",
        part=0,
        sha256="",
        published=Published(date=published, basis="stated") if published else None,
        segments=(Segment(start=0, end=len(text), text=text, kind="body"),),
    )
    doc = Document(text, report, Text(Folded(text), report.segments, load().lexicon))
    doc.add("mentions", names.find(doc, load()))
    for record in list(coreference.find(doc, load())):
        doc.add("mentions" if isinstance(record, Mention) else "entities", [record])
    doc.add("entities", places.find(doc, load()))
    return doc


def entity_of(doc: Document, words: str, nth: int = 0) -> Entity:
    at = -1
    for _ in range(nth + 1):
        at = doc.source.index(words, at + 1)
    found = [m for m in doc.mentions if m.start <= at and at + len(words) <= m.end] or [
        m for m in doc.mentions if m.start >= at and m.end <= at + len(words)
    ]
    assert found, f"no mention of {words}: {[m.text for m in doc.mentions]}"
    exact = [m for m in found if m.text == words] or [m for m in found if m.start == at] or found
    entity = doc.by_id("entities", exact[0].entity or "")
    assert isinstance(entity, Entity), f"{words} is nobody"
    return entity


@pytest.mark.parametrize("case", CASES, ids=[c["id"] for c in CASES])
def test_golden(case: dict[str, Any]) -> None:
    doc = read(case["text"], case.get("published"))
    for group in case.get("same", ()):
        ids = {words: entity_of(doc, words).id for words in group}
        assert len(set(ids.values())) == 1, ids
    for a, b in case.get("different", ()):
        assert entity_of(doc, a).id != entity_of(doc, b).id
    for words in case.get("nobody", ()):
        at = doc.source.index(words)
        assert not [m for m in doc.mentions if m.start == at]
    for words, expected in case.get("entity", {}).items():
        entity = entity_of(doc, words)
        assert {key: _field(entity, key) for key in expected} == expected


def _field(entity: Entity, key: str) -> object:
    value = getattr(entity, key)
    if key == "offices":
        return [o.title for o in value]
    return list(value) if isinstance(value, tuple) else value


def test_every_link_has_a_reason() -> None:
    doc = read("قال وزير النقل العراقي كريم الحمداني إن الطريق مفتوح. وأضاف الوزير أن العمل مستمر.")
    assert doc.mentions
    assert all(m.entity and m.why for m in doc.mentions)


def test_a_place_has_coordinates_and_says_why() -> None:
    doc = read("وصلت القافلة إلى الموصل في العراق قادمة من بغداد.")
    place = entity_of(doc, "الموصل").place
    assert place is not None and place.country == "IRQ" and place.why
    assert abs(place.lat - 36.34) < 0.3 and abs(place.lon - 43.12) < 0.3


@given(st.text(alphabet=st.sampled_from('وزير الدفاع العراقي محمد كريم قال إن هو الوفد بغداد، ."\n'), max_size=150))
@settings(max_examples=60, deadline=None)
def test_mentions_point_to_entities_that_exist(text: str) -> None:
    if not text:
        return
    doc = read(text)
    assert all(doc.by_id("entities", m.entity or "") is not None for m in doc.mentions)
