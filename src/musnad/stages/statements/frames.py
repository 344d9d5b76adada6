"""From a cue to what it governs: the subject after it, and where the words said begin."""

from __future__ import annotations

import re
from typing import NamedTuple

from musnad.grammar.quotes import Quote
from musnad.phrases import Phrase
from musnad.stages.statements.cues import PREPOSITIONS, Cues, Form
from musnad.stages.statements.scene import Reach, Scene

PRONOUNS = ("", "ه", "ها", "هم", "هما", "هن", "نا", "ني", "ي", "كم")
THAT = frozenset("ان" + p for p in PRONOUNS)
THAT_B = frozenset("بان" + p for p in PRONOUNS)
RELATIVES = frozenset("الذي التي الذين اللذين اللذان اللتين اللتان اللواتي اللاتي ممن".split())
ADVERBIAL = frozenset(
    "في خلال بعد قبل امام عقب عبر منذ مع لدي لدى ضد تجاه ازاء اثر اثناء فور وسط ضمن دون بدون حول بشان بحضور عشيه ردا تعليقا رغم بعيد قبيل حيال نحو لدن"
    " الي علي من عن حسب وفق بحسب وفقا نقلا باسم بين بهدف بغيه جراء بسبب نتيجه عند عندما حين حينما حيث اذ لان كي حتي اثناء طالبا طالبه طالبين".split()
)
ADVERBS = frozenset(
    "ايضا كذلك مجددا سابقا لاحقا مؤخرا اخيرا مرارا تكرارا صراحه علنا رسميا بشده بوضوح بقوه بدوره بدورها بدورهم بدورهما كثيرا فقط هنا هناك حينها انذاك وقتها قد فيه فيها"
    " عليها عليه فيهما خلاله خلالها اليوم امس غدا مساء صباح صباحا ليلا هاتفيا مبتسما مازحا ساخرا له لها لهم اثره هو هي هم نفسه نفسها وحده بلهجه قائلا قائله قائلين متحدثا متحدثه موجها".split()
)
SPEECH_LINKS = frozenset("قائلا قائله قائلين قائلات بالقول بقوله بقولها بقولهم".split())
_OBJECT = re.compile(
    r"(?:ال)?(?:است\w{1,2}ا\w[هت]?\w{0,3}|ا[^ا\W]{2}ا[^ا\W]|ا[^ا\W]{2}ا[^ا\W](?:ه|ها|هم|هما)|ان[^ا\W]{2}ا[^ا\W](?:ه|ها|هم)?|ت[^ا\W]{2}ي[^ا\W](?:ه|ها|هم)?|م[^ا\W]ا[^ا\W]{2}(?:ه|ته|تها|تهم)|ت[^ا\W]{3}(?:ه|ها|هم)?|ت[^ا\W]ا[^ا\W]{2}(?:ه|ها|هم)?)$"
)
_OBJECT_HEADS = frozenset(
    "رد الرد مقتل وجود قيام عدم ضروره اهميه رغبه رغبته رغبتها استعداد حرص حرصه حرصها نيه نيته نيتها عزم عزمه عزمها وقوع وصول رفض رفضه رفضها رفضهم صحه مسؤوليه مسؤوليته مسؤوليتها مسؤوليتهم عقد فتح بدء وقف قتل"
    " حق دعم دعمه دعمها التزام التزامه التزامها موافقه موافقته موافقتها قلق قلقه قلقها قلقهم اسف اسفه اسفها تضامن تضامنه تضامنها امل امله املها حزنه حزنها صدمته ترحيبه ترحيبها تاييده تاييدها تقديره"
    " تقديرها تمسك تمسكه تمسكها ثقته ثقتها فشل نجاح فوز فوزه فوزها خروج دخول عوده سقوط تعيين زياده خفض رفع فرض حظر منح منع طرد ضبط اسر شن مشاركه مشاركته مشاركتها علمه علمها علاقه علاقته علاقتها علاقتهم"
    " اي تواصل تعرض تعرضه تعرضها توقيع بطلان نتائج حاله حصيله خطه خطط عمليه هجوم انباء تقارير شائعات جميع كل وفاه مصرع اصابه تاجيل الغاء تنفيذ تشكيل اطلاق تعليق تمديد توسيع قرب هويه اسماء اسم نتيجه موعد"
    " حياد سعي سعيه خشيه خشيته مخاوفه مخاوف قدره قدرته قدرتها احترام احترامه احترامها وقوف وقوفه وقوفها دهشته استقالته استقالتها ترشحه ترشحها ترشيح براءه براءته عدد حجم ذلك هذا هذه تلك ما انتهاء تواجد ولاءه مبايعته شكره".split()
)
_BEFORE_NAMES = frozenset(
    "علي في من عن مع ب ل ك عبر الي هي هو وهي وهو مثل تدعي يدعي وتدعي ويدعي تسمي يسمي المسماه المسمي بموقع لموقع باسم كلمه لقب".split()
)
_OBJECT_TAKERS = frozenset("ختم اختتم استهل واصل كتب ردد".split())
_LONGEST = 60
_NOT_BEFORE_THAT = frozenset("الا غير بيد كما بما شرط شريطه حيث رغم برغم الي علي بعد قبل منذ".split()) - {"الي", "علي"}


class Frame(NamedTuple):
    """`subject` is a token range after the cue or None; the words said begin at source offset `start`, token `body`; `quote` where they are one quotation; `took` says by which complement."""

    subject: tuple[int, int] | None
    body: int
    start: int
    quote: Quote | None
    took: str


def find_frame(scene: Scene, cues: Cues, i: int, form: Form, end: int, subject_known: bool) -> Frame | None:
    """What follows the cue at token i up to token `end`, or None where nothing said follows. `subject_known`: the subject stands before it."""
    takes, finite = form.reading.takes, form.reading.kind in ("past", "present")
    if form.pronoun and finite and "who" not in takes and "pron" not in takes and not ("obj" in takes or "that" in takes):
        return None
    if "pron" in takes and len(takes) == 1 and not form.pronoun:
        return None
    subject: tuple[int, int] | None = None
    aside, commas, j, forms, noise, since = False, 0, i + 1, scene.forms, 0, i + 1
    patience = 25 if takes.keys() <= {"that", "quote"} else 5
    before = scene.forms[i - 1] if i else ""
    seeks = (
        finite
        and not subject_known
        and not (before in THAT and before != "ان" or before in THAT_B and before != "بان")
        and not (form.reading.number == "p" and form.reading.kind == "past")
    )
    while j < min(end, i + _LONGEST):
        f, token = forms[j], scene.tokens[j]
        if j in scene.quotes:
            if (last := name_quote(scene, j)) is not None:
                if seeks and subject is None and not aside and j in scene.phrases:
                    subject = (j, noun_phrase_end(scene, j, end))
                    j = max(last, subject[1])
                else:
                    j = last
                continue
            if (
                not (takes.keys() & {"quote", "that"})
                or _only_a_name(scene, j, i, subject)
                or (form.reading.kind == "noun" and "quote" not in takes and "that" not in takes)
            ):
                break
            return Frame(subject, j, scene.quotes[j].start, scene.quotes[j], "quote")
        if f == ":":
            if j + 1 < len(forms) and not (forms[j - 1].isdigit() and forms[j + 1].isdigit()) and takes.keys() & {"quote", "that"}:
                return _body(scene, subject, j + 1, "colon")
            j += 1
            continue
        if token.kind == "line":
            break
        if (
            f in THAT
            or (f in THAT_B and ("that" in takes or "ب" not in takes))
            or (f in ("الا", "بالا") and "that" in takes and form.reading.act == "demand")
        ):
            before = forms[j - 1]
            if (
                "that" in takes
                and (before not in ADVERBIAL or before in takes or before in ADVERBS)
                and before not in ("الا", "غير", "كما", "بما", "شرط", "شريطه")
            ):
                if f in ("الا", "بالا"):
                    return Frame(subject, j, token.start, None, "that")
                return _body(scene, subject, j + 1, "that")
            aside = True
            j += 1
            continue
        if not aside:
            since = j
        if not aside or commas or j - since >= 3 or (j - since == 2 and forms[j - 1].startswith("ال")):
            body = _after_preposition(scene, j, takes)
            if body is not None and (
                j == i + 1 or "who" in takes or subject is not None or not finite or subject_known or not seeks or f in takes
            ):
                return Frame(subject, body[0], body[1], scene.quotes.get(body[0]), body[2])
        if j in scene.times:
            aside = False
            j = max(j + 1, scene.times[j])
            continue
        if f in ("،", ","):
            aside, commas = False, commas + 1
            if commas > 4:
                break
            j += 1
            continue
        if f == "(":
            close = next((k for k in range(j + 1, min(end, j + 15)) if forms[k] == ")"), None)
            j = close + 1 if close is not None else j + 1
            continue
        if "blame" in takes and f in ("مسؤوليه", "المسؤوليه", "مسئوليه", "المسئوليه"):
            return Frame(subject, j, token.start, None, "blame")
        if j in scene.phrases and token.kind != "mark":
            reach = scene.phrases[j]
            prefix = reach.phrase.clitics
            if prefix[:1] in ("و", "ف") and subject is None and commas == 0 and j > i + 1:
                break
            if seeks and subject is None and not aside and prefix == "" and _nominative(scene, reach):
                last = full_phrase_end(scene, j, end, bool(takes.keys() & {"obj", "who"}))
                subject = (j, last)
                j = last
                continue
            if (
                "obj" in takes
                and not form.pronoun
                and not aside
                and prefix == ""
                and "MED" not in reach.phrase.sectors
                and "who" not in takes
                and (subject is not None or not seeks)
                and not ("that" in takes and _that_soon(scene, j, end))
            ):
                return Frame(subject, j, token.start, None, "obj")
            j = max(j + 1, reach.last)
            continue
        if f in SPEECH_LINKS:
            if f.startswith("ب") and j + 1 < end and scene.tokens[j + 1].kind == "word" and forms[j + 1] not in THAT:
                return Frame(subject, j + 1, scene.tokens[j + 1].start, None, "that")
            j += 1
            continue
        if form.reading.lemma in ("نقل", "نسب") and f in ("قوله", "قولها", "قولهم", "تاكيده", "تاكيدها"):
            break
        if f in RELATIVES:
            aside = True
            j += 1
            continue
        if f in ADVERBS or f in "#-/&":
            j += 1
            continue
        if f in ADVERBIAL or f in ("ولم", "وهو", "وهي", "وهم", "حيث"):
            aside = True
            j += 1
            continue
        if (
            not (aside and patience > 5)
            and token.kind == "word"
            and any(g.reading.kind in ("past", "present") and g.clitics[:1] in ("و", "ف") for g in cues.of(f))
            and j not in scene.phrases
        ):
            break
        if (
            token.kind == "word"
            and not aside
            and (j > i + 1 or not seeks or f[1:3] == "ال")
            and (
                f[0] in "بل"
                and len(f) > 3
                and f not in scene.unprefixed
                and not f.startswith("لل")
                and j not in scene.phrases
                and _attached(f)
            )
        ):
            aside = True
            j += 1
            continue
        past = j - since >= 3 and f in _OBJECT_HEADS or j - since >= 2 and j in scene.phrase_ends and _object_like(f)
        if (not aside or past and (subject is not None or not seeks)) and token.kind in (
            "word",
            "number",
            "latin",
        ):
            if seeks and subject is None and not commas and not (("obj" in takes) and _object_like(f)):
                stop = _plain_subject_end(scene, j, end, "obj" in takes, patience > 5 and form.reading.lemma not in _OBJECT_TAKERS)
                if stop > j:
                    subject = (j, stop)
                    j = stop
                    continue
            elif "obj" in takes and ("who" not in takes or subject is not None or not seeks):
                if (
                    not form.pronoun
                    and (token.kind == "word")
                    and not ("that" in takes and not _object_like(f) and _that_soon(scene, j, end))
                ):
                    return Frame(subject, j, token.start, None, "obj")
        noise += 1
        if noise > patience:
            break
        j += 1
    if form.pronoun and "pron" in takes and finite and subject is not None:
        return Frame(subject, j, -1, None, "pron")
    return None


def _that_soon(scene: Scene, j: int, end: int) -> bool:
    return any(scene.forms[k] in THAT or k in scene.quotes for k in range(j, min(end, j + 12)))


def _body(scene: Scene, subject: tuple[int, int] | None, j: int, took: str) -> Frame | None:
    """The words said from token j on; those that open with a quotation are that quotation."""
    if j >= len(scene.tokens) or (scene.tokens[j].kind == "line" and took != "colon"):
        return None
    if scene.tokens[j].kind == "line":
        j += 1
        if j not in scene.quotes:
            return None
    quote = scene.quotes.get(j)
    return Frame(subject, j, quote.start if quote else scene.tokens[j].start, quote, took)


def _attached(f: str) -> bool:
    return f[0] in "بل"


def _after_preposition(scene: Scene, j: int, takes: object) -> tuple[int, int, str] | None:
    """Where the words said begin, if token j is a preposition of `takes` (alone or written with its noun): token, source offset, preposition."""
    assert hasattr(takes, "keys")
    f, forms = scene.forms[j], scene.forms
    n = len(forms)
    if f in takes and f in PREPOSITIONS:
        k = j + 1
        if k < n and forms[k] in THAT:
            k += 1
        if k < n and scene.tokens[k].kind != "line":
            quote = scene.quotes.get(k)
            return k, quote.start if quote else scene.tokens[k].start, "that" if forms[k - 1] in THAT else f
        return None
    for p in ("ب", "ل"):
        if p in takes and f.startswith(p):
            if f == p or (p == "ب" and f in THAT_B):
                k = j + 1
                if k < n and scene.tokens[k].kind != "line":
                    quote = scene.quotes.get(k)
                    return k, quote.start if quote else scene.tokens[k].start, "that" if f in THAT_B else p
                return None
            if f in scene.unprefixed or len(f) < 4:
                return None
            token = scene.tokens[j]
            return j, scene.doc.text.folded.span(token.a + 1, token.b)[0], p
    return None


def _complement(scene: Scene, j: int, k: int, end: int) -> int:
    """The end of a complement at token k of the party at token j: «السلطات في إقليم كذا»، «خلية الإعلام للقوات»، «المشرف على الشرطة»; k where there is none."""
    head = scene.phrases.get(j)
    f = scene.forms[k]
    if (
        head is not None
        and head.phrase.type == "PER"
        and head.phrase.kind == "name"
        and head.last == k
        and not scene.forms[k - 1].startswith("ال")
    ):
        return k
    place = k + 1
    while place < end and place not in scene.phrases and scene.forms[place] in _PLACE_WORDS:
        place += 1
    if (
        f == "في"
        and place in scene.phrases
        and scene.phrases[place].phrase.clitics == ""
        and scene.phrases[place].phrase.type in ("LOC", "ORG")
        and place not in scene.hits["documents"]
    ):
        return min(end, scene.phrases[place].last)
    tied = scene.forms[k - 1].startswith(_TIED)
    if tied and f in ("علي", "في", "عن", "من", "الي") and k + 1 < end and scene.tokens[k + 1].kind == "word":
        return min(end, scene.phrases[k + 1].last if k + 1 in scene.phrases else k + 2)
    reach = scene.phrases.get(k)
    if reach is not None and reach.phrase.clitics in ("ل", "ب"):
        about = (
            reach.phrase.type == "ORG"
            and reach.phrase.kind != "nominal"
            and "MED" not in reach.phrase.sectors
            and k not in scene.hits["media"]
        )
        if tied or (about and reach.phrase.clitics == "ل" and head is not None and head.phrase.type == "ORG"):
            return min(end, reach.last)
    if (
        f.startswith("ل")
        and head is not None
        and head.phrase.type == "ORG"
        and (_object_like(f[1:]) or f.startswith("لل") and scene.forms[k - 1].startswith("ال") and k not in scene.phrases)
    ):
        return min(end, scene.phrases[k + 1].last if k + 1 in scene.phrases else k + 2)
    if tied and f[0] in "بل" and scene.tokens[k].kind == "word" and len(f) > 4:
        return k + 1
    return k


_PLACE_WORDS = frozenset("اقليم محافظه مدينه منطقه ولايه بلده قضاء جنوب شمال شرق غرب شمالي جنوبي شرقي غربي وسط ريف قطاع مقاطعه #".split())
_TIED = (
    "المعني",
    "المشرف",
    "المشارك",
    "التابع",
    "الموالي",
    "المعارض",
    "المنتمي",
    "المكلف",
    "المسؤول",
    "الموكل",
    "المختص",
    "الخاص",
    "المقيم",
    "المقرب",
    "الممثل",
    "المدعوم",
    "مسؤول",
)


def _only_a_name(scene: Scene, j: int, i: int, subject: tuple[int, int] | None) -> bool:
    """True for a short quotation that stands where no speech begins."""
    quote = scene.quotes[j]
    if scene.index(quote.outer_end) - j - 2 > 2:
        return False
    before = scene.forms[j - 1]
    return not (
        j - 1 == i
        or (subject is not None and subject[1] == j)
        or before in THAT
        or before in THAT_B
        or before in SPEECH_LINKS
        or before in (":", "،", ",", ")", "ب")
        or j in scene.time_ends
    )


def _nominative(scene: Scene, reach: Reach) -> bool:
    """False for common nouns whose ending says that they are no subject: بيانا، صحافيين."""
    if reach.phrase.kind == "name":
        return True
    word = scene.source[reach.phrase.start : scene.tokens[reach.first].end]
    return not (word.endswith(("ا", "اً", "ًا", "ين")) and len(word) > 3)


def _object_like(f: str) -> bool:
    """True for words that are more likely what is announced, denied or asked than who does it: verbal nouns above all."""
    return f in _OBJECT_HEADS or (f.startswith("ال") and f[2:] in _OBJECT_HEADS) or bool(_OBJECT.match(f))


def name_quote(scene: Scene, j: int) -> int | None:
    """The token after a quotation that only marks a name (تنظيم "داعش"), or None where it may be speech."""
    quote = scene.quotes[j]
    last = scene.index(quote.outer_end)
    inside = last - j - 2
    before = scene.forms[j - 1] if j else ""
    if inside <= 4 and (
        before in scene.group_words
        or (any(j < k < last for k in scene.phrases) and inside <= 3 and before not in (":", "ان", "قائلا", "،"))
    ):
        return last
    if inside <= 3 and before in _BEFORE_NAMES:
        return last
    for first in range(max(0, j - 10), j):
        reach = scene.phrases.get(first)
        if reach and reach.last > j + 1:
            return max(last, reach.last) if inside <= 6 else None
    return None


def noun_phrase_end(scene: Scene, j: int, end: int) -> int:
    """The end of the party phrase at token j with its apposition («وزير الخارجية، فلان») and the parties joined to it by و."""
    first = scene.phrases[j].phrase
    last = scene.phrases[j].last
    while last < end:
        if last in scene.phrases and scene.phrases[last].phrase.clitics == "و":
            last = scene.phrases[last].last
        elif scene.forms[last] in ("،", ",") and last + 1 in scene.phrases:
            reach = scene.phrases[last + 1]
            p = reach.phrase
            if p.clitics or p.type != first.type or not _apposed(first, p) or (first.gender and p.gender and first.gender != p.gender):
                break
            last = reach.last
        else:
            break
    return last


def _apposed(p: Phrase, q: Phrase) -> bool:
    """True where one phrase names a person and the other says what he is."""
    return p.kind != q.kind or p.type == "PER" and (p.main is None) != (q.main is None)


def full_phrase_end(scene: Scene, j: int, end: int, short: bool = False) -> int:
    """The end of the party at token j with everything that belongs to it: its complements, names in quotation marks or brackets, appositions."""
    last = noun_phrase_end(scene, j, end) if j in scene.phrases else j
    while True:
        more = _complete(scene, j, last, end, short, 30)
        if (
            more + 1 < end
            and scene.forms[more] in ("،", ",")
            and j in scene.phrases
            and scene.phrases[j].phrase.kind != "name"
            and more + 1 in scene.phrases
        ):
            name = scene.phrases[more + 1].phrase
            if (
                name.type == "PER"
                and (name.kind == "name" or name.main is not None and scene.phrases[j].phrase.main is None)
                and not name.clitics
                and scene.phrases[j].phrase.type == "PER"
            ):
                last = scene.phrases[more + 1].last
                continue
        return max(more, last)


def _plain_subject_end(scene: Scene, j: int, end: int, short: bool, owned: bool) -> int:
    """The end of a subject that is no known phrase: the words from token j up to whatever can't be part of a noun phrase."""
    source = scene.tokens[j]
    text = scene.source[source.start : source.end]
    if (
        text.endswith(
            ("اً", "ًا", "ا") if owned and text.endswith(("ه", "ها", "هم")) and not text.endswith("ته") else ("ه", "ها", "هم", "اً", "ًا", "ا")
        )
        and not (owned and text.endswith("ها"))
        and not text.startswith("ال")
        and source.kind == "word"
    ):
        return j
    return _complete(scene, j, j, end, short, 3 if short else 10)


def _complete(scene: Scene, j: int, k: int, end: int, short: bool, most: int) -> int:
    """The end of the noun phrase that begins at token j and runs at least to token k: names in quotation marks or brackets, «باسم كذا» and «في المدينة» included."""
    while k < min(end, j + most):
        f, token = scene.forms[k], scene.tokens[k]
        if k > j and f == "(":
            close = next((m for m in range(k + 1, min(end, k + 6)) if scene.forms[m] == ")"), None)
            if close is None or scene.forms[k + 1].isdigit():
                break
            k = close + 1
            continue
        if k > j and k in scene.quotes and (last := name_quote(scene, k)) is not None:
            k = last
            continue
        if k > j and (more := _complement(scene, j, k, end)) > k:
            k = more
            continue
        if k > j and f == "باسم":
            k = scene.phrases[k + 1].last if k + 1 in scene.phrases else k + 2
            continue
        if (
            token.kind in ("mark", "line", "number")
            or f in THAT
            or f in THAT_B
            or f[1:] in THAT
            or f in ("وهو", "وهي", "وهم")
            or f in ADVERBIAL
            or f in ADVERBS
            or f in RELATIVES
            or (
                k in scene.times
                and not (
                    f == "العام"
                    and scene.forms[k + 1 : k + 2] != []
                    and scene.tokens[k + 1].kind == "word"
                    and scene.forms[k + 1] not in ("الماضي", "الحالي", "المقبل", "الجاري", "المنصرم")
                )
            )
            or f in SPEECH_LINKS
        ):
            break
        if (k > j and (short and _object_like(f))) or (
            k > j and f.startswith("و") and (k not in scene.phrases or scene.phrases[k].phrase.clitics != "و") and len(f) > 3 and short
        ):
            break
        if k in scene.phrases and k > j and scene.phrases[k].phrase.clitics not in ("", "و"):
            break
        if k > j and token.kind == "word" and (f[0] in "بل" and f not in scene.unprefixed and len(f) > 4 and k not in scene.phrases):
            break
        if k > j and short:
            near = scene.phrases.get(k)
            named = (
                near is not None
                and near.phrase.type == "PER"
                and near.phrase.clitics == ""
                and (near.phrase.kind == "name" or near.phrase.main is not None)
            )
            if not (named or (near is not None and near.phrase.type == "NORP") or (f.startswith("ال") and near is None)):
                if f.startswith("ل") and scene.forms[k - 1].startswith(("التابع", "الموالي", "المعارض", "المنتمي")):
                    k = near.last if near is not None else k + 1
                    continue
                break
        k = scene.phrases[k].last if k in scene.phrases and k > j else k + 1
    return min(k, end)
