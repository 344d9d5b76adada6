"""The names stage against golden sentences, and its promises: exact evidence, no overlap, no failure on any text."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from musnad.document import Document
from musnad.grammar.folding import Folded
from musnad.grammar.text import Text
from musnad.record.guess import Guess, Tagging
from musnad.record.kinds import Mention, Report, Segment
from musnad.stages import names
from musnad.tools import load

GOLDEN = Path(__file__).parent.parent / "golden" / "names"
CASES = [
    (f"{path.stem}.{case['id']}", case["text"])
    for path in sorted(GOLDEN.glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]
_MARK = re.compile(r"⟦(PER|ORG|LOC|NORP) ([^⟧]+)⟧")


def document(text: str) -> Document:
    report = Report(id="r0", page="page.txt", part=0, sha256="", segments=(Segment(start=0, end=len(text), text=text, kind="body"),))
    return Document(text, report, Text(Folded(text), report.segments, load().lexicon))


def found(text: str, tagging: Tagging | None = None) -> list[Mention]:
    doc = document(text)
    doc.tagging = tagging
    doc.add("mentions", names.find(doc, load()))
    return list(doc.mentions)


def unmarked(marked: str) -> tuple[str, set[tuple[int, int, str]]]:
    text, expected, at = "", set(), 0
    for m in _MARK.finditer(marked):
        text += marked[at : m.start()]
        expected.add((len(text), len(text) + len(m[2]), m[1]))
        text, at = text + m[2], m.end()
    return text + marked[at:], expected


@pytest.mark.parametrize(("id", "marked"), CASES, ids=[c[0] for c in CASES])
def test_golden(id: str, marked: str) -> None:
    text, expected = unmarked(marked)
    got = {(m.start, m.end, m.type) for m in found(text)}
    show = lambda spans: sorted((t, text[a:b]) for a, b, t in spans)  # noqa: E731
    assert show(got) == show(expected)


def test_every_mention_says_who_found_it_and_how_sure() -> None:
    mentions = found("أعلنت وزارة الدفاع العراقية مقتل القيادي أبو عمر الحسيني في مدينة الموصل.")
    assert mentions
    assert all(m.found_by and 0 < m.confidence <= 1 and m.form == "name" for m in mentions)


def test_rules_and_model_that_agree_are_surer_than_either() -> None:
    text = "وقال المتحدث باسم البعثة كريستوف لانغفيلد إن العمل مستمر."
    start = text.index("كريستوف")
    guess = Guess(start, start + len("كريستوف لانغفيلد"), "PER", 0.9)
    alone = next(m for m in found(text) if m.start == start)
    both = next(m for m in found(text, Tagging("tagger@1", names=(guess,))) if m.start == start)
    assert both.confidence > alone.confidence
    assert "tagger@1" in both.found_by.split() and set(alone.found_by.split()) <= set(both.found_by.split())


def test_the_model_finds_what_rules_do_not() -> None:
    text = "تراجع سهم طائر النورس في التعاملات."
    start = text.index("طائر")
    sure = Tagging("tagger@1", names=(Guess(start, start + len("طائر النورس"), "ORG", 0.97),))
    unsure = Tagging("tagger@1", names=(Guess(start, start + len("طائر النورس"), "ORG", 0.2),))
    assert found(text) == []
    assert [(m.text, m.type, m.found_by) for m in found(text, sure)] == [("طائر النورس", "ORG", "tagger@1")]
    assert found(text, unsure) == []


ARABIC = st.text(alphabet=st.sampled_from('وزير الدفاع العراقي محمد بن أبو عبد الله ل لل ب ك، ."«»#_-()\n0123456789ABCة'), max_size=200)


@given(ARABIC | st.text(max_size=80))
@settings(max_examples=120, deadline=None)
def test_names_never_overlap_and_never_fail(text: str) -> None:
    mentions = found(text) if text else []
    for a, b in itertools.pairwise(mentions):
        assert a.end <= b.start
    for m in mentions:
        assert text[m.start : m.end] == m.text


@pytest.mark.parametrize("unit", ["وزير ", "محمد ", '"', "بن ", "و", "هيئة ", "الموصل، ", "7 "])
def test_time_grows_with_length_only(unit: str) -> None:
    from time import process_time

    def seconds(n: int) -> float:
        text = unit * n
        began = process_time()
        found(text)
        return process_time() - began

    seconds(10)
    small, large = seconds(400), seconds(4000)
    assert large < 40 * small + 0.5
