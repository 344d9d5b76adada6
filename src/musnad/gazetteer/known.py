"""What is known about a name."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from musnad.record.kinds import MentionType


class Office(msgspec.Struct, frozen=True, array_like=True):
    """An office that a person held. `key` names its kind (`actors/offices.tsv`), `of` is a country's ISO 3166-1 alpha-3 code or the id of an organisation;
    `from_` and `to` are YYYY, YYYY-MM or YYYY-MM-DD, empty where open or unknown."""

    key: str
    of: str
    from_: str = ""
    to: str = ""

    def held_on(self, day: str) -> bool:
        """True when the ISO day lies in the term; a term's month or year counts whole."""
        return (not self.from_ or day[: len(self.from_)] >= self.from_) and (not self.to or day[: len(self.to)] <= self.to)


class OfficeKind(msgspec.Struct, frozen=True, array_like=True):
    """A kind of office: `title` in Arabic (masculine), `title_en`, and the PLOVER sectors that it gives its holder."""

    key: str
    title: str
    title_en: str
    sectors: tuple[str, ...]


class Known(msgspec.Struct, frozen=True, array_like=True):
    """A known name.

    `id`: the ISO 3166-1 alpha-3 code for a state, `IRQ/army` for a state's institution, `geo:98182` for a place of GeoNames, `nat:IRQ` for a
    nationality, else a slug of the English name. `kind`: state territory city admin1 admin2 admin3 camp crossing base region sea river mountain dam road
    facility … (LOC); person (PER); ministry government army police parliament court agency force armed-group party coalition company club media igo ngo
    … (ORG); nationality people faith movement (NORP). `sectors` are PLOVER codes (of a person: the standing ones; `Gazetteer.sectors` adds those of
    the day's offices). `country` is ISO 3166-1 alpha-3, None where there is none. Coordinates are degrees, WGS 84. `capital_of` is a country code.
    """

    id: str
    type: MentionType
    name: str
    name_en: str
    kind: str
    country: str | None = None
    sectors: tuple[str, ...] = ()
    offices: tuple[Office, ...] = ()
    geonames: int | None = None
    lat: float | None = None
    lon: float | None = None
    population: int = 0
    capital_of: str | None = None
    admin1: str = ""
    source: str = ""


class KnownHit(NamedTuple):
    """Known names at tokens `first`..`last` (exclusive), best candidate first: `start`..`end` in the source after the clitics, `clitics` before it, `form` as folded.

    `sure` is False where the form is also a common word, a given name or a bare family name ("سعيد", "المنتصر"), or where the
    word without its clitic would be; then only the context (a title, a kind word, a fuller name in the text) makes it a name.
    """

    known: tuple[Known, ...]
    first: int
    last: int
    start: int
    end: int
    clitics: str
    form: str
    sure: bool
