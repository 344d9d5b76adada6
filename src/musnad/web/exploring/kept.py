"""Answers that hold until somebody writes to the record: counts over everything are asked once, not on every page."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import TypeVar

from musnad.web.desk import Desk

T = TypeVar("T")
_MOST = 200
_lock = Lock()


def kept(desk: Desk, key: Hashable, make: Callable[[], T]) -> T:
    """What `make` gives, or gave for this key under the record's present mark. Callers don't change it."""
    state = desk.request.app.state
    with _lock:
        if not hasattr(state, "kept"):
            state.kept = OrderedDict()
        answers: OrderedDict[Hashable, tuple[str, T]] = state.kept
        found = answers.get(key)
    mark = desk.store.mark()
    if found is not None and found[0] == mark:
        return found[1]
    value = make()
    with _lock:
        answers[key] = mark, value
        answers.move_to_end(key)
        while len(answers) > _MOST:
            answers.popitem(last=False)
    return value
