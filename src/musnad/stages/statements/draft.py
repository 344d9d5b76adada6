"""A statement in the making."""

from __future__ import annotations

from dataclasses import dataclass, field

from musnad.grammar.quotes import Quote
from musnad.stages.statements.speakers import Speaker


@dataclass(eq=False)
class Draft:
    """`token` is the cue's, `body` the first of the words said, `stop` the token after them; `start` and the `pieces` are source offsets. `outer` is the statement that this one stands in; `cited`: a noun of speech whose speaker the sentence cites («نقلت … عن X قوله»)."""

    cue: tuple[int, int]
    token: int
    kind: str
    lemma: str
    act: str
    took: str
    speaker: Speaker | None
    body: int
    start: int
    quote: Quote | None
    sentence: int
    stop: int = -1
    pieces: list[tuple[int, int]] = field(default_factory=list)
    outer: Draft | None = None
    resumed: bool = False
    cited: bool = False
    document: tuple[int, int] | None = None
    witness: str = ""
    confidence: float = 0.5
    carriers: list[tuple[str, int, int]] = field(default_factory=list)

    @property
    def direct(self) -> bool:
        return self.quote is not None


_RANK = {"noun": 0, "masdar": 1, "participle": 2}


def once(here: list[Draft]) -> list[Draft]:
    """Of several cues that lead to the same words, the verb, and of verbs the one nearest to them."""
    best: dict[int, Draft] = {}
    for d in here:
        if d.took == "attribution":
            continue
        old = best.get(d.start)
        if old is None or (_RANK.get(d.kind, 3), d.token) >= (_RANK.get(old.kind, 3), old.token):
            best[d.start] = d
    return [d for d in here if d.took == "attribution" or best[d.start] is d]
