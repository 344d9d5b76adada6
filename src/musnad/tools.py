"""What stages need, loaded once a process: word lists, rules, gazetteer and, where wanted, the model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from musnad.grammar.lexicon import Lexicon
from musnad.grammar.rules import RuleSet, read_rules

if TYPE_CHECKING:
    from musnad.gazetteer import Gazetteer
    from musnad.tagger.model import Tagger

ARABIC = Path(__file__).parent / "arabic"


@dataclass(frozen=True, eq=False)
class Tools:
    """`rules` maps a file's stem to its rules; `folders` are the user's. Gazetteer and tagger are read when first asked for; the tagger is None without the model."""

    lexicon: Lexicon
    rules: dict[str, RuleSet]
    folders: tuple[Path, ...] = ()
    model: bool = False

    @cached_property
    def gazetteer(self) -> Gazetteer:
        from musnad.gazetteer import Gazetteer

        return Gazetteer.read(self.folders)

    @cached_property
    def tagger(self) -> Tagger | None:
        from musnad import tagger

        return tagger.load() if self.model and tagger.available() else None


@lru_cache(maxsize=8)
def load(model: bool = True, folders: Sequence[Path] = ()) -> Tools:
    """The tools, with a user's folders (`words/`, `rules/`, `actors/`, `places/`) read on top of the built-in ones; the same arguments give the same object. Raises BadRule."""
    roots = [ARABIC, *folders]
    lexicon = Lexicon.read([r / "words" for r in roots])
    return Tools(lexicon, read_rules([r / "rules" for r in roots], lexicon), folders=tuple(folders), model=model)
