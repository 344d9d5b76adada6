"""The isnad of a statement: from the speaker through spokesman, document, agency and outlet to the page at hand."""

from __future__ import annotations

import re
from bisect import bisect_left

from musnad.grammar.folding import fold
from musnad.grammar.tokens import tokenize
from musnad.record.kinds import Link, LinkKind
from musnad.stages.statements.draft import Draft
from musnad.stages.statements.scene import Scene
from musnad.stages.statements.speakers import Speaker
from musnad.stages.statements.words import (
    ALL_HEADS,
    CORRESPONDENTS,
    INTO,
    MEDIA_HEADS,
    NO_MEDIUM,
    PLACES_TO_POST,
    RECEIVED,
    TALKS,
    THAT,
    THAT_B,
    bare_head,
)

_SPOKESMAN = re.compile(r"(?:ال)?(?:متحدث|ناطق)(?:ه|ا|ين|ون)?(?: |$)")
_OPENING, _CLOSING = "\"«“„'", "\"»”'"
NEWS = ("الانباء", "انباء", "الصحافه")
_RUN = 4
_LINE = 60
_LONGEST_NAME = 8

Carrier = tuple[str, int, int]


def medium(scene: Scene, first: int, last: int) -> Carrier | None:
    """The agency or outlet that the tokens first..last name, as (kind, source start, source end), or None."""
    if bare_head(scene.forms[first]) in MEDIA_HEADS["agency"] and last > first + 1 and scene.forms[first + 1] in NEWS:
        return "agency", scene.tokens[first].start + scene.forms[first].startswith("ل"), scene.tokens[last - 1].end
    for k in range(first, last):
        hit = scene.hits["media"].get(k)
        if hit is not None:
            head = scene.forms[k - 1] if k > first else ""
            if hit.entry.get("ambiguous") == "yes" and not (head in ALL_HEADS or (k and scene.forms[k - 1] == '"')):
                continue
            return hit.entry.get("kind") or "outlet", hit.start, hit.end
    head = scene.forms[first]
    head = (
        head[1:] if head.startswith("لل") or (head.startswith("ل") and head[1:] in MEDIA_HEADS["outlet"] | MEDIA_HEADS["agency"]) else head
    )
    if head == "الوكاله" and last == first + 1:
        return "agency", scene.tokens[first].start, scene.tokens[last - 1].end
    if head in MEDIA_HEADS["outlet"]:
        return "outlet", scene.tokens[first].start, scene.tokens[last - 1].end
    return None


class Chains:
    """Chains of a report's statements, asked for in text order: a document or an outlet named once holds while the same speaker runs on."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.spokesmen: set[str] = set()
        self.spoken: set[str] = set()
        self.held: list[Carrier] = []
        self.holder: Draft | None = None
        self.ends = self._ends()
        named = {k for k, f in enumerate(scene.forms) if bare_head(f) in ALL_HEADS}
        talks = {k for k, f in enumerate(scene.forms) if f in TALKS}
        self.spots = sorted(named | talks | scene.hits["documents"].keys() | scene.hits["media"].keys())
        self.last: Draft | None = None
        for reach in scene.phrases.values():
            words = scene.doc.text.fold_of(reach.phrase.start, reach.phrase.end)
            if reach.phrase.type == "PER" and reach.phrase.main is not None and _SPOKESMAN.match(words) and len(words.split()) > 3:
                self.spokesmen.add(words.split()[-1])
                if reach.phrase.entity:
                    self.spoken.add(reach.phrase.entity)

    def of(self, d: Draft) -> tuple[Link, ...]:
        """The links of a statement, from its speaker outward."""
        links: list[Link] = []
        if d.speaker:
            hit = self.scene.hits["documents"].get(d.speaker.first)
            kind = (
                "document"
                if hit is not None and hit.start == d.speaker.start and medium(self.scene, d.speaker.first, d.speaker.last) is None
                else "spokesperson"
                if self._speaks_for(d.speaker)
                else "speaker"
            )
            links.append(self._link(kind, d.speaker.start, d.speaker.end, d.speaker.entity))
        carriers = self._carriers(d)
        if d.kind == "model":
            pass  # found out of order: it neither starts nor ends another's run
        elif d.outer is None:
            if carriers:
                self.held, self.holder = carriers, d
            elif self.holder is not None and self._goes_on(self.holder, d):
                carriers, self.holder = self.held, d
            else:
                self.held, self.holder = [], None
        else:
            o = d.outer
            if o.speaker and d.kind not in ("masdar", "noun") and (d.speaker is None or not self._same(o.speaker, d.speaker)):
                found = medium(self.scene, o.speaker.first, o.speaker.last)
                carriers = [*carriers, found or ("spokesperson", o.speaker.start, o.speaker.end)]
            carriers = [*carriers, *(self.held if self.holder is o else self._carriers(o))]
        seen: set[tuple[int, int]] = {(d.speaker.start, d.speaker.end)} if d.speaker else set()
        self.last = d
        for kind, start, end in [*carriers, *self.ends]:
            inside = (
                kind != "spokesperson" and links and len(seen) == 1 and (start, end) != (links[0].start, links[0].end)
            )  # a document or an employer inside the speaker's phrase
            if inside or not any(start < y and x < end for x, y in seen):
                seen.add((start, end))
                links.append(self._link(kind, start, end, None))
        outlet = self.scene.doc.report.outlet
        if outlet is not None and not any(
            link.start == outlet.start or (link.link == "outlet" and self._same_outlet(link.text)) for link in links
        ):
            links.append(Link(link="outlet", name=outlet.name, start=outlet.start, end=outlet.end, text=outlet.text))
        again = self.scene.doc.report.republisher
        if again is not None:
            links.append(Link(link="republisher", name=again.name, start=again.start, end=again.end, text=again.text))
        return tuple(links)

    def _same(self, a: Speaker, b: Speaker) -> bool:
        fold_of = self.scene.doc.text.fold_of
        return a.start == b.start or (a.entity is not None and a.entity == b.entity) or fold_of(a.start, a.end) == fold_of(b.start, b.end)

    def _link(self, kind: str, start: int, end: int, entity: str | None) -> Link:
        text = self.scene.source[start:end]
        # A social network is where a document was posted: tweets and official accounts are documents.
        link: LinkKind = "document" if kind == "social" else kind  # type: ignore[assignment]
        return Link(link=link, name=" ".join(text.split()), start=start, end=end, text=text, entity=entity)

    def _speaks_for(self, s: Speaker) -> bool:
        """True where the person speaks for another: «المتحدث باسم …», or one so called before by the last of his names."""
        form = self.scene.doc.text.fold_of(s.start, s.end)
        if _SPOKESMAN.search(form):
            if any(m.type == "PER" and m.form == "name" and s.start <= m.start < s.end for m in self.scene.doc.mentions):
                self.spokesmen.add(form.split()[-1])
                if s.entity:
                    self.spoken.add(s.entity)
            return True
        if s.entity and s.entity in self.spoken:
            return True
        words = form.split()
        return (words[-1] in self.spokesmen and len(words) <= 3) or words[0] in (
            "المتحدث",
            "المتحدثه",
            "الناطق",
            "الناطقه",
            "متحدث",
            "متحدثه",
            "ناطق",
        )

    def _goes_on(self, h: Draft, d: Draft) -> bool:
        """True where the speaker of an earlier statement goes on, under the same name or a shorter one."""
        if h.speaker is None or d.speaker is None or d.sentence - h.sentence > _RUN:
            return False
        a, b = h.speaker, d.speaker
        if self._same(a, b):
            return True
        fold_of = self.scene.doc.text.fold_of
        x, y = ([w.removeprefix("ال") for w in fold_of(s.start, s.end).split()] for s in (a, b))
        if not x or not y:
            return False
        again = x[0] == y[0] and a.gender == b.gender and fold_of(b.start, b.end).startswith("ال") and not b.place
        if a.entity and b.entity:
            return again and not fold_of(a.start, a.end).startswith("ال")  # «مسؤول كبير …» is taken up as «المسؤول …»
        return set(y) <= set(x) or again

    def _carriers(self, d: Draft) -> list[Carrier]:
        """The documents and media named with the statement: between cue and words, before the cue, or after the words."""
        scene = self.scene
        out: list[Carrier] = []
        if d.document is not None and not (d.speaker and (d.speaker.start, d.speaker.end) == d.document):
            out.append(("document", *d.document))
        start = scene.sentences[d.sentence][0] if 0 <= d.sentence < len(scene.sentences) else d.token
        if d.outer is None and d.took != "attribution":
            before = self.last
            begin = (
                before.stop
                if before is not None and before.sentence == d.sentence and before.stop <= d.token
                else start
                if before is None or before.sentence != d.sentence
                else d.token
            )
            out.extend(self._named(max(begin, d.token - 100), d.token))
        if d.took == "attribution":
            out.extend(c for c in self._named(d.token, min(d.token + 25, scene.sentences[d.sentence][1])) if c[0] != "document")
        elif d.body > d.token:
            out.extend(self._named(d.token, d.body))
        if d.speaker and (inside := self._employer(d.speaker)) is not None:
            out.append(inside)
        out.extend(scene.carried.get(d.sentence, ()) if d.token - start < 30 else ())
        out.extend(d.carriers)
        unique: list[Carrier] = []
        for c in out:
            if not any(c[1] < o[2] and o[1] < c[2] for o in unique) and not (
                d.speaker and c[1] <= d.speaker.start and d.speaker.end <= c[2] and c[0] != "document"
            ):
                unique.append(c)
        return unique

    def _employer(self, s: Speaker) -> Carrier | None:
        """The agency or outlet whose correspondent speaks."""
        for k in range(s.first + 1, s.last):
            if self.scene.forms[s.first] in CORRESPONDENTS and (hit := self.scene.hits["media"].get(k)) is not None:
                start = self.scene.tokens[k - 1].start if self.scene.forms[k - 1] in ALL_HEADS else hit.start
                return hit.entry.get("kind") or "outlet", start, hit.end
        return None

    def _named(self, x: int, y: int) -> list[Carrier]:
        """The documents that the words are in, and the media that they were said to, between tokens x and y."""
        out: list[Carrier] = []
        k = x
        for spot in self.spots[bisect_left(self.spots, x) : bisect_left(self.spots, y)]:
            if spot < k:
                continue
            k = spot
            found = self._document_at(k, x, y) or self._medium_at(k, x, y) or self._talk_at(k, y)
            if found is None:
                continue
            carrier, k = found
            if carrier is not None:
                out.append(carrier)
        return out

    def _document_at(self, k: int, x: int, y: int) -> tuple[Carrier, int] | None:
        scene, forms = self.scene, self.scene.forms
        hit = scene.hits["documents"].get(k)
        if hit is None or hit.entry.get("kind") not in ("text", "post") or forms[k] == "لموقع":
            return None
        before = next((forms[m] for m in range(k - 1, x - 1, -1) if forms[m] != '"'), "")
        if not (before.lstrip("وف") in INTO or before in INTO or forms[k].endswith("ا") or hit.clitics in ("ب", "ل")):
            return None
        end, k = scene.tokens[hit.last - 1].end, hit.last
        while k < y and (forms[k] in PLACES_TO_POST or k in scene.hits["documents"]):
            if k in scene.hits["documents"]:
                end = scene.tokens[k].end
            k += 1
        return ("document", hit.start, end), k

    def _medium_at(self, k: int, x: int, y: int) -> tuple[Carrier | None, int] | None:
        """An outlet or agency at token k that was spoken to, or that received the document; (None, …) for one only mentioned."""
        scene, forms = self.scene, self.scene.forms
        hit = scene.hits["media"].get(k)
        bare = bare_head(forms[k])
        kind = next((kind for kind, heads in MEDIA_HEADS.items() if bare in heads), None)
        if hit is None and kind is None:
            return None
        if hit is not None and hit.entry.get("ambiguous") == "yes" and not self._surely_medium(k, hit.last, x, y):
            return None, hit.last
        first = k
        while first > x and (forms[first - 1] == '"' or bare_head(forms[first - 1]) in ALL_HEADS):
            first -= 1
        last = max(
            hit.last if hit is not None else k + 1,
            scene.phrases[first].last if first in scene.phrases else 0,
            scene.phrases[k].last if k in scene.phrases else 0,
        )
        if hit is None and last == k + 1:
            last = self._named_until(k, y)
        before = forms[first - 1] if first > x else ""
        addressed = (
            forms[first] == "ل"
            or forms[k].startswith("لل")
            or before == "ل"
            or (hit is not None and hit.clitics == "ل")
            or (forms[first].startswith("ل") and bare_head(forms[first]) in ALL_HEADS)
            or forms[first].startswith("لل")
            or (before[:1] == "ل" and before[1:] in CORRESPONDENTS)
        )
        talk = any(forms[m] in TALKS for m in range(max(x, first - 7), first))
        received = any(forms[m] in RECEIVED for m in range(max(x, first - 3), first))
        shown = before in ("علي", "عبر", "مع", "نفس", "شاشه", "اثير") and (first < k or kind is not None or before in ("شاشه", "اثير"))
        if not (addressed or talk or received or shown):
            return None, last
        if bare in ("موقع", "الموقع") and any(
            bare_head(forms[m]) in ALL_HEADS or m in scene.hits["media"] for m in range(k + 1, min(last + 2, y))
        ):
            return None, k + 1  # «الموقع الإلكتروني لشبكة كذا» is the network
        if bare in ("موقع", "الموقع") and not (hit is not None or received or addressed):
            return None
        if hit is None and last == k + 1:
            if bare.startswith("ال") and (found := self._meant(k, kind or "outlet")) is not None:
                return found, last
            if not bare.startswith("ال"):
                return None
        start = scene.phrases[first].phrase.start if first in scene.phrases else hit.start if hit is not None else scene.tokens[k].start
        if forms[k + 1 : k + 2] == ['"'] and k + 1 in scene.quotes and scene.quotes[k + 1].whole:
            after = scene.index(scene.quotes[k + 1].outer_end)
            last = max(last, after) if after - k <= _LONGEST_NAME else last
        if forms[last : last + 1] == ["("] and (close := next((m for m in range(last + 2, min(y, last + 4)) if forms[m] == ")"), None)):
            last = close + 1
        end = scene.tokens[last - 1].end
        start = min(start, hit.start if hit is not None else start)
        if scene.source[end - 1] in _CLOSING and not any(c in _OPENING for c in scene.source[start : end - 1]):
            end -= 1
        return ((hit.entry.get("kind") if hit is not None else kind) or "outlet", start, end), last

    def _surely_medium(self, k: int, last: int, x: int, y: int) -> bool:
        """True where a word that may also be no outlet is one here: after a word for outlets, in quotation marks, or between a talk and its words."""
        forms = self.scene.forms
        before = forms[k - 1] if k > x else ""
        if before == '"' or bare_head(before) in ALL_HEADS:
            return True
        return last >= y or forms[last] in THAT or forms[last] in (":", '"') or any(forms[m] in TALKS for m in range(max(x, k - 3), k))

    def _talk_at(self, k: int, y: int) -> tuple[Carrier, int] | None:
        """An outlet that only its quotation marks tell: «في تصريحات لـ"الأفق"»."""
        scene, forms = self.scene, self.scene.forms
        if forms[k] not in TALKS:
            return None
        at = next((m for m in range(k + 1, min(y - 1, k + 5)) if forms[m] in ("ل", "مع") and forms[m + 1] == '"'), None)
        close = next((m for m in range(at + 3, min(y, at + 8)) if forms[m] == '"'), None) if at is not None else None
        if at is None or close is None:
            return None
        return ("outlet", scene.tokens[at + 2].start, scene.tokens[close - 1].end), close + 1

    def _named_until(self, k: int, y: int) -> int:
        """The token after the name of the outlet whose kind token k tells: «قناة "الأفق"», «صحيفة لا ستامبا»."""
        scene, forms = self.scene, self.scene.forms
        if k + 1 < y and forms[k + 1] == '"':
            close = next((m for m in range(k + 2, min(y, k + 8)) if forms[m] == '"'), None)
            if close is not None:
                return close + 1
        last = k + 1
        while (
            last < min(y, k + 5)
            and scene.tokens[last].kind in ("word", "latin")
            and last not in scene.times
            and last not in scene.hits["documents"]
            and forms[last] not in NO_MEDIUM
            and forms[last] not in THAT
            and forms[last] not in THAT_B
            and not (forms[last][0] in "وب" and last > k + 1 and not scene.hits["media"].get(last))
        ):
            last += 1
        return last

    def _meant(self, k: int, kind: str) -> Carrier | None:
        """The outlet or agency last named before token k, which «الصحيفة» or «الوكالة» there takes up."""
        scene = self.scene
        for spot in reversed(self.spots[: bisect_left(self.spots, k)]):
            hit = scene.hits["media"].get(spot)
            if hit is not None and hit.entry.get("ambiguous") != "yes" and hit.entry.get("kind") == kind:
                if not self._same_outlet(scene.source[hit.start : hit.end]):
                    return kind, hit.start, hit.end
            elif hit is None and bare_head(scene.forms[spot]) in MEDIA_HEADS[kind] and spot in scene.phrases:
                reach = scene.phrases[spot]
                if reach.last > spot + 1:
                    return kind, reach.phrase.start, reach.phrase.end
        return None

    def _same_outlet(self, text: str | None) -> bool:
        """True where a name in the text is the page's own outlet."""
        outlet = self.scene.doc.report.outlet
        if outlet is None or text is None:
            return False
        entry = self.scene.doc.text.lexicon.entry
        a, b = entry("media", fold(text)), entry("media", fold(outlet.text or outlet.name))
        return fold(text) == fold(outlet.name) or (a is not None and a is b)

    def _ends(self) -> list[Carrier]:
        """The agencies that the page's own lines name: dateline and byline."""
        report, scene = self.scene.doc.report, self.scene
        out: list[Carrier] = []
        short = [d for d in report.dropped if d.kind == "other" and len(d) <= _LINE]
        for span in (report.dateline, report.byline, *short):
            if span is None:
                continue
            folded = scene.doc.text.folded
            tokens = tokenize(folded, folded.shadow_at(span.start), folded.shadow_at(span.end))
            for hit in scene.doc.text.lexicon.scan(folded, tokens):
                if (
                    hit.entry.list == "media"
                    and hit.entry.get("kind") == "agency"
                    and not any(hit.start < e and s < hit.end for _, s, e in out)
                ):
                    out.append(("agency", hit.start, hit.end))
        return out
