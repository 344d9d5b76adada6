"""Rows for the derived tables: what a happening, a matter and a line of the ledger look like once their tellings are together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from musnad.resolve.claims import Ledger
from musnad.resolve.commitments import Step, state_on
from musnad.resolve.events import Telling

Row = dict[str, Any]


def happening_rows(
    tellings: Iterable[Telling],
    merged: Mapping[str, str],
    source_of: Callable[[str], tuple[str, str | None]],
    credit_of: Mapping[str, str],
    confidence: Mapping[str, float],
    names: Mapping[str, str],
) -> tuple[list[Row], list[Row]]:
    """Rows of happening and took_part. `source_of` gives a report's family and outlet, `credit_of` the agency or document a telling comes through:
    tellings through one agency are one chain, whoever prints them. `names` shows actors' and places' names by id."""
    groups: defaultdict[str, list[Telling]] = defaultdict(list)
    for t in tellings:
        groups[merged[t.id]].append(t)
    happenings: list[Row] = []
    parties: list[Row] = []
    for id, told in groups.items():
        asserted = [t for t in told if t.status != "denied"]
        dated = Counter((t.start or t.end, t.end or t.start) for t in told if t.start or t.end)
        (first, last), _ = dated.most_common(1)[0] if dated else ((None, None), 0)
        places = Counter(t.place for t in told if t.place)
        place = places.most_common(1)[0][0] if places else None
        spelled = _spelled(told)
        sources = {t.id: source_of(t.report) for t in told}
        published = sorted(t.published for t in told if t.published)
        happenings.append(
            {
                "id": id,
                "type": told[0].type,
                "mode": _commonest(t.mode for t in told),
                "from": first,
                "to": last,
                "day": first or (published[0] if published else None),
                "status": _commonest(t.status for t in (asserted or told)) or "happened",
                "place": names.get(place) or spelled.get(place, place) if place else None,
                "place_actor": place,
                "tellings": len(told),
                "independent": len({credit_of.get(t.id) or sources[t.id][0] for t in told}),
                "outlets": sorted({o for _, o in sources.values() if o}),
                "denied_by": sorted({sources[t.id][1] or t.report for t in told if t.status == "denied"}) if asserted else [],
                "contested": _contested(told, dated, places),
                "confidence": round(max(confidence[t.id] for t in told), 4),
            }
        )
        roles = Counter((role, p) for t in told for role, found in (("actor", t.actors), ("recipient", t.recipients)) for p in found)
        parties += [{"happening": id, "role": role, "actor": p, "name": names.get(p) or spelled.get(p, p)} for role, p in roles]
    return happenings, parties


def _spelled(items: Iterable[Telling | Step]) -> dict[str, str]:
    """Folded phrase → how it is spelled; of several spellings always the same one."""
    return dict(sorted(((folded, words) for x in items for folded, words in x.spelled.items()), reverse=True))


def _contested(told: Sequence[Telling], dated: Counter[Any], places: Counter[Any]) -> list[str]:
    out = []
    if len(dated) > 1:
        out.append("days")
    if len(places) > 1:
        out.append("place")
    if len({t.status == "denied" for t in told}) > 1:
        out.append("status")
    figures: defaultdict[str, set[tuple[float, float]]] = defaultdict(set)
    for t in told:
        for unit, low, high in t.figures:
            figures[unit].add((low, high))
    if any(len(values) > 1 for values in figures.values()):
        out.append("figures")
    return out


def _commonest(values: Iterable[str | None]) -> str | None:
    found = Counter(v for v in values if v)
    return found.most_common(1)[0][0] if found else None


def matter_rows(steps: Iterable[Step], threads: Mapping[str, str], action: Mapping[str, str], names: Mapping[str, str]) -> list[Row]:
    """Rows of matter: a thread's action is that of its first step."""
    groups: defaultdict[str, list[Step]] = defaultdict(list)
    for s in steps:
        groups[threads[s.id]].append(s)
    out = []
    for id, members in groups.items():
        state, spelled = state_on(members), _spelled(members)
        days = [s.published for s in state.steps if s.published]
        out.append(
            {
                "id": id,
                "action": action[state.steps[0].id],
                "by": sorted({names.get(p) or spelled.get(p, p) for s in members for p in s.by}),
                "state": state.state,
                "deadline_from": state.deadline[0] if state.deadline else None,
                "deadline_to": (state.deadline[1] or state.deadline[0]) if state.deadline else None,
                "steps": [s.id for s in state.steps],
                "first": days[0] if days else None,
                "last": days[-1] if days else None,
            }
        )
    return out


def ledger_rows(lines: Iterable[Ledger]) -> list[Row]:
    """Rows of ledger."""
    return [
        {
            "id": f"{line.subject}:{line.unit}",
            "subject": line.subject,
            "unit": line.unit,
            "low": line.low,
            "high": line.high,
            "claims": [c.id for c in line.claims],
            "count": len(line.claims),
            "independent": line.independent,
            "contested": line.contested,
            "notes": list(line.notes),
        }
        for line in lines
    ]
