"""The cards beside a report: one for each record, in the order of reading."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from musnad.export.labels import ACTS, BOUNDS, ENTITY_TYPES, EVENT_TYPES, LINKS, ROLES, SECTIONS, STANCES, STATUSES, Label
from musnad.record.kinds import Commitment, Entity, Event, Figure, Found, Line, Link, Mention, Party, Statement, Time

LAYERS_SHOWN: tuple[tuple[str, Label], ...] = (
    ("PER", ("أشخاص", "people")),
    ("ORG", ("جهات", "organisations")),
    ("LOC", ("أماكن", "places")),
    ("NORP", ("نِسب وجماعات", "groups")),
    ("c", ("أقوال", "statements")),
    ("v", ("أحداث", "events")),
    ("k", ("تعهدات", "commitments")),
    ("f", ("أرقام", "figures")),
    ("t", ("أزمنة", "times")),
)
"""What the legend can switch on and off: CSS class and label."""


def both(label: Label) -> str:
    """A label in both tongues; the page shows one."""
    return f'<span class="ar">{escape(label[0])}</span><span class="en" lang="en" dir="ltr">{escape(label[1])}</span>'


def bdi(text: str) -> str:
    """Text of the page, isolated from the direction of what is around it."""
    return f"<bdi>{escape(text)}</bdi>"


def days(start: str | None, end: str | None) -> str:
    """A range of days, left to right; empty where neither end is known."""
    if not start and not end:
        return ""
    shown = start if start == end else f"{start or '…'} – {end or '…'}"
    return f'<time dir="ltr">{escape(shown or "")}</time>'


def sections(line: Line) -> Iterator[tuple[str, Sequence[Found]]]:
    """What stands on cards, grouped as people look for it: a key of labels.SECTIONS and its records. Entities come by how often they are named, with
    the names that belong to none behind them; groups without records are left out."""
    counts = Counter(m.entity for m in line.mentions)
    linked = {e.id for e in line.entities}
    alone = [m for m in line.mentions if m.entity not in linked and m.form == "name"]
    groups: tuple[tuple[str, Sequence[Found]], ...] = (
        ("statements", line.statements),
        ("events", line.events),
        ("commitments", line.commitments),
        ("entities", [*sorted(line.entities, key=lambda e: -counts[e.id]), *alone]),
        ("figures", line.figures),
        ("times", line.times),
    )
    return ((key, records) for key, records in groups if records)


def links(s: Statement) -> Sequence[Link]:
    """The chain of a statement; its speaker alone where it has none, nothing where nobody is named."""
    if s.chain or s.speaker is None:
        return s.chain
    p = s.speaker
    return (Link(link="speaker", name=p.text, start=p.start, end=p.end, text=p.text, entity=p.entity),)


def cards(line: Line) -> Iterator[str]:
    """The sections of cards of a report."""
    counts = Counter(m.entity for m in line.mentions)
    for key, records in sections(line):
        made = "".join(_made(record, counts) for record in records)
        yield f'<details open class="sec sec-{key}"><summary>{both(SECTIONS[key])} <span class="n">{len(records)}</span></summary>{made}</details>'


def _made(record: Found, counts: Counter[str | None]) -> str:
    match record:
        case Statement():
            return _statement(record)
        case Event():
            return _event(record)
        case Commitment():
            return _commitment(record)
        case Entity():
            return _entity(record, counts[record.id])
        case Mention():
            return _name(record)
        case Figure():
            return _figure(record)
        case Time():
            return _time(record)
    raise TypeError(type(record).__name__)


def _card(record: Found, kind: str, head: str, body: str = "", id: str | None = None) -> str:
    why = f" — {bdi(record.why)}" if record.why else ""
    return (
        f'<div class="card {kind}" tabindex="0" role="button" data-r="{escape(id or record.id)}"><div class="head">{head}</div>{body}'
        f'<div class="by" dir="ltr"><code>{escape(record.found_by)}</code> {record.confidence:.2f}{why}</div></div>'
    )


def _chip(label: Label, kind: str = "") -> str:
    return f'<span class="chip {kind}">{both(label)}</span>'


def _roles(rows: Iterable[tuple[str, str]]) -> str:
    made = "".join(f"<dt>{both(ROLES[key])}</dt><dd>{value}</dd>" for key, value in rows if value)
    return f"<dl>{made}</dl>" if made else ""


def _parties(parties: Sequence[Party]) -> str:
    return "<span class='sep'>، </span>".join(bdi(p.text) for p in parties)


def _statement(s: Statement) -> str:
    unnamed = f'<li class="l-speaker"><span class="who">{both(("قائل غير مسمى", "unnamed"))}</span></li>'
    steps = "".join(
        f'<li class="l-{k.link}"><span class="who">{bdi(k.name)}</span><small>{both(LINKS[k.link])}</small></li>' for k in links(s)
    )
    said = " … ".join(escape(" ".join(c.text.split())) for c in s.content)
    quote = f'<blockquote class="{s.kind}" dir="auto">{said}</blockquote>' if said else ""
    direct = ("نصاً", "verbatim") if s.kind == "direct" else ("بالمعنى", "reported")
    return _card(
        s, "c-s", f"{_chip(ACTS[s.act], 'act-' + s.act)}<small>{both(direct)}</small>", f'<ol class="chain">{steps or unnamed}</ol>{quote}'
    )


def _event(v: Event) -> str:
    code = v.type + (f" / {v.mode}" if v.mode else "")
    head = f'<b>{both(EVENT_TYPES[v.type])}</b> <code dir="ltr">{escape(code)}</code>{_chip(STATUSES[v.status], "st-" + v.status)}'
    rows = [
        ("actor", _parties(v.actors)),
        ("recipient", _parties(v.recipients)),
        ("place", bdi(v.place.text) if v.place else ""),
        ("when", days(v.from_, v.to)),
    ]
    return _card(v, "c-v", head, f'<p class="trigger">{bdi(v.trigger.text)}</p>{_roles(rows)}')


def _commitment(c: Commitment) -> str:
    due = ""
    if c.deadline:
        resolved = days(c.deadline.from_, c.deadline.to)
        due = (bdi(c.deadline.text) + (" = " if resolved else "") if c.deadline.text else "") + resolved
    rows = [("by", _parties(c.by)), ("to", _parties(c.to)), ("deadline", due)]
    return _card(
        c, "c-k", _chip(STANCES[c.stance], "sta-" + c.stance), f'<p class="action">{bdi(" ".join(c.action.text.split()))}</p>{_roles(rows)}'
    )


def _entity(e: Entity, count: int) -> str:
    english = f' <span class="latin" dir="ltr">{escape(e.name_en)}</span>' if e.name_en not in ("", e.name) else ""
    times = f'<small class="times">×{count}</small>' if count > 1 else ""
    facts = [both(ENTITY_TYPES[e.type])]
    if e.country:
        facts.append(f'<span dir="ltr">{escape(" ".join([e.country, *e.sectors]))}</span>')
    if e.place:
        facts.append(f'<span dir="ltr">{e.place.lat:.2f}, {e.place.lon:.2f}</span>')
    facts += [bdi(title) for title in dict.fromkeys(o.title for o in e.offices)]
    body = f'<p class="of">{" · ".join(facts)}</p>'
    return _card(e, f"c-e e-{e.type}", f"<b>{bdi(e.name)}</b>{english}{times}", body)


def _name(m: Mention) -> str:
    return _card(m, f"c-e e-{m.type}", f"<b>{bdi(m.text)}</b>", f'<p class="of">{both(ENTITY_TYPES[m.type])}</p>')


def _figure(f: Figure) -> str:
    amount = f"{f.low:,.12g}" if f.low == f.high else f"{f.low:,.12g} – {f.high:,.12g}"
    bound = f"<small>{both(BOUNDS[f.bound])}</small> " if f.bound != "exact" else ""
    return _card(f, "c-f", f'{bdi(f.text)} <span class="eq">=</span> {bound}<span dir="ltr"><b>{amount}</b> {escape(f.unit or "")}</span>')


def _time(t: Time) -> str:
    resolved = days(t.from_, t.to) or both(("غير محسوم", "unresolved"))
    return _card(t, "c-t", f'{bdi(t.text)} <span class="eq">=</span> {resolved}')
