"""A report's tokens as the phrase grammar sees them: nouns, names, adjectives, counting words, each by token."""

from __future__ import annotations

from typing import NamedTuple

from musnad.document import Document
from musnad.grammar.lexicon import Hit
from musnad.grammar.tokens import splits
from musnad.phrases.nouns import Noun, find_nouns
from musnad.record.kinds import Mention
from musnad.tools import Tools

QUOTES = frozenset("\"'")
_NISBA = ("ي", "يه", "يون", "يين", "يات", "يا", "يان")
_COUNTED = ("", "و", "ل", "ب", "ف", "ول", "وب", "ك")


class Name(NamedTuple):
    """A name mention at tokens `first`..`last` (exclusive) with the proclitics before it."""

    mention: Mention
    first: int
    last: int
    clitics: str


class View:
    """Lookups by token index; indexes past the end answer like a line end."""

    def __init__(self, doc: Document, tools: Tools) -> None:
        self.doc = doc
        self.tokens = doc.text.tokens
        self.forms = [t.form for t in self.tokens]
        self.nouns = find_nouns(doc, tools)
        self.names = self._names()
        hits = doc.text.hits_of
        self.adjectives = {h.first for h in hits["nominals_adjectives"] if not h.clitics}
        self.stops = {h.first for h in hits["name_stops"] if not h.clitics}
        self.complements = {h.first for h in hits["office_nouns_complements"] if not h.clitics}
        self.pronouns = {h.first: h for h in hits["pronouns"] if h.clitics in ("", "و", "ف")}
        self.kinds = {h.first for h in hits["place_nouns"]}
        self.quantifiers: dict[int, dict[str, Hit]] = {}
        for hit in hits["nominals_quantifiers"]:
            self.quantifiers.setdefault(hit.first, {}).setdefault(hit.clitics, hit)

    def _names(self) -> dict[int, Name]:
        out = {}
        text = self.doc.text
        for m in self.doc.mentions:
            if m.form != "name":
                continue
            first = text.token_index(m.start)
            last = text.token_index(m.end - 1) + 1
            if first >= len(self.tokens) or last <= first:
                continue
            token = self.tokens[first]
            out[first] = Name(m, first, last, text.fold_of(token.start, m.start) if m.start > token.start else "")
        return out

    def form(self, i: int) -> str:
        return self.forms[i] if 0 <= i < len(self.forms) else "\n"

    def is_word(self, i: int) -> bool:
        return 0 <= i < len(self.tokens) and self.tokens[i].kind == "word"

    def noun(self, i: int, clitics: str | None = None) -> Noun | None:
        """The head noun at token i after these clitics (None: any)."""
        for noun in self.nouns.get(i, ()):
            if clitics is None or noun.clitics == clitics:
                return noun
        return None

    def name(self, i: int, clitics: str | None = "") -> Name | None:
        """The name at token i after these clitics (None: any)."""
        name = self.names.get(i)
        return name if name is not None and (clitics is None or name.clitics == clitics) else None

    def inside(self, i: int) -> int:
        """The token after an opening quotation mark, bracket or hash, else i."""
        return i + 1 if self.form(i) in ('"', "'", "(", "#") else i

    def start(self, i: int, clitics: str) -> int:
        """The source offset of token i after its clitics."""
        token = self.tokens[i]
        skip = next((s.skip for s in splits(token.form) if s.clitics == clitics), 0) if clitics and token.kind == "word" else 0
        return self.doc.text.folded.span(token.a + skip, token.b)[0] if skip else token.start

    def quantified(self, i: int) -> tuple[int, str, str]:
        """The token after counting and pointing words ("ثلاثة"، "عدد من"، "هذه"), the clitics before them, and the number that they give."""
        j, clitics, number = i, "", ""
        while j < len(self.tokens) and j - i < 6:
            token = self.tokens[j]
            if token.kind == "number" and len(token.form) < 9:
                number, j = ("s" if token.form == "1" else "p"), j + 1
                continue
            hits = self.quantifiers.get(j)
            if hits is None:
                break
            hit = next((hits[c] for c in (_COUNTED if j == i else ("", "و")) if c in hits), None)
            if hit is None or (j > i and hit.clitics == "و" and not number):
                break
            if j == i:
                clitics = hit.clitics
            number = hit.entry.get("number") or number
            j = hit.last
        if j > i and self.form(j) == "من" and j + 1 < len(self.tokens):
            j += 1
        return j, clitics, number

    def adjective(self, i: int, definite: bool, plural: bool) -> bool:
        """True where the word at i can be an adjective of the given definiteness; a plural ending only where `plural`."""
        form = self.form(i)
        if form.startswith("ال") != definite or i in self.stops or not self.is_word(i):
            return False
        if i not in self.adjectives and (self.noun(i, "") is not None or not form.endswith(_NISBA) or len(form) < (5 if definite else 4)):
            return False
        return plural or not form.endswith(("ون", "ين"))

    def leads_on(self, i: int) -> bool:
        """True when the word at i can complete a noun before it."""
        return self.form(i).startswith("ال") or self.name(self.inside(i)) is not None or i in self.complements

    def person_ahead(self, i: int) -> bool:
        """True when a person's name follows, with nothing but its titles and nationality before it."""
        for j in range(i, min(i + 5, len(self.tokens))):
            name = self.name(j)
            if name is not None and name.mention.type != "NORP":
                return name.mention.type == "PER"
            if name is None and not (self.form(j).startswith("ال") or j in self.nouns):
                return False
        return False
