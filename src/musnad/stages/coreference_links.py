"""What stands for a name: offices and nominals that point back, states and capitals that act for their governments, pronouns."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import islice

from musnad.document import Document
from musnad.gazetteer import Known
from musnad.grammar.folding import fold
from musnad.phrases import Phrase
from musnad.phrases.forms import folded_name
from musnad.record.kinds import Mention, Office
from musnad.stages.coreference_names import Cluster
from musnad.tools import Tools

_PREPOSITIONS = frozenset(
    "في من الي علي عن بين ضد نحو باتجاه داخل خارج لدي عبر مع حول قرب شمال جنوب شرق غرب وسط مدينه محافظه العاصمه حتي منذ بعد قبل خلال".split()
)
_GROUP_HEADS = {
    "armed-group": "تنظيم جماعه حركه فصيل ميليشيا ميليشيات مليشيا مليشيات",
    "party": "حزب حركه جماعه",
    "agency": "وكاله",
    "ministry": "وزاره",
    "government": "حكومه",
    "army": "جيش",
    "igo": "منظمه",
    "ngo": "منظمه",
    "newspaper": "صحيفه جريده",
    "broadcaster": "قناه شبكه محطه",
    "court": "محكمه",
    "company": "شركه",
    "alliance": "حلف",
    "coalition": "تحالف",
    "parliament": "برلمان مجلس",
}
_FAR = 300
"""How many parties back, and how many of the report's first ones, a phrase may point to."""
_CALLED = frozenset("يدعي تدعي ويدعي وتدعي المدعو المدعوه اسمه اسمها يسمي تسمي".split())
"""Words between a description and the name."""
_DESCRIPTIONS = frozenset("ارهابي متطرف متشدد مسلح ارهابيه متطرفه متشدده مسلحه نفسه نفسها ذاته ذاتها مذكور مذكوره انقلابيه متمرده".split())
"""What may be said of a group without making it another one."""
_NO_PARTY = frozenset("حركه جبهه جانب وحده قائمه بلد دول دوله موقع مواقع مجموعه حمله مسيره قياده منطقه".split())
"""Heads that found no entity of their own."""


class Linker:
    """Links the phrases of one report to clusters, in text order. `acting` maps name mentions to the government they act for."""

    def __init__(self, doc: Document, tools: Tools, clusters: list[Cluster], of: dict[str, tuple[Cluster, str]]) -> None:
        self.doc, self.tools, self.clusters, self.of = doc, tools, clusters, of
        self.mentions = {m.id: m for m in doc.mentions}
        self.acting: dict[str, tuple[Cluster, str]] = {}
        self.by_known = {c.known.id: c for c in clusters if c.known is not None}
        self.new: dict[str, Cluster] = {}
        self.loose: dict[tuple[str, str], Phrase] = {}
        self.governments: set[Cluster] = set()
        self.starts = [x.start for x in doc.text.sentences]
        self.seen: list[tuple[int, Cluster]] = []
        """Clusters with the offsets where they were meant, in text order."""

    def link(self, found: Sequence[Phrase]) -> Iterator[Mention]:
        """Mentions of offices, nominals and pronouns that stand for a cluster. Offices with names are read first, so that a title line may point on."""
        for p in found:
            self._offices(p)
        for p in found:
            yield from self._phrase(p)

    def _phrase(self, p: Phrase) -> Iterator[Mention]:
        main = self.mentions.get(p.main) if p.main else None
        if p.kind == "pronoun":
            cluster, why = self._pronoun(p)
            if cluster is not None:
                yield self._mention(p.start, p.end, cluster, "pronoun", why, 0.6)
            return
        if main is not None:
            cluster = self.of[main.id][0]
            if main.type == "LOC" and p.kind == "name":
                self._act(main, p)
                cluster = self.acting.get(main.id, (cluster, ""))[0]
            title = self._title_span(p, main)
            if title is not None and main.type == "PER":
                yield self._mention(*title, cluster, "office", f"title of {main.text}", 0.95)
        else:
            cluster, why, confidence = self._standing(p)
            if cluster is None:
                earlier = self._introduced(p)
                if earlier is None:
                    self.loose[self._head(p), p.number] = p
                    for id in p.names:
                        self.seen.append((p.start, self.of[id][0]))
                    return
                cluster, why, confidence = self._new(earlier, self._country(earlier)), "introduced before without a name", 0.7
                yield self._mention(earlier.start, earlier.end, cluster, "nominal", "first mentioned here", 0.7)
            yield self._mention(p.start, p.end, cluster, "office" if p.kind == "office" else "nominal", why, confidence)
        self.seen.append((p.start, cluster))

    def _mention(self, start: int, end: int, cluster: Cluster, form: str, why: str, confidence: float) -> Mention:
        return Mention(
            id=self.doc.id("mentions", start, end, form),
            found_by=f"coreference.{form}",
            confidence=confidence,
            why=why,
            start=start,
            end=end,
            text=self.doc.source[start:end],
            type=cluster.type,
            form=form,  # type: ignore[arg-type]
            entity=cluster.id(self.doc),
        )

    # --- words and countries

    def _words(self, start: int, end: int) -> list[str]:
        """The folded words of a range without the article; a proclitic before `start` is outside already."""
        return [w[2:] if w.startswith("ال") and len(w) > 4 else w for w in self.doc.text.fold_of(start, end).split() if w.isalpha()]

    def _country(self, p: Phrase) -> str | None:
        """The country that an adjective or a place inside the phrase names."""
        for id in reversed(p.names):
            m = self.mentions[id]
            form = self.doc.text.fold_of(m.start, m.end)
            code = (
                self.tools.gazetteer.nationality(form)
                if m.type == "NORP"
                else self.tools.gazetteer.country(form)
                if m.type == "LOC"
                else None
            )
            cluster = self.of[id][0]
            code = code or (cluster.known.country if cluster.known is not None and m.type in ("LOC", "ORG") else None)
            if code:
                return code
        return None

    # --- offices

    def _title_span(self, p: Phrase, main: Mention) -> tuple[int, int] | None:
        """The part of a phrase beside its name: the title before it, else the apposition after it."""
        start, end = (p.start, main.start) if main.start > p.start else (main.end, p.end)
        text = self.doc.source
        while start < end and (text[start].isspace() or text[start] in "،,:\"'«»()#"):
            start += 1
        while end > start and (text[end - 1].isspace() or text[end - 1] in "،,:\"'«»()#"):
            end -= 1
        words = text[start:end].split()
        while words and fold(words[-1]) in _CALLED:
            end -= len(words.pop())
            while end > start and text[end - 1].isspace():
                end -= 1
        return (start, end) if end - start > 2 else None

    def _offices(self, p: Phrase) -> None:
        main = self.mentions.get(p.main) if p.main else None
        if main is None:
            return
        cluster = self.of[main.id][0]
        if main.type == "ORG" and p.kind == "nominal" and p.start < main.start:
            cluster.heads.update(self._words(p.start, main.start)[:1])
        if main.type != "PER":
            return
        span = self._title_span(p, main)
        if span is None:
            return
        words = self._words(*span)
        cluster.titles.append(frozenset(words))
        cluster.gender = cluster.gender or p.gender
        country = self._country(p)
        if country and cluster.country is None:
            cluster.country = country
        cluster.sectors += [s for s in p.sectors if s not in cluster.sectors]
        if p.kind == "office" or p.kind == "name":
            of = next((self.of[id][0].id(self.doc) for id in p.names if id != main.id), None)
            title = self.doc.source[span[0] : span[1]]
            if all(o.title != title for o in cluster.offices):
                cluster.offices.append(Office(title=title, start=span[0], end=span[1], text=title, of=of))

    def _standing(self, p: Phrase) -> tuple[Cluster | None, str, float]:
        """Whom an office or a nominal without a name of its own stands for."""
        words = self._words(p.start, p.end)
        if not words or p.number == "d":
            return None, "", 0.0
        country = self._country(p)
        if p.type == "PER":
            if p.number != "s" or not (p.definite or country):
                return None, "", 0.0
            return self._holder(p, words, country)
        return self._group(p, words, country)

    def _holder(self, p: Phrase, words: list[str], country: str | None) -> tuple[Cluster | None, str, float]:
        plain = frozenset(w for w in words if self.tools.gazetteer.nationality(w) is None)
        nearest = None
        for cluster in self._nearest(p.start):
            if cluster.type != "PER" or not any(self._fits(plain, t) for t in cluster.titles):
                continue
            if country and cluster.country and country != cluster.country:
                continue
            nearest = cluster
            break
        if nearest is not None:
            return nearest, f"holds the office in this report: {' '.join(words)}", 0.85
        if country is None or p.kind != "office":
            return None, "", 0.0
        known = self.tools.gazetteer.holder(" ".join(self._office_words(p)), country, self.doc.published)
        if known is not None:
            return self._cluster(known, p), f"held the office on the day of the report: {known.name_en}", 0.8
        return self._new(p, country), "first named here by office", 0.7

    @staticmethod
    def _fits(words: frozenset[str], title: frozenset[str]) -> bool:
        """True when the office's head is the title's, and nothing in it contradicts the title."""
        return bool(words) and words <= title

    def _office_words(self, p: Phrase) -> list[str]:
        text = self.doc.text.fold_of(p.start, p.end)
        return [w for w in text.split() if self.tools.gazetteer.nationality(w) is None and self.tools.gazetteer.country(w) is None]

    def _head(self, p: Phrase) -> str:
        """The folded head noun of a phrase, without proclitics and article."""
        words = self._words(p.start, p.end)
        form = self.doc.text.tokens[p.head].form
        return next((w for w in words if form.endswith(w)), form)

    def _introduced(self, p: Phrase) -> Phrase | None:
        """The indefinite phrase that a definite one takes up: "مصدر أمني" … "المصدر نفسه"."""
        if not p.definite or (p.kind == "office" and p.names):
            return None
        words = self._words(p.start, p.end)
        if p.names or any(w not in _DESCRIPTIONS for w in words[1:]):
            return None
        earlier = self.loose.get((self._head(p), p.number))
        return earlier if earlier is not None and not earlier.definite else None

    # --- groups

    def _group(self, p: Phrase, words: list[str], country: str | None) -> tuple[Cluster | None, str, float]:
        head = words[0]
        if len(p.names) == 1 and self.mentions[p.names[0]].type == "ORG" and p.definite:
            return self.of[p.names[0]][0], "the group is named inside the phrase", 0.7
        if country and head in ("سلطات", "حكومه"):
            known = self.tools.gazetteer.by_id(f"{country}/government")
            if known is not None:
                return self._cluster(known, p), f"{p.clitics}{head} of {country} stand for its government", 0.85
        if country is None and p.definite and len(words) <= 2:
            for cluster in self._nearest(p.start):
                if cluster.type == "ORG" and head in self._heads(cluster) and self._describes(words[1:], cluster):
                    return cluster, f"the nearest that goes by {head}", 0.75
        if p.names and country and head not in _NO_PARTY:
            return self._new(p, country), "first named here", 0.6
        return None, "", 0.0

    def _describes(self, words: list[str], cluster: Cluster) -> bool:
        """True when each further word of a phrase is part of the group's names or a mere description."""
        if cluster.given is not None:
            return True
        own = {w.removeprefix("ال") for form in cluster.folded for w in form.split()}
        return all(w in own or w in _DESCRIPTIONS for w in words)

    def _heads(self, cluster: Cluster) -> set[str]:
        heads = set(cluster.heads)
        if cluster.given is not None:
            heads.update(self._words(cluster.first, cluster.first + len(cluster.given))[:1])
        for form in cluster.folded:
            first = form.split()[0]
            heads.add(first[2:] if first.startswith("ال") else first)
        if cluster.known is not None:
            heads.update(_GROUP_HEADS.get(cluster.known.kind, "").split())
        return heads

    # --- acting places, pronouns

    def _act(self, m: Mention, p: Phrase) -> None:
        """A state or a capital that is the subject of a verb acts for its government."""
        cluster = self.of[m.id][0]
        known = cluster.known
        if known is None or not (known.kind == "state" or known.capital_of) or p.clitics not in ("", "و") or not self._is_subject(m, p):
            return
        country = known.capital_of or known.country
        government = self.tools.gazetteer.by_id(f"{country}/government")
        if government is not None:
            acting = self._cluster(government, p)
            self.acting[m.id] = (acting, f"{m.text} acts for the government of {country}")
            self.governments.add(acting)

    def _is_subject(self, m: Mention, p: Phrase) -> bool:
        tokens = self.doc.text.tokens
        i = self.doc.text.token_index(m.start)
        before = tokens[i - 1].form if i > 0 else "\n"
        after = tokens[self.doc.text.token_index(m.end - 1) + 1].form if self.doc.text.token_index(m.end - 1) + 1 < len(tokens) else "\n"
        if before in _PREPOSITIONS:
            return False
        if p.clitics == "و" and self.seen and self.seen[-1][1] in self.governments:
            return True
        verb_before = before.endswith("ت") and not before.startswith("ال") and len(before) > 2
        starts = before in ("\n", ".", ":", '"', "ان", "،") or p.clitics == "و"
        verb_after = (
            len(after) > 3
            and (after[0] == "ت" or after.startswith("ست") or after.endswith("ت"))
            and not after.endswith("ات")
            and not after.startswith("ال")
        )
        return verb_before or (starts and verb_after)

    def _pronoun(self, p: Phrase) -> tuple[Cluster | None, str]:
        """The nearest party before it that agrees in gender and number: a person for هو and هي, a group for هي and هم."""
        n = bisect_right(self.starts, p.start) - 1
        low = self.starts[max(0, n - 1)] if self.starts else 0
        for at, cluster in reversed(self.seen):
            if at < low:
                break
            if p.number == "s" and cluster.type == "PER" and cluster.gender in ("", p.gender):
                return cluster, "the nearest person that agrees"
            if (
                p.number == "s"
                and p.gender == "f"
                and cluster.type == "ORG"
                and cluster.heads & {"جماعه", "حركه", "وكاله", "حكومه", "وزاره", "منظمه"}
            ):
                return cluster, "the nearest group that agrees"
        return None, ""

    # --- clusters

    def _nearest(self, start: int) -> Iterator[Cluster]:
        """Clusters by nearness: those meant before, latest first, then those yet to come."""
        given: set[int] = set()
        for _, cluster in islice(reversed(self.seen), _FAR):
            if id(cluster) not in given:
                given.add(id(cluster))
                yield cluster
        for cluster in islice(self.clusters, _FAR):
            if id(cluster) not in given:
                yield cluster

    def _cluster(self, known: Known, p: Phrase) -> Cluster:
        cluster = self.by_known.get(known.id)
        if cluster is None:
            cluster = Cluster(known.type, known.id, known, country=known.country, first=p.start)
            self.by_known[known.id] = cluster
            self.clusters.append(cluster)
        return cluster

    def _new(self, p: Phrase, country: str | None) -> Cluster:
        text = self.doc.source[p.start : p.end]
        if text.startswith("ل") and self.doc.source[p.start - 1 : p.start] == "ل":
            text = f"ا{text}"
        key = f"{p.kind} {folded_name(self.doc, p.start, p.end)}"
        old = self.new.get(key)
        if old is not None:
            return old
        cluster = Cluster(
            p.type,
            key if p.definite else f"{key} {p.start}",
            country=country,
            first=p.start,
            given=text,
            sectors=list(p.sectors),
            gender=p.gender,
        )
        cluster.titles.append(frozenset(self._words(p.start, p.end)))
        self.new[key] = cluster
        self.clusters.append(cluster)
        return cluster
