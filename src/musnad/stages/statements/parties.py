"""How far the phrase of a party runs: titles, complements, appositions, names in quotation marks."""

from __future__ import annotations

import re

from musnad.phrases import Phrase
from musnad.stages.statements.scene import Reach, Scene
from musnad.stages.statements.words import (
    ADVERBIAL,
    ADVERBS,
    BEFORE_NAMES,
    DEMONSTRATIVES,
    OBJECT_HEADS,
    PLACE_WORDS,
    RELATIVES,
    REPORTING,
    SPEECH_LINKS,
    TALKS,
    THAT,
    THAT_B,
    TIED,
)

_OBJECT = re.compile(
    r"(?:ال)?(?:است\w{1,2}ا\w[هت]?\w{0,3}|ا[^ا\W]ا[^ا\W](?:ه|ته|تها|تهم)|ا[^ا\W]{2}ا[^ا\W]|ا[^ا\W]{2}ا[^ا\W](?:ه|ها|هم|هما)|ان[^ا\W]{2}ا[^ا\W](?:ه|ها|هم)?|ت[^ا\W]{2}ي[^ا\W](?:ه|ها|هم)?|م[^ا\W]ا[^ا\W]{2}(?:ه|ته|تها|تهم)|ت[^ا\W]{3}(?:ه|ها|هم)?|ت[^ا\W]ا[^ا\W]{2}(?:ه|ها|هم)?)$"
)


_LONGEST = 60


def noun_phrase_end(scene: Scene, j: int, end: int) -> int:
    """The end of the party phrase at token j with its apposition («وزير الخارجية، فلان») and the parties joined to it by و."""
    first = scene.phrases[j].phrase
    last = scene.phrases[j].last
    end = min(end, j + _LONGEST)
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
    return p.kind != q.kind or (p.type == "PER" and (p.main is None) != (q.main is None))


def full_phrase_end(scene: Scene, j: int, end: int, short: bool = False) -> int:
    """The end of the party at token j with everything that belongs to it: its complements, names in quotation marks or brackets, appositions."""
    end = max(min(end, j + _LONGEST), scene.phrases[j].last if j in scene.phrases else j)
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
                and (name.kind == "name" or (name.main is not None and scene.phrases[j].phrase.main is None))
                and not name.clitics
                and scene.phrases[j].phrase.type == "PER"
            ):
                last = scene.phrases[more + 1].last
                continue
        return max(more, last)


def plain_party_end(scene: Scene, j: int, end: int, short: bool, owned: bool) -> int:
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
        if k > j and f in ("باسمه", "باسمها", "باسمهم", "باسمهما"):
            k += 1
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
            or (k > j and f[:1] == "ف" and f[1:] in ADVERBIAL)
            or (k > j and f.endswith("ا") and (f in TALKS or k in scene.hits["documents"]))
            or f in ADVERBS
            or f in RELATIVES
            or (k > j and (f in DEMONSTRATIVES or f in REPORTING))
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
        if (k > j and (short and object_like(f))) or (
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
            if not (
                named
                or (near is not None and near.phrase.type == "NORP")
                or (f.startswith("ال") and near is None and _may_describe(scene, j, k))
            ):
                if f.startswith("ل") and scene.forms[k - 1].startswith(("التابع", "الموالي", "المعارض", "المنتمي")):
                    k = near.last if near is not None else k + 1
                    continue
                break
        k = scene.phrases[k].last if k in scene.phrases and k > j else k + 1
    return min(k, end)


def _may_describe(scene: Scene, j: int, k: int) -> bool:
    """True where the definite word at token k may be an adjective of the party at token j; no adjective follows a name, and some don't agree."""
    head, f = scene.phrases.get(j), scene.forms[k]
    if head is None or head.last != k:
        return True
    if head.phrase.kind == "name":
        return head.phrase.type not in ("LOC", "PER")
    if k not in scene.adjectives and not f.endswith(("ي", "يه")):
        return False
    if head.phrase.number != "s" or not head.phrase.gender:
        return True
    return f.endswith(("ه", "ي")) if head.phrase.gender == "f" else not f.endswith(("ه", "ات"))


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
    while place < end and place not in scene.phrases and scene.forms[place] in PLACE_WORDS:
        place += 1
    if (
        f == "في"
        and place in scene.phrases
        and scene.phrases[place].phrase.clitics == ""
        and scene.phrases[place].phrase.type in ("LOC", "ORG")
        and place not in scene.hits["documents"]
    ):
        return min(end, scene.phrases[place].last)
    tied = scene.forms[k - 1].startswith(TIED)
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
        and (object_like(f[1:]) or (f.startswith("لل") and scene.forms[k - 1].startswith("ال") and k not in scene.phrases))
    ):
        return min(end, scene.phrases[k + 1].last if k + 1 in scene.phrases else k + 2)
    if tied and f[0] in "بل" and scene.tokens[k].kind == "word" and len(f) > 4:
        return k + 1
    return k


def nominative(scene: Scene, reach: Reach) -> bool:
    """False for common nouns whose ending says that they are no subject: بيانا، صحافيين (but محاميها)."""
    if reach.phrase.kind == "name":
        return True
    word = scene.source[reach.phrase.start : scene.tokens[reach.first].end]
    endings = ("ا", "اً", "ًا") if reach.phrase.number == "s" else ("ا", "اً", "ًا", "ين")
    return not (word.endswith(endings) and len(word) > 3) or word.endswith(("ها", "هما"))


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
    if inside <= 3 and before in BEFORE_NAMES:
        return last
    for first in range(max(0, j - 10), j):
        reach = scene.phrases.get(first)
        if reach and reach.last > j + 1:
            return max(last, reach.last) if inside <= 6 else None
    return None


def object_like(f: str) -> bool:
    """True for words that are more likely what is announced, denied or asked than who does it: verbal nouns above all."""
    return f in OBJECT_HEADS or (f.startswith("ال") and f[2:] in OBJECT_HEADS) or bool(_OBJECT.match(f))
