"""An article's head: title, outlet, republisher, dateline, byline, the day it came out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from musnad.grammar.folding import Folded, fold
from musnad.grammar.lexicon import Entry
from musnad.ingest.lines import Kit, Line
from musnad.ingest.page import Page
from musnad.ingest.stamps import Stamp, find_stamps
from musnad.record.kinds import Named, Published
from musnad.record.span import Span, cut

_WORD = re.compile(r"[^\W_]+")
_ARABIC = re.compile(r"[\u0621-\u064a]")
_DATELINE = 120
_STAMP_REST = 8
_DATELINE_END = re.compile(r"(?:\s*[هم]\b)?(?:\s*\(?[\w. ]{2,16}\)?)?(?P<end>)\s*[-:/|]")


@dataclass
class Head:
    """What was found; spans are in the source."""

    title: Span | None = None
    outlet: Named | None = None
    republisher: Named | None = None
    dateline: Span | None = None
    byline: Span | None = None
    published: Published | None = None


@dataclass(frozen=True)
class Candidate:
    """A place where the page names an outlet: `line`, `a`..`b` in its form."""

    entry: Entry | None
    line: Line
    a: int
    b: int


def read_head(page: Page, folded: Folded, kit: Kit, lines: list[Line], title: Line | None, body: int, part: int) -> Head:
    """The head of the article whose lines these are; metadata holds for the page's first article only."""
    return _Reader(page, folded, kit, lines, body, part).head(title)


def _same(a: Entry | None, b: Entry | None) -> bool:
    """True for two rows of one outlet."""
    return a is not None and b is not None and a.get("name_en") == b.get("name_en")


class _Reader:
    def __init__(self, page: Page, folded: Folded, kit: Kit, lines: list[Line], body: int, part: int) -> None:
        self.page, self.folded, self.kit, self.lines, self.body, self.part = page, folded, kit, lines, body, part
        self.first = next((x for x in lines[body:] if not x.drop), None)

    def span(self, line: Line, a: int, b: int) -> Span:
        start, end = self.folded.span(line.block.a + a, line.block.a + b)
        return cut(self.page.source, start, end)

    def named(self, line: Line, a: int, b: int) -> Named:
        s = self.span(line, a, b)
        return Named(name=s.text, start=s.start, end=s.end, text=s.text)

    def head(self, title: Line | None) -> Head:
        head = Head()
        if title:
            start, end = title.block.start, title.block.end
            if "label" in title.groups:
                start = self.span(title, *title.groups["label"]).end
            head.title = cut(self.page.source, start, end)
        self._dateline(head)
        self._byline(head)
        self._outlet(head)
        head.published = self._published()
        return head

    # -- dateline and byline

    def _dateline(self, head: Head) -> None:
        if self.first and (m := self._dateline_match(self.first)):
            head.dateline = self.span(self.first, *m.span("dateline"))
            return
        if dated := self._dated_line():
            head.dateline = self.span(dated[1], 0, dated[2])
            return
        for line in self._head_lines():
            if line.drop and not line.rule and line.named and not line.named[0].entry and len(line.named) > 1:
                end = line.named[-1].b if line.named[-1].entry else line.named[0].b
                head.dateline = self.span(line, line.named[0].a, end + (line.block.form[end : end + 1] == '"'))
                return

    def _dateline_match(self, line: Line) -> re.Match[str] | None:
        form = line.block.form[:_DATELINE]
        for rule in self.kit.parts.get("dateline", ()):
            m = rule.regex.match(form)
            if not m:
                continue
            outlet = m.groupdict().get("outlet")
            known = bool(outlet and self._entry_within(outlet))
            if known or (rule.get("place") and not outlet) or (rule.get("place") and rule.get("loose")):
                return m
        return None

    def _entry_within(self, form: str) -> Entry | None:
        whole = self.kit.entry(form)
        if whole:
            return whole
        for piece in re.split(r"[،,/-]+|\s+", form):
            if piece and (entry := self.kit.entry(piece)):
                return entry
        return None

    def _byline(self, head: Head) -> None:
        for line in self.lines:
            if "byline" in line.groups and not self._entry_within(line.block.form[slice(*line.groups["byline"])]):
                head.byline = self.span(line, *line.groups["byline"])
                return
        for line in self._head_lines():
            if not line.drop or line.rule:
                continue
            people = [n for n in line.named if not n.entry and 2 <= len(_WORD.findall(n.form)) <= 4]
            if people and (len(line.named) > 1 or not line.stamps):
                who = people[-1]
                label = next((x for x in self.kit.label_words["byline"] if who.form.startswith(x + " ")), "")
                who = replace(who, a=who.a + len(label) + bool(label))
                if not head.dateline or self.span(line, who.a, who.b).start >= head.dateline.end:
                    head.byline = self.span(line, who.a, who.b)
                    return

    def _head_lines(self) -> Iterator[Line]:
        return iter(self.lines[: self.body])

    # -- outlet

    def _outlet(self, head: Head) -> None:
        source = self._source()
        stated = self._stated()
        known = self.page.outlet if self.part == 0 else None
        meant = self._entry_of(known) if known else None
        if source:
            head.outlet = self.named(source.line, source.a, source.b)
            if stated and not _same(stated.entry, source.entry):
                head.republisher = self.named(stated.line, stated.a, stated.b)
            elif known and not _same(meant, source.entry) and fold(known) != fold(head.outlet.name):
                head.republisher = Named(name=known)
        elif stated:
            head.outlet = self.named(stated.line, stated.a, stated.b)
            if known and not _same(meant, stated.entry) and fold(known) != fold(head.outlet.name):
                head.republisher = Named(name=known)
        elif known:
            place = self._mention(known, meant)
            head.outlet = self.named(place.line, place.a, place.b) if place else Named(name=known)
        else:
            place = self._around() or self._self_named()
            if place:
                head.outlet = self.named(place.line, place.a, place.b)
            elif self.page.url and (entry := self._by_domain(self.page.url)):
                head.outlet = Named(name=entry.row["forms"].split("|")[0])

    def _source(self) -> Candidate | None:
        for line in self.lines:
            if "source" in line.groups:
                a, b = line.groups["source"]
                form = line.block.form[a:b].rstrip(" .")
                entry = self._entry_within(form)
                if (
                    (entry is None or entry.get("kind") == "outlet")
                    and len(_WORD.findall(form)) <= 5
                    and not form.startswith(("وكالات", "http", "www"))
                ):
                    return self._in_form(line, a, b) or Candidate(entry, line, a, a + len(form))
        return None

    def _stated(self) -> Candidate | None:
        """The outlet in a line of attribution at the head, Arabic before Latin spelling; else in the dateline; else in a signature at the foot."""
        found = [
            Candidate(n.entry, x, n.a, n.b)
            for x in self._head_lines()
            if x.drop == "other" and not x.rule
            for n in x.named
            if n.entry and n.entry.get("kind") == "outlet"
        ]
        if found:
            return min(found, key=lambda c: not _ARABIC.search(c.line.block.form[c.a : c.b]))
        if self.first and (m := self._dateline_match(self.first)) and m.groupdict().get("outlet"):
            place = self._in_form(self.first, *m.span("outlet"))
            if place:
                return place
        for line in reversed(self.lines[self.body :]):
            if line.drop != "other" or line.rule:
                if not line.drop:
                    break
                continue
            for n in line.named:
                if n.entry and n.entry.get("kind") == "outlet":
                    return Candidate(n.entry, line, n.a, n.b)
        return None

    def _in_form(self, line: Line, a: int, b: int) -> Candidate | None:
        """The first outlet named in part of a line."""
        words = list(_WORD.finditer(line.block.form, a, b))
        for i in range(len(words)):
            for k in range(min(len(words), i + 5), i, -1):
                entry = self.kit.media.get(tuple(w.group() for w in words[i:k]))
                if entry and entry.get("kind") == "outlet":
                    return Candidate(entry, line, words[i].start(), words[k - 1].end())
        return None

    def _entry_of(self, name: str) -> Entry | None:
        return self.kit.entry(fold(name))

    def _mention(self, name: str, entry: Entry | None) -> Candidate | None:
        """Where the article names the outlet that metadata tells: as a dateline, in quotation marks or as one that was told something; else, for a name that
        is no common word, its first place."""
        same = [e for e in self.kit.media.values() if _same(e, entry)]
        forms = sorted({fold(name), *(f for e in same for f in e.forms)}, key=len, reverse=True)
        pattern = re.compile(r"(?<!\w)(?:[وف]?[بكل]?)(?P<name>" + "|".join(map(re.escape, forms)) + r")(?!\w)")
        plain = entry is not None and entry.get("ambiguous") != "yes"
        first: Candidate | None = None
        for line in self.lines:
            if line.drop:
                continue
            for m in pattern.finditer(line.block.form):
                a, b = m.span("name")
                place = Candidate(entry, line, a, b)
                before = line.block.form[max(0, a - 24) : a]
                quoted = before.endswith(('"', "'", "(", "[")) and line.block.form[b : b + 1] in ('"', "'", ")", "]")
                told = any(r.regex.search(before) for r in self.kit.parts.get("told", ()))
                if quoted or told or (line is self.first and m.start() == 0):
                    return place
                first = first or place
        return first if plain else None

    def _around(self) -> Candidate | None:
        """An outlet named in what was dropped around the article: a call to use its app, a line of rights."""
        for line in self.lines:
            if line.drop in ("share", "other") and line.rule:
                place = self._in_form(line, 0, len(line.block.form))
                if place:
                    return place
        return None

    def _self_named(self) -> Candidate | None:
        """An outlet in quotation marks that somebody of the article speaks to: one speaks to whoever prints it."""
        for line in self.lines:
            if line.drop:
                continue
            for rule in self.kit.parts.get("self", ()):
                for m in rule.regex.finditer(line.block.form):
                    entry = self.kit.entry(m.group("outlet"))
                    if entry and entry.get("kind") == "outlet":
                        return Candidate(entry, line, *m.span("outlet"))
        return None

    def _by_domain(self, url: str) -> Entry | None:
        host = re.sub(r"^\w+://", "", url).split("/")[0].lower()
        for entry in self.kit.media.values():
            domain = entry.get("domain")
            if domain and (host == domain or host.endswith("." + domain)):
                return entry
        return None

    # -- day

    def _published(self) -> Published | None:
        known = self.page.published if self.part == 0 else None
        best: tuple[tuple[int, bool, bool], Line, Stamp] | None = None
        for i, line in enumerate(self.lines):
            if line.stamps and line.rest <= _STAMP_REST and line.drop not in (None, "related", "tags", "comments"):
                for stamp in line.stamps:
                    score = self._weight(line, stamp), i < self.body, not stamp.hijri
                    if best is None or score > best[0]:
                        best = (score, line, stamp)
        if best:
            return self._stated_day(best[1], best[2], known)
        if dated := self._dated_line():
            return self._stated_day(dated[1], dated[0], known)
        if known:
            return Published(date=known, basis="metadata")
        return self._inferred()

    def _weight(self, line: Line, stamp: Stamp) -> int:
        before = line.block.form[: stamp.a]
        words = self.kit.label_words
        updated = before.rfind("تحديث") >= 0 or any(w in before for w in words["updated"])
        published = any(w in before for w in words["published"])
        return 2 if published and not updated else 0 if updated else 1

    def _stated_day(self, line: Line, stamp: Stamp, known: str | None) -> Published:
        day = stamp.other if known and stamp.other == known else stamp.day
        s = self.span(line, stamp.a, stamp.b)
        return Published(date=day, basis="stated", start=s.start, end=s.end, text=s.text)

    def _dated_line(self) -> tuple[Stamp, Line, int] | None:
        """A stamp inside the dateline of the first paragraph, and where the dateline ends."""
        if not self.first:
            return None
        form = self.first.block.form[:_DATELINE]
        for stamp in find_stamps(form, self.kit.parts.get("stamp", ()), self.kit.tools):
            end = _DATELINE_END.match(form, stamp.b)
            if end and len(_WORD.findall(form[: stamp.a])) <= 4:
                return stamp, self.first, end.start("end")
        return None

    def _inferred(self) -> Published | None:
        for line in self.lines:
            if line.drop:
                continue
            for rule in self.kit.parts.get("inferred", ()):
                for m in rule.regex.finditer(line.block.form):
                    for stamp in find_stamps(m.group(), self.kit.parts.get("stamp", ()), self.kit.tools):
                        s = self.span(line, m.start() + stamp.a, m.start() + stamp.b)
                        return Published(date=stamp.day, basis="inferred", start=s.start, end=s.end, text=s.text)
        return None
