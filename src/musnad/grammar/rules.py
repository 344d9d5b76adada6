"""Rules: patterns over the shadow, written in YAML with their own examples.

A file `rules/NAME.yaml` is `layer:` (which records its rules find; may be null) and `rules:`, a list of

    - id: times.weekday-last          # unique, FILE.what-it-does
      pattern: '{B}(?:يوم )?(?P<day>{weekday}) {last}{E}'
      needs: [weekday]                # lists of which the text must hold a word, else the rule isn't tried (optional, for speed)
      confidence: 0.95
      why: a weekday with "last" is the one before publication
      resolve: weekday_before         # any other key is the stage's own
      matches: ['وصل الوفد ⟦الخميس الماضي⟧ إلى المدينة']     # may be {text:, published:, and fields that the record must have}
      rejects: ['عدد الخميس من المجلة']

Patterns are Python regular expressions over folded text (write Arabic as usual: letters in the pattern are folded for you). Macros:
`{name}` any form of a word list, `{name:column=value}` of the rows with that value, `{B}` and `{E}` a word's edges, `{wa}` an optional و or ف,
`{s}` white space, `{w}` one Arabic word, `{n}` digits with separators. Named groups come back as source ranges.
A file's own `parts:` maps names to sub-patterns; `{name}` in its rules, and in parts below it, stands for them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from musnad.grammar.folding import _LETTERS, MARKS, Folded
from musnad.grammar.lexicon import Lexicon
from musnad.record.errors import BadRule

_FOLD_PATTERN = {ord(a): b for a, b in _LETTERS.items()} | {ord(c): None for c in MARKS}
_MACRO = re.compile(r"\{([A-Za-z_][\w-]*)(?::(\w+)=([^}]*))?\}")
_BUILT_IN = {
    "B": r"(?<!\w)",
    "E": r"(?!\w)",
    "wa": r"(?:[وف])?",
    "s": r"[ \t]+",
    "w": r"[\u0621-\u064a]+",
    "n": r"[0-9]+(?:[.,][0-9]+)*",
}
_OWN = {"id", "pattern", "needs", "confidence", "why", "matches", "rejects"}


@dataclass(eq=False)
class Rule:
    """One rule; `data` holds the stage's own keys."""

    id: str
    layer: str | None
    pattern: str
    where: str
    needs: tuple[str, ...] = ()
    confidence: float = 0.8
    why: str | None = None
    matches: tuple[Any, ...] = ()
    rejects: tuple[Any, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    lexicon: Lexicon | None = None

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The compiled pattern; raises BadRule where it isn't one."""
        assert self.lexicon is not None
        try:
            return re.compile(expand(self.pattern, self.lexicon))
        except re.error as error:
            raise BadRule(f"{self.where}: rule {self.id}: {error}") from error

    def __getitem__(self, key: str) -> Any:
        return self.data[key]

    def get(self, key: str, default: Any = None) -> Any:
        return self.data.get(key, default)


@dataclass(frozen=True, slots=True)
class Match:
    """A rule's match: source range, and `groups` by name as source ranges (groups that took no part are absent)."""

    rule: Rule
    start: int
    end: int
    groups: Mapping[str, tuple[int, int]]
    regex: re.Match[str]

    def form(self, group: str) -> str:
        """The folded text of a group, empty where it took no part or the pattern has no such group."""
        return (self.regex.group(group) or "") if group in self.regex.re.groupindex else ""


def expand(pattern: str, lexicon: Lexicon) -> str:
    """The pattern with its letters folded and its macros replaced."""

    def macro(m: re.Match[str]) -> str:
        name, column, value = m.groups()
        if name in _BUILT_IN and column is None:
            return _BUILT_IN[name]
        if name not in lexicon.lists:
            raise BadRule(f"there is no word list {name!r}")
        forms = (
            lexicon.forms(name)
            if column is None
            else [f for e in lexicon.lists[name] if e.get(column) == value for f in e.forms if lexicon.entry(name, f) is e]
        )
        return trie_pattern(forms)

    return _MACRO.sub(macro, pattern.translate(_FOLD_PATTERN))


def trie_pattern(forms: Iterable[str]) -> str:
    """A regular expression for exactly these forms, longest first, built as a letter trie so that a mismatch is found at once."""
    trie: dict[str, Any] = {}
    for form in forms:
        node = trie
        for c in form:
            node = node.setdefault(c, {})
        node[""] = {}

    def build(node: dict[str, Any]) -> str:
        ends = "" in node
        parts = [(r"[ \t]+" if c == " " else re.escape(c)) + build(sub) for c, sub in sorted(node.items()) if c]
        if not parts:
            return ""
        body = parts[0] if len(parts) == 1 and not ends else "(?:" + "|".join(parts) + ")"
        return body + "?" if ends else body

    return f"(?:{build(trie)})" if trie else r"(?!)"


@dataclass
class RuleSet:
    """The rules of one file, in its order."""

    name: str
    layer: str | None
    rules: list[Rule]

    def find(self, folded: Folded, start: int, end: int, lists: Collection[str] | None = None) -> Iterator[Match]:
        """All matches of all rules in the source range start..end, rule by rule; `lists` names the word lists that the text has words of."""
        a, b = folded.shadow_at(start), folded.shadow_at(end)
        for rule in self.rules:
            if lists is not None and rule.needs and not all(n in lists for n in rule.needs):
                continue
            for m in rule.regex.finditer(folded.text, a, b):
                if m.end() > m.start():
                    yield as_match(rule, folded, m)


def as_match(rule: Rule, folded: Folded, m: re.Match[str]) -> Match:
    """A regex match over the shadow as a Match over the source."""
    groups = {k: folded.span(*m.span(k)) for k, v in m.groupdict().items() if v is not None}
    start, end = folded.span(*m.span())
    return Match(rule, start, end, groups, m)


def read_rules(folders: Sequence[Path], lexicon: Lexicon) -> dict[str, RuleSet]:
    """The rule files of all folders by name; a later folder's rule replaces the one with its id or is tried first. Raises BadRule."""
    sets: dict[str, RuleSet] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.yaml")):
            try:
                raw = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
            except yaml.YAMLError as error:
                raise BadRule(f"{path.name}: {error}") from error
            if not isinstance(raw, dict) or not isinstance(raw.get("rules"), list):
                raise BadRule(f"{path.name}: expected a mapping with 'layer' and a list 'rules'")
            parts = _parts(raw.get("parts") or {})
            made = [_rule(path, raw.get("layer"), r, lexicon, parts) for r in raw["rules"]]
            old = sets.get(path.stem)
            ids = {r.id for r in made}
            rest = [r for r in old.rules if r.id not in ids] if old else []
            sets[path.stem] = RuleSet(path.stem, raw.get("layer"), made + rest)
    return sets


def _parts(raw: Mapping[str, str]) -> dict[str, str]:
    """The file's sub-patterns, each with the ones above it put in."""
    parts: dict[str, str] = {}
    for name, pattern in raw.items():
        parts[name] = _with_parts(pattern, parts)
    return parts


def _with_parts(pattern: str, parts: Mapping[str, str]) -> str:
    return _MACRO.sub(lambda m: parts.get(m.group(1), m.group()) if m.group(2) is None else m.group(), pattern)


def _rule(path: Path, layer: str | None, raw: Any, lexicon: Lexicon, parts: Mapping[str, str]) -> Rule:
    if not isinstance(raw, dict) or not isinstance(raw.get("id"), str) or not isinstance(raw.get("pattern"), str):
        raise BadRule(f"{path.name}: every rule needs an id and a pattern: {str(raw)[:80]}")
    return Rule(
        id=raw["id"],
        layer=layer,
        pattern=_with_parts(raw["pattern"], parts),
        where=path.name,
        needs=tuple(raw.get("needs", ())),
        confidence=float(raw.get("confidence", 0.8)),
        why=raw.get("why"),
        matches=tuple(raw.get("matches", ())),
        rejects=tuple(raw.get("rejects", ())),
        data={k: v for k, v in raw.items() if k not in _OWN},
        lexicon=lexicon,
    )
