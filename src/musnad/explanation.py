"""Why the reader says what it says: everything known at a place of a page, and what each rule makes of a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from musnad.document import Document
from musnad.grammar.folding import Folded
from musnad.grammar.selfcheck import spans_of
from musnad.ingest.page import Page
from musnad.pipeline import read_page
from musnad.record.kinds import LAYERS, Found
from musnad.tools import Tools


def explain_at(source: str, docs: Sequence[Document], at: int) -> Iterator[str]:
    """Lines that tell what stands at source offset `at`: the word, its segment and sentence, word-list rows, and every record that covers it."""
    around = source[max(0, at - 30) : at] + "⟦" + source[at] + "⟧" + source[at + 1 : at + 31]
    yield f"place     {at}: {around!r}  U+{ord(source[at]):04X}"
    for d in docs:
        for name in ("title", "dateline", "byline", "outlet", "republisher", "published"):
            span = getattr(d.report, name)
            if span is not None and span.start is not None and span.start <= at < span.end:
                yield f"head      {name} of part {d.report.part}: {_short(span.text)}"
    doc = next((d for d in docs if any(s.start <= at < s.end for s in d.text.segments)), None)
    if doc is None:
        for d in docs:
            for part in d.report.dropped:
                if part.start <= at < part.end:
                    yield f"dropped   {part.start}..{part.end} as {part.kind}: {_short(part.text)}"
                    return
        yield "dropped   no report keeps this place"
        return
    segment = next(s for s in doc.text.segments if s.start <= at < s.end)
    yield f"report    part {doc.report.part} of {doc.report.page}, published {doc.published or 'unknown'}"
    yield f"segment   {segment.start}..{segment.end} {segment.kind}"
    sentence = doc.text.sentence_at(at)
    if sentence:
        yield f"sentence  {sentence.start}..{sentence.end}: {_short(source[sentence.start : sentence.end])}"
    for quote in doc.text.quotes:
        if quote.outer_start <= at < quote.outer_end:
            yield f"quotation {quote.start}..{quote.end}" + ("" if quote.whole else ", a mark is missing")
    for token in doc.text.tokens:
        if token.start <= at < token.end:
            yield f"word      {token.start}..{token.end} {token.kind}, folded {token.form}"
    for hit in doc.text.hits:
        if hit.start <= at < hit.end:
            row = ", ".join(f"{k}={v}" for k, v in hit.entry.row.items() if k not in ("forms", "example", "counter"))
            yield f"list      {hit.entry.list} {hit.start}..{hit.end} {hit.form} ({hit.entry.where}" + (f": {row})" if row else ")")
    for layer in LAYERS:
        for record in doc.layer(layer):
            where = sorted(s for s in spans_of(record) if s[0] <= at < s[1])
            if where:
                yield from _record(layer, record, source, where[0])


def explain_rules(text: str, published: str | None, tools: Tools) -> Iterator[str]:
    """Lines that tell which rules' patterns match the text, then which records come of it, with who found each and why."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    folded = Folded(text)
    yield "Patterns that match:"
    matched = False
    for name, rules in tools.rules.items():
        for m in rules.find(folded, 0, len(text)):
            matched = True
            groups = "  ".join(f"{k}={text[a:b]}" for k, (a, b) in m.groups.items())
            yield f"  {m.rule.id}  {m.start}..{m.end}  {text[m.start : m.end]}" + (f"   [{groups}]" if groups else "") + f"   ({name}.yaml)"
    if not matched:
        yield "  none"
    yield "Records:"
    found = False
    for doc in read_page(Page("text", text, "", published=published), tools):
        for layer in LAYERS:
            for record in doc.layer(layer):
                found = True
                yield from ("  " + line for line in _record(layer, record, text, next(iter(sorted(spans_of(record))), None)))
        yield from (f"  problem: {p}" for p in doc.report.problems)
    if not found:
        yield "  none"


def _record(layer: str, record: Found, source: str, span: tuple[int, int] | None) -> Iterator[str]:
    made = msgspec.to_builtins(record)
    skip = ("id", "found_by", "confidence", "why", "start", "end", "text")
    facts = "  ".join(f"{k}={_value(v)}" for k, v in made.items() if k not in skip and v not in (None, (), ""))
    cut = f"{span[0]}..{span[1]} {_short(source[span[0] : span[1]])}  " if span else ""
    yield f"{layer.removesuffix('s') if layer != 'entities' else 'entity':<10}{cut}{facts}"
    yield f"          found by {record.found_by}, confidence {record.confidence:.2f}" + (f": {record.why}" if record.why else "")


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return (
            _short(value["text"])
            if value.get("text")
            else "{" + ", ".join(f"{k}={_value(v)}" for k, v in value.items() if v is not None) + "}"
        )
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_value, value)) + "]"
    return str(value)


def _short(text: str, longest: int = 90) -> str:
    text = " ".join(text.split())
    return text if len(text) <= longest else text[: longest - 1] + "…"
