"""Full text that knows Arabic, the same on SQLite (FTS5) and PostgreSQL (tsvector): both index our own folded, light stems, in order.

A query is words, "phrases", -exclusions and OR: `قوات "وزير الدفاع" -تدريب`. Words meet all their forms (clitics, article, number, spelling variants).
"""

from __future__ import annotations

import re
from typing import NamedTuple

import sqlalchemy as sa

from musnad.grammar.stemming import stems
from musnad.record.errors import StoreError

_PART = re.compile(r'(-)?"([^"]*)"?|(-)?(\S+)')
_QUOTES = str.maketrans("«»“”„", '"""""')


class Term(NamedTuple):
    """One demand of a query: stems in a row; `wanted` is False for an exclusion; `group` numbers the alternatives that OR joins."""

    stems: tuple[str, ...]
    wanted: bool
    group: int


def parse(query: str) -> list[Term]:
    """The demands of a query; raises StoreError where nothing is left to search for."""
    out: list[Term] = []
    group, joins = -1, False
    for m in _PART.finditer(query.translate(_QUOTES)):
        words = m.group(2) if m.group(2) is not None else m.group(4)
        if words in ("OR", "أو", "|"):
            joins = True
            continue
        found = tuple(s for s, _ in stems(words))
        if not found:
            continue
        wanted = not (m.group(1) or m.group(3))
        if not (joins and out and wanted):
            group += 1
        joins = False
        out.append(Term(found, wanted, group))
    if not any(t.wanted for t in out):
        raise StoreError("nothing to search for: give at least one word")
    return out


def index_text(text: str) -> str:
    """What is indexed of a text: its stems, a space between them."""
    return " ".join(s for s, _ in stems(text))


def _fts5(terms: list[Term]) -> str:
    def phrase(t: Term) -> str:
        return '"' + " ".join(t.stems).replace('"', "") + '"'

    groups: dict[int, list[str]] = {}
    for t in terms:
        if t.wanted:
            groups.setdefault(t.group, []).append(phrase(t))
    match = " AND ".join(f"({' OR '.join(g)})" for g in groups.values())
    for t in terms:
        if not t.wanted:
            match = f"({match}) NOT {phrase(t)}"
    return match


def _tsquery(terms: list[Term]) -> str:
    def phrase(t: Term) -> str:
        return "(" + " <-> ".join("'" + s.replace("'", "''").replace("\\", "\\\\") + "'" for s in t.stems) + ")"

    groups: dict[int, list[str]] = {}
    for t in terms:
        if t.wanted:
            groups.setdefault(t.group, []).append(phrase(t))
    parts = [f"({' | '.join(g)})" for g in groups.values()] + [f"!{phrase(t)}" for t in terms if not t.wanted]
    return " & ".join(parts)


def matching(dialect: str, query: str) -> sa.Subquery:
    """A subquery of (seq, rank) of the reports that fit the query, for joins; a smaller rank is a better fit."""
    terms = parse(query)
    if dialect == "sqlite":
        return (
            sa.text("SELECT rowid AS seq, rank AS rank FROM words WHERE words MATCH :q")
            .bindparams(q=_fts5(terms))
            .columns(sa.column("seq", sa.Integer), sa.column("rank", sa.Float))
            .subquery("hits")
        )
    return (
        sa.text("SELECT seq, -ts_rank(stems, CAST(:q AS tsquery)) AS rank FROM words WHERE stems @@ CAST(:q AS tsquery)")
        .bindparams(q=_tsquery(terms))
        .columns(sa.column("seq", sa.Integer), sa.column("rank", sa.Float))
        .subquery("hits")
    )


def highlights(text: str, query: str) -> list[tuple[int, int]]:
    """The ranges of a text (code points) that the query's wanted words and phrases meet, in order, not overlapping."""
    wanted = [t.stems for t in parse(query) if t.wanted]
    have = stems(text)
    out: list[tuple[int, int]] = []
    i = 0
    while i < len(have):
        n = max((len(w) for w in wanted if tuple(s for s, _ in have[i : i + len(w)]) == w), default=0)
        if n:
            out.append((have[i][1].start, have[i + n - 1][1].end))
        i += n or 1
    return out
