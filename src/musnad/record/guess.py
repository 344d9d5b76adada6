"""What the neural model says of a report: guesses with probabilities, over source offsets. Plain data."""

from __future__ import annotations

import msgspec


class Guess(msgspec.Struct, frozen=True):
    """A labelled range of the source with its probability (0 to 1)."""

    start: int
    end: int
    label: str
    p: float


class EventGuess(msgspec.Struct, frozen=True):
    """A trigger with its PLOVER type (`label`), and guesses for its roles (labels actor, recipient, place), status, mode."""

    trigger: Guess
    roles: tuple[Guess, ...] = ()
    status: tuple[str, float] | None = None
    mode: tuple[str, float] | None = None


class StatementGuess(msgspec.Struct, frozen=True):
    """A cue (`label` is the act) with its speaker and content ranges."""

    cue: Guess
    speaker: Guess | None = None
    content: tuple[Guess, ...] = ()


class CommitmentGuess(msgspec.Struct, frozen=True):
    """An action clause (`label` is the stance) and who is bound."""

    action: Guess
    by: tuple[Guess, ...] = ()
    to: tuple[Guess, ...] = ()


class Tagging(msgspec.Struct, frozen=True):
    """Everything that one model says of one report; `model` is name@version."""

    model: str
    names: tuple[Guess, ...] = ()
    events: tuple[EventGuess, ...] = ()
    statements: tuple[StatementGuess, ...] = ()
    commitments: tuple[CommitmentGuess, ...] = ()
