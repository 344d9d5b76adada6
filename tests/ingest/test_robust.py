"""No input makes the way in raise or hang; what is kept and dropped never overlaps and never differs from the source."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from musnad.grammar.folding import Folded
from musnad.ingest.cleaning import find_reports
from musnad.ingest.decoding import decode
from musnad.ingest.formats import read_bytes
from musnad.ingest.page import Failure, Page
from musnad.record.errors import BadPage
from musnad.tools import load

PARAGRAPH = "بدأت وزارة التربية ترميم سبعين مدرسة في المحافظات الجنوبية، وقال الوزير إن العمل ينتهي قبل الخريف.\n"
LINES = st.sampled_from(
    [
        PARAGRAPH,
        "الوزارة تبدأ ترميم المدارس\n",
        "12 فبراير 2019\n",
        "30/02/2019\n",
        "99 رمضان 9999 هـ\n",
        "اقرأ أيضا:\n",
        "إضافة تعليق\n",
        "وتشمل:\n",
        "- بند\n",
        "&\u00a0",
        "&",
        "⭕️ عاجل\n",
        "pic.twitter.com/x\n",
        "لندن - رويترز\n",
        "المصدر: الراية\n",
        "التعليق على الصورة، تلاميذ\n",
        "768\n",
        "\u200f\n",
        "\u0640\n",
        "(CNN)-- ",
        "----\n",
        "#ا #ب\n",
        "\n",
        " ",
        '"',
    ]
)
pages_of_lines = st.lists(LINES | st.text(max_size=30), max_size=40).map("".join)
relaxed = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def check(source: str) -> None:
    found = find_reports(Page("page", source, "0" * 64), Folded(source), load(model=False))
    parts = sorted((p for r in found for p in (*r.segments, *r.dropped)), key=lambda p: p.start)
    assert all(source[p.start : p.end] == p.text and p.text.strip() for p in parts)
    assert all(a.end <= b.start for a, b in pairwise(parts))
    for report in found:
        for span in (report.title, report.outlet, report.republisher, report.dateline, report.byline, report.published):
            assert span is None or span.start is None or source[span.start : span.end] == span.text


@relaxed
@given(pages_of_lines)
def test_any_lines_become_reports(source: str) -> None:
    check(source)


@relaxed
@given(st.text(alphabet=st.characters(), max_size=300))
def test_any_unicode_becomes_reports(source: str) -> None:
    check(source)


@relaxed
@given(st.binary(max_size=400) | st.text(max_size=100).map(lambda t: t.encode("utf-16", "surrogatepass")))
def test_any_bytes_are_decoded_or_refused(data: bytes) -> None:
    try:
        text, _ = decode(data)
    except BadPage as error:
        assert str(error)
    else:
        assert text.strip() and "\r" not in text


@relaxed
@given(
    st.sampled_from(["a.txt", "a.html", "a.jsonl", "a.json", "a.csv", "a.docx", "a.pdf", "a.warc", "a.warc.gz", "a.txt.gz", "a", "-"]),
    st.binary(max_size=200),
)
def test_any_bytes_of_any_format_are_pages_or_failures(name: str, data: bytes) -> None:
    for starts in (b"", b"%PDF-1.4\n", b"PK\x03\x04", b"\x1f\x8b\x08", b"WARC/1.0\r\n", b"<html><body>", b'{"text": "'):
        for item in read_bytes(name, starts + data):
            assert isinstance(item, Page | Failure)
            assert item.source.strip() if isinstance(item, Page) else item.reason and item.advice


@pytest.mark.parametrize(
    "unit",
    [
        PARAGRAPH,
        PARAGRAPH.strip() + " ",
        '"',
        "7",
        "&\u00a0",
        "وقال:\nنعم\n",
        "خبر قصير جديد\n",
        "اقرأ أيضا:\nخبر قصير جديد\n",
        "12/2/2019 ",
        "12 فبراير 2019\n",
        "أخبار  |  رياضة  |  ",
        "شارك فيسبوك ",
        "#ا ",
        "1.1,1 ",
        "! ",
        "⭕️خبر\n",
        "Ø§",
        "ظ",
    ],
    ids=repr,
)
def test_time_grows_with_the_length(unit: str) -> None:
    """Eight times the text takes about eight times as long: a square would take 64 times."""

    def seconds(size: int) -> float:
        data = (unit * (size // len(unit) + 1)).encode()
        best = float("inf")
        for _ in range(3):
            start = time.process_time()
            source, _ = decode(data)
            find_reports(Page("page", source, "0" * 64), Folded(source), load(model=False))
            best = min(best, time.process_time() - start)
        return best

    small = seconds(8_000)
    assert seconds(64_000) < 30 * max(small, 0.002)
