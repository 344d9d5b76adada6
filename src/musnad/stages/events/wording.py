"""Which words of a candidate are the trigger: all of them (ألقت القبض) or the first alone (⟦انسحاب⟧ القوات)."""

from __future__ import annotations

from musnad.grammar.loglinear import Model
from musnad.stages.events.scene import Scene
from musnad.stages.events.triggers import Candidate

WHOLE, HEAD = "whole", "head"


def describe_wording(scene: Scene, c: Candidate, type: str) -> list[str]:
    """The features of a candidate of several words."""
    tokens, kind, size = scene.tokens, c.kind, c.last - c.first
    second, last = tokens[c.first + 1].form, tokens[c.last - 1].form
    words = c.readings[0].words
    return [
        f"l={c.lexeme.id}", f"k={kind}", f"t={type}", f"n={min(size, 4)}|{kind}", f"second={second}", f"last={last}", f"end={last[-2:]}|{kind}",
        f"gap={min(size - 1 - len(words) if words else size - 2, 2)}|{kind}", f"phrase={bool(words)}|{kind}",
        f"article={c.definite}|{last.startswith('ال')}|{kind}", f"prep={second[0] if second[0] in 'بل' else ''}|{kind}",
        f"long={len(tokens[c.first].form) > len(last)}|{kind}", f"share={10 * (tokens[c.first].end - c.start) // (c.end - c.start)}",
    ]  # fmt: skip


def trigger_end(scene: Scene, c: Candidate, type: str, model: Model | None) -> int:
    """Where the trigger ends in the source."""
    if model is None or c.last - c.first < 2:
        return c.end
    head = model.probabilities(describe_wording(scene, c, type), (WHOLE, HEAD))[HEAD] > 0.5
    return scene.tokens[c.first].end if head else c.end
