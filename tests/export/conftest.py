"""One report with a record of every kind, written by hand, so that exports are tested apart from the reader."""

from __future__ import annotations

import pytest

from musnad.record.kinds import (
    Commitment,
    Deadline,
    Dropped,
    Entity,
    Event,
    Figure,
    Line,
    Link,
    Mention,
    Named,
    Office,
    Party,
    Place,
    Published,
    Report,
    Segment,
    Statement,
    Time,
)
from musnad.record.span import Span

SOURCE = (
    "شارك\nوعد <b>بالمساعدة</b> & أكثر\n"
    "نقلت وكالة المشرق عن الوزير سامي الخالدي قوله «سنرسل ثلاث طائرات إلى عدن قبل نهاية العام».\n"
    "والتقى الخالدي أمس نظيره في عدن."
)


def span(text: str, after: int = 0) -> dict[str, object]:
    start = SOURCE.index(text, after)
    return {"start": start, "end": start + len(text), "text": text}


@pytest.fixture
def source() -> str:
    return SOURCE


@pytest.fixture
def line() -> Line:
    made = {"found_by": "tests.hand", "confidence": 0.9}
    title, body = span("وعد <b>بالمساعدة</b> & أكثر"), span(SOURCE[SOURCE.index("نقلت") :])
    said = "سنرسل ثلاث طائرات إلى عدن قبل نهاية العام"
    return Line(
        report=Report(
            id="r1",
            page='pages/"odd"&<name>.txt',
            part=0,
            sha256="ab" * 32,
            title=Span(**title),
            outlet=Named(name="دجلة <الجديدة>"),
            published=Published(date="2021-12-04", basis="metadata"),
            segments=(Segment(kind="title", **title), Segment(kind="body", **body)),
            dropped=(Dropped(kind="share", **span("شارك")),),
            problems=("mixed <encodings>",),
        ),
        mentions=(
            Mention(id="m1", type="PER", entity="e1", **made, **span("سامي الخالدي")),
            Mention(id="m2", type="PER", entity="e1", **made, **span("الخالدي أمس"[:7], SOURCE.index("والتقى"))),
            Mention(id="m3", type="LOC", **made, **span("عدن")),
        ),
        entities=(
            Entity(
                id="e1",
                type="PER",
                name="سامي الخالدي",
                name_en="Sami al-Khalidi",
                country="YEM",
                sectors=("GOV",),
                offices=(Office(title="الوزير", **span("الوزير")),),
                place=Place(lat=12.8, lon=45.03, country="YEM"),
                **made,
            ),
        ),
        times=(Time(id="t1", from_="2021-12-03", to="2021-12-03", **made, **span("أمس")),),
        figures=(Figure(id="f1", low=3, high=3, unit="aircraft", **made, **span("ثلاث طائرات")),),
        statements=(
            Statement(
                id="s1",
                cue=Span(**span("قوله")),
                speaker=Party(**span("الوزير سامي الخالدي")),
                kind="direct",
                content=(Span(**span(said)),),
                act="promise",
                chain=(
                    Link(link="speaker", name="سامي الخالدي", **span("الوزير سامي الخالدي")),
                    Link(link="agency", name="وكالة المشرق", **span("وكالة المشرق")),
                    Link(link="outlet", name="دجلة <الجديدة>"),
                ),
                why="قوله after the speaker",
                **made,
            ),
        ),
        events=(
            Event(
                id="v1",
                type="CONSULT",
                mode="meet",
                trigger=Span(**span("التقى")),
                actors=(Party(**span("الخالدي", SOURCE.index("والتقى"))),),
                recipients=(Party(**span("نظيره")),),
                place=Party(**span("عدن", SOURCE.index("والتقى"))),
                from_="2021-12-03",
                to="2021-12-03",
                **made,
            ),
        ),
        commitments=(
            Commitment(
                id="c1",
                by=(Party(**span("الوزير سامي الخالدي")),),
                action=Span(**span("سنرسل ثلاث طائرات إلى عدن")),
                deadline=Deadline(from_="2021-12-31", to="2021-12-31", **span("نهاية العام")),
                statement="s1",
                **made,
            ),
        ),
    )
