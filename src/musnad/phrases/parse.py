"""From nouns and names to maximal phrases: a small grammar of the newspaper's noun phrase, read from left to right in one pass."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from musnad.document import Document
from musnad.grammar.folding import fold
from musnad.phrases.nouns import Noun
from musnad.phrases.view import QUOTES, Name, View
from musnad.record.kinds import MentionType
from musnad.tools import Tools

_LIMIT = 24
"""A phrase of more tokens than this has run away."""
_DEEPEST = 5
"""Phrases within phrases within phrases: deeper ones are left."""
_PERSONS = frozenset(("office_nouns", "titles", "nominals", "ranks"))
_BODIES = frozenset(("groups", "institution_nouns", "group_nouns"))
_ENVOYS = frozenset("مبعوث سفير سفيره موفد مندوب مندوبه المبعوث السفير السفيره الموفد المندوب المندوبه مبعوثه".split())
"""Offices whose "إلى" is their own: "المبعوث الخاص إلى اليمن"."""
_AFTERWORDS = frozenset("سابقا حاليا نفسه نفسها انفسهم ذاته ذاتها".split())


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
        self.view = View(doc, tools)
        self.depth = 0

    def parse(self) -> Iterator[tuple[Any, ...]]:
        """The maximal phrases, in text order."""
        view = self.view
        i, n = 0, len(view.tokens)
        while i < n:
            if i in view.nouns or i in view.names or i in view.quantifiers or i in view.pronouns or view.tokens[i].kind == "number":
                part = self._phrase(i)
                if part is not None:
                    yield self._record(part)
                    i = max(part.last, i + 1)
                    continue
            i += 1

    def _phrase(self, i: int) -> Part | None:
        """The phrase that begins at token i, or None."""
        view = self.view
        j, clitics, number = view.quantified(i)
        if j > i:
            part = self._head(j, "")
            if part is not None and part.kind != "pronoun":
                return self._extended(part)._replace(start=view.start(i, clitics), clitics=clitics, number=number or part.number)
        part = self._head(i, None)
        if part is None or (part.noun is not None and self._modifies(i, part.noun)):
            return None
        return self._extended(part)

    def _head(self, i: int, clitics: str | None) -> Part | None:
        view = self.view
        name = view.name(i, clitics)
        if name is not None:
            m = name.mention
            plural = m.type == "NORP" and view.form(i).endswith(("ون", "ين", "ات"))
            gender = self._gender(i, name)
            return Part(m.start, i, name.last, "name", None, name, name.clitics, gender, "p" if plural else "s", True)
        noun = view.noun(i, clitics)
        if noun is not None and not (i in view.stops and not noun.clitics):
            kind = "office" if "office_nouns" in noun.lists else "nominal"
            return Part(noun.start, noun.last - 1, noun.last, kind, noun, None, noun.clitics, noun.gender, noun.number, noun.definite)
        pronoun = view.pronouns.get(i)
        if pronoun is not None and clitics is None:
            row = pronoun.entry
            return Part(pronoun.start, i, i + 1, "pronoun", None, None, pronoun.clitics, row.get("gender"), row.get("number"), True)
        return None

    def _gender(self, i: int, name: Name) -> str:
        """The gender of a name: a given name's own («هدى»); in a construct the first word's («مجلس الدولة»; of «كتائب كذا» nothing is sure), else the last's («الأمم المتحدة»)."""
        m, view = name.mention, self.view
        told = view.form(name.last - 1)
        if m.type == "LOC":
            return "f"
        if m.type == "ORG" and name.last - i > 1 and not view.form(i).startswith(("ال", "لل")):
            return "f" if view.form(i).endswith(("ه", "ات")) else ""
        if m.type == "PER" and (given := view.doc.text.lexicon.entry("given_names", fold(m.text.split()[0]))) is not None:
            told = {"f": "ه", "m": ""}.get(given.get("gender"), told)
        return "f" if told.endswith("ه") else "m"

    def _modifies(self, i: int, noun: Noun) -> bool:
        """True for a head noun that is the adjective of the noun before it: "عملية **عسكرية**"، "الحكومة **الجديدة**"."""
        view = self.view
        if i not in view.adjectives or noun.clitics or not view.is_word(i - 1) or i - 1 in view.stops:
            return False
        before = view.form(i - 1)
        if noun.definite:
            return before.startswith(("ال", "وال", "بال", "لل", "فال", "كال"))
        return noun.gender == "f" and noun.form.endswith("يه") and before.endswith(("ه", "ات"))

    def _extended(self, part: Part) -> Part:
        if part.kind == "pronoun":
            return part
        return self._apposed(self._of_name(part) if part.noun is None else self._of_noun(part))

    # --- what follows a name

    def _of_name(self, part: Part) -> Part:
        assert part.name is not None
        last = self._closed(part.name.last, part.head)
        if part.name.mention.type in ("ORG", "NORP"):
            last = self._placed(self._adjectives(last), False)
        return part._replace(last=last)

    def _closed(self, last: int, first: int) -> int:
        """Past a closing quotation mark whose opening one stands before `first`, and past a bracket or marks with a short form of the name."""
        view = self.view
        form = view.form(last)
        if form in QUOTES and view.form(first - 1) in QUOTES:
            return last + 1
        if form == "(" or form in QUOTES:
            inner = view.names.get(last + 1)
            end = inner.last if inner is not None else last + 2
            if (inner is not None or (end <= len(view.tokens) and view.tokens[end - 1].kind == "latin")) and view.form(end) in (
                ")",
                '"',
                "'",
            ):
                return end + 1
        return last

    def _adjectives(self, i: int) -> int:
        view = self.view
        while view.is_word(i):
            name = view.name(i)
            if name is not None and name.mention.type == "NORP" and view.form(i).startswith("ال"):
                i = name.last
            elif name is None and view.adjective(i, True, True):
                i += 1
            else:
                break
        return i

    # --- what follows a noun

    def _of_noun(self, part: Part) -> Part:
        if self.depth >= _DEEPEST:
            return part
        self.depth += 1
        try:
            return self._noun_phrase(part)
        finally:
            self.depth -= 1

    def _noun_phrase(self, part: Part) -> Part:
        noun, view = part.noun, self.view
        assert noun is not None
        i, definite = noun.last, noun.definite
        construct = not definite and not noun.owned and not noun.form.endswith(("ون", "ان"))
        stop = min(len(view.tokens), noun.first + _LIMIT)
        while i < stop:
            inside = view.inside(i)
            name = view.name(inside)
            if name is not None:
                kind = name.mention.type
                if kind == "PER" and inside == i and (not definite or part.number == "s" or noun.owned):
                    whose = noun.lists & _BODIES and not noun.lists & {"office_nouns", "ranks", "titles"}
                    return part._replace(last=name.last, definite=True, name=None if whose else name)
                if kind == "NORP" or construct or inside > i or noun.lists & _BODIES:
                    adjective = kind == "NORP"
                    definite = definite or not adjective or view.form(inside).startswith("ال")
                    i = self._closed(name.last, name.first)
                    construct = False
                    continue
                break
            if view.tokens[i].kind != "word" or i in view.stops:
                break
            step = self._word(i, part, definite, construct)
            if step is None:
                break
            i, definite, construct = step
        return part._replace(last=self._placed(self._attached(i, part), noun.form in _ENVOYS), definite=definite)

    def _word(self, i: int, part: Part, definite: bool, construct: bool) -> tuple[int, bool, bool] | None:
        """One more word of a noun's phrase: the token after it, and whether the phrase is definite and still wants its complement; None where it ends."""
        view, form = self.view, self.view.form(i)
        noun = view.noun(i, "")
        if form.startswith("ال") and len(form) > 3:
            return self._article(i, part, definite, construct)
        if form.startswith("و") and len(form) > 4 and self._and_more(i, definite):
            return i + 1, definite, False
        complement = i in view.complements
        if (
            construct
            and (complement or (noun is not None and not noun.owned and view.leads_on(noun.last)))
            and not form.endswith(("ون", "ين"))
        ):
            return (i + 1 if complement or noun is None else noun.last), definite, True
        if construct and noun is not None and noun.owned:
            return noun.last, True, False
        if not definite and view.adjective(i, False, part.number != "s"):
            return i + 1, False, False
        if definite and form in _AFTERWORDS:
            return i + 1, True, False
        if noun is not None and ("ranks" in noun.lists or (definite and "titles" in noun.lists and view.person_ahead(noun.last))):
            return noun.last, True, False
        return None

    def _article(self, i: int, part: Part, definite: bool, construct: bool) -> tuple[int, bool, bool] | None:
        """A word with the article: the complement of a noun without it, an adjective of one with it, or a title before a name."""
        view, noun = self.view, self.view.noun(i, "")
        if construct:
            return (noun.last if noun else i + 1), True, False
        if not definite:
            return None
        feminine = view.form(i).endswith(("ه", "ات"))
        disagrees = part.noun is not None and part.noun.last == i and part.number == "s" and part.gender == "m" and feminine
        if (view.adjective(i, True, part.number != "s") and not disagrees) or (noun is not None and "ranks" in noun.lists):
            return (noun.last if noun is not None and "ranks" in noun.lists else i + 1), True, False
        if noun is not None and noun.lists & {"titles", "office_nouns"} and view.person_ahead(noun.last):
            return noun.last, True, False
        return None

    def _and_more(self, i: int, definite: bool) -> bool:
        """True for a second adjective or complement joined by و: "مصادر طبية وأمنية"، "القوات السورية والروسية"."""
        view = self.view
        name = view.name(i, None)
        if (name is not None and name.mention.type != "NORP") or any(n.clitics == "و" for n in view.nouns.get(i, ())):
            return False
        rest = view.form(i)[1:]
        if definite:
            return rest.startswith("ال") and (name is not None or rest.endswith(("يه", "ي")))
        return rest.endswith(("يه", "ي", "يون", "يين")) and not rest.startswith("ال") and len(rest) > 3

    def _attached(self, i: int, part: Part) -> int:
        """Past a complement that a preposition joins: "باسم …"، "من …"، "لشؤون …"، "الموالية ل…"."""
        view, form = self.view, self.view.form(i)
        noun = part.noun
        assert noun is not None
        if form == "باسم":
            return self._inner(i + 1)
        name = view.name(i, None)
        if noun.lists & {"office_nouns", "titles"}:
            if form.startswith(("لل", "لشؤون", "لشئون", "لحقوق", "لملف")):
                person = view.noun(i, "ل")
                if person is None or "groups" in person.lists:
                    return self._inner_words(i)
            if name is not None and name.clitics in ("ل", "ب"):
                return name.last
        if form in ("من", "عن") and (part.number != "s" or not part.definite):
            return self._inner(i + 1)
        if i - 1 > part.head:
            if name is not None and name.clitics in ("ل", "ب"):
                return name.last
            if form == "من" and (name := view.name(i + 1)) is not None:
                return name.last
        if name is not None and name.clitics == "ب" and name.mention.type in ("ORG", "LOC"):
            return name.last
        body = view.noun(i, "ب")
        if body is not None and body.lists & {"institution_nouns", "groups"} and body.form.startswith(("ال", "وزار")):
            return self._of_noun(self._part(body, i)).last
        return i

    @staticmethod
    def _part(noun: Noun, i: int) -> Part:
        return Part(noun.start, i, noun.last, "nominal", noun, None, noun.clitics, noun.gender, noun.number, noun.definite)

    def _inner_words(self, i: int) -> int:
        view = self.view
        j = i + 1
        while view.is_word(j) and view.form(j).startswith(("ال", "وال")) and j not in view.stops and j not in view.names and j - i < 6:
            j += 1
        name = view.name(j)
        return name.last if name is not None and name.mention.type != "PER" else j

    def _inner(self, i: int) -> int:
        """The end of a phrase that begins at i, or i - 1 where there is none."""
        j, _, _ = self.view.quantified(i)
        part = self._head(self.view.inside(j), "")
        if part is None or part.kind == "pronoun":
            return i - 1
        return (self._of_name(part) if part.noun is None else self._of_noun(part)).last

    def _placed(self, i: int, envoy: bool) -> int:
        """Past "في العراق"، "لدى الأمم المتحدة"; an envoy's "إلى اليمن" too."""
        view = self.view
        for _ in range(3):
            form = view.form(i)
            if form not in ("في", "لدي") and not (envoy and form == "الي"):
                return i
            envoy = False
            j = i + 1 + (i + 1 in view.kinds)
            name = view.name(j)
            if name is not None and name.mention.type in ("LOC", "ORG"):
                i = self._adjectives(self._closed(name.last, j))
                continue
            noun = view.noun(j, "")
            if noun is not None and noun.lists & {"institution_nouns", "groups"} and (noun.definite or view.leads_on(noun.last)):
                return self._of_noun(self._part(noun, j)).last
            return i
        return i

    def _apposed(self, part: Part) -> Part:
        """Past an apposition: a name after an office, an office after a name, with a comma between or not."""
        view, i = self.view, part.last
        comma = view.form(i) == "،"
        j = i + 1 if comma else view.inside(i)
        if part.noun is not None and part.name is None and part.noun.lists & _PERSONS and part.number == "s":
            name = view.name(view.inside(j))
            if name is not None and name.mention.type == "PER":
                return part._replace(last=name.last, name=name, definite=True)
        if part.name is not None and (part.noun is None or comma) and part.name.mention.type == "PER":
            noun = view.noun(j, "")
            if noun is not None and noun.number == "s" and "office_nouns" in noun.lists and (noun.definite or view.leads_on(noun.last)):
                inner = self._of_noun(self._part(noun, j))
                if inner.definite and inner.name is None:
                    return part._replace(last=inner.last)
        return part

    # --- the record

    def _record(self, part: Part) -> tuple[Any, ...]:
        view, noun, last = self.view, part.noun, part.last
        while last - 1 > part.head and view.tokens[last - 1].kind in ("mark", "line") and view.form(last - 1) not in ('"', "'", ")"):
            last -= 1
        first = part.head if noun is None else noun.first
        inside = [view.names[k] for k in range(first, last) if k in view.names]
        end = inside[-1].mention.end if inside and inside[-1].last == last else view.tokens[last - 1].end
        main = part.name.mention if part.name else None
        type_: MentionType = main.type if main is not None else "ORG" if noun is not None and noun.lists & _BODIES else "PER"
        return (
            part.start,
            max(end, part.start + 1),
            part.head,
            "name" if main is not None and noun is None else part.kind,
            type_,
            part.gender,
            part.number,
            part.definite,
            part.clitics,
            tuple(n.mention.id for n in inside),
            main.id if main else None,
            noun.sectors if noun else (),
            None,
            None,
        )
