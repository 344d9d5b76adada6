"""Care for people: names of private persons taken out of everything that is shown or exported, reversibly for editors.

A redaction is a judgement that holds the names to veil. Veiling replaces every letter of a name by █ and leaves the length as it is, so that offsets,
and evidence that equals its slice, stay true. The source text in the record isn't touched: who opens the record as an editor (`reveal`) sees it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from musnad.grammar.folding import Folded, fold
from musnad.grammar.rules import trie_pattern
from musnad.record.errors import StoreError
from musnad.store import schema
from musnad.store.judgements import judge, standing
from musnad.store.store import Store

VEIL = "█"
Veil = Callable[[Any], Any]


def redact(store: Store, name: str, by: str, why: str | None = None) -> list[str]:
    """Veil a person by name or actor id, with all spellings that the record knows; gives the veiled names. Raises StoreError for an empty name."""
    if len(fold(name)) < 2:
        raise StoreError("give the name to take out")
    a = schema.actor.c
    with store.reading() as c:
        actor = c.execute(sa.select(a.id, a.aliases, a.name_en).where(a.id == name)).first()
        if actor is None:
            folded = fold(name)
            exact = sa.or_(a.key == folded, *(a.key.like(p) for p in (f"{folded}|%", f"%|{folded}", f"%|{folded}|%")))
            actor = c.execute(sa.select(a.id, a.aliases, a.name_en).where(a.type == "PER", exact)).first()
    names = sorted({name, *actor.aliases, actor.name_en} - {""}) if actor else [name]
    # A lone given name would veil everybody who bears it: only names of two words or more go by themselves, the rest where they are all there is.
    full = [n for n in names if len(n.split()) > 1 and n != (actor.id if actor else None)] or [
        n for n in names if actor is None or n != actor.id
    ]
    judge(store, by, "actors", actor.id if actor else fold(name), "redact", after={"names": full}, why=why)
    return full


def private_persons(store: Store, most_reports: int = 3) -> list[dict[str, Any]]:
    """People whom a rule takes for private: not in the dictionary, without office or sector, bound by no commitment, named in few reports."""
    a, e = schema.actor.c, schema.entity.c
    with store.reading() as c:
        public = {
            cluster
            for cluster, data in c.execute(
                sa.select(schema.cluster.c.cluster, e.data).join(
                    schema.entity, sa.and_(schema.cluster.c.layer == "entities", schema.cluster.c.item == e.id)
                )
            )
            if data["offices"] or data["sectors"]
        }
        bound = set(
            c.execute(
                sa.select(schema.cluster.c.cluster)
                .join(schema.party, schema.party.c.entity == schema.cluster.c.item)
                .where(schema.cluster.c.layer == "entities", schema.party.c.role == "by")
            ).scalars()
        )
        rows = c.execute(
            sa.select(a.id, a.name, a.reports).where(a.type == "PER", a.known.is_(None), a.reports <= most_reports).order_by(a.name)
        ).mappings()
        return [dict(r) for r in rows if r["id"] not in public and r["id"] not in bound and len(r["name"].split()) > 1]


def veiled_names(c: sa.Connection) -> list[str]:
    """The folded names that redactions hold now."""
    return sorted({fold(n) for row in standing(c, "actors", verdicts=("redact",)) for n in row["after"]["names"]})


def veil_for(store: Store) -> Veil:
    """A function that veils every text inside a value (rows, lists, records as builtins); for editors, and where nothing is redacted, it changes nothing."""
    if store.reveal:
        return lambda value: value

    def make() -> Veil:
        with store.reading() as c:
            return veiler(veiled_names(c))

    return store.kept("veil", make)


def veiler(names: Sequence[str]) -> Veil:
    """The veil over folded names."""
    if not names:
        return lambda value: value
    pattern = re.compile(r"(?<!\w)(?:[وفبكل]{0,2})?(" + trie_pattern(names) + r")(?!\w)")

    def over(value: Any) -> Any:
        if isinstance(value, str):
            return _veil_text(value, pattern)
        if isinstance(value, dict):
            return {k: v if k in ("id", "sha256") else over(v) for k, v in value.items()}
        if isinstance(value, (list, tuple)):
            return [over(v) for v in value]
        return value

    return over


def _veil_text(text: str, pattern: re.Pattern[str]) -> str:
    folded = Folded(text)
    ranges = [folded.span(*m.span(1)) for m in pattern.finditer(folded.text)]
    if not ranges:
        return text
    out: list[str] = []
    at = 0
    for start, end in ranges:
        out += [text[at:start], "".join(c if c.isspace() else VEIL for c in text[start:end])]
        at = end
    return "".join([*out, text[at:]])


def redact_all(store: Store, names: Iterable[str], by: str, why: str) -> int:
    """Veil many; gives their number."""
    return sum(1 for name in names if redact(store, name, by, why))
