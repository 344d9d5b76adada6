"""The interface's words, a catalogue a language, and how names, days and numbers are shown in each."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from musnad.export import labels

LANGUAGES = ("ar", "en")
DIRECTION = {"ar": "rtl", "en": "ltr"}
_MONTHS = {
    "ar": ("يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
_HIJRI = {
    "ar": ("محرم", "صفر", "ربيع الأول", "ربيع الآخر", "جمادى الأولى", "جمادى الآخرة", "رجب", "شعبان", "رمضان", "شوال", "ذو القعدة", "ذو الحجة"),
    "en": ("Muharram", "Safar", "Rabi‘ I", "Rabi‘ II", "Jumada I", "Jumada II", "Rajab", "Sha‘ban", "Ramadan", "Shawwal", "Dhu l-Qa‘da", "Dhu l-Hijja"),
}  # fmt: skip
_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""Characters that turn the direction of what follows, and those that browsers swallow: shown as one visible character each, so that code points still
count alike."""


@cache
def catalogue(lang: str) -> Mapping[str, str]:
    """All words of a language by key."""
    found: dict[str, str] = json.loads((Path(__file__).parent / "catalogue" / f"{lang}.json").read_text(encoding="utf-8"))
    return found


class Words:
    """Words in one language: `words("events.title")`, `words("list.count", n=3)`."""

    def __init__(self, lang: str, calendar: str = "gregorian") -> None:
        self.lang = lang
        self.calendar = calendar
        self.dir = DIRECTION[lang]

    def __call__(self, key: str, **values: object) -> str:
        """The words for a key, {braces} filled. Raises KeyError for a key that the catalogue lacks."""
        text = catalogue(self.lang)[key]
        return text.format(**{k: self.number(v) if isinstance(v, int | float) else v for k, v in values.items()}) if values else text

    def number(self, n: float) -> str:
        """A number with thousands set apart."""
        return f"{n:,.10g}" if isinstance(n, float) else f"{n:,}"

    def label(self, code: str | None, table: str) -> str:
        """What people read for a code of the record; `table` is a name of `musnad.export.labels`."""
        if not code:
            return ""
        found: Mapping[str, labels.Label] = getattr(labels, table)
        return found[code][self.lang == "en"] if code in found else code

    def day(self, value: str | None) -> Markup:
        """A day (or month, or year) as the reader's calendar choice shows it; a moment is cut to its day."""
        m = _DAY.match(value or "")
        if not m:
            return Markup("")
        year, month, day = m.groups()
        text = " ".join(x for x in (day and str(int(day)), month and _MONTHS[self.lang][(int(month) - 1) % 12], year) if x)
        beside = f" ({self._hijri(*map(int, m.groups()))})" if self.calendar == "hijri" and day else ""
        return Markup('<time datetime="{}"><bdi>{}</bdi></time>').format(m.group(), text + beside)

    def _hijri(self, year: int, month: int, day: int) -> str:
        from hijridate import Gregorian

        try:
            h = Gregorian(year, month, day).to_hijri()
        except (ValueError, OverflowError):
            return "—"
        mark = "هـ" if self.lang == "ar" else "AH"
        return f"{h.day} {_HIJRI[self.lang][h.month - 1]} {h.year} {mark}"

    def days(self, start: str | None, end: str | None) -> Markup:
        """A range of days; one day where both ends are the same."""
        if not start and not end:
            return Markup("")
        if start == end or not end:
            return self.day(start)
        return Markup("{} – {}").format(self.day(start) or "…", self.day(end))


def harmless(text: object) -> str:
    """Text whose characters that turn direction or vanish are made visible."""
    return _CONTROLS.sub("\ufffd", str(text))


def iso(text: Any) -> Markup:
    """Text of the record, escaped and isolated from the direction of what is around it."""
    return Markup('<bdi dir="auto">{}</bdi>').format(escape(harmless(text))) if text not in (None, "") else Markup("")
