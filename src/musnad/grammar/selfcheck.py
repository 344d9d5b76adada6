"""The self-check: do the examples that stand beside every rule and every word-list row hold?

An example is a sentence with the expected span in ⟦ ⟧, or a mapping `{text, published, …}` whose other keys the record must have with those
values. For a rule of a file with a layer the reader must write a record of that layer which the rule found and which has that span as its own or as one
of its parts; for a rule of a file without one the pattern must match exactly that span. A `rejects` example holds when the rule finds nothing there
(nothing at the span, where one is marked). A row's `example` must hold the row's form at the span, its `counter` must not hold the row at all.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from musnad.grammar.folding import Folded
from musnad.grammar.lexicon import Entry, Lexicon
from musnad.grammar.rules import Rule, RuleSet, as_match
from musnad.grammar.tokens import tokenize
from musnad.record.errors import BadRule
from musnad.record.kinds import Found

Reader = Callable[[str, str | None, str], Sequence[Found]]
"""From a text, its day of publication and a layer's name to the records of that layer."""


@dataclass(frozen=True)
class Broken:
    """An example that doesn't hold: where it stands, the example as written, what came instead."""

    where: str
    rule: str
    example: str
    came: str

    def __str__(self) -> str:
        return f"{self.where}: {self.rule}\n  example: {self.example}\n  instead: {self.came}"


def check_all(lexicon: Lexicon, sets: Mapping[str, RuleSet], read: Reader, only: str | None = None) -> tuple[int, list[Broken]]:
    """How many examples there are, and those that don't hold; `only` names one rule file or word list. Raises BadRule where nothing has that name."""
    if only is not None and only not in sets and only not in lexicon.lists:
        raise BadRule(f"there is no rule file and no word list {only!r}; there are {', '.join(sorted({*sets, *lexicon.lists}))}")
    count, broken = 0, []
    for found in (*_check_rules(sets, read, only), *_check_lists(lexicon, only)):
        count += 1
        if found:
            broken.append(found)
    return count, broken


def unmark(example: str) -> tuple[str, list[tuple[int, int]]]:
    """The sentence without its ⟦ ⟧, and the ranges that they enclosed. Raises BadRule where they aren't paired."""
    text, spans, opened = "", [], -1
    for c in example:
        if c == "⟦" and opened < 0:
            opened = len(text)
        elif c == "⟧" and opened >= 0:
            spans.append((opened, len(text)))
            opened = -1
        elif c in "⟦⟧":
            raise BadRule(f"⟦ and ⟧ aren't paired in {example!r}")
        else:
            text += c
    if opened >= 0:
        raise BadRule(f"⟦ isn't closed in {example!r}")
    return text, spans


def _check_rules(sets: Mapping[str, RuleSet], read: Reader, only: str | None) -> Iterator[Broken | None]:
    for name, rules in sets.items():
        if only not in (None, name):
            continue
        for rule in rules.rules:
            for wanted, examples in ((True, rule.matches), (False, rule.rejects)):
                for example in examples:
                    try:
                        came = _rule_example(rule, example, wanted, read)
                    except Exception as error:
                        came = f"{type(error).__name__}: {error}"
                    kind = "matches" if wanted else "rejects"
                    yield Broken(rule.where, f"{rule.id} ({kind})", _shown(example), came) if came else None


def _rule_example(rule: Rule, example: Any, wanted: bool, read: Reader) -> str | None:
    """What came instead, or None where the example holds."""
    fields = dict(example) if isinstance(example, Mapping) else {"text": example}
    text, spans = unmark(str(fields.pop("text")))
    published = fields.pop("published", None)
    if wanted and not spans:
        return "the example marks no span: put ⟦ ⟧ around what is expected"
    if rule.layer is None:
        folded = Folded(text)
        at: list[tuple[int, int]] = [(m.start, m.end) for m in (as_match(rule, folded, x) for x in rule.regex.finditer(folded.text))]
        missing = [s for s in spans if s not in at]
        if wanted:
            return None if not missing else f"the pattern matches {_cuts(text, at)}"
        wrong = [s for s in at if not spans or s in spans]
        return f"the pattern matches {_cuts(text, wrong)}" if wrong else None
    records = read(text, _plain(published), rule.layer)
    mine = [r for r in records if rule.id in r.found_by.split()]
    hits = [r for r in mine if not spans or any(s in spans_of(r) for s in spans)]
    if not wanted:
        return f"it found {_records(hits)}" if hits else None
    for span in spans:
        here = [r for r in mine if span in spans_of(r)]
        if not here:
            there = [r for r in records if span in spans_of(r)]
            return f"it found {_records(mine)}" + (f"; the span is found by {', '.join(r.found_by for r in there)}" if there else "")
        if not any(_agrees(r, fields) for r in here):
            return f"it found {_records(here)} where {_shown(fields)} is expected"
    return None


def spans_of(value: Any) -> set[tuple[int, int]]:
    """Every span inside a record, as (start, end)."""
    out: set[tuple[int, int]] = set()
    if isinstance(value, tuple):
        for v in value:
            out |= spans_of(v)
    elif isinstance(value, msgspec.Struct):
        start = getattr(value, "start", None)
        if start is not None:
            out.add((start, value.end))  # type: ignore[attr-defined]
        for name in value.__struct_fields__:
            inner = getattr(value, name)
            if isinstance(inner, (tuple, msgspec.Struct)):
                out |= spans_of(inner)
    return out


def _agrees(record: Found, fields: Mapping[str, Any]) -> bool:
    """True when the record has every field with its value; a mapping is compared key by key, a text with a span's or party's words."""
    made = msgspec.to_builtins(record)
    return all(_same(made.get(k), v) for k, v in fields.items())


def _same(value: Any, expected: Any) -> bool:
    if isinstance(expected, Mapping):
        return isinstance(value, dict) and all(_same(value.get(k), v) for k, v in expected.items())
    if isinstance(expected, list):
        return isinstance(value, list) and len(value) == len(expected) and all(map(_same, value, expected))
    if isinstance(value, dict) and "text" in value:
        value = value["text"]
    return bool(value == _plain(expected))


def _plain(value: Any) -> Any:
    """YAML reads a bare 2014-09-22 as a date; records hold text."""
    return value.isoformat() if isinstance(value, datetime.date) else value


def _check_lists(lexicon: Lexicon, only: str | None) -> Iterator[Broken | None]:
    for name, entries in lexicon.lists.items():
        if only not in (None, name):
            continue
        for entry in entries:
            if entry.get("drop") == "yes":
                continue
            for example in filter(None, entry.get("example").split("|")):
                yield _row_example(lexicon, entry, example.strip(), True)
            for counter in filter(None, entry.get("counter").split("|")):
                yield _row_example(lexicon, entry, counter.strip(), False)


def _row_example(lexicon: Lexicon, entry: Entry, example: str, wanted: bool) -> Broken | None:
    label = f"{entry.forms[0]} ({'example' if wanted else 'counter'})"
    try:
        text, spans = unmark(example)
    except BadRule as error:
        return Broken(entry.where, label, example, str(error))
    folded = Folded(text)
    at = [(h.start, h.end) for h in lexicon.scan(folded, tokenize(folded)) if h.entry is entry]
    if not wanted:
        return Broken(entry.where, label, example, f"the row is found at {_cuts(text, at)}") if at else None
    if spans and all(s in at for s in spans):
        return None
    return Broken(entry.where, label, example, f"the row is found at {_cuts(text, at)}" if spans else "the example marks no form with ⟦ ⟧")


def _cuts(text: str, spans: Sequence[tuple[int, int]]) -> str:
    return ", ".join(f"{text[a:b]!r} {a}..{b}" for a, b in spans) or "nothing"


def _records(records: Sequence[Found]) -> str:
    def one(r: Found) -> str:
        made = msgspec.to_builtins(r)
        return str({k: v for k, v in made.items() if v not in (None, (), "") and k not in ("id", "found_by", "confidence", "why")})

    return "; ".join(map(one, records[:4])) or "nothing"


def _shown(example: Any) -> str:
    return example if isinstance(example, str) else str({k: _plain(v) for k, v in example.items()})
