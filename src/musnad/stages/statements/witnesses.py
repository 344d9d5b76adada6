"""Where rules and the neural tagger both speak of statements: one table decides."""

from __future__ import annotations

from musnad.stages.statements.draft import Draft
from musnad.stages.statements.scene import Scene


def decide(scene: Scene, drafts: list[Draft]) -> list[Draft]:
    """The statements to keep, in the order of their cues."""
    return sorted(drafts, key=lambda d: d.cue)
