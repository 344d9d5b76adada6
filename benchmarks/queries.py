"""How long a record takes to answer what people and pages ask of it: p50 and p95 of each kind of question, in one thread: by the clock, and of this process's own work, which
other programs on the machine disturb less.

    python benchmarks/queries.py RECORD [--rounds 40] [--only WORD] [--json FILE]

RECORD is one that `benchmarks/synthetic.py` made (a file or a postgresql:// URL). Each kind of question is asked with values drawn anew from the record
each round: actors from the most to the least named, all outlets, types, days and places, common and rare words. Nothing is written.
"""

from __future__ import annotations

import argparse
import json
import platform
import random
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from musnad.store import queries, schema
from musnad.store.queries import Filter
from musnad.store.store import Store, open_store

WORDS = "الاتفاق|الهجوم|المتظاهرين|تعهد|الحكومة|المدارس|قبل نهاية العام|السلاح|الغاز|المتحدة|مقتل|بيان|المستشفى|صيد الأسماك|الديون الخارجية".split(
    "|"
)
TYPES = ("ASSAULT", "CONSULT", "AGREE", "PROTEST", "SANCTION", "AID", "ACCUSE", "COERCE")
ACTS = ("say", "deny", "warn", "promise", "announce", "praise")
UNITS = ("person killed", "person injured", "percent", "USD")


class Values:
    """Draws from what is in the record."""

    def __init__(self, store: Store, seed: int) -> None:
        self.chance = random.Random(seed)
        a, h, r = schema.actor.c, schema.happening.c, schema.report.c
        with store.reading() as c:
            self.actors = c.execute(sa.select(a.id, a.name).where(a.type != "LOC").order_by(a.reports.desc(), a.id).limit(20_000)).all()
            self.places = c.execute(
                sa.select(h.place_actor, h.place)
                .where(h.place.is_not(None))
                .group_by(h.place_actor, h.place)
                .order_by(sa.func.count().desc())
                .limit(800)
            ).all()
            self.outlets = list(c.execute(sa.select(r.outlet).group_by(r.outlet).order_by(sa.func.count().desc())).scalars())
            self.reports = list(c.execute(sa.select(r.id).order_by(r.seq).limit(5000)).scalars())
            self.happenings = list(c.execute(sa.select(h.id).order_by(h.independent.desc()).limit(2000)).scalars())
            first, last = c.execute(sa.select(sa.func.min(r.published), sa.func.max(r.published))).one()
        self.first, self.days = date.fromisoformat(first[:10]), (date.fromisoformat(last[:10]) - date.fromisoformat(first[:10])).days

    def ranked(self, found: list[Any]) -> Any:
        """One of a list, often from its head, sometimes from its tail."""
        return found[min(int(len(found) ** self.chance.random()) - 1, len(found) - 1)]

    @property
    def actor(self) -> str:
        return str(self.ranked(self.actors).id)

    @property
    def name(self) -> str:
        """A name as people type it: whole, or its last word."""
        name = str(self.ranked(self.actors).name)
        return name if self.chance.random() < 0.6 else name.split()[-1]

    @property
    def outlet(self) -> str:
        return str(self.ranked(self.outlets))

    def span(self, length: int = 90) -> dict[str, str]:
        start = self.first + timedelta(days=self.chance.randrange(self.days))
        return {"since": start.isoformat(), "until": (start + timedelta(days=length)).isoformat()}

    @property
    def words(self) -> str:
        """One to three words, a phrase now and then."""
        shape = self.chance.random()
        if shape < 0.4:
            return self.chance.choice(WORDS)
        if shape < 0.7:
            return " ".join(self.chance.sample(WORDS, 2))
        if shape < 0.85:
            return f'"{self.ranked(self.actors).name}"'
        return f"{self.chance.choice(WORDS)} {self.ranked(self.actors).name.split()[-1]} -{self.chance.choice(WORDS).split()[0]}"


Question = Callable[[Store, Values], Any]
PAGE = 50


def deep(ask: Callable[[Store, Filter], Any], pages: int = 4, **wanted: Any) -> Callable[[Store], Any]:
    """The page after so many pages, reached by their cursors; only the last one counts (see `timed`)."""

    def go(store: Store) -> Any:
        after = None
        for _ in range(pages):
            rows = ask(store, Filter(**wanted, after=after))
            after = rows.after
            if after is None:
                break
        return Filter(**wanted, after=after)

    return go


QUESTIONS: dict[str, Question] = {
    # the ten commonest
    "reports: newest": lambda s, v: queries.reports(s, Filter()),
    "search: 1-3 words": lambda s, v: queries.reports(s, Filter(query=v.words)),
    "events: newest": lambda s, v: queries.events(s, Filter()),
    "events: by actor": lambda s, v: queries.events(s, Filter(actor=v.actor)),
    "event with tellings": lambda s, v: queries.tellings(s, v.ranked(v.happenings)),
    "actors: most named": lambda s, v: queries.actors(s, Filter()),
    "statements: by speaker": lambda s, v: queries.statements(s, Filter(actor=v.actor)),
    "claims: contested": lambda s, v: queries.claims(s, Filter(status="contested", limit=20)),
    "commitments: on a day": lambda s, v: queries.commitments(s, Filter(), on=v.span()["since"]),
    "overview": lambda s, v: queries.overview(s, on=v.span()["since"]),
    # reports
    "reports: by days": lambda s, v: queries.reports(s, Filter(**v.span())),
    "reports: by outlet": lambda s, v: queries.reports(s, Filter(outlet=v.outlet)),
    "reports: by actor": lambda s, v: queries.reports(s, Filter(actor=v.actor)),
    "reports: by name": lambda s, v: queries.reports(s, Filter(actor=v.name)),
    "search: words, days": lambda s, v: queries.reports(s, Filter(query=v.words, **v.span(400))),
    "search: words, outlet": lambda s, v: queries.reports(s, Filter(query=v.words, outlet=v.outlet)),
    "facets: outlet": lambda s, v: queries.facets(s, Filter()),
    "facets: outlet, days": lambda s, v: queries.facets(s, Filter(**v.span())),
    "facets: outlet, words": lambda s, v: queries.facets(s, Filter(query=v.words)),
    "facets: year, words": lambda s, v: queries.facets(s, Filter(query=v.words), "year"),
    "family": lambda s, v: queries.family(s, v.chance.choice(v.reports)),
    "lineage": lambda s, v: queries.lineage(s, Filter(type=v.chance.choice((None, "copy", "excerpt")))),
    # events
    "events: by type": lambda s, v: queries.events(s, Filter(type=v.chance.choice(TYPES))),
    "events: by days": lambda s, v: queries.events(s, Filter(**v.span())),
    "events: type, days": lambda s, v: queries.events(s, Filter(type=v.chance.choice(TYPES), **v.span())),
    "events: by status": lambda s, v: queries.events(s, Filter(status=v.chance.choice(("planned", "denied", "hypothetical", "contested")))),
    "events: type, status": lambda s, v: queries.events(
        s, Filter(type=v.chance.choice(TYPES), status=v.chance.choice(("denied", "contested")))
    ),
    "events: place (id)": lambda s, v: queries.events(s, Filter(place=v.ranked(v.places).place_actor)),
    "events: place (name)": lambda s, v: queries.events(s, Filter(place=v.ranked(v.places).place)),
    "events: by name": lambda s, v: queries.events(s, Filter(actor=v.name)),
    "events: actor, type, days": lambda s, v: queries.events(s, Filter(actor=v.actor, type=v.chance.choice(TYPES), **v.span(700))),
    "events: by outlet": lambda s, v: queries.events(s, Filter(outlet=v.outlet)),
    "events: by words": lambda s, v: queries.events(s, Filter(query=v.words)),
    "events: sources": lambda s, v: queries.events(s, Filter(sources=v.chance.choice((2, 3, 5)))),
    "timeline": lambda s, v: queries.by_day(s, Filter()),
    "timeline: type": lambda s, v: queries.by_day(s, Filter(type=v.chance.choice(TYPES))),
    "timeline: days": lambda s, v: queries.by_day(s, Filter(**v.span())),
    "timeline: actor": lambda s, v: queries.by_day(s, Filter(actor=v.actor)),
    "map": lambda s, v: queries.points(s, Filter()),
    "map: days": lambda s, v: queries.points(s, Filter(**v.span())),
    "map: actor": lambda s, v: queries.points(s, Filter(actor=v.actor)),
    # actors
    "actors: by type": lambda s, v: queries.actors(s, Filter(type=v.chance.choice(("PER", "ORG", "LOC")))),
    "actors: by name": lambda s, v: queries.actors(s, Filter(actor=v.name)),
    "actors: by country": lambda s, v: queries.actors(s, Filter(place=v.chance.choice(("IRQ", "FRA", "EGY", "QAT")))),
    "actor": lambda s, v: queries.actor(s, v.actor),
    "actor: offices": lambda s, v: queries.actor_offices(s, v.actor),
    "actor: dealings": lambda s, v: queries.dealings(s, Filter(actor=v.actor)),
    "dealings: days": lambda s, v: queries.dealings(s, Filter(**v.span())),
    "dealings": lambda s, v: queries.dealings(s, Filter()),
    # statements
    "statements: newest": lambda s, v: queries.statements(s, Filter()),
    "statements: by act": lambda s, v: queries.statements(s, Filter(type=v.chance.choice(ACTS))),
    "statements: by days": lambda s, v: queries.statements(s, Filter(**v.span())),
    "statements: by name": lambda s, v: queries.statements(s, Filter(actor=v.name)),
    "statements: speaker, act, days": lambda s, v: queries.statements(s, Filter(actor=v.actor, type=v.chance.choice(ACTS), **v.span(700))),
    "statements: by outlet": lambda s, v: queries.statements(s, Filter(outlet=v.outlet)),
    "statements: by words": lambda s, v: queries.statements(s, Filter(query=v.words)),
    # commitments
    "commitments": lambda s, v: queries.commitments(s, Filter()),
    "commitments: overdue": lambda s, v: queries.commitments(s, Filter(status="overdue"), on=v.span()["since"]),
    "commitments: state": lambda s, v: queries.commitments(s, Filter(status=v.chance.choice(("pledged", "extended", "reaffirmed")))),
    "commitments: by actor": lambda s, v: queries.commitments(s, Filter(actor=v.actor)),
    "commitments: by name": lambda s, v: queries.commitments(s, Filter(actor=v.name)),
    "commitments: words": lambda s, v: queries.commitments(s, Filter(query=v.chance.choice(WORDS))),
    "commitments: days": lambda s, v: queries.commitments(s, Filter(**v.span())),
    "commitment with steps": lambda s, v: queries.steps(s, queries.commitments(s, Filter(limit=1))[0]["steps"]),
    # claims
    "claims": lambda s, v: queries.claims(s, Filter(limit=20)),
    "claims: by unit": lambda s, v: queries.claims(s, Filter(type=v.chance.choice(UNITS), limit=20)),
    "claims: by actor": lambda s, v: queries.claims(s, Filter(actor=v.actor, limit=20)),
    "claims: sources": lambda s, v: queries.claims(s, Filter(sources=3, limit=20)),
}
DEEP: dict[str, tuple[Callable[[Store, Filter], Any], dict[str, Any]]] = {
    "reports: page 40": (queries.reports, {}),
    "events: page 40": (queries.events, {}),
    "statements: page 40": (queries.statements, {}),
    "commitments: page 40": (queries.commitments, {}),
}


def timed(question: Callable[[], Any]) -> tuple[float, float]:
    """Milliseconds by the clock and of work."""
    start, work = time.perf_counter(), time.process_time()
    question()
    return (time.perf_counter() - start) * 1000, (time.process_time() - work) * 1000


def measure(store: Store, rounds: int, only: str | None = None) -> dict[str, dict[str, float]]:
    """Milliseconds by kind of question."""
    values, out = Values(store, 11), {}
    print(f"{'ms':34}" + "".join(f"{x:>9}" for x in ("p50", "p95", "worst", "work 50", "work 95")), file=sys.stderr)
    for name, ask in QUESTIONS.items():
        if only and only not in name:
            continue
        timed(lambda ask=ask: ask(store, values))  # the first compiles the question
        out[name] = said(name, [timed(lambda ask=ask: ask(store, values)) for _ in range(rounds)])
    for name, (ask, wanted) in DEEP.items():
        if only and only not in name:
            continue
        last = deep(ask, 40, **wanted)(store)
        out[name] = said(name, [timed(lambda ask=ask, last=last: ask(store, last)) for _ in range(rounds)])
    return out


def said(name: str, taken: list[tuple[float, float]]) -> dict[str, float]:
    clock, work = (sorted(x) for x in zip(*taken, strict=True))
    last = min(len(taken) - 1, int(len(taken) * 0.95))
    found = {
        "p50": statistics.median(clock),
        "p95": clock[last],
        "worst": clock[-1],
        "work p50": statistics.median(work),
        "work p95": work[last],
    }
    print(f"{name:34}" + "".join(f"{x:9.1f}" for x in found.values()), file=sys.stderr, flush=True)
    return {k: round(x, 1) for k, x in found.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("record")
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--only", help="kinds of question whose names hold this")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    with open_store(arguments.record, create=False) as store:
        found = {
            "python": platform.python_version(),
            "sqlalchemy": sa.__version__,
            "store": f"SQLite {sqlite3.sqlite_version}" if store.dialect == "sqlite" else "PostgreSQL",
            "rows": store.counts(),
            "milliseconds": measure(store, arguments.rounds, arguments.only),
        }
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
