"""Corrected reports as gold: pages with annotations that the scorer and the training take, in the form of hand-annotated ones."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from musnad.record.kinds import Line
from musnad.store import schema
from musnad.store.corrections import as_people_left_it
from musnad.store.filters import Filter
from musnad.store.judgements import held
from musnad.store.redaction import veil_for
from musnad.store.reports import unpack
from musnad.store.store import Store

Gold = dict[str, Any]


def gold_pages(store: Store, wanted: Filter, everything: bool = False) -> Iterator[tuple[str, str, Gold]]:
    """Name, text and gold of each page of which people judged an item (with `everything`: of each page), with all of its reports. `wanted` narrows by
    outlet and days. Redacted names are veiled, as in every export."""
    j, r, p = schema.judgement.c, schema.report.c, schema.page.c
    pages = sa.select(r.page).distinct()
    if not everything:
        pages = pages.join(schema.judgement, j.report == r.id).where(j.verdict.in_(schema.OF_ITEMS), held())
    if wanted.outlet:
        pages = pages.where(r.outlet == wanted.outlet)
    if wanted.since:
        pages = pages.where(r.published >= wanted.since)
    if wanted.until:
        pages = pages.where(r.published <= wanted.until + "~")
    veil, taken = veil_for(store), set[str]()
    with store.reading() as c:
        shas = list(c.execute(sa.select(p.sha256).where(p.sha256.in_(pages)).order_by(p.name, p.sha256)).scalars())
        for sha in shas:
            page = c.execute(sa.select(p.name, p.source).where(p.sha256 == sha)).one()
            blobs = c.execute(sa.select(r.line).where(r.page == sha).order_by(r.part)).scalars()
            reports = [gold_report(as_people_left_it(c, unpack(blob))) for blob in blobs]
            name = _file_name(page.name, sha, taken)
            text = veil(page.source)
            gold = {"page": name, "reports": reports}
            yield name, text, gold if text == page.source else _cut_anew(gold, text)


def write_gold(store: Store, folder: Path, wanted: Filter, everything: bool = False) -> int:
    """Write NAME.gold.json files and pages/ into a folder; gives the number of pages."""
    (folder / "pages").mkdir(parents=True, exist_ok=True)
    count = 0
    for name, text, gold in gold_pages(store, wanted, everything):
        (folder / "pages" / name).write_text(text, encoding="utf-8", newline="\n")
        target = folder / f"{name.removesuffix('.txt')}.gold.json"
        target.write_text(json.dumps(gold, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        count += 1
    return count


def _cut_anew(value: Any, text: str) -> Any:
    """Gold with its words cut from the veiled page: the veil over a whole name covers its parts."""
    if isinstance(value, dict):
        out = {k: _cut_anew(v, text) for k, v in value.items()}
        return {**out, "text": text[out["start"] : out["end"]]} if "start" in out else out
    return [_cut_anew(v, text) for v in value] if isinstance(value, list) else value


def _file_name(page: str, sha: str, taken: set[str]) -> str:
    """A file name for a page: the end of its own name made safe, with a piece of its hash where another page has it already."""
    stem = re.sub(r"[^\w.-]+", "_", re.sub(r"\.(txt|html?|md)$", "", page.rstrip("/").rsplit("/", 1)[-1]))[-80:].strip("._") or "page"
    name = stem if stem not in taken else f"{stem}_{sha[:8]}"
    taken.add(name)
    return f"{name}.txt"


def gold_report(line: Line) -> Gold:
    """One report in the form of the gold files."""
    r = line.report
    return {
        "segments": [_span(s) for s in r.segments],
        "title": _span(r.title),
        "published": {"date": r.published.date, "basis": r.published.basis} if r.published else None,
        "mentions": [{**_whole(m), "type": m.type} for m in line.mentions if m.form == "name"],
        "times": [{**_whole(t), "from": t.from_, "to": t.to} for t in line.times],
        "figures": [
            {**_whole(f), "low": _number(f.low), "high": _number(f.high), "bound": f.bound, "unit": f.unit, "kind": f.kind}
            for f in line.figures
        ],
        "outlet": _span(r.outlet),
        "statements": [
            {
                "cue": _span(s.cue),
                "speaker": _span(s.speaker),
                "kind": s.kind,
                "content": _spans(s.content),
                "act": s.act,
                "chain": [{"link": x.link, **_whole(x)} for x in s.chain if x.start is not None],
            }
            for s in line.statements
        ],
        "events": [
            {
                "type": v.type,
                "mode": v.mode,
                "trigger": _span(v.trigger),
                "actors": _spans(v.actors),
                "recipients": _spans(v.recipients),
                "place": _span(v.place),
                "from": v.from_,
                "to": v.to,
                "status": v.status,
            }
            for v in line.events
        ],
        "commitments": [
            {
                "by": _spans(m.by),
                "to": _spans(m.to),
                "action": _span(m.action),
                "deadline": {"from": m.deadline.from_, "to": m.deadline.to} if m.deadline else None,
                "stance": m.stance,
            }
            for m in line.commitments
        ],
    }


def _whole(found: Any) -> Gold:
    return {"start": found.start, "end": found.end, "text": found.text}


def _span(found: Any) -> Gold | None:
    """What stands in the text of something; None where it doesn't stand there."""
    return _whole(found) if found is not None and found.start is not None else None


def _spans(found: Iterable[Any]) -> list[Gold]:
    return [_whole(x) for x in found if x.start is not None]


def _number(value: float) -> int | float:
    return int(value) if value.is_integer() else value
