"""A page: its source text and what is known of it from outside."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Page:
    """A page as text. `name` is the path as given (`FILE#ID` for a line of a JSON lines file); `sha256` is of the original bytes, in hex.

    `published` (ISO day), `outlet`, `url` and `title` come from metadata; `problems` say in plain words what was repaired or lost.
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
    """A page that couldn't be read, with the reason for people; it can be tried again."""

    page: str
    reason: str
    sha256: str | None = None
