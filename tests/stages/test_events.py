"""Events: golden sentences of all types, the status, roles and days of their events, and what must not be one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from musnad.codes import code_phrase, plover, score_of
from musnad.document import Document
from musnad.grammar.loglinear import Model, read_models
from musnad.reading import read_text
from musnad.record.errors import BadRule
from musnad.record.guess import EventGuess, Guess, Tagging
from musnad.record.kinds import Event
from musnad.stages import events
from musnad.stages.events.features import shifted
from musnad.stages.events.triggers import index
from musnad.tools import load

GOLDEN = Path(__file__).parent.parent / "golden" / "events"
CASES = [c for path in sorted(GOLDEN.glob("*.yaml")) for c in yaml.safe_load(path.read_text(encoding="utf-8"))]


def read(text: str, published: str | None = None) -> Document:
    return read_text(text, published=published, model=False)[0]


def holds(doc: Document, event: Event, wanted: dict[str, Any]) -> bool:
    plain = {"type": event.type, "mode": event.mode, "status": event.status, "from": event.from_, "to": event.to}
    parties = {"actors": [p.text for p in event.actors], "recipients": [p.text for p in event.recipients]}
    return (
        all(plain[k] == wanted[k] for k in plain if k in wanted)
        and ("trigger" not in wanted or wanted["trigger"] in event.trigger.text)
        and all(any(name in text for text in parties[k]) for k in parties for name in wanted.get(k, ()))
    )


@pytest.mark.parametrize("case", CASES, ids=[c["id"] for c in CASES])
def test_golden(case: dict[str, Any]) -> None:
    doc = read(case["text"], case.get("published"))
    for wanted in case.get("events", ()):
        assert any(holds(doc, e, wanted) for e in doc.events), [
            (e.type, e.mode, e.status, e.trigger.text, [a.text for a in e.actors], [r.text for r in e.recipients], e.from_, e.to)
            for e in doc.events
        ]
    for word in case.get("none", ()):
        start = doc.source.index(word)
        assert not any(e.trigger.start < start + len(word) and start < e.trigger.end for e in doc.events), [
            (e.type, e.trigger.text) for e in doc.events
        ]


def test_every_event_says_who_found_it_and_why() -> None:
    for event in read("شنت الطائرات الروسية غارات على مدينة إدلب.").events:
        assert event.found_by.startswith("events.") and 0.0 < event.confidence <= 1.0 and event.why


def test_the_future_turns_meetings_into_agreements_and_retreats_into_concessions() -> None:
    assert shifted("CONSULT", "planned") == "AGREE"
    assert shifted("RETREAT", "planned") == "CONCEDE"
    assert shifted("CONSULT", "happened") == "CONSULT"
    assert shifted("ASSAULT", "planned") == "ASSAULT"


def test_the_lists_hold_nine_hundred_lemmas_of_all_types() -> None:
    lexemes = {r.lexeme for readings in index(load(model=False)).readings.values() for r in readings}
    assert len(lexemes) >= 900
    types = plover()
    assert {t for x in lexemes for t, _ in x.codes} == set(types)
    assert all(m is None or m in types[t].modes for x in lexemes for t, m in x.codes)


def test_codes_of_parties() -> None:
    tools = load(model=False)
    assert code_phrase("وزير الدفاع الفرنسي", "2016-01-20", tools)[:2] == ("FRA", "GOV/MIL")
    assert code_phrase("واشنطن", None, tools).country == "USA"
    assert code_phrase("كرسي", None, tools)[:2] == (None, None)


def test_scores_of_the_codebook() -> None:
    assert score_of("ASSAULT", "aerial") < score_of("ASSAULT") < score_of("CONSULT") < score_of("RETREAT", "ceasefire")


def test_the_neural_models_guesses_join_in() -> None:
    text = "عقد وجهاء القرية جلسة طويلة في المضيف قبل الظهر."
    doc = read(text)
    start = text.index("طويلة")
    doc.tagging = Tagging("tagger@1", events=(EventGuess(Guess(start, start + 5, "CONSULT", 0.97), status=("happened", 0.9)),))
    found = [e for e in events.find(doc, load(model=False)) if e.trigger.start == start]
    assert [e.type for e in found] == ["CONSULT"]
    assert "tagger@1" in found[0].found_by


def test_a_model_without_weights_is_undecided_and_a_bad_file_is_named(tmp_path: Path) -> None:
    assert Model(classes=["a", "b"]).probabilities(["x"]) == {"a": 0.5, "b": 0.5}
    bad = tmp_path / "events.tsv"
    bad.write_text("events\tonly two\n", encoding="utf-8")
    with pytest.raises(BadRule, match=r"events.tsv:1"):
        read_models(bad)


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet='قتلهجومزارةالوسفي ب،.؟\n"«»(0٣\u200f\udc80', max_size=120))
def test_no_text_breaks_the_stage(text: str) -> None:
    for doc in read_text(text, model=False):
        assert not any("stage events" in p or "stage commitments" in p for p in doc.report.problems)
