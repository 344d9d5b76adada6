"""How far the words said run: to the end of the quotation, or to the next cue, the reporter's own words or the sentence's end."""

from __future__ import annotations

import re

from musnad.stages.statements.draft import Draft
from musnad.stages.statements.scene import Scene
from musnad.stages.statements.words import BACK, LEADS_BACK, RELATIVES, SISTER_LEADS, THAT

_SHORT = frozenset(("obj", "ب", "الي", "علي", "من", "عن", "ل", "pron", "blame"))
_EDGE_START = " \t\n\xa0،,.:؛-–—\"«»“”„'’‘&)"
_EDGE_END = " \t\n\xa0،,.:؛-–—\"«»“”„'’‘&("


_SHE_ALSO = re.compile(r"و(?!ال)\w{2,}[^\Wا]ت$")
_NEAR = 40
_LONGEST = 600
"""Statements and tokens looked at beyond a cue."""


def settle(scene: Scene, here: list[Draft], a: int, b: int, done: list[Draft]) -> None:
    """Set stops and pieces of a sentence's statements, and which of them stand in another."""
    for n, d in enumerate(here):
        if d.pieces:
            _nest(scene, d, here[max(0, n - _NEAR) : n + _NEAR], done)
            continue
        stop = b
        whole = d.quote is not None and d.quote.whole and d.took != "part"
        if whole and d.quote is not None:
            stop = scene.index(d.quote.outer_end)
            d.pieces = [(d.quote.start, d.quote.end)]
        if not whole or d.took in ("that", "ب", "الي", "علي", "من", "عن"):
            limit = _limit(scene, d, here[n + 1 : n + 1 + _NEAR], a, min(b, d.body + _LONGEST), stop if whole else d.body)
            if not whole:
                stop = limit
                d.pieces = [(d.start, scene.tokens[max(stop - 1, d.body)].end)]
            elif limit > stop and scene.forms[stop] not in ("،", ",", ".", "..", "...", "؟", "!") and not scene.forms[stop].startswith("و"):
                d.pieces = [(d.quote.start if d.quote else d.start, scene.tokens[limit - 1].end)]
                stop = limit
        d.stop = stop
        d.pieces = [p for p in (trimmed(scene.source, *piece) for piece in d.pieces) if p[1] - p[0] > 2]
        _nest(scene, d, here[max(0, n - _NEAR) : n + _NEAR], done)


def trimmed(source: str, start: int, end: int) -> tuple[int, int]:
    """The range without white space, commas and unpaired quotation marks at its edges."""
    while start < end and source[start] in _EDGE_START:
        start += 1
    while end > start and source[end - 1] in _EDGE_END:
        end -= 1
    return start, end


def _nest(scene: Scene, d: Draft, near: list[Draft], done: list[Draft]) -> None:
    for e in reversed(near):
        if e is not d and e.pieces and e.token < d.token and e.stop > d.token >= e.body and e.took != "attribution":
            d.outer = e
            return
    for e in near:
        if e is not d and e.took == "attribution" and e.pieces and any(x <= d.cue[0] < y for x, y in e.pieces):
            d.outer = e
            return
    if done and done[-1].quote is not None and done[-1].quote.outer_start < d.cue[0] < done[-1].quote.outer_end:
        d.outer = done[-1]


def _limit(scene: Scene, d: Draft, later: list[Draft], a: int, b: int, since: int) -> int:
    """The token at which the words said stop."""
    stop = b
    closers, forms = scene.hits["speaker_closers"], scene.forms
    k = since + 1
    while k < b:
        if k in scene.cuts:
            stop = k
            break
        if k in closers and not scene.quoted(k):
            words = closers[k].form
            if forms[k - 1] in ("،", ",", '"', ".", "..") or words.split()[0] in ("علي", "وفق", "حسب", "بحسب", "وهو", "لكنه", "لكنها"):
                stop = k
                break
        k += 1
    if d.took in _SHORT:
        acts_on = d.kind == "past" and forms[d.token].endswith("ت")
        for k in range(since + 1, stop):
            parted = forms[k] in ("،", ",") and (k + 1 in scene.times or (k + 1 < stop and forms[k + 1] in LEADS_BACK))
            # What is named by a noun isn't gone on with by a verb: «أدانت كذا العنف … واستدعت سفيرها».
            if (parted or (acts_on and k not in scene.phrases and _SHE_ALSO.match(forms[k]))) and not scene.quoted(k):
                stop = k
                break
    for e in later:
        if e.took == "attribution":
            if e.token > d.token:
                stop = min(stop, e.token)
        elif e.token >= d.body and goes_beside(scene, e, d):
            stop = min(stop, _before(scene, e, d))
    while stop > d.body + 1 and forms[stop - 1] in ("،", ",", "\n", "و"):
        stop -= 1
    return max(stop, d.body + 1)


def goes_beside(scene: Scene, e: Draft, d: Draft) -> bool:
    """True where the cue of `e`, which follows, goes on beside `d` and isn't part of what `d` says."""
    before = scene.forms[e.token - 1]
    if e.kind in ("masdar", "noun", "colon"):
        return False
    if before in RELATIVES or before in ("بعدما", "ما", "مما") or e.took == "pron":
        return False
    same = e.speaker is not None and d.speaker is not None and e.speaker.start == d.speaker.start
    if e.kind == "participle":
        return same
    if before in THAT and scene.forms[e.token - 2] in ("بعد", "قبل", "منذ", "سبق"):
        return before == "ان" and scene.forms[e.token - 2] == "قبل" and scene.forms[e.token - 3] in ("،", '"')
    if scene.forms[e.token][0] in "وف" and scene.tokens[e.token].start < e.cue[0]:
        return True
    if before in SISTER_LEADS or before in (".", "..", "!", "؟") or (before == '"' and not scene.quoted(e.token)):
        return True
    if e.speaker and e.speaker.last <= e.token and e.speaker.first > d.body:
        lead = scene.forms[e.speaker.first - 1]
        return (
            lead in SISTER_LEADS
            or lead in ("كان", "وكان", "وكانت")
            or (lead == "ان" and scene.forms[e.speaker.first - 2] in ("الا", "غير"))
        )
    return (before in ("،", ",") and not same) or (same and before in ("،", ","))


def _before(scene: Scene, e: Draft, d: Draft) -> int:
    """The token at which the clause of `e` begins."""
    k = e.token
    if e.speaker and d.body < e.speaker.first < e.token and e.speaker.last >= e.token - 6 and not e.resumed:
        k = e.speaker.first
    while k - 1 > d.body and (
        scene.forms[k - 1] in BACK
        or scene.forms[k - 1] in ("،", ",")
        or (scene.forms[k - 1] == "ان" and scene.forms[k - 2] in ("الا", "غير", "قبل"))
    ):
        k -= 1
    if scene.forms[k - 1] == "قبل":
        k -= 1
    return k
