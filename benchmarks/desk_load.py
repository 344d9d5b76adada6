"""The desk under readers: `musnad serve` is started on a record, and so many readers walk its pages and its API at once.

    python benchmarks/desk_load.py RECORD [--readers 20] [--think 1.0] [--seconds 60] [--workers 2] [--reviewers 0] [--json FILE]

RECORD is one that `benchmarks/synthetic.py` made. Each reader asks for one page, reads it for `--think` seconds (half of that to one and a half, so that
they don't march in step), then asks for the next; with `--think 0` the readers ask without a pause, which no people do. Reviewers correct the status of
an event every two seconds or so, through the API; everything that follows from it is derived anew by the desk: give a copy of the record. Measured is
the time from asking until the whole answer is there, by kind of page, the memory of the desk's processes (resident, summed), and how many processors
they kept busy. Static files aren't asked for: browsers keep them.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import random
import re
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import sqlalchemy as sa

from musnad.store import schema
from musnad.store.store import open_store
from queries import TYPES, UNITS, WORDS, Values

Where = Callable[["Walk"], str]


class Walk(Values):
    """Draws addresses from what is in the record."""

    def __init__(self, store: Any, seed: int) -> None:
        super().__init__(store, seed)
        with store.reading() as c:
            self.matters = list(c.execute(sa.select(schema.matter.c.id).limit(3000)).scalars())
            self.lines = list(c.execute(sa.select(schema.ledger.c.id).order_by(schema.ledger.c.independent.desc()).limit(3000)).scalars())

    def one(self, found: list[str]) -> str:
        return quote(self.chance.choice(found), safe="")

    def asking(self, **more: Any) -> str:
        return urlencode({k: v for k, v in more.items() if v is not None})

    def period(self) -> dict[str, str]:
        days = self.span(365)
        return {"from": days["since"], "to": days["until"]}


def pick(found: tuple[str, ...]) -> Callable[[Walk], str]:
    return lambda w: w.chance.choice(found)


PAGES: dict[str, tuple[int, Where]] = {
    "overview": (6, lambda w: "/"),
    "reports": (4, lambda w: "/reports"),
    "reports, days": (2, lambda w: "/reports?" + w.asking(**w.period())),
    "search": (8, lambda w: "/search?" + w.asking(q=w.words)),
    "search, days": (3, lambda w: "/search?" + w.asking(q=w.chance.choice(WORDS), **w.period())),
    "report": (14, lambda w: f"/reports/{w.one(w.reports)}"),
    "events": (5, lambda w: "/events"),
    "events, type": (4, lambda w: "/events?" + w.asking(type=w.chance.choice(TYPES))),
    "events, days": (3, lambda w: "/events?" + w.asking(**w.period())),
    "events, actor": (4, lambda w: "/events?" + w.asking(actor=w.actor)),
    "events, contested": (2, lambda w: "/events?status=contested"),
    "timeline": (3, lambda w: "/events/timeline.json?" + w.asking(type=w.chance.choice((None, *TYPES)))),
    "map": (3, lambda w: "/events/map.json?" + w.asking(**w.period())),
    "event": (8, lambda w: f"/events/{w.ranked(w.happenings)}"),
    "actors": (3, lambda w: "/actors?" + w.asking(type=w.chance.choice((None, "PER", "ORG", "LOC")))),
    "actors, name": (3, lambda w: "/actors?" + w.asking(q=w.name)),
    "actor": (8, lambda w: f"/actors/{w.actor}"),
    "actor, network": (3, lambda w: f"/actors/{w.actor}/network.json"),
    "statements": (3, lambda w: "/statements"),
    "statements, speaker": (4, lambda w: "/statements?" + w.asking(actor=w.actor)),
    "commitments": (4, lambda w: "/commitments?" + w.asking(on=w.span()["since"])),
    "commitment": (3, lambda w: f"/commitments/{w.one(w.matters)}"),
    "claims": (3, lambda w: "/claims?" + w.asking(type=w.chance.choice((None, *UNITS)))),
    "claim": (3, lambda w: f"/claims/{w.one(w.lines)}"),
    "lineage": (2, lambda w: "/lineage"),
    "review queue": (3, lambda w: "/review"),
    "suggestions": (3, lambda w: "/suggest?" + w.asking(q=w.name[:6])),
    "API: reports": (2, lambda w: "/api/v1/reports?" + w.asking(outlet=w.outlet)),
    "API: search": (2, lambda w: "/api/v1/search?" + w.asking(q=w.words)),
    "API: events": (3, lambda w: "/api/v1/events?" + w.asking(actor=w.actor, type=w.chance.choice((None, *TYPES)))),
    "API: event": (2, lambda w: f"/api/v1/events/{w.ranked(w.happenings)}"),
    "API: actors": (2, lambda w: "/api/v1/actors"),
    "API: statements": (2, lambda w: "/api/v1/statements?" + w.asking(**w.period())),
    "API: commitments": (2, lambda w: "/api/v1/commitments"),
    "API: claims": (2, lambda w: "/api/v1/claims"),
    "API: overview": (1, lambda w: "/api/v1/overview"),
}
"""Kind of page → how often it is asked for among the others, and an address."""


class Load:
    """What came back: milliseconds by kind of page, and answers that weren't 200."""

    def __init__(self) -> None:
        self.taken: defaultdict[str, list[float]] = defaultdict(list)
        self.refused: Counter[str] = Counter()

    async def get(self, client: httpx.AsyncClient, kind: str, address: str) -> None:
        began = time.perf_counter()
        try:
            answer = await client.get(address)
            status = answer.status_code
        except httpx.HTTPError as error:
            status = type(error).__name__
        self.taken[kind].append((time.perf_counter() - began) * 1000)
        if status != 200:
            self.refused[f"{kind}: {status}"] += 1


async def reader(client: httpx.AsyncClient, walk: Walk, load: Load, think: float, until: float) -> None:
    kinds, weights = list(PAGES), [weight for weight, _ in PAGES.values()]
    await asyncio.sleep(think * walk.chance.uniform(0, 1.5))  # they don't come all at once
    while time.monotonic() < until:
        kind = walk.chance.choices(kinds, weights)[0]
        await load.get(client, kind, PAGES[kind][1](walk))
        if think:
            await asyncio.sleep(think * walk.chance.uniform(0.5, 1.5))


async def reviewer(client: httpx.AsyncClient, events: list[Any], chance: random.Random, load: Load, until: float) -> None:
    """Corrects one event after the other, from planned to happened and the like."""
    while time.monotonic() < until:
        event = chance.choice(events)
        status = chance.choice([s for s in ("happened", "planned", "denied", "ongoing") if s != event.status])
        said = {"verdict": "correct", "report": event.report, "layer": "events", "item": event.id, "after": {"status": status}}
        began = time.perf_counter()
        try:
            answer = await client.post("/api/v1/judgements", json=said)
            code = answer.status_code
        except httpx.HTTPError as error:
            code = type(error).__name__
        load.taken["a judgement"].append((time.perf_counter() - began) * 1000)
        if code != 201:
            load.refused[f"a judgement: {code}"] += 1
        await asyncio.sleep(chance.uniform(1, 3))


class Desk:
    """The desk's processes, begun by us."""

    def __init__(self, record: str, workers: int) -> None:
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = s.getsockname()[1]
        command = [
            Path(sys.executable).parent / "musnad",
            "serve",
            "--record",
            record,
            "--workers",
            str(workers),
            "--port",
            str(self.port),
            "--no-open",
        ]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        assert self.process.stderr
        for line in self.process.stderr:
            if found := re.search(r"http://\S+token=\S+", line):
                self.address = found[0]
                Thread(target=self._listen, daemon=True).start()
                return
        raise SystemExit("the desk didn't start")

    def _listen(self) -> None:
        """What the desk has to say goes on, so that it never waits for us."""
        for line in self.process.stderr or ():
            sys.stderr.write(line)

    def processes(self) -> list[int]:
        """It and all its children."""
        found, ahead = [], [self.process.pid]
        while ahead:
            pid = ahead.pop()
            found.append(pid)
            for task in Path(f"/proc/{pid}/task").glob("*/children"):
                ahead += map(int, task.read_text().split())
        return found

    def memory(self) -> float:
        """Resident MB of all its processes together; what they share counts in each."""
        pages = sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in self.processes())
        return pages * os.sysconf("SC_PAGESIZE") / 1e6

    def work(self) -> float:
        """Processor seconds so far."""
        fields = [Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split() for pid in self.processes()]
        return sum(int(f[11]) + int(f[12]) for f in fields) / os.sysconf("SC_CLK_TCK")

    def end(self) -> None:
        left = self.processes()
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            for pid in left:
                os.kill(pid, signal.SIGKILL)


async def measure(desk: Desk, record: str, readers: int, reviewers: int, think: float, seconds: float) -> dict[str, Any]:
    load = Load()
    largest = desk.memory()
    with open_store(record, create=False) as store:
        walks = [Walk(store, 100 + n) for n in range(min(readers, 4))]
        e = schema.event.c
        with store.reading() as c:
            events = c.execute(sa.select(e.id, e.report, e.status).order_by(e.id).limit(2000)).all()
    limits = httpx.Limits(max_connections=readers + reviewers + 2)
    base = desk.address.partition("/?")[0]
    async with httpx.AsyncClient(base_url=base, timeout=60, follow_redirects=True, limits=limits) as client:
        for _ in range(100):
            try:
                front = await client.get(desk.address)
                break
            except httpx.ConnectError:
                await asyncio.sleep(0.2)
        token = re.search(r'name="csrf"[^>]*content="([^"]+)"', front.text) or re.search(r'content="([^"]+)"[^>]*name="csrf"', front.text)
        client.headers["x-csrf-token"] = token[1] if token else ""
        client.headers["origin"] = base
        for _, where in PAGES.values():  # both workers meet each kind of question before it counts
            for _ in range(4):
                await Load().get(client, "", where(walks[0]))
        began, work = time.monotonic(), desk.work()
        until = began + seconds
        tasks = [asyncio.create_task(reader(client, walks[n % len(walks)], load, think, until)) for n in range(readers)]
        tasks += [asyncio.create_task(reviewer(client, events, random.Random(n), load, until)) for n in range(reviewers)]
        while not all(task.done() for task in tasks):
            largest = max(largest, desk.memory())
            await asyncio.sleep(0.5)
        await asyncio.gather(*tasks)
        took = time.monotonic() - began
        busy = (desk.work() - work) / took
    every = sorted(x for kind, found in load.taken.items() if kind != "a judgement" for x in found)
    return {
        "readers": readers,
        "reviewers": reviewers,
        "think seconds": think,
        "seconds": round(took),
        "answers a second": round(len(every) / took, 1),
        "all": spread(every),
        "by kind": {kind: spread(sorted(found)) for kind, found in sorted(load.taken.items())},
        "refused": dict(load.refused),
        "memory MB": round(largest),
        "processors busy": round(busy, 2),
        "load of the machine": round(os.getloadavg()[0], 1),
    }


def spread(taken: list[float]) -> dict[str, float]:
    at = [taken[min(len(taken) - 1, int(len(taken) * share))] for share in (0.95, 0.99)]
    return {"n": len(taken), "p50": round(statistics.median(taken), 1), "p95": round(at[0], 1), "p99": round(at[1], 1)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("record")
    parser.add_argument("--readers", type=int, default=20)
    parser.add_argument("--reviewers", type=int, default=0)
    parser.add_argument("--think", type=float, default=1.0)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    desk = Desk(arguments.record, arguments.workers)
    try:
        found = asyncio.run(measure(desk, arguments.record, arguments.readers, arguments.reviewers, arguments.think, arguments.seconds))
    finally:
        desk.end()
    found = {"python": platform.python_version(), "workers": arguments.workers} | found
    for kind, row in found["by kind"].items():
        print(f"{kind:24}{row['n']:6}{row['p50']:9.1f}{row['p95']:9.1f}{row['p99']:9.1f}")
    print(json.dumps({k: v for k, v in found.items() if k != "by kind"}, indent=1))
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
