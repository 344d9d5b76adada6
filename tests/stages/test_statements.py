"""Who said what: golden reports with exactly the statements they must give, their acts and their chains; and any text at all."""

from __future__ import annotations

import time
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from musnad.document import Document
from musnad.grammar.folding import Folded, fold
from musnad.grammar.text import Text
from musnad.record.guess import Guess, StatementGuess, Tagging
from musnad.record.kinds import Named, Report, Segment, Statement
from musnad.stages import coreference, names, statements, times
from musnad.stages.statements.cues import cues_of
from musnad.tools import Tools, load

CASES = yaml.safe_load((Path(__file__).parent.parent / "golden" / "statements" / "reports.yaml").read_text(encoding="utf-8"))


@cache
def tools() -> Tools:
    return load(model=False)


def document(text: str, title: str = "", outlet: str | None = None, tagging: Tagging | None = None) -> Document:
    """The text as one body segment after its title, with what the statement stage reads."""
    source = f"{title}\n{text}" if title else text
    segments = [Segment(start=0, end=len(title), text=title, kind="title")] if title else []
    if text:
        segments.append(Segment(start=len(source) - len(text), end=len(source), text=text, kind="body"))
    named = Named(name=outlet) if outlet else None
    doc = Document(source, Report(id="r", page="test", part=0, sha256="", outlet=named), Text(Folded(source), segments, tools().lexicon))
    doc.tagging = tagging
    doc.add("times", times.find(doc, tools()))
    doc.add("mentions", names.find(doc, tools()))
    for record in coreference.find(doc, tools()):
        doc.add("entities" if type(record).__name__ == "Entity" else "mentions", [record])
    doc.add("statements", statements.find(doc, tools()))
    return doc


def shown(s: Statement, case: dict[str, Any]) -> dict[str, Any]:
    """The statement in the shape of the case."""
    out: dict[str, Any] = {
        "cue": s.cue.text,
        "speaker": s.speaker.text if s.speaker else None,
        "said": [c.text for c in s.content],
        "act": s.act,
    }
    if "kind" in case:
        out["kind"] = s.kind
    if "chain" in case:
        out["chain"] = [[link.link, link.name] for link in s.chain if link.link != "speaker"]
    return out


@pytest.mark.parametrize("case", CASES, ids=[c["id"] for c in CASES])
def test_golden(case: dict[str, Any]) -> None:
    found = document(case["text"], case.get("title", "")).statements
    wanted = case["says"]
    assert [shown(s, w) for s, w in zip(found, wanted, strict=False)] + [shown(s, {}) for s in found[len(wanted) :]] == wanted


def test_the_chain_ends_with_the_pages_outlet() -> None:
    (said,) = document("وقال مصدر أمني إن السفينة غرقت.", outlet="جريدة الميناء").statements
    assert [(link.link, link.name, link.start) for link in said.chain][-1] == ("outlet", "جريدة الميناء", None)


def test_a_republisher_comes_last() -> None:
    doc = document("وقال مصدر أمني إن السفينة غرقت.", outlet="جريدة الميناء")
    doc.report = Report(id="r", page="test", part=0, sha256="", outlet=Named(name="جريدة الميناء"), republisher=Named(name="موقع الساحل"))
    said = next(iter(statements.find(doc, tools())))
    assert isinstance(said, Statement)
    assert [link.link for link in said.chain] == ["speaker", "outlet", "republisher"]


@pytest.mark.parametrize(
    ("form", "kind"),
    [
        ("وأكدت", "past"),
        ("أكدا", "past"),
        ("يؤكدون", "present"),
        ("سيؤكد", "present"),
        ("مؤكدا", "participle"),
        ("ومؤكدة", "participle"),
        ("مؤكدين", "participle"),
        ("تأكيده", "masdar"),
        ("وبتأكيدها", "masdar"),
        ("قلن", "past"),
        ("نفاه", "past"),
        ("اعتبروه", "past"),
        ("بتصريحات", "noun"),
    ],
)
def test_every_form_of_a_cue_is_known(form: str, kind: str) -> None:
    assert kind in {found.reading.kind for found in cues_of(tools()).of(fold(form))}


def test_at_least_250_cues_are_known() -> None:
    lists = tools().lexicon.lists
    assert sum(len(e.forms) for name in ("reporting", "reporting_nouns", "reporting_attributions") for e in lists[name]) >= 250


TEXT = "وغادر الوزير القاعة غاضبا. وقال مصدر أمني إن السفينة غرقت."


def guess(cue: str, p: float, speaker: str, content: str) -> Tagging:
    at = TEXT.index
    return Tagging(
        model="m@1",
        statements=(
            StatementGuess(
                cue=Guess(at(cue), at(cue) + len(cue), "say", p),
                speaker=Guess(at(speaker), at(speaker) + len(speaker), "speaker", 0.9),
                content=(Guess(at(content), at(content) + len(content), "content", 0.9),),
            ),
        ),
    )


def test_rule_and_model_that_agree_are_surer_together() -> None:
    (alone,) = document(TEXT).statements
    (both,) = document(TEXT, tagging=guess("قال", 0.7, "مصدر أمني", "السفينة غرقت")).statements
    assert both.confidence > alone.confidence
    assert both.found_by == f"{alone.found_by} m@1"
    assert both.speaker == alone.speaker


def test_the_model_alone_must_be_sure() -> None:
    sure = document(TEXT, tagging=guess("غادر", 0.97, "الوزير", "القاعة غاضبا")).statements
    unsure = document(TEXT, tagging=guess("غادر", 0.5, "الوزير", "القاعة غاضبا")).statements
    assert [s.found_by for s in sure] == ["m@1", "statements.past-that"]
    assert [s.found_by for s in unsure] == ["statements.past-that"]


_WORDS = 'قال وقال إن أن " « » : ، . وأضاف الوزير بحسب وفقا ل كان التي في لم مشيرا إلى مؤكدا بيان رويترز ( ) - كما أعلن عن وكالة تصريحات قوله \n'.split(
    " "
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(_WORDS), max_size=50).map(" ".join) | st.text(max_size=80))
def test_any_text_is_read_and_evidence_is_exact(text: str) -> None:
    for s in document(text).statements:
        assert s.content
        assert all(text[c.start : c.end] == c.text and c.text.strip() for c in s.content)


@pytest.mark.parametrize("unit", ["قال الوزير إن ", "بحسب الوزير، ", '"قال "', "وأضاف إن ", "قد "])
def test_time_is_linear(unit: str) -> None:
    def seconds(n: int) -> float:
        doc = document(unit * n)
        begun = time.process_time()
        list(statements.find(doc, tools()))
        return time.process_time() - begun

    seconds(50)
    short, long = (min(seconds(n) for _ in range(3)) for n in (500, 2000))
    assert long < 12 * short + 0.2
