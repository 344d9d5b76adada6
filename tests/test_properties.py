"""What must hold for any input at all: exact evidence, a map that never turns back, no exception, time that grows with length only."""

from __future__ import annotations

import time
from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import musnad
from musnad.document import check_evidence
from musnad.export.jsonl import decode, encode
from musnad.grammar.folding import INVISIBLE, MARKS, Folded
from musnad.grammar.quotes import find_quotes
from musnad.grammar.sentences import find_sentences
from musnad.grammar.tokens import tokenize
from musnad.record.kinds import LAYERS

WORDS = (
    "قال قالت وأضاف أن إن نفى أكد وزير الدفاع الفرنسي العراقي بغداد باريس داعش التحالف الدولي اليوم أمس الخميس الماضي منتصف الشهر الحالي نحو ألف جندي "
    'قتيل 13 ٢٠٢٤ 50 % بيان رويترز في على من « » " “ ” ( ) : . ، ؟ .. & http://x.y https://t.co/a @a #b اقرأ أيضا شارك كانون الأول/ديسمبر 31 المتحدث باسم لوكالة'
).split()

odd = st.characters(min_codepoint=0x600, max_codepoint=0x6FF) | st.sampled_from(MARKS + INVISIBLE + "ﷺﻻﻵ\n\r\t\xa0\x00«»\"'“”.،…")
anything = st.text(max_size=300) | st.text(odd, max_size=300) | st.text(st.characters(), max_size=100)
newsish = st.lists(st.sampled_from([*WORDS, "\n", "\n\n"]), max_size=80).map(" ".join)


def failed_stages(docs: Iterable[musnad.Document]) -> list[str]:
    return [p for d in docs for p in d.report.problems if p.startswith("stage ")]


@given(anything)
@settings(max_examples=300, deadline=None)
def test_folding_keeps_exact_offsets(text: str) -> None:
    folded = Folded(text)
    places = [folded.source_at(i) for i in range(len(folded.text) + 1)]
    assert places == sorted(places)
    assert all(0 <= p <= len(text) for p in places)
    for token in tokenize(folded):
        assert 0 <= token.start < token.end <= len(text)
        assert folded.shadow_at(token.start) <= token.a
        assert folded.text[token.a : token.b] == token.form


@given(anything)
@settings(max_examples=150, deadline=None)
def test_sentences_and_quotations_stay_inside_and_apart(text: str) -> None:
    quotes = find_quotes(text, 0, len(text))
    sentences = find_sentences(text, 0, len(text), 0, quotes)
    for before, after in pairwise(sentences):
        assert before.end <= after.start
    for q in quotes:
        assert 0 <= q.outer_start <= q.start <= q.end <= q.outer_end <= len(text)
    covered = {i for s in sentences for i in range(s.start, s.end)}
    assert all(i in covered or c.isspace() for i, c in enumerate(text))


@given(anything | newsish, st.none() | st.dates().map(str))
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_reading_any_text_gives_evidence_that_is_exact(text: str, published: str | None) -> None:
    for doc in musnad.read_text(text, published=published, model=False):
        assert not failed_stages([doc])
        if doc.report.segments:
            check_evidence(doc.source, doc.report)
        for layer in LAYERS:
            for record in doc.layer(layer):
                check_evidence(doc.source, record)
                assert record.found_by
                assert 0 <= record.confidence <= 1
        line = doc.line()
        assert decode(encode(line)).report.id == line.report.id


UNIT = "وقال وزير الدفاع الفرنسي جان إيف لودريان أمس إن نحو 100 جندي سيغادرون بغداد بحلول نهاية العام الحالي. "
SHAPES = {
    "news": lambda n: "\n\n".join(UNIT.replace("100", str(k)) * 2 for k in range(n // (len(UNIT) * 2) + 1)),
    "one line": lambda n: UNIT * (n // len(UNIT) + 1),
    "one sentence": lambda n: UNIT.replace(". ", "، ") * (n // len(UNIT) + 1),
    "quotation marks": lambda n: '"«»“”' * (n // 5),
    "open quotation marks": lambda n: "«" * n,
    "straight quotation marks with words": lambda n: '"قال ' * (n // 5),
    "digits": lambda n: "7" * n,
    "digits with spaces": lambda n: "12 " * (n // 3),
    "one word": lambda n: "و" * n,
    "conjunctions": lambda n: "و و " * (n // 4),
    "line ends": lambda n: "\n" * n,
    "brackets": lambda n: "(" * n,
    "full stops": lambda n: "." * n,
    "spaces": lambda n: " " * n + "قال",
    "weekdays": lambda n: "الخميس " * (n // 7),
    "months": lambda n: "كانون الأول/ديسمبر " * (n // 18),
    "names": lambda n: "بن عبد الله " * (n // 11),
    "numbers": lambda n: "ألف ومئة " * (n // 9),
    "diacritics": lambda n: "بً" * (n // 2),
    "lone surrogates": lambda n: "\ud800 " * (n // 2),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_time_grows_no_faster_than_the_text(shape: str) -> None:
    """From 4 to 16 kB the time may grow by four times (with room for noise: ten), and 16 kB never takes long."""
    times = []
    for size in (4_000, 16_000):
        text = SHAPES[shape](size)[:size]
        musnad.read_text(text[:200], published="2021-12-04", model=False)
        best = 99.0
        for _ in range(2):
            start = time.process_time()
            docs = musnad.read_text(text, published="2021-12-04", model=False)
            best = min(best, time.process_time() - start)
        assert not failed_stages(docs)
        times.append(best)
    assert times[1] < 5
    assert times[1] < 10 * max(times[0], 0.02), f"{times[0]:.3f} s for 4 kB, {times[1]:.3f} s for 16 kB"
