"""Who says it: the subject before or after a cue, and whom a dropped subject resumes."""

from __future__ import annotations

from typing import NamedTuple

from musnad.stages.statements.cues import Form
from musnad.stages.statements.parties import full_phrase_end, noun_phrase_end
from musnad.stages.statements.scene import Scene
from musnad.stages.statements.words import (
    ADVERBIAL,
    ADVERBS,
    ALL_HEADS,
    AUXILIARIES,
    BETWEEN,
    BOUND,
    LEADS,
    LOCATIVE,
    OUR_OWN,
    RELATIVES,
    bare_head,
)

FAR = 200
"""Tokens that are looked back over for a subject: no newspaper's sentence needs more, and time stays linear."""


class Speaker(NamedTuple):
    """Tokens first..last of the phrase, source start..end, gender m, f or empty, number s, d, p or empty."""

    first: int
    last: int
    start: int
    end: int
    gender: str
    number: str
    entity: str | None = None
    place: bool = False


def speaker_of(scene: Scene, first: int, last: int, form: Form | None = None) -> Speaker:
    """The speaker whose phrase stands at tokens first..last; a past verb tells the gender where the phrase doesn't."""
    reach = scene.phrases.get(first)
    for k in range(first + 1, last):
        # What the words are in, and whom they were said to, is no part of the speaker.
        into = scene.forms[k] in ("امام", "اثناء", "عقب") or (
            k + 1 < last
            and scene.forms[k] in ("في", "عبر", "علي", "خلال")
            and k + 1 in scene.hits["documents"]
            and k + 1 not in scene.hits["media"]
        )
        f = scene.forms[k]
        told = (
            f in OUR_OWN
            or (f == "ل" and k + 1 < last and (k + 1 in scene.hits["media"] or scene.forms[k + 1] == '"'))
            or (f[:1] == "ل" and f not in ALL_HEADS and bare_head(f) in ALL_HEADS)
        )
        if into or told or (k in scene.hits["media"] and scene.forms[k].startswith("ل") and scene.hits["media"][k].clitics == "ل"):
            last = k
            break
    start, end = scene.tokens[first].start, scene.tokens[last - 1].end
    gender = number = ""
    entity = None
    if reach:
        start = reach.phrase.start
        gender, number, entity = reach.phrase.gender, reach.phrase.number, reach.phrase.entity
        if reach.phrase.type == "PER" and reach.phrase.kind == "name":
            number = "s"
        if reach.last == last:
            end = max(reach.phrase.end, start + 1)
    if form and form.reading.gender and form.reading.kind in ("past", "present"):
        gender = form.reading.gender
    source = scene.source
    while end > start + 1 and source[end - 1] in " ،,\n":
        end -= 1
    if source[end - 1] in '"»”“' and end - 1 > start and not any(c in '"«“”' for c in source[start : end - 1]):
        end -= 1
    return Speaker(first, last, start, end, gender, number, entity, bool(reach and reach.phrase.type == "LOC"))


def agrees(form: Form, speaker: Speaker, adjacent: bool = False) -> bool:
    """True where the verb or participle can have this speaker as its subject."""
    gender, number = form.reading.gender, form.reading.number
    if not gender or not speaker.gender:
        return True
    if speaker.number == "p" and not adjacent:
        # Plurals of people agree as such after them, other plurals as a feminine singular.
        return number == "p" or gender == "f" or speaker.gender == "f"
    return gender == speaker.gender or speaker.place


def subject_before(scene: Scene, i: int, start: int, form: Form) -> Speaker | None:
    """The subject that stands before the verb at token i, not before token `start`: «X قال»، «وكان X قد قال»، «X الذي قال»."""
    j, forms = i - 1, scene.forms
    relative, commas = False, 0
    start = max(start, i - FAR)
    while j >= start:
        f = forms[j]
        if j + 1 in scene.phrase_ends:
            reach = scene.phrase_ends[j + 1]
            first = _joined(scene, reach.first, start)
            if (
                not relative
                and not form.clitics
                and first < reach.first
                and reach.phrase.clitics == "و"
                and not _leads(scene, first, start)
            ):
                first = reach.first  # «… عقوبات على كذا، وأنقرة تهدد»
            phrase = scene.phrases.get(first, reach).phrase
            if phrase.clitics in ("", "و", "ف") or relative:
                speaker = speaker_of(scene, first, max(reach.last, full_phrase_end(scene, first, i, True)) if not relative else reach.last)
                if relative or (commas < 2 and _leads(scene, first, start)):
                    return speaker if agrees(form, speaker, adjacent=True) or (not relative and agrees(form, speaker)) else None
            if relative:
                return None
            break
        if f in RELATIVES and not relative:
            relative, j = True, j - 1
            continue
        if f in ("،", ","):
            commas += 1
        elif j + 1 in scene.time_ends and scene.time_ends[j + 1] <= j:
            j = scene.time_ends[j + 1]
        elif f == ")":
            while j > start and forms[j] != "(":
                j -= 1
        elif f not in AUXILIARIES and f not in ADVERBS and not (f in ("وقت", "سابق", "في") and not relative) and f != '"':
            break
        j -= 1
    if relative:
        return None
    return _topic(scene, i, start, form) or _plain(scene, i, start, form)


def _plain(scene: Scene, i: int, start: int, form: Form) -> Speaker | None:
    """One to four words that are no known phrase and open the clause right before the verb: «الأهالي يقولون»."""
    j = start
    while j < min(i, start + 12) and (scene.forms[j] in LEADS or scene.forms[j] in ('"', "#", "-", "—", "–")):
        j += 1
    last = i
    while last > j and scene.forms[last - 1] in ('"', "،", "قد"):
        last -= 1
    if not j < last <= j + 3 or form.clitics:
        return None
    for k in range(j, last):
        f = scene.forms[k]
        if (
            scene.tokens[k].kind not in ("word", "latin")
            or k in scene.times
            or k in scene.phrases
            or f in ADVERBS
            or f in ADVERBIAL
            or f in LEADS
            or f in AUXILIARIES
            or f in RELATIVES
        ):
            return None
    f = scene.forms[j]
    if len(f) < 4 or (
        f[0] in "وفبلكيت"
        and scene.tokens[j].kind == "word"
        and not scene.source[scene.tokens[j].start : scene.tokens[j].end].endswith(("ون", "ين"))
    ):
        return None
    return speaker_of(scene, j, last)


def may_speak(scene: Scene, first: int) -> bool:
    """False for whom words are addressed to («لـ"الأفق"»), and for where they were posted («عبر تويتر»)."""
    hit = scene.hits["media"].get(first)
    return not (first and scene.forms[first - 1] in ("ل", "عبر")) and (hit is None or hit.entry.get("kind") != "social")


def main_subject(scene: Scene, a: int, i: int, form: Form) -> Speaker | None:
    """The first phrase of the sentence before token i that can be the subject of its main verb and that the form agrees with."""
    k = max(a, i - FAR)
    while k < i:
        reach = scene.phrases.get(k)
        if reach is None:
            k += 1
            continue
        before = scene.forms[k - 1] if k > a else ""
        if (
            reach.last <= i
            and reach.phrase.clitics in ("", "و", "ف")
            and reach.phrase.type != "NORP"
            and before not in BOUND
            and may_speak(scene, k)
            and scene.source[reach.phrase.start : reach.phrase.end][-1:] != "ا"
        ):
            speaker = speaker_of(scene, k, noun_phrase_end(scene, k, i))
            if agrees(form, speaker, adjacent=True):
                return speaker
        k = max(k + 1, reach.last)
    return None


def _joined(scene: Scene, first: int, start: int) -> int:
    """The first token of a subject that is made of several phrases: «X، وزير كذا»، «X وY»."""
    while first > start:
        reach = scene.phrases.get(first, None)
        if reach and reach.phrase.clitics == "و" and first in scene.phrase_ends:
            first = scene.phrase_ends[first].first
        elif (
            scene.forms[first - 1] in ("،", ",")
            and first - 1 in scene.phrase_ends
            and noun_phrase_end(scene, scene.phrase_ends[first - 1].first, first + 1) > first
        ):
            first = scene.phrase_ends[first - 1].first
        else:
            break
    return first


def _two_offices(scene: Scene, a: int, b: int, start: int) -> bool:
    """True for «المتحدث باسم كذا، نائب كذا»: two offices of one person at the head of a clause."""
    p, q = scene.phrases.get(a), scene.phrases.get(b)
    return (
        p is not None
        and q is not None
        and p.phrase.kind == q.phrase.kind == "office"
        and p.phrase.gender == q.phrase.gender
        and not q.phrase.clitics
        and _leads(scene, a, start)
    )


def _leads(scene: Scene, first: int, start: int) -> bool:
    """True where a noun phrase at token `first` can be the subject that stands before its verb: a clause begins with it."""
    j = first - 1
    while j >= start and (scene.forms[j] in ('"', "#", "قد", "فقد", "(", "-", "–", "—")):
        j -= 1
    if j < start or scene.tokens[j].kind == "line":
        return True
    f = scene.forms[j]
    if f in LEADS or f in ("،", ",", ".", "..", ":", "»", "؛"):
        return True
    return scene.phrases.get(first) is not None and scene.phrases[first].phrase.clitics in ("و", "ف")


def led(scene: Scene, i: int, start: int, speaker: Speaker) -> bool:
    """True where the speaker opens its clause after كان, لكن, أن or nothing, so that the verb at token i, not far off, is the clause's own."""
    k = speaker.first - 1
    while k >= start and scene.forms[k] in ('"', "#"):
        k -= 1
    opened = k < start or scene.forms[k] in LEADS
    return (
        opened
        and speaker.last <= i
        and i - speaker.last <= 12
        and not any(scene.forms[m] in ("،", ",") and scene.forms[m + 1][:1] == "و" for m in range(speaker.last, i - 1))
        and not scene.tokens[i].form.startswith("و")
    )


def _topic(scene: Scene, i: int, start: int, form: Form) -> Speaker | None:
    """The phrase that opens the sentence as its topic, with كان or لكن or nothing before it, where the verb agrees with it."""
    j = start
    while j < min(i, start + 12) and (
        scene.forms[j] in LEADS or scene.forms[j] in ('"', "#", "(", "-", "—", "–") or scene.forms[j] in ADVERBS
    ):
        j += 1
    colon = next((k for k in range(j, min(i, j + 5)) if scene.forms[k] == ":"), None)
    if colon is not None:
        j = colon + 1
    reach = scene.phrases.get(j)
    if reach is None or reach.phrase.clitics not in ("", "و", "ف") or reach.last > i:
        return None
    speaker = speaker_of(scene, j, min(i, full_phrase_end(scene, j, i, True)))
    return speaker if agrees(form, speaker, adjacent=True) else None


def nearest(scene: Scene, i: int, form: Form, since: int) -> Speaker | None:
    """The nearest phrase before token i, not before `since`, that the form agrees with and that may be a subject."""
    best: Speaker | None = None
    for first in range(i - 1, max(since, i - FAR) - 1, -1):
        reach = scene.phrases.get(first)
        if (
            reach
            and reach.last <= i
            and reach.phrase.clitics in ("", "و", "ف")
            and reach.phrase.type in ("PER", "ORG", "LOC")
            and not (reach.phrase.type == "LOC" and (first == 0 or scene.forms[first - 1] in LOCATIVE))
            and may_speak(scene, first)
        ):
            before = scene.forms[first - 1] if first else ""
            speaker = speaker_of(scene, first, noun_phrase_end(scene, first, i))
            if agrees(form, speaker) and before not in ("من", "الي", "علي", "عن", "في", "مع", "بين", "ضد"):
                best = speaker
                break
    return best


def close(scene: Scene, last: int, i: int) -> bool:
    """True where only commas, times and auxiliaries stand between a subject and its verb."""
    return all(scene.tokens[k].kind == "mark" or k in scene.times or scene.forms[k] in BETWEEN for k in range(last, i))
