"""Known names from the gazetteer, with the context that a doubtful one needs."""

from __future__ import annotations

import re

from musnad.gazetteer import Known, KnownHit
from musnad.record.kinds import MentionType
from musnad.stages.names_institutions import after_minister
from musnad.stages.names_words import Candidate, Words, is_common_noun, likelihood, likelihoods, shape

_BOTH = frozenset(("السعوديه", "سوريه", "العربيه السعوديه"))
"""Names of states that are also their adjectives."""
_MOVEMENTS = ("جهادي", "الجهادي", "تكفيري", "التكفيري", "فاشي", "الفاشي", "ارهابي", "الارهابي")
"""Views that aren't a people."""
_HOUTHIS = re.compile("(?:ال)?حوثي(?:ه|ون|ين)?")
"""A movement named by its people's adjective."""
_NO_ORG = re.compile("المعارضه|.*بقياده|الم[يل]+شيات? |م[يل]+شيات? الحوثي|قوات الب[يش]+مركه|قوات حفظ|الدوري|دوري|كاس ")
"""Known to the lists, but no ORG by the contract: only the adjective or the inner name is a mention."""
_BIG = 150_000
"""Inhabitants from which a place's name needs no context."""
_LARGE_KINDS = frozenset(("state", "territory", "region", "admin1", "sea", "continent", "governorate"))
_IN = frozenset("في الي من نحو بين قرب غرب شرق شمال جنوب وسط داخل خارج صوب باتجاه حول عبر غربي شرقي شمالي جنوبي مدينه".split())
_LANDS = frozenset(("كوريا", "افريقيا"))
"""Lands that are also the accusative of their people's adjective."""
_ADMIN = frozenset("دوله جمهوريه محافظه مدينه اقليم ولايه قضاء ناحيه قطاع ريف منطقه بلده قريه مقاطعه مديريه حي جبهه عاصمه".split())
"""Kind words that stay outside of a place's name."""
_WESTERN = frozenset(
    "الدول والدول للدول البلدان القوي العواصم القوات الحكومات الحلفاء المسؤولين المسؤولون الدبلوماسيين المجتمع العالم التحالف الاوربيه الاوروبيه".split()
)
"""Nouns after which "الغربية" is the West and no direction."""
_FEMININE = frozenset("القوات الدول قوات دول".split())


def known_names(words: Words) -> list[Candidate]:
    """Names that the gazetteer holds, and adjectives of nationality. A small place that is sure once is taken everywhere in the report."""
    kinds = {h.first: h for h in words.doc.text.hits_of["place_nouns"]}
    after_kind = {h.last for h in kinds.values() if not h.form.startswith("ال")}
    out: list[Candidate] = []
    waiting: list[tuple[Candidate, str]] = []
    placed: set[str] = set()
    listed = -1
    for hit in words.tools.gazetteer.scan(words.doc.text.folded, words.tokens):
        if hit.clitics and (hit.clitics[-1] in "كفس" and not hit.form.startswith("ال")):
            continue
        if hit.last == hit.first + 1 and not hit.clitics and hit.first in words.stops:
            continue
        known = _meant(words, hit)
        type_: MentionType = known.type
        if known.id.startswith("media:") and hit.last - hit.first == 2 and not _as_outlet(words, hit):
            first = next((k for k in words.tools.gazetteer.lookup(hit.form.split()[0]) if k.type == "LOC"), None)
            if first is not None:
                out.append(
                    words.candidate(hit.first, hit.first + 1, words.skip(hit.first, hit.clitics), "LOC", "names.known-loc", 0.93, first.id)
                )
            continue
        if hit.form in ("الغربيه", "الغربي", "الغربيون", "الغربيين") and words.form(hit.first - 1) in _WESTERN:
            type_, p = "NORP", 0.85
        elif type_ == "NORP" and hit.form in _LANDS:
            type_ = "LOC"
            p = 0.93
        elif type_ == "LOC" and hit.form in _BOTH and _adjectival(words, hit):
            type_, p = "NORP", 0.93
        elif type_ == "LOC":
            p = _place(words, hit, known, hit.first in after_kind, listed == hit.first)
            if p > 0.5:
                listed = hit.last + (words.form(hit.last) == "،")
                placed.add(hit.form)
        elif type_ == "NORP":
            p = _people(words, hit)
        elif type_ == "ORG":
            p = 0.0 if _no_name(words, hit) else 0.93 if hit.sure else 0.4
            if _HOUTHIS.fullmatch(hit.form):
                type_, p = "NORP", 0.93
        else:
            p = 0.93 if hit.sure else 0.9 if _title_before(words, hit.first) else 0.0
        if not p:
            continue
        candidate = _cut(words, hit, known, type_, p)
        if p >= 0.5:
            out.append(candidate)
        elif type_ == "LOC":
            waiting.append((candidate, hit.form))
    out += [c._replace(p=0.8, rule="names.known-loc-again") for c, form in waiting if form in placed]
    return out


def _as_outlet(words: Words, hit: KnownHit) -> bool:
    """True where quotation marks or a head ("وكالة"، "موقع") show that an outlet is meant, not what its words say ("بغداد اليوم")."""
    before = words.form(hit.first - 1)
    return before in ('"', "'", "(") or before.endswith(("وكاله", "موقع", "صحيفه", "قناه", "جريده", "شبكه", "مجله", "اذاعه", "تلفزيون"))


def _meant(words: Words, hit: KnownHit) -> Known:
    """Which of several known names is meant: a newspaper named like a place only in quotation marks or after its head."""
    first = hit.known[0]
    if first.type == "ORG" and len(hit.known) > 1:
        before = words.form(hit.first - 1)
        land = next((k for k in hit.known if k.type == "LOC"), None)
        if land is not None and before not in ('"', "صحيفه", "جريده", "مجله", "لصحيفه", "وصحيفه"):
            return land
    return first


def _cut(words: Words, hit: KnownHit, known: Known, type_: MentionType, p: float) -> Candidate:
    """The candidate of a hit, without what the contract leaves outside of a span: kind words, quotation marks, "الإرهابي"."""
    first, last, skip = hit.first, hit.last, words.skip(hit.first, hit.clitics)
    head = words.form(first)[skip:]
    marks = [i for i in range(first + 1, last) if words.form(i) in ('"', "'")]
    if marks and type_ == "LOC" and first in words.kinds:
        first, last, skip = marks[0] + 1, (marks[1] if len(marks) > 1 else last), 0
        head, marks = words.form(first), []
    if marks and not any(h.first == first for n in ("institution_nouns", "group_nouns") for h in words.doc.text.hits_of[n]):
        last = marks[0]
    elif marks:
        first, last, skip = marks[0] + 1, (marks[1] if len(marks) > 1 else last), 0
        head = words.form(first)
    while type_ == "PER" and last - first > 1 and first in words.heads and words.heads[first][0] < last and head not in ("ابو", "ام"):
        first, skip = words.heads[first][0], 0
        head = words.form(first)
    against = next((i for i in range(first + 1, last) if words.form(i) in ("ضد", "بقياده", "لمحاربه", "لهزيمه")), last)
    last = against
    while last - 1 > first and words.form(last - 1) in ("الارهابي", "الارهابيه"):
        last -= 1
    follows = words.form(first + 1)
    if last - first > 1 and (
        head in ("عصابات", "دول", "موقع", "صحيفه", "جريده", "مجله")
        or (head == "حلف" and follows == "الناتو")
        or (head == "قوات" and follows == "التحالف" and last - first > 2)
        or (type_ == "LOC" and head in _ADMIN and not (head == "جمهوريه" and known.kind == "state" and last - first > 2))
    ):
        first, skip = first + 1, 0
    if "شمركه" in head:
        last = first + 1
    if words.form(first) == "#":
        first += 1
    return words.candidate(first, last, skip, type_, f"names.known-{type_.lower()}", p, known.id)


def _place(words: Words, hit: KnownHit, known: Known, after_kind: bool, listed: bool) -> float:
    """How sure a place is: large ones by themselves, small ones and common words by the words around them; below 0.5 where it needs another witness."""
    one = hit.last == hit.first + 1
    if one and (hit.first in words.stopped or hit.first in words.kinds or hit.first in words.parties):
        return 0.0
    if one and not after_kind and likelihood(hit.form) >= 0.6 and words.likely(hit.last) >= 0.5:
        return 0.0
    if known.capital_of or known.kind in ("state", "territory") or known.population > 10 * _BIG:
        return 0.0 if len(hit.clitics) > 2 else 0.93
    if any(i in words.stops for i in range(hit.first + 1, hit.last)) or len(hit.clitics) > 1 + hit.form.startswith("ال"):
        return 0.0
    large = known.kind in _LARGE_KINDS or known.population >= _BIG
    if not one:
        return 0.0 if hit.form.startswith(("الدول ", "المنطقه ", "الجهه ")) and not hit.form.endswith("الخضراء") else 0.9
    if (hit.clitics and hit.form not in likelihoods()) or (not large and shape(hit.form) <= 0.1 and hit.form not in likelihoods()):
        return 0.0
    if len(hit.form) < 4 and not after_kind and words.form(hit.first - 1) not in _IN and hit.clitics != "ب":
        return 0.4
    if after_kind:
        return 0.85
    form, rest = hit.form, hit.form[1:]
    if (
        is_common_noun(form)
        or likelihood(form) >= 0.5
        or (not large and (len(form) < 4 or likelihoods().get(form.removeprefix("ال"), 9) <= (1 if form.startswith("ال") else -1)))
    ):
        return 0.0
    cue = words.form(hit.first - 1) in _IN or hit.clitics.endswith("ب") or listed
    cut = form[0] in "بلوفك" and not hit.clitics and likelihoods().get(rest) == 0 and is_common_noun(rest)
    if large and not cut:
        return 0.93
    return 0.85 if cue else 0.4


def _people(words: Words, hit: KnownHit) -> float:
    """How sure a nationality or a people is: not the name of a language, not a given name before a surname."""
    if len(hit.form) < 3 or hit.form.startswith(_MOVEMENTS):
        return 0.0
    before = words.form(hit.first - 1)
    if before.endswith(("اللغه", "لغه", "باللغتين")) or (
        hit.clitics.endswith("ب") and hit.form.startswith("ال") and hit.form.endswith("يه")
    ):
        return 0.0
    if (
        words.form(hit.last) in ("ال", "بن")
        or hit.form == "محافظ"
        or (hit.form == "المحافظ" and before not in ("النائب", "الحزب", "السياسي", "الزعيم", "التيار"))
    ):
        return 0.0
    if hit.form in ("اليمني", "يمني") and words.source(hit.first).endswith("ى"):
        return 0.0
    if hit.sure:
        return 0.93
    if hit.form.removeprefix("ال").startswith("مالي") or words.likely(hit.last) > 0.5:
        return 0.0
    if words.tools.gazetteer.nationality(hit.form) is not None:
        return 0.9
    return 0.85 if hit.form.removeprefix("ال").startswith("عرب") and hit.first - 1 not in words.kinds else 0.4


def _adjectival(words: Words, hit: KnownHit) -> bool:
    """True where the word before is a feminine noun or a plural of the same definiteness: "القوات السعودية"، "قوات سورية"."""
    i = hit.first - 1
    if i < 0 or words.kind(i) != "word" or i in words.stops:
        return False
    form = words.form(i)
    if hit.clitics == "و":
        return words.tools.gazetteer.nationality(form) is not None and form.startswith("ال") == hit.form.startswith("ال")
    if hit.clitics:
        return False
    if hit.form.startswith("ال") != form.startswith("ال") and not form.startswith(("لل", "بال", "وال")):
        return False
    return form.endswith(("ه", "ات")) or form in _FEMININE or form in ("الاراضي", "والاراضي")


def _no_name(words: Words, hit: KnownHit) -> bool:
    if hit.form == "حماس" and hit.clitics.endswith("ب") and hit.last in words.adjectives:
        return True  # "بحماس كبير": with zeal
    if _NO_ORG.match(hit.form) or (hit.form.endswith(" سوريه") and hit.last == hit.first + 2) or _of_an_office(words, hit):
        return True
    after = words.form(hit.last)
    nationality = words.tools.gazetteer.nationality
    return after.startswith("وال") and nationality(after[1:]) is not None and nationality(words.form(hit.last - 1)) is not None


def _of_an_office(words: Words, hit: KnownHit) -> bool:
    """True for "الخارجية الأمريكي" in "وزير الخارجية الأمريكي": the adjective is the minister's, or the ministry the office's complement."""
    parts = hit.form.split()
    if hit.known[0].kind == "ministry" and after_minister(words, hit.first):
        return True
    adjective = words.tools.gazetteer.nationality(parts[-1])
    return len(parts) == 2 and adjective is not None and parts[0].endswith("ه") and not parts[1].endswith("ه")


def _title_before(words: Words, i: int) -> bool:
    return any(last == i for last, _ in words.heads.values())
