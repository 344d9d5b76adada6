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
from musnad.grammar.loglinear import Model, models_of, read_models
from musnad.reading import read_text
from musnad.record.errors import BadRule
from musnad.record.guess import EventGuess, Guess, Tagging
from musnad.record.kinds import Event
from musnad.stages import events
from musnad.stages.events.casting import ROLES, cast, contenders, shares
from musnad.stages.events.features import shifted
from musnad.stages.events.roles import Attachment
from musnad.stages.events.scene import Scene
from musnad.stages.events.status import describe_status
from musnad.stages.events.triggers import index
from musnad.tools import ARABIC, load

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


def test_a_phrase_gives_its_inner_place_and_a_verb_gives_way_to_its_noun() -> None:
    doc = read("قضت محكمة في بغداد بالسجن عشرة أعوام على رجل أدين بالانتماء إلى تنظيم القاعدة.")
    assert any(e.type == "SANCTION" and e.place is not None and e.place.text == "بغداد" for e in doc.events)
    doc = read("أجرى الرئيس الفرنسي إيمانويل ماكرون محادثات مع المستشارة الألمانية أنغيلا ميركل في برلين.")
    assert [e.trigger.text for e in doc.events if e.type == "CONSULT"] == ["محادثات"]


def test_the_first_word_of_a_phrase_is_the_trigger_where_the_rest_is_its_object() -> None:
    doc = read("بدأ انسحاب القوات الأمريكية من قاعدة في شمال سوريا أمس.")
    assert [e.trigger.text for e in doc.events if e.type == "RETREAT"] == ["انسحاب"]
    doc = read("ألقت قوات الأمن العراقية القبض على قيادي في تنظيم داعش غرب الموصل.")
    assert any(e.type == "COERCE" for e in doc.events)


def test_shares_of_a_role_and_how_a_doubtful_event_names_less() -> None:
    tools = load(model=False)
    scene = Scene(read("اعتقلت الشرطة التونسية خمسة أشخاص في العاصمة تونس."), tools)
    sentence = scene.sentences[0]
    attachment = Attachment(scene, sentence, sentence.candidates[0], "COERCE", "arrest", False, {}, {})
    model = models_of("events", (ARABIC,))["roles"]
    parties = contenders(attachment)
    for role in ROLES:
        assert 0.0 < sum(s[role] for s in shares(model, attachment, parties)) <= 1.0
    sure, doubtful = cast(model, attachment), cast(model, attachment, sure=0.15)
    assert {p.role for p in sure} >= {"actor", "recipient"} and len(doubtful) < len(sure)
    assert not {p.number for p in sure if p.role == "actor"} & {p.number for p in sure if p.role == "recipient"}


def test_a_partner_after_with_and_a_coordinated_one_are_actors_too() -> None:
    doc = read("التقى الرئيس المصري عبد الفتاح السيسي مع الملك الأردني عبد الله الثاني في القاهرة.")
    assert any(len(e.actors) == 2 for e in doc.events if e.type == "CONSULT")


@pytest.mark.parametrize(
    ("text", "feature"),
    [
        ("لم يتم توقيع الاتفاق بين الحكومة والمتمردين.", "gneg"),
        ("تتواصل الغارات التي تشنها المقاتلات الروسية على المدينة.", "rel=present"),
        ("يعقد الوزراء اجتماعا في الرياض يوم الأحد المقبل.", "when=future|noun"),
    ],
)
def test_what_tells_the_status(text: str, feature: str) -> None:
    scene = Scene(read(text, "2018-05-02"), load(model=False))
    told = {f for s in scene.sentences for c in s.candidates for f in describe_status(scene, s, c, "AGREE", "", None)}
    assert feature in told


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
