"""Persons: names after titles and offices, given names with what follows, kunyas, and surnames that speak."""

from __future__ import annotations

from collections.abc import Iterator

from musnad.stages.names_words import Candidate, Words, is_foreign, likelihood, likelihoods

_LONGEST = 6
_SECOND_HALVES = frozenset(("الله", "الدين", "الاسلام", "الرحمن", "الزهراء"))
"""What completes a given name of two words: نصر الله، صلاح الدين."""
_TITLE_NAMES = frozenset(("السيد", "الشيخ", "الحاج", "القاضي", "الامير", "الخطيب", "الامام", "الملا", "النقيب"))
"""Titles that are surnames too."""
_ORDINALS = frozenset(("الاول", "الثاني", "الثالث", "الرابع", "الخامس", "السادس", "السابع", "الثامن"))
_CUES = frozenset(
    "قال قالت اكد اكدت اعلن اعلنت ذكر ذكرت اضاف اضافت اوضح اوضحت افاد افادت صرح صرحت كشف كشفت اشار اشارت شدد شددت نفي نفت طالب طالبت دعا دعت اتهم اتهمت حذر حذرت تابع تابعت لفت كتب كتبت راي اعتبر اعتبرت ووصف وصف التقي استقبل".split()
)


def people(words: Words) -> Iterator[Candidate]:
    """Persons by pattern."""
    yield from _titled(words)
    yield from _by_shape(words)


def _titled(words: Words) -> Iterator[Candidate]:
    """After a title, a rank or an office with its complements: "وزير الخارجية الأمريكي، مايك بومبيو"."""
    heads = words.heads
    for first, (last, number) in heads.items():
        if number != "s":
            continue
        i = last
        rule, p = "names.titled", 0.9
        for _ in range(10):
            if words.form(i) == "#":
                i += 1
            known = words.name_at(i)
            if known is not None and known.type == "PER":
                end = run(words, i, 0, 0.3)
                if end > known.last:
                    yield words.candidate(i, end, 0, "PER", rule, p)
                break
            if known is not None:
                i = known.last
                continue
            if i in heads and i != first:
                i = heads[i][0]
                continue
            end = run(words, i, 0, 0.3)
            if words.form(i)[0] in "ولب" and words.form(i) not in likelihoods():
                break
            if end > i and (words.likely(i) >= 0.3 or words.form(i) in ("ابو", "عبد", "بن", "ال")) and not _adjective_like(words, i):
                single = end == i + 1
                q = p - (0.25 if single and words.likely(i) < 0.55 else 0)
                yield words.candidate(i, end, 0, "PER", rule, q)
                break
            if i in words.addressed and i not in words.heads:
                end = _addressed(words, i)
                if end > i:
                    yield words.candidate(i, end, 0, "PER", "names.addressed", 0.85 if end > i + 1 else 0.6)
                    break
            form = words.form(i)
            if form == "،" and i > last:
                i += 1
                end = run(words, i, 0, 0.3)
                if end <= i + 1:
                    break
                rule, p = "names.titled-comma", 0.85
                continue
            if (
                words.kind(i) == "word"
                and (
                    form.startswith(("ال", "لل", "وال", "بال"))
                    or i in words.complements
                    or form in ("في", "باسم", "لدي", "لشؤون", "لحقوق", "من", "الي", "علي")
                )
                and (i not in words.stops or form in ("في", "لدي", "الي"))
            ):
                i += 1
                continue
            break


def _addressed(words: Words, i: int) -> int:
    """The end of a name right after a title or rank whose first word is common or unknown: "اللواء تحسين الخفاجي"."""
    form = words.form(i)
    if words.kind(i) != "word" or i in words.stops or i in words.complements or form.startswith(("ال", "لل")) or _is_noun(words, i):
        return i
    after = words.form(i + 1)
    if after.startswith("ال") and after.endswith("ي") and i + 1 not in words.adjectives and words.name_at(i + 1) is None:
        return i + 2
    end = run(words, i + 1, 0, 0.3)
    if end > i + 1 and words.likely(i + 1) >= 0.3:
        return end
    return i + 1 if is_foreign(form) and words.kind(i + 1) != "word" else i


def _adjective_like(words: Words, i: int) -> bool:
    """True for a word with the article that may as well be an adjective of the title before it."""
    form = words.form(i)
    return i in words.adjectives or (form.startswith("ال") and likelihood(form) < 0.4)


def _by_shape(words: Words) -> Iterator[Candidate]:
    """A given name and what follows; a kunya; a likely surname after a verb of saying."""
    i, n = 0, len(words.tokens)
    while i < n:
        form = words.forms[i]
        if (
            words.kind(i) != "word"
            or i in words.stops
            or (form[0] not in "وبلعا" and words.forms[i + 1] not in ("بن", "ال") and likelihood(form) < 0.35)
        ):
            i += 1
            continue
        best: tuple[int, int, float, str] | None = None
        for skip, clitics, stem in words.readings(i):
            if len(clitics) > 1 or clitics == "س" or (clitics == "ف"):
                continue
            s = words.likely(i, skip)
            if skip and words.name_at(i) is not None:
                continue
            after = words.form(i + 1)
            if not skip and words.kind(i + 2) == "word" and (after == "بن" or (after == "ال" and words.source(i + 1).startswith("آ"))):
                s = max(s, 0.65)
            if skip and (
                s < 0.6 or clitics == "ك" or likelihoods().get(words.form(i), 0) > 3 or (s < 0.66 and likelihoods().get(words.form(i)) == 0)
            ):
                continue
            link = stem in ("ابو", "ابي", "عبد") and not skip
            told = words.form(i - 1) in _CUES and not skip
            if (s < (0.35 if told else 0.6) and not link) or ((i in words.heads or i in words.parties) and s < 0.85):
                continue
            if stem.startswith("ال") and not skip and words.form(i - 1) not in _CUES:
                continue
            end = run(words, i, skip, 0.35)
            if end - i >= 2:
                scores = [words.likely(k) for k in range(i + 1, end)]
                q = 0.6 + 0.3 * min(1.0, (s + sum(scores) / len(scores)) / 2)
                best = (skip, end, q, "names.given-name")
                break
            if end == i + 1 and s >= 0.75 and words.form(i - 1) in _CUES and not skip:
                best = (skip, end, 0.6 + 0.2 * s, "names.speaks")
                break
            if end == i + 1 and s >= 0.9 and not skip:
                best = (skip, end, 0.55 if words.counts[form] > 1 else 0.45, "names.likely-word")
                break
        if best is None:
            i += 1
            continue
        skip, end, q, rule = best
        yield words.candidate(i, end, skip, "PER", rule, q)
        i = end


def run(words: Words, i: int, skip: int, least: float) -> int:
    """The token after the name parts that begin at token i (after `skip` clitic characters); i where there are none.

    Parts are likely words, and links ("بن"، "أبو"، "عبد") with whatever they bind; a hyphen or a hash may stand between.
    """
    j = i
    bound = False
    while j < len(words.tokens) and j - i < _LONGEST + 2:
        form = words.form(j)[skip if j == i else 0 :]
        if j > i and _joins(words, j):
            j += 1
            continue
        if words.kind(j) != "word":
            break
        if bound:
            if j in words.stops:
                break
            bound, j = False, j + 1
            continue
        if j > i and (form in _SECOND_HALVES or form in _ORDINALS):
            j += 1
            continue
        link = _link(words, j, form, i)
        if link is not None:
            if not link:
                break
            bound, j = True, j + 1
            continue
        if j in words.stops and not words.likely(j) > 0.5:
            break
        if not _part(words, i, j, skip, least):
            break
        j += 1
    while j > i and (words.form(j - 1) in ("-", "#") or (j - 1 > i and j - 1 in words.links)):
        j -= 1
    return j if not bound or j > i + 1 else i


def _joins(words: Words, j: int) -> bool:
    """True for a hyphen inside a word, and for a hash before a further part."""
    if words.kind(j + 1) != "word":
        return False
    if words.form(j) == "-":
        return words.tokens[j].b == words.tokens[j + 1].a and words.tokens[j - 1].b == words.tokens[j].a
    return words.form(j) == "#" and words.likely(j + 1) >= 0.4


def _link(words: Words, j: int, form: str, first: int) -> bool | None:
    """True for a link with something to bind, False for one without, None for other words."""
    if j not in words.links and form not in ("ابو", "ابي", "عبد", "بن", "ال"):
        return None
    if words.kind(j + 1) != "word" or (form == "فان" and words.likely(j + 1) < 0.5):
        return False
    return not (form == "ال" and j == first and not words.form(j + 1).startswith("ال") and words.likely(j + 1) < 0.3)


def _part(words: Words, first: int, j: int, skip: int, least: float) -> bool:
    """True when token j is a part of a name that began at `first`."""
    form = words.form(j)[skip if j == first else 0 :]
    s = words.likely(j, skip if j == first else 0)
    other = words.name_at(j)
    if other is not None and other.type in ("NORP", "LOC", "ORG"):
        if other.type == "NORP" and first < j < first + 3 and form.startswith("ال") and form.endswith("ي"):
            return True
        if s < 0.7:
            return False
    if j > first:
        if (other is None and words.name_at(j, None) is not None) or (j in words.heads and s < 0.6 and form not in _TITLE_NAMES):
            return False
        if form[0] in "لب" and s < 0.6 and likelihoods().get(form[1:], 3) not in (1, 2, 3) and likelihoods().get(form, 0) < 2:
            return False
        if form[0] == "و" and s < 0.8 and max(likelihood(form[1:]), s) > s - 0.3:
            return False
        if words.likely(j - 1) >= 0.6:
            least = 0.2
        if form.startswith("ال") and first == j - 1 and s < least:
            return words.likely(first, skip) >= 0.85 and words.kind(j + 1) != "word" and not _is_noun(words, j)
        if first == j - 1 and s < least and words.likely(first, skip) >= 0.6:
            return is_foreign(form) and not _is_noun(words, j)
    return s >= least


def _is_noun(words: Words, i: int) -> bool:
    """True for words that the lists know as adjectives, offices, parties or kinds."""
    return (
        i in words.adjectives
        or i in words.heads
        or i in words.parties
        or i in words.kinds
        or words.form(i).endswith(("ه", "ات", "ين", "ون"))
    )
