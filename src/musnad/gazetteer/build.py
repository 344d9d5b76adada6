"""From word lists to the compiled index.

Columns, all optional but `forms` and `name_en` (lists that begin with # are remarks; `forms` are parted by |, the first is the name; a form that ends
in ? is doubtful: also a common word, a given name or a bare family name):

- any list: type (PER ORG LOC NORP), kind, name_en, country, sectors (parted by |), offices, id (default: a slug of name_en), geonames, lat, lon,
  population, capital_of, admin1, source, drop (`yes`: the forms are no names). `offices` are `KEY:OF:FROM:TO` parted by ;
- `offices.tsv`: forms are titles in both genders; key, title_en, sectors.
- `nationalities.tsv` and `peoples.tsv` (NORP): forms are masculine singulars, inflected by `paradigm.py`; `also` holds plurals and other forms as they are.
- `institutions.tsv`: forms are heads that a nationality or country completes; key, `bare` (`yes`: a name also when it stands alone).
- `words/media.tsv`: outlets and agencies as the cleaning knows them; `ambiguous` forms are doubtful.
- `doubtful.tsv`: forms that are common words; no other column is read.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import cast

import msgspec

from musnad.gazetteer.index import COMPILED, Compiled, key_of
from musnad.gazetteer.known import Known, Office, OfficeKind
from musnad.gazetteer.paradigm import forms_of
from musnad.grammar.lexicon import Entry, read_tsv
from musnad.record.errors import BadRule
from musnad.record.kinds import MentionType

SOURCES = COMPILED.parent.parent
_TYPES = ("PER", "ORG", "LOC", "NORP")
_USUAL = {
    "nation": 10_000_000,
    "region": 3_000_000,
    "sea": 3_000_000,
    "admin1": 300_000,
    "river": 300_000,
    "admin2": 40_000,
    "admin3": 5_000,
    "city": 20_000,
}
"""Inhabitants to rank a place by where no number is known."""
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_DAY = re.compile(r"(?:\d{4}(?:-\d\d(?:-\d\d)?)?)?\Z")


def write() -> int:
    """Compile the built-in lists into `arabic/places/index.bin`; the number of bytes."""
    return COMPILED.write_bytes(encode(build([SOURCES])))


def encode(compiled: Compiled) -> bytes:
    return zlib.compress(msgspec.msgpack.encode(compiled, order="deterministic"), 9)


def build(folders: Sequence[Path], under: Compiled | None = None) -> Compiled:
    """The index of the lists in `actors/` and `places/` of the folders; `under` is an index whose office kinds may be named too. Raises BadRule with file and line."""
    builder = _Builder(under)
    for folder in folders:
        for path in (*sorted((folder / "actors").glob("*.tsv")), *sorted((folder / "places").glob("*.tsv"))):
            builder.add(path.stem, read_tsv(path))
        if (folder / "words" / "media.tsv").exists():
            builder.add("media", read_tsv(folder / "words" / "media.tsv"))
    return builder.compiled()


class _Builder:
    def __init__(self, under: Compiled | None) -> None:
        self.known: list[Known] = []
        self.where: dict[str, str] = {}
        self.numbers: dict[str, int] = {}
        self.forms: defaultdict[str, list[int]] = defaultdict(list)
        self.heads: dict[str, int] = {}
        self.nationalities: dict[str, str] = {}
        self.countries: dict[str, str] = {}
        self.offices: dict[str, OfficeKind] = {}
        self.doubtful: set[str] = set()  # marked by some list, and by no curated one as sure; common words always
        self.sure: set[str] = set()
        self.words: set[str] = set()
        self.dropped: set[str] = set()
        self.office_keys = {k.key for k in under.offices.values()} if under else set()

    def add(self, name: str, entries: Iterable[Entry]) -> None:
        for entry in entries:
            raw = [f.strip() for f in entry.row["forms"].split("|") if f.strip()]
            forms = list(dict.fromkeys(key_of(f.rstrip("?")) for f in raw))
            self.doubtful.update(key_of(f[:-1]) for f in raw if f.endswith("?"))
            self.doubtful.update(forms if entry.get("ambiguous") == "yes" else ())
            if name == "doubtful":
                self.words.update(forms)
            elif entry.get("drop") == "yes":
                self.dropped.update(forms)
            elif name == "offices":
                kind = OfficeKind(entry.get("key"), raw[0], entry.get("title_en"), _parts(entry.get("sectors")))
                self.offices.update(dict.fromkeys(forms, kind))
                self.office_keys.add(kind.key)
            else:
                if (
                    name not in ("geonames", "iraq")
                    and (name != "institutions" or entry.get("bare") == "yes")
                    and entry.get("ambiguous") != "yes"
                ):
                    self.sure.update(key_of(f) for f in raw if not f.endswith("?"))
                self._name(name, entry, raw[0].rstrip("?"), forms)

    def _name(self, name: str, entry: Entry, title: str, forms: list[str]) -> None:
        known = _record(name, entry, title)
        if known.id in self.where and known.id.startswith(("geo:", "media:")):  # of two rows the first tells about it, both name it
            for form in forms:
                self.forms[form].append(self.numbers[known.id])
            return
        if known.id in self.where:
            raise BadRule(f"{entry.where}: the id {known.id!r} is taken at {self.where[known.id]}")
        self.where[known.id] = entry.where
        number = self.numbers[known.id] = len(self.known)
        self.known.append(known)
        if known.type == "NORP":
            forms = self._inflected(entry)
            if known.kind == "nationality" and known.country:
                for form in forms:
                    self.nationalities.setdefault(form, known.country)
        if name == "institutions":
            self.heads.update(dict.fromkeys(forms, number))
            if entry.get("bare") != "yes":
                return
        if known.kind in ("state", "territory", "nation") and known.country:
            self.countries.update(dict.fromkeys(forms, known.country))
        for form in forms:
            self.forms[form].append(number)

    def _inflected(self, entry: Entry) -> list[str]:
        out: dict[str, None] = {}
        for spelling in entry.row["forms"].split("|"):
            forms = forms_of(spelling.strip().rstrip("?"))
            out.update(dict.fromkeys(forms))
            if spelling.strip().endswith("?"):
                self.doubtful.update(forms)
        for spelling in filter(None, (f.strip() for f in entry.get("also").split("|"))):
            form = key_of(spelling.rstrip("?"))
            forms = (form,) if form.startswith("ال") or " " in form else (form, "ال" + form)
            out.update(dict.fromkeys(forms))
            if spelling.endswith("?"):
                self.doubtful.update(forms)
        return list(out)

    def compiled(self) -> Compiled:
        """The index; where a form names several, states come first, then curated names, then places by population."""
        for known in self.known:
            for office in known.offices:
                if office.key not in self.office_keys:
                    raise BadRule(f"{self.where[known.id]}: no office {office.key!r} in offices.tsv")
        for form, numbers in self.forms.items():  # "سوريا" is the state before it is the accusative of "سوري"
            if any(self.known[n].type == "LOC" and not self.where[self.known[n].id].startswith(("geonames", "iraq")) for n in numbers):
                self.nationalities.pop(form, None)
                self.forms[form] = [n for n in numbers if self.known[n].type != "NORP"]
        for form in self.dropped:
            self.forms.pop(form, None)
        lengths: defaultdict[str, set[int]] = defaultdict(set)
        for form in (*self.forms, *self.heads):
            words = form.split(" ")
            lengths[words[0]].add(len(words))
        holders: defaultdict[str, list[int]] = defaultdict(list)
        for n, known in enumerate(self.known):
            for office in known.offices:
                if n not in holders[f"{office.key} {office.of}"]:
                    holders[f"{office.key} {office.of}"].append(n)
        return Compiled(
            known=[msgspec.Raw(msgspec.msgpack.encode(k)) for k in self.known],
            ids=self.numbers,
            forms={f: tuple(sorted(set(ns), key=self._rank)) for f, ns in self.forms.items()},
            lengths={w: tuple(sorted(ns, reverse=True)) for w, ns in lengths.items()},
            doubtful=self.doubtful - self.sure | self.words,
            heads=self.heads,
            nationalities=self.nationalities,
            countries=self.countries,
            offices=self.offices,
            holders={k: tuple(ns) for k, ns in holders.items()},
            dropped=self.dropped,
        )

    def _rank(self, number: int) -> tuple[int, int, int]:
        known = self.known[number]
        first = 0 if known.kind == "state" else 1 if known.capital_of else 2 if known.type != "LOC" else 3
        return first, -(known.population or _USUAL.get(known.kind, 0)), number


def _record(name: str, entry: Entry, title: str) -> Known:
    get = entry.get
    type_ = get("type") or ("PER" if name.startswith("persons") else "LOC" if get("lat") else "")
    kind = get("kind") or ("person" if type_ == "PER" else "")
    if name in ("nationalities", "peoples"):
        type_, kind = "NORP", kind or "nationality"
    elif name in ("institutions", "media"):
        type_ = "ORG"
    elif kind in ("state", "territory"):
        type_ = "LOC"
    if type_ not in _TYPES or not kind:
        raise BadRule(f"{entry.where}: type {type_!r} and kind {kind!r}: the type is one of {', '.join(_TYPES)}, the kind isn't empty")
    country = get("country") or None
    geonames = int(get("geonames")) if get("geonames") else None
    if kind in ("state", "territory") and country:
        id = country
    elif kind == "nationality":
        id = f"nat:{get('id') or country}"
    elif name == "media":
        id = f"media:{slug(get('name_en'))}"
    elif name == "institutions":
        id = f"*/{get('key')}"
    else:
        place = f"geo:{geonames}" if geonames else f"place:{slug(get('name_en'))}"
        id = get("id") or (place if type_ == "LOC" else slug(get("name_en")))
    return Known(
        id, cast(MentionType, type_), title, get("name_en"), kind, country, _parts(get("sectors")) or (("JRN",) if name == "media" else ()), tuple(_offices(entry)), geonames,
        float(get("lat")) if get("lat") else None, float(get("lon")) if get("lon") else None, int(get("population") or 0),
        get("capital_of") or None, get("admin1"), get("source"),
    )  # fmt: skip


def _offices(entry: Entry) -> Iterable[Office]:
    for item in entry.get("offices").split(";"):
        if not item.strip():
            continue
        key, of, start, end, *more = [*item.strip().split(":"), "", "", ""]
        if not key or not of or not _DAY.match(start) or not _DAY.match(end) or any(more) or (end and start[: len(end)] > end):
            raise BadRule(f"{entry.where}: the office {item.strip()!r} isn't KEY:OF:FROM:TO with YYYY, YYYY-MM or YYYY-MM-DD in order")
        yield Office(key, of, start, end)


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(p.strip() for p in cell.split("|") if p.strip())


def slug(name: str) -> str:
    """A Latin name as an id: lower case, no accents, words joined by hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return _NOT_SLUG.sub("-", plain).strip("-")
