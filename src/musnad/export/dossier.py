"""A dossier: what the record holds about an actor or a span of time, as one self-contained HTML page that prints well.

Timeline, map, statements with their chains, commitments, contested figures; every line with its source. Nothing is loaded, no script runs, all
text is escaped. Borders: Natural Earth, 1:110m, public domain.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from musnad.export.coded import geojson
from musnad.record.errors import StoreError
from musnad.store import queries
from musnad.store.queries import Filter
from musnad.store.store import Store, now

Row = dict[str, Any]
_TEMPLATE = Path(__file__).parent / "template"
_MOST = 300
"""Rows of a section; what is left out is counted."""

_STATES = {
    "pledged": "تعهّد قائم", "reaffirmed": "مؤكَّد", "extended": "ممدَّد", "denied": "منفيّ", "fulfilled": "منجَز", "withdrawn": "مسحوب", "overdue": "فات موعده",
}  # fmt: skip
_ACTS = {
    "say": "قال", "confirm": "أكد", "deny": "نفى", "promise": "تعهد", "demand": "طالب", "warn": "حذر", "accuse": "اتهم", "praise": "أشاد", "announce": "أعلن", "explain": "أوضح",
}  # fmt: skip
_CONTESTED = {"days": "الأيام", "place": "المكان", "status": "الوقوع", "figures": "الأرقام"}


def dossier(store: Store, wanted: Filter, on: str | None = None) -> str:
    """The page. `on` is the day against which deadlines are held. Raises StoreError where the actor isn't in the record."""
    who: Row | None = None
    if wanted.actor:
        with store.reading() as c:
            ids = queries.actor_ids(c, wanted.actor)
        found = [a for i in ids[:50] if (a := queries.actor(store, i))]
        if not found:
            raise StoreError(f"nobody in the record is called {wanted.actor}; try `musnad actors {wanted.actor}`")
        who = max(found, key=lambda a: int(a["reports"]))
        wanted = replace(wanted, actor=who["id"])
    every = replace(wanted, limit=_MOST)
    name = who["name"] if who else "السجل كله"
    events = queries.events(store, every)[::-1]
    pledges = queries.commitments(store, replace(every, actor=who["name"] if who else None, since=None, until=None), on)
    parts = [
        f"<h1>{_bdi(name)}</h1>",
        f'<p class="sub">{_about(who)} {_period(wanted)} أُعدّ في <bdi>{now()[:10]}</bdi></p>',
        _section("الوقائع يومًا بيوم", _timeline(store, events), len(events)),
        _section("الخريطة", _map(geojson(store, wanted)["features"]), 0),
        _section("التصريحات وأسانيدها", _statements(queries.statements(store, every)), 0),
        _section("التعهدات", _commitments(store, pledges), len(pledges)),
        _section("أرقام متعارضة", _claims(queries.claims(store, replace(every, status="contested"))), 0),
    ]
    style = (_TEMPLATE / "dossier.css").read_text(encoding="utf-8")
    return (
        '<!DOCTYPE html>\n<html lang="ar" dir="rtl">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>ملف: {escape(name)}</title>\n<style>{style}</style>\n</head>\n<body>\n" + "\n".join(filter(None, parts)) + "\n"
        '<p class="sub">مُسنَد: سجل آلي من تقارير منشورة، لكل سطر شاهده ومصدره. يُراجَع قبل الاستشهاد به.</p>\n</body>\n</html>\n'
    )


def _bdi(text: Any) -> str:
    return f"<bdi>{escape(str(text))}</bdi>"


def _marked(sentence: str, words: str) -> str:
    """A sentence with the words that prove the line in bold, cut around them where it is long."""
    at = max(0, sentence.find(words))
    start, end = max(0, at - 140), min(len(sentence), at + len(words) + 140)
    before, after = ("… " if start else "") + sentence[start:at], sentence[at + len(words) : end] + (" …" if end < len(sentence) else "")
    return f"<bdi>{escape(before)}<mark>{escape(words)}</mark>{escape(after)}</bdi>"


def _about(who: Row | None) -> str:
    if who is None:
        return ""
    return " · ".join(
        filter(
            None,
            [
                _bdi(who["name_en"]) if who["name_en"] else "",
                _bdi(who["country"]) if who["country"] else "",
                f"ورد في {who['reports']} من التقارير",
                "يُكتب أيضًا: " + "، ".join(_bdi(a) for a in who["aliases"] if a != who["name"]) if len(who["aliases"]) > 1 else "",
            ],
        )
    )


def _period(wanted: Filter) -> str:
    return f"<br>من {_bdi(wanted.since or '…')} إلى {_bdi(wanted.until or '…')}." if wanted.since or wanted.until else "<br>"


def _section(title: str, body: str, count: int) -> str:
    left = f'<p class="sub">عُرض أول {_MOST}.</p>' if count >= _MOST else ""
    return f"<section><h2>{title}</h2>{body}{left}</section>" if body else ""


def _where(row: Row) -> str:
    """The source of a row: outlet, day, title, offsets."""
    bits = [row.get("outlet"), row.get("published"), row.get("title"), row.get("key") if not row.get("title") else None]
    place = f" [{row['start']}–{row['end']}]" if row.get("start") is not None else ""
    return f'<span class="where">{" · ".join(_bdi(b) for b in bits if b)}{place}</span>'


def _timeline(store: Store, events: Sequence[Row]) -> str:
    items = []
    for e in events:
        told = queries.tellings(store, e["id"])
        sides = " ← ".join(filter(None, ("، ".join(_bdi(p["name"]) for p in e[role]) for role in ("actors", "recipients"))))
        notes = [f"مصادر مستقلة: {e['independent']}"]
        if e["contested"]:
            notes.append(f'<span class="warn">يُختلف في: {"، ".join(_CONTESTED[c] for c in e["contested"])}</span>')
        if e["denied_by"]:
            notes.append(f'<span class="warn">نفي: {"، ".join(_bdi(o) for o in e["denied_by"])}</span>')
        day = (
            _bdi(e["from"] if e["from"] == e["to"] or not e["to"] else f"{e['from']} – {e['to']}")
            if e["from"]
            else f"<small>نُشر {_bdi(e['day'] or '؟')}</small>"
        )
        evidence = "".join(f"<li>{_marked(t['sentence'], t['text'])} {_where(t)}</li>" for t in told[:8])
        kind = e["type"] + (f" · {e['mode']}" if e["mode"] else "")
        items.append(
            f'<li{" class=contested" if e["contested"] else ""}><b>{day}</b> <span class="type">{escape(kind)}</span> {sides}'
            f"{' في ' + _bdi(e['place']) if e['place'] else ''}<br><small>{' · '.join(notes)}</small><ul>{evidence}</ul></li>"
        )
    return f'<ol class="days">{"".join(items)}</ol>' if items else ""


@cache
def _borders() -> str:
    return (_TEMPLATE / "borders.path").read_text(encoding="ascii")


def _map(features: Sequence[Row]) -> str:
    """An SVG map in plate carrée around the places, a circle a place, its area by the number of happenings."""
    places: dict[tuple[float, float], list[str]] = {}
    for f in features:
        lon, lat = f["geometry"]["coordinates"]
        places.setdefault((lon, lat), []).append(f["properties"]["place"] or "")
    if not places:
        return ""
    lons, lats = [p[0] for p in places], [p[1] for p in places]
    width, height = max(16.0, (max(lons) - min(lons)) * 1.25), max(8.0, (max(lats) - min(lats)) * 1.25)
    width, height = max(width, height * 2), max(height, width / 2)
    left, top = (max(lons) + min(lons)) / 2 - width / 2, -(max(lats) + min(lats)) / 2 - height / 2
    dots = "".join(
        f'<g><circle cx="{lon:.3f}" cy="{-lat:.3f}" r="{width / 130 * len(names) ** 0.5:.3f}"><title>{escape(names[0])}: {len(names)}</title></circle>'
        f'<text x="{lon:.3f}" y="{-lat - width / 80:.3f}" font-size="{width / 55:.3f}" text-anchor="middle">{escape(names[0])}</text></g>'
        for (lon, lat), names in sorted(places.items(), key=lambda x: -len(x[1]))[:60]
    )
    return (
        f'<svg class="map" viewBox="{left:.2f} {top:.2f} {width:.2f} {height:.2f}" role="img" aria-label="خريطة الأماكن">'
        f'<path class="borders" d="{_borders()}"/>{dots}</svg><p class="sub">الحدود: Natural Earth، تقريبية ولا تعني موقفًا.</p>'
    )


def _statements(rows: Iterable[Row]) -> str:
    out = []
    for s in rows:
        chain = "".join(f"<span>{_bdi(link['name'] or link.get('text') or '')}</span>" for link in s["chain"])
        out.append(
            f"<div><b>{_bdi(s['speaker'] or 'غير مسمّى')}</b> <small>{_ACTS.get(s['act'], s['act'])}</small>"
            f'<blockquote>{_bdi(s["content"])}</blockquote><small class="chain">{chain}</small> {_where(s)}</div>'
        )
    return "".join(out)


def _commitments(store: Store, rows: Sequence[Row]) -> str:
    out = []
    for m in rows:
        steps = "".join(
            f"<li>{_STATES.get(s['stance'], s['stance'])}: {_bdi(s['text'])} {_where(s)}</li>" for s in queries.steps(store, m["steps"])
        )
        out.append(
            f'<tr><td>{_bdi(m["deadline_to"] or "—")}</td><td class="state{" warn" if m["state"] in ("overdue", "denied") else ""}">'
            f"{_STATES.get(m['state'], m['state'])}</td><td>{'، '.join(_bdi(b) for b in m['by'])}</td><td>{_bdi(m['action'])}<ul>{steps}</ul></td></tr>"
        )
    return f"<table><tr><th>الموعد</th><th>الحال</th><th>الملتزم</th><th>بماذا</th></tr>{''.join(out)}</table>" if out else ""


def _claims(rows: Sequence[Row]) -> str:
    out = []
    for line in rows:
        top = max(line["high"], 1)
        claims = "".join(
            f'<tr><td>{_bdi(c["text"])}</td><td><div class="bar"><i style="inset-inline-start:{c["low"] / top * 96:.1f}%;width:{max(0, c["high"] - c["low"]) / top * 96:.1f}%"></i></div></td>'
            f"<td>{_where(c)}</td></tr>"
            for c in line["claims"]
        )
        out.append(
            f"<h3>{_bdi(line['unit'])}: <bdi>{line['low']:g}–{line['high']:g}</bdi> <small>{'، '.join(_bdi(a) for a in line['about'])}</small></h3><table>{claims}</table>"
        )
    return "".join(out)
