"""What the names stage knows of each word: its readings, how likely it is part of a person's name, and the word lists' say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import NamedTuple

from musnad.document import Document
from musnad.grammar.tokens import Split, splits, without_pronoun
from musnad.record.kinds import MentionType
from musnad.tools import ARABIC, Tools

LIKELIHOOD = ARABIC / "names" / "likelihood.txt"
_ARABIC_ONLY = frozenset("ثذظضصحعء")
_PAD = 16
_CLITIC_STARTS = frozenset("وفبلك")


class Candidate(NamedTuple):
    """A proposed name at tokens `first`..`last` (exclusive), `start`..`end` in the source; `rule` says who proposes it, `p` how often that rule is right."""

    first: int
    last: int
    start: int
    end: int
    type: MentionType
    rule: str
    p: float
    known: str | None = None


@cache
def likelihoods() -> dict[str, int]:
    """Folded word to its likelihood of being part of a person's name, in ninths."""
    out: dict[str, int] = {}
    for line in LIKELIHOOD.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            digit, *words = line.split(" ")
            out.update(dict.fromkeys(words, int(digit)))
    return out


@cache
def likelihood(form: str) -> float:
    """How likely the folded word, as it stands, is part of a person's name (0 to 1); for unknown words by their shape."""
    if form.startswith("عبدال") and len(form) > 7:
        return 0.95
    known = likelihoods().get(form)
    if known is not None:
        return known / 9
    return shape(form)


@cache
def shape(form: str) -> float:
    """A guess for a word that no list has: Arabic's own letters, endings and verb prefixes speak against a foreign name."""
    if len(form) < 3 or len(form) > 12:
        return 0.1
    known = likelihoods()
    if form.startswith("ال"):
        core = form[2:]
        return 0.1 if known.get(core, 9) <= 1 else 0.45 if core.endswith("ي") else 0.3
    if _derived(form, known):
        return 0.1
    if form[0] == "س" and form[1] in "يتن" and (known.get(form[1:], 9) == 0 or known.get(form[2:], 9) == 0):
        return 0.05
    if form[0] in "يتنا" and known.get(form[1:], 9) == 0:
        return 0.1
    if form[0] in _CLITIC_STARTS and (known.get(form[1:], 9) == 0 or _derived(form[1:], known)):
        return 0.08
    if form.endswith(("هم", "ها", "هما", "ات")):
        return 0.2
    return 0.35 if _ARABIC_ONLY & set(form) else 0.5


_SUFFIXES = ("هما", "تها", "هم", "ها", "كم", "نا", "ات", "ين", "ون", "ان", "ته", "وا", "تا", "ه", "ا", "ي", "و")


def _derived(form: str, known: dict[str, int]) -> bool:
    """True for a common word with an ending."""
    for suffix in _SUFFIXES:
        if form.endswith(suffix) and len(form) > len(suffix) + 2:
            stem = form[: -len(suffix)]
            if known.get(stem, 9) == 0 or known.get(stem + "ه", 9) == 0 or (stem.endswith("ت") and known.get(stem[:-1] + "ه", 9) == 0):
                return True
    return False


@cache
def is_common_noun(form: str) -> bool:
    """True for words that corpora show in the forms of a common noun or adjective: with and without the article, with endings."""
    known = likelihoods()
    core = form[2:] if form.startswith("ال") else form
    stem = core[:-1] + "ت" if core.endswith("ه") else core
    masculine = core[:-1] if core.endswith("يه") else ""
    marks = (masculine, f"ال{core}" if core == form else core, f"{core}ا", f"{stem}ها", f"{stem}هم", f"{core}ين", f"{stem}ه", f"{core}ات")
    return sum(known.get(m, 9) <= 1 for m in marks) >= 2


@cache
def is_foreign(form: str) -> bool:
    """True for words in which nothing of Arabic's forms shows: no noun's, no verb's, no ending, no proclitic before a common word."""
    known = likelihoods()
    if (
        len(form) < 3
        or form.startswith(("ال", "لل"))
        or is_common_noun(form)
        or _derived(form, known)
        or (form[0] == "س" and form[1] in "يتن")
    ):
        return False
    if form[0] in _CLITIC_STARTS and len(form) > 4 and (known.get(form[1:], 9) == 0 or _derived(form[1:], known)):
        return False
    verb = (f"{form}ت", f"{form}وا", f"ي{form}", f"ت{form}", f"{form}ه", f"ي{form[1:]}", f"ت{form[1:]}")
    return not any(known.get(v, 9) == 0 for v in verb)


@lru_cache(maxsize=100_000)
def _kin(tools: Tools, form: str) -> bool:
    """True for one person's office or kinship with a possessive pronoun: "زوجته"، "سلفه"."""
    for split in splits(form):
        for base, _ in () if split.stem.startswith("ال") else without_pronoun(split.stem):
            entry = tools.lexicon.entry("office_nouns", base)
            if entry is not None and entry.get("number") == "s":
                return True
    return False


class Words:
    """The tokens of a report as the names stage sees them."""

    def __init__(self, doc: Document, tools: Tools) -> None:
        self.doc, self.tools = doc, tools
        self.tokens = doc.text.tokens
        # Padded, so that looking a few tokens past the end (or before the start) finds a line end.
        self.forms = [t.form for t in self.tokens] + ["\n"] * _PAD
        self.kinds_of = [t.kind for t in self.tokens] + ["line"] * _PAD
        hits = doc.text.hits_of
        self.stops = {h.first for h in hits["name_stops"] if not h.clitics and h.last == h.first + 1}
        self.stops -= {i for i in self.stops if self.forms[i] in ("علي", "الي") and self.source(i).endswith("ي")}
        self.stopped = {h.first for h in hits["name_stops"] if h.last == h.first + 1 and h.clitics in ("و", "ف", "ل", "ب")}
        self.kinds = {h.first for h in hits["place_nouns"]}
        self.links = {h.first: h for h in hits["name_links"] if not h.clitics}
        self.adjectives = {h.first for h in hits["nominals_adjectives"] if not h.clitics}
        self.complements = {h.first for h in hits["office_nouns_complements"] if not h.clitics}
        self.heads: dict[int, tuple[int, str]] = {}
        self.addressed = {
            h.last
            for name in ("titles", "ranks")
            for h in hits[name]
            if h.entry.get("number") == "s" and (name == "ranks" or h.form.startswith("ال"))
        }
        for name in ("titles", "ranks", "office_nouns"):
            for hit in hits[name]:
                if hit.form.endswith("ا") and not hit.form.endswith(("بابا", "ملا", "انبا")):
                    continue
                old = self.heads.get(hit.first)
                if old is None or hit.last > old[0]:
                    self.heads[hit.first] = (hit.last, hit.entry.get("number"))
        for i, form in enumerate(self.forms[:-_PAD]):
            if len(form) > 4 and form.endswith(("ه", "ها", "هم")) and i not in self.heads and _kin(tools, form):
                self.heads[i] = (i + 1, "s")
        self.parties = {h.first for h in hits["nominals"]}
        self.counts = Counter(self.forms)
        self.taken: dict[int, Candidate] = {}

    def source(self, i: int) -> str:
        if not 0 <= i < len(self.tokens):
            return ""
        t = self.tokens[i]
        return self.doc.source[t.start : t.end]

    def likely(self, i: int, skip: int = 0) -> float:
        """How likely token i, without `skip` shadow characters, is part of a person's name; علي is told from على by the source."""
        form = self.form(i)[skip:]
        if form in ("الي", "\n"):
            return 0.0
        if form == "علي":
            return 0.8 if self.source(i).endswith("ي") and self.form(i + 1)[:2] not in ("ال", "ان") else 0.0
        return likelihood(form)

    def form(self, i: int) -> str:
        return self.forms[i]

    def kind(self, i: int) -> str:
        return self.kinds_of[i]

    def readings(self, i: int) -> tuple[Split, ...]:
        """The ways to cut token i into clitics and stem, the whole word first."""
        return splits(self.forms[i]) if self.tokens[i].kind == "word" else (Split(0, "", self.forms[i]),)

    def start(self, i: int, skip: int = 0) -> int:
        """The source offset of token i after `skip` shadow characters."""
        t = self.tokens[i]
        return self.doc.text.folded.span(t.a + skip, t.b)[0] if skip else t.start

    def skip(self, i: int, clitics: str) -> int:
        """How many shadow characters of token i are these clitics."""
        return next((s.skip for s in self.readings(i) if s.clitics == clitics), 0)

    def candidate(self, first: int, last: int, skip: int, type_: MentionType, rule: str, p: float, known: str | None = None) -> Candidate:
        return Candidate(first, last, self.start(first, skip), self.tokens[last - 1].end, type_, rule, p, known)

    def note(self, found: Iterable[Candidate]) -> None:
        """Remember sure candidates by their first token (the longest), for the patterns that look for a name after a word."""
        for c in found:
            old = self.taken.get(c.first)
            if old is None or c.last > old.last or (c.last == old.last and c.p > old.p):
                self.taken[c.first] = c

    def name_at(self, i: int, skip: int | None = 0) -> Candidate | None:
        """The remembered candidate that begins at token i, after `skip` shadow characters of clitics (None: any)."""
        c = self.taken.get(i)
        return c if c is not None and (skip is None or c.start == self.start(i, skip)) else None

    def is_common(self, i: int) -> bool:
        """True for words that are no part of names: particles, verbs, and words that corpora know as common."""
        return i in self.stops or self.kind(i) != "word" or likelihood(self.forms[i]) < 0.06
