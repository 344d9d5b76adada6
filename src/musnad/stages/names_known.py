"""Known names from the gazetteer, with the context that a doubtful one needs."""

from __future__ import annotations

from collections.abc import Iterator

from musnad.gazetteer import KnownHit
from musnad.stages.names_institutions import after_minister
from musnad.stages.names_words import Candidate, Words

_MOVEMENTS = ("جهادي", "الجهادي", "تكفيري", "التكفيري", "فاشي", "الفاشي", "ارهابي", "الارهابي", "اسلامي", "الاسلاميه")
"""Views and movements that aren't a people."""
_BOTH = frozenset(("السعوديه", "سوريه", "العربيه السعوديه"))
"""Names of states that are also their adjectives."""


def known_names(words: Words) -> Iterator[Candidate]:
    """Names that the gazetteer holds, and adjectives of nationality."""
    kinds = {h.first: h.last for h in words.doc.text.hits_of["place_nouns"]}
    before_place = {last for last in kinds.values()}
    for hit in words.tools.gazetteer.scan(words.doc.text.folded, words.tokens):
        known = hit.known[0]
        if known.type == "NORP" and (
            len(hit.form) < 3 or hit.form.startswith(_MOVEMENTS) or words.form(hit.first - 1).endswith(("اللغه", "لغه", "باللغتين"))
        ):
            continue
        if hit.clitics and hit.clitics[-1] in "كفس" and not hit.form.startswith("ال"):
            continue
        type_, rule, p = known.type, f"names.known-{known.type.lower()}", 0.93
        if known.type == "LOC" and hit.form in _BOTH and _adjectival(words, hit):
            type_, rule = "NORP", "names.known-norp"
        if known.type == "ORG" and (_of_an_office(words, hit) or hit.form.startswith("المعارضه")):
            continue
        if hit.last == hit.first + 1 and not hit.clitics and hit.first in words.stops:
            continue
        if not hit.sure:
            if known.type == "LOC" and hit.first in before_place and hit.first not in words.parties and hit.first not in kinds:
                rule, p = "names.known-loc-after-kind", 0.85
            elif known.type == "PER" and _title_before(words, hit.first):
                rule, p = "names.known-per-titled", 0.9
            else:
                continue
        skip = next((s.skip for s in words.readings(hit.first) if s.clitics == hit.clitics), 0)
        first = hit.first
        if known.type == "LOC" and hit.form.startswith("دوله ") and hit.last - first > 1:
            first, skip = first + 1, 0
        yield words.candidate(first, hit.last, skip, type_, rule, p, known.id)


def _adjectival(words: Words, hit: KnownHit) -> bool:
    """True where the word before is a feminine noun or a plural of the same definiteness: "القوات السعودية"، "قوات سورية"."""
    i = hit.first - 1
    if i < 0 or hit.clitics or words.kind(i) != "word" or i in words.stops:
        return False
    form = words.form(i)
    if hit.form.startswith("ال") != form.startswith("ال") and not form.startswith(("لل", "بال", "وال")):
        return False
    return form.endswith(("ه", "ات")) or form in ("القوات", "الدول")


def _of_an_office(words: Words, hit: KnownHit) -> bool:
    """True for "الخارجية الأمريكي" in "وزير الخارجية الأمريكي": the adjective is the minister's, or the ministry the office's complement."""
    parts = hit.form.split()
    if hit.known[0].kind == "ministry" and after_minister(words, hit.first):
        return True
    adjective = words.tools.gazetteer.nationality(parts[-1])
    return len(parts) == 2 and adjective is not None and parts[0].endswith("ه") and not parts[1].endswith("ه")


def _title_before(words: Words, i: int) -> bool:
    return any(h.last == i for h in words.doc.text.hits_of["titles"]) or any(h.last == i for h in words.doc.text.hits_of["ranks"])
