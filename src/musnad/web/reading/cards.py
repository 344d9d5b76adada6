"""The cards beside a report's text, grouped by layer. Written by hand rather than by a template: a long report has hundreds, and people wait for them.

Everything that comes from pages or people goes through `iso` or `escape` here; what doesn't is the catalogue's, ids' or numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from markupsafe import Markup, escape

from musnad.export.cards import links
from musnad.record.kinds import Commitment, Deadline, Entity, Event, Figure, Found, Link, Mention, Office, Party, Statement, Time
from musnad.record.span import Span
from musnad.store.filters import Row
from musnad.web.exploring.choices import country_name, quad, unit_name, words_for
from musnad.web.reading.sheet import Rejected, Sheet
from musnad.web.wording import Words, harmless

_OFFICES = 3
"""Offices of one person that are shown; the actor's page has all."""


def cards_html(sheet: Sheet, words: Words, may_correct: bool) -> Markup:
    """All cards of a report: a `details` a group, an `li` with `data-id` an item. Words that stand in the text carry their place in `data-from` and `data-to`."""
    return Markup(_Cards(sheet, words, may_correct).all())


def iso(text: str) -> str:
    return f'<bdi dir="auto">{escape(harmless(text))}</bdi>' if text else ""


def isnad(words: Words, s: Statement) -> str:
    """A chain as a sentence, for those who hear the page: who said it, through whom, in which paper."""
    parts = []
    for n, link in enumerate(links(s)):
        key = "report.isnad_in" if link.link in ("outlet", "republisher") else "report.isnad_through"
        name = harmless(" ".join(link.name.split()))
        parts.append(name if n == 0 else words(key, name=name))
    return words("report.isnad_comma").join(parts) or words("report.unnamed")


def _place(x: Span | Party | Link | Deadline | Office | Figure | Time | Rejected) -> str:
    return "" if x.start is None else f' data-from="{x.start}" data-to="{x.end}"'


def _rows(rows: Iterable[tuple[str, str, str]]) -> str:
    """A list of terms: name, what it is, attributes of that; without those that are nothing."""
    made = "".join(f"<dt>{name}</dt><dd{attributes}>{value}</dd>" for name, value, attributes in rows if value)
    return f"<dl>{made}</dl>" if made else ""


def _lead(*parts: str) -> str:
    return f'<p class="lead">{" ".join(p for p in parts if p)}</p>'


class _Cards:
    def __init__(self, sheet: Sheet, words: Words, may_correct: bool) -> None:
        self.sheet, self.words = sheet, words
        self.known: dict[str, str] = {}
        self.history = self.t("report.correct" if may_correct else "report.history")
        self.comma = self.t("report.comma") + " "
        self.texts = {x.id: x.text for x in sheet.line.figures}
        self.statements = {s.id: s for s in sheet.line.statements}
        self.names = {e.id: e.name for e in sheet.line.entities}

    def t(self, key: str) -> str:
        """The catalogue's words, escaped once."""
        if key not in self.known:
            self.known[key] = str(escape(self.words(key)))
        return self.known[key]

    def said(self, key: str, **values: object) -> str:
        return str(escape(self.words(key, **values)))

    def label(self, code: str, table: str) -> str:
        return str(escape(self.words.label(code, table)))

    def all(self) -> str:
        make: dict[type[Found], tuple[str, Callable[[Any], str]]] = {
            Statement: ("statements", self.statement),
            Event: ("events", self.event),
            Commitment: ("commitments", self.commitment),
            Entity: ("entities", self.entity),
            Mention: ("mentions", self.mention),
            Figure: ("figures", self.figure),
            Time: ("times", self.time),
        }
        groups = self.sheet.groups
        if not groups:
            return f'<div class="empty"><p>{self.t("report.nothing_found")}</p></div>{self.rejected()}'
        jumps = "".join(
            f'<a href="#g-{key}">{self.t("report.group_" + key)} <span class="n">{len(items)}</span></a>' for key, items in groups
        )
        out = [f'<nav class="jump" aria-label="{self.t("report.cards")}">{jumps}</nav>']
        for key, items in groups:
            inside = []
            for x in items:
                layer, made = make[type(x)]
                inside += [made(x), self.foot(x, layer), "</li>\n"]
            out.append(self.group(key, self.label(key, "SECTIONS"), len(items), "".join(inside), " open"))
        return "\n".join([*out, self.rejected()])

    def group(self, key: str, name: str, n: int, inside: str, state: str = "") -> str:
        head = f'<summary><h2>{name}</h2> <span class="soft n">{n}</span></summary>'
        return f'<details class="group g-{key}" id="g-{key}"{state}>{head}<ul class="entries">\n{inside}</ul></details>'

    def open(self, x: Found, kind: str, more: str = "") -> str:
        return f'<li class="entry e-{kind} {more}" id="i-{escape(x.id)}" data-id="{escape(x.id)}">'

    def foot(self, x: Found, layer: str) -> str:
        sure = "low" if x.confidence < 0.5 else "mid" if x.confidence < 0.8 else "high"
        why = f"<p>{self.t('report.because')} {iso(x.why)}</p>" if x.why else ""
        percent = self.said("report.percent", n=round(100 * x.confidence))
        return (
            f'<footer><details class="why"><summary><span class="sure" data-sure="{sure}">{percent}</span> {self.t("report.why")}</summary>'
            f'<p>{self.t("report.found_by")} <code dir="ltr">{iso(x.found_by)}</code></p>{why}</details>'
            f'<a class="soft" href="{self.review(layer, x.id)}">{self.history}</a></footer>'
        )

    def review(self, layer: str, id: str) -> str:
        return f"/review/item/{escape(layer)}/{escape(id)}?report={escape(self.sheet.line.report.id)}"

    def shown(self, span: Span | Figure | Time, kind: str = "naskh") -> str:
        """Words of the text as a button that shows where they stand."""
        hint = self.t("report.in_text")
        return f'<button type="button" class="words {kind}" lang="ar" dir="auto"{_place(span)} title="{hint}"><span>{escape(harmless(span.text))}</span></button>'

    def named(self, id: str | None, name: str) -> str:
        """A name that leads to its actor, where the record knows one."""
        actor = self.sheet.actors.get(id or "")
        return f'<a href="/actors/{escape(actor)}">{iso(name)}</a>' if actor else iso(name)

    def party(self, p: Party) -> str:
        code = " ".join(x for x in (p.country, p.sector) if x)
        tail = f' <small class="code" dir="ltr">{escape(code)}</small>' if code else ""
        return f'<span class="party"{_place(p)}>{self.named(p.entity, p.text)}{tail}</span>'

    def parties(self, parties: Sequence[Party]) -> str:
        return self.comma.join(map(self.party, parties))

    def chip(self, code: str, table: str, kind: str) -> str:
        return f'<span class="chip {kind}-{escape(code)}">{self.label(code, table)}</span>'

    def checked(self, x: Found) -> str:
        """What people did to an item, the last of each kind."""
        judged = self.sheet.checked.get(x.id)
        last: dict[str, Row] = {j["verdict"]: j for j in judged} if judged else {}
        return "".join(
            f'<span class="chip seen {verdict}" title="{escape(j["at"][:10])}">{self.said("report.verdict_" + verdict, who=harmless(j["by"]))}</span>'
            for verdict, j in last.items()
            if verdict != "reject"
        )

    def told_by(self, id: str | None) -> tuple[str, str, str]:
        s = self.statements.get(id or "")
        if s is None:
            return "", "", ""
        who = iso(s.speaker.text) if s.speaker else self.t("report.unnamed")
        return self.t("report.told_by"), f'<a href="#i-{escape(s.id)}" data-go="{escape(s.id)}">{who}</a>', ""

    def statement(self, s: Statement) -> str:
        steps = "".join(map(self.link, links(s)))
        steps = steps or f'<li class="link-speaker"><span class="who soft">{self.t("report.unnamed")}</span></li>'
        direct = " direct" if s.kind == "direct" else ""
        kind = f'<span class="soft small">{self.t("report." + s.kind)}</span>'
        return (
            self.open(s, "statements")
            + _lead(self.shown(s.cue, "cue"), self.chip(s.act, "ACTS", "act"), kind, self.checked(s))
            + f'<ol class="isnad" aria-label="{escape(isnad(self.words, s))}">{steps}</ol>'
            + "".join(self.shown(c, f"naskh quote{direct}") for c in s.content)
        )

    def link(self, k: Link) -> str:
        beside = ""
        if k.start is None:
            beside = f'<small class="soft"> · {self.t("report.not_in_text")}</small>'
        elif k.text and k.text != k.name:
            beside = f' <span class="said-as" lang="ar">{iso(k.text)}</span>'
        name = self.named(k.entity, k.name)
        if k.start is not None and not name.startswith("<a"):  # who leads nowhere else leads to his words, for the keyboard, too
            name = f'<button type="button" class="words">{name}</button>'
        who = f'<span class="who">{name}</span>'
        return f'<li class="link-{k.link}"{_place(k)}>{who} <small>{self.label(k.link, "LINKS")}</small>{beside}</li>'

    def event(self, v: Event) -> str:
        lang, colour = self.words.lang, quad(v.type)
        code = escape(v.type + (f"/{v.mode}" if v.mode else ""))
        chips = [f'<span class="chip quad">{escape(words_for(lang, "quad", colour))}</span>', self.chip(v.status, "STATUSES", "st")]
        chips += [f'<span class="chip">{escape(words_for(lang, "mode", v.mode))}</span>'] if v.mode else []
        chips += [f'<span class="chip">{escape(words_for(lang, "context", x))}</span>' for x in v.contexts]
        counted = [f'<a href="#i-{escape(f)}" data-go="{escape(f)}">{iso(self.texts[f])}</a>' for f in v.figures if f in self.texts]
        rows = [
            (self.label("place", "ROLES"), self.party(v.place) if v.place else "", ""),
            (self.label("when", "ROLES"), self.words.days(v.from_, v.to), ""),
            (self.t("report.figures"), self.comma.join(counted), ""),
            self.told_by(v.statement),
            (self.t("report.claimed_by"), self.comma.join(self.named(e, self.names[e]) for e in v.claimed_by if e in self.names), ""),
            (self.t("report.operation"), iso(v.operation or ""), ""),
        ]
        return (
            self.open(v, "events", colour)
            + _lead(
                self.shown(v.trigger, "trigger"),
                f"<b>{self.label(v.type, 'EVENT_TYPES')}</b>",
                f'<code class="soft" dir="ltr">{code}</code>',
            )
            + f'<p class="chips">{" ".join(chips)} {self.checked(v)}</p>{self.deal(v)}{_rows(rows)}{self.happening(v.id)}'
        )

    def deal(self, v: Event) -> str:
        if not (v.actors or v.recipients):
            return ""
        arrow = "←" if self.words.dir == "rtl" else "→"
        to = f' <span class="to" aria-hidden="true">{arrow}</span><span class="unseen">{self.t("report.to_whom")}</span> '
        whom = to + self.parties(v.recipients) if v.recipients else ""
        return f'<p class="deal">{self.parties(v.actors) or self.t("report.somebody")}{whom}</p>'

    def happening(self, id: str) -> str:
        told = self.sheet.happenings.get(id)
        if told is None:
            return ""
        once = told["tellings"] < 2
        name = self.t("report.told_once") if once else self.said("report.tellings", n=told["tellings"], m=told["independent"])
        return f'<p class="small"><a href="/events/{escape(told["id"])}">{name}</a>{self.contested(told["contested"])}</p>'

    def contested(self, what: Iterable[str]) -> str:
        return "".join(f' <span class="chip contested">{escape(words_for(self.words.lang, "contested", x))}</span>' for x in what)

    def commitment(self, k: Commitment) -> str:
        matter = self.sheet.matters.get(k.id)
        follow = ""
        if matter:
            n = len(matter["steps"])
            name = self.said("report.steps", n=n) if n > 1 else self.t("report.follow")
            follow = f'<p class="small"><a href="/commitments/{escape(matter["id"])}">{name}</a> {self.chip(matter["state"], "STANCES", "sta")}</p>'
        due = k.deadline
        days = self.words.days(due.from_, due.to) if due else ""
        rows = [
            (self.label("by", "ROLES"), self.parties(k.by), ""),
            (self.label("to", "ROLES"), self.parties(k.to), ""),
            (
                self.label("deadline", "ROLES"),
                " = ".join(x for x in (iso(due.text or ""), days) if x) if due else "",
                _place(due) if due else "",
            ),
            (self.t("report.condition"), iso(k.condition.text) if k.condition else "", _place(k.condition) if k.condition else ""),
            self.told_by(k.statement),
        ]
        head = _lead(self.chip(k.stance, "STANCES", "sta"), self.checked(k))
        return self.open(k, "commitments") + head + self.shown(k.action, "naskh quote") + _rows(rows) + follow

    def entity(self, e: Entity) -> str:
        english = f'<span class="soft latin" lang="en">{iso(e.name_en)}</span>' if e.name_en not in ("", e.name) else ""
        n = self.sheet.counts[e.id]
        times = f'<span class="soft small">{self.said("report.times", n=n)}</span>' if n > 1 else ""
        facts = [self.label(e.type, "ENTITY_TYPES")]
        if e.country:
            facts.append(str(escape(country_name(e.country, self.words.lang))))
        if e.sectors:
            facts.append(f'<span class="code" dir="ltr">{escape(" ".join(e.sectors))}</span>')
        if e.place:
            facts.append(f'<bdi dir="ltr">{e.place.lat:.2f}, {e.place.lon:.2f}</bdi>')
        facts += [f'<span class="party"{_place(o)}>{iso(o.title)}</span>' for o in e.offices[:_OFFICES]]
        head = _lead(f"<b>{self.named(e.id, e.name)}</b>", english, times, self.checked(e))
        return f'{self.open(e, "names", e.type)}{head}<p class="soft small">{" · ".join(facts)}</p>'

    def mention(self, m: Mention) -> str:
        head = _lead(f"<b>{iso(m.text)}</b>", self.checked(m))
        return f'{self.open(m, "names", m.type)}{head}<p class="soft small">{self.label(m.type, "ENTITY_TYPES")}</p>'

    def figure(self, f: Figure) -> str:
        bound = self.label(f.bound, "BOUNDS") + " " if f.bound != "exact" else ""
        amount = self.words.number(f.low) + (f" – {self.words.number(f.high)}" if f.low != f.high else "")
        value = f'<span>{bound}<b><bdi dir="ltr">{amount}</bdi></b> {iso(unit_name(f.unit, self.words.lang))}</span>'
        line = self.sheet.ledger.get(f.id)
        ledger = ""
        if line:
            doubt = self.contested(["figures"] if line["contested"] else [])
            ledger = f'<p class="small"><a href="/claims/{escape(line["id"])}">{self.said("report.ledger", n=line["count"])}</a>{doubt}</p>'
        return (
            self.open(f, "figures")
            + _lead(self.shown(f), '<span class="equals" aria-hidden="true">=</span>', value, self.checked(f))
            + ledger
        )

    def time(self, x: Time) -> str:
        days = self.words.days(x.from_, x.to) or f'<span class="soft">{self.t("report.unresolved")}</span>'
        return self.open(x, "times") + _lead(self.shown(x), '<span class="equals" aria-hidden="true">=</span>', days, self.checked(x))

    def rejected(self) -> str:
        """What people took out, folded: it stays where it can be seen and taken back."""
        gone = self.sheet.rejected
        return self.group("rejected", self.t("report.rejected"), len(gone), "".join(map(self.taken_out, gone))) if gone else ""

    def taken_out(self, x: Rejected) -> str:
        words = Span(start=x.start, end=x.end, text=x.text) if x.start is not None and x.end is not None else None
        said = [
            self.said("report.verdict_reject", who=harmless(x.judgement["by"])),
            self.words.day(x.judgement["at"]),
            iso(x.judgement["why"] or ""),
        ]
        said.append(f'<a href="{self.review(x.layer, x.id)}">{self.t("report.history")}</a>')
        return (
            f'<li class="entry e-rejected" id="i-{escape(x.id)}" data-id="{escape(x.id)}">'
            + _lead(f"<s>{self.shown(words) if words else iso(x.text)}</s>", f'<span class="chip">{self.label(x.layer, "SECTIONS")}</span>')
            + f'<p class="small soft">{" · ".join(s for s in said if s)}</p></li>\n'
        )
