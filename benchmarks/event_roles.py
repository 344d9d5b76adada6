"""How many of the marked source and target actors of the Open Event Data Alliance's Arabic sentences the reader finds, and their countries.

    event_roles.py FILE_spans.json… [--json]

A gold actor counts as found when half of its words stand in an actor (source) or recipient (target) of some event of the sentence, in any role for
`either`. A country counts as right when the code of a party that covers the actor equals gold's CAMEO country.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from musnad.grammar.folding import Folded, fold
from musnad.grammar.tokens import splits, tokenize
from musnad.reading import read_text
from musnad.record.kinds import Event, Party


def words_of(text: str) -> set[str]:
    """The folded words of a text, with and without clitics and article."""
    out: set[str] = set()
    for token in tokenize(Folded(text)):
        out.update(s.stem for s in splits(token.form))
    return out | {w[2:] for w in out if w.startswith("ال") and len(w) > 4}


def covers(parties: Iterable[Party], gold: Sequence[str]) -> Party | None:
    """The party that holds most of a gold actor's words, at least half of them."""
    wanted = [words_of(fold(w)) for w in gold]
    best = max(((sum(bool(w & words_of(p.text)) for w in wanted), p) for p in parties), key=lambda x: x[0], default=(0, None))
    return best[1] if best[0] * 2 >= len(wanted) else None


def measure(rows: Sequence[dict[str, Any]]) -> Counter[str]:
    """Counts over all marked actors: wanted, found in their role, found in either, countries wanted and right."""
    count: Counter[str] = Counter()
    for row in rows:
        events: list[Event] = [e for doc in read_text(row["text"], model=False) for e in doc.events]
        everyone = [p for e in events for p in (*e.actors, *e.recipients)]
        seen: set[tuple[str, ...]] = set()
        for span in row["spans"]:
            for side, role in (("source", "actors"), ("target", "recipients")):
                gold = tuple(span[f"{side}_actor"])
                if not gold or (side, *gold) in seen:
                    continue
                seen.add((side, *gold))
                count[f"{side} wanted"] += 1
                count[f"{side} found"] += covers([p for e in events for p in getattr(e, role)], gold) is not None
                party = covers(everyone, gold)
                count[f"{side} either"] += party is not None
                role_of = span.get(f"{side}_role")
                country = role_of.get("main") if isinstance(role_of, dict) else None
                if country and country != "None" and party is not None:
                    count["country wanted"] += 1
                    count["country right"] += party.country == country
    return count


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--json", action="store_true")
    args: Any = parser.parse_args()
    for path in args.files:
        count = measure(json.loads(path.read_text(encoding="utf-8")))
        share = {
            k: round(count[a] / max(1, count[b]), 3)
            for k, a, b in (
                ("source", "source found", "source wanted"),
                ("source in any role", "source either", "source wanted"),
                ("target", "target found", "target wanted"),
                ("target in any role", "target either", "target wanted"),
                ("country", "country right", "country wanted"),
            )
        }
        print(json.dumps({"file": path.name, **count, **share}) if args.json else f"{path.name}: {share} of {dict(count)}")


if __name__ == "__main__":
    main()
