"""From a cue to what it governs: the subject after it, and where the words said begin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from musnad.grammar.quotes import Quote
from musnad.stages.statements.cues import PREPOSITIONS, Cues, Form
from musnad.stages.statements.parties import full_phrase_end, name_quote, nominative, object_like, plain_party_end
from musnad.stages.statements.scene import Scene
from musnad.stages.statements.words import (
    ADVERBIAL,
    ADVERBS,
    HOMOGRAPHS,
    MANNERS,
    MOMENTS,
    NOT_SAID,
    OBJECT_HEADS,
    OBJECT_TAKERS,
    POINTED,
    POINTING,
    REGARDS,
    RELATIVES,
    SPEECH_LINKS,
    TALKS,
    THAT,
    THAT_B,
)

_LONGEST = 60


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
    if form.pronoun and finite and not takes.keys() & {"who", "pron", "obj"} and form.reading.lemma != "ذكر":
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
        and not ((before in THAT and before != "ان") or (before in THAT_B and before != "بان"))
        and not (form.reading.number == "p" and form.reading.kind == "past")
    )
    while j < min(end, i + _LONGEST):
        f, token = forms[j], scene.tokens[j]
        if j in scene.quotes:
            if (last := name_quote(scene, j)) is not None:
                if seeks and subject is None and not aside and j in scene.phrases:
                    subject = (j, full_phrase_end(scene, j, end, True))
                    j = max(last, subject[1])
                else:
                    j = last
                continue
            if _only_a_name(scene, j, i, subject) and form.reading.kind != "noun" and not ("obj" in takes and object_like(forms[j + 1])):
                j = scene.index(scene.quotes[j].outer_end)
                continue
            if (
                "quote" not in takes
                and j + 1 < len(forms)
                and (inside := _after_preposition(scene, j + 1, takes)) is not None
                and j + 1 not in scene.phrases
            ):
                return Frame(subject, inside[0], inside[1], None, inside[2])
            if not (takes.keys() & {"quote", "that"}) or (form.reading.kind == "noun" and "quote" not in takes and "that" not in takes):
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
            if "that" in takes and (before not in ADVERBIAL or before in takes or before in ADVERBS) and before not in NOT_SAID:
                if f in ("الا", "بالا"):
                    return Frame(subject, j, token.start, None, "that")
                return _body(scene, subject, j + 1, "that")
            aside = True
            j += 1
            continue
        if (passed := addressed(scene, j) or passing(forms, j)) > j:
            j = passed
            continue
        if not aside:
            since = j
        if (
            not aside
            or commas
            or j - since >= 3
            or (
                j - since == 2
                and (forms[j - 1].startswith("ال") or (f in takes and (forms[j - 1] in TALKS or j - 1 in scene.hits["documents"])))
            )
        ):
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
            if seeks and subject is None and not aside and prefix == "" and nominative(scene, reach):
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
        if f in ADVERBIAL or f in ("كما", "مثلما", "حسبما", "ولم", "وهو", "وهي", "وهم", "حيث"):
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
        past = (j - since >= 3 and f in OBJECT_HEADS) or (j - since >= 2 and j in scene.phrase_ends and object_like(f))
        if (not aside or (past and (subject is not None or not seeks))) and token.kind in (
            "word",
            "number",
            "latin",
        ):
            told = "obj" not in takes and j + 1 < len(forms) and (forms[j + 1] in THAT or forms[j + 1] in THAT_B)  # «أفادت أنباء بأن»
            if seeks and subject is None and not commas and (told or not (object_like(f) if "obj" in takes else f in OBJECT_HEADS)):
                stop = plain_party_end(scene, j, end, "obj" in takes, patience > 5 and form.reading.lemma not in OBJECT_TAKERS)
                if stop > j:
                    subject = (j, stop)
                    j = stop
                    continue
            elif (
                "obj" in takes
                and ("who" not in takes or subject is not None or not seeks)
                and (
                    not form.pronoun
                    and (token.kind == "word")
                    and not ("that" in takes and not object_like(f) and _that_soon(scene, j, end))
                )
            ):
                return Frame(subject, j, token.start, None, "obj")
        noise += 1
        if noise > patience:
            break
        j += 1
    if form.pronoun and "pron" in takes and finite and subject is not None:
        return Frame(subject, j, -1, None, "pron")
    return None


def addressed(scene: Scene, j: int) -> int:
    """The token after an outlet that is spoken to at token j, where ل stands alone: «قال لـ"الأفق" قائد»; 0 where there is none."""
    if scene.forms[j] != "ل" or j + 1 >= len(scene.forms):
        return 0
    quote, hit = scene.quotes.get(j + 1), scene.hits["media"].get(j + 1)
    if quote is not None and quote.whole and (last := scene.index(quote.outer_end)) - j <= 8:
        return last
    return hit.last if hit is not None else 0


def inverted(scene: Scene, i: int, form: Form, end: int) -> Frame | None:
    """The frame of a cue that follows the quotation it belongs to, with its subject after it: «"انتهت الحرب"، قال القائد»."""
    r = form.reading
    if r.kind not in ("past", "present") or r.lemma in HOMOGRAPHS or form.clitics or form.pronoun or "quote" not in r.takes:
        return None
    k = i
    while k - 1 > 0 and (scene.forms[k - 1] in ("،", ",") or scene.forms[k - 1] == "هكذا"):
        k -= 1
    quote = scene.quote_ends.get(k)
    if quote is None or i + 1 >= end or i + 1 not in scene.phrases or scene.phrases[i + 1].phrase.clitics:
        return None
    body = scene.index(quote.start)
    if k - body < 3 or not nominative(scene, scene.phrases[i + 1]):
        return None
    return Frame((i + 1, full_phrase_end(scene, i + 1, end)), body, quote.start, quote, "before")


def passing(forms: Sequence[str], j: int) -> int:
    """The token after an adverbial of set words at token j, which neither opens an aside nor is said: «بشكل واضح»، «في هذا الصدد»؛ j where there is none."""
    after = forms[j + 1 : j + 3]
    if forms[j] in MANNERS and after:
        return j + 2
    if forms[j] == "في" and len(after) == 2:
        about = (after[0] in POINTING or after[1] in POINTED) and REGARDS.intersection(after)
        if about or (after[0] == "وقت" and after[1] in MOMENTS):
            return j + 3
    return j


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


def _after_preposition(scene: Scene, j: int, takes: Mapping[str, str]) -> tuple[int, int, str] | None:
    """Where the words said begin, if token j is a preposition of `takes` (alone or written with its noun): token, source offset, preposition."""
    f, forms = scene.forms[j], scene.forms
    n = len(forms)
    if f in ("عما", "مما") and ("عن" if f == "عما" else "من") in takes:
        return j, scene.tokens[j].start + 1, "عن" if f == "عما" else "من"
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


def _only_a_name(scene: Scene, j: int, i: int, subject: tuple[int, int] | None) -> bool:
    """True for a short quotation that stands where no speech begins."""
    quote = scene.quotes[j]
    if scene.index(quote.outer_end) - j - 2 > 2:
        return False
    before = scene.forms[j - 1]
    if scene.forms[j + 1].startswith("لل") and scene.index(quote.outer_end) - j - 2 == 1:
        return True  # «قال "للأفق" إن»
    return not (
        j - 1 == i
        or (subject is not None and all(scene.forms[k][:1] == "ل" or scene.forms[k][:2] == "ال" for k in range(subject[1], j)))
        or before in THAT
        or before in THAT_B
        or before in SPEECH_LINKS
        or before in (":", "،", ",", ")", "ب")
        or before in ADVERBS
        or j in scene.time_ends
    )
