"""What people say, checked before it is written down: whoever asks (the desk, the API, Python), the same is refused, in the same words."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

from musnad.record.errors import StoreError

FIXED = frozenset(("id", "found_by", "confidence"))
"""Fields of an item that nobody sets: they follow from what was said, and by whom."""
_DEEPEST = 12
_LONGEST, _REASON = 1000, 4000
_DAYS = ("from", "to")


def text(value: str, longest: int = _REASON) -> str:
    """The text. Raises StoreError where it is too long or holds what no store can hold: NUL, or half of a character."""
    if "\0" in value or any("\ud800" <= c <= "\udfff" for c in value):
        raise StoreError("a text holds a character that no text can hold")
    if len(value) > longest:
        raise StoreError(f"a text is too long: {longest} characters are the most")
    return value


def day(value: str) -> str:
    """The day. Raises StoreError where the calendar has none such."""
    try:
        if date.fromisoformat(value).isoformat() == value:
            return value
    except ValueError:
        pass
    raise StoreError(f"a day is written as 2014-09-22, and is one of the calendar; not {value[:40]}")


def sound(value: Any, depth: int = 0, key: str = "") -> Any:
    """A value of JSON that a store can hold: whole texts of bearable length, real days, finite numbers, not nested without end. Evidence may be as
    long as its source. Raises StoreError."""
    if depth > _DEEPEST:
        raise StoreError("nested too deeply")
    if isinstance(value, str):
        text(value, len(value) if key == "text" else _REASON if key == "why" else _LONGEST)
        if key in _DAYS:
            day(value)
    elif isinstance(value, float) and not math.isfinite(value):
        raise StoreError("a number is infinite")
    elif isinstance(value, dict):
        for name, inner in value.items():
            sound(name, depth + 1)
            sound(inner, depth + 1, name)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            sound(inner, depth + 1)
    return value


def changes(value: dict[str, Any]) -> dict[str, Any]:
    """Fields of an item that somebody may set. Raises StoreError where the value isn't sound or sets what follows by itself."""
    if fixed := FIXED & set(value):
        raise StoreError(f"{', '.join(sorted(fixed))} can't be changed")
    sound(value)
    return value


def in_order(item: dict[str, Any], changed: set[str]) -> None:
    """Raise StoreError where a first day comes after the last, or a low number after the high one, and what changes has to do with it."""
    for held in (item, item.get("deadline") or {}):
        start, end = held.get("from"), held.get("to")
        if changed & {*_DAYS, "deadline"} and isinstance(start, str) and isinstance(end, str) and start > end:
            raise StoreError("the first day comes after the last")
    if changed & {"low", "high"} and item["low"] > item["high"]:
        raise StoreError("the lowest number comes before the highest")
