"""Times: the golden sentences, every rule's own examples, and what holds for any text."""

from __future__ import annotations

import time
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.stages.reading import golden, read, tools

from musnad.grammar.selfcheck import check_all
from musnad.stages import times_calendar as cal


@pytest.mark.parametrize(("text", "spans", "published", "case"), golden("times"))
def test_golden(text: str, spans: list[tuple[int, int]], published: str | None, case: dict[str, Any]) -> None:
    found = [((t.start, t.end), t.from_, t.to) for t in read(text, published).times]
    days = [(d[0], d[-1]) for d in case.get("days", ())]
    assert found == [(span, *d) for span, d in zip(spans, days, strict=True)]


def test_every_rule_holds_its_own_examples() -> None:
    rules = tools().rules["times"]
    count, broken = check_all(tools().lexicon, {"times": rules}, lambda text, published, _: read(text, published).times, "times")
    assert count > 40
    assert not broken, "\n".join(map(str, broken))


def test_every_rule_has_a_resolver_and_lists_to_start_from() -> None:
    from musnad.stages.times import _RESOLVERS

    for rule in tools().rules["times"].rules:
        assert rule["resolve"] in _RESOLVERS
        assert all(name == "digits" or name in tools().lexicon.lists for name in rule["starts"]), rule.id


def test_the_other_order_of_a_numeric_date_is_told() -> None:
    (found,) = read("صدر القرار بتاريخ 04/05/2018 رسميا").times
    assert (found.from_, found.why is not None and "other order" in found.why) == ("2018-05-04", True)
    (sure,) = read("صدر القرار بتاريخ 25/05/2018 رسميا").times
    assert sure.why is not None and "other order" not in sure.why


@settings(deadline=None)
@given(st.dates(date(1950, 1, 1), date(2090, 12, 31)), st.integers(0, 6))
def test_a_weekday_is_the_latest_one_up_to_publication(published: date, offset: int) -> None:
    names = ["الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"]
    day = published - timedelta(days=offset)
    (found,) = read(f"أعلن الناطق {names[day.weekday()]} عن الخطة", published.isoformat()).times
    assert found.from_ == found.to == day.isoformat()


@settings(deadline=None)
@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.sampled_from(["month", "year", "week", "decade"]))
def test_thirds_cover_a_period_without_gap_or_overlap(day: date, unit: str) -> None:
    whole = cal.unit_around(day, unit)
    first, middle, last = (cal.part_of(whole, part) for part in ("first", "middle", "last"))
    assert (first.first, last.last) == (whole.first, whole.last)
    assert first.last + timedelta(days=1) == middle.first and middle.last + timedelta(days=1) == last.first


WORDS = ["يوم", "الاثنين", "12", "مايو", "/", "أيار", "2018", "من", "إلى", "قبل", "ثلاثة", "أسابيع", "و", "الماضي", "نهاية", "العام", "بعد", "أول", "رمضان", "٣٠", "-", "الربع", "الأول", "\n", "آخر", "99999"]  # fmt: skip


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=30), st.sampled_from(["2018-05-31", "0001-01-01", "9999-12-31", None]))
def test_no_row_of_time_words_raises(words: list[str], published: str | None) -> None:
    doc = read(" ".join(words), published)
    for one, two in zip(doc.times, doc.times[1:], strict=False):
        assert one.end <= two.start
    assert all((t.from_ is None) == (t.to is None) and (t.from_ or "") <= (t.to or "") for t in doc.times)


@settings(deadline=None)
@given(st.text(max_size=200))
def test_no_text_raises(text: str) -> None:
    read(text, "2018-05-31")


@pytest.mark.parametrize("unit", ["الاثنين ", "12 مايو ", "7", "من ", "قبل ثلاثة ", "نهاية العام "])
def test_time_grows_with_length(unit: str) -> None:
    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        start = time.process_time()
        read(text, "2018-05-31")
        return time.process_time() - start

    seconds(2_000)
    small, large = (min(seconds(size) for _ in range(3)) for size in (10_000, 80_000))
    assert large < 30 * max(small, 0.02), f"{small:.3f} s for 10 kB, {large:.3f} s for 80 kB"
