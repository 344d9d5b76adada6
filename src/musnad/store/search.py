"""Full text that knows Arabic, the same on SQLite (FTS5) and PostgreSQL (tsvector): both index our own folded, light stems, in order.

A query is words, "phrases", -exclusions and OR: `قوات "وزير الدفاع" -تدريب`. Words meet all their forms (clitics, article, number, spelling variants).
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from musnad.grammar.stemming import stems
from musnad.record.errors import StoreError

_PART = re.compile(r'(-)?"([^"]*)"?|(-)?(\S+)')
MOST_WORDS = 60
"""Words of one search: a hundred demands in a row are more than SQLite's parser holds."""
_QUOTES = str.maketrans("«»“”„", '"""""')


class Term(NamedTuple):
    """One demand of a query: stems in a row; `wanted` is False for an exclusion; `group` numbers the alternatives that OR joins."""

    stems: tuple[str, ...]
    wanted: bool
    group: int


def parse(query: str) -> list[Term]:
    """The demands of a query; raises StoreError where nothing is left to search for."""
    out: list[Term] = []
    group, joins, count = -1, False, 0
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
        count += len(found)
        if count > MOST_WORDS:
            raise StoreError(f"a search has at most {MOST_WORDS} words")
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


RANKED = {"sqlite": 3000, "postgresql": 1000}
"""Of more reports than this that fit, those added last are ranked: nobody reads on to the end of so many."""


def matching(dialect: str, query: str, among: sa.Select[Any] | None = None, most: int | None = None) -> sa.Subquery:
    """A subquery of (seq, rank) of the reports that fit the query, for joins; a smaller rank is a better fit. `among` is a query of the `seq` that may
    be, `most` how many are given at most, those added last."""
    words, seq, meets, rank = _words(dialect, query)
    hits = sa.select(seq.label("seq"), rank.label("rank")).select_from(words).where(meets)
    if among is not None:
        hits = hits.where(
            (seq + 0).in_(among)
        )  # added to nothing, so that SQLite asks the words first, not each report whether it holds them
    if most is not None:
        hits = hits.order_by(seq.desc()).limit(most)
    return hits.subquery("hits")


def hits(c: sa.Connection, query: str, most: int) -> int:
    """How many reports fit the query, counted up to `most`."""
    words, seq, fits, _ = _words(c.dialect.name, query)
    return int(
        c.execute(sa.select(sa.func.count()).select_from(sa.select(seq).select_from(words).where(fits).limit(most).subquery())).scalar_one()
    )


def meets(c: sa.Connection, query: str, seq: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """The condition that a report fits the query, for lists in an order of their own."""
    words, own, fits, _ = _words(c.dialect.name, query)
    fitting = sa.select(own).select_from(words).where(fits)
    return seq.in_(fitting) if hits(c, query, SOME) < SOME else (seq + 0).in_(fitting)


SOME = 1500
"""Reports up to which a list begins with those that fit; from more on it is walked (a sum isn't looked up in an index)."""


def _words(dialect: str, query: str) -> tuple[sa.TableClause, Any, sa.ColumnElement[bool], Any]:
    """The table of the index, its column of `seq`, the condition that a row fits, and its rank."""
    terms = parse(query)
    if dialect == "sqlite":
        words = sa.table("words", sa.column("rowid", sa.Integer), sa.column("rank", sa.Float))
        return words, words.c.rowid, sa.literal_column("words", sa.Text).op("MATCH", is_comparison=True)(_fts5(terms)), words.c.rank
    words = sa.table("words", sa.column("seq", sa.Integer), sa.column("stems"))
    asked = sa.cast(_tsquery(terms), postgresql.TSQUERY)
    return words, words.c.seq, words.c.stems.op("@@", is_comparison=True)(asked), -sa.func.ts_rank(words.c.stems, asked)


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
