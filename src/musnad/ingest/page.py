"""A page: its source text and what is known of it from outside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

LARGEST = 64_000_000
"""Bytes of one page; a file of many pages may be larger."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page as text. `name` is the path as given (`FILE#ID` for a line of a JSON lines file); `sha256` is of the original bytes, in hex.

    `published` (ISO day), `outlet`, `url` and `title` come from metadata; `captured` is the day of capture (ISO) where an archive or a download tells it;
    `problems` say in plain words what was repaired or lost.
    """

    name: str
    source: str
    sha256: str
    url: str | None = None
    captured: str | None = None
    published: str | None = None
    outlet: str | None = None
    title: str | None = None
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """A page that couldn't be read: `reason` says why in plain words, `advice` what to do about it."""

    name: str
    reason: str
    advice: str

    def __str__(self) -> str:
        return f"{self.name}: {self.reason}. {self.advice}."


@dataclass(frozen=True, slots=True)
class Given:
    """What is known of a file beside its bytes: its address, the day of capture, the encoding that its server claims."""

    url: str | None = None
    captured: str | None = None
    charset: str | None = None


Found = Iterator[Page | Failure]
