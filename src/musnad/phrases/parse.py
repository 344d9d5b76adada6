"""From nouns and names to maximal phrases: a small grammar of the newspaper's noun phrase, read from left to right in one pass."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from musnad.document import Document
from musnad.grammar.tokens import splits
from musnad.phrases.nouns import Noun, find_nouns
from musnad.record.kinds import Mention
from musnad.tools import Tools

_QUOTES = frozenset("\"'")
_PLACE_PREPOSITIONS = {"في": True, "لدي": True, "الي": True}
_LIMIT = 24
"""A phrase of more tokens than this has run away."""


class Name(NamedTuple):
    """A name mention at tokens `first`..`last` (exclusive) with the proclitics before it."""

    mention: Mention
    first: int
    last: int
    clitics: str


class Part(NamedTuple):
    """What has been read of a phrase up to token `last`: the head and its features."""

    start: int
    head: int
    last: int
    kind: str
    noun: Noun | None
    name: Name | None
    clitics: str
    gender: str
    number: str
    definite: bool


class Parser:
    """Reads one document. `parse` gives tuples in the order of `Phrase`'s fields."""

    def __init__(self, doc: Document, tools: Tools) -> None:
        self.doc, self.tools = doc, tools
        self.tokens = doc.text.tokens
        self.nouns = find_nouns(doc, tools)
        self.names = self._names()
        hits = doc.text.hits_of
        self.adjectives: dict[int, tuple[str, str, str]] = {
            h.first: (h.clitics, h.entry.get("gender"), h.entry.get("number")) for h in reversed(hits["nominals_adjectives"])
        }
        self.stops = {h.first for h in hits["name_stops"] if not h.clitics}
        self.quantifiers = {(h.first, h.clitics): h for h in reversed(hits["nominals_quantifiers"])}
        self.complements = {h.first for h in hits["office_nouns_complements"] if not h.clitics}
        self.pronouns = {h.first: h for h in hits["pronouns"] if h.clitics in ("", "و", "ف")}

    def _names(self) -> dict[int, Name]:
        out = {}
        for m in self.doc.mentions:
            if m.form != "name":
                continue
            first = self.doc.text.token_index(m.start)
            last = self.doc.text.token_index(m.end - 1) + 1
            if first >= len(self.tokens) or last <= first:
                continue
            token = self.tokens[first]
            clitics = self.doc.text.fold_of(token.start, m.start) if m.start > token.start else ""
            out[first] = Name(m, first, last, clitics)
        return out

    def parse(self) -> Iterator[tuple[Any, ...]]:
        i, n = 0, len(self.tokens)
        while i < n:
            part = self._phrase(i)
            if part is None:
                i += 1
                continue
            yield self._record(part)
            i = max(part.last, i + 1)

    # --- pieces

    def _form(self, i: int) -> str:
        return self.tokens[i].form if i < len(self.tokens) else "\n"

    def _noun(self, i: int, clitics: str | None = None) -> Noun | None:
        for noun in self.nouns.get(i, ()):
            if clitics is None or noun.clitics == clitics:
                return noun
        return None

    def _name(self, i: int, clitics: str | None = "") -> Name | None:
        name = self.names.get(i)
        if name is not None and (clitics is None or name.clitics == clitics):
            return name
        return None

    def _bare_quote(self, i: int) -> int:
        """The token after an opening quotation mark, bracket or hash, else i."""
        return i + 1 if self._form(i) in _QUOTES or self._form(i) in ("(", "#") else i

    def _phrase(self, i: int) -> Part | None:
        """The phrase that begins at token i, or None."""
        start_at = i
        j, clitics, number = self._quantified(i)
        if j > i:
            part = self._head(j, "") or self._head(j, None)
            if part is not None and part.clitics in ("", "ال") and part.kind != "pronoun":
                token = self.tokens[start_at]
                skip = next((s.skip for s in splits(token.form) if s.clitics == clitics), 0) if token.kind == "word" else 0
                start = self.doc.text.folded.span(token.a + skip, token.b)[0] if skip else token.start
                return self._extended(part)._replace(start=start, clitics=clitics, number=number or part.number)
        part = self._head(i, None)
        return None if part is None else self._extended(part)

    def _quantified(self, i: int) -> tuple[int, str, str]:
        """The token after counting and pointing words, the clitics before them, and the number that they give."""
        j, clitics, number = i, "", ""
        while j < len(self.tokens) and j - i < 6:
            token = self.tokens[j]
            if token.kind == "number" and len(token.form) < 9:
                number, j = ("s" if token.form == "1" else "p"), j + 1
                continue
            hit = next(
                (
                    self.quantifiers[j, c]
                    for c in ("", "و", "ل", "ب", "ف", "ول", "وب", "ك")
                    if (j, c) in self.quantifiers and (j == i or c in ("", "و"))
                ),
                None,
            )
            if hit is None:
                break
            if j == i:
                clitics = hit.clitics
            elif hit.clitics == "و" and not number:
                break
            number = hit.entry.get("number") or number
            j = hit.last
        if j > i and self._form(j) == "من" and j + 1 < len(self.tokens):
            j += 1
        return j, clitics, number

    def _head(self, i: int, clitics: str | None) -> Part | None:
        name = self._name(i, clitics)
        if name is not None:
            m = name.mention
            plural = m.type == "NORP" and self._form(i).endswith(("ون", "ين", "ات"))
            gender = "f" if m.type in ("LOC",) or self.tokens[name.last - 1].form.endswith("ه") else "m"
            return Part(m.start, i, name.last, "name", None, name, name.clitics, gender, "p" if plural else "s", True)
        noun = self._noun(i, clitics)
        if (
            noun is not None
            and noun.lists - {"titles"} - {"institution_nouns"}
            or noun is not None
            and noun.lists & {"institution_nouns", "titles"}
        ):
            kind = "office" if "office_nouns" in noun.lists else "nominal"
            return Part(noun.start, noun.last - 1, noun.last, kind, noun, None, noun.clitics, noun.gender, noun.number, noun.definite)
        pronoun = self.pronouns.get(i)
        if pronoun is not None and clitics is None:
            row = pronoun.entry
            return Part(pronoun.start, i, i + 1, "pronoun", None, None, pronoun.clitics, row.get("gender"), row.get("number"), True)
        return None

    def _extended(self, part: Part) -> Part:
        if part.kind == "pronoun":
            return part
        part = self._of_name(part) if part.noun is None else self._of_noun(part)
        return self._apposed(part)

    # --- what follows a name

    def _of_name(self, part: Part) -> Part:
        assert part.name is not None
        last = self._closed(part.name.last, part.head)
        if part.name.mention.type in ("ORG", "NORP"):
            last = self._adjectives(last, part, True)
            last = self._placed(last)
        return part._replace(last=last)

    def _closed(self, last: int, first: int) -> int:
        """Past a closing quotation mark whose opening one stands before `first`, and past a bracket with a short form of the name."""
        if self._form(last) in _QUOTES and first > 0 and self._form(first - 1) in _QUOTES:
            last += 1
        if self._form(last) == "(":
            for j in range(last + 1, min(last + 6, len(self.tokens))):
                if self._form(j) == ")":
                    inside = self._bare_quote(last + 1)
                    return j + 1 if inside in self.names or self.tokens[inside].kind == "latin" else last
        return last

    # --- what follows a noun

    def _of_noun(self, part: Part) -> Part:
        noun = part.noun
        assert noun is not None
        i = noun.last
        definite = noun.definite
        construct = not definite and not noun.owned and not noun.form.endswith(("ون", "ين", "ان")) or noun.form.endswith("ين")
        stop = min(len(self.tokens), noun.first + _LIMIT)
        while i < stop:
            name = self._name(self._bare_quote(i))
            if name is not None:
                if name.mention.type == "PER" and self._form(i) not in _QUOTES and i == name.first:
                    return part._replace(last=name.last, definite=True, name=name)
                if (
                    name.mention.type == "NORP"
                    or construct
                    or name.first > i
                    or noun.lists & {"group_nouns", "institution_nouns", "groups"}
                ):
                    definite = definite or name.mention.type != "NORP" or self._form(name.first).startswith("ال")
                    i = self._closed(name.last, name.first)
                    construct = construct and name.mention.type == "NORP" and not self._form(name.first).startswith("ال") and False
                    continue
                break
            if self.tokens[i].kind != "word" or i in self.stops:
                break
            step = self._word(i, part, definite, construct)
            if step is None:
                break
            i, definite, construct = step
        i = self._placed(self._attached(i, part))
        return part._replace(last=i, definite=definite)

    def _word(self, i: int, part: Part, definite: bool, construct: bool) -> tuple[int, bool, bool] | None:
        """One more word of a noun's phrase: the token after it, and whether the phrase is definite and still wants its complement; None where it ends."""
        form = self._form(i)
        noun = self._noun(i, "")
        rank = noun is not None and "ranks" in noun.lists
        if form.startswith("ال") and len(form) > 3:
            if construct:
                return (noun.last if noun else i + 1), True, False
            if not definite:
                return None
            if self._adjective(i, part, True) or rank:
                return i + 1, True, False
            if noun is not None and noun.lists & {"titles", "office_nouns"} and self._person_ahead(noun.last):
                return noun.last, True, False
            return None
        if form.startswith("ا") is False and form.startswith("و") and len(form) > 4 and self._and_more(i, definite):
            return i + 1, definite, False
        if (
            construct
            and not form.endswith(("ون", "ين"))
            and (i in self.complements or (noun is not None and not noun.owned and self._leads_on(noun.last)))
        ):
            return (noun.last if noun and i not in self.complements else i + 1), definite, True
        if construct and noun is not None and noun.owned:
            return noun.last, True, False
        if construct and i in self.complements:
            return i + 1, definite, True
        if self._adjective(i, part, False) and not definite:
            return i + 1, False, False
        if definite and form in ("سابقا", "حاليا", "نفسه", "نفسها", "انفسهم", "ذاته", "ذاتها"):
            return i + 1, True, False
        if rank or (noun is not None and definite and noun.lists & {"titles"} and self._person_ahead(noun.last)):
            assert noun is not None
            return noun.last, True, False
        return None

    def _leads_on(self, i: int) -> bool:
        """True when the word at i can complete a noun before it."""
        form = self._form(i)
        return form.startswith("ال") or self._name(self._bare_quote(i)) is not None or i in self.complements

    def _person_ahead(self, i: int) -> bool:
        for j in range(i, min(i + 4, len(self.tokens))):
            name = self._name(j)
            if name is not None:
                return name.mention.type == "PER" or (name.mention.type == "NORP" and self._person_ahead(name.last))
            if not (self._form(j).startswith("ال") or j in self.nouns):
                return False
        return False

    def _and_more(self, i: int, definite: bool) -> bool:
        """True for a second adjective or complement joined by و: "مصادر طبية وأمنية"، "وزير الداخلية والدفاع"."""
        if self._name(i, None) is not None and self.names[i].mention.type != "NORP":
            return False
        if any(n.clitics == "و" for n in self.nouns.get(i, ())):
            return False
        rest = self._form(i)[1:]
        if definite:
            return rest.startswith("ال") and (i in self.names or (rest.endswith(("يه", "ي")) and i - 1 >= 0))
        return rest.endswith(("يه", "ي", "يون", "يين")) and not rest.startswith("ال") and len(rest) > 3

    def _adjective(self, i: int, part: Part, definite: bool) -> bool:
        form = self._form(i)
        if form.startswith("ال") != definite or i in self.stops:
            return False
        known = self.adjectives.get(i)
        listed = known is not None and known[0] == ""
        nouns = [n for n in self.nouns.get(i, ()) if not n.clitics]
        if not listed and (nouns or not form.endswith(("ي", "يه", "يون", "يين", "يات", "يا", "يان"))):
            return False
        if not listed and len(form) < (5 if definite else 4):
            return False
        feminine = form.endswith(("ه", "ات"))
        plural = form.endswith(("ون", "ين"))
        if part.number == "s" and plural:
            return False
        return not (part.number == "s" and part.gender == "m" and feminine and part.noun is not None and part.noun.last == i and definite)

    def _adjectives(self, i: int, part: Part, definite: bool) -> int:
        while i < len(self.tokens) and self.tokens[i].kind == "word":
            name = self._name(i)
            if name is not None and name.mention.type == "NORP" and self._form(i).startswith("ال") == definite:
                i = name.last
            elif self._adjective(i, part._replace(number="p"), definite) and self._form(i - 1) != '"':
                i += 1
            else:
                break
        return i

    def _attached(self, i: int, part: Part) -> int:
        """Past a complement that a preposition joins: "باسم …"، "من …"، "في …"، "لشؤون …"."""
        form = self._form(i)
        before = self._form(i - 1)
        if form == "باسم":
            return self._inner(i + 1)
        if part.kind == "office" or part.noun is not None and part.noun.lists & {"office_nouns", "titles"}:
            if form.startswith("لل") or form.startswith(("لشؤون", "لحقوق", "لملف")):
                noun = self._noun(i, "ل")
                if noun is None or "groups" in noun.lists:
                    return self._inner_words(i)
            name = self._name(i, None)
            if name is not None and name.clitics in ("ل", "ب"):
                return name.last
        if form in ("من", "عن", "ب", "بال") and part.number != "s" or form == "من" and not part.definite:
            return max(self._inner(i + 1), i)
        if before.endswith(("يه", "ه", "ون", "ين", "ي", "ب", "ع", "م")) and i - 1 > part.head:
            if form == "من" or form.startswith("ل") or form.startswith("ب"):
                name = self._name(i, None)
                if name is not None and name.clitics in ("ل", "ب", "لل"):
                    return name.last
                if form == "من":
                    name = self._name(i + 1)
                    return name.last if name else i
        name = self._name(i, None)
        if name is not None and name.clitics == "ب" and part.noun is not None and name.mention.type in ("ORG", "LOC"):
            return name.last
        noun = self._noun(i, "ب")
        if (
            noun is not None
            and part.noun is not None
            and noun.lists & {"institution_nouns", "groups"}
            and noun.form.startswith(("ال", "وزار"))
        ):
            return self._of_noun(Part(noun.start, i, noun.last, "nominal", noun, None, "ب", noun.gender, noun.number, noun.definite)).last
        return i

    def _inner_words(self, i: int) -> int:
        j = i + 1
        while (
            j < len(self.tokens)
            and self.tokens[j].kind == "word"
            and self._form(j).startswith(("ال", "وال"))
            and j not in self.stops
            and j - i < 6
        ):
            j += 1
        name = self._name(j)
        return name.last if name is not None and name.mention.type != "PER" else j

    def _inner(self, i: int) -> int:
        """The end of a phrase that begins at i, or i - 1 where there is none."""
        j, _, _ = self._quantified(i)
        part = self._head(j, "")
        if part is None or part.kind == "pronoun":
            return i - 1
        if part.noun is not None:
            part = self._of_noun(part)
            return part.last
        return self._of_name(part).last

    def _placed(self, i: int) -> int:
        """Past "في العراق"، "لدى الأمم المتحدة"."""
        if self._form(i) in _PLACE_PREPOSITIONS:
            j = i + 1
            if j in self.doc_places:
                j += 1
            name = self._name(j)
            if name is not None and name.mention.type in ("LOC", "ORG"):
                return self._placed(self._adjectives(name.last, Part(0, j, 0, "name", None, name, "", "", "p", True), True)) if i else i
            noun = self._noun(j, "")
            if noun is not None and noun.lists & {"institution_nouns", "groups"} and (noun.definite or self._leads_on(noun.last)):
                return self._of_noun(
                    Part(noun.start, j, noun.last, "nominal", noun, None, "", noun.gender, noun.number, noun.definite)
                ).last
        return i

    @property
    def doc_places(self) -> set[int]:
        return {h.first for h in self.doc.text.hits_of["place_nouns"]}

    def _apposed(self, part: Part) -> Part:
        """Past an apposition: a name after an office, an office after a name, with a comma between or not."""
        i = part.last
        comma = self._form(i) == "،"
        j = i + 1 if comma else i
        j = self._bare_quote(j) if not comma else j
        if part.noun is not None and part.name is None and part.noun.lists & {"office_nouns", "titles", "nominals", "ranks"}:
            name = self._name(j)
            if name is not None and name.mention.type == "PER" and part.number == "s":
                return part._replace(last=name.last, name=name, definite=True)
        if part.noun is None and part.name is not None and part.name.mention.type == "PER" or part.name is not None and comma:
            noun = self._noun(j, "")
            if noun is not None and noun.number == "s" and (noun.lists & {"office_nouns"}) and (noun.definite or self._leads_on(noun.last)):
                inner = self._of_noun(Part(noun.start, j, noun.last, "office", noun, None, "", noun.gender, noun.number, noun.definite))
                if inner.definite and inner.name is None:
                    return part._replace(last=inner.last)
        return part

    # --- the record

    def _record(self, part: Part) -> tuple[Any, ...]:
        tokens = self.tokens
        last = part.last
        while last - 1 > part.head and tokens[last - 1].kind in ("mark", "line") and tokens[last - 1].form not in ('"', "'", ")"):
            last -= 1
        inside = [self.names[k] for k in range(part.head if part.noun is None else part.noun.first, last) if k in self.names]
        end = inside[-1].mention.end if inside and inside[-1].last == last else tokens[last - 1].end
        main = part.name.mention if part.name else None
        kind = "name" if main is not None and part.noun is None else part.kind
        noun = part.noun
        if main is not None:
            type_ = main.type
        elif noun is not None and noun.lists & {"groups", "institution_nouns", "group_nouns"}:
            type_ = "ORG"
        else:
            type_ = "PER"
        ids = tuple(n.mention.id for n in inside)
        sectors = noun.sectors if noun else ()
        return (
            part.start,
            max(end, part.start + 1),
            part.head,
            kind,
            type_,
            part.gender,
            part.number,
            part.definite,
            part.clitics,
            ids,
            main.id if main else None,
            sectors,
            None,
            None,
        )
