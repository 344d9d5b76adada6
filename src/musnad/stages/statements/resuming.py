"""Whom a cue without a subject of its own takes up: the speaker of the statement before it, or who acts in its sentence."""

from __future__ import annotations

from collections.abc import Sequence

from musnad.stages.statements.cues import Form
from musnad.stages.statements.draft import Draft
from musnad.stages.statements.extent import goes_beside
from musnad.stages.statements.scene import Scene
from musnad.stages.statements.speakers import Speaker, agrees, main_subject, may_speak, nearest, speaker_of
from musnad.stages.statements.words import RESUMPTIVE, TALKS

_NEAR = 40
"""Statements that are looked back over."""


def taken_up(scene: Scene, i: int, form: Form, a: int, number: int, here: Sequence[Draft], done: Sequence[Draft]) -> Speaker | None:
    """The speaker of the cue at token i of sentence `number`, which begins at token a; `here` are the sentence's statements, `done` those before it."""
    inner = next((d for d in reversed(here) if d.token < i), None)
    if form.reading.kind == "participle" and inner is None:
        if (
            i in scene.phrase_ends
            and may_speak(scene, scene.phrase_ends[i].first)
            and agrees(form, near := speaker_of(scene, scene.phrase_ends[i].first, i))
        ):
            return near
        found = main_subject(scene, a, i, form) or nearest(scene, i, form, a)
        if found is not None or i > a + 1:
            return found
    if inner is not None:
        quote = scene.quote_holding(i)
        if quote is not None and form.reading.lemma not in RESUMPTIVE:
            since = scene.index(quote[0])
            return nearest(scene, i, form, since)
        for d in here[: -_NEAR - 1 : -1]:
            if (
                d.token < i
                and d.speaker
                and (d.kind not in ("masdar", "noun") or d.cited)
                and scene.quote_holding(d.token) in (None, quote)
                and agrees(form, d.speaker)
                and (quote is not None or not _told(scene, d, here, form))
            ):
                return d.speaker
        return main_subject(scene, a, i, form) or nearest(scene, i, form, a)
    in_sentence = _giver(scene, a, i, form) or main_subject(scene, a, i, form) or nearest(scene, i, form, a)
    if in_sentence is None and done and done[-1].sentence < number - 1:
        before = main_subject(scene, scene.sentences[number - 1][0], a, form)
        if before is not None:
            return before
    if in_sentence is not None and i - a > 4 and not scene.tokens[i].form.startswith("و") and not scene.quoted(i):
        return in_sentence
    for d in done[: -_NEAR - 1 : -1]:
        if number - d.sentence > 3:
            break
        if d.speaker and d.outer is None and agrees(form, d.speaker):
            if in_sentence is not None and d.sentence < number - 1:
                break
            return d.speaker
    if in_sentence is not None:
        return in_sentence
    since = scene.sentences[max(0, number - 2)][0]
    return nearest(scene, a, form, since)


def _giver(scene: Scene, a: int, i: int, form: Form) -> Speaker | None:
    """Who gave the talk or made the document of which the sentence says that it was there: «جاء ذلك في مقابلة لفلان مع قناة الأفق حيث قال»."""
    if scene.forms[a].removeprefix("و") not in ("جاء", "جاءت", "اتي", "اتت", "ورد"):
        return None
    for k in range(a + 1, min(i, a + 12)):
        reach = scene.phrases.get(k)
        if reach is not None and reach.phrase.clitics == "ل" and k not in scene.hits["media"]:
            before = scene.forms[max(a, k - 2) : k]
            if any(f in TALKS for f in before) or scene.hits["documents"].keys() & {k - 1, k - 2}:
                speaker = speaker_of(scene, k, reach.last)
                return speaker if agrees(form, speaker) else None
    return None


def _told(scene: Scene, d: Draft, here: Sequence[Draft], form: Form) -> bool:
    """True for what another statement of the sentence tells («قال X إن Y أبلغ …، وأضاف»): whoever goes on after it is the one who tells it."""
    return any(
        e.token < d.token
        and e.body <= d.token
        and e.took in ("that", "colon")
        and e.kind not in ("masdar", "noun")
        and e.speaker is not None
        and agrees(form, e.speaker)
        and not goes_beside(scene, d, e)
        for e in here[-_NEAR:]
    )
