"""The sample's facts: what a careful reader finds in our nineteen pages, and which share of it musnad finds (without the model)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import musnad
from musnad.document import Document
from musnad.grammar.folding import fold

SAMPLE = Path(musnad.__file__).parent / "sample"
GOLDEN = yaml.safe_load((Path(__file__).parent / "golden" / "sample.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def docs() -> dict[str, list[Document]]:
    out: defaultdict[str, list[Document]] = defaultdict(list)
    for doc in musnad.read(SAMPLE / "pages", metadata=SAMPLE / "metadata.csv", model=False):
        out[doc.report.page.rsplit("/", 1)[-1]].append(doc)
    return out


def test_every_page_has_its_expectations(docs: dict[str, list[Document]]) -> None:
    assert set(docs) == set(GOLDEN["pages"])
    assert len({p.split("#")[0] for p in docs}) >= 16


def test_the_number_of_reports_is_right(docs: dict[str, list[Document]]) -> None:
    assert {p: len(d) for p, d in docs.items()} == {p: e["reports"] for p, e in GOLDEN["pages"].items()}


def test_no_stage_failed(docs: dict[str, list[Document]]) -> None:
    assert not [p for ds in docs.values() for d in ds for p in d.report.problems if p.startswith("stage ")]


@pytest.mark.parametrize("kind", GOLDEN["floors"])
def test_the_share_of_facts_found_does_not_sink(docs: dict[str, list[Document]], kind: str) -> None:
    found = [(held, f"{page}: {fact}") for page, expected in GOLDEN["pages"].items() for held, fact in CHECKS[kind](docs[page], expected)]
    share = sum(held for held, _ in found) / len(found)
    missed = "\n  ".join(fact for held, fact in found if not held)
    assert share >= GOLDEN["floors"][kind], f"{kind}: {share:.3f} of {len(found)} facts; missed:\n  {missed}"
    print(f"{kind}: {share:.3f} of {len(found)} facts; missed:\n  {missed}")


Facts = Iterator[tuple[bool, Any]]


def has(text: str | None, words: str | None) -> bool:
    return words is None or (text is not None and fold(words) in fold(text))


def heads(docs: list[Document], expected: dict[str, Any]) -> Facts:
    report = docs[0].report
    yield (report.published.date if report.published else None) == str(expected["published"]), f"published {expected['published']}"
    for key in ("outlet", "republisher"):
        if key in expected:
            named = getattr(report, key)
            yield named is not None and has(named.name, expected[key]), f"{key} {expected[key]}"
    if "title" in expected:
        yield report.title is not None and fold(report.title.text) == fold(expected["title"]), f"title {expected['title']}"


def kept(docs: list[Document], expected: dict[str, Any]) -> Facts:
    text = "\n".join(s.text for d in docs for s in d.report.segments)
    for words in expected.get("keeps", ()):
        yield words in text, f"keeps {words}"
    for words in expected.get("drops", ()):
        yield words not in text, f"drops {words}"


def times(docs: list[Document], expected: dict[str, Any]) -> Facts:
    for words, start, end in expected.get("times", ()):
        days = [(t.from_, t.to) for d in docs for t in d.times if has(t.text, words) or has(words, t.text)]
        yield (str(start), str(end)) in days, (words, days)


def figures(docs: list[Document], expected: dict[str, Any]) -> Facts:
    for words, low, high, bound in expected.get("figures", ()):
        made = [f for d in docs for f in d.figures if has(f.text, words) or has(words, f.text)]
        yield (
            any(f.low == low and high in (None, f.high) and f.bound == bound for f in made),
            (words, [(f.low, f.high, f.bound) for f in made]),
        )


def statements(docs: list[Document], expected: dict[str, Any]) -> Facts:
    for speaker, act, words, _ in expected.get("statements", ()):
        made = [s for d in docs for s in d.statements if any(has(c.text, words) for c in s.content)]
        held = any(s.speaker is not None and has(s.speaker.text, speaker) and act in (None, s.act) for s in made)
        yield held, (speaker, act, words, [(s.speaker and s.speaker.text, s.act) for s in made])


def chains(docs: list[Document], expected: dict[str, Any]) -> Facts:
    for _, _, words, links in expected.get("statements", ()):
        for kind, name in links.items():
            made = [s for d in docs for s in d.statements if any(has(c.text, words) for c in s.content)]
            yield (
                any(k.link == kind and has(k.name, name) for s in made for k in s.chain),
                (words, kind, name, [[k.link for k in s.chain] for s in made]),
            )


def events(docs: list[Document], expected: dict[str, Any]) -> Facts:
    for type_, trigger, actor, status in expected.get("events", ()):
        made = [v for d in docs for v in d.events if v.type == type_ and has(v.trigger.text, trigger)]
        held = any(status in (None, v.status) and (actor is None or any(has(a.text, actor) for a in v.actors)) for v in made)
        yield held, (type_, trigger, actor, status, [(v.status, [a.text for a in v.actors]) for v in made])


def commitments(docs: list[Document], expected: dict[str, Any]) -> Facts:
    for by, stance, to in expected.get("commitments", ()):
        made = [c for d in docs for c in d.commitments if any(has(p.text, by) for p in c.by)]
        held = any(c.stance == stance and (to is None or (c.deadline is not None and c.deadline.to == str(to))) for c in made)
        yield held, (by, stance, to, [(c.stance, c.deadline and c.deadline.to) for c in made])


CHECKS = {f.__name__: f for f in (heads, kept, times, figures, statements, chains, events, commitments)}
