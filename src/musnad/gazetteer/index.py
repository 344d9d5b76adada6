"""The index in memory: one dictionary by whole folded form, records decoded when first asked for."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from musnad.gazetteer.known import Known, KnownHit, OfficeKind
from musnad.grammar.folding import Folded, fold
from musnad.grammar.tokens import Token, splits, tokenize

COMPILED = Path(__file__).parent.parent / "arabic" / "places" / "index.bin"


def key_of(form: str) -> str:
    """A spelling as the index holds it: folded, its tokens (hyphens and dots are tokens) joined by single spaces."""
    folded = fold(form)
    return " ".join(t.form for t in tokenize(Folded(folded))) if not folded.replace(" ", "").isalpha() else folded


class Compiled(msgspec.Struct, array_like=True):
    """The compiled lists. `forms` maps a folded form to records by number, best first; `lengths` maps a first word to the numbers of words of forms that
    begin with it, longest first; `doubtful` holds forms that are also common words or bare given or family names; `heads` maps an institution's head
    ("وزاره الدفاع") to its record, which an adjective of nationality or a country's name after it completes; `holders` maps an office's
    key and whose it is ("foreign FRA") to the persons that held it; `dropped` forms are no names, not even of an index under this one."""

    known: list[msgspec.Raw]
    ids: dict[str, int]
    forms: dict[str, tuple[int, ...]]
    lengths: dict[str, tuple[int, ...]]
    doubtful: set[str]
    heads: dict[str, int]
    nationalities: dict[str, str]
    countries: dict[str, str]
    offices: dict[str, OfficeKind]
    holders: dict[str, tuple[int, ...]]
    dropped: set[str]


class Gazetteer:
    """Known names by form, id, office and nationality."""

    def __init__(self, compiled: Compiled, over: Compiled | None = None) -> None:
        self._index = compiled
        self._seen: dict[int, Known] = {}
        if over is not None:
            self._lay_over(over)

    @classmethod
    def read(cls, folders: Sequence[Path] = ()) -> Gazetteer:
        """The built-in index with the lists of a user's folders on top; raises BadRule where a user's list is malformed."""
        compiled = msgspec.msgpack.decode(zlib.decompress(COMPILED.read_bytes()), type=Compiled)
        if not any((f / d).is_dir() for f in folders for d in ("actors", "places")):
            return cls(compiled)
        from musnad.gazetteer.build import build

        return cls(compiled, build(folders, compiled))

    def _lay_over(self, over: Compiled) -> None:
        mine = self._index
        base = len(mine.known)
        for form in over.dropped:
            mine.forms.pop(form, None)
            mine.heads.pop(form, None)
            mine.nationalities.pop(form, None)
            mine.countries.pop(form, None)
        for form, numbers in over.forms.items():
            mine.forms[form] = tuple(base + n for n in numbers)
            mine.doubtful.discard(form)
        mine.known = mine.known + over.known
        mine.ids.update({id: base + n for id, n in over.ids.items()})
        mine.heads.update({form: base + n for form, n in over.heads.items()})
        mine.doubtful.update(over.doubtful)
        mine.nationalities.update(over.nationalities)
        mine.countries.update(over.countries)
        mine.offices.update(over.offices)
        for word, lengths in over.lengths.items():
            mine.lengths[word] = tuple(sorted({*lengths, *mine.lengths.get(word, ())}, reverse=True))
        for key, numbers in over.holders.items():
            mine.holders[key] = (*(base + n for n in numbers), *mine.holders.get(key, ()))

    def __len__(self) -> int:
        return len(self._index.known)

    def _known(self, number: int) -> Known:
        known = self._seen.get(number)
        if known is None:
            known = self._seen[number] = msgspec.msgpack.decode(self._index.known[number], type=Known)
        return known

    def all(self) -> Iterator[Known]:
        """Every record; slow, for exports and tests."""
        return (self._known(n) for n in range(len(self._index.known)))

    def lookup(self, form: str) -> tuple[Known, ...]:
        """The known names with this whole form (folded or not), best first; empty where there is none."""
        return tuple(self._known(n) for n in self._index.forms.get(key_of(form), ()))

    def is_doubtful(self, form: str) -> bool:
        """True where the folded form is a known name but also a common word, a given name or a bare family name."""
        return form in self._index.doubtful

    def by_id(self, id: str) -> Known | None:
        """The record with this id; of a state's institution ("FRA/army") also where it is known by its pattern only."""
        number = self._index.ids.get(id)
        if number is not None:
            return self._known(number)
        country, _, key = id.partition("/")
        head = self._index.ids.get(f"*/{key}")
        return None if head is None or not key else self._of(self._known(head), country, self._known(head).name)

    def nationality(self, form: str) -> str | None:
        """The country code of an adjective of nationality in any gender, number or case, with ال or without; None for other words and for those that are mostly others ("الماليه")."""
        return None if form in self._index.doubtful else self._index.nationalities.get(form)

    def country(self, form: str) -> str | None:
        """The country code of a state's or territory's folded name, else None."""
        return self._index.countries.get(form)

    def office(self, words: str) -> OfficeKind | None:
        """The kind of office that the words name ("وزيره الدفاع", "رئيس اركان الجيش"), else None."""
        return self._index.offices.get(fold(words))

    def holders(self, words: str, of: str) -> tuple[Known, ...]:
        """Everyone known to have held the office of a country (ISO 3166-1 alpha-3) or organisation (id), in no order of time."""
        kind = self.office(words)
        return () if kind is None else tuple(self._known(n) for n in self._index.holders.get(f"{kind.key} {of}", ()))

    def holder(self, words: str, of: str, day: str | None = None) -> Known | None:
        """Who held the office ("وزير الدفاع") of a country or organisation on an ISO day; without a day, or where two fit it, the one with the latest start. None where unknown."""
        kind = self.office(words)
        if kind is None:
            return None
        found = [
            (office.from_, known)
            for known in self.holders(words, of)
            for office in known.offices
            if office.key == kind.key and office.of == of and (day is None or office.held_on(day))
        ]
        return max(found, key=lambda f: f[0])[1] if found else None

    def sectors(self, known: Known, day: str | None = None) -> tuple[str, ...]:
        """The PLOVER sectors of a known name on an ISO day: those of the offices held then (of all offices without a day), then the standing ones."""
        kinds = {k.key: k for k in self._index.offices.values()} if known.offices else {}
        held = [s for o in known.offices if (day is None or o.held_on(day)) and o.key in kinds for s in kinds[o.key].sectors]
        return tuple(dict.fromkeys((*held, *known.sectors)))

    def scan(self, folded: Folded, tokens: Sequence[Token]) -> list[KnownHit]:
        """Every known name at every token, in text order, for each token and reading (proclitics seen through) the longest; hits may overlap. One pass."""
        out: list[KnownHit] = []
        index = self._index
        lengths_of, forms, doubtful, heads = index.lengths, index.forms, index.doubtful, index.heads
        for i, token in enumerate(tokens):
            if token.kind not in ("word", "latin"):
                continue
            for skip, clitics, stem in splits(token.form) if token.kind == "word" else ((0, "", token.form),):
                lengths = lengths_of.get(stem)
                if lengths is None or clitics.endswith("س"):  # س stands before verbs only
                    continue
                for n in lengths:
                    joined = (stem, i + 1) if n == 1 else _joined(stem, tokens, i, n)
                    if joined is None:
                        continue
                    form, last = joined
                    start = folded.span(token.a + skip, token.b)[0] if skip else token.start
                    head = heads.get(form)
                    if head is not None:
                        full = self._completed(head, tokens, last)
                        if full is not None:
                            words = " ".join((form, *(t.form for t in tokens[last : full[1]])))
                            out.append(KnownHit((full[0],), i, full[1], start, tokens[full[1] - 1].end, clitics, words, True))
                            break
                    numbers = forms.get(form)
                    if numbers is not None:
                        sure = form not in doubtful and not (skip and (token.form in doubtful or (n == 1 and token.form in forms)))
                        out.append(KnownHit(tuple(map(self._known, numbers)), i, last, start, tokens[last - 1].end, clitics, form, sure))
                        break
        return out

    def _completed(self, head: int, tokens: Sequence[Token], after: int) -> tuple[Known, int] | None:
        """The institution of the state that the words after its head name ("الجيش" + "العراقي"), and the token after it."""
        if after >= len(tokens) or tokens[after].kind != "word":
            return None
        word = tokens[after].form
        country, last = None, after + 1
        if word.startswith("ال"):
            pair = _joined(word, tokens, after, 2)
            country = self._index.nationalities.get(pair[0]) if pair else None
            last += country is not None
            country = country or self._index.nationalities.get(word)
        if country is None:
            for n in self._index.lengths.get(word, ()):
                joined = (word, after + 1) if n == 1 else _joined(word, tokens, after, n)
                country = self._index.countries.get(joined[0]) if joined else None
                if joined and country is not None:
                    last = joined[1]
                    break
        if country is None:
            return None
        known = self._known(head)
        return self.by_id(country + known.id[1:]) or self._of(known, country, known.name), last

    def _of(self, head: Known, country: str, name: str) -> Known:
        """The institution `head` of a country."""
        state = self.by_id(country)
        adjective = self.by_id(f"nat:{country}")
        if adjective is not None:
            name, name_en = f"{name} {_agreeing(adjective.name, name)}", f"{adjective.name_en} {head.name_en}"
        elif state is not None:
            name, name_en = f"{name} {state.name}", f"{head.name_en} of {state.name_en}"
        else:
            name_en = f"{head.name_en} ({country})"
        return msgspec.structs.replace(head, id=country + head.id[1:], country=country, name=name, name_en=name_en)


def _agreeing(nisba: str, head: str) -> str:
    """The definite nisba that agrees with a head by its first word: "القوات المسلحة" + "كوري جنوبي" → "الكورية الجنوبية"."""
    ending = "ة" if head.split(" ")[0].endswith(("ة", "ات")) else ""
    first, *rest = nisba.split(" ")
    if first.endswith("ي"):
        return " ".join("ال" + w + ending for w in (first, *rest))
    return " ".join(("ال" + first, *(w + ending for w in rest)))


def _joined(stem: str, tokens: Sequence[Token], i: int, n: int) -> tuple[str, int] | None:
    """The first `n` words from token i as one form, and the token after them; quotation marks and # inside are passed over (تنظيم "الدولة الإسلامية")."""
    words, opened, last = [stem], False, i + 1
    while len(words) < n:
        if last >= len(tokens) or tokens[last].kind == "line":
            return None
        form = tokens[last].form
        if form in ('"', "#"):
            opened ^= form == '"'
        else:
            words.append(form)
        last += 1
    if opened and last < len(tokens) and tokens[last].form == '"':
        last += 1
    return " ".join(words), last
