"""Gold pages as examples for the events stage, and its scores by record.md's rules over pages held out."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from musnad.document import Document
from musnad.grammar.folding import Folded
from musnad.grammar.loglinear import Model
from musnad.grammar.text import Text
from musnad.record.kinds import Figure, Mention, Party, Published, Report, Segment, Statement, Time
from musnad.record.span import Span
from musnad.stages.events.casting import ACTOR, PLACE, RECIPIENT, Part, contenders, remember
from musnad.stages.events.days import NO, YES, describe_time, near_times
from musnad.stages.events.decide import modes_of
from musnad.stages.events.features import NONE, base, describe, options, tense
from musnad.stages.events.reading import events_of
from musnad.stages.events.roles import Attachment, Memory
from musnad.stages.events.scene import Scene, Sentence
from musnad.stages.events.status import STATUSES, describe_status
from musnad.stages.events.triggers import Candidate
from musnad.stages.events.wording import HEAD, WHOLE, describe_wording
from musnad.tools import Tools

Gold = dict[str, Any]


class Example(NamedTuple):
    """A decision as it should come out; `options` None where every class is open."""

    features: list[str]
    options: list[str] | None
    label: str
    weight: float = 1.0


class Choice(NamedTuple):
    """One event's competition for its roles: features of each contender, of nobody, who is right by role, and who may only be a place."""

    rows: list[list[str]]
    nobody: list[str]
    right: dict[str, list[int]]
    inner: list[bool]


class Page(NamedTuple):
    """A gold report with its document and scene; `pairs` are candidates with the gold events that they stand for, `weight`
    what its examples of event and type count."""

    doc: Document
    gold: Gold
    scene: Scene
    pairs: list[tuple[Sentence, Candidate, Gold | None]]
    weight: float = 1.0


def load_pages(folders: Sequence[Path], tools: Tools, given: bool) -> list[Page]:
    """The reports of all gold pages. With `given` names, times, figures and statements come from gold, else from the reader."""
    out = []
    for folder in folders:
        for path in sorted(folder.glob("*.gold.json")):
            page = json.loads(path.read_text(encoding="utf-8"))
            source = (folder / "pages" / page["page"]).read_text(encoding="utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
            folded = Folded(source)
            for k, gold in enumerate(page["reports"]):
                if gold["segments"]:
                    doc = _document(page["page"], k, source, folded, gold, tools)
                    _fill(doc, gold, tools, given)
                    scene = Scene(doc, tools)
                    out.append(Page(doc, gold, scene, _pairs(scene, gold)))
    return out


def _span(x: Gold) -> Span:
    return Span(start=x["start"], end=x["end"], text=x["text"])


def _document(name: str, part: int, source: str, folded: Folded, gold: Gold, tools: Tools) -> Document:
    title = gold["title"]
    segments = tuple(
        Segment(start=s["start"], end=s["end"], text=s["text"], kind="title" if title and s["start"] == title["start"] else "body")
        for s in gold["segments"]
    )
    published = Published(date=gold["published"]["date"], basis="stated") if gold["published"] else None
    report = Report(
        id=f"{name}-{part}", page=name, part=part, sha256="", segments=segments, published=published, title=_span(title) if title else None
    )
    return Document(source, report, Text(folded, segments, tools.lexicon))


def _fill(doc: Document, gold: Gold, tools: Tools, given: bool) -> None:
    if not given:
        from musnad.pipeline import STAGES, run_stage

        for stage in STAGES:
            if stage.name not in ("events", "commitments"):
                run_stage(stage, doc, tools)
        return
    found = {"found_by": "gold", "confidence": 1.0}
    doc.add("mentions", [Mention(id=f"m{i}", **found, **_only(m, Mention)) for i, m in enumerate(gold["mentions"] or [])])
    doc.add("times", [Time(id=f"t{i}", **found, from_=t["from"], to=t["to"], **_only(t, Time)) for i, t in enumerate(gold["times"])])
    doc.add("figures", [Figure(id=f"f{i}", **found, **_only(f, Figure)) for i, f in enumerate(gold["figures"])])
    doc.add(
        "statements",
        [
            Statement(
                id=f"s{i}", **found, cue=_span(s["cue"]), speaker=Party(**_only(s["speaker"], Party)) if s["speaker"] else None, kind=s["kind"],
                content=tuple(_span(c) for c in s["content"]), act=s["act"],
            )
            for i, s in enumerate(gold["statements"])
        ],
    )  # fmt: skip


def _only(x: Gold, kind: Any) -> Any:
    return {k: v for k, v in x.items() if k in kind.__struct_fields__ and k not in ("id", "of", "from", "to", "entity")}


def _overlap(a: Any, b: Gold) -> int:
    return max(0, min(a.end, b["end"]) - max(a.start, b["start"]))


def _pairs(scene: Scene, gold: Gold) -> list[tuple[Sentence, Candidate, Gold | None]]:
    """Each candidate with its gold event: the best overlap, types that the candidate may have first, one to one."""
    cells = []
    everything = [(s, c) for s in scene.sentences for c in s.candidates]
    for i, (_, c) in enumerate(everything):
        for k, e in enumerate(gold["events"]):
            shared = _overlap(c, e["trigger"])
            if shared:
                cells.append(
                    (
                        base(c, e["type"], e["status"]) in options(c),
                        shared / max(c.end - c.start, e["trigger"]["end"] - e["trigger"]["start"]),
                        -i,
                        -k,
                    )
                )
    of: dict[int, Gold] = {}
    used: set[int] = set()
    for _, _, i, k in sorted(cells, reverse=True):
        if -i not in of and -k not in used:
            of[-i] = gold["events"][-k]
            used.add(-k)
    return [(s, c, of.get(i)) for i, (s, c) in enumerate(everything)]


def event_examples(pages: Sequence[Page]) -> tuple[list[Example], list[Example], list[Example]]:
    """Examples for event and type, for status, for mode."""
    events, status, mode = [], [], []
    told = {f"{e['type']}/{e['mode'] or ''}" for p in pages for e in p.gold["events"]}
    listed = {f"{t}/{m or ''}" for p in pages for _, c, _ in p.pairs for r in c.readings for t, m in r.lexeme.codes}
    every = sorted(told | listed)
    shell = Model(classes=every)
    for page in pages:
        last: tuple[Sentence, str, Candidate] | None = None
        for sentence, c, gold in page.pairs:
            before = last[1:] if last and last[0] is sentence else None
            features = describe(page.scene, sentence, c, before)
            if gold is None:
                events.append(Example(features, options(c), NONE, page.weight))
                continue
            type = base(c, gold["type"], gold["status"])
            more = describe_status(page.scene, sentence, c, type, tense(page.scene, sentence, c), before)
            last = (sentence, type, c)
            if type in options(c):
                events.append(Example(features, options(c), type, page.weight))
            status.append(Example([*features, *more], list(STATUSES), gold["status"]))
            own = [f"own={gold['type']}/{m or ''}" for r in c.readings for t, m in r.lexeme.codes if t == gold["type"]]
            choice = list(dict.fromkeys([*modes_of(gold["type"], shell), f"{gold['type']}/{gold['mode'] or ''}"]))
            if len(choice) > 1:
                mode.append(Example([*own, *features, f"T={gold['type']}"], choice, f"{gold['type']}/{gold['mode'] or ''}"))
    return events, status, mode


def guessed_examples(pages: Sequence[Page], model: Model, threshold: float) -> list[Example]:
    """Examples for event and type as they come when reading: the event before a candidate is what a model of other pages takes for one, not gold's."""
    out = []
    for page in pages:
        last: tuple[Sentence, str, Candidate] | None = None
        for sentence, c, gold in page.pairs:
            features = describe(page.scene, sentence, c, last[1:] if last and last[0] is sentence else None)
            choice = options(c)
            type = NONE if gold is None else base(c, gold["type"], gold["status"])
            if type in choice:
                out.append(Example(features, choice, type, page.weight))
            p = model.probabilities(features, choice)
            if 1.0 - p[NONE] >= threshold and not page.scene.in_name(c):
                last = (sentence, max((t for t in p if t != NONE), key=p.__getitem__), c)
    return out


def wording_examples(pages: Sequence[Page]) -> list[Example]:
    """Examples for which words are the trigger: candidates of several words, where only one of the two ways is what gold has."""
    out = []
    for page in pages:
        for _, c, gold in page.pairs:
            if gold is not None and c.last - c.first > 1:
                t = gold["trigger"]
                head, whole = (
                    2 * max(0, min(end, t["end"]) - max(c.start, t["start"])) >= max(end - c.start, t["end"] - t["start"])
                    for end in (page.scene.tokens[c.first].end, c.end)
                )
                if head != whole:
                    out.append(Example(describe_wording(page.scene, c, gold["type"]), [WHOLE, HEAD], HEAD if head else WHOLE))
    return out


def fits(names: Sequence[Gold], gold: Gold, start: int, end: int) -> bool:
    """The scorer's rule for phrases: half of the shorter shared, at most six times what is shared, the last name inside covered."""
    shared = max(0, min(end, gold["end"]) - max(start, gold["start"]))
    mine, its = end - start, gold["end"] - gold["start"]
    if not (shared * 2 >= min(mine, its) > 0 and shared * 6 >= max(mine, its)):
        return False
    inside = [n for n in names if gold["start"] <= n["start"] and n["end"] <= gold["end"]]
    return (
        not inside or max(0, min(end, inside[-1]["end"]) - max(start, inside[-1]["start"])) * 2 >= inside[-1]["end"] - inside[-1]["start"]
    )


def role_choices(pages: Sequence[Page]) -> list[Choice]:
    """Who competes for the roles of each gold event, and who is right."""
    out = []
    for page in pages:
        names = page.gold["mentions"] or []
        memory: Memory = {}
        earlier: dict[int, tuple[str, str]] = {}
        last: Sentence | None = None
        for sentence, c, gold in page.pairs:
            if gold is None:
                continue
            if sentence is not last:
                earlier, last = {}, sentence
            attachment = Attachment(page.scene, sentence, c, gold["type"], gold["mode"], gold["status"] == "planned", earlier, memory)
            parties = contenders(attachment)
            wanted = {ACTOR: gold["actors"], RECIPIENT: gold["recipients"], PLACE: [gold["place"]] if gold["place"] else []}
            right: dict[str, list[int]] = {}
            parts = []
            for role, phrases in wanted.items():
                right[role] = []
                for n, (p, k, inner) in enumerate(parties):
                    if (role == PLACE or not inner) and any(fits(names, x, p.phrase.start, p.phrase.end) for x in phrases):
                        right[role].append(n)
                        parts.append(Part(None if inner else k, p, role, 1.0))
            out.append(
                Choice([attachment.features(p, k) for p, k, _ in parties], attachment.nobody(), right, [inner for _, _, inner in parties])
            )
            remember(parts, attachment, earlier, memory)
    return out


def days_examples(pages: Sequence[Page]) -> list[Example]:
    """Examples for days: every near time against each gold event."""
    out = []
    for page in pages:
        earlier: list[tuple[str, str, str | None]] = []
        for sentence, c, gold in page.pairs:
            if gold is None:
                continue
            held = None
            for back, time in near_times(page.scene, sentence):
                right = bool(gold["from"]) and time.from_ == gold["from"] and gold["to"] in (time.to, None)
                features = describe_time(page.scene, sentence, c, gold["type"], gold["status"], back, time, earlier)
                out.append(Example(features, [YES, NO], YES if right else NO))
                held = time.id if right else held
            earlier.append((c.lexeme.id, gold["type"], held))
    return out


def _sentence_of(source: str, start: int) -> tuple[int, int]:
    a = b = start
    while a and source[a - 1] not in "\n.!?؟":
        a -= 1
    while b < len(source) and source[b] not in "\n.!?؟":
        b += 1
    return a, b


def score(tried: Sequence[tuple[Page, Mapping[str, Model]]], tools: Tools) -> str:
    """F1 of events, triggers, roles, status, mode and when over pages with models that never saw them."""
    tally: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0])

    def add(name: str, right: int, given: int, wanted: int) -> None:
        tally[name] = [a + b for a, b in zip(tally[name], (right, given, wanted), strict=True)]

    for page, models in tried:
        source, names = page.doc.source, page.gold["mentions"] or []
        wanted = sorted(page.gold["events"], key=lambda e: e["trigger"]["start"])
        given = sorted(events_of(page.doc, tools, models), key=lambda e: e.trigger.start)
        pairs: list[tuple[Gold, Any]] = []
        free = list(given)
        near = 0
        for relaxed in (True, False):
            for e in wanted:
                if any(e is g for g, _ in pairs):
                    continue
                for f in free:
                    if f.type != e["type"]:
                        continue
                    t = e["trigger"]
                    if relaxed:
                        ok = _overlap(f.trigger, t) * 2 >= max(t["end"] - t["start"], f.trigger.end - f.trigger.start)
                    else:
                        ok = _sentence_of(source, t["start"]) == _sentence_of(source, f.trigger.start)
                    if ok:
                        pairs.append((e, f))
                        free.remove(f)
                        near += relaxed
                        break
        add("events", len(pairs), len(given), len(wanted))
        add("triggers", near, len(given), len(wanted))
        add("status", sum(e["status"] == f.status for e, f in pairs), len(given), len(wanted))
        add(
            "mode",
            sum(bool(e["mode"]) and e["mode"] == f.mode for e, f in pairs),
            sum(bool(f.mode) for _, f in pairs),
            sum(bool(e["mode"]) for e in wanted),
        )
        days = [(e, f) for e, f in pairs if e["from"] or e["to"]]
        add(
            "when", sum((e["from"], e["to"]) == (f.from_, f.to) for e, f in days),
            sum(bool(f.from_ or f.to) for f in given), sum(bool(e["from"] or e["to"]) for e in wanted),
        )  # fmt: skip
        for e in wanted:
            f = next((f for g, f in pairs if g is e), None)
            _roles(add, names, e, f)
        for f in free:
            _roles(add, names, None, f)
    out = []
    for name, (right, given_, wanted_) in tally.items():
        p, r = right / max(1, given_), right / max(1, wanted_)
        out.append(f"{name} {2 * p * r / max(1e-9, p + r):.3f} ({p:.2f} {r:.2f})")
    return "  ".join(out)


def write_records(tried: Sequence[tuple[Page, Mapping[str, Model]]], tools: Tools, path: Path) -> None:
    """What the models see in pages held out, as `musnad read` lines of which only the events are filled: for the gold scorer and its --errors."""
    with path.open("wb") as file:
        for page, models in tried:
            report = msgspec.to_builtins(page.doc.report)
            empty = {k: [] for k in ("mentions", "times", "figures", "statements", "commitments")}
            events = msgspec.to_builtins(list(events_of(page.doc, tools, models)))
            file.write(msgspec.json.encode({"report": report, **empty, "events": events}) + b"\n")


def _roles(add: Any, names: Sequence[Gold], gold: Gold | None, found: Any) -> None:
    wanted = (
        [(r, x) for r in ("actors", "recipients") for x in gold[r]] + ([("place", gold["place"])] if gold["place"] else []) if gold else []
    )
    given = (
        [(r, x) for r in ("actors", "recipients") for x in getattr(found, r)] + ([("place", found.place)] if found.place else [])
        if found
        else []
    )
    right, free = 0, list(given)
    for role, x in wanted:
        hit = next((g for g in free if g[0] == role and fits(names, x, g[1].start, g[1].end)), None)
        if hit is not None:
            free.remove(hit)
            right += 1
    add("roles", right, len(given), len(wanted))
