"""A record of any number of synthetic reports, and how long it takes to bring it up to date.

    python benchmarks/synthetic.py RECORD [--reports 100000] [--at 10000,25000,50000,100000] [--seed 7] [--json FILE]

The reports are made of our own sentences (`data/synthetic_sentences.txt`) with people, groups and places of the gazetteer, invented private persons,
days from 2010 to 2026, figures that tellings of one story disagree about, statements with chains, commitments, and 15 % copies and excerpts. Their lines
are written directly, with spans that are exact, so nothing has to be read. The same seed gives the same reports. RECORD is a file or a postgresql:// URL.
At each size of `--at` everything derived is made anew in a process of its own, whose largest size is measured.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import random
import re
import resource
import subprocess
import sys
import time
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate, islice
from pathlib import Path
from typing import Any

import musnad
from musnad.ingest.page import Page
from musnad.record.ids import make_id
from musnad.record.kinds import (
    Commitment,
    Deadline,
    Entity,
    Event,
    Figure,
    Line,
    Link,
    Mention,
    Named,
    Office,
    Party,
    Place,
    Published,
    Report,
    Segment,
    Statement,
    Time,
)
from musnad.record.span import Span
from musnad.store.store import open_store

ARABIC = Path(musnad.__file__).parent / "arabic"
SENTENCES = Path(__file__).parent / "data" / "synthetic_sentences.txt"
BY = "synthetic"
FAMILIES = (
    "الجبوري الدليمي العزاوي الحمداني الشمري التميمي الخزرجي الساعدي الكبيسي الزبيدي العاني الراوي الطائي الموسوي الحسيني الهاشمي القيسي النعيمي اللامي "
    "المرسومي حداد خوري نصار شاهين عيتاني قباني سعادة بيطار غانم عبود الحلبي الحمصي الشامي الترك الصباغ النجار الفقي البدوي الشريف المنشاوي الجندي غنيم "
    "شلبي البنا عاشور الغامدي القحطاني العتيبي الحربي الدوسري الزهراني المري الكواري العلي الصانع الفهد بوزيد بن سالم العياري الطرابلسي القروي الماجري بلحاج "
    "بوشارب مرابط زروقي الإدريسي العلوي بنيس التازي الفاسي ولد أحمد العمراني الأرياني المقطري الحيمي البشير الترابي عبد الله حسن موسى إدريس الكردي بارزنجي"
).split()
MATTERS = (
    "مكافحة الإرهاب|أمن الحدود|الطاقة والغاز|إعادة الإعمار|ملف اللاجئين|المياه المشتركة|تبادل الأسرى|التجارة الحرة|الأمن الغذائي|مكافحة التهريب|"
    "الانتخابات المقبلة|إصلاح القطاع العام|النقل والموانئ|التعليم العالي|الصحة العامة|الديون الخارجية|صيد الأسماك|الطيران المدني"
).split("|")
SOURCES = "مصدر أمني|مسؤول محلي|مصدر طبي|شهود|مصدر حكومي طلب عدم ذكر اسمه|دبلوماسي مطلع|ناطق باسم الشرطة".split("|")
PAPERS = "بيان مكتوب|بيان صحافي|رسالة رسمية".split("|")
UNITS = {
    "dead": ("person killed", "أشخاص", "شخصا", 3, 90),
    "hurt": ("person injured", "أشخاص", "شخصا", 5, 240),
    "held": ("person captured", "مشتبهين", "مشتبها", 3, 60),
    "fighters": ("person killed", "مسلحين", "مسلحا", 3, 70),
    "soldiers": ("soldier", "جنود", "جنديا", 3, 900),
    "tonnes": ("tonne", "أطنان", "طنا", 5, 900),
    "displaced": ("person displaced", "أسر", "شخص", 1000, 90000),
    "people": ("person", "أشخاص", "نسمة", 500, 900000),
    "percent": ("percent", "في المئة", "في المئة", 2, 60),
    "money": ("USD", "ملايين دولار", "مليون دولار", 3, 900),
}
MONTHS = "كانون الثاني|شباط|آذار|نيسان|أيار|حزيران|تموز|آب|أيلول|تشرين الأول|تشرين الثاني|كانون الأول".split("|")
WEEKDAYS = "الاثنين|الثلاثاء|الأربعاء|الخميس|الجمعة|السبت|الأحد".split("|")


@dataclass(frozen=True, slots=True)
class Somebody:
    """A name with what stands for it: `forms` full name first, `title` the office before it, `type` PER, ORG, LOC, NORP or None for a mere phrase."""

    forms: tuple[str, ...]
    type: str | None = None
    name_en: str = ""
    country: str | None = None
    known: str | None = None
    sectors: tuple[str, ...] = ()
    title: str | None = None
    place: Place | None = None


@dataclass(slots=True)
class Story:
    """What several reports tell: a scene, its day, who is in it and the figures that most of them give."""

    scene: str
    day: date
    cast: dict[str, Somebody]
    figures: dict[str, int]
    deadline: tuple[str, str, str]
    left: int


@dataclass(slots=True)
class Told:
    """A report before it is written: `sentences` are token lists, the first is the title; copies are made of the same ones."""

    outlet: str
    published: date
    agency: str | None
    story: Story
    sentences: list[list[tuple[str, str, str]]]
    credit: str | None = None


def rows(*names: str) -> list[dict[str, str]]:
    out = []
    for name in names:
        for path in sorted((ARABIC / name).parent.glob(Path(name).name)):
            lines = [x for x in path.read_text(encoding="utf-8").splitlines() if x and not x.startswith("#")]
            out += list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    return out


def forms(row: dict[str, str]) -> tuple[str, ...]:
    """The spellings that newspapers print, the doubtful ones left out."""
    return tuple(f for f in row["forms"].split("|") if f.isprintable() and not f.endswith("?") and not f.isascii())


class World:
    """Everybody and everything that the reports can speak of, drawn with the usual long tails."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        titles = {r["key"]: forms(r) for r in rows("actors/offices.tsv")}
        nations = {
            r["country"]: "ال" + r["forms"].split("|")[0].rstrip("?") for r in reversed(rows("actors/nationalities.tsv")) if r["country"]
        }
        self.nations = nations
        self.lands = {
            r["country"]: Somebody(
                forms(r),
                "LOC",
                r["name_en"],
                r["country"],
                r["country"],
                place=Place(lat=float(r["lat"]), lon=float(r["lon"]), country=r["country"], geonames=int(r["geonames"])),
            )
            for r in rows("actors/countries.tsv")
            if forms(r) and r["geonames"] and r["country"] in nations
        }
        self.people: dict[str, list[tuple[Somebody, list[tuple[str, str, str]]]]] = defaultdict(list)
        for r in rows("actors/persons_*.tsv"):
            if not forms(r) or r["country"] not in self.lands:
                continue
            held = []
            for office in filter(None, (r["offices"] or "").split(";")):
                key, of, since, until = [*office.split(":"), "", ""][:4]
                if of == r["country"] and key in titles:
                    title = next((f for f in titles[key] if f.startswith("ال")), titles[key][0])
                    held.append((f"{title} {nations[of]}", since, until or "2027"))
            known = r["id"] or re.sub(r"\W+", "-", r["name_en"].lower())
            self.people[r["country"]].append((Somebody(forms(r), "PER", r["name_en"], r["country"], known), held))
        self.groups: dict[str, list[Somebody]] = defaultdict(list)
        for r in rows("actors/groups.tsv", "actors/parties.tsv"):
            if forms(r):
                known = r["id"] or re.sub(r"\W+", "-", r["name_en"].lower())
                self.groups[r["country"] or ""].append(
                    Somebody(forms(r), "ORG", r["name_en"], r["country"] or None, known, tuple((r["sectors"] or "").split("|")))
                )
        self.bodies = [
            Somebody(forms(r), "ORG", r["name_en"], None, r["id"] or r["name_en"], ("IGO",))
            for r in rows("actors/international.tsv")
            if forms(r)
        ]
        heads = [r for r in rows("actors/institutions.tsv") if "MIL" in (r["sectors"] or "") or "COP" in (r["sectors"] or "")][:8]
        self.heads = [(r["forms"].split("|")[0], r["key"], r["name_en"], tuple(r["sectors"].split("|"))) for r in heads]
        self.cities: dict[str, list[Somebody]] = defaultdict(list)
        for r in rows("places/capitals.tsv", "places/cities.tsv", "places/geonames.tsv"):
            if forms(r) and r["country"] in self.lands:
                at = Place(lat=float(r["lat"]), lon=float(r["lon"]), country=r["country"], geonames=int(r["geonames"] or 0) or None)
                self.cities[r["country"]].append(
                    Somebody(forms(r)[:1], "LOC", r["name_en"], r["country"], f"geo:{r['geonames']}", place=at)
                )
        media = [r for r in rows("words/media.tsv") if forms(r)]
        self.outlets = [forms(r)[0] for r in media if r["kind"] == "outlet" and not r["ambiguous"]][:60]
        self.agencies = [Somebody(forms(r)[:1], "ORG", r["name_en"], None, None, ("MED",)) for r in media if r["kind"] == "agency"][:12]
        given = [
            forms(r)[0]
            for r in rows("words/given_names.tsv")
            if "ar" in (r["origin"] or "").split("|") and "m" in (r["gender"] or "") and forms(r)
        ]
        self.private = [
            Somebody((f"{chance.choice(given)} {chance.choice(given)} {chance.choice(FAMILIES)}",), "PER") for _ in range(40_000)
        ]
        order = [
            c
            for c in "IRQ SYR USA LBN EGY IRN SAU TUR PSE ISR YEM RUS LBY FRA GBR SDN TUN DZA MAR JOR QAT KWT ARE".split()
            if c in self.lands
        ]
        self.order = order + [c for c in self.lands if c not in order and self.people.get(c) and self.cities.get(c)]
        self.places_of_rank = {n: list(accumulate(1 / (i + 1) for i in range(n))) for n in set(map(len, self._lists()))}
        scenes: defaultdict[str, list[str]] = defaultdict(list)
        for line in SENTENCES.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                scene, text = line.split("\t")
                scenes[scene].append(text)
        self.scenes = dict(scenes)
        self.plots = [s for s in scenes if s != "any" and not s.startswith("title.")]

    def _lists(self) -> Iterator[list[Any]]:
        yield from (*self.people.values(), *self.groups.values(), *self.cities.values())
        yield from (self.bodies, self.private, self.order, self.outlets, self.agencies)

    def one(self, found: list[Any]) -> Any:
        """One of a list, the n-th with a chance of 1/n."""
        return self.chance.choices(found, cum_weights=self.places_of_rank[len(found)])[0]

    def person(self, land: str, day: date) -> Somebody:
        """A public person of a country, with the office of that day before the name where one was held."""
        who, held = self.one(self.people.get(land) or self.people["IRQ"])
        title = next((t for t, since, until in held if since <= day.isoformat() < until), None)
        return Somebody(who.forms, who.type, who.name_en, who.country, who.known, ("GOV",), title) if title else who

    def story(self) -> Story:
        chance = self.chance
        day = date(2010, 1, 1) + timedelta(days=int(chance.random() * 6100))
        here, there = self.one(self.order), self.one(self.order)
        head, key, head_en, sectors = chance.choice(self.heads)
        force = Somebody((f"{head} {self.nations[here]}",), "ORG", f"{head_en} ({here})", here, f"{here}/{key}", sectors)
        city = self.one(self.cities.get(here) or self.cities["IRQ"])
        cast = {
            "who": self.person(here, day),
            "whom": self.person(there, day),
            "group": self.one(self.groups.get(here) or self.groups[""]),
            "force": force,
            "place": city,
            "land": self.lands[there],
            "body": self.one(self.bodies),
            "local": self.one(self.private),
            "source": Somebody((chance.choice(SOURCES),)),
            "statement": Somebody((chance.choice(PAPERS),)),
            "matter": Somebody((chance.choice(MATTERS),)),
            "agency": self.one(self.agencies),
        }
        figures = {unit: int(low * (high / low) ** chance.random()) for unit, (_, _, _, low, high) in UNITS.items()}
        due = day + timedelta(days=chance.randint(20, 700))
        if chance.random() < 0.4:
            deadline = (f"نهاية العام {due.year}", f"{due.year}-12-31", f"{due.year}-12-31")
        else:
            last = (due.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
            deadline = (f"نهاية {MONTHS[due.month - 1]} {due.year}", last.isoformat(), last.isoformat())
        tellings = 1 + min(int(chance.expovariate(0.8)), 9)
        return Story(chance.choice(self.plots), day, cast, figures, deadline, tellings)

    def telling(self, story: Story) -> Told:
        """A report of a story, with some sentences about another affair in which part of its people appear."""
        chance = self.chance
        aside = self.story()
        keep = set(chance.sample(sorted(aside.cast), 6))
        other = Story(
            aside.scene,
            story.day - timedelta(days=chance.randint(1, 20)),
            {**story.cast, **{k: aside.cast[k] for k in keep}},
            aside.figures,
            aside.deadline,
            0,
        )
        body = chance.sample(own := self.scenes[story.scene], min(len(own), chance.randint(4, 6))) + chance.sample(self.scenes["any"], 4)
        title = self.tokens(chance.choice(self.scenes[f"title.{story.scene}"]), story)
        sentences = [title, *(self.tokens(s, story) for s in body)]
        sentences += [self.tokens(s, other) for s in chance.sample(self.scenes[other.scene], 4)]
        published = story.day + timedelta(days=chance.choice((0, 0, 1, 1, 1, 2, 3)))
        agency = self.one(self.agencies).forms[0] if chance.random() < 0.3 else None
        return Told(self.one(self.outlets), published, agency, story, sentences)

    def copy(self, told: Told) -> Told:
        """The same report in another paper: whole, without its end, or an excerpt."""
        chance = self.chance
        cut = chance.choice((len(told.sentences), len(told.sentences) - 2, 6))
        outlet = chance.choice([o for o in self.outlets if o != told.outlet])
        credit = told.outlet if chance.random() < 0.6 else None
        return Told(outlet, told.published + timedelta(days=chance.randint(0, 2)), told.agency, told.story, told.sentences[:cut], credit)

    def tokens(self, sentence: str, story: Story) -> list[tuple[str, str, str]]:
        """(kind, argument, text) of a sentence with its alternatives chosen; slots stay open as (slot, letters, whom) until it is written."""
        chosen = _CHOICE.sub(lambda m: self.chance.choice(m[1].split("|")), sentence)
        out: list[tuple[str, Any, Any]] = []
        at = 0
        for m in _TOKEN.finditer(chosen):
            if m.start() > at:
                out.append(("text", "", chosen[at : m.start()]))
            at = m.end()
            kind = m.lastgroup or ""
            if kind == "slot":
                letters, _, name = m[0][1:].partition(":")
                out.append(("figure", name, self.figure(story, name)) if letters == "n" else ("slot", letters, story.cast[name]))
            elif kind == "day":
                out.append(("day", "", story.day))
            elif kind == "due":
                out.append(("due", "", story.deadline))
            else:
                out.append((kind, m[0], ""))
        if at < len(chosen):
            out.append(("text", "", chosen[at:]))
        return out

    def figure(self, story: Story, unit: str) -> tuple[str, str, int]:
        """(text, bound, value): what the story says, or, three times of ten, another number."""
        n = story.figures[unit]
        if self.chance.random() < 0.3:
            n = max(1, round(n * self.chance.uniform(0.7, 1.4)))
        bound = self.chance.choices(("exact", "about", "more_than"), (8, 1, 1))[0]
        _, few, many, _, _ = UNITS[unit]
        words = f"{n} {few if 3 <= n <= 10 else many}"
        return {"exact": "", "about": "نحو ", "more_than": "أكثر من "}[bound] + words, bound, n

    def reports(self) -> Iterator[tuple[Page, list[Line]]]:
        """Pages with their lines, without end."""
        open_stories = [self.story() for _ in range(400)]
        recent: deque[Told] = deque(maxlen=300)
        number = 0
        while True:
            if recent and self.chance.random() < 0.15:
                told = self.copy(self.chance.choice(recent))
            else:
                n = self.chance.randrange(len(open_stories))
                told = self.telling(open_stories[n])
                recent.append(told)
                open_stories[n].left -= 1
                if open_stories[n].left <= 0:
                    open_stories[n] = self.story()
            yield Draft(f"synthetic.jsonl#{number}", told, self.chance).written()
            number += 1


_CHOICE = re.compile(r"\{([^{}]*)\}")
_TOKEN = re.compile(
    r"(?P<slot>\$[a-z]+:[a-z]+)|(?P<day>\$d)|(?P<due>\$D)|(?P<action>\[\[\w+ )|(?P<done>\]\])|(?P<trigger>\[[-+?]?[A-Z]+(?:\.[\w-]+)? )|(?P<end>\])"
    r"|(?P<cue><\w+ )|(?P<said>>)|(?P<open>\(\()|(?P<close>\)\))"
)
_STATUS = {"-": "denied", "+": "planned", "?": "hypothetical", "": "happened"}


@dataclass(slots=True)
class Draft:
    """One report being written: text so far and what was found in it."""

    name: str
    told: Told
    chance: random.Random
    id: str = ""
    source: str = ""
    mentions: list[Mention] = field(default_factory=list)
    entities: dict[str, dict[str, Any]] = field(default_factory=dict)
    times: list[Time] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    commitments: list[Commitment] = field(default_factory=list)

    def written(self) -> tuple[Page, list[Line]]:
        told = self.told
        self.id = make_id(self.name, "report", told.published)
        segments = []
        title, *body = told.sentences
        paragraphs = [[title], *(body[i : i + 2] for i in range(0, len(body), 2))]
        for n, paragraph in enumerate(paragraphs):
            start = len(self.source)
            if n == 1:
                self.source += told.story.cast["place"].forms[0] + (f" - {told.agency}" if told.agency else "") + " - "
            for k, sentence in enumerate(paragraph):
                self.source += " " if k else ""
                if n == 1 and not k and sentence[0][:1] == ("text",):  # the first sentence goes on from nothing
                    sentence = [("text", "", sentence[0][2].removeprefix("و")), *sentence[1:]]
                self.write(sentence)
            segments.append(Segment(start=start, end=len(self.source), text=self.source[start:], kind="body" if n else "title"))
            self.source += "\n\n"
        if told.credit:
            start = len(self.source)
            self.source += f"نقلا عن «{told.credit}»."
            segments.append(Segment(start=start, end=len(self.source), text=self.source[start:], kind="body"))
            at = start + len("نقلا عن «")
            self.mentions.append(self.mention(at, at + len(told.credit), "ORG", None))
        sha = hashlib.sha256(self.source.encode() + self.name.encode()).hexdigest()
        head = segments[0]
        report = Report(
            id=self.id,
            page=self.name,
            part=0,
            sha256=sha,
            title=Span(start=head.start, end=head.end, text=head.text),
            outlet=Named(name=told.outlet),
            published=Published(date=told.published.isoformat(), basis="metadata"),
            segments=tuple(segments),
        )
        line = Line(
            report=report,
            mentions=tuple(self.mentions),
            entities=tuple(Entity(**{**e, "aliases": tuple(e["aliases"]), "offices": tuple(e["offices"])}) for e in self.entities.values()),
            times=tuple(self.times),
            figures=tuple(self.figures),
            statements=tuple(self.statements),
            events=tuple(self.events),
            commitments=tuple(self.commitments),
        )
        return Page(self.name, self.source, sha, published=told.published.isoformat(), outlet=told.outlet), [line]

    def make(self, layer: str, *key: object) -> dict[str, Any]:
        return {"id": make_id(self.id, layer, *key), "found_by": BY, "confidence": round(0.5 + 0.49 * self.chance.random(), 3)}

    def mention(self, start: int, end: int, type: Any, entity: str | None) -> Mention:
        return Mention(**self.make("mentions", start), start=start, end=end, text=self.source[start:end], type=type, entity=entity)

    def somebody(self, who: Somebody) -> Party:
        """Writes a name (in full with the office where it comes first, short later) and gives the phrase as a party."""
        start = len(self.source)
        if who.type is None:
            self.source += who.forms[0]
            return Party(start=start, end=len(self.source), text=who.forms[0])
        key = key_of(who)
        first = key not in self.entities
        form = who.forms[0] if first else min(who.forms, key=len)
        if first:
            named = {"type": who.type, "name": who.forms[0], "name_en": who.name_en, "country": who.country, "known": who.known}
            self.entities[key] = (
                self.make("entities", key) | named | {"sectors": who.sectors, "place": who.place, "aliases": [], "offices": []}
            )
        entity = self.entities[key]
        if first and who.title:
            end = start + len(who.title)
            self.source += who.title + " "
            entity["offices"].append(Office(title=who.title, start=start, end=end, text=who.title))
        at = len(self.source)
        self.source += form
        if form not in entity["aliases"] and form != entity["name"]:
            entity["aliases"].append(form)
        self.mentions.append(self.mention(at, at + len(form), who.type, entity["id"]))
        sector = "/".join(who.sectors) or None
        return Party(start=start, end=len(self.source), text=self.source[start:], entity=entity["id"], country=who.country, sector=sector)

    def span(self, start: int, end: int | None = None) -> Span:
        end = len(self.source) if end is None else end
        return Span(start=start, end=end, text=self.source[start:end])

    def write(self, sentence: list[tuple[str, Any, Any]]) -> None:
        """Writes a sentence and records what it holds."""
        roles: defaultdict[str, list[Party]] = defaultdict(list)
        opened: list[tuple[str, int]] = []
        triggers: list[tuple[str, Span, int]] = []
        cues: list[tuple[str, Span]] = []
        contents: list[Span] = []
        actions: list[tuple[str, Span]] = []
        figures: list[str] = []
        day: Time | None = None
        due: Deadline | None = None
        for kind, argument, value in sentence:
            start = len(self.source)
            if kind == "text":
                self.source += value
            elif kind == "slot":
                party = self.somebody(value)
                for letter in argument:
                    roles[letter].append(party)
            elif kind == "figure":
                text, bound, n = value
                self.source += text
                unit = UNITS[argument][0]
                value_kind = {"percent": "percent", "money": "money"}.get(argument, "count")
                scale = 1_000_000 if argument == "money" else 1
                made = self.make("figures", start) | {
                    "start": start,
                    "end": len(self.source),
                    "text": text,
                    "low": n * scale,
                    "high": n * scale,
                }
                self.figures.append(Figure(**made, bound=bound, unit=unit, kind=value_kind))  # type: ignore[arg-type]
                figures.append(made["id"])
            elif kind == "day":
                self.source += said_day(value, self.told.published)
                made = self.make("times", start) | {"start": start, "end": len(self.source), "text": self.source[start:]}
                day = Time(**made, from_=value.isoformat(), to=value.isoformat())
                self.times.append(day)
            elif kind == "due":
                text, since, until = value
                self.source += text
                due = Deadline(from_=since, to=until, start=start, end=len(self.source), text=text)
            elif kind in ("action", "trigger", "cue", "open"):
                opened.append((argument.strip("[<( "), start))
            else:
                code, since = opened.pop()
                span = self.span(since)
                if kind == "end":
                    triggers.append((code, span, len(contents)))
                elif kind == "said":
                    cues.append((code, span))
                elif kind == "close":
                    contents.append(span)
                else:
                    actions.append((code, span))
        said = self.say(cues, contents, roles)
        for code, span, before in triggers:
            inside = before < len(contents) and contents[before].start <= span.start < contents[before].end
            self.happen(code, span, roles, day, figures, said[min(before, len(said) - 1)] if inside and said else None)
        for stance, span in actions:
            statement = said[0] if said else None
            parts = {
                "by": tuple(roles["b"]),
                "to": tuple(roles["t"]),
                "action": span,
                "deadline": due,
                "stance": stance,
                "statement": statement,
            }
            self.commitments.append(Commitment(**self.make("commitments", span.start), **parts))

    def say(self, cues: list[tuple[str, Span]], contents: list[Span], roles: dict[str, list[Party]]) -> list[str]:
        """Records a statement for each cue that has content; gives their ids."""
        out = []
        speaker = roles["s"][0] if roles["s"] else None
        for (act, cue), content in zip(cues, contents, strict=False):
            chain = [Link(link="speaker", name=p.text, start=p.start, end=p.end, text=p.text, entity=p.entity) for p in roles["s"][:1]]
            for link, letter in (("document", "o"), ("agency", "g")):
                chain += [Link(link=link, name=p.text, start=p.start, end=p.end, text=p.text) for p in roles[letter]]  # type: ignore[arg-type]
            if self.told.agency and not roles["g"]:
                chain.append(Link(link="agency", name=self.told.agency))
            chain.append(Link(link="outlet", name=self.told.outlet))
            kind = "direct" if self.source[content.start - 1] == "«" else "indirect"
            made = self.make("statements", cue.start)
            self.statements.append(
                Statement(**made, cue=cue, speaker=speaker, kind=kind, content=(content,), act=act, chain=tuple(chain))  # type: ignore[arg-type]
            )
            out.append(made["id"])
        return out

    def happen(
        self, code: str, span: Span, roles: dict[str, list[Party]], day: Time | None, figures: list[str], statement: str | None
    ) -> None:
        sign = code[0] if code[0] in _STATUS else ""
        type, _, mode = code[len(sign) :].partition(".")
        made = self.make("events", span.start, type)
        self.events.append(
            Event(
                **made,
                type=type,  # type: ignore[arg-type]
                mode=mode or None,
                trigger=span,
                actors=tuple(roles["a"]),
                recipients=tuple(roles["r"]),
                place=roles["p"][0] if roles["p"] else None,
                time=day.id if day else None,
                from_=day.from_ if day else None,
                to=day.to if day else None,
                status=_STATUS[sign],  # type: ignore[arg-type]
                statement=statement,
                figures=tuple(figures),
            )
        )


def key_of(who: Somebody) -> str:
    return f"{who.type} {who.known or who.forms[0]}"


def said_day(day: date, published: date) -> str:
    """A day as a newspaper of another day says it."""
    gap = (published - day).days
    if gap < 3:
        return ("اليوم", "أمس", "أول من أمس")[gap] if gap else "اليوم"
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}" + (f" {day.year}" if gap > 9 else "")


PARTS = ("refresh_lineage", "refresh_entities", "refresh_events", "refresh_commitments", "refresh_claims")


def refresh_measured(record: str) -> dict[str, Any]:
    """Seconds of each part of a whole refresh, and the largest size of this process in MB."""
    from musnad.resolve import refresh

    out: dict[str, Any] = {}
    with open_store(record) as store:
        for part in PARTS:
            wall, cpu = time.perf_counter(), time.process_time()
            made = getattr(refresh, part)(store)
            out[part] = {
                "seconds": round(time.perf_counter() - wall, 1),
                "cpu": round(time.process_time() - cpu, 1),
                "made": made,
                "peak MB": peak(),
            }
            print(part, out[part], file=sys.stderr, flush=True)
        out["rows"] = store.counts()
    return out


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 if sys.platform != "darwin" else 1024 * 1024)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("record", help="a file that doesn't exist yet, or a postgresql:// URL of an empty database")
    parser.add_argument("--reports", type=int, default=100_000)
    parser.add_argument("--at", default="", help="sizes, parted by commas, at which everything is derived and measured; the last is always")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--refresh-only", action="store_true", help="add nothing")
    arguments = parser.parse_args()
    if arguments.refresh_only:
        print(json.dumps(refresh_measured(arguments.record)))
        return
    stops = sorted({int(n) for n in arguments.at.split(",") if n} | {arguments.reports})
    found: dict[str, Any] = {"seed": arguments.seed, "sizes": {}}
    source = World(random.Random(arguments.seed)).reports()
    with open_store(arguments.record) as store:
        done = 0
        for stop in stops:
            wall, cpu = time.perf_counter(), time.process_time()
            while done < stop:
                done += store.add(islice(source, min(100, stop - done)))
            took = {
                "add seconds": round(time.perf_counter() - wall, 1),
                "add cpu": round(time.process_time() - cpu, 1),
                "peak MB while adding": peak(),
            }
            print(stop, took, file=sys.stderr, flush=True)
            child = [sys.executable, __file__, arguments.record, "--refresh-only"]
            took["refresh"] = json.loads(subprocess.run(child, stdout=subprocess.PIPE, check=True).stdout)
            if store.dialect == "sqlite":
                took["file MB"] = round(
                    sum(p.stat().st_size for p in Path(arguments.record).parent.glob(Path(arguments.record).name + "*")) / 1e6
                )
            found["sizes"][stop] = took
            print(json.dumps({stop: took}), flush=True)
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
