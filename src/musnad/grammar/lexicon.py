"""Word lists: tab-separated files, one entry a row, found in a text in one pass over its tokens.

A list is `words/NAME.tsv`: lines that start with # are remarks, the first other line names the columns. Column `forms` holds the spellings,
parted by |; other columns are the list's own (`source` says where the row comes from, `example` and `counter` are sentences of ours, with the
form in ⟦ ⟧ in the first and absent as a hit in the second). A user's folder of lists is read after the built-in one; its rows come first where both have the form,
and a row whose column `drop` is `yes` takes the form out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from musnad.grammar.folding import Folded, fold
from musnad.grammar.tokens import Token, splits, tokenize
from musnad.record.errors import BadRule


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """A row of a word list; `row` maps column to text, empty columns left out. `where` is file:line."""

    list: str
    forms: tuple[str, ...]
    row: Mapping[str, str]
    where: str

    def get(self, column: str, default: str = "") -> str:
        return self.row.get(column, default)


class Hit(NamedTuple):
    """An entry found at tokens `first`..`last` (exclusive): `start`..`end` in the source after the clitics, `clitics` before it, `form` as folded."""

    entry: Entry
    first: int
    last: int
    start: int
    end: int
    clitics: str
    form: str


@dataclass
class Lexicon:
    """All word lists; `by_form[first word]` holds (the other words, entry) longest first."""

    lists: dict[str, list[Entry]] = field(default_factory=dict)
    _by_first: dict[str, list[tuple[tuple[str, ...], Entry]]] = field(default_factory=dict)
    _by_form: dict[tuple[str, str], Entry] = field(default_factory=dict)

    @classmethod
    def read(cls, folders: Sequence[Path]) -> Lexicon:
        """The lists of all folders, later folders winning; raises BadRule with file and line."""
        lexicon = cls()
        for folder in reversed(folders):
            for path in sorted(folder.glob("*.tsv")):
                lexicon.add(path.stem, read_tsv(path))
        for rests in lexicon._by_first.values():
            rests.sort(key=lambda r: -len(r[0]))
        return lexicon

    def add(self, name: str, entries: Iterable[Entry]) -> None:
        rows = self.lists.setdefault(name, [])
        dropped = {f for e in rows if e.get("drop") == "yes" for f in e.forms}
        for entry in entries:
            rows.append(entry)
            for form in entry.forms:
                if form in dropped:
                    continue
                self._by_form.setdefault((name, form), entry)
                if entry.get("drop") != "yes":
                    words = [t.form for t in tokenize(Folded(form))]
                    if words:
                        self._by_first.setdefault(words[0], []).append((tuple(words[1:]), entry))

    def entry(self, name: str, form: str) -> Entry | None:
        """The entry of a list that has this folded form, or None."""
        found = self._by_form.get((name, form))
        return None if found is None or found.get("drop") == "yes" else found

    def forms(self, name: str) -> list[str]:
        """All folded forms of a list; raises BadRule where there is no such list."""
        if name not in self.lists:
            raise BadRule(f"there is no word list {name!r}")
        return [f for e in self.lists[name] for f in e.forms if self.entry(name, f) is e]

    def scan(self, folded: Folded, tokens: Sequence[Token]) -> Iterator[Hit]:
        """Every entry of every list at every token, with clitics seen through; overlapping hits are all given, for each list the longest at a token and reading."""
        by_first = self._by_first
        for i, token in enumerate(tokens):
            if token.kind == "line" or token.kind == "mark":
                continue
            for skip, clitics, stem in splits(token.form) if token.kind == "word" else ((0, "", token.form),):
                entries = by_first.get(stem)
                if entries is None:
                    continue
                start = folded.span(token.a + skip, token.b)[0] if skip else token.start
                if len(entries) == 1 and not entries[0][0]:
                    yield Hit(entries[0][1], i, i + 1, start, token.end, clitics, stem)
                    continue
                longest: dict[str, int] = {}
                for rest, entry in entries:
                    n = len(rest)
                    if longest.get(entry.list, n) > n or (n and not _follows(tokens, i, rest)):
                        continue
                    longest[entry.list] = n
                    yield Hit(entry, i, i + 1 + n, start, tokens[i + n].end, clitics, " ".join((stem, *rest)) if n else stem)


def _follows(tokens: Sequence[Token], i: int, rest: tuple[str, ...]) -> bool:
    if i + len(rest) >= len(tokens) or tokens[i + 1].form != rest[0]:
        return False
    return all(tokens[i + 1 + k].form == word for k, word in enumerate(rest))


def read_tsv(path: Path) -> list[Entry]:
    """The entries of one file; raises BadRule where a row has more columns than the head, or no form."""
    columns: list[str] = []
    out = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = line.split("\t")
        if not columns:
            columns = [c.strip() for c in cells]
            if "forms" not in columns:
                raise BadRule(f"{path.name}:{number}: the first line must name the columns, with a column 'forms'")
            continue
        if len(cells) > len(columns):
            raise BadRule(f"{path.name}:{number}: {len(cells)} columns where the head has {len(columns)}")
        row = {c: v.strip() for c, v in zip(columns, cells, strict=False) if v.strip()}
        forms = tuple(dict.fromkeys(fold(f) for f in row.get("forms", "").split("|") if f.strip()))
        if not forms:
            raise BadRule(f"{path.name}:{number}: a row without forms")
        out.append(Entry(path.stem, forms, row, f"{path.name}:{number}"))
    return out
