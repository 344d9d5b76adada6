"""Log-linear models in a readable file: a weight for each feature and class, fitted by the scripts in training/.

A row of `arabic/weights/NAME.tsv` is model, feature, CLASS:WEIGHT …; the feature `=` holds the classes' own weights. Features are plain words
("l=consult.زياره", "pc=neg"), so that every decision can be taken apart by reading.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from musnad.record.errors import BadRule


@dataclass
class Model:
    """`weights[feature]` holds (class, weight) pairs; a class that a feature doesn't name has weight 0."""

    classes: list[str] = field(default_factory=list)
    weights: dict[str, list[tuple[str, float]]] = field(default_factory=dict)
    settings: dict[str, float] = field(default_factory=dict)

    @cached_property
    def _rows(self) -> tuple[dict[str, int], npt.NDArray[np.float64], dict[str, int]]:
        """Feature → row of a matrix of weights (classes across), and class → column: summing rows is far quicker than adding pairs."""
        columns = {c: n for n, c in enumerate(self.classes)}
        for pairs in self.weights.values():
            for c, _ in pairs:
                columns.setdefault(c, len(columns))
        matrix = np.zeros((len(self.weights), len(columns)))
        for n, pairs in enumerate(self.weights.values()):
            for c, weight in pairs:
                matrix[n, columns[c]] += weight
        return {feature: n for n, feature in enumerate(self.weights)}, matrix, columns

    def probabilities(self, features: Iterable[str], options: Sequence[str] | None = None) -> dict[str, float]:
        """The probability of each class, of `options` only where given."""
        names = options if options is not None else self.classes
        if not names:
            return {}
        row, matrix, columns = self._rows
        found = [n for f in ("=", *features) if (n := row.get(f)) is not None]
        sums = matrix[found].sum(axis=0).tolist() if found else [0.0] * len(columns)
        score = [sums[columns[name]] if name in columns else 0.0 for name in names]
        top = max(score)
        power = [math.exp(value - top) for value in score]
        total = sum(power)
        return {name: value / total for name, value in zip(names, power, strict=True)}

    def sums(self, features: Iterable[str]) -> dict[str, float]:
        """The sum of the weights of each class: what a candidate brings to a choice among several."""
        row, matrix, columns = self._rows
        found = [n for f in features if (n := row.get(f)) is not None]
        return dict(zip(columns, matrix[found].sum(axis=0).tolist(), strict=True)) if found else {}

    def reasons(self, features: Iterable[str], name: str, against: str, count: int = 3) -> list[str]:
        """The features that speak most for class `name` against class `against`."""
        gain: dict[str, float] = {}
        for feature in features:
            for c, weight in self.weights.get(feature, ()):
                gain[feature] = gain.get(feature, 0.0) + (weight if c == name else -weight if c == against else 0.0)
        return [f for f, g in sorted(gain.items(), key=lambda x: -x[1])[:count] if g > 0]


def read_models(path: Path) -> dict[str, Model]:
    """The models of a file by name; empty where there is no file. Raises BadRule for a row of another shape."""
    models: dict[str, Model] = {}
    if not path.exists():
        return models
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("#") or not line:
            continue
        try:
            name, feature, cells = line.split("\t")
            values = [(c, float(w)) for c, _, w in (cell.rpartition(":") for cell in cells.split(" "))]
        except ValueError as error:
            raise BadRule(f"{path.name}:{number}: a row is model, feature, CLASS:WEIGHT …") from error
        model = models.setdefault(name, Model())
        if feature == "!":
            model.settings.update(values)
        else:
            model.weights[feature] = values
            if feature == "=":
                model.classes = [c for c, _ in values]
    return models


@lru_cache(maxsize=16)
def models_of(name: str, folders: tuple[Path, ...]) -> Mapping[str, Model]:
    """The models of `weights/NAME.tsv` in the last of the folders that has the file; none where no folder has it."""
    for folder in reversed(folders):
        path = folder / "weights" / f"{name}.tsv"
        if path.exists():
            return read_models(path)
    return {}
