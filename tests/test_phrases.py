"""Party phrases against golden sentences."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from musnad.document import Document
from musnad.grammar.folding import Folded
from musnad.grammar.text import Text
from musnad.phrases import phrases
from musnad.record.kinds import Report, Segment
from musnad.stages import names
from musnad.tools import load

CASES = yaml.safe_load((Path(__file__).parent / "golden" / "phrases" / "phrases.yaml").read_text(encoding="utf-8"))
_MARK = re.compile("⟦([^⟧]+)⟧")


def read(text: str) -> Document:
    report = Report(id="r0", page="page.txt", part=0, sha256="", segments=(Segment(start=0, end=len(text), text=text, kind="body"),))
    doc = Document(text, report, Text(Folded(text), report.segments, load().lexicon))
    doc.add("mentions", names.find(doc, load()))
    return doc


@pytest.mark.parametrize("case", CASES, ids=[c["id"] for c in CASES])
def test_golden(case: dict[str, Any]) -> None:
    text = case["text"].replace("⟦", "").replace("⟧", "")
    expected = _MARK.findall(case["text"])
    got = [text[p.start : p.end] for p in phrases(read(text), load())]
    assert (got if case.get("only", True) else [g for g in got if g in expected]) == expected


def test_features() -> None:
    doc = read("قالت المتحدثة باسم الحكومة إن مصادر أمنية أكدت ذلك.")
    first, second = phrases(doc, load())[:2]
    assert (first.kind, first.type, first.gender, first.number, first.definite) == ("office", "PER", "f", "s", True)
    assert (second.kind, second.gender, second.number, second.definite) == ("nominal", "m", "p", False)


def test_the_main_name_and_the_names_inside() -> None:
    doc = read("وصل وزير الدفاع الفرنسي جان إيف لودريان إلى المدينة.")
    phrase = phrases(doc, load())[0]
    by_id = {m.id: m.text for m in doc.mentions}
    assert [by_id[n] for n in phrase.names] == ["الفرنسي", "جان إيف لودريان"]
    assert phrase.main is not None and by_id[phrase.main] == "جان إيف لودريان"


def test_found_once_a_document() -> None:
    doc = read("قال المتحدث إن الوفد وصل.")
    assert phrases(doc, load()) is phrases(doc, load())


@given(st.text(alphabet=st.sampled_from('وزير الدفاع العراقي محمد من في باسم ثلاثة 12 الوفد بغداد، ."()\n'), max_size=150))
@settings(max_examples=60, deadline=None)
def test_phrases_never_overlap_and_never_fail(text: str) -> None:
    found = phrases(read(text), load()) if text else []
    for p in found:
        assert p.start < p.end <= len(text)
    for a, b in itertools.pairwise(found):
        assert a.end <= b.start
