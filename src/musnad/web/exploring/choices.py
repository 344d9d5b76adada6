"""What filter forms offer to choose from, and how codes that only these pages show are called."""

from __future__ import annotations

import csv
from functools import cache
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context

from musnad.codes import plover
from musnad.export import labels
from musnad.store import matters, people, views
from musnad.tools import ARABIC
from musnad.web.desk import Desk
from musnad.web.wording import Words, catalogue

SECTORS = tuple("GOV MIL LEG JUD COP SPY OPP PTY REB UAF PRM IGO NGO MED CVL BUS EDU REL IMG JRN LAB AGR HLH REF CRM".split())
"""PLOVER's sectors, states first."""


@cache
def _countries() -> dict[str, tuple[str, str]]:
    """Code → (Arabic, English) name of a country."""
    with (ARABIC / "actors" / "countries.tsv").open(encoding="utf-8") as file:
        rows = csv.DictReader((row for row in file if not row.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE)
        found: dict[str, tuple[str, str]] = {}
        for row in rows:
            found.setdefault(row["country"], (row["forms"].split("|")[0].rstrip("?"), row["name_en"]))
    return found


@cache
def _units() -> dict[str, str]:
    """Gloss of a unit → its Arabic word."""
    with (ARABIC / "words" / "units.tsv").open(encoding="utf-8") as file:
        rows = csv.DictReader((row for row in file if not row.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE)
        found: dict[str, str] = {}
        for row in rows:
            found.setdefault(row["gloss"], row["forms"].split("|")[0].rstrip("?"))
    return found


def _lang(context: Context) -> str:
    words: Words = context["t"]
    return words.lang


@pass_context
def country(context: Context, code: str | None) -> str:
    """A country's name, in templates."""
    return country_name(code, _lang(context))


def country_name(code: str | None, lang: str) -> str:
    """A country's name."""
    found = _countries().get(code or "")
    return found[lang == "en"] if found else code or ""


@pass_context
def unit(context: Context, name: str | None) -> str:
    """What a figure counts, in templates."""
    return unit_name(name, _lang(context))


def unit_name(name: str | None, lang: str) -> str:
    """What a figure counts."""
    if not name:
        return ""
    words = catalogue(lang)
    return words.get(f"unit.{name}") or (_units().get(name, name) if lang == "ar" else _plural(name))


def _plural(gloss: str) -> str:
    """The plural of an English gloss; codes of money stay as they are."""
    if gloss.isupper() or gloss.endswith("s"):
        return gloss
    if gloss.endswith("y") and gloss[-2:-1] not in "aeiou":
        return gloss[:-1] + "ies"
    return gloss + ("es" if gloss.endswith(("x", "ch", "sh")) else "s")


@pass_context
def said(context: Context, area: str, code: str | None) -> str:
    """The catalogue's words for a code, else the code itself, in templates."""
    return words_for(_lang(context), area, code)


def words_for(lang: str, area: str, code: str | None) -> str:
    """The catalogue's words for a code, else the code itself."""
    return catalogue(lang).get(f"{area}.{code}", code or "") if code else ""


@pass_context
def reasons(context: Context, why: str | None) -> list[str]:
    """The reasons of a pair in words, in templates: `same days, one report` of events and names, `earlier:r…` of reports."""
    return [words_for(_lang(context), "why", part.strip().split(":")[0]) for part in (why or "").split(",") if part.strip()]


def event_types(lang: str) -> list[tuple[str, str]]:
    """Event types by quad class, for a select."""
    return [(code, labels.EVENT_TYPES[code][lang == "en"]) for code in plover()]


def quad(type: str | None) -> str:
    """The quad class of an event type."""
    found = plover().get(type or "")
    return found.quad if found else "verbal_cooperation"


def outlets(desk: Desk) -> list[str]:
    return desk.store.kept("page: outlets", lambda: views.outlets(desk.store))


def units(desk: Desk) -> list[tuple[str, str]]:
    found = desk.store.kept("page: units", lambda: matters.units(desk.store))
    return [(name, unit_name(name, desk.lang)) for name in found]


def countries(desk: Desk) -> list[tuple[str, str]]:
    found = desk.store.kept("page: countries", lambda: people.countries(desk.store))
    return sorted(((code, country_name(code, desk.lang)) for code in found), key=lambda x: x[1])


def coded(table: str, lang: str) -> list[tuple[str, str]]:
    """All codes of a table of `musnad.export.labels`, for a select."""
    found: dict[str, Any] = getattr(labels, table)
    return [(code, label[lang == "en"]) for code, label in found.items()]


Desk.templates.globals.update(country=country, unit=unit, said=said, reasons=reasons, quad=quad)
