"""The walk over a report's sentences that finds cues, settles who speaks and where the words said end."""

from __future__ import annotations

from bisect import bisect_left

from musnad.stages.statements.attributions import attribution, issuer_of, posted_by, source_of
from musnad.stages.statements.chain import medium
from musnad.stages.statements.cues import Form, cues_of
from musnad.stages.statements.draft import Draft, once
from musnad.stages.statements.extent import settle
from musnad.stages.statements.frames import Frame, find_frame, inverted
from musnad.stages.statements.headlines import headline
from musnad.stages.statements.parties import noun_phrase_end, plain_party_end
from musnad.stages.statements.resuming import taken_up
from musnad.stages.statements.scene import Scene, after_dateline
from musnad.stages.statements.speakers import Speaker, close, led, main_subject, nearest, speaker_of, subject_before
from musnad.stages.statements.words import (
    ADOPTED,
    ADVERBS,
    ALL_HEADS,
    ANONYMITY,
    AUXILIARIES,
    BEFORE_A_CLAUSE,
    BELIEFS,
    COURTS,
    HOMOGRAPHS,
    IMPERSONAL,
    LEADS,
    NARRATION,
    NEGATIONS,
    RECOGNISED,
    RELATIVES,
    SPEECH_LINKS,
    TALKS,
    THAT,
    THAT_B,
    UNTOLD,
    bare_head,
)
from musnad.tools import Tools

_OWNERS = {"ه": "m", "ها": "f", "هم": "m", "هما": "", "هن": "f"}


_DAMMA = "\u064f"


class Walk:
    """`drafts()` gives the statements found by rule, in order; their pieces are set."""

    def __init__(self, scene: Scene, tools: Tools) -> None:
        self.scene = scene
        self.cues = cues_of(tools)
        self.done: list[Draft] = []

    def drafts(self) -> list[Draft]:
        scene, of = self.scene, self.cues.of
        marks = scene.hits["reporting_attributions"]
        spots = [i for i, f in enumerate(scene.forms) if i in marks or (len(f) > 2 and of(f))]
        for number, (a, b, segment) in enumerate(scene.sentences):
            here: list[Draft] = []
            a = after_dateline(scene, a, b)
            if (title := headline(scene, a, b, segment, number, self.cues)) is not None:
                here.append(title)
            after = a
            for i in spots[bisect_left(spots, a) : bisect_left(spots, b)]:
                if i < after:
                    continue
                if i in marks and not scene.quoted(i):
                    found = attribution(scene, self.cues, i, a, b, number, here)
                    if found is not None:
                        if found[0] is not None:
                            here.append(found[0])
                        after = found[1]
                        continue
                if (draft := self._cue(i, a, b, number, here)) is not None:
                    here.append(draft)
            here = once(sorted(here, key=lambda d: d.token))
            settle(scene, here, a, b, self.done)
            self.done.extend(d for d in here if d.pieces)
        return self.done

    def _cue(self, i: int, a: int, b: int, number: int, here: list[Draft]) -> Draft | None:
        scene = self.scene
        f = scene.forms[i]
        readings = self.cues.of(f)
        if not readings or i in scene.times or any(d.token == i for d in here[-8:]):
            return None
        if f in SPEECH_LINKS and any(d.token < i <= d.body for d in here[-8:]):
            return None
        for form in readings:
            draft = self._read(i, form, a, b, number, here)
            if draft is not None:
                return draft
        return None

    def _read(self, i: int, form: Form, a: int, b: int, number: int, here: list[Draft]) -> Draft | None:
        scene, r = self.scene, form.reading
        token, f = scene.tokens[i], scene.forms[i]
        act = r.act
        before = scene.forms[i - 1] if i > a else ""
        if r.kind in ("past", "present"):
            if before in NEGATIONS and not form.clitics:
                if not r.negated:
                    return None
                act = r.negated
            if scene.forms[i] in NARRATION and i + 1 < b and scene.forms[i + 1] in (*THAT, "الي"):
                return None
            if before in ("في", "من", "علي", "عن", "الي", "ذات", "نفس", "كل", "اي", "عدم") and r.kind == "past" and form.clitics == "":
                return None
            if form.clitics == "ل" and before not in ("،", ","):
                return None
            passive = scene.source[token.start + form.skip + 1 : token.start + form.skip + 2] == _DAMMA
            if r.kind == "present" and (passive or (r.act == "announce" and form.clitics.endswith("س"))):
                return None  # «يُكشف»، «سيعلن»: nobody has said it
            if f == "عبر" and i + 1 < b and (bare_head(scene.forms[i + 1]) in ALL_HEADS or i + 1 in scene.hits["media"]):
                return None
            if r.lemma in BELIEFS and before in THAT and before != "ان" and here and here[-1].body == i:
                return None
        if r.kind == "participle" and i > a and scene.tokens[i - 1].kind == "number":
            return None
        if r.kind == "participle" and r.number == "p" and (before in ("عن", "من", "علي", "بين", "كل", "مع")):
            return None
        if (around := scene.quote_holding(i)) is not None:
            b = min(b, max(i + 1, scene.index(around[1])))
        if (
            r.kind != "participle"
            and scene.source[token.start + form.skip : token.start + form.skip + 1]
            in (("إ", "آ") if r.kind in ("past", "present") else ("أ",))
            and r.kind != "noun"
        ):
            return None
        if r.kind in ("masdar", "noun"):
            stem = f[: -len(form.pronoun)] if form.pronoun else f
            if before in UNTOLD or (form.clitics[-1:] in ("ب", "ل") and stem in scene.unprefixed):
                return None
            return self._noun(i, form, a, b, number, here)
        known = subject_before(scene, i, a, form) if r.kind != "participle" else None
        adjacent = known is not None and (close(scene, known.last, i) or led(scene, i, a, known))
        if (
            (r.kind == "present" or r.lemma in HOMOGRAPHS)
            and r.kind != "participle"
            and known is None
            and not form.clitics
            and not self._opens(i, a)
        ):
            return None
        frame = find_frame(scene, self.cues, i, form, b, adjacent or r.kind == "participle")
        if frame is None and (frame := inverted(scene, i, form, b)) is not None and any(d.quote is frame.quote for d in here):
            return None
        if frame is None or (
            frame.took == "obj" and scene.forms[frame.body] == "عدم" and scene.forms[min(frame.body + 1, b - 1)] in ANONYMITY
        ):
            return None
        speaker: Speaker | None = None
        document = None
        resumed = False
        if frame.subject is not None and not _suits(scene, frame.subject[0], form):
            return None
        if frame.subject is not None and self._addressed(i, a, form, frame):
            speaker = main_subject(scene, a, i, form)
        elif frame.subject is not None:
            speaker, document = self._subject(frame.subject, form)
        elif known is not None and (adjacent or r.kind != "participle"):
            speaker = known
        if "doc" in r.takes and document is None:
            k = self._document(a, frame.body)
            if k is None:
                return None
            issuer, document, _ = source_of(scene, k, b)
            if issuer is not None and frame.subject is None:
                speaker = issuer
        carriers = None
        if (cited := self._cited(i, frame.body, r.lemma)) is not None:
            carriers = speaker
            speaker = cited
        if speaker is None:
            speaker, resumed = taken_up(scene, i, form, a, number, here, self.done), True
            if speaker is None:
                return None
        if _is_deed(scene, r.lemma, frame, speaker):
            return None
        if r.lemma == "اعتبر" and r.kind == "present" and frame.took == "obj" and frame.subject is None and frame.body not in scene.phrases:
            return None  # «الميناء الذي يعتبر منفذا»: passive
        if resumed and r.kind == "present" and r.lemma in IMPERSONAL and r.gender != "f" and r.number != "p" and i - a <= 2:
            return None
        if (
            frame.took == "obj"
            and resumed
            and not here
            and before not in ("لكنه", "لكنها", "انها", "انه", "وهو", "وهي")
            and not (self.done and number - self.done[-1].sentence <= 1)
        ):
            return None
        start = scene.doc.text.folded.span(token.a + form.skip, token.b)[0]
        end = token.end - len(form.pronoun) if form.pronoun and token.end - len(form.pronoun) > start else token.end
        draft = Draft(
            (start, end),
            i,
            r.kind,
            r.lemma,
            r.takes.get(frame.took) or act,
            frame.took,
            speaker,
            frame.body,
            frame.start,
            frame.quote,
            number,
        )
        draft.resumed, draft.document = resumed, document
        if carriers is not None:
            draft.carriers.append(
                ("document", *document)
                if document
                else medium(scene, carriers.first, carriers.last) or ("spokesperson", carriers.start, carriers.end)
            )
            draft.document = None
        if frame.took == "pron":
            return self._object(draft, i, a)
        return draft

    def _opens(self, i: int, a: int) -> bool:
        """True where a verb at token i can open its clause: nothing before it, or no bare noun."""
        scene, f = self.scene, self.scene.forms[i - 1] if i > a else ""
        if i == a or scene.tokens[i - 1].kind != "word" or i in scene.time_ends or i in scene.phrase_ends:
            return True
        return (
            f in LEADS
            or f in AUXILIARIES
            or f in ADVERBS
            or f in RELATIVES
            or f in THAT
            or f in THAT_B
            or f in NEGATIONS
            or f in BEFORE_A_CLAUSE
        )

    def _addressed(self, i: int, a: int, form: Form, frame: Frame) -> bool:
        """True where the one party after a verb joined by و is whom the sentence's subject speaks to: «تبرر إسرائيل … وتتهم حماس ب…»."""
        scene = self.scene
        if "who" not in form.reading.takes or i <= a + 2 or not form.clitics or frame.subject is None or frame.took in ("quote", "colon"):
            return False
        alone = not any(k in scene.phrases for k in range(frame.subject[1], frame.body))
        return alone and main_subject(scene, a, i, form) is not None

    def _object(self, draft: Draft, i: int, a: int) -> Draft | None:
        """The words said of a verb with an object pronoun are what the pronoun stands for: «أعمال شغب أدانتها السلطات»."""
        scene = self.scene
        k = i - 1
        while k >= max(a, i - 6) and (scene.forms[k] in RELATIVES or scene.forms[k] in ("،", ",", "ما")):
            k -= 1
        first = k
        while first > a and scene.forms[first - 1] not in ("،", ",", ".", "ان", "لكن") and k - first < 12:
            first -= 1
        if k < a:
            return None
        draft.body, draft.stop = first, k + 1
        draft.pieces = [(scene.tokens[first].start, scene.tokens[k].end)]
        return draft

    def _noun(self, i: int, form: Form, a: int, b: int, number: int, here: list[Draft]) -> Draft | None:
        """A noun with its owner: «تصريحات الوزير عن»، «قوله إن»، «إعلان دمشق التوصل»."""
        scene, r = self.scene, form.reading
        definite = scene.forms[i][form.skip :].startswith("ال")
        k, speaker, resumed, cited = i + 1, None, False, False
        if form.pronoun:
            verb = next(
                (
                    m
                    for m in range(i - 1, max(a, i - 25) - 1, -1)
                    if any(
                        g.reading.lemma in ("نقل", "نسب") and g.reading.kind in ("past", "present") for g in self.cues.of(scene.forms[m])
                    )
                ),
                None,
            )
            if verb is not None and (speaker := self._cited(verb, i, "نقل")) is not None:
                carrier = next((m for m in range(verb + 1, i) if m in scene.phrases or m in scene.hits["documents"]), None)
                cited = True
            else:
                carrier = None
                speaker, resumed = self._owner(i, form, a, number, here), True
        elif (
            k in scene.phrases
            and scene.phrases[k].phrase.clitics in ("", "ل")
            and not (definite and scene.phrases[k].phrase.clitics == "" and scene.phrases[k].phrase.kind != "name")
        ):
            last = noun_phrase_end(scene, k, b)
            speaker = speaker_of(scene, k, last)
            k = last
        elif (
            definite
            and scene.forms[i - 1] in ("الي", "عن", "علي")
            and scene.forms[i - 2] in ("اضافه", "فضلا", "بالاضافه", "علاوه", "واضافه")
        ):
            last_said = next((d for d in reversed(here)), None)
            speaker = last_said.speaker if last_said else None
        if speaker is None:
            return None
        takes = dict(r.takes)
        if r.kind == "masdar":
            takes.pop("quote", None)
            takes.pop("who", None)
        frame = find_frame(scene, self.cues, k - 1, form._replace(reading=r._replace(takes=takes), pronoun=""), min(b, k + 8), True)
        if frame is None:
            return None
        token = scene.tokens[i]
        start = scene.doc.text.folded.span(token.a + form.skip, token.b)[0]
        draft = Draft(
            (start, token.end),
            i,
            r.kind,
            r.lemma,
            r.takes.get(frame.took) or r.act,
            frame.took,
            speaker,
            frame.body,
            frame.start,
            frame.quote,
            number,
        )
        draft.resumed, draft.cited = resumed, cited
        if form.pronoun and carrier is not None:
            hit = scene.hits["documents"].get(carrier)
            last = scene.phrases[carrier].last if carrier in scene.phrases else carrier + 1
            found = medium(scene, carrier, last) or (("document", hit.start, hit.end) if hit is not None else None)
            draft.carriers.extend([found] if found else [])
        return draft

    def _cited(self, a: int, b: int, lemma: str) -> Speaker | None:
        """Whom a report says it has its words from, between the cue and the words: «نقلت الوكالة عن X أن»، «قالت الصحيفة، نقلا عن X، إن»."""
        scene = self.scene
        for k in range(a, min(b, len(scene.forms) - 1)):
            carried = lemma == "نقل" and (scene.forms[k] in TALKS or k in scene.hits["documents"])
            owner = scene.phrases.get(k + 1) if carried else None
            if owner is not None and owner.phrase.clitics == "ل" and owner.last <= b and "MED" not in owner.phrase.sectors:
                return speaker_of(scene, k + 1, noun_phrase_end(scene, k + 1, b))
            if scene.forms[k] == "عن" and (lemma in ("نقل", "نسب") or scene.forms[k - 1] in ("نقلا", "ونقلا")):
                if (hit := scene.hits["documents"].get(k + 1)) is not None and (issuer := issuer_of(scene, hit.last)) is not None:
                    return issuer
                if k + 1 in scene.phrases:
                    return speaker_of(scene, k + 1, noun_phrase_end(scene, k + 1, b))
                if k + 1 not in scene.hits["documents"] and (last := plain_party_end(scene, k + 1, b, False, False)) > k + 1:
                    return speaker_of(scene, k + 1, last)
        return None

    def _document(self, a: int, b: int) -> int | None:
        """The token at which the last document named in the tokens a..b begins, or None."""
        hits = self.scene.hits["documents"]
        return next((k for k in range(b - 1, max(a, b - 100) - 1, -1) if k in hits), None)

    def _owner(self, i: int, form: Form, a: int, number: int, here: list[Draft]) -> Speaker | None:
        owner = form._replace(
            reading=form.reading._replace(gender=_OWNERS.get(form.pronoun, ""), number="p" if form.pronoun in ("هم", "هن") else "s")
        )
        return nearest(self.scene, i, owner, a) or taken_up(self.scene, i, owner, a, number, here, self.done)

    def _subject(self, subject: tuple[int, int], form: Form) -> tuple[Speaker, tuple[int, int] | None]:
        """The speaker of a subject; a document speaks for whoever issued it, where the phrase says who."""
        scene = self.scene
        first, last = subject
        if (owner := posted_by(scene, first, last)) is not None:
            return owner, (scene.tokens[first].start, scene.tokens[last - 1].end)
        if (
            first in scene.hits["documents"]
            and (scene.forms[first] != "موقع" or medium(scene, first, last) is None)
            and (first not in scene.phrases or scene.phrases[first].last <= scene.hits["documents"][first].last)
        ):
            issuer = next((k for k in range(first + 1, last) if k in scene.phrases), None)
            hit = scene.hits["documents"][first]
            document = (hit.start, scene.tokens[last - 1].end)
            if issuer is not None:
                if hit.entry.get("kind") != "post":
                    document = (hit.start, scene.tokens[max(hit.last, issuer) - 1].end)
                return speaker_of(scene, issuer, last), document
            if (owner := issuer_of(scene, last)) is not None:
                return owner, document
            return speaker_of(scene, first, last), document
        return speaker_of(scene, first, last, form), None


def _is_deed(scene: Scene, lemma: str, frame: Frame, speaker: Speaker) -> bool:
    """True for verbs that also name what is done and not said: a court convicts, a bill is adopted, a state is recognised."""
    words = scene.forms[frame.body : frame.body + 2]
    if lemma in ("ادان", "دان"):
        return scene.forms[speaker.first].removeprefix("ال") in COURTS and frame.took in ("obj", "ب")
    if lemma == "تبني":
        return bool(words) and words[0].removeprefix("ال") in ADOPTED
    if lemma == "اعترف" and frame.took == "ب":
        reach = scene.phrases.get(frame.body)
        return (reach is not None and reach.phrase.type == "LOC") or any(
            w.removeprefix("ب").removeprefix("ال") in RECOGNISED for w in words[:1]
        )
    return False


def _suits(scene: Scene, first: int, form: Form) -> bool:
    """False where one man is the subject of a feminine verb or one woman of a masculine one: the form is another word."""
    reach = scene.phrases.get(first)
    if reach is None or reach.phrase.type != "PER" or reach.phrase.number != "s" or reach.phrase.kind == "name":
        return True
    return not (reach.phrase.gender and form.reading.gender and reach.phrase.gender != form.reading.gender)
