"""A page's lines with what the rules say of each: dropped, stamp, attribution."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import cast

from musnad.grammar.folding import Folded
from musnad.grammar.lexicon import Entry
from musnad.grammar.rules import Rule
from musnad.ingest.blocks import Block, find_blocks, stem
from musnad.ingest.stamps import Stamp, find_stamps
from musnad.record.kinds import DropKind, SegmentKind
from musnad.tools import Tools

_LONGEST = 400
"""Folded characters of a line that rules are tried on; boilerplate is short."""

_SEPARATOR = re.compile(r"\s*[-/|:•،,;()+]+\s*|\s+(?:من|في)\s+|\s{2,}")
_WORD = re.compile(r"[^\W_]+")
_PARTED = re.compile(r"\s[-/|]|[-/|]\s|\s{2}")
_DIGIT = re.compile(r"[0-9]")
_STAMP_WORDS = 26
_STAMP_REST = 2
_NAME_WORDS = 5


@dataclass(frozen=True, eq=False)
class Kit:
    """The cleaning rules by what they are for, and the media by their words."""

    tools: Tools
    drops: tuple[Rule, ...]
    parts: Mapping[str, tuple[Rule, ...]]
    media: Mapping[tuple[str, ...], Entry]
    label_words: Mapping[str, tuple[str, ...]]

    def content(self, block: Block) -> frozenset[str]:
        """The stems of the block's words that say something."""
        if block.content is None:
            says_nothing = self.parts["function"][0].regex.match if "function" in self.parts else lambda word: None
            block.content = frozenset(stem(w) for w in block.words if len(w) > 2 and not says_nothing(w))
        return block.content

    def matches(self, part: str, form: str) -> bool:
        """True when a rule for this part holds at the start of the folded text."""
        return any(r.regex.match(form) for r in self.parts.get(part, ()))

    def entry(self, form: str) -> Entry | None:
        """The outlet or agency that this folded phrase is, words for media before it left out, else None."""
        words = tuple(_WORD.findall(form))
        for skip in range(min(3, len(words))):
            entry = self.media.get(words[skip:])
            if entry and (not skip or words[0] in _MEDIA_NOUNS):
                return entry
        return None


_MEDIA_NOUNS = frozenset(("صحيفه", "جريده", "موقع", "قناه", "شبكه", "وكاله", "مجله", "اذاعه", "راديو", "تلفزيون", "وكالات", "بوابه"))


@lru_cache(maxsize=8)
def kit_of(tools: Tools) -> Kit:
    """The kit of these tools, made once."""
    rules = tools.rules["cleaning"].rules if "cleaning" in tools.rules else []
    parts: dict[str, list[Rule]] = {}
    for rule in rules:
        if rule.get("part"):
            parts.setdefault(rule["part"], []).append(rule)
    media: dict[tuple[str, ...], Entry] = {}
    for entry in tools.lexicon.lists.get("media", ()):
        for form in entry.forms:
            media.setdefault(tuple(_WORD.findall(form)), entry)
    labels = {
        k: tuple(f for e in tools.lexicon.lists.get(f"boilerplate_{k}", ()) for f in e.forms) for k in ("published", "updated", "byline")
    }
    return Kit(tools, tuple(r for r in rules if r.get("drop")), {k: tuple(v) for k, v in parts.items()}, media, labels)


@dataclass(slots=True, eq=False)
class Line:
    """A block and its fate: `drop` where it is left out, else `kind` of segment; `at` is where its own text starts (after a caption's label)."""

    block: Block
    drop: DropKind | None = None
    rule: Rule | None = None
    kind: SegmentKind = "body"
    stamps: list[Stamp] = field(default_factory=list)
    named: list[Named] = field(default_factory=list)
    rest: int = 0
    labelled: bool = False
    groups: dict[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return len(self.block.words)

    @property
    def is_paragraph(self) -> bool:
        """True for running text: long, or shorter and ended like a sentence."""
        return not self.drop and (self.block.long or self.size >= 25 or (self.size >= 9 and self.block.stop))

    @property
    def is_headline(self) -> bool:
        """True for a short line that isn't ended like a sentence."""
        return not self.drop and not self.block.long and 1 <= self.size <= 24 and not self.block.stop and not self.block.opens

    @property
    def is_stamp(self) -> bool:
        """True for a day with a few words beside it."""
        return bool(self.stamps) and self.rest <= 6

    @property
    def is_signature(self) -> bool:
        """True for a few words in parts, none of them a sentence: a place and a name, a label and a name."""
        return not self.stamps and self.size <= 6 and (self.labelled or bool(_PARTED.search(self.block.form)))

    def after(self) -> str:
        return str(self.rule.get("after", "line")) if self.rule else "line"


@dataclass(frozen=True, slots=True)
class Named:
    """A part of a line of attribution, `a`..`b` in its form: an outlet or agency (`entry`), or a person or place."""

    a: int
    b: int
    form: str
    entry: Entry | None

    @property
    def words(self) -> int:
        return len(_WORD.findall(self.form))


def read_lines(folded: Folded, kit: Kit) -> list[Line]:
    """The lines of the page with every rule tried on them; nothing yet depends on the neighbours."""
    return [_read(block, kit) for block in find_blocks(folded)]


def _read(block: Block, kit: Kit) -> Line:
    line = Line(block)
    if not block.form:
        line.drop = "artifact"
        return line
    if len(block.form) > _LONGEST or block.long:
        return line
    form = block.form
    if _DIGIT.search(form) and len(block.words) <= _STAMP_WORDS:
        line.stamps = find_stamps(form, kit.parts.get("stamp", ()), kit.tools)
    if line.stamps:
        read_attribution(line, kit)
        if line.rest <= _STAMP_REST:
            line.drop = "other"
            return line
    for rule in kit.parts.get("caption", ()):
        m = rule.regex.match(form)
        if m:
            line.rule, line.kind, line.groups = rule, "caption", {"label": m.span("label")}
            return line
    for rule in kit.drops:
        m = rule.regex.match(form)
        if m:
            line.drop, line.rule = cast(DropKind, rule["drop"]), rule
            line.groups = {k: m.span(k) for k, v in m.groupdict().items() if v is not None}
            return line
    if not line.stamps and len(block.words) <= _NAME_WORDS * 2:
        read_attribution(line, kit)
    return line


def read_attribution(line: Line, kit: Kit) -> None:
    """Fill `named` with the parts of a line between separators, stamps and their words taken out, and `rest` with the number of words in them."""
    form = line.block.form
    for stamp in line.stamps:
        form = form[: stamp.a] + "|" * (stamp.b - stamp.a) + form[stamp.b :]
    if line.stamps:
        for rule in kit.parts.get("noise", ()):
            form = rule.regex.sub(lambda m: "|" * len(m.group()), form)
    at = 0
    named = []
    for m in [*_SEPARATOR.finditer(form), None]:
        end = m.start() if m else len(form)
        part = form[at:end].strip(" \"'.*")
        if part and _WORD.search(part):
            a = form.index(part, at)
            named.append(Named(a, a + len(part), part, kit.entry(part)))
        at = m.end() if m else end
    line.named = named
    line.rest = sum(n.words for n in named)
    line.labelled = line.block.form.startswith(tuple(f"{x} " for x in kit.label_words["byline"]))
