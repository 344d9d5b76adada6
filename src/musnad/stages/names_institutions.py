"""Organisations by the way Arabic names them: a head ("وزارة"، "هيئة"، "حزب") and its complement, or a state's body and its nationality."""

from __future__ import annotations

from collections.abc import Iterator

from musnad.grammar.lexicon import Hit
from musnad.stages.names_words import Candidate, Words, likelihood

_QUOTES = frozenset("\"'")
_OUT = frozenset("صحيفه جريده مجله موقع شركه عصابه فصيل".split())
"""Heads that stay outside of the name: صحيفة «الشرق الأوسط»."""
_PLURAL_HEADS = frozenset("قوات كتائب سرايا وحدات ميليشيات مليشيات ميلشيات استخبارات مخابرات".split())
_STRONG = frozenset(
    "وزاره جامعه حزب منظمه وكاله مجلس محكمه نيابه مؤسسه مفوضيه حكومه برلمان سفاره قنصليه كتائب سرايا ميليشيا ميليشيات مليشيا مليشيات ائتلاف".split()
)
"""Heads that any complement makes a name; with others a single common word ("حركة القطارات"، "لجنة الحكام") makes none."""
_DEFINITE = frozenset(
    "محكمه هيئه جهاز لجنه مجلس اتحاد حزب مؤسسه مركز منظمه وكاله جمعيه معهد بنك مكتب صندوق جامعه حلف تحالف رابطه شركه نقابه مفوضيه ديوان كليه اكاديميه".split()
)
_BODIES_OF = frozenset("الامن النواب الشيوخ الدوله القضاء الشوري التعاون العموم اللوردات الامه الرئاسه السياده المستشارين".split())
"""After مجلس, one such word makes a name."""
_OF_PERSONS = frozenset("اداره نظام مكتب حكومه مجموعه رئاسه عصابه".split())
"""With a person's or a place's name after it the name alone is the mention: "نظام **الأسد**"."""
_OF_PLACES = frozenset("بورصه نادي منتخب بنك شرطه بلديه اتحاد غرفه محكمه هيئه مطار اذاعه راديو تلفزيون صندوق".split())
"""Heads that a place's name completes."""
_NAMED_AFTER = frozenset("مؤسسه مركز جامعه كليه معهد جمعيه ميليشيا ميليشيات مليشيا مليشيات جماعه تنظيم حركه حزب كتائب سرايا لواء".split())
"""Heads that a person's name completes."""
_TAIL_WORDS = frozenset(
    "العام العامه العليا الاعلي المتحده المشترك المشتركه الحر الحره الكبري الاول الاولي الثاني الثانيه الثالث الثالثه المستقل المستقله المحافظ المسلحه السريع "
    "الاحمر".split()
)
"""Adjectives without a nisba that are often the last of a name."""
_NO_TAIL = frozenset(
    "الموالي المواليه الحالي الحاليه الماضي الماضيه الارهابي الارهابيه المحلي المحليه الحكومي الحكوميه الانقلابي الانقلابيه الرسمي التالي التاليه الميداني "
    "الميدانيه المعني المعنيه المعادي المعاديه الباقي الباقيه الحوثي".split()
)
"""Adjectives that tell of a body without being part of its name."""
_NOT_FOR = frozenset(
    "للمطالبه للحرب للتصدي للمشاركه للبلدين للجانبين للضغط للوصول للتعليق للرد للمره للقاء للحصول للخروج للدخول للمساعده للسماح للعمل".split()
)
_FOR = frozenset(
    "لحقوق لشؤون لكره لمكافحه لدعم لتنسيق لحمايه لاداره لرعايه لتنميه لمراقبه لدراسات لابحاث لبحوث لشئون لاغاثه لحظر لتحرير لمحاربه".split()
)


def state_bodies(words: Words) -> Iterator[Candidate]:
    """ "الجيش العراقي"، "القوات المسلحة المصرية": a state's body with an adjective of nationality, of which one alone follows."""
    best: dict[tuple[int, str], Hit] = {}
    for hit in words.doc.text.hits_of["name_state_bodies"]:
        key = (hit.first, hit.clitics)
        if key not in best or hit.last > best[key].last:
            best[key] = hit
    nationality = words.tools.gazetteer.nationality
    for hit in best.values():
        i = hit.last
        while i < hit.last + 2 and i in words.adjectives and words.form(i).startswith("ال") and nationality(words.form(i)) is None:
            i += 1
        form = words.form(i)
        if not form.startswith("ال") or nationality(form) is None:
            continue
        if words.form(i - 1).endswith("ه") and not form.endswith("ه"):
            continue
        if hit.form.startswith(("الخارجيه", "الداخليه", "الخزانه")) and after_minister(words, hit.first):
            continue
        after = words.form(i + 1)
        if after.startswith("وال") and nationality(after[1:]) is not None:
            continue
        last = i + 1
        if "المنتخب" in hit.form or "الاتحاد" in hit.form:
            last = _tail(words, last)
        yield words.candidate(hit.first, last, words.skip(hit.first, hit.clitics), "ORG", "names.state-body", 0.93)


def after_minister(words: Words, i: int) -> bool:
    """True where the word before token i is a minister: then the ministry's name is part of the office."""
    return words.form(i - 1).endswith(("وزير", "وزيره", "وزيرا", "وزراء", "وزيري", "وزيرين"))


def institutions(words: Words) -> Iterator[Candidate]:
    """Heads with their complements."""
    best: dict[tuple[int, str], Hit] = {}
    for name in ("institution_nouns", "group_nouns"):
        for hit in words.doc.text.hits_of[name]:
            key = (hit.first, hit.clitics)
            if key not in best or hit.last > best[key].last:
                best[key] = hit
    for hit in best.values():
        if hit.clitics == "س" or (hit.clitics and likelihood(words.form(hit.first)) > 0.3):
            continue
        skip = words.skip(hit.first, hit.clitics)
        if hit.form.startswith("ال"):
            found = _definite(words, hit, skip)
        elif hit.entry.get("number") != "s" and hit.form not in _PLURAL_HEADS:
            found = None
        else:
            found = _quoted(words, hit.last) or _construct(words, hit, skip)
        if found is not None:
            yield found


def _quoted(words: Words, i: int) -> Candidate | None:
    """The name in quotation marks after a head: the marks and the head stay outside; a sentence isn't a name."""
    if words.form(i) not in _QUOTES or i == 0:
        return None
    for j in range(i + 1, min(i + 8, len(words.tokens))):
        if words.form(j) in _QUOTES and j > i + 1:
            return words.candidate(i + 1, j, 0, "ORG", "names.quoted-after-head", 0.92)
        if words.kind(j) in ("line", "number") or words.form(j) in ("،", "(", ":") or j in words.stops:
            return None
    return None


def _definite(words: Words, hit: Hit, skip: int) -> Candidate | None:
    """ "المحكمة الجنائية المركزية"، "الهيئة العامة للرياضة": a definite head makes a name with two adjectives, or with a complement after ل."""
    if hit.form[2:] not in _DEFINITE or hit.entry.get("number") != "s":
        return None
    i = hit.last
    while _adjective(words, i):
        i += 1
    more = _purpose(words, i)
    if more > i and (i > hit.last or more > i + 1):
        return words.candidate(hit.first, _tail(words, more), skip, "ORG", "names.definite-head", 0.85)
    if i >= hit.last + 2:
        return words.candidate(hit.first, i, skip, "ORG", "names.definite-head", 0.7)
    return None


def _construct(words: Words, hit: Hit, skip: int) -> Candidate | None:
    """ "وزارة الدفاع العراقية"، "جامعة الدول العربية"، "حزب الله": a head without the article and what completes it."""
    head, i = hit.form, hit.last
    if head == "قوات":
        return _forces(words, hit, skip)
    if head == "رئاسه" and hit.clitics.endswith("ب"):
        return None
    if (head, words.form(i)) in (("مجلس", "اداره"), ("حلف", "الناتو")):
        return None
    strong = head in _STRONG
    inner = words.name_at(i)
    while i in words.complements and inner is None and not words.form(i).startswith("ال") and i - hit.last < 3:
        i += 1
        inner = words.name_at(i)
    form = words.form(i)
    if head in _OF_PERSONS and ((inner is None and likelihood(form) >= 0.3) or (inner is not None and inner.type in ("PER", "LOC"))):
        return None
    p = 0.88 if strong else 0.75
    common = False
    if inner is not None:
        if (inner.type == "PER" and head not in _NAMED_AFTER) or (inner.type == "NORP" and not form.startswith("ال")):
            return None
        p -= 0.25 if inner.type == "NORP" else 0.3 if inner.type == "LOC" and not strong and head not in _OF_PLACES else 0
        i = inner.last
    elif form.startswith("ال") and len(form) > 4 and words.kind(i) == "word" and form not in _NO_TAIL and i not in words.stops:
        if i in words.heads or i in words.adjectives:
            return None
        common, i = likelihood(form) < 0.1, i + 1
    elif words.kind(i) == "latin":
        while words.kind(i) == "latin":
            i += 1
        p = 0.8
    else:
        j = i
        while (
            j < i + 4 and words.kind(j) == "word" and not words.is_common(j) and j not in words.adjectives and words.form(j)[0] not in "وبل"
        ):
            j += 1
        if j == i or i > hit.last or likelihood(words.form(i)) < 0.15:
            return None
        i, p = j, 0.65
    bare = i
    i = _tail(words, i)
    if head in _OUT:
        return words.candidate(hit.last, i, 0, "ORG", "names.after-media-head", 0.6) if not common else None
    if common and i == bare and bare == hit.last + 1:
        weak = not strong or head in ("محكمه", "نيابه", "حكومه", "ميليشيا", "ميليشيات", "مليشيا", "مليشيات")
        if weak or (head == "مجلس" and form not in _BODIES_OF):
            return None
    return words.candidate(hit.first, i, skip, "ORG", "names.head" if strong else "names.weak-head", p)


def _forces(words: Words, hit: Hit, skip: int) -> Candidate | None:
    """ "قوات الأمن العراقية"، "قوات البيشمركة": forces of a body that is no name by itself; else the body is the name (قوات **الجيش اليمني**)."""
    form, i = words.form(hit.last), hit.last + 1
    if form in ("الامن", "النظام", "الشرطه", "الدعم", "حرس"):
        while _adjective(words, i) or words.form(i) == "الحدود":
            i += 1
        return words.candidate(hit.first, i, skip, "ORG", "names.forces", 0.85) if i > hit.last + 1 else None
    if form in ("الاحتياط", "التحالف") and not (form == "التحالف" and _adjective(words, i)):
        return words.candidate(hit.first, i, skip, "ORG", "names.forces", 0.85)
    return None


def _adjective(words: Words, i: int) -> bool:
    """True for a definite adjective that may be part of a name: of nationality, a nisba, or one of a few others."""
    form = words.form(i)
    if not form.startswith("ال") or len(form) < 5 or words.kind(i) != "word" or i in words.stops or form in _NO_TAIL:
        return False
    if words.tools.gazetteer.nationality(form) is not None or form in _TAIL_WORDS or form == "السعوديه":
        return True
    inner = words.name_at(i)
    return (inner is None or inner.type in ("NORP", "ORG")) and form.endswith(("ي", "يه"))


def _purpose(words: Words, i: int) -> int:
    """Past a complement after ل: "للرياضة"، "لحقوق الإنسان"، "لكرة القدم"."""
    form = words.form(i)
    if words.kind(i) != "word" or i in words.stops:
        return i
    if form in _FOR and words.form(i + 1).startswith("ال"):
        return i + 2
    if not form.startswith("لل") or len(form) < 5 or form in _NOT_FOR:
        return i
    several = form.endswith(("ات", "ين", "ون")) and not form.endswith(("احتياجات", "دراسات", "اتصالات", "معلومات", "انتخابات"))
    known = words.name_at(i, None)
    return i if several or (known is not None and known.type != "ORG") else i + 1


def _tail(words: Words, i: int) -> int:
    """Past the adjectives, further complements and purposes of a name."""
    for _ in range(8):
        more = i + 1 if _adjective(words, i) else _purpose(words, i)
        if more == i and _joined(words, i):
            more = i + 1
        if more == i:
            break
        i = more
    return i


def _joined(words: Words, i: int) -> bool:
    """True for a second complement joined by و: "للإغاثة **والأعمال** الإنسانية", but not for a new party or name."""
    form = words.form(i)
    if not form.startswith("وال") or len(form) < 6 or words.kind(i) != "word" or words.name_at(i, None) is not None or i in words.parties:
        return False
    return form.endswith("يه") or _adjective(words, i + 1)
