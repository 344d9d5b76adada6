"""Codes of parties: the country and the PLOVER sectors of a phrase, from its office words, institutions, nationalities and names, at that day.

code = code_phrase("وزير الدفاع الفرنسي", "2016-01-20", tools)
code.country, code.sector, code.why        # "FRA", "GOV/MIL", "office: Minister of Defence; nationality: FRA"
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from musnad.document import Document
from musnad.grammar.folding import fold
from musnad.grammar.tokens import splits
from musnad.phrases import Phrase
from musnad.tools import ARABIC, Tools

_LONGEST = 5
"""Words of the longest office, institution or name that is tried."""
_WORDS = 16
"""Words of a phrase that are read: the head and its complements stand first."""


class Code(NamedTuple):
    """ISO 3166-1 alpha-3 country, PLOVER sectors joined by a stroke, and what they rest on; None where nothing tells."""

    country: str | None
    sector: str | None
    why: str


def code_of(doc: Document, phrase: Phrase, tools: Tools) -> tuple[str | None, str | None]:
    """The country and sector of a party phrase on the report's day; what coreference knows of its entity comes first."""
    found = code_phrase(fold(doc.source[phrase.start : phrase.end]), doc.published, tools)
    sector = found.sector or ("/".join(phrase.sectors) if phrase.sectors else None)
    return phrase.country or found.country, sector


@lru_cache(maxsize=20_000)
def code_phrase(words: str, day: str | None, tools: Tools) -> Code:
    """The code of a phrase; `day` is an ISO day or None."""
    gazetteer = tools.gazetteer
    tokens = [w for w in fold(words).replace('"', " ").replace("،", " ").replace("#", " ").replace("_", " ").split() if w][:_WORDS]
    country: str | None = None
    sectors: tuple[str, ...] = ()
    why: list[str] = []
    i = 0
    while i < len(tokens):
        step = 1
        for n in range(min(_LONGEST, len(tokens) - i), 0, -1):
            form = " ".join(tokens[i : i + n])
            office = gazetteer.office(form) if not sectors else None
            if office is not None and office.sectors:
                sectors, step = office.sectors, n
                why.append(f"office: {office.title_en}")
                break
            known = gazetteer.lookup(form) or (gazetteer.lookup(_bare(form)) if n == 1 else ())
            if known and not gazetteer.is_doubtful(form):
                step = n
                if not sectors and known[0].type != "LOC":
                    sectors = gazetteer.sectors(known[0], day)
                if country is None and known[0].country:
                    country = known[0].country
                    why.append(f"{known[0].kind}: {known[0].name_en}")
                break
            nation = gazetteer.nationality(form) if n == 1 else None
            if nation is not None:
                country = country or nation
                why.append(f"nationality: {nation}")
                break
        i += step
    return Code(country, "/".join(dict.fromkeys(sectors)) or None, "; ".join(why))


def _bare(word: str) -> str:
    """The word without its clitics: لفرنسا, والعراق."""
    return splits(word)[-1].stem if len(word) > 4 else word


class EventType(NamedTuple):
    """A PLOVER type: quad class, Arabic name, definition, score from -10 to 10, and the scores of its modes."""

    quad: str
    ar: str
    definition: str
    score: float
    modes: dict[str, float]


@lru_cache(maxsize=1)
def plover() -> dict[str, EventType]:
    """The sixteen types of `arabic/plover.yaml` by name."""
    import yaml

    raw = yaml.safe_load((ARABIC / "plover.yaml").read_text(encoding="utf-8"))["events"]
    return {
        name: EventType(e["quad"], e["ar"], e["definition"], float(e["score"]), {m: float(v["score"]) for m, v in e["modes"].items()})
        for name, e in raw.items()
    }


def score_of(type: str, mode: str | None = None) -> float:
    """The PLOVER score of an event: its mode's where it has one, else its type's. Raises KeyError for an unknown type."""
    found = plover()[type]
    return found.modes.get(mode or "", found.score)
