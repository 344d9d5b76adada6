"""The claims ledger: figures about the same thing, lined up over sources and time.

A figure's subject is its happening (the dead of one attack) or, where it hangs on none, what its sentence is about (soldiers and the countries
named beside them, percent and the territory). Figures of one subject and one unit are one line of the ledger.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import msgspec

PARTS = {"person killed or injured": ("person killed", "person injured")}
"""Units that are the sum of others."""


class Claim(msgspec.Struct, frozen=True):
    """One figure as a report gives it: `about` are the clusters of entities named in its sentence, `source` who claims it (else the outlet)."""

    id: str
    report: str
    family: str
    published: str | None
    unit: str
    low: float
    high: float
    bound: str
    text: str
    source: str | None
    happening: str | None
    about: frozenset[str] = frozenset()


class Ledger(msgspec.Struct, frozen=True):
    """One line: the range of what is claimed, how many independent families of reports claim it, whether they agree, and notes on sums."""

    subject: str
    unit: str
    low: float
    high: float
    claims: tuple[Claim, ...]
    independent: int
    contested: bool
    notes: tuple[str, ...] = ()


def subjects(claims: list[Claim]) -> dict[str, str]:
    """Claim → subject: `v…` of its happening, else one made of unit and the entities that figures of this unit are told with."""
    out: dict[str, str] = {}
    loose: defaultdict[tuple[str, frozenset[str]], list[Claim]] = defaultdict(list)
    for c in claims:
        if c.happening:
            out[c.id] = c.happening
        elif c.about:
            loose[c.unit, c.about].append(c)
    for (_, about), group in loose.items():
        for c in group:
            out[c.id] = "+".join(sorted(about))
    return out


def ledger(claims: list[Claim]) -> list[Ledger]:
    """The lines of the ledger, those with most independent claims first. A line needs two claims, or parts that can be added up."""
    subject_of = subjects(claims)
    lines: defaultdict[tuple[str, str], list[Claim]] = defaultdict(list)
    for c in claims:
        if c.id in subject_of:
            lines[subject_of[c.id], c.unit].append(c)
    out = []
    for (subject, unit), found in lines.items():
        notes = tuple(_sums(subject, unit, found, lines))
        if len(found) < 2 and not notes:
            continue
        found.sort(key=lambda c: (c.published or "", c.id))
        families = {c.family for c in found}
        out.append(
            Ledger(
                subject=subject,
                unit=unit,
                low=min(c.low for c in found),
                high=max(c.high for c in found),
                claims=tuple(found),
                independent=len(families),
                contested=not _agree(found),
                notes=notes,
            )
        )
    return sorted(out, key=lambda line: (-line.independent, -len(line.claims), line.subject, line.unit))


def _agree(claims: list[Claim]) -> bool:
    """True when one value satisfies every claim: exact figures are equal, bounds hold, "about" gives a tenth either way."""
    low, high = float("-inf"), float("inf")
    for c in claims:
        a, b = allowed(c)
        low, high = max(low, a), min(high, b)
    return low <= high


def allowed(c: Claim) -> tuple[float, float]:
    """The values that a claim leaves possible."""
    if c.bound in ("more_than", "at_least"):
        return c.low, float("inf")
    if c.bound in ("less_than", "at_most"):
        return 0.0, c.high
    if c.bound == "about":
        return c.low * 0.9, c.high * 1.1
    return c.low, c.high


def _sums(subject: str, unit: str, totals: list[Claim], lines: dict[tuple[str, str], list[Claim]]) -> Iterable[str]:
    """Whether totals are the sums of their parts, report by report."""
    if unit not in PARTS:
        return
    for total in totals:
        parts = [next((c for c in lines.get((subject, part), ()) if c.report == total.report), None) for part in PARTS[unit]]
        if all(parts):
            low, high = sum(p.low for p in parts if p), sum(p.high for p in parts if p)
            verdict = "adds up" if low <= total.high and total.low <= high else "doesn't add up"
            yield f"{total.report}: {' + '.join(p.text for p in parts if p)} = {low:g}{'' if low == high else f'-{high:g}'}, total {total.low:g}: {verdict}"
