"""Organisations by the way Arabic names them: a head ("وزارة"، "هيئة"، "حزب") and its complement, or a state's body and its nationality."""

from __future__ import annotations

from collections.abc import Iterator

from musnad.grammar.lexicon import Hit
from musnad.stages.names_words import Candidate, Words, likelihood

_QUOTES = frozenset("\"'")
_OUT = frozenset(("صحيفه", "جريده", "مجله", "موقع", "شركه", "عصابه", "فصيل"))
"""Heads that stay outside of the name: «الشرق الأوسط»."""
_PLURAL_HEADS = frozenset(("قوات", "كتائب", "سرايا", "وحدات", "ميليشيات", "مليشيات", "ميلشيات", "استخبارات", "مخابرات"))
_WEAK = frozenset(
    "قوات قوه لجنه مكتب اداره نظام قياده مجموعه شبكه موقع دائره امن سلاح وحدات بعثه غرفه خليه دفاع حركه محطه قائمه وحده مدرسه تيار جبهه كتله مصلحه "
    "رئاسه عصابه فرقه سريه لواء هيئه جهاز ديوان امانه صندوق مركز بنك اتحاد تحالف بورصه اكاديميه بلديه مديريه شرطه حرس حلف رابطه جماعه جمعيه تنظيم نقابه "
    "معهد كليه تلفزيون اذاعه قناه نادي منتخب فصيل".split()
)
"""Heads whose single common complement ("حركة القطارات"، "لجنة الحكام") makes no name."""
_BODIES_OF = frozenset("الامن النواب الوزراء الشيوخ الدوله القضاء الشوري التعاون العموم اللوردات الامه الرئاسه السياده المستشارين".split())
"""After مجلس, one such word makes a name."""
_NO_END = frozenset(
    (
        "التابع",
        "التابعه",
        "المعني",
        "المعنيه",
        "الموالي",
        "المواليه",
        "المدعوم",
        "المدعومه",
        "السابق",
        "السابقه",
        "الحالي",
        "الحاليه",
        "الجديد",
        "الجديده",
        "المقبل",
        "المقبله",
        "الماضي",
        "الماضيه",
        "الاخير",
        "الاخيره",
        "الذي",
        "التي",
        "الارهابي",
        "الارهابيه",
        "المتطرف",
        "المتطرفه",
        "المتشدد",
        "المتشدده",
        "المسلح",
        "المسلحه",
        "المعارض",
        "المعارضه",
        "المحلي",
        "المحليه",
        "الرسمي",
        "الرسميه",
        "الحكوميه",
        "الحكومي",
    )
)
_PARTY = frozenset("رئيس وزير نائب مدير قائد الرئيس الوزير المدير القائد".split())


def state_bodies(words: Words) -> Iterator[Candidate]:
    """ "الجيش العراقي"، "القوات المسلحة المصرية"، "وكالة الأنباء السعودية": a state's body with an adjective of nationality."""
    best: dict[int, Hit] = {}
    for hit in words.doc.text.hits_of["name_state_bodies"]:
        old = best.get(hit.first)
        if old is None or hit.last > old.last:
            best[hit.first] = hit
    nationality = words.tools.gazetteer.nationality
    for hit in best.values():
        i = hit.last
        for _ in range(2):
            if i in words.adjectives and words.form(i).startswith("ال") and nationality(words.form(i)) is None:
                i += 1
        form = words.form(i)
        if (
            not form.startswith("ال")
            or nationality(form) is None
            or (i - hit.last and form.endswith("ه") != words.form(i - 1).endswith("ه"))
        ):
            continue
        skip = next((s.skip for s in words.readings(hit.first) if s.clitics == hit.clitics), 0)
        yield words.candidate(hit.first, i + 1, skip, "ORG", "names.state-body", 0.93)


def institutions(words: Words) -> Iterator[Candidate]:
    """Heads with their complements."""
    seen: set[tuple[int, int]] = set()
    for name in ("institution_nouns", "group_nouns"):
        for hit in words.doc.text.hits_of[name]:
            key = (hit.first, hit.last)
            if key in seen:
                continue
            seen.add(key)
            head = hit.form
            definite = head.startswith("ال")
            plural = hit.entry.get("number") != "s" and head not in _PLURAL_HEADS
            skip = next((s.skip for s in words.readings(hit.first) if s.clitics == hit.clitics), 0)
            if hit.clitics in ("س",) or (hit.clitics and likelihood(words.form(hit.first)) > 0.3):
                continue
            quoted = None if definite or plural else _quoted(words, hit.last)
            if quoted is not None:
                yield quoted
                continue
            if definite:
                found = _definite(words, hit, skip)
            elif plural:
                continue
            else:
                found = _construct(words, hit, skip)
            if found is not None:
                yield found


def _quoted(words: Words, i: int) -> Candidate | None:
    """The name in quotation marks after a head: the marks and the head stay outside."""
    if words.form(i) not in _QUOTES or i == 0:
        return None
    for j in range(i + 2, min(i + 8, len(words.tokens))):
        if words.form(j) in _QUOTES:
            return words.candidate(i + 1, j, 0, "ORG", "names.quoted-after-head", 0.9)
        if j - 1 in words.stops or words.form(j).startswith("("):
            return None
        if words.kind(j) == "line" or words.form(j) in ("،", "."):
            return None
    return None


def _definite(words: Words, hit: Hit, skip: int) -> Candidate | None:
    """ "المحكمة الجنائية المركزية"، "الهيئة العامة للرياضة": a definite head is a name only with two or more adjectives, or a complement after ل."""
    i = hit.last
    n = 0
    while _adjective(words, i):
        i, n = i + 1, n + 1
    more = _for(words, i)
    if n and more > i:
        i = _tail(words, more)
        return words.candidate(hit.first, i, skip, "ORG", "names.definite-head", 0.8)
    if n >= 2:
        return words.candidate(hit.first, i, skip, "ORG", "names.definite-head", 0.7)
    if n == 0 and more > i + 1:
        return words.candidate(hit.first, _tail(words, more), skip, "ORG", "names.definite-head", 0.6)
    return None


def _construct(words: Words, hit: Hit, skip: int) -> Candidate | None:
    """ "وزارة الدفاع العراقية"، "جامعة الدول العربية"، "حزب الله": a head without the article and what completes it."""
    i = hit.last
    head = hit.form
    weak = head in _WEAK
    p = 0.72 if weak else 0.88
    inner = words.name_at(i)
    form = words.form(i)
    start_word = i
    while i in words.complements and not form.startswith("ال") and i - start_word < 3 and inner is None:
        i += 1
        form, inner = words.form(i), words.name_at(i)
    if inner is not None and inner.first == i:
        if inner.type == "PER" and (weak or hit.entry.get("sector") in ("GOV",)) and head not in ("مؤسسه", "مركز", "جامعه"):
            return None
        if inner.type == "NORP" and not words.form(i).startswith("ال"):
            return None
        if inner.type == "NORP":
            p -= 0.25
        if inner.type == "LOC" and weak:
            p -= 0.3
        i = inner.last
    elif form.startswith("ال") and len(form) > 4 and words.kind(i) == "word" and form not in _NO_END and i not in words.stops:
        if form in _PARTY:
            return None
        i += 1
    elif words.kind(i) == "latin":
        while words.kind(i) == "latin":
            i += 1
        p = 0.8
    else:
        j = i
        while (
            j < i + 3 and words.kind(j) == "word" and not words.is_common(j) and j not in words.adjectives and words.form(j)[0] not in "وبل"
        ):
            j += 1
        if j == i or i > start_word or likelihood(words.form(i)) < 0.15:
            return None
        i, p = j, 0.65
    i = _tail(words, i)
    if head in _OUT:
        return None if i - hit.last < 1 else words.candidate(hit.last, i, 0, "ORG", "names.after-media-head", 0.6)
    while i - 1 > hit.last and words.form(i - 1) in _NO_END:
        i -= 1
    length = i - hit.last
    bare = length == 1 and inner is None and likelihood(words.form(i - 1)) < 0.06
    if bare and (weak or head in ("محكمه", "نيابه") or (head == "مجلس" and words.form(i - 1) not in _BODIES_OF)):
        return None
    return words.candidate(hit.first, i, skip, "ORG", "names.weak-head" if weak else "names.head", p)


def _adjective(words: Words, i: int) -> bool:
    form = words.form(i)
    if not form.startswith("ال") or len(form) < 5 or words.kind(i) != "word" or i in words.stops or form in _NO_END:
        return False
    inner = words.name_at(i)
    if inner is not None and inner.type != "NORP":
        return False
    return inner is not None or i in words.adjectives or form.endswith(("ي", "يه"))


def _for(words: Words, i: int) -> int:
    """Past a complement after ل: "للرياضة"، "لحقوق الإنسان"، "لكرة القدم"."""
    form = words.form(i)
    if words.kind(i) != "word" or i in words.stops:
        return i
    if form.startswith("لل") and len(form) > 4:
        return i + 1
    if form in (
        "لحقوق",
        "لشؤون",
        "لكره",
        "لمكافحه",
        "لدعم",
        "لتنسيق",
        "لحمايه",
        "لادارة",
        "لرعايه",
        "لتنميه",
        "لمراقبه",
        "لدراسات",
        "لابحاث",
        "لبحوث",
    ) and words.form(i + 1).startswith("ال"):
        return i + 2
    return i


def _tail(words: Words, i: int) -> int:
    """Past the adjectives, further complements and purposes of a name."""
    for _ in range(8):
        form = words.form(i)
        if _adjective(words, i):
            i += 1
            continue
        more = _for(words, i)
        if more > i:
            i = more
            continue
        if (
            form.startswith("وال")
            and len(form) > 5
            and words.kind(i) == "word"
            and words.name_at(i, None) is None
            and (_adjective_form(words, form[1:]) or words.form(i + 1).startswith("ال") and _adjective(words, i + 1))
            and not _party(words, i)
        ):
            i += 1
            continue
        break
    return i


def _adjective_form(words: Words, form: str) -> bool:
    return form.endswith(("يه", "ات")) and likelihood(form) < 0.1


def _party(words: Words, i: int) -> bool:
    return any(h.first == i for h in words.doc.text.hits_of["nominals"])
