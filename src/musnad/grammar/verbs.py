"""Forms of an Arabic verb as newspapers write them: without vowels, folded.

From the two principal parts, the third person masculine singular of past and present (`قال` `يقول`, `أعلن` `يعلن`, `نفى` `ينفي`), come all
persons, numbers and genders of past, indicative, subjunctive, jussive and imperative, active and passive, hollow, doubled, weak-final and
hamzated verbs included. Clitics (و ف ل س and object pronouns) stay outside: `tokens.splits` and `tokens.without_pronoun` see through them.
The tables follow the usual grammars (Wright, A Grammar of the Arabic Language, I, §§ 90–190), applied to spelling rather than sound.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from musnad.grammar.folding import fold
from musnad.record.errors import BadRule


class Verb(NamedTuple):
    """What a form says: tense past|present|jussive|imperative, person 1|2|3, gender m|f or empty, number s|d|p, voice active|passive."""

    tense: str
    person: int
    gender: str
    number: str
    voice: str


_PAST_VOWEL = (("وا", 3, "m", "p"), ("ا", 3, "m", "d"), ("ت", 3, "f", "s"), ("تا", 3, "f", "d"))
"""Endings that begin with a vowel (or silence it): the long stem."""
_PAST_CONSONANT = (("ت", 1, "", "s"), ("ن", 3, "f", "p"), ("نا", 1, "", "p"), ("تم", 2, "m", "p"), ("تما", 2, "", "d"), ("تن", 2, "f", "p"))
"""Endings that begin with a consonant: the short stem."""
_PREFIXES = (("ي", 3, "m"), ("ت", 3, "f"), ("ت", 2, "m"), ("ا", 1, ""), ("ن", 1, ""))


def conjugate(past: str, present: str) -> dict[str, tuple[Verb, ...]]:
    """The folded forms of a verb with all that each may be, commonest reading first. Raises BadRule where `present` doesn't begin with ي."""
    return _conjugate(past.strip(), present.strip())


@lru_cache(maxsize=4096)
def _conjugate(past: str, present: str) -> dict[str, tuple[Verb, ...]]:
    raw_past, raw_present = past, present
    past, present = fold(past), fold(present)
    if not present.startswith("ي") or len(past) < 2 or len(present) < 3:
        raise BadRule(f"not the principal parts of a verb: {raw_past!r} {raw_present!r} (third person masculine: قال يقول)")
    out: dict[str, list[Verb]] = {}

    def put(form: str, verb: Verb) -> None:
        readings = out.setdefault(fold(form), [])
        if verb not in readings:
            readings.append(verb)

    for form, verb in _past(raw_past, past, present, "active"):
        put(form, verb)
    for form, verb in _present(present, past, "active"):
        put(form, verb)
    passive_past, passive_present = _passive(past, present)
    for form, verb in _past(passive_past, passive_past, passive_present, "passive"):
        put(form, verb)
    for form, verb in _present(passive_present, past, "passive"):
        put(form, verb)
    return {form: tuple(readings) for form, readings in out.items()}


def _weak_final(past: str, present: str) -> bool:
    """True for verbs whose third radical is و or ي: دعا يدعو، نفى ينفي، لقي يلقى، أجرى يجري. Folding has made ى and ي one."""
    return (past[-1] == "ي" and present[-1] in "يا") or (past[-1] == "ا" and present[-1] in "وي" and len(past) > 2)


def _hollow(past: str, present: str) -> bool:
    """True for قال يقول، زار يزور، أعاد يعيد، اختار يختار، استقال يستقيل: a long vowel before the last radical that the short stem drops."""
    if len(past) < 3 or past[-2] != "ا" or (past[-1] in "اء" and past[-1] == "ا"):
        return False
    if len(past) == 3:
        return present[-2] in "ويا"
    return present[-2] in "يا" and not _form_three(past, present)


def _form_three(past: str, present: str) -> bool:
    """True for فاعل and تفاعل (قاتل يقاتل، تبادل يتبادل), whose alef stays; their last radical isn't after the alef anyway unless doubled (حاد)."""
    return past[1] == "ا" and len(past) == 4 and present[-2] != "ا"


def _doubled(past: str, present: str) -> bool:
    """True where past and present end in one letter that stands for two: رد يرد، مد يمد، شن يشن, and أعد يعد، احتل يحتل، استعد يستعد."""
    if len(past) == 2 and len(present) == 3:
        return True
    if past[-2:-1] in ("ا", "و", "ي"):
        return False
    return past[0] == "ا" and (
        (len(past) == 3 and len(present) == 3)
        or (len(past) == 4 and past[2] == "ت" and len(present) == 4)
        or (len(past) == 4 and past[1] == "ن" and len(present) == 4)
        or (len(past) == 5 and past[1:3] == "ست" and len(present) == 5)
    )


def _past(raw: str, past: str, present: str, voice: str) -> list[tuple[str, Verb]]:
    def verb(person: int, gender: str, number: str) -> Verb:
        return Verb("past", person, gender, number, voice)

    out = [(past, verb(3, "m", "s"))]
    if _weak_final(past, present) or (voice == "passive" and past.endswith("ي")):
        base = past[:-1]
        # لقي (and every passive) keeps its ya before a vowel ending; دعا and رمى lose it.
        keeps = present.endswith("ا") or (voice == "passive") or (past[-1] == "ي" and not raw.endswith("ى") and len(past) == 3)
        vowel = base + ("و" if past[-1] == "ا" else "ي")
        out += [
            (base + "وا", verb(3, "m", "p")),
            (vowel + "ا", verb(3, "m", "d")),
            (base + "يت" if keeps else base + "ت", verb(3, "f", "s")),
            (base + "يتا" if keeps else base + "تا", verb(3, "f", "d")),
        ]
        out += [(vowel + ending, verb(p, g, n)) for ending, p, g, n in _PAST_CONSONANT]
        return out
    out += [(past + ending, verb(p, g, n)) for ending, p, g, n in _PAST_VOWEL]
    if past.endswith("ا") and (raw.endswith(("أ", "آ")) or len(past) > 3):  # بدأ: بدؤوا، بدأوا
        out += [(past[:-1] + "ؤوا", verb(3, "m", "p")), (past[:-1] + "ا", verb(3, "m", "d"))]
    if past.endswith("ئ"):
        out.append((past[:-1] + "ئوا", verb(3, "m", "p")))
    short = past
    if _hollow(past, present) or (voice == "passive" and len(past) >= 3 and past[-2] == "ي" and present[-2] == "ا"):
        short = past[:-2] + past[-1]
    elif _doubled(past, present):
        short = past + past[-1]
    if short.endswith("ت"):
        out += [(short + e.removeprefix("ت") if e.startswith("ت") else short + e, verb(p, g, n)) for e, p, g, n in _PAST_CONSONANT]
    elif short.endswith("ن"):
        out += [(short + e.removeprefix("ن") if e.startswith("ن") else short + e, verb(p, g, n)) for e, p, g, n in _PAST_CONSONANT]
    else:
        out += [(short + ending, verb(p, g, n)) for ending, p, g, n in _PAST_CONSONANT]
    return out


def _present(present: str, past: str, voice: str) -> list[tuple[str, Verb]]:
    body = present[1:]
    out: list[tuple[str, Verb]] = []
    weak = _weak_final(past, present) or (voice == "passive" and body.endswith("ي") and past[-1] in "اي")
    hollow = (
        len(body) >= 3
        and body[-2] in "ويا"
        and (_hollow(past, present) or (voice == "passive" and body[-2] == "ا" and _hollow_active(past)))
    )
    short = body[:-1] if weak else body[:-2] + body[-1] if hollow else body
    base = body[:-1] if weak else body
    for prefix, person, gender in _PREFIXES:
        number = "p" if prefix == "ن" else "s"
        out.append((_join(prefix, body), Verb("present", person, gender, number, voice)))
        if short != body:
            out.append((_join(prefix, short), Verb("jussive", person, gender, number, voice)))
    dual = base + ("و" if weak and body[-1] == "و" else "ي" if weak else "")
    for prefix, person, gender in (("ي", 3, "m"), ("ت", 2, "m"), ("ت", 3, "f")):
        if gender == "m":
            out += [
                (prefix + base + "ون", Verb("present", person, "m", "p", voice)),
                (prefix + base + "وا", Verb("jussive", person, "m", "p", voice)),
            ]
        out += [
            (prefix + dual + "ان", Verb("present", person, gender, "d", voice)),
            (prefix + dual + "ا", Verb("jussive", person, gender, "d", voice)),
        ]
    women = dual if weak else short if hollow else body + (body[-1] if _doubled(past, present) else "")
    out += [
        (f"ي{women}ن" if not women.endswith("ن") else f"ي{women}", Verb("present", 3, "f", "p", voice)),
        (f"ت{base}ين", Verb("present", 2, "f", "s", voice)),
    ]
    if voice == "active":
        out += _imperative(short, past)
    return out


def _join(prefix: str, body: str) -> str:
    """The prefix before the body; the first person's alef swallows a hamza's seat: أؤكد stays, آخذ for أأخذ is folded to one alef."""
    return prefix + body.removeprefix("ا") if prefix == "ا" and body.startswith("ا") else prefix + body


def _imperative(short: str, past: str) -> list[tuple[str, Verb]]:
    """Commands as headlines and slogans have them: أوقفوا، ارحل، قاطعوا."""
    stem = past[:1] + short if past.startswith("ا") and not short.startswith("ا") else short
    if len(past) == 3 and past[1] not in "اوي" and not past.startswith("ا") and len(short) == 3:
        stem = "ا" + short
    return [(stem, Verb("imperative", 2, "m", "s", "active")), (stem + "وا", Verb("imperative", 2, "m", "p", "active"))]


def _hollow_active(past: str) -> bool:
    return len(past) >= 3 and past[-2] == "ا"


def _passive(past: str, present: str) -> tuple[str, str]:
    """The passive principal parts where spelling shows them; elsewhere they look like the active."""
    body = present[1:]
    if _weak_final(past, present):
        # دُعي يُدعى، نُفي يُنفى، أُجري يُجرى: folded, both end in ي.
        inner = past[:-1]
        if len(past) >= 4 and past[1] == "ا" and past[0] != "ا":
            inner = past[0] + "و" + past[2:-1]
        return inner + "ي", "ي" + body[:-1] + "ي"
    if _hollow(past, present):
        return past[:-2] + "ي" + past[-1], "ي" + body[:-2] + "ا" + body[-1]
    if len(past) == 4 and past[1] == "ا" and past[0] != "ا":  # قاتل: قوتل
        return past[0] + "و" + past[2:], present
    if len(past) == 5 and past[0] == "ت" and past[2] == "ا":  # تبادل: تبودل
        return past[:2] + "و" + past[3:], present
    if len(past) == 3 and past[0] == "و" and len(body) == 2:  # وصل يصل: يوصل
        return past, "يو" + body
    return past, present
