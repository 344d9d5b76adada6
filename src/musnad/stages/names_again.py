"""The second pass: who has been named in full is found by surname, given name or short form everywhere in the report."""

from __future__ import annotations

from collections.abc import Sequence

from musnad.stages.names_words import Candidate, Words, likelihood

_CLITICS = frozenset("وفبلك")
_LINKS = frozenset(("بن", "ابن", "ابو", "ابي", "ال", "عبد", "دي", "فان", "فون", "لو", "دا", "دو", "بو", "ولد"))


def short_forms(words: Words, chosen: Sequence[Candidate]) -> list[Candidate]:
    """Candidates for the short forms of the persons, and for other names' further occurrences."""
    wanted: dict[str, tuple[tuple[str, ...], float]] = {}

    def want(parts: Sequence[str], p: float) -> None:
        key = parts[0]
        if len(key) > 1 and (key not in wanted or wanted[key][1] < p):
            wanted[key] = (tuple(parts[1:]), p)

    for c in chosen:
        if c.type != "PER" or c.p < 0.6:
            continue
        parts = [words.form(k) for k in range(c.first, c.last) if words.kind(k) == "word"]
        if not parts:
            continue
        parts[0] = words.doc.text.fold_of(c.start, words.tokens[c.first].end)
        if len(parts) == 1:
            want(parts, 0.85)
            continue
        k = len(parts) - 1
        while k > 0 and parts[k - 1] in _LINKS:
            k -= 1
        if k > 0:
            want(parts[k:], 0.88)
        if likelihood(parts[0]) > 0.5 and parts[0] not in _LINKS:
            want(parts[:1], 0.72)
    if not wanted:
        return []
    longer = {k for c in chosen if c.last - c.first > 1 for k in range(c.first, c.last)}
    out = []
    for i in range(len(words.tokens)):
        form = words.forms[i]
        if (form[0] not in _CLITICS and len(form) > 3 and form not in wanted) or i in longer or words.kind(i) != "word":
            continue
        for skip, clitics, stem in words.readings(i):
            if len(clitics) > 2 or "س" in clitics or (clitics and likelihood(words.form(i)) > 0.5):
                continue
            found = wanted.get(stem)
            if found is None:
                whole = wanted.get(stem + words.form(i + 1)) if len(stem) < 4 and words.kind(i + 1) == "word" else None
                if whole is not None and not whole[0]:
                    # A surname that is written in two words here: "لو دريان".
                    out.append(words.candidate(i, i + 2, skip, "PER", "names.short-form", whole[1]))
                    break
                continue
            rest, p = found
            if any(words.form(i + 1 + n) != w for n, w in enumerate(rest)):
                continue
            if i in words.stops and not skip and likelihood(stem) < 0.3:
                continue
            out.append(words.candidate(i, i + 1 + len(rest), skip, "PER", "names.short-form", p))
            break
    return out
