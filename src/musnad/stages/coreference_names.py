"""Names of one report that mean the same: known ids, equal forms, short and full names, spelling variants, bracketed short forms."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from rapidfuzz.distance import Levenshtein

from musnad.document import Document
from musnad.gazetteer import Known
from musnad.grammar.folding import Folded
from musnad.grammar.tokens import tokenize
from musnad.phrases.forms import MARKS, folded_name
from musnad.record.kinds import Mention, MentionType, Office
from musnad.tools import Tools

_SKELETON = str.maketrans(
    {
        "ا": None,
        "و": None,
        "ي": None,
        "ه": None,
        "ء": None,
        "ئ": None,
        "ؤ": None,
        " ": None,
        "غ": "ج",
        "ق": "ك",
        "ث": "ت",
        "ذ": "د",
        "ظ": "ض",
    }
)
_HEADS = frozenset(
    "تنظيم جماعه حركه حزب ميليشيا ميليشيات مليشيا مليشيات قوات منظمه وكاله صحيفه قناه شبكه شركه موقع دوله جمهوريه حلف كتائب فصيل اقليم مدينه محافظه ولايه جبل جبال".split()
)
"""Heads that a name keeps or drops: "تنظيم داعش"، "داعش"."""

_MOST = 150
"""A new name is compared with at most so many earlier ones, so that time grows with length only."""


@dataclass(eq=False)
class Cluster:
    """One entity in the making. `forms` are its spellings in the text, `heads` the nouns that it goes by ("تنظيم"), `titles` the words of its offices."""

    type: MentionType
    key: str
    known: Known | None = None
    forms: dict[str, int] = field(default_factory=dict)
    folded: set[str] = field(default_factory=set)
    heads: set[str] = field(default_factory=set)
    titles: list[frozenset[str]] = field(default_factory=list)
    offices: list[Office] = field(default_factory=list)
    sectors: list[str] = field(default_factory=list)
    country: str | None = None
    gender: str = ""
    given: str | None = None
    first: int = 0
    into: Cluster | None = None

    def final(self) -> Cluster:
        """The cluster that this one was joined to, else itself."""
        cluster = self
        while cluster.into is not None:
            cluster = cluster.into
        return cluster

    def id(self, doc: Document) -> str:
        return doc.id("entities", self.type, self.known.id if self.known is not None else self.key)

    def name(self) -> str:
        """The fullest spelling in the text; of equally full ones the most frequent. Where the text has none, the known name."""
        if self.given is not None:
            return self.given
        if not self.forms:
            return self.known.name if self.known is not None else self.key
        return max(self.forms, key=lambda f: (len(f.split()), self.forms[f], len(f)))

    def add(self, mention: Mention, folded: str) -> None:
        form = " ".join(MARKS.sub(" ", mention.text.replace("_", " ")).split())
        if folded.startswith("ال") and form.startswith("ل"):
            form = f"ا{form}"
        self.forms[form] = self.forms.get(form, 0) + 1
        self.folded.add(folded)


def cluster_names(doc: Document, tools: Tools, names: Sequence[Mention]) -> tuple[list[Cluster], dict[str, tuple[Cluster, str]]]:
    """The clusters in text order, and for each mention its cluster with the reason."""
    by_form: dict[tuple[str, str], Cluster] = {}
    by_known: dict[str, Cluster] = {}
    out: list[Cluster] = []
    people = People()
    of: dict[str, tuple[Cluster, str]] = {}
    persons = [m for m in names if m.type == "PER"]
    full = sorted(persons, key=lambda m: -len(folded_name(doc, m.start, m.end).split()))
    for mention in [*full, *(m for m in names if m.type != "PER")]:
        form = folded_name(doc, mention.start, mention.end)
        cluster = by_form.get((mention.type, form))
        why = "same name"
        if cluster is None:
            known = _known(tools, mention, form, doc.published)
            cluster = by_known.get(known.id) if known is not None else None
            why = f"known as {known.id}" if known is not None else ""
            if cluster is None and mention.type == "PER":
                cluster, why = people.find(form)
            elif cluster is None and known is None:
                cluster, why = _variant(out, mention.type, form)
            if cluster is None:
                cluster = Cluster(mention.type, form, known, country=_country(known), first=mention.start)
                out.append(cluster)
                why = "first named here" if known is None else why
            elif cluster.known is None:
                cluster.known = known
            if known is not None:
                by_known[known.id] = cluster
            by_form[mention.type, form] = cluster
            if mention.type == "PER":
                people.add(cluster, form)
        cluster.add(mention, form)
        cluster.first = min(cluster.first, mention.start)
        head = form.split()[0]
        if head in _HEADS:
            cluster.heads.add(head)
        of[mention.id] = (cluster, why)
    _bracketed(doc, names, out, of)
    out.sort(key=lambda c: c.first)
    return [c for c in out if c.forms], {id: (cluster.final(), why) for id, (cluster, why) in of.items()}


def _country(known: Known | None) -> str | None:
    return known.country if known is not None else None


def _known(tools: Tools, mention: Mention, form: str, day: str | None) -> Known | None:
    """The known name of this form and type; of namesakes among persons the one in office on the day."""
    found = [k for k in tools.gazetteer.lookup(form) if k.type == mention.type]
    if not found and mention.type == "NORP":
        code = tools.gazetteer.nationality(form)
        return tools.gazetteer.by_id(f"nat:{code}") if code else None
    if not found and mention.type == "ORG":
        head, _, rest = form.partition(" ")
        if head in _HEADS and rest:
            found = [k for k in tools.gazetteer.lookup(rest) if k.type == "ORG"]
    if not found and mention.type == "ORG":
        folded = Folded(form)
        hits = tools.gazetteer.scan(folded, tokenize(folded))
        found = [h.known[0] for h in hits if h.form == form and h.known[0].type == "ORG"]
    if mention.type == "PER" and len(form.split()) == 1 and len(found) > 1:
        held = [k for k in found if day is not None and any(o.held_on(day) for o in k.offices)]
        return held[0] if len(held) == 1 else None
    return found[0] if found else None


class People:
    """The persons of one report by the parts of their names: a short form or another spelling finds its full name."""

    def __init__(self) -> None:
        self.parts: dict[tuple[str, str], tuple[Cluster, str]] = {}
        self.forms: list[tuple[str, Cluster]] = []

    def add(self, cluster: Cluster, form: str) -> None:
        words = form.split()
        for k in range(1, len(words)):
            self.parts.setdefault(("last", " ".join(words[-k:])), (cluster, form))
            self.parts.setdefault(("given", " ".join(words[:k])), (cluster, form))
        for k in range(1, len(words) + 1):
            self.parts.setdefault(("spelling", _skeleton(" ".join(words[-k:]))), (cluster, form))
        if len(self.forms) < _MOST:
            self.forms += [(form, cluster), *(((words[-1], cluster),) if len(words) > 1 else ())]

    def find(self, form: str) -> tuple[Cluster | None, str]:
        """The person of a fuller name whose last or first part the form is, or whose spelling is close, and the reason."""
        for kind, why in (("last", "last name of"), ("given", "given name of")):
            found = self.parts.get((kind, form))
            if found is not None:
                return found[0], f"{why} {found[1]}"
        bones = _skeleton(form)
        found = self.parts.get(("spelling", bones)) if len(bones) >= 3 else None
        if found is not None:
            return found[0], f"spelling of {found[1]}"
        plain = form.replace(" ", "")
        for full, cluster in self.forms:
            if (
                full[0] == form[0]
                and min(len(full), len(form)) >= 6
                and Levenshtein.distance(full.replace(" ", ""), plain, score_cutoff=1) <= 1
            ):
                return cluster, f"spelling of {full}"
        return None, ""


def _skeleton(form: str) -> str:
    return form.translate(_SKELETON)


def _variant(out: Sequence[Cluster], type_: str, form: str) -> tuple[Cluster | None, str]:
    """The same name with or without its head noun: "تنظيم داعش"، "داعش"."""
    bare = _without_head(form)
    for cluster in islice(out, _MOST):
        if cluster.type == type_ and any(_without_head(f) == bare for f in cluster.folded):
            return cluster, "the same name with its head noun"
    return None, ""


def _without_head(form: str) -> str:
    head, _, rest = form.partition(" ")
    return rest if head in _HEADS and rest else form


def _bracketed(doc: Document, names: Sequence[Mention], out: list[Cluster], of: dict[str, tuple[Cluster, str]]) -> None:
    """A name in brackets or marks right after another of its type is the other's short form: "وكالة الأنباء السورية (سانا)"."""
    for a, b in itertools.pairwise(names):
        between = doc.text.fold_of(a.end, b.start)
        if a.type != b.type or a.type not in ("ORG", "LOC") or len(between) > 3 or between.strip() not in ("(", '"', '("', "( "):
            continue
        one, other = of[a.id][0].final(), of[b.id][0].final()
        if one is other or (one.known is not None and other.known is not None):
            continue
        kept, gone = (one, other) if other.known is None else (other, one)
        kept.forms.update(gone.forms)
        kept.folded |= gone.folded
        kept.heads |= gone.heads
        kept.first = min(kept.first, gone.first)
        gone.forms, gone.into = {}, kept
        of[b.id] = (kept, f"short form in brackets of {a.text}")
